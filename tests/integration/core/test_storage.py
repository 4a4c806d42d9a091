"""A name in the storage holds a whole file or nothing."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.test import override_settings

from apps.core import storage
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    where = tmp_path / "artefacts"
    local = {"BACKEND": "apps.core.storage.AtomicFileSystemStorage", "OPTIONS": {"location": str(where)}}
    with override_settings(STORAGES={"default": local}):
        yield where


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_was_stored_is_read_back(folder: Path, tmp_path: Path) -> None:
    assert storage.put_bytes("a/b.bin", b"one") == "a/b.bin"
    assert storage.read_bytes("a/b.bin") == b"one"
    with storage.local_path("a/b.bin") as path:
        assert path.read_bytes() == b"one"
    storage.remove("a/b.bin")
    storage.remove("a/b.bin")
    storage.remove("")
    assert files(folder) == []


def test_storing_again_replaces_in_one_step(folder: Path) -> None:
    storage.put_bytes("name", b"old")
    with storage.local_path("name") as path, path.open("rb") as reader:
        storage.put_bytes("name", b"new content")
        assert reader.read() == b"old"  # who was reading keeps what they had
    assert storage.read_bytes("name") == b"new content"
    assert files(folder) == ["name"]


def test_a_folder_is_stored_file_by_file(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "run"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "b.txt").write_text("b")
    (source / "a.txt").write_text("a")
    assert storage.keep_folder("runs/1", source) == ["runs/1/a.txt", "runs/1/deep/b.txt"]
    assert storage.read_bytes("runs/1/deep/b.txt") == b"b"


class FullDisk(ContentFile):  # type: ignore[type-arg]
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"the first half"
        raise OSError(28, "No space left on device")


def test_a_failed_write_leaves_what_was_there_and_no_rest(folder: Path) -> None:
    storage.put_bytes("name", b"old")
    with pytest.raises(OSError, match="No space left"):
        storage.artefacts().save("name", FullDisk(b""))
    with pytest.raises(OSError, match="No space left"):
        storage.artefacts().save("other", FullDisk(b""))
    assert files(folder) == ["name"]
    assert storage.read_bytes("name") == b"old"


KILLED_WRITER = """
import os, signal, sys
import django
django.setup()
from django.core.files.base import ContentFile
from apps.core.storage import AtomicFileSystemStorage

class Dies(ContentFile):
    def chunks(self, size=None):
        yield b"the first half"
        sys.stdout.write("writing"); sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)

AtomicFileSystemStorage(location=sys.argv[1]).save("name", Dies(b""))
"""


def test_a_writer_killed_half_way_leaves_no_half_file_under_the_name(folder: Path) -> None:
    storage.put_bytes("name", b"old")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chimera_site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WRITER, str(folder)], cwd=ROOT, env=environment, capture_output=True
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"writing")
    assert storage.read_bytes("name") == b"old"
    assert [name for name in files(folder) if not Path(name).name.startswith(".")] == ["name"]


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../outside", ""])
def test_no_name_leads_outside(folder: Path, name: str) -> None:
    with pytest.raises((SuspiciousFileOperation, ValueError)):
        storage.put_bytes(name, b"x")
    assert not (folder.parent / "outside").exists()


def test_the_hash_is_of_the_whole_file_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc" * 1_000_000)
    with path.open("rb") as file:
        file.read(10)
        assert storage.sha256_of(file) == hashlib.sha256(b"abc" * 1_000_000).hexdigest()
        assert file.tell() == 0
