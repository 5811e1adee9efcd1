"""The core app: what every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from core import personal_parts  # noqa: F401 — what core knows about people
