"""`/users/me/recommendations`."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import whole_number
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.api.serializers.recommendations import RecommendationOut
from lists.selectors.recommendations import LIMIT, recommendations_of


class Recommendations(View):
    """What the caller might like."""

    scopes = Scope.LISTS_READ
    access = SignedIn
    query = frozenset({"limit"})

    @extend_schema(
        operation_id="recommendations_list",
        parameters=[OpenApiParameter("limit", int, description="1–50, default 20.")],
        responses=RecommendationOut(many=True),
        tags=["Anime list"],
    )
    def get(self, request: Request) -> Response:
        """Anime that are not on the list, best first, with what on the list speaks for each. Worked out every night."""
        limit = whole_number(request.query_params, "limit", 20, highest=LIMIT)
        found = recommendations_of(request.user, limit=limit)
        return Response(
            [{**item.card, "recommendation_score": item.score, "because": list(item.because)} for item in found]
        )
