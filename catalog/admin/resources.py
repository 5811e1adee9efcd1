"""Import and export tables. Cells that a spreadsheet would run are escaped on the way out (threat 37)."""

from typing import Any

from import_export.resources import ModelResource

from catalog.models import Anime, Genre, Studio, Tag, Translation
from core.csv_cells import cell_escape


class SafeResource(ModelResource):
    """Exports text that no spreadsheet runs; imports skip rows that would change nothing."""

    class Meta:
        skip_unchanged = True
        report_skipped = False
        use_transactions = True

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        return cell_escape(super().export_field(field, instance, **kwargs))


class AnimeResource(SafeResource):
    class Meta(SafeResource.Meta):
        model = Anime
        fields = [
            "id",
            "title",
            "title_english",
            "title_native",
            "kind",
            "status",
            "source",
            "season",
            "year",
            "start_date",
            "end_date",
            "episode_count",
            "duration_seconds",
            "age_rating",
            "is_adult",
            "score",
            "popularity",
            "visibility",
        ]


class GenreResource(SafeResource):
    class Meta(SafeResource.Meta):
        model = Genre
        import_id_fields = ["slug"]
        fields = ["slug", "name", "is_adult"]


class TagResource(SafeResource):
    class Meta(SafeResource.Meta):
        model = Tag
        import_id_fields = ["slug"]
        fields = ["slug", "name", "category", "is_adult"]


class StudioResource(SafeResource):
    class Meta(SafeResource.Meta):
        model = Studio
        import_id_fields = ["slug"]
        fields = ["slug", "name"]


class TranslationResource(SafeResource):
    class Meta(SafeResource.Meta):
        model = Translation
        import_id_fields = ["code"]
        fields = ["code", "kind", "language", "team"]
