"""Every page of the admin opens; each role sees what is its own."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from catalog.tests import factories


def person(role: str, name: str | None = None) -> User:
    return User.objects.create_user(name or f"some_{role}", f"{name or role}@example.org", "x", role=role)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rows(db) -> None:
    """At least one row of everything that hangs on an anime."""
    anime = factories.AnimeFactory(document=True)
    episode = factories.EpisodeFactory(anime=anime)
    factories.EpisodeSourceFactory(episode=episode)
    factories.SubtitleTrackFactory(episode=episode)
    factories.RelationFactory(from_anime=anime)
    for factory in (
        factories.TitleFactory,
        factories.ExternalIdFactory,
        factories.ExternalScoreFactory,
        factories.TimecodeFactory,
        factories.RatingFactory,
        factories.BroadcastRuleFactory,
        factories.OfficialLinkFactory,
        factories.FieldProvenanceFactory,
    ):
        factory(anime=anime)
    factories.ImportRunFactory()


MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_and_forms_open(model) -> None:
    client = client_of(person(Role.SUPERADMIN))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_changelist"), {"q": "hoshi"}).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code in (200, 403)
    row = model._default_manager.first()
    if row is not None:
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.usefixtures("rows")
def test_the_dashboard_counts_and_draws() -> None:
    page = client_of(person(Role.ADMIN)).get(reverse("admin:index"))
    assert page.status_code == 200
    body = page.content.decode()
    assert "hiroba-figure" in body
    assert body.count("<svg viewBox") >= 3
    assert "Anime by decade" in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"), [(Role.USER, 302), (Role.TESTER, 302), (Role.MODERATOR, 200), (Role.ADMIN, 200)]
)
def test_who_comes_in(role: str, status: int) -> None:
    assert client_of(person(role)).get(reverse("admin:index")).status_code == status


@pytest.mark.django_db
class TestRoles:
    def change(self, actor: User, target: User, role: str):
        url = reverse("admin:accounts_user_change", args=[target.pk])
        form = {"username": target.username, "display_name": "Renamed", "bio": "", "role": role}
        return client_of(actor).post(url, form, follow=True)

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN, Role.TESTER])
    def test_a_moderator_makes_nobody_anything(self, role: str) -> None:
        target = person(Role.USER, "target")
        self.change(person(Role.MODERATOR), target, role)
        target.refresh_from_db()
        assert (target.role, target.display_name) == (Role.USER, "")

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERADMIN])
    def test_an_admin_makes_no_peer(self, role: str) -> None:
        target = person(Role.USER, "target")
        self.change(person(Role.ADMIN), target, role)
        target.refresh_from_db()
        assert target.role == Role.USER

    def test_an_admin_makes_a_moderator(self) -> None:
        target = person(Role.USER, "target")
        self.change(person(Role.ADMIN), target, Role.MODERATOR)
        target.refresh_from_db()
        assert (target.role, target.display_name) == (Role.MODERATOR, "Renamed")

    def test_nobody_raises_themselves(self) -> None:
        admin_ = person(Role.ADMIN)
        self.change(admin_, admin_, Role.SUPERADMIN)
        admin_.refresh_from_db()
        assert admin_.role == Role.ADMIN

    def test_extra_fields_change_nothing(self) -> None:
        target = person(Role.USER, "target")
        url = reverse("admin:accounts_user_change", args=[target.pk])
        form = {
            "username": target.username,
            "display_name": "",
            "bio": "",
            "role": "user",
            "email": "evil@example.org",
            "password": "x",
        }
        client_of(person(Role.ADMIN)).post(url, form)
        before = (target.email, target.password)
        target.refresh_from_db()
        assert (target.email, target.password) == before

    def test_a_moderator_suspends_users_only(self) -> None:
        user, peer = person(Role.USER, "target"), person(Role.MODERATOR, "peer")
        form = {"action": "suspend", "_selected_action": [str(user.pk), str(peer.pk)]}
        client_of(person(Role.MODERATOR)).post(reverse("admin:accounts_user_changelist"), form)
        user.refresh_from_db()
        peer.refresh_from_db()
        assert (user.is_active, peer.is_active) == (False, True)
