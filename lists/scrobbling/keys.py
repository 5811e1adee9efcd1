"""What a media server's play is remembered by: its season for numbered episodes, itself for films, specials and the unnumbered."""

import hashlib
from dataclasses import dataclass

import orjson

from lists.models import ScrobblePlay, ScrobbleRule
from lists.scrobbling.plays import Play

KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class PlayKeys:
    """`season` is shared by all episodes of a season (by all specials of a show), `episode` is the play's alone.

    Both are hashes over the kind of server, its own id of the show and what it calls it: a show that was renamed there, or
    corrected to be another one, is asked for anew.
    """

    season: str
    episode: str


def play_keys(server: str, play: Play) -> PlayKeys:
    """The keys of a play that came from a kind of server."""
    show = [server, play.show, play.title.casefold(), play.year, play.is_film]
    season = None if play.is_film else play.season if play.season is not None else 1
    # A number tells episodes of a season apart; the episode's name does only where there is none.
    which = None if play.is_film else [play.number, play.name.casefold() if play.number is None else None]
    return PlayKeys(_hash([*show, season]), _hash([*show, season, which]))


def counts_in_season(subject: ScrobblePlay | ScrobbleRule) -> bool:
    """Whether one choice can stand for a whole season: its episodes are numbered. Specials of a show are of many anime."""
    return not subject.is_film and subject.season != 0 and subject.number is not None


def deciding_key(play: ScrobblePlay) -> str:
    """What one choice for this play stands for: its season where that can be, else the episode alone."""
    return play.season_key if counts_in_season(play) else play.episode_key


def _hash(parts: list[object]) -> str:
    return hashlib.blake2b(orjson.dumps(parts), digest_size=KEY_LENGTH // 2).hexdigest()
