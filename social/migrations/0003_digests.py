"""How often somebody gets the digest, and how far new episodes were looked for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("social", "0002_posts_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleaseScan",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("last_source_id", models.BigIntegerField(default=0, verbose_name="newest source seen")),
                ("full_at", models.DateTimeField(blank=True, null=True, verbose_name="last look at everything")),
            ],
            options={
                "verbose_name": "search for new episodes",
                "verbose_name_plural": "searches for new episodes",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="release_scan_one")],
            },
        ),
        migrations.CreateModel(
            name="DigestPreference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="digest_preference",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[("daily", "Every day"), ("weekly", "Every Monday"), ("never", "Never")],
                        default="daily",
                        max_length=6,
                        verbose_name="frequency",
                    ),
                ),
                ("time_zone", models.CharField(blank=True, default="", max_length=64, verbose_name="time zone")),
                ("language", models.CharField(blank=True, default="", max_length=12, verbose_name="language")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
            ],
            options={
                "verbose_name": "digest preference",
                "verbose_name_plural": "digest preferences",
                "indexes": [
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="digest_due")
                ],
            },
        ),
    ]
