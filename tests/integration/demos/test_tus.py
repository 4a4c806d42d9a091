"""The tus protocol by its letter: what is taken, what is refused, and that nothing is lost or left behind."""

import base64
import errno
import hashlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.core.services import housekeeping, tokens
from apps.demos.models import Demo, Upload
from apps.demos.parsing.reading.header import MAGIC
from apps.demos.services import appending, removing, uploading
from tests.integration.demos.tus import VERSION, Tus


def content(text: str, size: int = 3000) -> bytes:
    """Bytes that pass the door; no two tests share them."""
    return MAGIC + text.encode().ljust(size - len(MAGIC), b".")


@pytest.fixture
def tus(viewer: Any, client: Client) -> Tus:
    return Tus(client)


@pytest.fixture(autouse=True)
def nothing_left(db: None) -> Any:
    """After each test the uploads folder holds what unfinished uploads need, and nothing else."""
    folder = Path(site.FILE_UPLOAD_TEMP_DIR)
    yield
    open_ones = {f"{pk}.part" for pk in Upload.objects.filter(status="receiving").values_list("pk", flat=True)}
    left = list(folder.iterdir())
    for path in left:
        path.unlink()
    assert {path.name for path in left} <= open_ones


def test_what_the_server_can(tus: Tus) -> None:
    answer = tus.client.options("/uploads/")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {"creation", "expiration", "termination", "checksum"}
    assert int(answer.headers["Tus-Max-Size"]) == site.MAX_DEMO_BYTES


def test_in_pieces_and_into_the_library(tus: Tus, stored: Callable[[], set[str]]) -> None:
    data = content("in pieces")
    url = tus.begun(len(data), "pieces.dem")
    for start in range(0, len(data), 1000):
        assert tus.offset(url) == start
        answer = tus.patch(url, start, data[start : start + 1000])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(min(start + 1000, len(data))))
    demo = Demo.objects.get()
    assert demo.sha256 == hashlib.sha256(data).hexdigest()
    assert (demo.original_name, demo.size) == ("pieces.dem", len(data))
    assert demo.recording in stored()
    upload = Upload.objects.get()
    assert upload.status == "done"
    assert [(entry["outcome"], entry["demo"]) for entry in upload.results] == [("queued", demo.pk)]
    assert tus.head(url).headers["Upload-Offset"] == str(len(data))
    page = tus.client.get(url).content.decode()
    assert "data-job" in page


def test_the_same_content_again_is_told(tus: Tus) -> None:
    data = content("again by tus")
    for name in ("first.dem", "second.dem"):
        assert tus.patch(tus.begun(len(data), name), 0, data).status_code == 204
    newest = Upload.objects.get(name="second.dem")
    assert newest.results[0]["outcome"] == "duplicate_of"
    assert "first.dem" in newest.results[0]["message"]
    assert Demo.objects.count() == 1


@pytest.mark.parametrize(
    ("offset", "size", "status"),
    [
        (0, 500, 409),  # overlapping: they are here already
        (999, 500, 409),
        (1001, 500, 409),  # out of order: some would be missing
        (3001, 1, 409),  # past the end
        (10**17, 1, 409),
        ("-1", 5, 400),
        ("-0", 5, 400),
        ("1e3", 5, 400),
        ("0x3e8", 5, 400),
        ("٣", 5, 400),
        ("", 5, 400),
        ("9" * 30, 5, 400),
        (1000, 2001, 413),  # more than was declared
    ],
)
def test_wrong_offsets_change_nothing(tus: Tus, offset: int | str, size: int, status: int) -> None:
    url = tus.begun(3000)
    tus.patch(url, 0, b"x" * 1000)
    answer = tus.patch(url, str(offset).encode("utf-8").decode("latin-1"), b"y" * size)
    assert answer.status_code == status
    assert answer.content.decode().endswith(".")
    assert tus.offset(url) == 1000
    assert (uploading.folder() / f"{url.split('/')[-2]}.part").read_bytes() == b"x" * 1000
    if status in (409, 413):
        assert answer.headers["Upload-Offset"] == "1000"


@pytest.mark.parametrize("length", ["-1", "abc", "", "1.5", "99999999999999999999"])
def test_a_size_that_is_none(tus: Tus, length: str) -> None:
    assert tus.create(length).status_code == 400
    assert not Upload.objects.exists()


def test_five_gigabytes_are_refused_with_the_limit(tus: Tus) -> None:
    answer = tus.create(5 * 1024**3)
    assert answer.status_code == 413
    assert "too large (5120 MB; the limit here is 2048 MB)" in answer.content.decode()


def test_no_room_is_said_before_anything_is_sent(tus: Tus, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    usage = shutil.disk_usage("/")._replace(free=settings.MIN_FREE_DISK_MB * 1024**2 + 5000)
    monkeypatch.setattr(uploading.shutil, "disk_usage", lambda path: usage)
    tus.begun(3000)
    answer = tus.create(3000)  # 3,000 of the 5,000 bytes are promised
    assert answer.status_code == 507
    assert "no room" in answer.content.decode()
    assert Upload.objects.count() == 1


def test_the_disk_fills_on_the_way(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    url, real = tus.begun(3000), appending.os.pwrite

    def full(descriptor: int, data: bytes, at: int) -> int:
        if at >= 1200:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[:400], at)

    monkeypatch.setattr(appending.os, "pwrite", full)
    answer = tus.patch(url, 0, content("full"))
    assert answer.status_code == 507
    assert "once there is room" in answer.content.decode()
    monkeypatch.undo()
    kept = tus.offset(url)
    assert kept == 1200, "what arrived before is kept"
    assert tus.patch(url, kept, content("full")[kept:]).status_code == 204
    assert Demo.objects.get().sha256 == hashlib.sha256(content("full")).hexdigest()


def test_two_writers(tus: Tus, viewer: Any) -> None:
    url = tus.begun(3000)
    first = appending.begin(Upload.objects.get().pk, viewer, 0, 10)
    first.write(b"x" * 10)
    answer = tus.patch(url, 0, b"y" * 10)
    assert answer.status_code == 423
    assert "Another connection" in answer.content.decode()
    first.finish()
    first.release()
    assert tus.patch(url, 0, b"y" * 10).status_code == 409
    assert tus.patch(url, 10, b"z" * 10).status_code == 204


def test_bytes_behind_the_offset_are_cut_off(tus: Tus) -> None:
    """The process was killed in the middle of a part: its bytes are in the file, but nobody was told so."""
    data = content("killed")
    url = tus.begun(len(data))
    tus.patch(url, 0, data[:1000])
    path = uploading.path_of(Upload.objects.get())
    path.write_bytes(data[:1000] + b"rubbish" * 500)
    assert tus.offset(url) == 1000
    tus.patch(url, 1000, data[1000:])
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("lost", ["shorter", "gone"])
def test_a_file_that_lost_bytes_begins_again(tus: Tus, lost: str) -> None:
    url = tus.begun(3000)
    tus.patch(url, 0, b"x" * 1000)
    path = uploading.path_of(Upload.objects.get())
    path.write_bytes(b"x" * 500) if lost == "shorter" else path.unlink()
    assert tus.patch(url, 1000, b"y").status_code == 410


def test_anothers_upload_is_not_there(tus: Tus, make_user: Callable[..., Any]) -> None:
    url = tus.begun(3000)
    other = Client()
    other.force_login(make_user("admin", "somebody-else"))
    theirs = Tus(other)
    for answer in (theirs.head(url), theirs.patch(url, 0, b"x"), theirs.delete(url), other.get(url)):
        assert answer.status_code == 404
    assert tus.offset(url) == 0
    assert url not in other.get("/uploads/").content.decode()


def test_nobody_and_forged_requests(tus: Tus, viewer: Any, make_user: Callable[..., Any]) -> None:
    url = tus.begun(3000)
    answer = Tus(Client()).patch(url, 0, b"x")
    assert answer.status_code == 401
    assert "Sign in again" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(viewer)
    assert Tus(strict).patch(url, 0, b"x").status_code == 403
    assert Tus(strict).create(3000).status_code == 403
    plain = Client()
    plain.force_login(make_user(None))
    assert Tus(plain).create(3000).status_code == 403
    assert tus.offset(url) == 0


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.dem",
        "a\x00b.dem",
        "x" * 300 + ".dem",
        "evil\u202emed.dem",
        b"\xff\xfe.dem",
        "",
        "C:\\x\\y.dem",
    ],
)
def test_hostile_names(tus: Tus, name: str | bytes) -> None:
    data = content(f"hostile {name!r}")
    answer = tus.create(len(data), name)
    assert answer.status_code == 201
    tus.patch(answer.headers["Location"], 0, data)
    kept = Demo.objects.get().original_name
    assert kept.isprintable()
    assert "/" not in kept
    assert 0 < len(kept) <= 255


@pytest.mark.parametrize("given", ["filename ???", "filename " + "A" * 9000])
def test_metadata_that_is_none(tus: Tus, given: str) -> None:
    assert tus.create(10, **{"Upload-Metadata": given}).status_code == 400


def test_discarding(tus: Tus) -> None:
    url = tus.begun(3000)
    tus.patch(url, 0, b"x" * 1000)
    assert tus.delete(url).status_code == 204
    assert tus.head(url).status_code == tus.patch(url, 1000, b"x").status_code == tus.delete(url).status_code == 410
    assert not list(uploading.folder().iterdir())


def test_checksums(tus: Tus) -> None:
    url = tus.begun(3000)
    right = base64.b64encode(hashlib.sha1(b"x" * 100).digest()).decode()
    assert tus.patch(url, 0, b"y" * 100, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 460
    assert tus.offset(url) == 0
    assert tus.patch(url, 0, b"x" * 100, **{"Upload-Checksum": f"crc32 {right}"}).status_code == 400
    assert tus.patch(url, 0, b"x" * 100, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 204
    assert tus.offset(url) == 100


def test_the_protocol_s_own_rules(tus: Tus) -> None:
    url = tus.begun(3000)
    old = tus.client.head(url, headers={"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")
    plain = tus.client.patch(url, b"x", content_type="text/plain", headers={**VERSION, "Upload-Offset": "0"})
    assert plain.status_code == 415
    overridden = {**VERSION, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    kind = "application/offset+octet-stream"
    assert tus.client.post(url, b"abc", content_type=kind, headers=overridden).status_code == 204
    assert tus.offset(url) == 3
    assert tus.client.put(url, headers=VERSION).status_code == 405


def test_an_empty_file_is_refused_at_once(tus: Tus) -> None:
    tus.begun(0, "empty.dem")
    assert "is empty" in Upload.objects.get().results[0]["message"]


def test_abandoned_uploads_expire(tus: Tus) -> None:
    url = tus.begun(3000)
    assert "Upload-Expires" in tus.patch(url, 0, b"x" * 1000).headers
    housekeeping.run_once()
    assert tus.offset(url) == 1000
    Upload.objects.update(touched_at=timezone.now() - uploading.expiry() - timedelta(minutes=1))
    housekeeping.run_once()
    assert tus.head(url).status_code == 410
    assert not list(uploading.folder().iterdir())
    Upload.objects.update(touched_at=timezone.now() - timedelta(days=31))
    housekeeping.run_once()
    assert not Upload.objects.exists()


def test_a_whole_upload_nobody_took_in(tus: Tus) -> None:
    """The process ended between the last byte and the library."""
    data = content("stranded")
    url = tus.begun(len(data))
    uploading.path_of(Upload.objects.get()).write_bytes(data)
    Upload.objects.update(status="complete", offset=len(data), touched_at=timezone.now() - timedelta(minutes=2))
    housekeeping.run_once()
    assert Demo.objects.get().size == len(data)
    assert Upload.objects.get().status == "done"
    assert "data-job" in tus.client.get(url).content.decode()


@pytest.mark.parametrize("way", ["asked", "housekeeping"])
def test_the_last_bytes_came_and_the_process_ended(tus: Tus, way: str) -> None:
    data = content(f"last bytes {way}")
    url = tus.begun(len(data))
    uploading.path_of(Upload.objects.get()).write_bytes(data)
    Upload.objects.update(offset=len(data), touched_at=timezone.now() - timedelta(minutes=2))
    if way == "asked":
        assert tus.offset(url) == len(data), "the client takes this for the end"
    else:
        housekeeping.run_once()
    assert Demo.objects.get().size == len(data)


def test_uploads_by_token(make_user: Callable[..., Any]) -> None:
    _, text = tokens.make(make_user("viewer"), "a script", days=None)
    data = content("by token")
    program = Tus(Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"}))
    assert program.patch(program.begun(len(data)), 0, data).status_code == 204
    assert Demo.objects.get().source == "api"


def test_what_was_deleted_comes_back(tus: Tus, stored: Callable[[], set[str]]) -> None:
    data = content("comes back")
    tus.patch(tus.begun(len(data)), 0, data)
    Demo.objects.update(status="ready", job=None)
    demo = Demo.objects.get()
    assert removing.remove_recording(demo)
    assert demo.recording not in stored()
    tus.patch(tus.begun(len(data), "again.dem"), 0, data)
    assert Upload.objects.get(name="again.dem").results[0]["message"].endswith("now it is back.")
    assert Demo.objects.get().recording in stored()


class Sender(RuleBasedStateMachine):
    """A client that sends any part at any offset: the server's bytes are always a beginning of the right ones."""

    client: Client
    data = content("any order", 2000)

    def __init__(self) -> None:
        super().__init__()
        self.tus = Tus(self.client)
        self.url = self.tus.begun(len(self.data))
        self.at = 0

    @rule(start=st.integers(0, 2100), size=st.integers(1, 900))
    def any_part(self, start: int, size: int) -> None:
        part = self.data[start : start + size].ljust(size, b"!")
        self._send(start, part)

    @rule(size=st.integers(1, 900))
    def next_part(self, size: int) -> None:
        self._send(self.at, self.data[self.at : self.at + size] or b"!")

    def _send(self, start: int, part: bytes) -> None:
        if self.at == len(self.data):
            return
        answer = self.tus.patch(self.url, start, part)
        fits = start == self.at and start + len(part) <= len(self.data)
        assert (answer.status_code == 204) == fits
        self.at += len(part) * fits

    @invariant()
    def holds(self) -> None:
        assert self.tus.offset(self.url) == self.at
        if self.at < len(self.data):
            path = uploading.folder() / f"{self.url.split('/')[-2]}.part"
            assert path.read_bytes() == self.data[: self.at]


def test_any_order_of_parts(tus: Tus) -> None:
    Sender.client = tus.client
    run_state_machine_as_test(Sender, settings=effort(max_examples=8, stateful_step_count=12, deadline=None))
