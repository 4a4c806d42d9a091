"""Guessing passwords: who guesses waits, nobody else does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.models import User
from apps.core.services import throttling
from tests.conftest import free_port

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
MakeUser = Callable[..., User]


def sign_in(name: str, password: str = PASSWORD, address: str = "192.0.2.1") -> bytes | None:
    """The page that refuses, or None where it let them in."""
    answer = Client().post(reverse("core:login"), {"username": name, "password": password}, REMOTE_ADDR=address)
    return answer.content if answer.status_code == 200 else None


def guess(name: str, times: int = throttling.TRIES) -> None:
    for number in range(times):
        page = sign_in(name, f"guess {number}")
        assert page is not None
        assert b"do not belong together" in page


def test_who_guesses_waits_even_with_the_right_password(make_user: MakeUser) -> None:
    make_user("viewer", "guessed")
    guess("guessed")
    page = sign_in("guessed")
    assert page is not None
    assert b"Try again in 5 minutes" in page
    assert b"do not belong together" not in page


def test_a_name_that_does_not_exist_is_answered_the_same(db: None) -> None:
    guess("nobody-of-that-name")
    assert b"Try again in 5 minutes" in (sign_in("nobody-of-that-name") or b"")


def test_the_owner_of_a_guessed_account_comes_in_from_elsewhere(make_user: MakeUser) -> None:
    make_user("viewer", "owner")
    guess("owner")
    assert sign_in("owner") is not None
    assert sign_in("owner", address="192.0.2.2") is None


def test_others_at_the_same_address_come_in(make_user: MakeUser) -> None:
    make_user("viewer", "clumsy")
    make_user("viewer", "neighbour")
    guess("clumsy")
    assert sign_in("neighbour") is None


def test_a_right_password_ends_the_count(make_user: MakeUser) -> None:
    make_user("viewer", "slips")
    for _ in range(2):
        guess("slips", throttling.TRIES - 1)
        assert sign_in("slips") is None


def test_the_wait_ends(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., object]) -> None:
    monkeypatch.setattr(throttling, "TRIES", 1)
    monkeypatch.setattr(throttling, "WAIT_S", 2)
    make_user("viewer", "patient")
    guess("patient", 1)
    assert b"Try again in a minute" in (sign_in("patient") or b"")
    wait_for(lambda: sign_in("patient") is None, seconds=10)


def test_people_sign_in_while_redis_is_away(
    make_user: MakeUser, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    make_user("viewer", "early")
    assert sign_in("early") is None
    assert "since Redis is away" in caplog.text


def test_nothing_filled_in_says_what_to_do(db: None) -> None:
    assert b"Fill in both" in (sign_in("", "") or b"")
