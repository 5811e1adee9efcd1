"""`/users/me/list-preferences`: how the caller keeps their list."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.api.serializers.preferences import ListPreferencesOut, PreferencesIn
from lists.selectors.preferences import preferences_of
from lists.services.preferences import preferences_set


class Preferences(View):
    """Read and change."""

    scopes = {"GET": Scope.LISTS_READ, "PATCH": Scope.LISTS_WRITE}
    access = SignedIn
    query = frozenset[str]()

    @extend_schema(operation_id="list_preferences_get", responses=ListPreferencesOut, tags=["Anime list"])
    def get(self, request: Request) -> Response:
        """Format of scores, from when on an episode counts as watched, who sees the list."""
        return Response(ListPreferencesOut(preferences_of(request.user)).data)

    @extend_schema(
        operation_id="list_preferences_set", request=PreferencesIn, responses=ListPreferencesOut, tags=["Anime list"]
    )
    def patch(self, request: Request) -> Response:
        """Change any of them; what is left out stays."""
        return Response(ListPreferencesOut(preferences_set(user=request.user, **self.parse(PreferencesIn))).data)
