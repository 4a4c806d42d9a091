"""What a person reads when something broke: a sentence, and what is full is called full."""

import errno
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse

from apps.demos.models import Demo

HEAD = b"PBDEMS2\x00" + bytes(64)


@pytest.fixture
def calm(client: Client) -> Client:
    """A browser: it sees the answer, not the exception behind it."""
    client.raise_request_exception = False
    return client


def _full(*args: object, **options: object) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_full_disk_is_said_and_nothing_is_kept(
    calm: Client, make_user: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    calm.force_login(make_user("viewer"))
    monkeypatch.setattr("apps.core.storage.keep_file", _full)
    monkeypatch.setattr("apps.demos.parsing.reading.header.check_head", lambda head, size: None)
    file = SimpleUploadedFile("match.dem", HEAD)
    answer = calm.post(reverse("demos:upload"), {"recordings": file}, headers={"accept": accept})
    assert answer.status_code == 507
    said = answer.json()["error"] if accept == "application/json" else answer.content.decode()
    assert "The disk is full. Nothing of this was kept" in said
    assert not Demo.objects.exists()


def test_signing_in_while_the_database_is_full_says_so(
    calm: Client, make_user: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **options: object) -> None:
        raise OperationalError("database or disk is full")

    user = make_user("viewer")
    user.set_password("long-enough-77")
    user.save()
    monkeypatch.setattr(SessionStore, "save", full)
    answer = calm.post("/sign-in/", {"username": user.username, "password": "long-enough-77"})
    assert answer.status_code == 507
    assert "The disk is full" in answer.content.decode()


def test_any_other_break_names_the_log(
    calm: Client, make_user: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calm.force_login(make_user("viewer"))
    monkeypatch.setattr("apps.demos.selectors.library.library", lambda: 1 / 0)
    answer = calm.get("/")
    assert answer.status_code == 500
    assert "written to the log" in answer.content.decode()


def test_a_refusal_is_one_line_of_the_log(
    client: Client, make_user: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(make_user("viewer"))
    with caplog.at_level(logging.WARNING, "django.request"):
        assert client.get(reverse("captures:new")).status_code == 403
    assert "/captures/new/" in caplog.records[-1].getMessage()
    assert not caplog.records[-1].exc_info, "no traceback"
