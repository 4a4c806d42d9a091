"""Imports that are killed, doubled, starved of room, or whose parser dies: nothing lost, nothing doubled."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.test import Client

from apps.core import jobs, storage
from apps.core.models import Job, JobStatus
from apps.core.services import enqueueing, ledger
from apps.demos.jobs import workplaces
from apps.demos.jobs.importing import enqueue_import
from apps.demos.jobs.importing_here import import_file
from apps.demos.models import Demo, DemoStatus
from apps.demos.selectors import recordings as selectors
from apps.demos.services import importing, removing
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

# Loaded by every Python that starts with it on its path: kills where the first line of $CHIMERA_TEST_KILLS says.
KILLER = """
import os, signal, sys
LIST = os.environ["CHIMERA_TEST_KILLS"]
IS_PARSER = any("apps.demos.parsing.child" in word for word in sys.orig_argv)

def look(event, words):
    if event not in ("open", "os.scandir") or not isinstance(words[0], (str, os.PathLike)):
        return
    path = os.fspath(words[0])
    if not path.endswith(".part") and event == "open":
        return
    places = open(LIST).read().split()
    if not places:
        return
    who, place = places[0].split(":")
    if (who == "parser") != IS_PARSER or place not in path or (event == "os.scandir") != (who == "after"):
        return
    with open(LIST, "w") as file:
        file.write("\\\\n".join(places[1:]))
    if IS_PARSER:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(look)
""".replace("\\\\", "\\")
PERFORM = "import django, sys; django.setup(); from apps.core.jobs import perform; perform(sys.argv[1])"
PHASES = ("head", "datasets", "account", "statistics", "summary", "packs")


def rows(demo: Demo) -> list[Any]:
    row = {name: value for name, value in Demo.objects.filter(pk=demo.pk).values().get().items() if name != "job_id"}
    return [list(demo.rounds.values()), list(demo.players.values()), list(demo.teams.values()), row]


def contents(demo: Demo) -> dict[str, str]:
    """Every stored file of a recording, and a hash of what is in it."""
    options: Any = settings.STORAGES["default"]["OPTIONS"]
    base = Path(options["location"])
    files = [path for path in base.rglob("*") if path.is_file() and demo.sha256 in str(path)]
    found = {}
    for path in files:
        with path.open("rb") as file:
            found[str(path.relative_to(base))] = storage.sha256_of(file)
    return found


def kept(path: Path) -> Demo:
    """A recording in the library whose import waits for whoever performs it."""
    with enqueueing.held():
        import_file(path, wait=False)
    return Demo.objects.get()


@pytest.fixture
def performed(worker_env: dict[str, str]) -> Callable[..., "subprocess.Popen[bytes]"]:
    """``performed(job, **environment)`` → a process of its own that performs a job, as a worker does."""

    def start(job: Job, **environment: str) -> "subprocess.Popen[bytes]":
        env = {**worker_env, "DJANGO_SETTINGS_MODULE": "chimera_site.settings", **environment}
        return subprocess.Popen([sys.executable, "-c", PERFORM, str(job.pk)], cwd=ROOT, env=env)

    return start


def sitecustomize(folder: Path, text: str) -> str:
    (folder / "sitecustomize.py").write_text(text)
    return f"{folder}{os.pathsep}{ROOT}"


def died(job: Job) -> None:
    """What housekeeping does when a worker has been silent for too long."""
    job.refresh_from_db()
    assert ledger.finish(job, JobStatus.ERRORED, "The worker stopped without a word.")
    with enqueueing.held():
        assert enqueueing.retry(job)


def test_killed_in_every_phase_one_after_the_other(
    forged_demo: Callable[[int], Path], performed: Callable[..., Any], tmp_path: Path
) -> None:
    demo = kept(forged_demo(20))
    places = [*(f"parser:/.{phase}.json" for phase in PHASES), f"worker:/demos/{demo.sha256}/"]
    places += [f"after:/demos/{demo.sha256}", f"worker:/demos/{demo.sha256}/packs/"]
    kills = tmp_path / "kills"
    kills.write_text("\n".join(places))
    python_path = sitecustomize(tmp_path, KILLER)
    job = Job.objects.get()
    for number in range(len(places)):
        process = performed(job, PYTHONPATH=python_path, CHIMERA_TEST_KILLS=str(kills))
        assert process.wait(60) == -signal.SIGKILL, places[number]
        assert len(kills.read_text().split()) == len(places) - number - 1
        died(job)
    jobs.perform(str(job.pk))
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCEEDED, job.log_tail
    once = rows(demo), contents(demo)
    assert demo.rounds.count() >= 2
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))
    with enqueueing.held():
        again = enqueue_import(demo, user=None)
    jobs.perform(str(again.pk))
    assert (rows(demo), contents(demo)) == once


def parsers(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if "apps.demos.parsing.child" in child.cmdline()]
    except psutil.NoSuchProcess:
        return []


def test_two_workers_at_one_recording(
    forged_demo: Callable[[int], Path], performed: Callable[..., Any], wait_for: Callable[..., Any]
) -> None:
    demo = kept(forged_demo(7))
    first = Job.objects.get()
    with enqueueing.held():
        second = enqueue_import(demo, user=None)
    one = performed(first)
    [parser] = wait_for(lambda: parsers(one))
    parser.suspend()
    other = performed(second)
    wait_for(lambda: "Another worker" in Job.objects.get(pk=second.pk).message)
    parser.resume()
    assert (one.wait(60), other.wait(60)) == (0, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED), (first.message, second.message)
    assert "nothing left to do" in second.message
    demo.refresh_from_db()
    assert demo.status == DemoStatus.READY
    assert demo.players.count() == 10


def test_a_worker_given_up_for_dead_wakes_up(
    forged_demo: Callable[[int], Path], performed: Callable[..., Any], wait_for: Callable[..., Any]
) -> None:
    demo = kept(forged_demo(7))
    job = Job.objects.get()
    sleeper = performed(job)
    [parser] = wait_for(lambda: parsers(sleeper))
    parser.suspend()
    psutil.Process(sleeper.pid).suspend()
    died(job)
    other = performed(job)
    wait_for(lambda: "Another worker" in Job.objects.get(pk=job.pk).message)
    psutil.Process(sleeper.pid).resume()
    assert (sleeper.wait(60), other.wait(60)) == (0, 0)
    job.refresh_from_db()
    assert (job.status, job.attempt) == (JobStatus.SUCCEEDED, 2), job.message
    demo.refresh_from_db()
    assert demo.status == DemoStatus.READY
    assert demo.players.count() == 10
    assert not parser.is_running()
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))


SMALL_FILES = """
import resource, sys
if any("apps.demos.parsing.child" in word for word in sys.orig_argv):
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
"""


def test_no_room_while_parsing_and_while_storing(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    demo = kept(forged_demo(7))
    job = Job.objects.get()
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", sitecustomize(tmp_path, SMALL_FILES))
        jobs.perform(str(job.pk))
    assert_waits_for_room(job, demo)

    def full(prefix: str, source: Path) -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "keep_folder", full)
        jobs.perform(str(job.pk))
    assert_waits_for_room(job, demo)
    jobs.perform(str(job.pk))
    demo.refresh_from_db()
    assert demo.status == DemoStatus.READY


def assert_waits_for_room(job: Job, demo: Demo) -> None:
    job.refresh_from_db()
    assert (job.status, job.message[:16]) == (JobStatus.FAILED, "The disk is full"), job.log_tail
    demo.refresh_from_db()
    assert demo.status == DemoStatus.QUEUED
    assert list(contents(demo)) == [demo.recording]
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))
    with enqueueing.held():
        enqueueing.retry(job)


FRAGILE = """
import os, sys
if any("apps.demos.parsing.child" in word for word in sys.orig_argv):
    sys.path.insert(0, os.getcwd())
    from apps.demos.parsing.reading import events
    whole = events.read
    def read(demo, name):
        if name == "smokes":
            os.abort()
        if name == "fires":
            raise MemoryError
        return whole(demo, name)
    events.read = read
"""


@pytest.mark.any_database  # the parser's fault
def test_a_dataset_that_ends_the_parser_costs_only_itself(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", sitecustomize(tmp_path, FRAGILE))
    [came] = import_file(forged_demo(7))
    assert came.outcome == "imported_with_warnings", came.message
    assert came.demo
    assert came.demo.warnings == ["Could not be read: smokes, fires."]
    assert selectors.events(came.demo, "smokes") is None
    shots = selectors.events(came.demo, "shots")
    assert shots is not None
    assert shots.height > 0
    assert came.demo.rounds.filter(number__isnull=False).exists()


DIES_ONCE = """
import os, pathlib, signal, sys
if any("apps.demos.parsing.child" in word for word in sys.orig_argv):
    sys.path.insert(0, os.getcwd())
    from apps.demos.parsing.reading import datasets
    whole = datasets.read_all
    def read_all(*words, **more):
        once = pathlib.Path(__file__).with_name("killed")
        if not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*words, **more)
    datasets.read_all = read_all
"""


@pytest.mark.any_database  # the parser's output
def test_datasets_read_one_by_one_are_the_same(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", sitecustomize(tmp_path, DIES_ONCE))
        [came] = import_file(forged_demo(7))
    assert (tmp_path / "killed").exists()
    assert came.outcome == "imported", came.message
    assert came.demo
    apart = rows(came.demo), contents(came.demo)
    with enqueueing.held():
        again = enqueue_import(came.demo, user=None)
    jobs.perform(str(again.pk))
    assert (rows(came.demo), contents(came.demo)) == apart


def test_stopped_while_packs_are_built(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, viewer: Any, client: Client
) -> None:
    demo = kept(forged_demo(7))
    job = Job.objects.get()
    stored: list[int] = []
    finish = importing.finish

    def count(row: Demo, *words: Any, **more: Any) -> Any:
        stored.append(row.pk)
        return finish(row, *words, **more)

    def stop(row: Demo, work: Path) -> None:
        raise jobs.JobInterrupted("Stopped together with the worker.")

    monkeypatch.setattr(importing, "finish", count)
    with monkeypatch.context() as patched, enqueueing.held():
        patched.setattr(importing, "keep_packs", stop)
        jobs.perform(str(job.pk))
    job.refresh_from_db()
    demo.refresh_from_db()
    assert (job.status, demo.status) == (JobStatus.QUEUED, DemoStatus.READY)
    assert not removing.remove_recording(demo), "its import still wants it"
    workplaces.sweep()
    assert client.get(f"/demos/{demo.pk}/packs/1.json").status_code == 200
    jobs.perform(str(job.pk))
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCEEDED
    assert stored == [demo.pk]
    assert [name for name in contents(demo) if "/packs/" in name]
    assert not list(workplaces.base().glob("*"))


def test_what_was_imported_stays_while_it_is_imported_again(
    forged_demo: Callable[[int], Path],
    performed: Callable[..., Any],
    wait_for: Callable[..., Any],
    viewer: Any,
    client: Client,
) -> None:
    [came] = import_file(forged_demo(7))
    assert came.demo
    before = rows(came.demo), contents(came.demo)
    with enqueueing.held():
        again = enqueue_import(came.demo, user=None)
    process = performed(again)
    [parser] = wait_for(lambda: parsers(process))
    parser.suspend()
    came.demo.refresh_from_db()
    assert came.demo.status == DemoStatus.READY
    assert client.get(f"/demos/{came.demo.pk}/packs/2.json").status_code == 200
    ledger.request_cancel(again)
    assert process.wait(60) == 0
    assert (rows(came.demo), contents(came.demo)) == before


DIES_OVER_PACKS = """
import os, sys
if any("apps.demos.parsing.child" in word for word in sys.orig_argv):
    sys.path.insert(0, os.getcwd())
    from apps.demos.parsing import storing
    storing.write_packs = lambda *words, **more: os.abort()
"""


def test_a_recording_is_ready_before_its_packs_and_without_them(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, viewer: Any, client: Client
) -> None:
    monkeypatch.setenv("PYTHONPATH", sitecustomize(tmp_path, DIES_OVER_PACKS))
    [came] = import_file(forged_demo(7))
    assert came.outcome == "imported", came.message
    assert came.demo
    assert not [name for name in contents(came.demo) if "/packs/" in name]
    row = came.demo.rounds.filter(number=1).get()
    for address in (f"/demos/{came.demo.pk}/packs/{row.ordinal}.json", f"/demos/{came.demo.pk}/packs/ground.json"):
        assert client.get(address).status_code == 200


def test_no_room_for_packs_costs_only_them(forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(demo: Demo, work: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(importing, "keep_packs", full)
    [came] = import_file(forged_demo(7))
    assert came.outcome == "imported", came.message
    assert came.demo
    assert "No room for the packs" in Job.objects.get().log_tail
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))


def test_deleted_while_its_packs_are_built(forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    demo = kept(forged_demo(7))
    finish = importing.finish

    def finish_and_delete(row: Demo, *words: Any, **more: Any) -> Any:
        summary = finish(row, *words, **more)
        removing.withdraw(Demo.objects.get(pk=row.pk))
        return summary

    monkeypatch.setattr(importing, "finish", finish_and_delete)
    jobs.perform(str(Job.objects.get().pk))
    assert not Demo.objects.exists()
    assert contents(demo) == {}
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))


def test_a_cancelled_import_leaves_only_the_recording(
    forged_demo: Callable[[int], Path], performed: Callable[..., Any], wait_for: Callable[..., Any]
) -> None:
    demo = kept(forged_demo(7))
    job = Job.objects.get()
    process = performed(job)
    [parser] = wait_for(lambda: parsers(process))
    parser.suspend()
    ledger.request_cancel(Job.objects.get())
    assert process.wait(60) == 0
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert list(contents(demo)) == [demo.recording]
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))
    demo.refresh_from_db()
    assert demo.status == DemoStatus.QUEUED


def test_the_first_round_comes_first(
    forged_demo: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PREVIEW_FROM_BYTES = 1
    demo = kept(forged_demo(6))
    seen: list[tuple[bool, int, bool]] = []
    whole = importing.finish

    def look(row: Demo, *words: Any, **more: Any) -> Any:
        row.refresh_from_db()
        pack = f"demos/{row.sha256}/packs/1.json.gz"
        seen.append((row.has_preview, row.rounds.count(), storage.artefacts().exists(pack)))
        return whole(row, *words, **more)

    monkeypatch.setattr(importing, "finish", look)
    jobs.perform(str(Job.objects.get().pk))
    assert seen == [(True, 1, True)]
    demo.refresh_from_db()
    assert (demo.has_preview, demo.status) == (False, DemoStatus.READY)
    assert demo.rounds.count() > 1


def test_a_deleted_recording_is_not_imported_again(forged_demo: Callable[[int], Path]) -> None:
    [came] = import_file(forged_demo(7))
    assert came.demo
    Demo.objects.filter(pk=came.demo.pk).update(recording="")
    before = rows(came.demo)
    with enqueueing.held():
        again = enqueue_import(came.demo, user=None)
    jobs.perform(str(again.pk))
    again.refresh_from_db()
    assert again.status == JobStatus.FAILED
    assert "The recording itself was deleted" in again.message
    assert rows(came.demo) == before


def test_sweeping_spares_an_import_that_begins_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = "cd" * 32
    folder, lock = workplaces.base() / sha256, workplaces.base() / f"{sha256}.lock"
    folder.mkdir(parents=True)
    lock.touch()
    real = fcntl.flock

    def ends_and_begins(file: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", real)
        lock.unlink()  # the import that had it ended, and another one of the same content began
        lock.touch()
        real(file, how)

    monkeypatch.setattr(fcntl, "flock", ends_and_begins)
    workplaces.sweep()
    assert folder.exists()
    assert lock.exists()
    workplaces.sweep()
    assert not list(workplaces.base().glob("*"))


def test_what_dead_imports_left_is_swept(forged_demo: Callable[[int], Path], tmp_path: Path) -> None:
    demo = kept(forged_demo(7))
    for sha256 in (demo.sha256, "ab" * 32):
        (workplaces.base() / sha256).mkdir(parents=True)
    workplaces.sweep()
    assert [path.name for path in workplaces.base().glob("*")] == [demo.sha256]
    Job.objects.update(heartbeat_at=Job.objects.get().created_at - timedelta(days=1))
