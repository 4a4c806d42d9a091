"""Files that arrived, by whichever way: recordings are registered and their import queued, archives are unpacked.

Everything comes through :func:`settle`; running it again goes on where it was stopped.
"""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.core import storage
from apps.core.models import User
from apps.demos.jobs.registering import take_in
from apps.demos.jobs.unpacking import enqueue_unpacking
from apps.demos.models import DemoSource, Upload, UploadStatus
from apps.demos.parsing.packed import archives
from apps.demos.parsing.reading import header
from apps.demos.parsing.reading.header import Rejected
from apps.demos.services import keeping, uploading


def receive(
    upload: UploadedFile, *, user: User | None, source: DemoSource = DemoSource.UPLOAD, keep_raw: bool = False
) -> Upload:
    """Take in a file that came whole with a form; what came of it is in the row's ``results`` or its ``job``."""
    name, size = upload.name or "recording.dem", upload.size or 0
    try:
        keeping.check_size(size)
        path = _own_file(upload)
        return _arrived(path, name, user=user, source=source, keep_raw=keep_raw)
    except Rejected as refusal:
        return uploading.refuse(name, size, str(refusal), user=user, source=source)


def receive_path(path: Path, *, source: DemoSource, user: User | None = None, keep_raw: bool = False) -> Upload:
    """Take in a copy of a file of this machine, which itself is left alone.

    Raises:
        OSError: it cannot be read, or the disk is full.
        apps.demos.services.uploading.NoRoom: the disk would not hold it.
    """
    size = path.stat().st_size
    try:
        keeping.check_size(size)
        with path.open("rb") as file:
            head = file.read(header.HEAD_BYTES)
        if not archives.check(head):
            header.check_head(head, size)
        uploading.check_room(size)
        return _arrived(_copied(path), path.name, user=user, source=source, keep_raw=keep_raw)
    except Rejected as refusal:
        return uploading.refuse(path.name, size, str(refusal), user=user, source=source)


def complete(upload: Upload) -> None:
    """Go on with an upload of which every byte is here; others are left alone."""
    if upload.offset == upload.size and uploading.move(upload, UploadStatus.COMPLETE):
        upload.refresh_from_db()
        settle(upload)


def settle(upload: Upload) -> bool:
    """Bring a whole upload into the library, or to the worker that unpacks it; False when somebody else is at it."""
    with _locked(uploading.path_of(upload)) as path:
        upload.refresh_from_db()
        if path is None or upload.status != UploadStatus.COMPLETE or upload.job is not None:
            return False
        try:
            _settle(upload, path)
        except Rejected as refusal:
            uploading.close(upload, [uploading.result(upload.name, "rejected", str(refusal))])
        path.unlink(missing_ok=True)
    upload.refresh_from_db()
    return True


def _settle(upload: Upload, path: Path) -> None:
    with path.open("rb") as file:
        suffix = archives.check(file.read(header.HEAD_BYTES))
    if suffix:
        storage.keep_file(uploading.archive_name(upload), path)
        with transaction.atomic():
            uploading.unpacked_by(upload, enqueue_unpacking(upload))
        return
    kept = keeping.keep(path, upload.name)
    with transaction.atomic():
        uploading.close(upload, [take_in(kept, upload, upload.name)])


def _arrived(path: Path, name: str, **about: Any) -> Upload:
    """The upload of a file of our own, settled; the file is gone afterwards, whatever came of it."""
    try:
        upload = uploading.adopt(path, name, **about)
    finally:
        path.unlink(missing_ok=True)
    settle(upload)
    return upload


def _own_file(upload: UploadedFile) -> Path:
    """The file of a form as one in the uploads folder: the one it was written to, or a new one."""
    target = uploading.folder() / f"{uuid.uuid4()}.form"
    if hasattr(upload, "temporary_file_path"):
        Path(upload.temporary_file_path()).rename(target)
        return target
    with target.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return target


def _copied(path: Path) -> Path:
    target = uploading.folder() / f"{uuid.uuid4()}.copy"
    try:
        shutil.copyfile(path, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


@contextmanager
def _locked(path: Path) -> Iterator[Path | None]:
    """``path`` while nobody else settles or writes it; None when somebody does, or it is gone."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        held = False
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = True
        yield path if held else None
