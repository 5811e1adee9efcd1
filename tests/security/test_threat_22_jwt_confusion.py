"""Threat 22: a token is believed only when we signed it with the one algorithm, whatever its header says."""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.test import Client

from accounts.models import UserSession
from accounts.services.sessions import session_start
from accounts.services.tokens import _signing_key
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> UserSession:
    return session_start(user=UserFactory.create()).session


def claims(session: UserSession, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    found = {
        "sub": str(session.user_id),
        "sid": str(session.pk),
        "jti": "x",
        "typ": "access",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**found, **changes}.items() if value is not None}


def status(client: Client, token: str) -> int:
    response = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    if response.status_code == 401:
        assert response.json()["error"] == "invalid_token"
        assert "invalid_token" in response["WWW-Authenticate"]
    return response.status_code


def signed(session: UserSession, *, key: bytes | str | None = None, headers: Any = None, **changes: Any) -> str:
    return jwt.encode(
        claims(session, **changes), key or _signing_key(settings.SECRET_KEY), algorithm="HS256", headers=headers
    )


def unpadded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_token_of_ours_is_taken(client: Client, session: UserSession) -> None:
    assert status(client, signed(session)) == 200


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_none(client: Client, session: UserSession, alg: str) -> None:
    head = unpadded({"alg": alg, "typ": "JWT"})
    assert status(client, f"{head}.{unpadded(claims(session))}.") == 401
    assert status(client, f"{head}.{unpadded(claims(session))}.{signed(session).rsplit('.')[-1]}") == 401


def test_hs256_with_a_public_key_and_rs256_with_its_private_one(client: Client, session: UserSession) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head, body = unpadded({"alg": "HS256", "typ": "JWT"}), unpadded(claims(session))
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{head}.{body}".encode(), public
    )
    assert status(client, f"{head}.{body}.{unpadded(signature)}") == 401
    assert status(client, jwt.encode(claims(session), private, algorithm="RS256")) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "/dev/null"},
        {"kid": "' UNION SELECT '"},
        {"jku": "http://127.0.0.1:9/keys"},
        {"x5u": "http://127.0.0.1:9/keys"},
        {"jwk": {"kty": "oct", "k": "AA"}},
    ],
)
def test_header_paths_lead_nowhere(client: Client, session: UserSession, headers: dict[str, Any]) -> None:
    assert status(client, signed(session, key="\x00" * 32, headers=headers)) == 401
    assert status(client, signed(session, key="A" * 32, headers=headers)) == 401


@pytest.mark.parametrize("key", ["secret", "", settings.SECRET_KEY])
def test_other_keys(client: Client, session: UserSession, key: str) -> None:
    """SECRET_KEY itself is not the signing key: what else it signs is no access token."""
    head, body = unpadded({"alg": "HS256", "typ": "JWT"}), unpadded(claims(session))
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    token = f"{head}.{body}.{unpadded(algorithm.sign(f'{head}.{body}'.encode(), key.encode()))}"
    assert status(client, token) == 401


@pytest.mark.parametrize("alg", ["HS384", "HS512"])
def test_our_key_with_another_algorithm(client: Client, session: UserSession, alg: str) -> None:
    assert status(client, jwt.encode(claims(session), _signing_key(settings.SECRET_KEY), algorithm=alg)) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "refresh"},
        {"typ": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sid": None},
        {"jti": None},
        {"iat": 9_999_999_999},
        {"sid": "not-a-uuid"},
        {"sid": "00000000-0000-7000-8000-000000000000"},
        {"sub": "00000000-0000-7000-8000-000000000000"},
    ],
    ids=str,
)
def test_wrong_claims(client: Client, session: UserSession, changes: dict[str, Any]) -> None:
    assert status(client, signed(session, **changes)) == 401


def test_a_role_in_the_token_is_not_believed(client: Client, session: UserSession) -> None:
    token = signed(session, role="superadmin", is_staff=True)
    response = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert response.json()["role"] == "user"


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "..", "é", "a" * 20_000, "a b"])
def test_garbage(client: Client, token: str) -> None:
    response = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")})
    assert response.status_code == 401
