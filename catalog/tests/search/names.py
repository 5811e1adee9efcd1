"""A made-up catalogue: a few hundred anime with names in Latin, kana, kanji and Cyrillic, the same on every run."""

import random

from catalog.search.engine import Source

_SYLLABLES = [
    "ka", "ki", "ku", "ke", "ko", "sa", "shi", "su", "se", "so", "ta", "chi", "tsu", "te", "to", "na", "ni", "no",
    "ha", "hi", "ho", "ma", "mi", "mu", "me", "mo", "ya", "yu", "yo", "ra", "ri", "ru", "re", "ro",
]  # fmt: skip
_KANA = "カキクケコサシスセソタチツテトナニノハヒホマミムメモヤユヨラリルレロ"
_CYRILLIC = [
    "ка", "ки", "ку", "кэ", "ко", "са", "си", "су", "сэ", "со", "та", "ти", "цу", "тэ", "то", "на", "ни", "но", "ха",
    "хи", "хо", "ма", "ми", "му", "мэ", "мо", "я", "ю", "ё", "ра", "ри", "ру", "рэ", "ро",
]  # fmt: skip
_KANJI = "星空海山川森風雪花月光影夢旅道城王姫剣魔竜虎鳥猫犬音色声歌詩"


def _word(rng: random.Random) -> list[int]:
    return [rng.randrange(len(_SYLLABLES)) for _ in range(rng.randint(2, 5))]


def made_up_catalogue(count: int = 300, *, seed: int = 7) -> list[Source]:
    """`count` anime; every fourth has a second season after it, every fiftieth is adult."""
    rng = random.Random(seed)
    sources: list[Source] = []
    while len(sources) < count:
        words = [_word(rng) for _ in range(rng.randint(2, 4))]
        romaji = " ".join("".join(_SYLLABLES[i] for i in word).capitalize() for word in words)
        kana = "・".join("".join(_KANA[i] for i in word) for word in words)
        cyrillic = " ".join("".join(_CYRILLIC[i] for i in word) for word in words).capitalize()
        kanji = "".join(rng.choice(_KANJI) for _ in range(rng.randint(4, 7)))
        names = (romaji, kana, cyrillic, kanji)
        number = len(sources) + 1
        sources.append(Source(number, names, members=rng.randrange(1_000_000), is_adult=number % 50 == 0))
        if number % 4 == 0:
            second = (f"{romaji} 2nd Season", f"{kanji} 第2期")
            sources.append(Source(number + 1, second, members=rng.randrange(1_000_000)))
    return sources[:count]
