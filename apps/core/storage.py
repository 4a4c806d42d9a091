"""Where files live: Django's storage API, local disk by default, S3-compatible by setting.

Names are relative ("recordings/ab/abcdef….dem"); only this module knows where they are.
"""

import errno
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

CHUNK = 1024 * 1024


class AtomicFileSystemStorage(FileSystemStorage):
    """A local storage in which a name holds a whole file or nothing: written beside, synced, then renamed."""

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{uuid.uuid4().hex}.part")
        try:
            with temporary.open("wb") as file:
                for chunk in content.chunks(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: our names are content hashes or ids, so saving again means the same file again."""
        return name


def artefacts() -> Storage:
    """The storage that holds every file Chimera keeps."""
    return default_storage


def sha256_of(file: BufferedIOBase) -> str:
    """Hex SHA-256 of a file read from its start; leaves it rewound."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def put_file(name: str, source: Path) -> str:
    """Store the file at ``source`` under ``name`` and return the name."""
    with source.open("rb") as file:
        return artefacts().save(name, File(file))


def keep_file(name: str, source: Path) -> str:
    """Store ``source``, which must not change any more, under ``name``: as a second name of the same file where both
    lie on one local disk, else as a copy. Returns the name; ``source`` stays.
    """
    store = artefacts()
    try:
        target = Path(store.path(name))
    except NotImplementedError:
        return put_file(name, source)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        temporary.hardlink_to(source)
        _flush(temporary)
        temporary.replace(target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES):
            raise
        return put_file(name, source)
    finally:
        temporary.unlink(missing_ok=True)
    return name


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def put_bytes(name: str, data: bytes) -> str:
    """Store ``data`` under ``name`` and return the name."""
    from django.core.files.base import ContentFile

    return artefacts().save(name, ContentFile(data))


def keep_folder(prefix: str, source: Path) -> list[str]:
    """:func:`keep_file` of every finished file below ``source`` (no name with a dot in front) under ``prefix``.

    Returns the names.
    """
    files = sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))
    names = [f"{prefix}/{path.relative_to(source).as_posix()}" for path in files]
    with ThreadPoolExecutor(8) as pool:  # each waits for the disk, and disks like to be asked for much at once
        return list(pool.map(keep_file, names, files))


def is_disk_full(error: BaseException) -> bool:
    """Whether there was no room to write (or not as much as this process may)."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def read_bytes(name: str) -> bytes:
    with artefacts().open(name) as file:
        return bytes(file.read())


def remove(name: str) -> None:
    """Delete ``name``; nothing happens when it is not there."""
    if name:
        artefacts().delete(name)


@contextmanager
def local_path(name: str) -> Iterator[Path]:
    """A path on this machine with the content of ``name``: the file itself on local disk, else a temporary copy."""
    storage = artefacts()
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / Path(name).name
            with storage.open(name) as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
            yield copy
        return
    yield path
