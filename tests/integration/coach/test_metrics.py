"""What Prometheus reads, and who may read it."""

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prometheus_client.parser import text_string_to_metric_families

from apps.coach.services import lifecycle
from tests.conftest import ROOT
from tests.integration.coach.fake_server import FakeModelServer
from tests.integration.coach.sockets import opened, page, until_done

pytestmark = pytest.mark.django_db(transaction=True)


def scraped(client: Any) -> dict[tuple[str, str], float]:
    """(name, outcome or "") → value, of all models together: those of other tests are among them."""
    text = client.get("/metrics").content.decode()
    found: dict[tuple[str, str], float] = defaultdict(float)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if "le" not in sample.labels:
                found[sample.name, sample.labels.get("outcome", "")] += sample.value
    return found


async def test_answers_aborts_and_times_are_counted(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    before = await asyncio.to_thread(scraped, signed_in)
    fake_server.pause_s = 0.01
    whole, aborted = await asyncio.to_thread(lambda: (upload(), upload()))
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": whole})
        done = (await until_done(socket))[-1]
        await socket.send_json_to({"start": aborted})
        await socket.receive_json_from()
    after = await asyncio.to_thread(scraped, signed_in)

    def more(name: str, outcome: str = "") -> float:
        return after[f"chimera_coach_{name}", outcome] - before.get((f"chimera_coach_{name}", outcome), 0)

    assert more("answers_total", "complete") == 1
    assert more("answers_total", "cancelled") == 1
    assert more("aborts_total") == 1
    assert more("first_token_seconds_count") == 2
    assert more("answer_seconds_count") == 2
    assert more("tokens_total") > done["tokens"]


def test_what_is_written_and_waits_now_is_read_from_the_database(signed_in: Any, upload: Callable[..., str]) -> None:
    lifecycle.move(UUID(upload()), "streaming")
    now = scraped(signed_in)
    assert now["chimera_coach_streaming", ""] == 1
    assert now["chimera_coach_waiting", ""] == 0


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
    ],
)
def test_only_this_machine_and_admins_may_read_them(
    client: Any, make_user: Callable[..., Any], where: dict[str, str], status: int
) -> None:
    assert client.get("/metrics", **where).status_code == status
    client.force_login(make_user("researcher"))
    assert client.get("/metrics", **where).status_code == status
    client.force_login(make_user("admin"))
    assert client.get("/metrics", **where).status_code == 200


@pytest.mark.any_database  # counters in files
def test_several_processes_count_together(tmp_path: Path) -> None:
    """Two web processes with one PROMETHEUS_MULTIPROC_DIR: either tells the sum."""
    code = """
import django; django.setup()
from apps.coach import metrics
metrics.FAILOVERS.labels("a").inc()
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry(); MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "chimera_site.settings",
    }
    said = ""
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout
    assert 'chimera_coach_failovers_total{alias="a"} 2.0' in said
