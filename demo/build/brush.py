"""Marks on paper: colours, text, and the shapes that need no knowledge of the story. Every size is in pixels of 640 × 360."""

import math
import random

import cairo

WIDTH, HEIGHT = 640, 360
GROUND = 268
"""Where the houses stand; what is below belongs to the square and, at its foot, to the subtitles."""

Colour = tuple[float, float, float]

PAPER: Colour = (0.965, 0.930, 0.855)
INK: Colour = (0.115, 0.125, 0.180)
RED: Colour = (0.835, 0.270, 0.190)
GOLD: Colour = (0.965, 0.730, 0.330)
INDIGO: Colour = (0.170, 0.225, 0.400)
MOSS: Colour = (0.360, 0.460, 0.370)
BLUSH: Colour = (0.930, 0.560, 0.500)

SERIF, SANS = "Noto Serif CJK JP", "Noto Sans CJK JP"


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour `share` (0–1) of the way from one to the other."""
    return tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def ramp(now: float, start: float, end: float) -> float:
    """0 before `start` seconds, 1 after `end`, an eased climb in between."""
    share = min(1.0, max(0.0, (now - start) / (end - start)))
    return share * share * (3 - 2 * share)


def fill(ctx: cairo.Context, colour: Colour, alpha: float = 1.0) -> None:
    """Fill the path and forget it."""
    ctx.set_source_rgba(*colour, alpha)
    ctx.fill()


def stroke(ctx: cairo.Context, colour: Colour, width: float, alpha: float = 1.0) -> None:
    """Draw the path with a round pen and forget it."""
    ctx.set_source_rgba(*colour, alpha)
    ctx.set_line_width(width)
    ctx.set_line_cap(cairo.LINE_CAP_ROUND)
    ctx.set_line_join(cairo.LINE_JOIN_ROUND)
    ctx.stroke()


def disc(ctx: cairo.Context, x: float, y: float, radius: float, squash: float = 1.0) -> None:
    """A path: an ellipse whose height is `squash` times its width."""
    ctx.save()
    ctx.translate(x, y)
    ctx.scale(1, squash)
    ctx.new_sub_path()
    ctx.arc(0, 0, radius, 0, math.tau)
    ctx.restore()


def glow(ctx: cairo.Context, x: float, y: float, radius: float, colour: Colour, alpha: float) -> None:
    """Light that fades to nothing at `radius`."""
    light = cairo.RadialGradient(x, y, 0, x, y, radius)
    light.add_color_stop_rgba(0.0, *colour, alpha)
    light.add_color_stop_rgba(0.45, *colour, alpha * 0.35)
    light.add_color_stop_rgba(1.0, *colour, 0)
    ctx.set_source(light)
    ctx.arc(x, y, radius, 0, math.tau)
    ctx.fill()


def text(
    ctx: cairo.Context,
    words: str,
    x: float,
    y: float,
    size: float,
    colour: Colour = INK,
    *,
    font: str = SANS,
    bold: bool = False,
    align: float = 0.5,
    alpha: float = 1.0,
) -> None:
    """One line with its baseline at `y`; `align` is the share of its width that lies left of `x`."""
    weight = cairo.FONT_WEIGHT_BOLD if bold else cairo.FONT_WEIGHT_NORMAL
    ctx.select_font_face(font, cairo.FONT_SLANT_NORMAL, weight)
    ctx.set_font_size(size)
    ctx.move_to(x - ctx.text_extents(words).x_advance * align, y)
    ctx.set_source_rgba(*colour, alpha)
    ctx.show_text(words)
    ctx.new_path()


def rounded(ctx: cairo.Context, x: float, y: float, width: float, height: float, radius: float) -> None:
    """A path: a rectangle with round corners."""
    ctx.new_sub_path()
    ctx.arc(x + width - radius, y + radius, radius, -math.pi / 2, 0)
    ctx.arc(x + width - radius, y + height - radius, radius, 0, math.pi / 2)
    ctx.arc(x + radius, y + height - radius, radius, math.pi / 2, math.pi)
    ctx.arc(x + radius, y + radius, radius, math.pi, math.pi * 1.5)
    ctx.close_path()


def sky(ctx: cairo.Context, top: Colour, bottom: Colour) -> None:
    """A wash over the whole sheet."""
    wash = cairo.LinearGradient(0, 0, 0, GROUND)
    wash.add_color_stop_rgb(0, *top)
    wash.add_color_stop_rgb(1, *bottom)
    ctx.set_source(wash)
    ctx.paint()


def fibres(ctx: cairo.Context, alpha: float = 0.05) -> None:
    """The threads of the paper: the same ones in every frame, so they cost the video nothing."""
    dice = random.Random(11)  # noqa: S311
    for _ in range(150):
        x, y, angle = dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT), dice.uniform(0, math.pi)
        length = dice.uniform(6, 22)
        ctx.move_to(x, y)
        ctx.rel_curve_to(length / 3, 3, length / 2, -3, math.cos(angle) * length, math.sin(angle) * length)
        stroke(ctx, INK if dice.random() < 0.6 else PAPER, 0.7, alpha)


def mist(ctx: cairo.Context, x: float, y: float, width: float, colour: Colour, alpha: float) -> None:
    """A bank of cloud as scroll painters draw it: three bars with round ends."""
    for shift, drop, share in ((0, 0, 1.0), (0.18, -9, 0.55), (-0.12, 9, 0.62)):
        long = width * share
        rounded(ctx, x + width * shift + (width - long) / 2, y + drop, long, 9, 4.5)
    fill(ctx, colour, alpha)


def hills(ctx: cairo.Context, pan: float, base: float, height: float, colour: Colour, seed: float) -> None:
    """A ridge that moves by `pan` pixels."""
    ctx.move_to(0, GROUND + 10)
    for x in range(0, WIDTH + 16, 16):
        place = (x + pan) / 90
        ctx.line_to(x, base - height * (0.55 * math.sin(place + seed) + 0.3 * math.sin(place * 2.3 + seed * 2)))
    ctx.line_to(WIDTH, GROUND + 10)
    ctx.close_path()
    fill(ctx, colour)


def rays(ctx: cairo.Context, x: float, y: float, turn: float, colour: Colour, alpha: float, count: int = 14) -> None:
    """Wedges of light around a point, turned by `turn` radians."""
    step = math.tau / count
    for number in range(count):
        ctx.move_to(x, y)
        ctx.arc(x, y, 760, turn + number * step, turn + (number + 0.5) * step)
        ctx.close_path()
    fill(ctx, colour, alpha)


def waves(ctx: cairo.Context, shift: float, top: float, colour: Colour) -> None:
    """Seigaiha: rows of scales, each row hiding the foot of the one behind it."""
    radius = 26.0
    ctx.rectangle(0, top + radius, WIDTH, HEIGHT - top)
    fill(ctx, colour)
    row, y = 0, top
    while y < HEIGHT + radius:
        offset = (shift * (1 if row % 2 else -1)) % (radius * 2) + (radius if row % 2 else 0)
        x = offset - radius * 4
        while x < WIDTH + radius * 2:
            for share, tint in ((1.0, 0.0), (0.74, 0.75), (0.62, 0.0), (0.36, 0.75), (0.24, 0.0)):
                ctx.arc(x, y + radius, radius * share, math.pi, math.tau)
                ctx.close_path()
                fill(ctx, mix(colour, PAPER, tint))
            x += radius * 2
        row, y = row + 1, y + radius * 0.55


def rain(ctx: cairo.Context, now: float, strength: float) -> None:
    """Slanted strokes that fall, twelve drawings a second, and rings on the square; `strength` is 0–1."""
    now = math.floor(now * 12) / 12
    dice = random.Random(5)  # noqa: S311
    for _ in range(int(46 * strength)):
        x, speed, phase = dice.uniform(-40, WIDTH + 60), dice.uniform(0.9, 1.5), dice.random()
        y = ((now * speed + phase) % 1.0) * (GROUND + 70) - 40
        ctx.move_to(x - y * 0.16, y)
        ctx.rel_line_to(-3.2, 19)
    stroke(ctx, mix(INDIGO, PAPER, 0.2), 1.1, 0.5)
    for _ in range(int(10 * strength)):
        x, y, phase = dice.uniform(0, WIDTH), dice.uniform(GROUND + 14, HEIGHT - 6), dice.random()
        age = (now * 1.2 + phase) % 1.0
        disc(ctx, x, y, 2 + 11 * age, 0.32)
        stroke(ctx, PAPER, 1.0, 0.7 * (1 - age))


def petals(ctx: cairo.Context, now: float, count: int, colour: Colour) -> None:
    """Petals, or leaves, that come down turning."""
    dice = random.Random(23)  # noqa: S311
    for _ in range(count):
        x, phase, speed = dice.uniform(0, WIDTH), dice.random(), dice.uniform(0.045, 0.085)
        fall = (now * speed + phase) % 1.0
        ctx.save()
        ctx.translate((x + fall * 90 + 14 * math.sin(now * 1.4 + phase * 9)) % (WIDTH + 20) - 10, fall * (HEIGHT - 40))
        ctx.rotate(now * 1.6 + phase * 20)
        disc(ctx, 0, 0, 3.4, 0.55)
        fill(ctx, colour, 0.85)
        ctx.restore()


def fireflies(ctx: cairo.Context, now: float, count: int, alpha: float) -> None:
    """Small lights that wander over the square and breathe."""
    dice = random.Random(31)  # noqa: S311
    for _ in range(count):
        x, y, phase = dice.uniform(20, WIDTH - 20), dice.uniform(150, 290), dice.uniform(0, math.tau)
        x += 26 * math.sin(now * 0.5 + phase)
        y += 14 * math.sin(now * 0.8 + phase * 2)
        breath = alpha * (0.5 + 0.5 * math.sin(now * 2.2 + phase * 3))
        glow(ctx, x, y, 11, GOLD, 0.6 * breath)
        disc(ctx, x, y, 1.5)
        fill(ctx, mix(GOLD, PAPER, 0.6), breath)


def stars(ctx: cairo.Context, alpha: float) -> None:
    """A fixed sky of stars."""
    dice = random.Random(7)  # noqa: S311
    for _ in range(46):
        disc(ctx, dice.uniform(0, WIDTH), dice.uniform(4, 150), dice.uniform(0.6, 1.4))
        fill(ctx, PAPER, alpha * dice.uniform(0.4, 1))


def burst(ctx: cairo.Context, x: float, y: float, age: float, radius: float, colour: Colour) -> None:
    """A firework at `age` 0–1 of its life; nothing outside of that."""
    if not 0 < age < 1:
        return
    reach = radius * (1 - (1 - age) ** 3)
    fade = 1 - age * age
    for ring, count in ((1.0, 18), (0.62, 12)):
        for number in range(count):
            angle = number * math.tau / count + ring
            tip = reach * ring
            ctx.move_to(x + math.cos(angle) * tip * 0.72, y + math.sin(angle) * tip * 0.72 + 16 * age * age)
            ctx.line_to(x + math.cos(angle) * tip, y + math.sin(angle) * tip + 20 * age * age)
        stroke(ctx, mix(colour, PAPER, 0.55 * (1 - ring)), 2.4 * (1 - 0.5 * age), fade)
    glow(ctx, x, y, reach * 1.3 + 1, colour, 0.25 * fade)
