"""“Try a sample match”: a simulated match made, imported and opened."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.core.models import Job
from apps.demos.jobs import samples as jobs
from apps.demos.models import Demo


def test_the_empty_library_offers_it(viewer: Any, client: Client) -> None:
    assert "Try a sample match" in client.get(reverse("demos:library")).content.decode()


@pytest.mark.any_database  # the recording's fitness
def test_a_short_one_is_made_imported_and_opened(
    transactional_db: None, viewer: Any, client: Client, run_worker: Callable[[str], Any]
) -> None:
    job = jobs.enqueue_sample(user=viewer, rounds=2)
    page = reverse("demos:sample-state", args=[job.pk])
    assert client.get(page).status_code == 200
    run_worker("parse")
    job.refresh_from_db()
    assert job.status == "succeeded", job.message + job.log_tail
    demo = Demo.objects.get()
    assert (demo.status, demo.map_name, demo.warnings) == ("ready", "de_quay", [])
    assert demo.players.count() == 10
    assert [row.is_partial for row in demo.rounds.all()] == [False] * demo.rounds.count()
    assert demo.rounds.count() >= 2
    assert client.get(page).headers["Location"] == demo.get_absolute_url()
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == demo.get_absolute_url()
    assert not list((settings.CHIMERA_HOME / "parsing").iterdir())


def test_a_second_click_finds_the_first(viewer: Any, client: Client) -> None:
    first, second = (client.post(reverse("demos:sample")).headers["Location"] for _ in range(2))
    assert first == second
    assert Job.objects.count() == 1
