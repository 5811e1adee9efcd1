"""Who and what the story is about: Tomo the lantern, Sumi the cat, Hana, the people, and the square itself."""

import math
import random
from typing import Literal

import cairo
from brush import (
    BLUSH,
    GOLD,
    GROUND,
    HEIGHT,
    INDIGO,
    INK,
    MOSS,
    PAPER,
    RED,
    WIDTH,
    Colour,
    disc,
    fill,
    glow,
    mix,
    rounded,
    stroke,
)

Mood = Literal["none", "calm", "happy", "wonder", "sad"]


def lantern(
    ctx: cairo.Context,
    x: float,
    y: float,
    radius: float,
    *,
    lit: float = 1.0,
    mood: Mood = "none",
    tilt: float = 0.0,
    blink: bool = False,
    shade: Colour = RED,
) -> None:
    """A paper lantern hung by its middle at (x, y); with a mood it is somebody. `lit` 0–1, `tilt` in radians."""
    if lit > 0.02:
        glow(ctx, x, y, radius * 4.2, GOLD, 0.5 * lit)
    ctx.save()
    ctx.translate(x, y)
    ctx.rotate(tilt)
    ctx.scale(radius, radius)
    ctx.arc(0, -1.42, 0.22, math.pi, math.tau)
    stroke(ctx, INK, 0.09)
    for side in (-0.12, 0.0, 0.12):
        ctx.move_to(side, 1.2)
        ctx.curve_to(side, 1.5, side - tilt, 1.6, side * 1.7 - tilt * 1.6, 1.95)
    stroke(ctx, shade, 0.08)
    body = cairo.RadialGradient(0, 0.1, 0.1, 0, 0, 1.2)
    dark = mix(mix(PAPER, INK, 0.28), shade, 0.18)
    body.add_color_stop_rgb(0, *mix(dark, (1.0, 0.96, 0.78), lit))
    body.add_color_stop_rgb(0.6, *mix(dark, mix(GOLD, PAPER, 0.25), lit))
    body.add_color_stop_rgb(1, *mix(mix(dark, INK, 0.2), mix(shade, GOLD, 0.35), lit))
    disc(ctx, 0, 0, 1.0, 1.14)
    ctx.set_source(body)
    ctx.fill()
    for rib in (-0.78, -0.4, 0.0, 0.4, 0.78):
        half = math.sqrt(max(0.0, 1 - (rib / 1.14) ** 2))
        ctx.move_to(-half, rib)
        ctx.curve_to(-half * 0.4, rib + 0.12, half * 0.4, rib + 0.12, half, rib)
    stroke(ctx, shade, 0.035, 0.45)
    disc(ctx, 0, 0, 1.0, 1.14)
    stroke(ctx, INK, 0.06)
    for top in (-1.26, 1.06):
        rounded(ctx, -0.46, top, 0.92, 0.2, 0.06)
        fill(ctx, INK)
    if mood != "none":
        _face(ctx, mood, blink)
    ctx.restore()


def _face(ctx: cairo.Context, mood: Mood, blink: bool) -> None:
    """Eyes, cheeks and mouth on a body of radius 1."""
    for side in (-1, 1):
        if blink:
            ctx.move_to(side * 0.36 - 0.12, -0.02)
            ctx.rel_curve_to(0.06, 0.07, 0.18, 0.07, 0.24, 0)
            stroke(ctx, INK, 0.07)
        elif mood == "happy":
            ctx.arc(side * 0.36, 0.04, 0.14, math.pi * 1.1, math.pi * 1.9)
            stroke(ctx, INK, 0.085)
        else:
            tall = 1.5 if mood == "wonder" else 1.3
            disc(ctx, side * 0.36, -0.02, 0.115, tall)
            fill(ctx, INK)
            disc(ctx, side * 0.36 + 0.035, -0.08, 0.035)
            fill(ctx, PAPER)
        disc(ctx, side * 0.58, 0.2, 0.13, 0.65)
        fill(ctx, BLUSH, 0.75)
    if mood == "wonder":
        disc(ctx, 0, 0.3, 0.085, 1.25)
        fill(ctx, INK)
    elif mood == "sad":
        ctx.arc(0, 0.4, 0.13, math.pi * 1.15, math.pi * 1.85)
        stroke(ctx, INK, 0.07)
    else:
        ctx.arc(0, 0.2, 0.15 if mood == "calm" else 0.19, math.pi * 0.12, math.pi * 0.88)
        stroke(ctx, INK, 0.07)


def cat(ctx: cairo.Context, x: float, foot: float, size: float, now: float, *, walks: bool, left: bool = False) -> None:
    """Sumi, whose name means ink; `foot` is where the paws stand, `size` the height of the back."""
    ctx.save()
    ctx.translate(x, foot)
    ctx.scale(-size if left else size, size)
    sway = math.sin(now * 2.1)
    if walks:
        step = now * 7
        for place, phase in ((-0.62, 0.0), (-0.46, math.pi), (0.4, math.pi * 0.5), (0.56, math.pi * 1.5)):
            ctx.move_to(place, -0.5)
            ctx.line_to(place + 0.2 * math.sin(step + phase), -max(0.0, 0.12 * math.cos(step + phase)))
        stroke(ctx, INK, 0.17)
        ctx.move_to(-0.7, -0.7)
        ctx.curve_to(-1.15, -0.75, -1.0, -1.3, -1.3 - 0.1 * sway, -1.42 + 0.08 * sway)
        stroke(ctx, INK, 0.13)
        rounded(ctx, -0.82, -0.9 + 0.03 * math.sin(step * 2), 1.6, 0.56, 0.27)
        fill(ctx, INK)
        head = (0.86, -1.06 + 0.03 * math.sin(step * 2))
    else:
        ctx.move_to(-0.42, -0.1)
        ctx.curve_to(-1.2, 0.05, -1.1 - 0.2 * sway, -0.6, -0.95 - 0.25 * sway, -0.72)
        stroke(ctx, INK, 0.14)
        ctx.move_to(-0.55, 0)
        ctx.curve_to(-0.75, -0.9, -0.1, -0.95, 0.0, -1.25)
        ctx.line_to(0.42, -1.2)
        ctx.curve_to(0.5, -0.8, 0.5, -0.4, 0.5, 0)
        ctx.close_path()
        fill(ctx, INK)
        head = (0.26, -1.4)
    _cat_head(ctx, *head, blink=(now % 3.7) < 0.16)
    ctx.restore()


def _cat_head(ctx: cairo.Context, x: float, y: float, *, blink: bool) -> None:
    """A round head with two ears, golden eyes and a red collar."""
    disc(ctx, x, y, 0.4, 0.86)
    fill(ctx, INK)
    for side in (-1, 1):
        ctx.move_to(x + side * 0.38, y - 0.04)
        ctx.line_to(x + side * 0.34, y - 0.56)
        ctx.line_to(x + side * 0.06, y - 0.28)
        ctx.close_path()
        fill(ctx, INK)
        if blink:
            ctx.move_to(x + side * 0.16 - 0.07, y)
            ctx.rel_line_to(0.14, 0)
            stroke(ctx, GOLD, 0.05)
        else:
            disc(ctx, x + side * 0.16, y, 0.085, 1.15)
            fill(ctx, GOLD)
            disc(ctx, x + side * 0.16 + 0.02, y, 0.03, 2.2)
            fill(ctx, INK)
    ctx.move_to(x - 0.24, y + 0.33)
    ctx.rel_curve_to(0.12, 0.1, 0.36, 0.1, 0.48, 0)
    stroke(ctx, RED, 0.09)


def person(
    ctx: cairo.Context,
    x: float,
    foot: float,
    size: float,
    now: float,
    *,
    coat: Colour = GOLD,
    walks: bool = False,
    umbrella: bool = False,
    happy: bool = False,
) -> None:
    """A small figure in a coat, as tall as `size`; Hana is the one in gold."""
    ctx.save()
    ctx.translate(x, foot - (abs(math.sin(now * 5)) * size * 0.03 if walks else 0))
    ctx.scale(size, size)
    for side in (-1, 1):
        ctx.move_to(side * 0.1, -0.2)
        ctx.line_to(side * 0.1 + (0.06 * math.sin(now * 5 + side) if walks else 0), -0.02)
    stroke(ctx, INK, 0.075)
    ctx.move_to(-0.12, -0.62)
    ctx.curve_to(-0.2, -0.45, -0.28, -0.3, -0.29, -0.13)
    ctx.curve_to(-0.1, -0.08, 0.1, -0.08, 0.29, -0.13)
    ctx.curve_to(0.28, -0.3, 0.2, -0.45, 0.12, -0.62)
    ctx.close_path()
    fill(ctx, coat)
    ctx.move_to(-0.22, -0.36)
    ctx.curve_to(-0.1, -0.32, 0.1, -0.32, 0.22, -0.36)
    stroke(ctx, mix(coat, INK, 0.5), 0.05)
    disc(ctx, 0, -0.76, 0.215)
    fill(ctx, INK)
    disc(ctx, 0, -0.72, 0.165, 0.95)
    fill(ctx, mix(PAPER, BLUSH, 0.15))
    ctx.arc(0, -0.76, 0.2, math.pi * 1.02, math.pi * 1.98)
    ctx.curve_to(0.1, -0.82, -0.05, -0.78, -0.2, -0.76)
    fill(ctx, INK)
    for side in (-1, 1):
        if happy:
            ctx.arc(side * 0.07, -0.69, 0.03, math.pi * 1.1, math.pi * 1.9)
            stroke(ctx, INK, 0.018)
        else:
            disc(ctx, side * 0.07, -0.7, 0.02, 1.4)
            fill(ctx, INK)
        disc(ctx, side * 0.11, -0.645, 0.03, 0.7)
        fill(ctx, BLUSH, 0.8)
    ctx.arc(0, -0.645, 0.03, 0.2, math.pi - 0.2)
    stroke(ctx, INK, 0.016)
    if umbrella:
        _umbrella(ctx, 0.2, -1.1, 0.62)
    ctx.restore()


def _umbrella(ctx: cairo.Context, x: float, y: float, reach: float) -> None:
    """An oiled-paper umbrella whose handle meets the hand."""
    ctx.move_to(x, y)
    ctx.line_to(x, y + 0.75)
    stroke(ctx, INK, 0.03)
    ctx.arc(x, y, reach, math.pi, math.tau)
    scallop = reach * 2 / 5
    for number in range(5):
        end = x + reach - scallop * (number + 1)
        ctx.curve_to(end + scallop * 0.7, y - 0.08, end + scallop * 0.3, y - 0.08, end, y)
    ctx.close_path()
    fill(ctx, RED)
    ctx.arc(x, y - 0.02, reach * 0.7, math.pi * 1.06, math.pi * 1.94)
    stroke(ctx, PAPER, 0.055, 0.9)
    for share in (-0.62, -0.3, 0.0, 0.3, 0.62):
        ctx.move_to(x, y - reach)
        ctx.curve_to(x + share * reach * 0.7, y - reach * 0.9, x + share * reach, y - 0.3, x + share * reach, y - 0.06)
    stroke(ctx, mix(RED, INK, 0.45), 0.018)


def boat(ctx: cairo.Context, x: float, y: float, size: float, rock: float) -> None:
    """A letter folded into a boat."""
    ctx.save()
    ctx.translate(x, y)
    ctx.rotate(rock)
    ctx.scale(size, size)
    ctx.move_to(-0.34, -0.3)
    ctx.line_to(0, -0.85)
    ctx.line_to(0.34, -0.3)
    ctx.close_path()
    fill(ctx, mix(PAPER, INK, 0.08))
    ctx.move_to(-0.9, -0.42)
    ctx.curve_to(-0.4, -0.25, 0.4, -0.25, 0.9, -0.42)
    ctx.line_to(0.5, 0)
    ctx.line_to(-0.5, 0)
    ctx.close_path()
    ctx.set_source_rgb(*PAPER)
    ctx.fill_preserve()
    stroke(ctx, INK, 0.04)
    for row in (-0.24, -0.13):
        ctx.move_to(-0.4, row)
        ctx.rel_line_to(0.75, 0.02)
    stroke(ctx, INK, 0.035, 0.5)
    ctx.restore()


def houses(ctx: cairo.Context, pan: float, wall: Colour, roof: Colour, lit: float) -> None:
    """A street of roofs behind the square, moved by `pan` pixels; `lit` is the share of windows with somebody awake."""
    dice = random.Random(3)  # noqa: S311
    x = -120.0 - pan
    while x < WIDTH + 700:
        wide, tall, shop = dice.uniform(74, 118), dice.uniform(40, 78), dice.random() < 0.4
        lamps = [dice.random() for _ in range(6)]
        if -150 < x < WIDTH + 40:
            _house(ctx, x, wide, tall, wall=wall, roof=roof, shop=shop, windows=[lamp < lit for lamp in lamps])
        x += wide + dice.uniform(2, 16)


def _house(
    ctx: cairo.Context,
    x: float,
    wide: float,
    tall: float,
    *,
    wall: Colour,
    roof: Colour,
    shop: bool,
    windows: list[bool],
) -> None:
    top = GROUND - tall
    ctx.rectangle(x, top, wide, tall)
    fill(ctx, wall)
    count = 2 if wide < 95 else 3
    for number in range(count):
        w, gap = 15.0, (wide - count * 15.0) / (count + 1)
        left = x + gap + number * (w + gap)
        on = windows[number]
        if on:
            glow(ctx, left + w / 2, top + 19, 26, GOLD, 0.3)
        ctx.rectangle(left, top + 12, w, 15)
        fill(ctx, mix(GOLD, PAPER, 0.35) if on else mix(wall, INK, 0.35))
        for bar in (0.33, 0.66):
            ctx.move_to(left + w * bar, top + 12)
            ctx.rel_line_to(0, 15)
        ctx.move_to(left, top + 19.5)
        ctx.rel_line_to(w, 0)
        stroke(ctx, mix(wall, INK, 0.6), 1)
    if shop:
        cloth = RED if windows[4] else INDIGO
        for number in range(4):
            ctx.rectangle(x + wide * 0.2 + number * wide * 0.15, GROUND - 26, wide * 0.14, 14)
        fill(ctx, mix(cloth, wall, 0.35))
    ctx.move_to(x - 11, top + 5)
    ctx.curve_to(x + 8, top - 4, x + wide * 0.22, top - 16, x + wide * 0.3, top - 22)
    ctx.line_to(x + wide * 0.7, top - 22)
    ctx.curve_to(x + wide * 0.78, top - 16, x + wide - 8, top - 4, x + wide + 11, top + 5)
    ctx.close_path()
    fill(ctx, roof)
    rounded(ctx, x + wide * 0.27, top - 25, wide * 0.46, 5, 2.5)
    fill(ctx, mix(roof, INK, 0.4))


def pavement(ctx: cairo.Context, pan: float, colour: Colour) -> None:
    """The stones of the square, in perspective."""
    ctx.rectangle(0, GROUND, WIDTH, HEIGHT - GROUND)
    fill(ctx, colour)
    line = mix(colour, INK, 0.3)
    for depth in (0.0, 0.14, 0.34, 0.62):
        y = GROUND + (HEIGHT - GROUND) * depth
        ctx.move_to(0, y)
        ctx.line_to(WIDTH, y)
    stroke(ctx, line, 1.0, 0.5)
    for number in range(-14, 30):
        far = number * 46 - pan % 46
        ctx.move_to(far, GROUND)
        ctx.line_to(WIDTH / 2 + (far - WIDTH / 2) * 2.1, HEIGHT)
    stroke(ctx, line, 0.8, 0.3)


def tree(ctx: cairo.Context, x: float, foot: float, now: float, leaf: Colour = MOSS) -> None:
    """The old tree of the square, its crown in three washes."""
    ctx.move_to(x - 13, foot)
    ctx.curve_to(x - 4, foot - 50, x - 12, foot - 80, x + 2, foot - 128)
    ctx.line_to(x + 10, foot - 126)
    ctx.curve_to(x + 2, foot - 80, x + 8, foot - 50, x + 15, foot)
    ctx.close_path()
    fill(ctx, mix(INK, (0.4, 0.3, 0.25), 0.4))
    ctx.move_to(x, foot - 84)
    ctx.rel_curve_to(20, -8, 34, -20, 46, -40)
    stroke(ctx, mix(INK, (0.4, 0.3, 0.25), 0.4), 5)
    dice = random.Random(17)  # noqa: S311
    for layer, tint in ((0, 0.3), (1, 0.08), (2, -0.0)):
        for _ in range(7):
            angle, reach = dice.uniform(0, math.tau), dice.uniform(8, 46)
            disc(
                ctx,
                x + 10 + math.cos(angle) * reach * 1.25 - layer * 4 + 1.6 * math.sin(now + angle),
                foot - 148 + math.sin(angle) * reach * 0.62 - layer * 7,
                dice.uniform(20, 30) - layer * 3,
                0.86,
            )
        fill(ctx, mix(leaf, INK, tint) if tint else mix(leaf, PAPER, 0.16))


def rope(
    ctx: cairo.Context,
    ends: tuple[tuple[float, float], tuple[float, float]],
    sag: float,
    lights: list[float],
    now: float,
    radius: float = 9,
) -> None:
    """Lanterns on a sagging rope, one for each brightness (0–1) in `lights`."""
    (x1, y1), (x2, y2) = ends
    ctx.move_to(x1, y1)
    ctx.curve_to(x1 + (x2 - x1) / 3, y1 + sag, x1 + (x2 - x1) * 2 / 3, y2 + sag, x2, y2)
    stroke(ctx, INK, 1.3)
    shades = (RED, mix(RED, GOLD, 0.5), INDIGO)
    for number, lit in enumerate(lights):
        share = (number + 0.5) / len(lights)
        x = x1 + (x2 - x1) * share
        y = y1 + (y2 - y1) * share + sag * 3 * share * (1 - share)
        tilt = 0.09 * math.sin(now * 1.5 + number * 1.3)
        lantern(ctx, x, y + radius * 1.6, radius, lit=lit, tilt=tilt, shade=shades[number % 3])


def pole(ctx: cairo.Context, x: float, top: float, foot: float) -> None:
    """What a rope is tied to."""
    ctx.move_to(x, foot)
    ctx.line_to(x, top)
    stroke(ctx, INK, 4)
