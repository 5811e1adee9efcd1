"""How providers' hosts do: counts by hour, and the pages that could not be read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HostHour(models.Model):
    """What happened with one host of one provider within one hour (UTC). Times are milliseconds."""

    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.CASCADE, related_name="hours", verbose_name=_("provider")
    )
    host = models.CharField(_("host"), max_length=255)
    hour = models.DateTimeField(_("hour"))
    requests = models.PositiveIntegerField(_("requests"), default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    blocked = models.PositiveIntegerField(_("blocked"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    paced = models.PositiveIntegerField(_("told to wait"), default=0)
    unread = models.PositiveIntegerField(_("pages that made no sense"), default=0)
    milliseconds = models.PositiveBigIntegerField(_("milliseconds in all"), default=0)
    slowest = models.PositiveIntegerField(_("slowest (ms)"), default=0)

    class Meta:
        verbose_name = _("hour of a host")
        verbose_name_plural = _("hours of hosts")
        constraints = [models.UniqueConstraint(fields=["provider", "host", "hour"], name="host_hour_once")]
        indexes = [models.Index(fields=["hour"], name="host_hour")]

    def __str__(self) -> str:
        return f"{self.host} {self.hour:%Y-%m-%d %H}h"


class PageFailure(models.Model):
    """A page that its adapter could not read, kept (gzip) to be looked at. `question` is home, search, detail, episodes…"""

    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.CASCADE, related_name="page_failures", verbose_name=_("provider")
    )
    question = models.CharField(_("question"), max_length=12)
    url = models.CharField(_("address"), max_length=1000)
    error_code = models.CharField(_("error"), max_length=60)
    detail = models.CharField(_("what was wrong"), max_length=500, blank=True)
    body = models.BinaryField(_("page (gzip)"), default=bytes)
    size = models.PositiveIntegerField(_("size (bytes)"), default=0)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("page that could not be read")
        verbose_name_plural = _("pages that could not be read")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.question} {self.url}"


class RememberedPage(models.Model):
    """A page with what makes the next request for it conditional. `body` is gzip; `digest` is the SHA-256 of its address."""

    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.CASCADE, related_name="pages", verbose_name=_("provider")
    )
    digest = models.CharField(max_length=64)
    url = models.CharField(_("address"), max_length=1000)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    body = models.BinaryField(default=bytes)
    fetched_at = models.DateTimeField(_("fetched"))

    class Meta:
        verbose_name = _("remembered page")
        verbose_name_plural = _("remembered pages")
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="remembered_page_once")]
        indexes = [models.Index(fields=["fetched_at"], name="remembered_page_age")]

    def __str__(self) -> str:
        return self.url
