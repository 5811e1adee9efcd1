"""What the environment says of providers, and which names newcomers get."""

import runpy

import pytest

from accounts.services.oauth import username_free
from accounts.tests.factories import UserFactory


def settings_of(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, object]:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path("config/settings/oauth.py")


def test_a_provider_needs_both_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(
        monkeypatch,
        OAUTH_GOOGLE_CLIENT_ID="id",
        OAUTH_GOOGLE_CLIENT_SECRET=" secret ",
        OAUTH_DISCORD_CLIENT_ID="id",
        OAUTH_YANDEX_CLIENT_SECRET="secret",
        OAUTH_SHIKIMORI_CLIENT_ID=" ",
        OAUTH_SHIKIMORI_CLIENT_SECRET="secret",
    )
    assert found["OAUTH_CLIENTS"] == {"google": ("id", "secret")}


def test_without_an_environment_nothing_is_offered_and_the_defaults_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_of(monkeypatch)
    assert found["OAUTH_CLIENTS"] == {}
    assert found["OAUTH_MOBILE_SCHEMES"] == ["anilay"]
    assert found["OAUTH_TOKENS_IN_URL"] is False
    assert found["SOCIALACCOUNT_STORE_TOKENS"] is False
    assert found["SOCIALACCOUNT_EMAIL_AUTHENTICATION"] is False


def test_a_provider_that_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    from accounts.oauth import providers

    found = settings_of(monkeypatch, OAUTH_PROVIDER_BASE="shikimori=https://shikimori.io/,discord=http://127.0.0.1:1/d")
    monkeypatch.setattr(providers.settings, "OAUTH_PROVIDER_BASE", found["OAUTH_PROVIDER_BASE"])
    clients = dict.fromkeys(("google", "shikimori"), ("id", "secret"))
    monkeypatch.setattr(providers.settings, "OAUTH_CLIENTS", clients)
    assert providers.moved("shikimori", "https://shikimori.one/oauth/token") == "https://shikimori.io/oauth/token"
    assert providers.moved("google", "https://oauth2.googleapis.com/token") == "https://oauth2.googleapis.com/token"
    policy = providers.policy()
    assert policy.hosts == ("oauth2.googleapis.com", "shikimori.io", "www.googleapis.com")
    assert (policy.schemes, policy.ports, policy.max_redirects) == (("https",), (443,), 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nickname", "name"),
    [
        ("nelly", "nelly"),
        ("Nelly.Fan 99", "Nelly_Fan_99"),
        ("__x__y__", "x_y"),
        ("a" * 40, "a" * 24),
    ],
)
def test_nicknames_that_can_be_names(nickname: str, name: str) -> None:
    assert username_free(nickname) == name


@pytest.mark.django_db
@pytest.mark.parametrize("nickname", ["", "ab", "Иван", "!!!", "☃☃☃", "\x00"])
def test_nicknames_that_cannot(nickname: str) -> None:
    assert username_free(nickname).startswith("new_")


@pytest.mark.django_db
@pytest.mark.parametrize("nickname", ["admin", "Adm1n", "taken", "TAKEN", "tak3n_", "deleted_1"])
def test_names_of_others_and_reserved_ones_are_not_taken(nickname: str) -> None:
    UserFactory.create(username="taken")
    name = username_free(nickname)
    assert name.lower() not in ("admin", "adm1n", "taken", "deleted_1")
