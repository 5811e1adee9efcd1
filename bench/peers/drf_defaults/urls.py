"""A read-only viewset of anime with nested genres and titles, fetched ahead as a careful author would."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.routers import DefaultRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from bench.peers.drf_defaults.models import Anime, Genre, Title


class GenreSerializer(ModelSerializer):
    class Meta:
        model = Genre
        fields = ["id", "name", "slug"]


class TitleSerializer(ModelSerializer):
    class Meta:
        model = Title
        fields = ["text", "language", "kind"]


class CardSerializer(ModelSerializer):
    genres = GenreSerializer(many=True)
    titles = TitleSerializer(many=True)

    class Meta:
        model = Anime
        exclude = ["synopsis", "background", "merged_into"]


class RecordSerializer(CardSerializer):
    class Meta:
        model = Anime
        exclude = ["merged_into"]


class AnimeViewSet(ReadOnlyModelViewSet):
    queryset = (
        Anime.objects.filter(merged_into=None, is_adult=False)
        .exclude(visibility="hidden")
        .order_by("-popularity", "-id")
        .prefetch_related("genres", "titles")
    )

    def get_serializer_class(self) -> type[ModelSerializer]:
        return CardSerializer if self.action == "list" else RecordSerializer


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


router = DefaultRouter(trailing_slash=False)
router.register("anime", AnimeViewSet)

urlpatterns = [path("empty", empty), path("api/v1/", include(router.urls))]
