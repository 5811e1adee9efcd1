"""What a person chose: how videos play and who sees what. Abstract, so that reading a person reads it in the same query."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.visibility import Visibility

language_validator = RegexValidator(r"\A[a-z]{2,3}\Z", _("A language code of two or three letters."), code="language")


class PlayerPreferences(models.Model):
    """kuudere's `pref`: what the player does by itself, and which audio it prefers."""

    auto_play = models.BooleanField(_("start playing by itself"), default=True)
    auto_next = models.BooleanField(_("go on with the next episode"), default=True)
    auto_skip_opening = models.BooleanField(_("skip openings"), default=False)
    auto_skip_ending = models.BooleanField(_("skip endings"), default=False)
    default_language = models.CharField(
        _("language of audio"), max_length=3, default="ja", validators=[language_validator]
    )
    shows_comments = models.BooleanField(_("show comments"), default=True)

    class Meta:
        abstract = True


class PrivacyPreferences(models.Model):
    """Private by default where others see what somebody does (product.md): activity is shared by choice only."""

    profile_visibility = models.CharField(
        _("profile"), max_length=8, choices=Visibility.choices, default=Visibility.EVERYONE
    )
    activity_visibility = models.CharField(
        _("activity"), max_length=8, choices=Visibility.choices, default=Visibility.NOBODY
    )
    online_status_visibility = models.CharField(
        _("online status"), max_length=8, choices=Visibility.choices, default=Visibility.FRIENDS
    )

    class Meta:
        abstract = True
