"""The pictures of the demo series: a function of the episode and the second gives the frame."""

import math
from collections.abc import Callable

import cairo
from brush import (
    BLUSH,
    GOLD,
    GROUND,
    INDIGO,
    INK,
    MOSS,
    PAPER,
    RED,
    SANS,
    SERIF,
    WIDTH,
    Colour,
    burst,
    disc,
    fibres,
    fill,
    fireflies,
    glow,
    hills,
    mist,
    mix,
    petals,
    rain,
    ramp,
    rays,
    rounded,
    sky,
    stars,
    stroke,
    text,
    waves,
)
from cast import boat, cat, houses, lantern, pavement, person, pole, rope, tree
from story import SERIES_ROMAJI, SERIES_TITLES, Episode

NUMERALS = "一二三"

DUSK = ((0.43, 0.42, 0.58), (0.985, 0.74, 0.53))
NIGHT = ((0.075, 0.095, 0.205), (0.215, 0.255, 0.430))
WET = ((0.52, 0.58, 0.63), (0.80, 0.82, 0.80))
CLEAR = ((0.52, 0.72, 0.80), (0.985, 0.91, 0.76))


def _between(one: tuple[Colour, Colour], other: tuple[Colour, Colour], share: float) -> tuple[Colour, Colour]:
    return mix(one[0], other[0], share), mix(one[1], other[1], share)


def town(
    ctx: cairo.Context, air: tuple[Colour, Colour], *, pan: float = 0.0, lit: float = 0.3, dark: float = 0.0
) -> None:
    """The square from sky to stones; `air` is the sky's two colours, `dark` 0–1 how far night has come."""
    sky(ctx, *air)
    hills(ctx, pan * 0.2, 214, 26, mix(air[1], INDIGO, 0.34), 0.4)
    hills(ctx, pan * 0.4 + 60, 240, 20, mix(air[1], INDIGO, 0.52), 2.1)
    shade = mix(INK, INDIGO, 0.45 * dark)
    wall = mix(mix(PAPER, air[1], 0.35), shade, 0.12 + 0.6 * dark)
    houses(ctx, pan, wall, mix(mix(INDIGO, air[0], 0.25), INK, 0.25 + 0.35 * dark), lit)
    pavement(ctx, pan, mix(mix(PAPER, air[1], 0.3), shade, 0.1 + 0.58 * dark))


def _red_sun(ctx: cairo.Context, x: float, y: float, radius: float, alpha: float) -> None:
    disc(ctx, x, y, radius)
    fill(ctx, mix(RED, GOLD, 0.18), alpha)


def _moon(ctx: cairo.Context, x: float, y: float, alpha: float) -> None:
    glow(ctx, x, y, 90, PAPER, 0.22 * alpha)
    disc(ctx, x, y, 25)
    fill(ctx, mix(PAPER, GOLD, 0.15), alpha)


def _blinks(now: float) -> bool:
    return (now % 3.1) < 0.14


def left_behind(ctx: cairo.Context, now: float) -> None:
    """Episode 1, 0–40 s: the ropes go dark, Tomo stays, Sumi comes, Tomo climbs down."""
    dusk = ramp(now, 4, 30)
    air = _between(DUSK, NIGHT, dusk)
    town(ctx, air, lit=0.25 + 0.4 * dusk, dark=dusk)
    if dusk > 0.3:
        stars(ctx, ramp(dusk, 0.3, 1))
    _red_sun(ctx, 452, 168 + 120 * ramp(now, 0, 26), 54, 0.9 * (1 - ramp(now, 14, 24)))
    mist(ctx, 60 + now * 3, 92, 170, mix(air[1], PAPER, 0.35), 0.5)
    mist(ctx, 420 - now * 2, 62, 130, mix(air[1], PAPER, 0.35), 0.4)
    houses_front = mix(INK, air[0], 0.1)
    tree(ctx, 96, 300, now, mix(MOSS, INK, 0.45 * dusk))
    pole(ctx, 236, 96, 302)
    pole(ctx, 596, 92, 302)
    out = [1 - ramp(now, 0.6 + 0.55 * number, 1.1 + 0.55 * number) for number in (3, 5, 1, 6, 0, 4, 2)]
    rope(ctx, ((236, 98), (596, 94)), 42, out, now)
    disc(ctx, 416, 304, 84, 0.14)
    fill(ctx, mix(houses_front, GOLD, 0.2), 0.25)
    if now > 21:
        walk = ramp(now, 21, 24)
        cat(ctx, 690 - 240 * walk, 306, 27, now, walks=walk < 1, left=True)
    fall = ramp(now, 36.2, 39.5)
    mood = "sad" if now < 23 else "wonder" if now < 32 else "happy"
    x, y = 330 + 30 * math.sin(fall * math.pi), 150 + 92 * fall + 3 * math.sin(now * 1.8)
    lantern(
        ctx, x, y, 27, mood=mood, tilt=0.08 * math.sin(now * 1.3) - 0.25 * math.sin(fall * math.pi), blink=_blinks(now)
    )
    if fall < 0.05:
        ctx.move_to(330, 117)
        ctx.line_to(x, y - 40)
        stroke(ctx, INK, 1.3)


def lit_windows(ctx: cairo.Context, now: float) -> None:
    """Episode 1, 40–64 s: a walk past the windows."""
    pan = 11 * (now - 40)
    town(ctx, NIGHT, pan=pan, lit=0.35 + 0.5 * ramp(now, 44, 60), dark=1)
    stars(ctx, 1)
    _moon(ctx, 520 - pan * 0.12, 70, 1)
    mist(ctx, 250 - pan * 0.3, 100, 190, mix(NIGHT[1], PAPER, 0.2), 0.4)
    tree(ctx, 640 - pan * 1.15, 302, now, mix(MOSS, INK, 0.5))
    fireflies(ctx, now, 11, ramp(now, 41, 46))
    walks = now < 58
    cat(ctx, 268, 310, 28, now, walks=walks)
    sway = math.sin(now * 1.7)
    glow(ctx, 372, 306, 120, GOLD, 0.18)
    lantern(ctx, 372, 236 + 5 * sway, 29, mood="wonder" if now < 50 else "happy", tilt=0.08 * sway, blink=_blinks(now))


def three_days(ctx: cairo.Context, now: float) -> None:
    """Episode 2, 0–38 s: rain, Hana with her umbrella, the letter."""
    town(ctx, WET, lit=0.45, dark=0.18)
    mist(ctx, 30 + now * 4, 56, 230, mix(WET[1], INK, 0.12), 0.7)
    mist(ctx, 360 + now * 2.5, 88, 250, mix(WET[1], INK, 0.08), 0.7)
    tree(ctx, 548, 304, now, mix(MOSS, INDIGO, 0.2))
    come = ramp(now, 14, 18.4)
    here = ramp(now, 26, 29)
    lantern(
        ctx,
        300,
        234 + 3 * math.sin(now * 1.6),
        26,
        lit=0.55 + 0.45 * come,
        mood="sad" if now < 20 else "wonder" if now < 31 else "happy",
        tilt=0.06 * math.sin(now * 2),
        blink=_blinks(now),
    )
    if now > 13.5:
        person(ctx, -50 + 296 * come, 316, 112, now, walks=come < 1, umbrella=True, happy=now > 31)
    if now > 27:
        _letter(ctx, now, here)
    rain(ctx, now, 1.0)


def _letter(ctx: cairo.Context, now: float, here: float) -> None:
    """The sheet on which the letter is written, stroke by stroke."""
    ctx.save()
    ctx.translate(462, 176 + 40 * (1 - here))
    ctx.rotate(0.04 + 0.015 * math.sin(now))
    ctx.rectangle(-72, -78, 144, 124)
    ctx.set_source_rgba(*PAPER, here)
    ctx.fill_preserve()
    stroke(ctx, INK, 1.2, here)
    for column, words in enumerate(("雨さんへ。", "また来てね。", "でも、今日", "じゃなく。")):
        for row, sign in enumerate(words):
            shown = ramp(now, 31 + column * 1.1 + row * 0.18, 31.2 + column * 1.1 + row * 0.18)
            if shown > 0:
                text(ctx, sign, 50 - column * 32, -52 + row * 18, 15, INK, font=SERIF, alpha=shown * here)
    ctx.restore()


def sailing(ctx: cairo.Context, now: float) -> None:
    """Episode 2, 38–58 s: the boat goes down the gutter, the rain thins and the sun comes."""
    clear = ramp(now, 49, 56)
    air = _between(WET, CLEAR, clear)
    pan = 9 * (now - 38)
    town(ctx, air, pan=pan, lit=0.3, dark=0.12 * (1 - clear))
    if clear > 0:
        for number, band in enumerate((RED, GOLD, MOSS, INDIGO)):
            ctx.arc(330, GROUND + 40, 236 - number * 9, math.pi, math.tau)
            stroke(ctx, mix(band, PAPER, 0.3), 9, 0.5 * clear)
        houses(ctx, pan, mix(mix(PAPER, air[1], 0.35), INK, 0.12), mix(mix(INDIGO, air[0], 0.25), INK, 0.25), 0.3)
    mist(ctx, 420 - pan, 66, 220, mix(air[1], PAPER, 0.3), 0.6)
    ctx.rectangle(0, 292, WIDTH, 46)
    fill(ctx, mix(mix(INDIGO, air[0], 0.45), PAPER, 0.2))
    for row in range(4):
        for number in range(-1, 9):
            x = number * 90 + (row * 37 - now * (46 + row * 7)) % 90
            ctx.move_to(x, 299 + row * 10)
            ctx.rel_curve_to(10, -4, 20, 4, 34, 0)
    stroke(ctx, PAPER, 1.4, 0.55)
    person(ctx, 196, 292, 104, now, walks=now < 49, umbrella=True, happy=True)
    lantern(
        ctx,
        288,
        214 + 4 * math.sin(now * 1.8),
        24,
        mood="wonder" if 43 < now < 48 else "happy",
        tilt=0.07 * math.sin(now * 1.4),
        blink=_blinks(now),
    )
    boat(ctx, 356 + 150 * ramp(now, 41, 57), 316 + 2.5 * math.sin(now * 2.6), 34, 0.07 * math.sin(now * 2.2))
    if clear < 1:
        rain(ctx, now, 1 - clear)


def dark_square(ctx: cairo.Context, now: float) -> None:
    """Episode 3, 0–31 s: nobody hung the lanterns."""
    town(ctx, NIGHT, lit=0.2, dark=1)
    stars(ctx, 0.9)
    _moon(ctx, 118, 62, 0.9)
    mist(ctx, 330 - now * 2, 88, 200, mix(NIGHT[1], PAPER, 0.15), 0.4)
    tree(ctx, 566, 302, now, mix(MOSS, INK, 0.55))
    person(ctx, 520 - 140 * ramp(now, 23, 26), 314, 104, now, walks=23 < now < 26, happy=now > 26)
    cat(ctx, 196, 308, 29, now, walks=False)
    bow = 0.25 * ramp(now, 28.5, 31)
    x = 286 + 34 * ramp(now, 28, 31)
    lantern(
        ctx,
        x,
        236 + 4 * math.sin(now * 1.7),
        28,
        mood="sad" if now < 26 else "happy",
        tilt=bow + 0.06 * math.sin(now),
        blink=_blinks(now),
    )


def lighting(ctx: cairo.Context, now: float) -> None:
    """Episode 3, 31–49 s: one lantern after another."""
    warm = ramp(now, 33, 47)
    air = _between(NIGHT, ((0.16, 0.14, 0.30), (0.50, 0.34, 0.42)), warm)
    town(ctx, air, lit=0.2 + 0.5 * warm, dark=1 - 0.25 * warm)
    stars(ctx, 0.9)
    for x in (30, 322, 612):
        pole(ctx, x, 88, 304)
    for number, (start, ends) in enumerate(
        ((33.0, ((30, 92), (322, 90))), (38.0, ((322, 90), (612, 94))), (42.5, ((30, 140), (612, 142))))
    ):
        count = 6 if number < 2 else 9
        lights = [ramp(now, start + spot * 0.55, start + 0.5 + spot * 0.55) for spot in range(count)]
        rope(ctx, ends, 38 if number < 2 else 26, lights, now, 10)
    person(ctx, 206, 314, 104, now, happy=True)
    cat(ctx, 448, 310, 29, now, walks=False, left=True)
    lantern(
        ctx, 322, 246 + 4 * math.sin(now * 1.7), 29, mood="happy", tilt=0.1 * math.sin(now * 1.5), blink=_blinks(now)
    )


def festival(ctx: cairo.Context, now: float) -> None:
    """Episode 3, 49–69 s: people, fireworks, every lamp."""
    air = ((0.12, 0.115, 0.27), (0.52, 0.34, 0.42))
    town(ctx, air, lit=0.95, dark=0.75)
    stars(ctx, 0.7)
    for number, (x, y, colour) in enumerate(
        ((150, 96, RED), (474, 80, GOLD), (318, 62, BLUSH), (560, 126, PAPER), (84, 140, GOLD))
    ):
        burst(ctx, x, y, ((now - 49.5 - number * 0.9) % 4.5) / 2.2 if now > 49.5 + number * 0.9 else -1, 76, colour)
    for x in (30, 322, 612):
        pole(ctx, x, 108, 304)
    rope(ctx, ((30, 112), (322, 110)), 36, [1.0] * 6, now, 10)
    rope(ctx, ((322, 110), (612, 114)), 36, [1.0] * 6, now, 10)
    coats = (INDIGO, RED, MOSS, mix(INDIGO, PAPER, 0.4), mix(RED, GOLD, 0.5), mix(MOSS, PAPER, 0.3))
    for number in range(9):
        come = ramp(now, 49 + number * 0.35, 51.4 + number * 0.35)
        side = -1 if number % 2 else 1
        home = 54 + number * 66
        x = home + side * 420 * (1 - come)
        hop = 4 * abs(math.sin(now * 4 + number))
        person(
            ctx,
            x,
            300 + (number % 3) * 9 - hop * come,
            78 + (number % 3) * 8,
            now + number,
            coat=coats[number % 6],
            walks=come < 1,
            happy=True,
        )
    person(ctx, 218, 330, 108, now, happy=True)
    cat(ctx, 436, 326, 30, now, walks=False, left=True)
    lantern(
        ctx, 322, 240 + 6 * math.sin(now * 2), 32, mood="happy", tilt=0.12 * math.sin(now * 1.6), blink=_blinks(now)
    )


def opening(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """The card with the title; `now` counts from its first second, 0–12."""
    ctx.set_source_rgb(*PAPER)
    ctx.paint()
    rays(ctx, 320, 170, now * 0.02, mix(PAPER, RED, 0.42), 0.32)
    _red_sun(ctx, 320, 170 + 220 * (1 - ramp(now, 0, 2.2)), 104, 0.92)
    mist(ctx, -60 + now * 12, 84, 190, PAPER, 0.9)
    mist(ctx, 470 - now * 10, 232, 210, PAPER, 0.9)
    waves(ctx, 0, 300 + 4 * math.sin(now * 0.9), INDIGO)
    for number, sign in enumerate(SERIES_TITLES["ja"]):
        shown = ramp(now, 2.0 + number * 0.55, 2.5 + number * 0.55)
        if shown:
            text(ctx, sign, 548, 84 + number * 46 - 10 * (1 - shown), 42, INK, font=SERIF, bold=True, alpha=shown)
    shown = ramp(now, 5.0, 6.2)
    if shown:
        for row, words in enumerate(("THE LIGHT", "ON THE SQUARE")):
            text(ctx, words, 40, 168 + row * 20, 15, INK, font=SANS, bold=True, align=0, alpha=shown)
    swing = 0.35 * math.exp(-max(0.0, now - 1.6) * 0.35) * math.sin((now - 1.6) * 2.4) + 0.05 * math.sin(now * 1.6)
    drop = -210 * (1 - ramp(now, 1.0, 2.4))
    ctx.save()
    ctx.translate(320, drop)
    ctx.rotate(swing)
    ctx.move_to(0, -20)
    ctx.line_to(0, 92)
    stroke(ctx, INK, 2)
    lantern(ctx, 0, 160, 48, mood="happy" if now > 3 else "wonder", blink=_blinks(now), tilt=0.3 * swing)
    ctx.restore()
    walk = -60 + 290 * ramp(now, 4.0, 8.5)
    cat(ctx, walk, 304, 27, now, walks=now < 8.5)
    petals(ctx, now, 12, BLUSH)
    fibres(ctx)
    text(
        ctx,
        f"第{NUMERALS[episode.number - 1]}話",
        38,
        132,
        36,
        INK,
        font=SERIF,
        bold=True,
        align=0,
        alpha=ramp(now, 6.5, 7.5),
    )
    _card_label(ctx, "OPENING", now / 12)


def ending(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """The credits; `now` counts from their first second."""
    length = episode.ending[1] - episode.ending[0]
    sky(ctx, NIGHT[0], mix(NIGHT[0], INDIGO, 0.6))
    stars(ctx, 0.8)
    fireflies(ctx, now, 9, 0.9)
    waves(ctx, 0, 314 + 3 * math.sin(now * 0.8), mix(INDIGO, NIGHT[0], 0.4))
    lantern(
        ctx,
        150,
        170 + 6 * math.sin(now * 1.4),
        40,
        mood="calm",
        blink=now > length - 3.5 or _blinks(now),
        tilt=0.08 * math.sin(now * 1.1),
    )
    cat(ctx, 150, 302, 28, now, walks=False)
    roll = (
        (SERIES_TITLES["ja"], SERIF, 24),
        (SERIES_ROMAJI, SANS, 12),
        ("", SANS, 14),
        (f"第{NUMERALS[episode.number - 1]}話　{episode.titles['ja']}", SERIF, 16),
        (episode.titles["en"], SANS, 12),
        (episode.titles["ru"], SANS, 12),
        ("", SANS, 12),
        ("Drawn by a script, frame by frame", SANS, 12),
        ("Music: arithmetic on five notes", SANS, 12),
        ("Tomo · Sumi · Hana: as themselves", SANS, 12),
        ("", SANS, 12),
        ("Made for Hiroba", SANS, 13),
        ("つづく" if episode.number < 3 else "おわり", SERIF, 28),
    )
    y = 320 - 330 * min(1.0, now / (length - 2.2))
    ctx.save()
    ctx.rectangle(280, 24, 340, 276)
    ctx.clip()
    for words, font, size in roll:
        y += size * 0.9 + 13
        if words:
            text(ctx, words, 440, y + 60, size, PAPER, font=font, bold=font == SERIF)
    ctx.restore()
    _card_label(ctx, "ENDING", now / length)


def _card_label(ctx: cairo.Context, words: str, share: float) -> None:
    """The name of the part and how much of it has passed, so that a skip can be seen."""
    rounded(ctx, 16, 14, 92, 20, 10)
    fill(ctx, INK, 0.9)
    text(ctx, words, 62, 28.5, 11, PAPER, bold=True)
    ctx.rectangle(24, 38, 76 * min(1.0, share), 3)
    fill(ctx, RED)


def _stamp(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """The episode, the time and a hand that turns once a minute: a seek shows at a glance."""
    rounded(ctx, 514, 12, 112, 26, 4)
    fill(ctx, PAPER, 0.92)
    rounded(ctx, 517, 15, 20, 20, 3)
    fill(ctx, RED)
    text(ctx, NUMERALS[episode.number - 1], 527, 31, 15, PAPER, font=SERIF, bold=True)
    text(ctx, f"{int(now) // 60:02d}:{int(now) % 60:02d}", 570, 31, 16, INK, bold=True)
    ctx.arc(608, 25, 9, 0, math.tau)
    stroke(ctx, INK, 1.4)
    angle = now / 60 * math.tau - math.pi / 2
    ctx.move_to(608, 25)
    ctx.line_to(608 + 7 * math.cos(angle), 25 + 7 * math.sin(angle))
    stroke(ctx, RED, 2)


Scene = Callable[[cairo.Context, float], None]

SCENES: dict[int, tuple[tuple[float, Scene], ...]] = {
    1: ((0.0, left_behind), (40.0, lit_windows)),
    2: ((0.0, three_days), (38.0, sailing)),
    3: ((0.0, dark_square), (31.0, lighting), (49.0, festival)),
}
"""By episode: the second from which a scene is on."""


def frame(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """Draw the frame of `episode` at `now` seconds."""
    starts, ends = episode.opening
    if starts <= now < ends:
        opening(ctx, episode, now - starts)
    elif now >= episode.ending[0]:
        ending(ctx, episode, min(now, episode.ending[1] - 0.01) - episode.ending[0])
    else:
        picture(ctx, episode, now)
    _fade(ctx, episode, now)
    _stamp(ctx, episode, now)


def picture(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """The story alone at `now` seconds, without a stamp and without a card."""
    scene = [scene for start, scene in SCENES[episode.number] if now >= start][-1]
    scene(ctx, now)
    fibres(ctx)


def _fade(ctx: cairo.Context, episode: Episode, now: float) -> None:
    """A breath of dark at the cuts and at the end; the first frame, which a waiting player shows, is a picture."""
    cuts = (
        *episode.opening,
        episode.ending[0],
        float(episode.duration),
        *(start for start, _ in SCENES[episode.number][1:]),
    )
    near = min(abs(now - cut) for cut in cuts)
    if near < 0.4:
        ctx.set_source_rgba(*INK, 1 - near / 0.4)
        ctx.paint()


def poster(ctx: cairo.Context) -> None:
    """Two by three, in units of 400 × 600."""
    ctx.save()
    ctx.rectangle(0, 0, 400, 600)
    ctx.clip()
    wash = cairo.LinearGradient(0, 0, 0, 600)
    for stop, colour in ((0, (0.10, 0.12, 0.26)), (0.5, (0.47, 0.34, 0.45)), (0.85, (0.985, 0.72, 0.5))):
        wash.add_color_stop_rgb(stop, *colour)
    ctx.set_source(wash)
    ctx.paint()
    rays(ctx, 200, 270, 0.1, GOLD, 0.10, 18)
    _red_sun(ctx, 200, 270, 138, 0.92)
    mist(ctx, -40, 180, 200, PAPER, 0.75)
    mist(ctx, 250, 366, 220, PAPER, 0.75)
    ctx.save()
    ctx.translate(-60, 246)
    houses(ctx, 40, mix(mix(PAPER, INK, 0.35), INDIGO, 0.35), mix(INDIGO, INK, 0.5), 0.8)
    ctx.restore()
    ctx.rectangle(0, 512, 400, 88)
    fill(ctx, mix(mix(PAPER, GOLD, 0.4), INDIGO, 0.35))
    ctx.move_to(200, -10)
    ctx.line_to(200, 140)
    stroke(ctx, INK, 2.5)
    lantern(ctx, 200, 250, 78, mood="happy", tilt=0.05)
    glow(ctx, 200, 540, 190, GOLD, 0.3)
    cat(ctx, 296, 556, 44, 1.0, walks=False, left=True)
    person(ctx, 112, 562, 142, 0.0, happy=True)
    petals(ctx, 3.0, 16, BLUSH)
    ctx.save()
    ctx.translate(0, 236)
    waves(ctx, 8, 328, INDIGO)
    ctx.restore()
    text(ctx, "広場の灯り", 200, 66, 46, PAPER, font=SERIF, bold=True)
    text(ctx, "THE LIGHT ON THE SQUARE", 200, 92, 15, PAPER, bold=True)
    ctx.restore()


def banner(ctx: cairo.Context) -> None:
    """Three by one, in units of 640 × 213: quiet on the left, where a page puts its words."""
    ctx.save()
    ctx.translate(0, -122)
    air = ((0.12, 0.115, 0.27), (0.55, 0.36, 0.42))
    town(ctx, air, lit=0.85, dark=0.8)
    stars(ctx, 0.7)
    pole(ctx, 250, 140, 304)
    pole(ctx, 632, 140, 304)
    rope(ctx, ((250, 144), (632, 142)), 26, [1.0] * 8, 0.7, 10)
    person(ctx, 388, 316, 96, 0.0, happy=True)
    cat(ctx, 560, 314, 28, 1.0, walks=False, left=True)
    lantern(ctx, 472, 250, 29, mood="happy", tilt=0.06)
    ctx.restore()
