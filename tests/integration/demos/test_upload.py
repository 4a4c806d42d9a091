"""The library's door: what comes in, once, and what does not."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.captures.models import CapturePlan
from apps.core.models import Job
from apps.demos.models import Demo
from apps.demos.parsing.reading.header import MAGIC

Upload = Callable[..., dict[str, Any]]


def content(text: str) -> bytes:
    """Bytes that pass the door; no two tests share them."""
    return MAGIC + text.encode().ljust(600, b".")


def test_an_empty_library_says_what_to_do(viewer: Any, client: Client) -> None:
    page = client.get(reverse("demos:library")).content.decode()
    assert "No recordings yet" in page
    assert 'type="file"' in page
    assert ".zip" in page


def test_a_good_head_is_stored_and_queued(upload: Upload, client: Client, stored: Callable[[], set[str]]) -> None:
    result = upload(content("first"), "first.dem")
    demo = Demo.objects.get()
    assert result["outcome"] == "queued"
    assert result["url"] == demo.get_absolute_url()
    assert demo.recording in stored()
    assert demo.job is not None
    assert demo.job.arguments == {"demo_id": demo.pk}
    page = client.get(reverse("demos:library")).content.decode()
    assert "first.dem" in page
    assert f"job-{demo.job.pk}" in page


def test_the_same_content_is_recognised_by_any_name(upload: Upload) -> None:
    first = upload(content("same"), "one.dem")
    second = upload(content("same"), "two.dem")
    assert second["outcome"] == "duplicate_of"
    assert second["url"] == first["url"]
    assert "one.dem" in second["message"]
    assert Demo.objects.count() == Job.objects.count() == 1


def test_the_same_name_with_other_content_is_another_recording(upload: Upload) -> None:
    assert upload(content("a"), "m.dem")["outcome"] == upload(content("b"), "m.dem")["outcome"] == "queued"
    assert Demo.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_make_one(viewer: Any) -> None:
    outcomes: list[str] = []

    def send() -> None:
        try:
            other = Client()
            other.force_login(viewer)
            file = SimpleUploadedFile("at-once.dem", content("at once"))
            address = reverse("demos:upload")
            answer = other.post(address, {"recordings": file}, headers={"Accept": "application/json"})
            outcomes.append(answer.json()["results"][0]["outcome"])
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["duplicate_of", "duplicate_of", "duplicate_of", "queued"]
    assert Demo.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PBDEMS2\x00abcd", "too short"),
        (b"HL2DEMO\x00".ljust(4000, b"\0"), "CS:GO"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git-LFS"),
        (b"7z\xbc\xaf\x27\x1c".ljust(600, b"\0"), ".7z archive, which is not opened here"),
        (b"<html>".ljust(600), "not a Counter-Strike 2 recording"),
    ],
)
def test_refused_at_the_door(upload: Upload, stored: Callable[[], set[str]], data: bytes, words: str) -> None:
    before = stored()
    result = upload(data)
    assert result["outcome"] == "rejected"
    assert words in result["message"]
    assert not Demo.objects.exists()
    assert not Job.objects.exists()
    assert stored() == before


def test_too_large(upload: Upload, settings: Any, stored: Callable[[], set[str]]) -> None:
    settings.MAX_DEMO_BYTES = 500
    before = stored()
    assert "too large" in upload(content("large"))["message"]
    assert stored() == before


@pytest.mark.parametrize("name", ["../../etc/passwd.dem", "evil\u202emed.dem", "a\x00b.dem", "x" * 400 + ".dem"])
def test_hostile_names(upload: Upload, name: str) -> None:
    upload(content(f"name {name}"), name)
    kept = Demo.objects.get().original_name
    assert kept.isprintable()
    assert "/" not in kept
    assert len(kept) <= 255


def test_markup_in_a_name_is_text(upload: Upload, client: Client) -> None:
    upload(content("markup"), "<img src=x onerror=alert(1)>.dem")
    assert "<img src=x" not in client.get(reverse("demos:library")).content.decode()


def test_a_plain_form_gets_messages(viewer: Any, client: Client) -> None:
    files = [SimpleUploadedFile("good.dem", content("plain")), SimpleUploadedFile("bad.dem", b"")]
    page = client.post(reverse("demos:upload"), {"recordings": files}, follow=True).content.decode()
    assert "good.dem: Stored" in page
    assert "bad.dem: The file is empty" in page
    assert "Choose at least one" in client.post(reverse("demos:upload"), follow=True).content.decode()


def test_without_a_token_nothing_is_taken(viewer: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(viewer)
    answer = strict.post(reverse("demos:upload"), {"recordings": SimpleUploadedFile("x.dem", content("csrf"))})
    assert answer.status_code == 403
    assert not Demo.objects.exists()


def test_deleting(
    upload: Upload, client: Client, make_user: Callable[..., Any], stored: Callable[[], set[str]], viewer: Any
) -> None:
    upload(content("delete me"))
    demo = Demo.objects.get()
    address = reverse("demos:delete", args=[demo.pk])
    other = Client()
    other.force_login(make_user("researcher"))
    assert other.post(address).status_code == 403
    assert client.get(address).status_code == 405
    assert Demo.objects.exists()
    client.post(address)
    assert not Demo.objects.exists()
    assert demo.recording not in stored()
    assert "already gone" in client.post(address, follow=True).content.decode()


def test_a_recording_with_captures_is_kept(
    upload: Upload, client: Client, viewer: Any, stored: Callable[[], set[str]]
) -> None:
    upload(content("captured"))
    demo = Demo.objects.get()
    plan = CapturePlan.objects.create(demo=demo, title="Every 3 s")
    address = reverse("demos:delete", args=[demo.pk])
    page = client.post(address, follow=True).content.decode()
    assert "need it. Delete those first. Nothing was deleted." in page
    assert Demo.objects.get().job is not None
    assert Job.objects.get().cancel_requested is False
    assert demo.recording in stored()
    plan.delete()
    client.post(address)
    assert not Demo.objects.exists()


def test_an_admin_may_delete(upload: Upload, make_user: Callable[..., Any]) -> None:
    upload(content("admin deletes"))
    admin = Client()
    admin.force_login(make_user("admin"))
    admin.post(reverse("demos:delete", args=[Demo.objects.get().pk]))
    assert not Demo.objects.exists()
