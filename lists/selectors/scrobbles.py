"""Scrobble addresses of a person, and what came through them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from lists.models import MediaServer, ScrobbleEndpoint, ScrobbleReceipt

SHOWN = 50

REASONS = {
    "nothing_played": _("No film and no episode"),
    "not_over": _("It was stopped before its end"),
    "switched_off": _("Watching does not change your list: you switched that off"),
    "no_number": _("The episode has no number"),
    "special": _("The catalogue does not know for certain which anime this special (season 0) is"),
    "unknown_title": _("No anime is called so"),
    "ambiguous": _("Several anime are called so"),
    "season_unknown": _("It is not certain which anime is this season"),
    "beyond": _("The season has no such episode, and what follows is not certain"),
    "anime_hidden": _("The anime was taken down"),
    "not_found": _("The anime is not to be seen"),
    "validation_failed": _("The anime has no such episode"),
    "rule_beyond": _("The anime that you chose has no such episode"),
    "rule_ignored": _("You ignore this title"),
    "by_rule": _("By your choice"),
    "by_id": _("Found by its id"),
    "by_episode": _("Found by the episode's id"),
    "by_season": _("Found by its season at TheTVDB"),
    "by_title": _("Found by its title"),
}
"""What a receipt's reason means to its person."""


@dataclass(frozen=True, slots=True)
class ServerShown:
    """A kind of media server and, once its person made one, the address for it."""

    server: MediaServer
    endpoint: ScrobbleEndpoint | None


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A receipt in words."""

    receipt: ScrobbleReceipt
    reason: object
    where: str


def servers_of(user: User) -> list[ServerShown]:
    """Every kind of server, with the person's address where there is one. One query."""
    made = {endpoint.server: endpoint for endpoint in ScrobbleEndpoint.objects.filter(user=user)}
    return [ServerShown(server, made.get(server.value)) for server in MediaServer]


def receipts_of(user: User) -> list[ReceiptShown]:
    """The latest fifty over all of the person's addresses, newest first. One query."""
    rows = ScrobbleReceipt.objects.filter(endpoint__user=user).select_related("endpoint", "anime")
    return [
        ReceiptShown(row, REASONS.get(row.detail.get("reason", ""), ""), _where(row))
        for row in rows.order_by("-received_at", "-pk")[:SHOWN]
    ]


def _where(row: ScrobbleReceipt) -> str:
    """ "S2 E5" as the server counted."""
    season, number = row.detail.get("season"), row.detail.get("number")
    return " ".join(f"{letter}{value}" for letter, value in (("S", season), ("E", number)) if value is not None)
