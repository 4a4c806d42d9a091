"""An uploaded file becomes a stored recording, once per content."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.files import File

from apps.core import storage
from apps.core.models import User
from apps.demos.models import Demo, DemoSource, DemoStatus
from apps.demos.parsing import header
from apps.demos.parsing.header import Rejected
from apps.demos.selectors.recordings import recording_name
from apps.demos.services import state


@dataclass(frozen=True)
class KeptFile:
    """A file in storage under its content's name; nothing refers to it yet."""

    sha256: str
    original_name: str
    size: int
    recording: str
    upload: "File[bytes]"


def printable(name: str) -> str:
    """A file name without control characters and direction overrides, at most 255 characters."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:255] or "recording.dem"


def keep_file(upload: "File[bytes]") -> KeptFile:
    """Check an uploaded file at the door and store it; cheap when the content is already there.

    Raises:
        Rejected: it is no recording, or too large; nothing was stored.
    """
    size = upload.size or 0
    if size > settings.MAX_DEMO_BYTES:
        limit = settings.MAX_DEMO_BYTES / 1024**2
        raise Rejected(f"The file is too large ({size / 1024**2:.0f} MB; the limit here is {limit:.0f} MB).")
    upload.seek(0)
    header.check_head(upload.read(header.HEAD_BYTES), size)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    sha256 = digest.hexdigest()
    kept = KeptFile(sha256, printable(upload.name or ""), size, recording_name(sha256), upload)
    _store(kept)
    return kept


def register(kept: KeptFile, *, user: User | None, source: DemoSource = DemoSource.UPLOAD) -> tuple[Demo, bool]:
    """The row of a kept file and whether it needs an import; call inside a transaction.

    The content's hash is unique: of two uploads at once one creates the row and the other finds it.
    """
    demo, is_new = Demo.objects.select_related("job").get_or_create(
        sha256=kept.sha256,
        defaults={
            "original_name": kept.original_name,
            "size": kept.size,
            "recording": kept.recording,
            "uploaded_by": user,
            "source": source,
        },
    )
    _store(kept)  # again, now that the row holds the place: a removal may have come between
    if is_new:
        state.tell(demo.pk)
    abandoned = demo.status != DemoStatus.READY and (demo.job is None or demo.job.is_over)
    return demo, is_new or abandoned


def _store(kept: KeptFile) -> None:
    if not storage.artefacts().exists(kept.recording):
        kept.upload.seek(0)
        storage.artefacts().save(kept.recording, kept.upload)
