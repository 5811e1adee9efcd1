"""How many title pages a second each adapter reads on one core: `python -m bench.providers_parsing`.

The pages are those of `providers/tests/fixtures/`, with episode lists of 12, 60 and 500 rows and the weight of scripts, styles
and menus around them that real pages have.
"""

import math
import os
import re
import time
from collections.abc import Callable
from typing import Any

from bench.goals import Goal, goals_tell

FLOOR = 60
SIZES = (("small", 12, 10), ("typical", 60, 60), ("500 episodes", 500, 40))
"""(name, rows, kilobytes of everything else)."""
LOOKS, SECONDS = 5, 0.4
URL = "https://anime.example.org/anime/hoshi-no-niwa/"
GERMAN_URL = "https://anime.example.org/anime/stream/garden-of-stars"
LISTS = {
    "animasu": (
        r'(<ul id="daftarepisode">).*?(</ul>)',
        '<li><span class="lchx"><a href="https://anime.example.org/nonton-hoshi-no-niwa-episode-{n}/" itemprop="url"'
        ' title="Hoshi no Niwa Episode {n} Subtitle Indonesia">Hoshi no Niwa Episode {n}</a></span>'
        '<span class="date">{day} Januari 2024</span></li>\n',
    ),
    "samehadaku": (
        r'(<div class="lstepsiode listeps"><ul>).*?(</ul>)',
        '<li><div class="epsright"><span class="eps"><a href="https://anime.example.org/hoshi-no-niwa-episode-{n}/">{n}</a>'
        '</span></div><div class="epsleft"><span class="lchx"><a href="https://anime.example.org/hoshi-no-niwa-episode-{n}/">'
        'Hoshi no Niwa Episode {n}</a></span><span class="date">{day} Januari 2024</span></div></li>\n',
    ),
    "aniworld": (
        r'(<tbody id="season1">).*?(</tbody>)',
        '<tr class="" data-episode-id="{n}" data-episode-season-id="{n}" itemprop="episode"><td class="season1EpisodeID">'
        '<meta itemprop="episodeNumber" content="{n}"><a itemprop="url" href="/anime/stream/garden-of-stars/staffel-1/'
        'episode-{n}"> Folge {n} </a></td><td class="seasonEpisodeTitle"><a href="#"> <strong>Der Stern {n}</strong> - '
        '<span>The Star {n}</span> </a></td><td class="editFunctions"><img class="flag" src="/public/img/german.svg"> '
        '<img class="flag" src="/public/img/japanese-german.svg"></td></tr>\n',
    ),
}


def page_made(name: str, rows: int, kilobytes: int) -> str:
    """A title's page of an adapter (AniWorld: a season's)."""
    from providers.tests.adapters.fixture_pages import fixture_text

    pattern, row = LISTS[name]
    text = fixture_text(f"{name}/{'episodes' if name == 'aniworld' else 'detail'}.html")
    listed = "".join(row.format(n=number, day=number % 28 + 1) for number in range(rows, 0, -1))
    text = re.sub(pattern, lambda found: found[1] + listed + found[2], text, flags=re.DOTALL)
    script = "<script>(function(){var a=[1,2,3];for(var i=0;i<a.length;i++){a[i]+=1}})();</script>\n"
    menu = '<li class="menu-item"><a href="/genre/drama/"><i class="fa"></i><span>Drama</span></a></li>\n'
    around = script * (kilobytes * 512 // len(script)) + "<ul>" + menu * (kilobytes * 512 // len(menu)) + "</ul>"
    return text.replace("<body>", f"<body>{around}", 1)


def pages_a_second(parse: Callable[[str, str], Any], text: str, url: str) -> float:
    """The best of some looks, in processor time: what else runs on the machine costs caches, not the adapter."""
    return max(_look(parse, text, url) for _ in range(LOOKS))


def _look(parse: Callable[[str, str], Any], text: str, url: str) -> float:
    count, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        parse(text, url)
        count += 1
    return count / (time.process_time() - start)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from providers.tests.adapters.fixture_pages import parser_of

    slowest = {"typical": math.inf, "with 500 episodes": math.inf}
    print("adapter      page            size  episodes  pages/s")
    for name in LISTS:
        question, url = ("episodes", GERMAN_URL + "/staffel-1") if name == "aniworld" else ("detail", URL)
        parse = parser_of(name, question)
        assert parse is not None
        for size, rows, kilobytes in SIZES:
            text = page_made(name, rows, kilobytes)
            found = parse(text, url)
            count = len(found if question == "episodes" else found.episodes)
            speed = pages_a_second(parse, text, url)
            print(f"{name:12} {size:12} {len(text) / 1024:5.0f} KB  {count:8}  {speed:7.0f}")
            kind = "with 500 episodes" if count >= 500 else "typical"
            slowest[kind] = min(slowest[kind], speed)
    goals_tell(
        Goal(f"pages of a title read on one core, {kind}, slowest adapter", speed, FLOOR, "/s", is_floor=True)
        for kind, speed in slowest.items()
    )


if __name__ == "__main__":
    main()
