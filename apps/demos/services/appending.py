"""Bytes onto the end of an upload, by one writer at a time.

The row's ``offset`` is the truth: it moves once the bytes before it are on the disk, and whatever lies behind it in
the file (the process was killed) is cut off before the next writer begins. The lock is on the file, so that it ends
with its process; the row is moved on the condition that nobody else has.
"""

import base64
import fcntl
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.utils import timezone

from apps.core.models import User
from apps.demos.models import Upload, UploadStatus
from apps.demos.services import uploading

TICKET = "chimera.upload"  # where a request's ASGI scope carries a Ticket
CHECKSUMS = ("sha1", "sha256", "md5")
SAVE_EVERY = 16 * 1024 * 1024  # bytes: more of one long request is not lost with the process
GONE = "This upload is not here any more: it was finished, discarded or expired. Begin it again."


class Refused(Exception):
    """The bytes are not taken; ``status`` is what HTTP says of that, ``offset`` where the upload stands if known."""

    def __init__(self, status: int, sentence: str, offset: int | None = None) -> None:
        super().__init__(sentence)
        self.status, self.offset = status, offset


@dataclass
class Appending:
    """The right to write to an upload's end, from :func:`begin` until :meth:`release`."""

    upload: Upload
    descriptor: int
    start: int
    length: int | None  # bytes announced
    checksum: tuple[str, bytes] | None
    written: int = 0
    _saved: int = field(init=False)  # where the row stands
    _digest: "hashlib._Hash | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._saved = self.start
        if self.checksum is not None:
            self._digest = hashlib.new(self.checksum[0], usedforsecurity=False)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes.

        Raises:
            Refused: more than the upload holds, or the disk is full.
        """
        if self.start + self.written + len(data) > self.upload.size:
            raise Refused(413, "More arrived than the upload was said to hold; this part was not kept.", self._saved)
        if self._digest is not None:
            self._digest.update(data)
        view = memoryview(data)
        try:
            while view:
                count = os.pwrite(self.descriptor, view, self.start + self.written)
                self.written += count
                view = view[count:]
        except OSError as error:
            if uploading.is_full(error):
                raise Refused(507, uploading.DISK_FULL) from error
            raise
        if self.checksum is None and self.start + self.written - self._saved >= SAVE_EVERY:
            try:
                self._save()
            finally:
                connection.close()  # this thread's own

    def finish(self) -> Upload:
        """Put what was written on the disk and move the row; the upload as it is then.

        Raises:
            Refused: the checksum does not fit (nothing was kept), or the upload was discarded meanwhile.
        """
        if self.checksum is not None and self._digest is not None and self._digest.digest() != self.checksum[1]:
            raise Refused(460, "What arrived is not what was sent (its checksum differs); it was not kept.", self.start)
        self._save()
        self.upload.refresh_from_db()
        return self.upload

    def _save(self) -> None:
        """Put on the disk what was written so far, and move the row behind it."""
        os.fdatasync(self.descriptor)
        end = self.start + self.written
        row = Upload.objects.filter(pk=self.upload.pk, status=UploadStatus.RECEIVING, offset=self._saved)
        if not row.update(offset=end, touched_at=timezone.now()):
            raise Refused(410, GONE)
        self._saved = end

    def keep_what_came(self) -> None:
        """The bytes broke off in the middle: what came is kept, unless it can only be checked as a whole."""
        if self.checksum is None:
            with suppress(Refused):
                self.finish()

    def release(self) -> None:
        """Let the next writer in. A second time does nothing."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@dataclass
class Ticket:
    """What a view hands to the one who reads the body: the right to write it."""

    right: Appending | None = None


def begin(upload_id: UUID, user: User, offset: int, length: int | None, checksum: str = "") -> Appending:
    """Become the writer of an upload at its end.

    Raises:
        Refused: it is not this person's, is over, stands elsewhere, has another writer, or holds less than ``length``.
    """
    wanted = _checksum(checksum)
    upload = Upload.objects.filter(pk=upload_id, user=user).first()
    if upload is None:
        raise Refused(404, GONE)
    if upload.status != UploadStatus.RECEIVING:
        raise Refused(410, GONE)
    try:
        descriptor = os.open(uploading.path_of(upload), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(410, GONE) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(423, "Another connection writes to this upload at the moment.") from None
        upload.refresh_from_db()
        _check(upload, descriptor, offset, length)
        os.ftruncate(descriptor, upload.offset)
    except BaseException:
        os.close(descriptor)
        raise
    return Appending(upload, descriptor, offset, length, wanted)


def _check(upload: Upload, descriptor: int, offset: int, length: int | None) -> None:
    if upload.status != UploadStatus.RECEIVING:
        raise Refused(410, GONE)
    if os.fstat(descriptor).st_size < upload.offset:
        uploading.discard(upload)
        raise Refused(410, "What had arrived of this upload is lost. Begin it again.")
    if offset != upload.offset:
        sentence = f"The upload stands at byte {upload.offset}, not {offset}; go on from there."
        raise Refused(409, sentence, upload.offset)
    if length is not None and offset + length > upload.size:
        raise Refused(413, "This is more than the upload was said to hold; it was not taken.", upload.offset)


def _checksum(given: str) -> tuple[str, bytes] | None:
    if not given:
        return None
    name, _, value = given.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except ValueError:
        raise Refused(400, "The checksum is not written as the protocol says.") from None
    if name not in CHECKSUMS:
        raise Refused(400, f"Checksums are taken by {', '.join(CHECKSUMS)}.")
    return name, digest
