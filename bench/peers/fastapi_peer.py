"""FastAPI + asyncpg + orjson over Hiroba's own tables: the same statements, the same bodies, nothing else.

It is built to be as quick as such a service gets: uvloop and httptools, statements prepared by asyncpg, no reset of
connections between requests, stored cards passed through orjson undecoded, the count taken once. It has no validators,
metrics, request ids, policies or cache.
"""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import asyncpg
import orjson
from fastapi import FastAPI, HTTPException, Query, Request, Response

LISTED = (
    'FROM "catalog_anime" WHERE ("catalog_anime"."merged_into_id" IS NULL '
    """AND NOT ("catalog_anime"."visibility" = 'hidden') AND NOT "catalog_anime"."is_adult")"""
)
PAGE = (
    'SELECT d.card FROM (SELECT "catalog_anime"."popularity" AS "sort_key", "catalog_anime"."id" AS "id" '
    f"{LISTED} ORDER BY 1 DESC, 2 DESC LIMIT $1 OFFSET $2) AS p "
    "JOIN catalog_animedocument d ON d.anime_id = p.id ORDER BY p.sort_key DESC, p.id DESC"
)
WALK = (
    'SELECT "catalog_anime"."popularity" AS "sort_key", "catalog_anime"."id" AS "id", "catalog_animedocument"."card" '
    'FROM "catalog_anime" INNER JOIN "catalog_animedocument" '
    'ON ("catalog_anime"."id" = "catalog_animedocument"."anime_id") '
    'WHERE ("catalog_anime"."merged_into_id" IS NULL AND NOT ("catalog_anime"."visibility" = \'hidden\') '
    'AND NOT "catalog_anime"."is_adult" AND "catalog_anime"."popularity" <= $1 '
    'AND ("catalog_anime"."popularity" < $1 OR ("catalog_anime"."popularity" = $1 AND "catalog_anime"."id" < $2))) '
    "ORDER BY 1 DESC, 2 DESC LIMIT $3"
)
RECORD = (
    "SELECT d.detail, d.etag, d.updated_at, a.visibility, a.moderation_reason, a.merged_into_id "
    "FROM catalog_anime a LEFT JOIN catalog_animedocument d ON d.anime_id = a.id WHERE a.id = $1"
)


async def _keep(connection: asyncpg.Connection) -> None:
    """Nothing to reset between requests that only read; asyncpg's own way costs a round trip each."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await asyncpg.create_pool(os.environ["PEER_DATABASE"], min_size=4, max_size=16, reset=_keep)
    app.state.count = await app.state.pool.fetchval(f"SELECT count(*) {LISTED}")
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _address(request: Request, name: str, value: object) -> str:
    return f"{request.url.path}?{urlencode({**request.query_params, name: value})}"


@app.get("/empty")
async def empty() -> Response:
    return Response(b"")


@app.get("/api/v1/anime")
async def anime_list(
    request: Request,
    page: int = Query(1, ge=1, le=1_000_000),
    page_size: int = Query(20, ge=1, le=100),
    cursor: str | None = None,
) -> Response:
    if cursor is not None:
        return await _walk(request, cursor, page_size)
    offset = (page - 1) * page_size
    rows = await request.app.state.pool.fetch(PAGE, page_size, offset)
    count = request.app.state.count
    body = {
        "count": count,
        "next": _address(request, "page", page + 1) if offset + page_size < count else None,
        "previous": _address(request, "page", page - 1) if page > 1 else None,
        "results": [orjson.Fragment(row[0]) for row in rows],
    }
    return _json(orjson.dumps(body))


async def _walk(request: Request, cursor: str, page_size: int) -> Response:
    raw = cursor.partition(".")[2]
    popularity, last = orjson.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    rows = await request.app.state.pool.fetch(WALK, popularity, last, page_size + 1)
    more, rows = len(rows) > page_size, rows[:page_size]
    body = {
        "next": _address(request, "cursor", "n." + _key(rows[-1])) if more else None,
        "previous": _address(request, "cursor", "p." + _key(rows[0])) if rows else None,
        "results": [orjson.Fragment(row[2]) for row in rows],
    }
    return _json(orjson.dumps(body))


def _key(row: asyncpg.Record) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row[0], row[1]])).rstrip(b"=").decode()


@app.get("/api/v1/anime/{anime_id}")
async def anime_record(request: Request, anime_id: int) -> Response:
    row = await request.app.state.pool.fetchrow(RECORD, anime_id)
    if row is None or row[0] is None or row[5] is not None:
        raise HTTPException(404)
    if row[3] == "hidden":
        raise HTTPException(410)
    return _json(row[0].encode())
