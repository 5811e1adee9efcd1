"""The names of an anime, each once, in the order in which the catalogue shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.facade import BadRecord, TitleDraft, TitleKind, cleaning, language_of, slug_of


@dataclass(frozen=True, slots=True)
class Names:
    """What an anime is called first of all: `main` is never empty, the others are where the service tells none."""

    main: str
    english: str
    native: str

    def fields(self, own: str) -> dict[str, Any]:
        """The same as fields of a record; `own` is the service's id, for the slug of a name without letters."""
        return {
            "title": self.main,
            "title_english": self.english,
            "title_native": self.native,
            "slug": slug_of(self.main, self.english, fallback=own),
        }


def names_made(subject: str, *, romaji: str, english: str, native: str) -> Names:
    """The main name is the romaji one, else the English, else the native; raises `BadRecord` when `subject` has none."""
    main = romaji or english or native
    if not main:
        raise BadRecord(f"{subject} has no title")
    return Names(main, english, native)


def titles_made(
    names: Names, *, others: Iterable[tuple[str, str]] = (), synonyms: Iterable[str] = ()
) -> list[TitleDraft]:
    """The main (romaji) title, the native one, the English one, `others` as (text, language), then synonyms not among them."""
    drafts = [TitleDraft(names.main, language_of(names.main, latin="ja-Latn"), TitleKind.MAIN)]
    if names.native:
        drafts.append(TitleDraft(names.native, language_of(names.native, han="ja", latin="ja"), TitleKind.OFFICIAL))
    if names.english:
        drafts.append(TitleDraft(names.english, "en", TitleKind.OFFICIAL))
    drafts += [TitleDraft(text, language, TitleKind.OFFICIAL) for text, language in others if text]
    named = {draft.text for draft in drafts}
    for text in dict.fromkeys(cleaning.text_of(synonym) for synonym in synonyms):
        if text and text not in named:
            drafts.append(TitleDraft(text, language_of(text), TitleKind.SYNONYM))
    return list(dict.fromkeys(drafts))
