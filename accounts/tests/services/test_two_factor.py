"""The authenticator app and the recovery codes: RFC vectors, setup, switching on and off, every code once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

from accounts import totp
from accounts.errors import InvalidCode, TooManyFailures, TwoFactorAlreadyOn, TwoFactorNotSetUp, TwoFactorOff
from accounts.models import RecoveryCode, SignInChallenge, TotpDevice, User
from accounts.selectors.two_factor import is_two_factor_on, recovery_codes_left
from accounts.services import two_factor
from accounts.services.challenges import challenge_start
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.two_factor import code_now, two_factor_on
from core.errors import ValidationFailed

pytestmark = pytest.mark.django_db
HERE = {"address": "198.51.100.1"}
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", the secret of both RFCs


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The changes that people were told of."""
    found: list[str] = []

    def note(*, user: User, kind: str, context: dict[str, Any]) -> None:
        assert kind == "security_change"
        found.append(context["change"])

    monkeypatch.setattr(two_factor, "notice_send", note)
    return found


class TestCodes:
    @pytest.mark.parametrize(
        ("step", "code"),
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]),
    )
    def test_rfc_4226_appendix_d(self, step: int, code: str) -> None:
        assert totp.code_at(SECRET, step) == code

    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "94287082"),
            (1111111109, "07081804"),
            (1111111111, "14050471"),
            (1234567890, "89005924"),
            (2000000000, "69279037"),
            (20000000000, "65353130"),
        ],
    )
    def test_rfc_6238_appendix_b(self, seconds: int, code: str) -> None:
        """Its vectors have eight digits; ours are the last six of the same number."""
        assert totp.code_at(SECRET, seconds // 30) == code[-6:]

    def test_one_step_of_drift_either_way(self) -> None:
        now = 1_700_000_000.0
        step = int(now // 30)
        for drift, found in ((-2, []), (-1, [step - 1]), (0, [step]), (1, [step + 1]), (2, [])):
            assert totp.steps_matching(SECRET, totp.code_at(SECRET, step + drift), now) == found
        assert totp.steps_matching(SECRET, "１２３４５６", now) == []

    def test_the_address_for_apps(self) -> None:
        uri = urlsplit(totp.provisioning_uri(SECRET, account="some:body", issuer="My Anime & Co"))
        assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
        assert unquote(uri.path) == "/My Anime & Co:some:body"
        assert parse_qs(uri.query) == {
            "secret": [SECRET],
            "issuer": ["My Anime & Co"],
            "algorithm": ["SHA1"],
            "digits": ["6"],
            "period": ["30"],
        }


class TestSwitchingOn:
    def test_setup_changes_nothing_until_a_code_is_shown(self, told: list[str]) -> None:
        user = UserFactory.create()
        setup = two_factor.totp_setup(user=user)
        assert not is_two_factor_on(user)
        assert two_factor.totp_pending(user=user) == setup
        codes = two_factor.totp_enable(user=user, code=code_now(setup.secret))
        assert is_two_factor_on(user)
        assert two_factor.totp_pending(user=user) is None
        assert len(set(codes)) == recovery_codes_left(user) == 10
        assert told == ["two_factor_on"]

    def test_nothing_is_stored_in_clear(self) -> None:
        user = UserFactory.create()
        secret, codes = two_factor_on(user)
        device = TotpDevice.objects.get()
        assert secret not in device.secret
        stored = " ".join(RecoveryCode.objects.values_list("code_hash", flat=True))
        assert not any(code in stored or code.replace("-", "") in stored for code in codes)

    def test_a_wrong_code_leaves_it_off(self, told: list[str]) -> None:
        user = UserFactory.create()
        setup = two_factor.totp_setup(user=user)
        for wrong in ("", "12345", "abcdef", "1" * 100, str(int(code_now(setup.secret)) ^ 1).zfill(6)):
            with pytest.raises(ValidationFailed) as error:
                two_factor.totp_enable(user=user, code=wrong)
            assert list(error.value.extra["fields"]) == ["code"]
        assert not is_two_factor_on(user)
        assert not told

    def test_only_the_newest_setup_counts(self) -> None:
        user = UserFactory.create()
        first, second = two_factor.totp_setup(user=user), two_factor.totp_setup(user=user)
        with pytest.raises(ValidationFailed):
            two_factor.totp_enable(user=user, code=code_now(first.secret))
        two_factor.totp_enable(user=user, code=code_now(second.secret))

    def test_a_setup_waits_fifteen_minutes(self) -> None:
        user = UserFactory.create()
        with pytest.raises(TwoFactorNotSetUp):
            two_factor.totp_enable(user=user, code="123456")
        setup = two_factor.totp_setup(user=user)
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert two_factor.totp_pending(user=user) is None
            with pytest.raises(TwoFactorNotSetUp):
                two_factor.totp_enable(user=user, code=code_now(setup.secret))

    def test_it_is_switched_on_once(self) -> None:
        user = UserFactory.create()
        secret, codes = two_factor_on(user)
        with pytest.raises(TwoFactorAlreadyOn):
            two_factor.totp_setup(user=user)
        with pytest.raises(TwoFactorAlreadyOn):
            two_factor.totp_enable(user=user, code=code_now(secret))
        two_factor.code_confirm(user=user, code=codes[0], **HERE)


class TestSpendingCodes:
    def test_a_code_works_once_and_older_ones_not_at_all(self) -> None:
        user = UserFactory.create()
        with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False) as clock:
            secret, _ = two_factor_on(user)
            with pytest.raises(InvalidCode):  # it switched two-factor on: that was its use
                two_factor.code_confirm(user=user, code=code_now(secret), **HERE)
            old = code_now(secret)
            clock.shift(30)
            two_factor.code_confirm(user=user, code=code_now(secret)[:3] + " " + code_now(secret)[3:], **HERE)
            for used in (old, code_now(secret)):
                with pytest.raises(InvalidCode):
                    two_factor.code_confirm(user=user, code=used, **HERE)

    @pytest.mark.parametrize("spelt", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
    def test_a_recovery_code_works_once_however_it_is_typed(self, spelt: Any, told: list[str]) -> None:
        user = UserFactory.create()
        _, codes = two_factor_on(user)
        two_factor.code_confirm(user=user, code=spelt(codes[3]), **HERE)
        assert recovery_codes_left(user) == 9
        assert told[-1] == "recovery_code_used"
        with pytest.raises(InvalidCode):
            two_factor.code_confirm(user=user, code=codes[3], **HERE)

    def test_codes_of_another_do_not_work(self) -> None:
        mine, other = UserFactory.create(), UserFactory.create()
        two_factor_on(mine)
        secret, codes = two_factor_on(other)
        with time_machine.travel(timezone.now() + timedelta(seconds=30)):
            for code in (code_now(secret), codes[0]):
                with pytest.raises(InvalidCode):
                    two_factor.code_confirm(user=mine, code=code, **HERE)

    @pytest.mark.parametrize("code", ["", " ", "-", "000000", "\x00", "ü" * 10, "9" * 10_000])
    def test_rubbish_is_wrong(self, code: str) -> None:
        user = UserFactory.create()
        two_factor_on(user)
        with pytest.raises(InvalidCode):
            two_factor.code_confirm(user=user, code=code, **HERE)

    def test_ten_wrong_codes_lock_the_account_and_the_address(self) -> None:
        user = UserFactory.create()
        _, codes = two_factor_on(user)
        for n in range(10):
            with pytest.raises(InvalidCode):
                two_factor.code_confirm(user=user, code="wrong", address=f"198.51.100.{n}")
        with pytest.raises(TooManyFailures) as locked:
            two_factor.code_confirm(user=user, code=codes[0], address="203.0.113.1")
        assert 0 < int(locked.value.headers["Retry-After"]) <= 901
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            two_factor.code_confirm(user=user, code=codes[0], address="203.0.113.1")

    def test_a_secret_of_a_lost_key_leaves_the_door_shut(self, settings: LazySettings) -> None:
        user = UserFactory.create()
        secret, _ = two_factor_on(user)
        before = settings.SECRET_KEY
        settings.SECRET_KEY = "another key"
        with time_machine.travel(timezone.now() + timedelta(seconds=30)):
            with pytest.raises(InvalidCode):
                two_factor.code_confirm(user=user, code=code_now(secret), **HERE)
            settings.SECRET_KEY_FALLBACKS = [before]
            two_factor.code_confirm(user=user, code=code_now(secret), **HERE)


class TestRecoveryCodes:
    def test_new_ones_kill_the_old(self, told: list[str]) -> None:
        user = UserFactory.create()
        _, old = two_factor_on(user)
        new = two_factor.recovery_codes_regenerate(user=user)
        assert told[-1] == "recovery_codes"
        assert recovery_codes_left(user) == 10
        with pytest.raises(InvalidCode):
            two_factor.code_confirm(user=user, code=old[0], **HERE)
        two_factor.code_confirm(user=user, code=new[0], **HERE)

    def test_only_while_it_is_on(self) -> None:
        user = UserFactory.create()
        two_factor.totp_setup(user=user)
        with pytest.raises(TwoFactorOff):
            two_factor.recovery_codes_regenerate(user=user)


class TestSwitchingOff:
    def test_with_the_password(self, told: list[str]) -> None:
        user = UserFactory.create()
        two_factor_on(user)
        challenge_start(user=user)
        two_factor.two_factor_disable(user=user, password=PASSWORD, **HERE)
        assert not is_two_factor_on(user)
        assert not RecoveryCode.objects.exists()
        assert not SignInChallenge.objects.exists()
        assert told[-1] == "two_factor_off"
        with pytest.raises(TwoFactorOff):
            two_factor.two_factor_disable(user=user, password=PASSWORD, **HERE)

    def test_not_with_a_wrong_password_nor_with_a_code_in_its_place(self) -> None:
        user = UserFactory.create()
        _, codes = two_factor_on(user)
        for given in ({"password": "wrong"}, {"code": codes[0]}, {}):
            with pytest.raises(ValidationFailed) as error:
                two_factor.two_factor_disable(user=user, **given, **HERE)
            assert list(error.value.extra["fields"]) == ["password"]
        assert is_two_factor_on(user)

    def test_guessing_the_password_here_is_counted_with_sign_ins(self) -> None:
        user = UserFactory.create()
        two_factor_on(user)
        for n in range(10):
            with pytest.raises(ValidationFailed):
                two_factor.two_factor_disable(user=user, password="wrong", address=f"198.51.100.{n}")
        with pytest.raises(TooManyFailures):
            two_factor.two_factor_disable(user=user, password=PASSWORD, address="203.0.113.1")

    def test_an_account_without_a_password_shows_a_code(self) -> None:
        user = UserFactory.create(password=None)
        _, codes = two_factor_on(user)
        with pytest.raises(ValidationFailed) as error:
            two_factor.two_factor_disable(user=user, password="", code="wrong", **HERE)
        assert list(error.value.extra["fields"]) == ["code"]
        two_factor.two_factor_disable(user=user, code=codes[0], **HERE)
        assert not is_two_factor_on(user)
