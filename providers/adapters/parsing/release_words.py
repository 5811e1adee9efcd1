"""The words that release names are made of, beside titles and numbers."""

import re

VIDEO_ENDINGS = (
    ".mkv",
    ".mp4",
    ".m4v",
    ".avi",
    ".webm",
    ".ts",
    ".mov",
    ".wmv",
    ".rmvb",
    ".ogm",
    ".mpg",
    ".mpeg",
    ".flv",
)
EXTENSION = re.compile(
    r"\.(?:mkv|mp4|m4v|avi|webm|ts|mov|wmv|rmvb|ogm|mpe?g|flv|m3u8|ass|srt|7z|zip|torrent)$", re.IGNORECASE
)
TECHNICAL = re.compile(
    r"""(?<![a-z0-9])(?:
    \d{3,4}[pi] | \d{3,4}\s?[x×]\s?\d{3,4}p? | [248]k | uhd | hdr\d*
    | [xh][._\s]?26[45] | hevc | avc | av1 | vp9 | xvid | divx[\d.]* | hi\d+p? | (?:8|10)[\s-]?bits? | 8bit | 10bit
    | (?:he-)?aac(?:x?\d)* | flac(?:x?\d)* | e?ac-?3 | dts(?:-\w+)? | mp3 | ogg | vorbis | opus | truehd[\d.]* | pcm | ddp?[\d.]+
    | \d\.\d(?:ch|x) | dual[\s._-]?audio | multi[\s._-]?(?:audio|subs?) | dvd(?:\s?-?rip|scr|\d)? | blu-?ray | bd(?:\s?-?rip|remux|mv)?
    | hdtv(?:rip)? | tv-?rip | web(?:\s?-?(?:rip|dl))? | remux | raws? | uncensored | remaster(?:ed)?
    | (?:hard|soft|multi|eng?|ger|fr|rus?)[\s._-]?subs? | subbed | dubbed | vost(?:fr|a)? | batch | complete | softsubs | chaps?
    | big5 | gb | cht | chs | jpn? | mkv | mp4 | [0-9a-f]{8} | ru[\s_]jp | lossless | proper | repack | fixed | end | fin(?:al)?
    | v\d | dual | sub\s?indo | 繁体 | 简体 | 字幕
    )(?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Anything of it in brackets makes the brackets technical; the first of it outside ends a title."""
ENDS_TITLE = re.compile(
    r"""(?<![a-z0-9'])(?:
    \d{3,4}[pi] | \d{3,4}\s?[x×]\s?\d{3,4} | [xh][._\s]?26[45] | hevc | xvid | blu-?ray | bd-?rip | dvd(?:-?rip)? | hdtv
    | web-?(?:rip|dl) | dual[\s._-]?audio | vostfr | sub\s?indo
    )(?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that stand in no title, so that it is over before them though no bracket begins."""
ORDINALS = {
    word: number
    for number, words in enumerate(
        (("first",), ("second", "ii"), ("third", "iii"), ("fourth", "iv"), ("fifth",), ("sixth",)), start=1
    )
    for word in words
}
SEASON_MARK = re.compile(
    r"""(?:^|[\s\[(,:-]+)(?:
    s(?P<short>\d{1,2})
    | (?P<ordinal>\d{1,2})(?:st|nd|rd|th)\s(?:season|stage)
    | (?P<word>first|second|third|fourth|fifth|sixth)\sseason
    | (?:season|saison|staffel|temporada|stagione|сезон)\s?(?P<plain>\d{1,2})
    | 第\s?(?P<kanji>\d{1,2})\s?[期季]
    )(?=$|[\s\]),:-])[\])]?""",
    re.IGNORECASE | re.VERBOSE,
)
EXTRA_NUMBERS = re.compile(
    r"""(?:^|[\s\-_.])(?P<extra>(?:nc)?(?:op|ed)|sp|ex|pv|cm|special)[\s_.-]?(?P<number>\d{1,3})[a-d]?(?:\s?v\d)?
    \s*(?=$|[\[(¦]|-)""",
    re.IGNORECASE | re.VERBOSE,
)
VOLUME = re.compile(r"(?:^|[\s-])vol(?:ume)?s?\.?\s?\d.*$", re.IGNORECASE)
