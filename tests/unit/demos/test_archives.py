"""What is taken out of archives, and what is not, whatever an archive says of itself."""

import bz2
import gzip
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.demos.parsing.packed import archives, unpacking
from apps.demos.parsing.packed.unpacking import Limits
from apps.demos.parsing.reading.header import MAGIC, Rejected

MB = 1024 * 1024
DEMO = MAGIC + b"a recording".ljust(5000, b".")
OTHER = MAGIC + b"another".ljust(4000, b".")
WIDE = Limits(recording=8 * MB, archive=20 * MB, reserve=0)
Found = list[dict[str, Any]]


@pytest.fixture
def unpack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Found]:
    """``unpack(b"…", "m.zip")`` → what the process says; its files are looked at and taken away at once."""
    folder = tmp_path / "out"
    folder.mkdir()

    def run(data: bytes, name: str = "a.zip", limits: Limits = WIDE) -> Found:
        archive, seen = tmp_path / "archive", {}
        archive.write_bytes(data)
        # The process waits until its file is taken; here that is done as soon as it has said so.
        real = unpacking._until_taken
        unpacking._until_taken = lambda path: (seen.update({path.name: path.read_bytes()}), path.unlink())
        try:
            given = {"recording": limits.recording, "archive": limits.archive, "reserve": limits.reserve}
            unpacking.main([str(archive), name, str(folder), json.dumps({**given, "skip": sorted(limits.skip)})])
        finally:
            unpacking._until_taken = real
        assert list(folder.iterdir()) == [], "nothing is left behind"
        said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        for message in said:
            if "path" in message:
                content = seen[Path(message["path"]).name]
                assert hashlib.sha256(content).hexdigest() == message["sha256"]
                message["content"] = content
        return [message for message in said if "fraction" not in message]

    return run


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in files:
            file.writestr(name, data)
    return buffer.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": zstandard.compress,
    ".zip": lambda data: zipped(("m.dem", data)),
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_one_recording(unpack: Callable[..., Found], suffix: str) -> None:
    recording, end = unpack(PACKERS[suffix](DEMO), f"m.dem{suffix}")
    assert (recording["name"], recording["size"], recording["content"]) == ("m.dem", len(DEMO), DEMO)
    assert end == {"end": True}


@pytest.mark.parametrize("suffix", PACKERS)
def test_cut_off_archives(unpack: Callable[..., Found], suffix: str) -> None:
    said = unpack(PACKERS[suffix](DEMO * 20)[:-8], f"m.dem{suffix}")
    assert "damaged or cut off" in said[0].get("refused", said[0].get("rejected", ""))


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_packed_recordings_in_a_zip(unpack: Callable[..., Found], suffix: str) -> None:
    said = unpack(zipped((f"m.dem{suffix}", PACKERS[suffix](DEMO)), ("n.dem", OTHER)))
    assert [(one["name"], one["content"]) for one in said[:-1]] == [("m.dem", DEMO), ("n.dem", OTHER)]


def test_names_are_for_people_only(unpack: Callable[..., Found]) -> None:
    names = [
        "a/b/one.dem",
        "../../etc/two.dem",
        "/abs/three.dem",
        "C:\\x\\four.dem",
        "e" * 300 + ".dem",
        "six\u202e.dem",
    ]
    said = unpack(zipped(*((name, MAGIC + str(number).encode() * 99) for number, name in enumerate(names))))
    assert [one["name"][-9:] for one in said[:-1]] == [
        "one.dem",
        "two.dem",
        "three.dem",
        "four.dem",
        "eeeee.dem",
        "six\u202e.dem",
    ]
    assert all("/" not in one["name"] for one in said[:-1])


def test_what_is_passed_over_and_what_is_refused(unpack: Callable[..., Found]) -> None:
    link = zipfile.ZipInfo("link.dem")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped(
        ("readme.txt", b"hello"),
        ("__MACOSX/._m.dem", b"junk"),
        ("folder/", b""),
        ("no suffix", DEMO),
        ("empty.dem", b""),
        ("old.dem", b"HL2DEMO\0".ljust(900, b"\0")),
        (link, b"/etc/passwd"),
        ("inner.zip", zipped(("m.dem", DEMO))),
    )
    said = {one["name"]: one.get("refused", "taken") for one in unpack(data)[:-1]}
    assert said["no suffix"] == "taken"
    assert "is empty" in said["empty.dem"]
    assert "CS:GO" in said["old.dem"]
    assert "not followed" in said["link.dem"]
    assert "archive inside an archive" in said["inner.zip"]
    assert len(said) == 5


def test_an_encrypted_entry(unpack: Callable[..., Found]) -> None:
    data = bytearray(zipped(("m.dem", DEMO)))
    data[6] |= 1  # in the entry
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # and in the table of contents
    assert "without a password" in unpack(bytes(data))[0]["refused"]


def test_frames_one_after_another(unpack: Callable[..., Found]) -> None:
    data = zstandard.compress(DEMO) + zstandard.compress(b"and more of it")
    assert unpack(data, "m.dem.zst")[0]["content"] == DEMO + b"and more of it"


def test_nothing_inside(unpack: Callable[..., Found]) -> None:
    for data in (zipped(("a.txt", b"x")), zipped(), gzip.compress(b"just text")):
        assert "no recording in this archive" in unpack(data, "x.gz")[-1]["rejected"]


def test_an_archive_in_an_archive(unpack: Callable[..., Found]) -> None:
    assert "inside an archive" in unpack(gzip.compress(gzip.compress(DEMO)), "m.dem.gz.gz")[0]["refused"]
    tar = b"m.dem".ljust(257, b"\0") + b"ustar".ljust(800, b"\0")
    assert "inside an archive" in unpack(gzip.compress(tar), "m.tar.gz")[0]["refused"]


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_bomb_ends_at_the_limit(unpack: Callable[..., Found], suffix: str) -> None:
    said = unpack(PACKERS[suffix](MAGIC + bytes(30 * MB)), f"m.dem{suffix}")
    assert "larger than 8 MB, the limit here" in said[0]["refused"]


def test_many_that_are_together_too_large(unpack: Callable[..., Found]) -> None:
    data = zipped(*((f"{number}.dem", MAGIC + bytes([number]) * 6 * MB) for number in range(9)))
    said = unpack(data)
    assert [bool(one.get("refused")) for one in said[:-1]] == [False, False, False, True], "the rest is not looked at"
    assert "archive is larger than 20 MB" in said[3]["refused"]


def test_a_growth_no_recording_has(unpack: Callable[..., Found], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "RATIO_FROM", 2 * MB)
    said = unpack(gzip.compress(MAGIC + bytes(7 * MB)), "m.dem.gz")
    assert "grows far beyond" in said[0]["refused"]


def test_too_many_files(unpack: Callable[..., Found]) -> None:
    data = zipped(*((f"{number}.dem", b"") for number in range(1001)))
    assert "1001 files; the limit is 1000" in unpack(data)[0]["rejected"]


def test_the_disk_stays_free(unpack: Callable[..., Found]) -> None:
    full = Limits(recording=8 * MB, archive=20 * MB, reserve=2**60)
    assert "not enough room" in unpack(gzip.compress(DEMO), "m.dem.gz", full)[0]["refused"]


def test_going_on_behind_what_was_taken(unpack: Callable[..., Found]) -> None:
    again = Limits(recording=8 * MB, archive=20 * MB, reserve=0, skip=frozenset({0}))
    said = unpack(zipped(("a.dem", DEMO), ("b.dem", OTHER)), "a.zip", again)
    assert [one["name"] for one in said[:-1]] == ["b.dem"]


@pytest.mark.parametrize("head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"\xfd7zXZ\x00"])
def test_other_archives_are_named(head: bytes) -> None:
    with pytest.raises(Rejected, match="not opened here"):
        archives.check(head.ljust(512, b"\0"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(sorted(PACKERS)),
    at=st.integers(0, 400),
    change=st.binary(min_size=1, max_size=8),
)
def test_damage_anywhere_ends_with_a_sentence(
    unpack: Callable[..., Found], suffix: str, at: int, change: bytes
) -> None:
    data = bytearray(PACKERS[suffix](DEMO))
    at %= len(data)
    data[at : at + len(change)] = change
    if not archives.kind(bytes(data[:512])):
        return
    said = unpack(bytes(data), f"m.dem{suffix}")
    assert said[-1].keys() & {"end", "rejected"}
    for message in said:
        assert message.get("refused", message.get("rejected", "x.")).endswith(".")
