"""Providers and what airs at them now."""

import time
from typing import Any

from drf_spectacular.utils import extend_schema

from accounts.facade import sees_adult, sees_hidden
from core.api.documents import Ask, Document, DocumentView
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from providers.api.serializers.home import HomeOut, TitleProvidersOut
from providers.selectors.home import Home, HomeTitle, home_of
from providers.selectors.providers import providers_listed


class Providers(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset()

    @extend_schema(responses=TitleProvidersOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The providers that this site knows, the preferred first; most are switched off until the operator says otherwise."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        rows = [
            {
                "name": one.row.name,
                "label": one.row.label,
                "capabilities": one.capabilities,
                "is_enabled": one.row.is_enabled,
                "home_at": one.row.home_at,
            }
            for one in providers_listed()
        ]
        return Document(json_bytes({"results": rows}), modified=time.time(), is_shared=False)


class ProvidersHome(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset()

    @extend_schema(responses=HomeOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """What airs now at all providers that are on, each anime once, with every provider that has it."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        begun = time.perf_counter()
        home = home_of(adult=sees_adult(ask.user), shows_hidden=sees_hidden(ask.user))
        body = json_bytes(home_body(home))
        took = (time.perf_counter() - begun) * 1000
        return Document(body, modified=home.generated_at.timestamp(), is_shared=False, took=took)


def home_body(home: Home) -> dict[str, Any]:
    """The answer as JSON may say it."""
    results = [title_body(title) for title in home.titles]
    return {"count": len(results), "generated_at": home.generated_at, "results": results}


def title_body(title: HomeTitle) -> dict[str, Any]:
    """One item, with the names that clients of weaboo know."""
    return {
        "name": title.name,
        "cover": title.cover,
        "slugs": title.slug,
        "provider": title.provider,
        "sources": title.sources,
        "providerSlugs": title.provider_slugs,
        "anime_id": title.anime_id,
        "mal_id": title.mal_id,
        "episode": title.episode,
        "released_at": title.released_at,
    }
