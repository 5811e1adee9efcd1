"""The key of web push is made once, kept from others, and given by the environment where an operator says so."""

import stat
from pathlib import Path

import pytest
from py_vapid import Vapid02

from config.settings import push


def test_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "DATA_DIR", tmp_path / "data")
    first = push._kept_vapid_key()
    assert push._kept_vapid_key() == first
    assert Vapid02.from_string(first).private_key.curve.name == "secp256r1"
    assert stat.S_IMODE((tmp_path / "data" / "vapid_key").stat().st_mode) == 0o600


def test_given_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "DATA_DIR", tmp_path)
    monkeypatch.setenv("VAPID_PRIVATE_KEY", "given")
    assert push._kept_vapid_key() == "given"
    assert not list(tmp_path.iterdir())
