"""Requests that no page of ours makes are answered with a page, a sentence or nothing found, never with a fault."""

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
