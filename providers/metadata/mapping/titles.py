"""The names of an anime, each once, in the order in which the catalogue shows them."""

from collections.abc import Iterable

from catalog.facade import TitleDraft, TitleKind, cleaning, language_of


def titles_made(
    main: str,
    *,
    native: str = "",
    english: str = "",
    others: Iterable[tuple[str, str]] = (),
    synonyms: Iterable[str] = (),
) -> list[TitleDraft]:
    """The main (romaji) title, the native one, the English one, `others` as (text, language), then synonyms not among them."""
    drafts = [TitleDraft(main, language_of(main, latin="ja-Latn"), TitleKind.MAIN)]
    if native:
        drafts.append(TitleDraft(native, language_of(native, han="ja", latin="ja"), TitleKind.OFFICIAL))
    if english:
        drafts.append(TitleDraft(english, "en", TitleKind.OFFICIAL))
    drafts += [TitleDraft(text, language, TitleKind.OFFICIAL) for text, language in others if text]
    named = {draft.text for draft in drafts}
    for text in dict.fromkeys(cleaning.text_of(synonym) for synonym in synonyms):
        if text and text not in named:
            drafts.append(TitleDraft(text, language_of(text), TitleKind.SYNONYM))
    return list(dict.fromkeys(drafts))
