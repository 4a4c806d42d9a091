"""Archives through a worker, recordings by command, and the watched folder."""

import gzip
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.core.jobs import perform
from apps.core.models import Job
from apps.core.services import ledger
from apps.demos.jobs.watching import Watch
from apps.demos.models import Demo, Upload
from apps.demos.parsing.reading.header import MAGIC
from apps.demos.selectors import uploads as selectors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_left(db: None) -> Any:
    """Nothing lies about afterwards: no upload, nothing half unpacked, no archive."""
    yield
    artefacts = Path(site.STORAGES["default"]["OPTIONS"]["location"])
    for folder in (Path(site.FILE_UPLOAD_TEMP_DIR), artefacts / "incoming", site.CHIMERA_HOME / "parsing"):
        assert not folder.exists() or list(folder.iterdir()) == []


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    """``command(path, …)`` → exit status and the JSON lines of ``import_demos --json``."""

    def run(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
        status = 0
        try:
            call_command("import_demos", "--json", *map(str, arguments))
        except SystemExit as end:
            status = int(end.code or 0)
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files:
            file.writestr(name, data)
    return buffer.getvalue()


def fake(text: str) -> bytes:
    """Bytes that pass the door, and no further."""
    return MAGIC + text.encode().ljust(900, b".")


def test_folders_archives_and_refusals(
    command: Callable[..., Any], forged_demo: Callable[[int], Path], tmp_path: Path
) -> None:
    recording = forged_demo(20)
    inside = tmp_path / "in" / "deep"
    inside.mkdir(parents=True)
    (inside / "match.dem").hardlink_to(recording)
    (inside / "notes.txt").write_text("passed over in a folder")
    (tmp_path / "in" / "z.zip").write_bytes(zipped(("a.dem", recording.read_bytes()), ("b.dem", b"no recording")))
    (tmp_path / "m.dem.gz").write_bytes(gzip.compress(recording.read_bytes(), 1))
    text = tmp_path / "renamed.dem"
    text.write_text("hello")
    status, said = command(tmp_path / "in", tmp_path / "m.dem.gz", text, tmp_path / "nowhere.dem", "--tag", "Scrim, A")
    assert status == 1
    assert [(Path(one["path"]).name, one["name"], one["outcome"]) for one in said] == [
        ("match.dem", "match.dem", "imported"),
        ("z.zip", "a.dem", "duplicate_of"),
        ("z.zip", "b.dem", "rejected"),
        ("m.dem.gz", "m.dem", "duplicate_of"),
        ("renamed.dem", "renamed.dem", "rejected"),
        ("nowhere.dem", "nowhere.dem", "rejected"),
    ]
    demo = Demo.objects.get()
    assert {one["id"] for one in said if one["id"]} == {demo.pk}
    assert (said[0]["map"], said[0]["rounds"], said[0]["warnings"]) == (demo.map_name, demo.round_count, [])
    assert demo.sha256 == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert (demo.source, demo.uploaded_by) == ("command", None)
    assert set(demo.tags.values_list("name", flat=True)) == {"scrim", "a"}
    assert recording.stat().st_nlink == 2, "the library's file is a copy of its own"
    assert set(Job.objects.values_list("status", flat=True)) == {"succeeded"}
    assert command(inside)[0] == 0


def test_a_table_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "evil\u202e.dem").write_bytes(b"")
    with pytest.raises(SystemExit):
        call_command("import_demos", str(tmp_path))
    line = capsys.readouterr().out
    assert line.startswith("rejected")
    assert "is empty" in line
    assert "\u202e" not in line


def test_real_archives_are_recognised(command: Callable[..., Any], shared_data: Path) -> None:
    demos = shared_data / "demos"
    expected = json.loads((demos / "expected.json").read_text())
    names = ["real/14065.dem", *(name for name in expected if name.startswith("real/14065.dem."))]
    status, said = command(*(demos / name for name in names))
    assert status == 0
    assert len(said) == 5
    assert [one["outcome"] for one in said] == [expected[name]["outcome"] for name in names]
    assert len({one["id"] for one in said}) == 1


@pytest.fixture
def archive(upload: Callable[..., dict[str, Any]]) -> Callable[[bytes, str], Upload]:
    """``archive(b"…", "a.zip")`` → it was uploaded by the plain form, and its job waits."""

    def send(data: bytes, name: str) -> Upload:
        assert upload(data, name)["outcome"] == "queued"
        return Upload.objects.get(name=name)

    return send


def test_what_is_in_an_uploaded_archive(archive: Callable[..., Upload], client: Client) -> None:
    found = archive(zipped(("a.dem", fake("a")), ("b.dem", b""), ("c.dem", fake("a"))), "three.zip")
    assert found.job is not None
    assert "Waiting" in client.get(reverse("demos:upload-one", args=[found.pk])).content.decode()
    assert str(found.pk) in client.get(reverse("demos:uploads")).content.decode()
    perform(str(found.job.pk))
    found.refresh_from_db()
    assert found.status == "done"
    outcomes = selectors.outcomes(found)
    assert [(one.name, one.outcome) for one in outcomes] == [
        ("a.dem", "queued"),
        ("b.dem", "rejected"),
        ("c.dem", "duplicate_of"),
    ]
    assert outcomes[0].job is not None
    perform(str(outcomes[0].job.pk))  # it is no recording after all
    outcomes = selectors.outcomes(found)
    assert outcomes[0].outcome == "rejected"
    page = client.get(reverse("demos:upload-one", args=[found.pk])).content.decode()
    assert outcomes[0].message[:30] in page
    assert "data-open" not in page


def test_a_bomb_costs_only_itself(archive: Callable[..., Upload], settings: Any) -> None:
    settings.MAX_DEMO_BYTES = 2_000_000
    found = archive(gzip.compress(MAGIC + bytes(30_000_000)), "bomb.dem.gz")
    assert found.job is not None
    perform(str(found.job.pk))
    found.refresh_from_db()
    assert [(one.outcome, "limit here" in one.message) for one in selectors.outcomes(found)] == [("rejected", True)]
    assert not Demo.objects.exists()


def test_nothing_in_it(archive: Callable[..., Upload]) -> None:
    found = archive(zipped(("readme.txt", b"hello")), "empty.zip")
    assert found.job is not None
    perform(str(found.job.pk))
    found.refresh_from_db()
    found.job.refresh_from_db()
    assert "no recording in this archive" in selectors.outcomes(found)[0].message
    assert (found.job.status, found.job.retry_safe) == ("failed", False)


def test_cancelled_and_taken_up_again(
    archive: Callable[..., Upload], monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    from apps.demos.jobs import unpacking

    found = archive(zipped(*((f"{number}.dem", fake(f"again {number}")) for number in range(3))), "again.zip")
    job, real = found.job, unpacking.take_in
    assert job is not None

    def second_is_too_much(kept: Any, upload: Upload, name: str) -> dict[str, Any]:
        if name == "1.dem":
            ledger.request_cancel(job)
        return real(kept, upload, name)

    monkeypatch.setattr(unpacking, "take_in", second_is_too_much)
    perform(str(job.pk))
    monkeypatch.undo()
    job.refresh_from_db()
    assert job.status == "cancelled"
    page = client.get(reverse("demos:upload-one", args=[found.pk])).content.decode()
    assert "Try again" in page
    ledger.requeue(job)
    perform(str(job.pk))
    found.refresh_from_db()
    assert [(one["name"], one["outcome"]) for one in found.results] == [(f"{n}.dem", "queued") for n in range(3)]
    assert Demo.objects.count() == 3


def test_the_watched_folder(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    watch = Watch(watched)
    assert watch.look() == [], "it need not be there yet"
    (watched / "sub").mkdir(parents=True)
    growing, whole, bad = watched / "growing.dem", watched / "sub" / "whole.dem", watched / "bad.dem"
    growing.write_bytes(fake("growing")[:500])
    whole.write_bytes(fake("whole"))
    bad.write_text("no recording")
    (watched / ".hidden.dem").write_bytes(fake("hidden"))
    (watched / "notes.txt").write_bytes(fake("notes"))
    assert watch.look() == []
    growing.write_bytes(fake("growing"))
    taken = {upload.name: upload.results[0]["outcome"] for upload in watch.look()}
    assert taken == {"whole.dem": "queued", "bad.dem": "rejected"}
    assert [upload.name for upload in watch.look()] == ["growing.dem"]
    assert watch.look() == []
    again = Watch(watched)  # the process was started anew
    again.look()
    assert again.look() == []
    assert sorted(path.name for path in watched.rglob("*.dem")) == [
        ".hidden.dem",
        "bad.dem",
        "growing.dem",
        "whole.dem",
    ]
    os.utime(whole, (1, 1))  # touched, but the same
    again.look()
    assert [upload.results[0]["outcome"] for upload in again.look()] == ["duplicate_of"]
    assert Demo.objects.filter(source="folder").count() == 2


def test_a_watched_file_waits_while_the_disk_is_full(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "waits.dem").write_bytes(fake("waits"))
    watch = Watch(tmp_path)
    settings.MIN_FREE_DISK_MB = 2**40
    watch.look()
    assert watch.look() == []
    settings.MIN_FREE_DISK_MB = 0
    assert [upload.name for upload in watch.look()] == ["waits.dem"]
