"""The life of an upload: begun, received piece by piece (``services.appending``), complete, done or expired."""

import errno
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from apps.core import storage
from apps.core.broadcast import hint
from apps.core.models import Job, User
from apps.demos.models import DemoSource, Upload, UploadStatus
from apps.demos.services import keeping

# from → to; the one function that moves is `move`.
TRANSITIONS: dict[UploadStatus, frozenset[UploadStatus]] = {
    UploadStatus.RECEIVING: frozenset({UploadStatus.COMPLETE, UploadStatus.EXPIRED}),
    UploadStatus.COMPLETE: frozenset({UploadStatus.DONE, UploadStatus.EXPIRED}),
    UploadStatus.DONE: frozenset(),
    UploadStatus.EXPIRED: frozenset(),
}
FORGET_AFTER = timedelta(days=30)  # rows of what is over
MAX_UNFINISHED = 200  # of one person at a time
DISK_FULL = "The disk is full. What arrived before is kept; the upload goes on once there is room."


class NoRoom(Exception):
    """There is no place for the file; the message is for the person."""


class TooMany(Exception):
    """The person has too many uploads begun; the message says what to do."""


def expiry() -> timedelta:
    return timedelta(hours=settings.UPLOAD_EXPIRES_H)


def topic(upload_id: UUID) -> str:
    return f"upload:{upload_id}"


def folder() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


def path_of(upload: Upload) -> Path:
    """Where the bytes of an upload lie while it is received and until it is in the library."""
    return folder() / f"{upload.pk}.part"


def archive_name(upload: Upload) -> str:
    """Where a whole archive lies in storage until it is unpacked."""
    return f"incoming/{upload.pk}"


def move(upload: Upload, to: UploadStatus, **changes: object) -> bool:
    """Set ``status=to`` where the row stands in a state that may go there; True when this call did it."""
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    moved = Upload.objects.filter(pk=upload.pk, status__in=sources).update(status=to, **changes)
    if moved:
        hint(topic(upload.pk))
    return bool(moved)


def begin(user: User, name: str, size: int, *, source: DemoSource = DemoSource.UPLOAD) -> Upload:
    """A new upload of ``size`` bytes and its empty file.

    Raises:
        Rejected: larger than a recording may be.
        TooMany: this person has too many unfinished ones.
        NoRoom: the disk does not hold it beside what else was promised room.
    """
    keeping.check_size(size)
    unfinished = Upload.objects.filter(status=UploadStatus.RECEIVING)
    if unfinished.filter(user=user).count() >= MAX_UNFINISHED:
        raise TooMany(f"You have {MAX_UNFINISHED} unfinished uploads. Finish or discard some of them first.")
    promised = unfinished.aggregate(left=Sum(F("size") - F("offset")))["left"] or 0
    check_room(size + promised)
    upload = _create(user=user, name=name, size=size, source=source)
    path_of(upload).touch(exist_ok=False)
    return upload


def check_room(size: int) -> None:
    """Refuse ``size`` more bytes where they would fill the disk.

    Raises:
        NoRoom: they would.
    """
    free = shutil.disk_usage(folder()).free - settings.MIN_FREE_DISK_MB * 1024**2
    if size > free:
        raise NoRoom(
            f"There is no room for this on the disk ({max(free, 0) / 1024**2:.0f} MB left for uploads). Nothing was "
            "kept; try again when there is."
        )


def adopt(path: Path, name: str, *, source: DemoSource, user: User | None = None, keep_raw: bool = False) -> Upload:
    """An upload that is whole at once: the file at ``path``, in the uploads folder, becomes its file.

    Raises:
        Rejected: larger than a recording may be; ``path`` is left alone.
    """
    size = path.stat().st_size
    keeping.check_size(size)
    whole = UploadStatus.COMPLETE
    upload = _create(user=user, name=name, size=size, offset=size, status=whole, source=source, keep_raw=keep_raw)
    path.rename(path_of(upload))
    return upload


def refuse(name: str, size: int, sentence: str, *, source: DemoSource, user: User | None = None) -> Upload:
    """An upload that was refused before anything of it was kept."""
    results = [result(name, "rejected", sentence)]
    return _create(user=user, name=name, size=size, status=UploadStatus.DONE, source=source, results=results)


def result(name: str, outcome: str, message: str, *, demo: int | None = None, job: Job | None = None) -> dict[str, Any]:
    """One entry of ``Upload.results``."""
    name = keeping.printable(name)
    return {"name": name, "outcome": outcome, "message": message, "demo": demo, "job": str(job.pk) if job else None}


def close(upload: Upload, results: list[dict[str, Any]]) -> bool:
    """Write down what came of an upload."""
    return move(upload, UploadStatus.DONE, results=results)


def note(upload: Upload, results: list[dict[str, Any]]) -> None:
    """Write down what came of it so far, while more is unpacked."""
    if Upload.objects.filter(pk=upload.pk, status=UploadStatus.COMPLETE).update(results=results):
        hint(topic(upload.pk))


@transaction.atomic
def dismiss(upload_id: UUID, numbers: set[int]) -> None:
    """Remember that a person has read what became of these entries; twice does no harm."""
    upload = Upload.objects.select_for_update().filter(pk=upload_id, status=UploadStatus.DONE).first()
    if upload is not None:
        entries = enumerate(upload.results)
        results = [entry | {"dismissed": True} if number in numbers else entry for number, entry in entries]
        Upload.objects.filter(pk=upload_id).update(results=results)


def unpacked_by(upload: Upload, job: Job) -> None:
    """Remember which job unpacks it."""
    Upload.objects.filter(pk=upload.pk).update(job=job)
    hint(topic(upload.pk))


def discard(upload: Upload) -> bool:
    """Drop an upload that is not whole, on a person's word or because nobody came back to it."""
    gone = move(upload, UploadStatus.EXPIRED)
    if gone:
        path_of(upload).unlink(missing_ok=True)
        storage.remove(archive_name(upload))
    return gone


def is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def _create(*, name: str, **fields: Any) -> Upload:
    return Upload.objects.create(name=keeping.printable(name), touched_at=timezone.now(), **fields)
