"""A recording that is here is read anew on a person's word."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.models import Job, JobStatus
from apps.demos.models import Demo
from apps.demos.selectors import recordings
from apps.demos.services import removing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.any_database  # the parser's output
def test_every_tick_is_kept_when_asked_for(
    upload: Callable[..., dict[str, Any]],
    forged_demo: Callable[[int], Any],
    run_worker: Callable[[str], None],
    client: Client,
    viewer: Any,
) -> None:
    upload(forged_demo(20))
    run_worker("parse")
    demo = Demo.objects.get()
    assert f"{demo.round_count} rounds" in Job.objects.get(pk=demo.job_id).message
    few = recordings.player_states(demo)["tick"].n_unique()
    address = reverse("demos:import-again", args=[demo.pk])
    assert "Import again" in client.get(demo.get_absolute_url()).content.decode()
    client.post(address, {"keep_raw": "1"})
    twice = client.post(address, follow=True)
    assert "being imported already" in twice.content.decode()
    assert Job.objects.filter(status=JobStatus.QUEUED).count() == 1
    run_worker("parse")
    demo.refresh_from_db()
    assert demo.is_ready
    assert demo.keep_raw
    assert recordings.player_states(demo)["tick"].n_unique() > 2 * few

    removing.remove_recording(demo)
    assert "was deleted" in client.post(address, follow=True).content.decode()
    assert "Import again" not in client.get(demo.get_absolute_url()).content.decode()


def test_only_the_uploader_may(make_user: Callable[..., Any], client: Client) -> None:
    demo = Demo.objects.create(sha256="0" * 64, original_name="m.dem", size=1, recording="recordings/x.dem")
    client.force_login(make_user("reviewer"))
    assert client.post(reverse("demos:import-again", args=[demo.pk])).status_code == 403
    assert not Job.objects.exists()
