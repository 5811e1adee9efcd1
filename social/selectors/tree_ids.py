"""The two walks through a tree of comments that one statement has to do: down to the first answers, up to the top."""

import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from core.sql import compiled
from social.models import Comment

_PG_LEVEL = "{name} AS (SELECT one.id FROM {above} above CROSS JOIN LATERAL ({children} LIMIT {most}) one)"
_SQLITE_LEVEL = """{name} AS (
    SELECT one.id FROM {above} above CROSS JOIN social_comment one
    WHERE one.id IN ({children} LIMIT {most}))"""


def replies_query(parents: Sequence[uuid.UUID], children: "QuerySet[Comment]", most: Sequence[int]) -> RawSQL:
    """Ids, for `pk__in`: of each of `parents` the first `most[0]` of `children`, of each of these the first `most[1]`, ….

    `children` is ordered and says which comments there are for the reader; each level reads an index for each comment
    above it and stops when it has enough, so that a comment with ten thousand answers costs what one with ten does.
    """
    above = RawSQL("above.id", (), output_field=UUIDField())
    inner, values = compiled(children.filter(parent_id=above).values("id"))
    field = Comment._meta.pk
    level = _PG_LEVEL if connection.vendor == "postgresql" else _SQLITE_LEVEL
    places = ", ".join(["%s"] * len(parents))
    steps = [f"level0 AS (SELECT id FROM social_comment WHERE id IN ({places}))"]  # noqa: S608 — places alone
    params = [field.get_db_prep_value(pk, connection) for pk in parents]
    for depth, count in enumerate(most):
        names = {"name": f"level{depth + 1}", "above": f"level{depth}", "most": int(count)}
        steps.append(level.format(children=inner, **names))
        params.extend(values)
    found = " UNION ALL ".join(f"SELECT id FROM level{depth + 1}" for depth in range(len(most)))  # noqa: S608 — numbers
    return RawSQL(f"WITH {', '.join(steps)} {found}", params)  # noqa: S611 — of the pieces above, values apart


def ancestors_query(comment_id: uuid.UUID) -> RawSQL:
    """Ids, for `pk__in`: this comment and all above it."""
    pk = Comment._meta.pk.get_db_prep_value(comment_id, connection)
    sql = """WITH RECURSIVE up AS (
        SELECT id, parent_id FROM social_comment WHERE id = %s
        UNION ALL SELECT one.id, one.parent_id FROM up JOIN social_comment one ON one.id = up.parent_id)
        SELECT id FROM up"""
    return RawSQL(sql, [pk])  # noqa: S611 — a constant


__all__ = ["ancestors_query", "replies_query"]
