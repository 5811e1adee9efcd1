"""The running application against its own schema: no request that the schema can describe makes it fail or answer undeclared."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, assume, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.config import CacheConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Role
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory, EpisodeFactory, TimecodeFactory, TranslationFactory
from core import throttles
from core.throttles import Allowance, Limit
from lists.facade import progress_save

pytestmark = pytest.mark.either
load_all_checks()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SHELF = range(1, 6)  # ids that generated numbers meet often


def _schema() -> Any:
    """Made from the code, as `/api/v1/schema` does, and answered by the application in this process."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    config = SchemathesisConfig(seed=20240405, cache=CacheConfig(enabled=False))
    found = schemathesis.openapi.from_dict(document, config=config)
    found.app = get_wsgi_application()
    return found


schema = _schema()
BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _open_connection() -> Iterator[None]:
    """A request closes its connection at its end; the test's transaction lives in it, so here it stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def actors(db: None, _open_connection: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """Headers by actor, over a small shelf; without limits, so that every request reaches its view."""
    monkeypatch.setattr(throttles, "throttle_hit", _unlimited)
    for number in SHELF:
        anime = AnimeFactory(id=number, mal_id=number)
        EpisodeFactory(anime=anime, number=1)
        TimecodeFactory(anime=anime, episode_number=1)
    AnimeFactory(id=6, mal_id=6, hidden=True)
    AnimeFactory(id=7, mal_id=7, restricted=True)
    documents_rebuild()
    TranslationFactory(code="team")
    user, curator = UserFactory.create(), UserFactory.create(role=Role.ADMIN)
    progress_save(user=user, anime_id=1, episode_number=1, position=60, duration=1400)
    return {
        "anonymous": {},
        "user": {"Authorization": f"Bearer {session_start(user=user).access_token}"},
        "staff": {"Authorization": f"Bearer {session_start(user=curator).access_token}"},
    }


def _unlimited(limit: Limit, key: str) -> Allowance:
    return Allowance(limit.times, limit.times, limit.seconds, False)


@pytest.mark.django_db
@pytest.mark.parametrize("anime", [6, 7], ids=["hidden", "restricted"])
def test_what_is_taken_down_or_restricted_keeps_to_the_schema(anime: int, actors: dict[str, dict[str, str]]) -> None:
    """Generated ids seldom meet these two."""
    asked = 0
    for path, operations in schema.raw_schema["paths"].items():
        names = {"id", "sid"} & set(re.findall(r"{(\w+)}", path))
        if names and "get" in operations:
            case = schema[path]["GET"].Case(path_parameters={names.pop(): anime})
            for headers in actors.values():
                answer = case.call_and_validate(headers=headers, checks=CHECKS)
                assert answer.status_code < 500, path
                asked += 1
    assert asked >= len(actors)


@pytest.mark.slow
@schema.parametrize()
@BOUNDED
def test_the_application_keeps_to_its_schema(case: schemathesis.Case, actors: dict[str, dict[str, str]]) -> None:
    # Not even a wrong form can be written that is no collection of fields (schemathesis draws `true`).
    assume(not (case.media_type or "").startswith("multipart/") or isinstance(case.body, dict))
    for headers in actors.values():
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        assert answer.status_code < 500
