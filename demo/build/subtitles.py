"""Writes the lines of an episode as WebVTT and as styled ASS."""

from story import SERIES_TITLES, SONG, Episode

STYLES = """\
Style: Default,Noto Sans JP,44,&H00F6EEDB,&H00F6EEDB,&H00302018,&H80302018,0,0,0,0,100,100,0,0,1,2.4,0.8,2,60,60,30,1
Style: Tomo,Noto Sans JP,44,&H00BFE8FF,&H00BFE8FF,&H00302018,&H80302018,0,0,0,0,100,100,0,0,1,2.4,0.8,2,60,60,30,1
Style: Sumi,Noto Sans JP,44,&H00F6E4D8,&H00F6E4D8,&H00502A20,&H80302018,0,0,0,0,100,100,0,0,1,2.4,0.8,2,60,60,30,1
Style: Hana,Noto Sans JP,44,&H00A8DCFF,&H00A8DCFF,&H00283A78,&H80302018,0,0,0,0,100,100,0,0,1,2.4,0.8,2,60,60,30,1
Style: Narrator,Noto Sans JP,44,&H00F6EEDB,&H00F6EEDB,&H00302018,&H80302018,0,-1,0,0,100,100,0,0,1,2.4,0.8,2,60,60,30,1
Style: Song,Noto Sans JP,40,&H00FFFFFF,&H004C78D8,&H003045B8,&H80302018,-1,0,0,0,100,100,1,0,1,2.6,0,8,60,60,34,1
Style: Sign,Noto Sans JP,28,&H00302018,&H00302018,&H00DBEEF6,&H00DBEEF6,-1,0,0,0,100,100,0,0,1,2.2,0,7,20,20,20,1"""

EVENTS = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
STYLE_FORMAT = (
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding"
)

EPISODE_WORD = {"en": "Episode", "ru": "Серия"}


def _clock(seconds: float, *, digits: int, separator: str) -> str:
    """`H:MM:SS` and a fraction of `digits` digits; hours are padded for WebVTT's three digits only."""
    parts = round(seconds * 10**digits)
    whole, fraction = divmod(parts, 10**digits)
    hours = f"{whole // 3600:02d}" if digits == 3 else str(whole // 3600)
    return f"{hours}:{whole // 60 % 60:02d}:{whole % 60:02d}{separator}{fraction:0{digits}d}"


def _vtt_clock(seconds: float) -> str:
    return _clock(seconds, digits=3, separator=".")


def _ass_clock(seconds: float) -> str:
    return _clock(seconds, digits=2, separator=".")


def episode_heading(episode: Episode, language: str) -> str:
    """What the opening card says in Japanese, the number of the episode, in English or Russian, with its title."""
    return f"{EPISODE_WORD[language]} {episode.number}. {episode.titles[language]}"


def vtt(episode: Episode, language: str) -> str:
    """WebVTT: what is said, and the song on the top line."""
    cues = [
        (episode.opening[0] + start, episode.opening[0] + end, " line:8%", f"<i>♪ {words[language]} ♪</i>")
        for start, end, words in SONG
    ]
    cues += [(line.start, line.end, "", f"<v {line.who.capitalize()}>{line.words[language]}") for line in episode.lines]
    blocks = [f"{_vtt_clock(a)} --> {_vtt_clock(b)}{place}\n{words}" for a, b, place, words in sorted(cues)]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _karaoke(words: str, seconds: float, *, by_sign: bool) -> str:
    """The line cut into words (or signs) that fill with colour one after another."""
    pieces = list(words) if by_sign else [piece + " " for piece in words.split()]
    total = sum(map(len, pieces))
    return "".join(f"{{\\kf{round(100 * seconds * len(piece) / total)}}}{piece}" for piece in pieces).rstrip()


def ass(episode: Episode, language: str) -> str:
    """ASS at 1280 × 720: a style for each speaker, the song as karaoke, the opening's signs translated in place."""
    start, end = episode.opening
    events = [
        (
            start + a,
            start + b,
            "Song",
            f"{{\\fad(200,200)}}{_karaoke(words[language], b - a - 0.4, by_sign=language == 'ja')}",
        )
        for a, b, words in SONG
    ]
    if language != "ja":
        sign = "{\\pos(76,420)\\fad(400,200)}"
        events.append((start + 6.6, end - 0.1, "Sign", sign + episode_heading(episode, language)))
    if language == "ru":
        events.append((start + 5.2, end - 0.1, "Sign", sign.replace("420", "460") + SERIES_TITLES[language]))
    events += [(line.start, line.end, line.who.capitalize(), line.words[language]) for line in episode.lines]
    body = "\n".join(
        f"Dialogue: 0,{_ass_clock(a)},{_ass_clock(b)},{style},,0,0,0,,{words}" for a, b, style, words in sorted(events)
    )
    return (
        "[Script Info]\n"
        f"Title: {SERIES_TITLES[language]}\nScriptType: v4.00+\nPlayResX: 1280\nPlayResY: 720\n"
        "ScaledBorderAndShadow: yes\nWrapStyle: 0\nYCbCr Matrix: TV.601\n\n"
        f"[V4+ Styles]\n{STYLE_FORMAT}\n{STYLES}\n\n[Events]\n{EVENTS}\n{body}\n"
    )


def thumbnails_vtt(duration: int, step: int, columns: int, size: tuple[int, int], sheet: str) -> str:
    """WebVTT whose cues point into a sheet of pictures, one for each `step` seconds, `columns` in a row."""
    blocks = []
    for number, start in enumerate(range(0, duration, step)):
        x, y = number % columns * size[0], number // columns * size[1]
        end = min(start + step, duration)
        blocks.append(f"{_vtt_clock(start)} --> {_vtt_clock(end)}\n{sheet}#xywh={x},{y},{size[0]},{size[1]}")
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"
