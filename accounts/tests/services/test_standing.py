"""A password that is changed while it is being checked opens nothing afterwards (threat 24)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.errors import InvalidCredentials, TooManyFailures
from accounts.models import ApiKey, KnownDevice, SignInChallenge, User, UserSession
from accounts.selectors.two_factor import is_two_factor_on
from accounts.services import lockout
from accounts.services.api_keys import api_key_create
from accounts.services.challenges import challenge_answer, challenge_start
from accounts.services.email_addresses import email_change_ask
from accounts.services.email_codes import email_code_make
from accounts.services.passwords import password_change, password_reset, password_set
from accounts.services.sign_in import credentials_check, sign_in_complete
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.passkeys import passkey_of
from accounts.tests.two_factor import code_now, two_factor_on

pytestmark = pytest.mark.django_db
NEW = "another passphrase 7"
HERE = "198.51.100.7"


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="person")


def checked(user: User) -> User:
    return credentials_check(identifier=user.username, password=PASSWORD, address=HERE)


class TestInFlight:
    def test_a_session_earned_with_the_old_password_is_not_made(self, user: User) -> None:
        early = checked(user)
        password_set(user=User.objects.get(pk=user.pk), password=NEW)
        with pytest.raises(InvalidCredentials):
            sign_in_complete(user=early, device="", address=HERE)
        assert not UserSession.objects.exists()
        assert not KnownDevice.objects.exists()

    def test_nor_a_challenge(self, user: User) -> None:
        early = checked(user)
        password_set(user=User.objects.get(pk=user.pk), password=NEW)
        with pytest.raises(InvalidCredentials):
            challenge_start(user=early)
        assert not SignInChallenge.objects.exists()

    def test_nor_a_session_of_an_answered_challenge(self, user: User) -> None:
        secret, _ = two_factor_on(user)
        early = challenge_answer(
            token=challenge_start(user=checked(user)), code=code_now(secret, ahead=1), address=HERE
        )
        password_set(user=User.objects.get(pk=user.pk), password=NEW)
        with pytest.raises(InvalidCredentials):
            sign_in_complete(user=early, device="", address=HERE)
        assert not UserSession.objects.exists()

    @pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!gone"}])
    def test_nor_for_somebody_suspended_meanwhile(self, user: User, change: dict[str, object]) -> None:
        early = checked(user)
        User.objects.filter(pk=user.pk).update(**change)
        with pytest.raises(InvalidCredentials):
            sign_in_complete(user=early, device="", address=HERE)
        assert not UserSession.objects.exists()


class TestGuessesElsewhere:
    """Ten guesses from elsewhere lock the account; its person's own device goes on."""

    @pytest.fixture
    def kept(self, user: User) -> list[str]:
        _, kept = sign_in_complete(user=user, device="", address=HERE)
        for _ in range(lockout.FAILURES_ALLOWED):
            lockout.attempt_begin(address="203.0.113.9", account=str(user.pk))
        return [kept]

    def test_the_password_is_changed_on_a_known_device(self, user: User, kept: list[str]) -> None:
        given = {"user": user, "password": NEW, "current_password": PASSWORD, "address": HERE}
        with pytest.raises(TooManyFailures):
            password_change(**given)
        password_change(**given, device_tokens=kept)
        assert User.objects.get(pk=user.pk).check_password(NEW)

    def test_the_address_too(self, user: User, kept: list[str]) -> None:
        given = {"user": user, "email": "new@example.org", "password": PASSWORD, "address": HERE}
        with pytest.raises(TooManyFailures):
            email_change_ask(**given)
        email_change_ask(**given, device_tokens=kept)
        assert user.email_codes.get().email == "new@example.org"


class TestResetOfAnAddressNobodyProved:
    """Somebody may have registered another's address and kept ways in; its owner resets the password by mail."""

    def furnish(self, user: User) -> str:
        api_key_create(user=user, name="mine", scopes=["catalog:read"])
        passkey_of(user)
        SocialAccount.objects.create(user=user, provider="discord", uid="1")
        sign_in_complete(user=user, device="", address=HERE)
        two_factor_on(user)
        return email_code_make(user=user, purpose="reset")

    @pytest.mark.parametrize("is_verified", [False, True])
    def test_other_ways_in(self, user: User, is_verified: bool) -> None:
        user.is_verified = is_verified
        user.save(update_fields=["is_verified"])
        password_reset(token=self.furnish(user), password=NEW)
        kept = [
            model.objects.filter(user=user).exists() for model in (ApiKey, Authenticator, SocialAccount, KnownDevice)
        ]
        assert kept == [is_verified] * 4
        assert is_two_factor_on(user)
        assert User.objects.get(pk=user.pk).is_verified
