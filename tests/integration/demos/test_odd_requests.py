"""Requests that no page of ours makes are answered with a page, a sentence or nothing found, never with a fault."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.demos.models import Demo, DemoStatus

pytestmark = pytest.mark.django_db
ODD = (
    "until=9999-12-31", "since=0001-01-01", "since=9999-99-99", "page=-1", "page=99999999999999999999", "team=-1",
    "team=9999999999999999999999", "player=9999999999999999999", "event=1e5", "sort=;drop", "state=%F0%9F", "q=%ff%fe",
    "group=x", "q=" + "a" * 3000, "tag=%3Cb%3E",
)  # fmt: skip


@pytest.fixture
def demo(viewer: Any) -> Demo:
    return Demo.objects.create(
        sha256="f" * 64, original_name="m.dem", size=1, status=DemoStatus.READY, uploaded_by=viewer
    )


@pytest.mark.parametrize("query", ODD)
def test_odd_filters(viewer: Any, client: Client, demo: Demo, query: str):
    assert client.get(f"/?{query}").status_code == 200
    assert client.get(f"{reverse('demos:heatmap-data')}?map=de_quay&{query}").status_code in (200, 400)
    assert client.get(f"{reverse('api:demos')}?{query}").status_code in (200, 422)


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "99999-01-01T00:00:00Z", 1e308]
)
def test_dates_that_cannot_be(viewer: Any, client: Client, demo: Demo, when: object):
    address = reverse("api:demo-change", args=[demo.pk])
    response = client.patch(address, {"played_at": when}, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"].endswith("Nothing was changed.")
    demo.refresh_from_db()
    assert demo.played_at is None


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "1", "true", "[{}]", '[["tags", ["x"]]]'])
def test_a_body_that_is_no_object(viewer: Any, client: Client, demo: Demo, body: str):
    answer = client.patch(reverse("api:demo-change", args=[demo.pk]), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"] == "“the request”: it has to be a JSON object, {…}. Nothing was changed."


def test_fields_that_there_are_not(viewer: Any, client: Client, demo: Demo):
    address = reverse("api:demo-change", args=[demo.pk])
    for field in ("note", "Tags", "id", "status", "", "a\0", "x" * 100_000):
        answer = client.patch(address, {"notes": "kept?", field: "x"}, content_type="application/json")
        assert answer.status_code == 422
        assert "there is no such field here. Nothing was changed." in answer.json()["error"]
        assert len(answer.json()["error"]) < 200
    demo.refresh_from_db()
    assert demo.notes == ""
    assert client.patch(address, {}, content_type="application/json").status_code == 200


DEEP = "[" * 900 + "]" * 900
NO_TEXT = ("\0", "a\0b", "\ud800", "\udc00x\ud83d", "\u202e\ufeff\x1b[31m")
VALUES = (
    *(json.dumps(text) for text in NO_TEXT), *(json.dumps([text]) for text in NO_TEXT), "NaN", "-Infinity", "1e999",
    "9" * 5000, "-1", "true", "{}", "[null]", "[[]]", DEEP, '{"a":' * 900 + "1" + "}" * 900, json.dumps("x" * 200_000),
    json.dumps(["x"] * 31), json.dumps([",".join("abcdefghijklmnopqrstuvwxyzäöüß0123")]),
)  # fmt: skip


@pytest.mark.parametrize("field", ["tags", "notes", "event", "team0", "team1", "played_at"])
def test_odd_values_of_each_field(viewer: Any, client: Client, demo: Demo, field: str):
    address = reverse("api:demo-change", args=[demo.pk])
    for value in VALUES:
        answer = client.patch(address, f'{{"{field}": {value}}}', content_type="application/json")
        assert answer.status_code in (200, 400, 422), (value[:50], answer.content[:300])
        if answer.status_code != 200:
            assert answer.json()["error"].endswith("Nothing was changed."), value[:50]
        assert client.get(reverse("api:demo", args=[demo.pk])).status_code == 200
        assert client.get(demo.get_absolute_url()).status_code == 200
    assert client.get(f"{reverse('demos:library')}?q=x").status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"{" * 100_000, b'{"notes": NaN}', b" "])
def test_bodies_that_are_no_json(viewer: Any, client: Client, demo: Demo, body: bytes):
    answer = client.patch(reverse("api:demo-change", args=[demo.pk]), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"] == "The body is no JSON that can be read. Nothing was changed."


def test_a_body_of_ten_megabytes(viewer: Any, client: Client, demo: Demo):
    answer = client.patch(
        reverse("api:demo-change", args=[demo.pk]), {"notes": "x" * 10 * 1024**2}, content_type="application/json"
    )
    assert answer.status_code == 413
    assert "Nothing was changed" in answer.json()["error"]


def test_names_of_uploads_that_no_database_keeps(viewer: Any, client: Client):
    for name in (
        b"a\0b.dem",
        b"\xed\xa0\x80.dem",
        b"../../etc/passwd.dem",
        b"\xe2\x80\xaex.dem",
        b"x" * 3000 + b".dem",
    ):
        body = (
            b'--b\r\nContent-Disposition: form-data; name="recording"; filename="' + name + b'"\r\n\r\nx\r\n--b--\r\n'
        )
        answer = client.post(reverse("api:upload"), body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code in (201, 400, 422), (name, answer.content)
        said = answer.json()
        assert (said["results"][0]["message"] if answer.status_code == 201 else said["error"]).endswith(".")
