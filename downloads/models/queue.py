"""Whether the queue goes on: one row for the whole site."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.people import SetByPerson


class QueueMode(models.TextChoices):
    """`running`: the next one starts. `stopped`: what runs ends, nothing starts. `paused`: what runs halts where it is, too."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")


class QueueControl(SetByPerson):
    """The only row has id 1; without it the queue is running."""

    mode = models.CharField(_("mode"), max_length=7, choices=QueueMode.choices, default=QueueMode.RUNNING)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queue")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="queue_control_once")]

    def __str__(self) -> str:
        return self.mode
