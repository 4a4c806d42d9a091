"""Recordings through the public door and a real worker: what is kept, what is said, what is left behind."""

import json
import os
import signal
import struct
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.core.models import Job, JobStatus
from apps.core.services import housekeeping, ledger
from apps.core.services.enqueueing import enqueue, retry
from apps.demos.jobs import importing as jobs
from apps.demos.jobs.importing_here import import_file
from apps.demos.models import Demo, DemoStatus
from apps.demos.parsing.reading import states
from apps.demos.parsing.reading.header import MAGIC
from apps.demos.selectors import recordings as selectors

Upload = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.any_database  # the parser's output
def test_every_known_file(shared_data: Path, transactional_db: None, stored: Callable[[], set[str]]) -> None:
    folder = shared_data / "demos"
    expected: dict[str, dict[str, Any]] = json.loads((folder / "expected.json").read_text())
    before, sentences = stored(), {}
    for name, wanted in expected.items():
        kept = stored()
        [came] = import_file(folder / name)
        assert came.outcome in wanted["outcome"].split("_or_"), f"{name}: {came.outcome}, {came.message}"
        sentences[name] = " ".join([came.message, *came.warnings])
        if came.outcome == "rejected":
            assert came.message.endswith("."), name
            assert stored() == kept, name
        if "of" in wanted:
            assert came.demo == Demo.objects.get(sha256=expected[wanted["of"]]["sha256"])
            assert stored() == kept, name
        if "map" in wanted:
            demo = Demo.objects.get(sha256=wanted["sha256"])
            assert demo.map_name == wanted["map"]
            assert abs(demo.last_tick - wanted["ticks"]) <= 1
            assert [row.is_partial for row in demo.rounds.all()] == [True]
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))
    kept = set(Demo.objects.values_list("recording", flat=True))
    assert kept <= stored()
    assert {name for name in stored() - before if name.startswith("recordings/")} <= kept
    assert "Deadlock" in sentences["bad/deadlock_hltv_10423.dem"]
    assert "de_dust2" in sentences["headers/source_2_1.dem"]
    assert "before the match data" in sentences["bad/14065_truncated_signon.dem"]
    assert "damaged" in sentences["bad/14065_bitflips.dem"]
    assert "after tick 1 " in sentences["bad/14065_truncated_60pct.dem"]
    assert Demo.objects.get(sha256=expected["bad/14065_truncated_60pct.dem"]["sha256"]).missing_after_tick == 1
    assert "2 kills, 12 hits, 42 shots" in sentences["real/14090.dem"]


def rows(demo: Demo) -> list[Any]:
    return [list(demo.rounds.values()), list(demo.players.values()), Demo.objects.filter(pk=demo.pk).values().first()]


def test_what_an_import_gives(
    upload: Upload, run_worker: Callable[[str], None], shared_data: Path, client: Client, stored: Callable[[], set[str]]
) -> None:
    answer = upload(shared_data / "demos/real/14160.dem", "14160.dem")
    run_worker("parse")
    demo = Demo.objects.get()
    assert demo.job is not None
    assert demo.job.status == JobStatus.SUCCEEDED
    assert "10 players, 1 round" in demo.job.message
    players = list(demo.players.all())
    assert [player.slot for player in players] == list(range(10))
    assert [player.is_bot for player in players] == [False] + [True] * 9
    assert "DemoRecorder" not in [player.name for player in players]
    assert {player.first_side for player in players} == {"CT", "T"}

    table = selectors.player_states(demo)
    assert table.schema == states.SCHEMA
    assert table["tick"].unique().sort().to_list() == [*range(1, 157, 4), 156]
    assert table["clip"].drop_nulls().unique().sort().to_list() == [13, 20]
    rules = selectors.rules(demo)
    assert rules["phase"].unique().to_list() == ["freeze"]
    assert rules["clock_s"].is_sorted(descending=True)
    shots = selectors.events(demo, "shots")
    assert shots is not None
    assert "slot" in shots.columns
    assert selectors.events(demo, "no such table") is None

    assert "Partridge" in client.get(answer["url"]).content.decode()
    replay = reverse("demos:replay", args=[demo.pk])
    assert '"is_partial": true' in client.get(replay).content.decode()
    pack = client.get(reverse("demos:pack", args=[demo.pk, 1])).json()
    assert len(pack["players"]["slot"]) == 10
    assert [len(one) for one in pack["moves"]["x"]] == [len(pack["ticks"])] * 10

    once, files = rows(demo), stored()
    jobs_before = Job.objects.count()
    again = enqueue(jobs.import_demo, title="Again", user=None, demo_id=demo.pk)
    run_worker("parse")
    assert Job.objects.count() == jobs_before + 1
    twice = rows(demo)
    for both in (once, twice):
        both[2].pop("job_id")
    assert twice == once
    assert stored() == files
    again.refresh_from_db()
    assert again.status == JobStatus.SUCCEEDED
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))


def test_a_recording_without_positions_says_why(
    upload: Upload, run_worker: Callable[[str], None], shared_data: Path, client: Client
) -> None:
    answer = upload(shared_data / "demos/real/14090.dem")
    run_worker("parse")
    demo = Demo.objects.get()
    assert selectors.player_states(demo).is_empty()
    assert "no replay" in client.get(answer["url"]).content.decode()
    page = client.get(reverse("demos:replay", args=[demo.pk])).content.decode()
    assert "No replay for this recording" in page
    assert "positions could not be decoded" in page
    assert client.get(reverse("demos:pack", args=[demo.pk, 1])).status_code == 404


def test_nonsense_after_a_good_head_leaves_nothing(
    upload: Upload, run_worker: Callable[[str], None], stored: Callable[[], set[str]], client: Client
) -> None:
    before = stored()
    upload(MAGIC + struct.pack("<2i", 0, 0) + bytes(range(256)) * 20, "nonsense.dem")
    run_worker("parse")
    job = Job.objects.get()
    assert job.status == JobStatus.FAILED
    assert "damaged" in job.message
    assert not Demo.objects.exists()
    assert stored() == before
    assert job.message in client.get(reverse("demos:library")).content.decode()


@pytest.mark.any_database  # the parser's memory
def test_too_little_memory_is_said(
    upload: Upload, worker_env: dict[str, str], run_worker: Callable[[str], None], stored: Callable[[], set[str]]
) -> None:
    before = stored()
    worker_env["PARSE_MEMORY_MB"] = "60"
    upload(MAGIC + bytes(5000), "memory.dem")
    run_worker("parse")
    job = Job.objects.get()
    assert job.status == JobStatus.FAILED
    assert "Nothing was kept" in job.message or "nothing was kept" in job.message
    assert stored() == before


def is_parser(process: psutil.Process) -> bool:
    try:
        return "apps.demos.parsing.child" in process.cmdline()
    except psutil.NoSuchProcess:  # over, or a zombie, since it was listed
        return False


def parse_children(worker: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return [child for child in psutil.Process(worker.pid).children(recursive=True) if is_parser(child)]


def kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


@pytest.fixture
def held_recording(upload: Upload, shared_data: Path, stored: Callable[[], set[str]]) -> Demo:
    """A recording whose parse does not end by itself: its file in storage is a pipe that nobody fills."""
    upload(shared_data / "demos/real/14160.dem", "held.dem")
    demo = Demo.objects.get()
    with selectors.recording_path(demo) as path:
        path.unlink()
        os.mkfifo(path)
    return demo


def test_a_parser_killed_from_outside_costs_nothing(
    held_recording: Demo,
    start_worker: Callable[[str], Any],
    wait_for: Callable[..., Any],
    shared_data: Path,
) -> None:
    worker = start_worker("parse")
    [child] = wait_for(lambda: parse_children(worker))
    child.send_signal(signal.SIGKILL)
    job = Job.objects.get()
    wait_for(lambda: Job.objects.get().is_over)
    job.refresh_from_db()
    assert (job.status, job.retry_safe) == (JobStatus.FAILED, True)
    assert "Nothing was lost; try again" in job.message
    held_recording.refresh_from_db()
    assert held_recording.status == DemoStatus.QUEUED
    with selectors.recording_path(held_recording) as path:
        path.unlink()
        path.write_bytes((shared_data / "demos/real/14160.dem").read_bytes())
    retry(job)
    wait_for(lambda: Demo.objects.get().status == DemoStatus.READY)
    assert Demo.objects.get().players.count() == 10


def test_a_killed_worker_is_found_and_its_import_repeated(
    held_recording: Demo,
    start_worker: Callable[[str], Any],
    run_worker: Callable[[str], None],
    wait_for: Callable[..., Any],
    shared_data: Path,
) -> None:
    worker = start_worker("parse")
    [child] = wait_for(lambda: parse_children(worker))
    for process in psutil.Process(worker.pid).children(recursive=True):
        if process.pid != child.pid:
            kill(process)
    worker.kill()
    worker.wait()
    kill(child)
    held_recording.refresh_from_db()
    assert held_recording.status == DemoStatus.IMPORTING
    with selectors.recording_path(held_recording) as path:
        path.unlink()
        path.write_bytes((shared_data / "demos/real/14160.dem").read_bytes())

    job = Job.objects.get()
    assert job.heartbeat_at is not None
    silent = job.heartbeat_at - ledger.DEAD_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent)
    housekeeping.run_once()
    run_worker("parse")
    job.refresh_from_db()
    assert (job.status, job.attempt) == (JobStatus.SUCCEEDED, 2)
    held_recording.refresh_from_db()
    assert held_recording.status == DemoStatus.READY
    assert held_recording.players.count() == 10
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))


def test_a_failed_repetition_costs_nothing(
    upload: Upload, run_worker: Callable[[str], None], worker_env: dict[str, str], shared_data: Path
) -> None:
    upload(shared_data / "demos/real/14155.dem")
    run_worker("parse")
    demo = Demo.objects.get()
    before = rows(demo)
    again = enqueue(jobs.import_demo, title="Again", user=None, demo_id=demo.pk)
    worker_env["PARSE_MEMORY_MB"] = "60"
    run_worker("parse")
    again.refresh_from_db()
    assert again.status == JobStatus.FAILED
    assert "unchanged" in again.message
    after = rows(demo)
    for both in (before, after):
        both[2].pop("job_id")
    assert after == before
    assert selectors.player_states(demo).height > 0


def test_deleting_stops_the_import(
    held_recording: Demo,
    start_worker: Callable[[str], Any],
    wait_for: Callable[..., Any],
    client: Client,
    stored: Callable[[], set[str]],
) -> None:
    worker = start_worker("parse")
    wait_for(lambda: parse_children(worker))
    client.post(reverse("demos:delete", args=[held_recording.pk]))
    wait_for(lambda: Job.objects.get().is_over)
    assert Job.objects.get().status == JobStatus.CANCELLED
    assert not Demo.objects.exists()
    assert not [name for name in stored() if held_recording.sha256 in name]
    assert not parse_children(worker)


def test_a_cancelled_import_can_be_taken_up_again(
    upload: Upload, run_worker: Callable[[str], None], shared_data: Path, client: Client
) -> None:
    path = shared_data / "demos/real/14155.dem"
    upload(path)
    job = Job.objects.get()
    client.post(reverse("core:job-cancel", args=[job.pk]))
    run_worker("parse")
    assert Demo.objects.get().status == DemoStatus.QUEUED
    assert upload(path)["outcome"] == "queued"
    run_worker("parse")
    assert Demo.objects.get().status == DemoStatus.READY
