"""Rows of devices and notices: the API, the page of settings, the service worker."""

from typing import Any

from accounts.services.devices import expo_register
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_PAGE, Row

_SIGNED_IN_201 = "401 201 201 201 201 201 201"
_OWNERS_ALONE = "401 204 404 404 404 404 404"
_ALL_302 = "302 302 302 302 302 302 302"
_TOKEN = "ExponentPushToken[newnewnewnewnewnewnew0]"


def setup(world: Any) -> None:
    world.push_device = expo_register(user=world.owner, token="ExponentPushToken[matrixmatrixmatrix0000]").device


ROWS = [
    Row("POST", "api/v1/devices/register", _SIGNED_IN_201, body=lambda w: {"platform": "ios", "token": _TOKEN}),
    Row("GET", "api/v1/devices/vapid-key", SIGNED_IN),
    Row("DELETE", "api/v1/devices/<uuid:id>", _OWNERS_ALONE, path=lambda w: f"/api/v1/devices/{w.push_device.pk}"),
    Row("GET", "settings/notifications", SIGNED_IN_PAGE),
    Row("POST", "settings/notifications", _ALL_302, body=lambda w: {"on": ["new_sign_in:site"]}),
    Row("GET", "settings/notifications/test", _ALL_302),
    Row("POST", "settings/notifications/test", _ALL_302),
    Row(
        "GET",
        "settings/notifications/devices/<uuid:id>/remove",
        _ALL_302,
        path=lambda w: f"/settings/notifications/devices/{w.push_device.pk}/remove",
    ),
    Row(
        "POST",
        "settings/notifications/devices/<uuid:id>/remove",
        "302 302 404 404 404 404 404",
        path=lambda w: f"/settings/notifications/devices/{w.push_device.pk}/remove",
    ),
    Row("GET", "sw.js", EVERYONE),
]
