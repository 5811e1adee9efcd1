"""What a provider can be asked, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from providers.adapters.contract import Capability

_LABELS = {
    Capability.HOME: gettext_lazy("home page"),
    Capability.SEARCH: gettext_lazy("search"),
    Capability.DETAIL: gettext_lazy("page of a title"),
    Capability.EPISODES: gettext_lazy("episode list"),
    Capability.MIRRORS: gettext_lazy("ways to play an episode"),
}


def question_label(name: str) -> str:
    """What people call a question; its own name for one that is no capability."""
    return str(_LABELS[Capability(name)]) if name in _LABELS else name


def question_choices(capabilities: Iterable[str]) -> list[tuple[str, str]]:
    """(name, words) of what can be asked, always in the same order."""
    able = set(capabilities)
    return [(question.value, str(label)) for question, label in _LABELS.items() if question in able]
