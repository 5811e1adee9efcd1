"""What a list of posts and its search read without the text, and the first categories."""

from django.db import migrations, models
from django.db.models import Q

CATEGORIES = (
    ("general", "General", "Общее", False),
    ("recommendations", "Recommendations", "Рекомендации", False),
    ("news", "News", "Новости", True),
    ("questions", "Questions", "Вопросы", False),
    ("fan-works", "Fan works", "Творчество", False),
    ("feedback", "Feedback", "Обратная связь", False),
)
_INDEX = """
CREATE INDEX post_search ON social_post USING gin (array_to_tsvector(string_to_array(search_words, ' ')))
WHERE deleted_at IS NULL
"""


def categories_make(apps, schema_editor):
    """Those that are not there: staff may have made one of the same address."""
    category = apps.get_model("social", "Category")
    for position, (slug, name, name_ru, is_staff_only) in enumerate(CATEGORIES, 1):
        category.objects.using(schema_editor.connection.alias).get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "name_ru": name_ru,
                "position": position * 10,
                "is_staff_only": is_staff_only,
            },
        )


def search_index_make(apps, schema_editor):
    """PostgreSQL finds words by their beginnings through it; SQLite, for a site on one machine, reads the column."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_INDEX)


def search_index_drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS post_search")


class Migration(migrations.Migration):
    dependencies = [("social", "0001_initial")]

    operations = [
        migrations.AddField(
            "post", "excerpt", models.CharField(blank=True, default="", editable=False, max_length=300)
        ),
        migrations.AddField("post", "search_words", models.TextField(blank=True, default="", editable=False)),
        migrations.AddField("post", "linked", models.JSONField(blank=True, default=list, editable=False)),
        migrations.AddIndex(
            "post", models.Index(fields=["created_at"], condition=Q(deleted_at=None), name="post_since")
        ),
        migrations.AddIndex(
            "post",
            models.Index(fields=["-id"], condition=Q(deleted_at=None, is_pinned=True), name="post_pinned"),
        ),
        migrations.RunPython(categories_make, migrations.RunPython.noop),
        migrations.RunPython(search_index_make, search_index_drop),
    ]
