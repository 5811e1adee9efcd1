"""What loaded people say: real dialogues and reviews where a folder holds them, else sentences put together from words."""

import random
from dataclasses import dataclass
from pathlib import Path

import orjson
import yaml

from core.markup import VERSION, markdown_read

LONGEST = 2_000
"""Characters: nearly all comments are shorter than a review."""
_WORDS = [
    "the", "episode", "ending", "opening", "studio", "scene", "music", "again", "really", "better", "worse", "manga", "season",
    "finally", "never", "always", "fight", "серия", "финал", "музыка", "студия", "сцена", "снова", "очень", "лучше", "хуже",
    "сезон", "всегда", "бой", "третья", "первая", "作画", "音楽", "最終回", "原作", "続き", "最高", "神回", "二期", "主人公", "展開",
]  # fmt: skip
_SHAPES = ("{}", "**{}**", "{} ||{}||", "> {}\n\n{}", "{}\n\n- {}\n- {}", "{}… _{}_!", "{} 12:34 {}", "@load_000001 {}")


@dataclass(frozen=True, slots=True)
class Said:
    """A text as written and as shown."""

    body: str
    html: str
    version: int = VERSION


def texts_read(folder: Path | None, rng: random.Random, count: int = 3_000) -> list[Said]:
    """Up to `count` different texts, each made into HTML once."""
    found = _from_folder(folder) if folder is not None else []
    bodies = list(dict.fromkeys(text[:LONGEST] for text in found if text.strip()))
    rng.shuffle(bodies)
    while len(bodies) < min(count, 300):
        bodies.append(_composed(rng))
    return [Said(body, str(markdown_read(body).html())) for body in bodies[:count]]


def _from_folder(folder: Path) -> list[str]:
    """Lines of `dialogues/*/*.yml` and texts of `reviews.jsonl`. Raises OSError, ValueError."""
    texts: list[str] = []
    for path in sorted(folder.glob("dialogues/*/*.yml")):
        try:
            known = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except yaml.YAMLError as error:
            raise ValueError(f"{path.name}: {error}") from error
        for conversation in known.get("conversations", ()):
            texts += [str(line) for line in conversation if line]
    reviews = folder / "reviews.jsonl"
    if reviews.exists():
        with reviews.open("rb") as lines:
            texts += [str(orjson.loads(line).get("text", "")) for line in lines if line.strip()]
    return texts


def _composed(rng: random.Random) -> str:
    shape = rng.choice(_SHAPES)
    parts = [" ".join(rng.choices(_WORDS, k=rng.randrange(2, 30))) for _part in range(shape.count("{}"))]
    return shape.format(*parts)
