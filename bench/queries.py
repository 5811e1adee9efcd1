"""`python -m bench.queries N`: N searches as people type them, one a line, made of titles by the committed query set."""

import os
import random
import sys
from pathlib import Path

SET = Path(__file__).parent / "search" / "queries.csv"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from catalog.models import ExternalId, Site, Title
    from catalog.search.evaluation import RECIPES, is_long_enough, mutate, specimens_read, title_digest

    rows = ExternalId.objects.filter(site=Site.MAL).values_list("anime_id", "value")
    mal_ids = {anime_id: int(value) for anime_id, value in rows if value.isdigit()}
    titles = Title.objects.values_list("anime_id", "text").iterator()
    texts = {(mal_ids.get(anime_id), title_digest(text)): text for anime_id, text in titles}
    rng = random.Random(7)
    found = [
        mutate(recipe, specimen.script, text, specimen.seed)
        for specimen in specimens_read(SET)
        if (text := texts.get((specimen.mal_id, specimen.digest))) is not None
        and is_long_enough(recipe := rng.choice(RECIPES), specimen.script, text)
    ] or sorted(set(texts.values()))[:2000]
    rng.shuffle(found)
    sys.stdout.write("\n".join(" ".join(query.split()) for query in found[: int(sys.argv[1])]) + "\n")


if __name__ == "__main__":
    main()
