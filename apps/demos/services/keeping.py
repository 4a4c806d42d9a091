"""A whole file becomes a stored recording, once per content."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.core import storage
from apps.core.models import User
from apps.demos.models import Demo, DemoSource, DemoStatus
from apps.demos.parsing.reading import header
from apps.demos.parsing.reading.header import Rejected
from apps.demos.selectors.recordings import recording_name
from apps.demos.services import state


@dataclass(frozen=True)
class KeptFile:
    """A file in storage under its content's name; nothing refers to it yet."""

    sha256: str
    original_name: str
    size: int  # bytes
    recording: str
    path: Path  # where it came from


def printable(name: str) -> str:
    """A file name without folders, control characters and direction overrides, at most 255 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:255] or "recording.dem"


def check_size(size: int) -> None:
    """Refuse what is larger than ``MAX_DEMO_BYTES``.

    Raises:
        Rejected: ``size`` bytes are too many.
    """
    if size > settings.MAX_DEMO_BYTES:
        limit = settings.MAX_DEMO_BYTES / 1024**2
        raise Rejected(f"The file is too large ({size / 1024**2:.0f} MB; the limit here is {limit:.0f} MB).")


def keep(path: Path, name: str, *, sha256: str = "") -> KeptFile:
    """Check the file at ``path``, which must not change any more, and store it; cheap when its content is here.

    ``sha256`` where it is known already. The file at ``path`` stays; on a local disk it is not copied.

    Raises:
        Rejected: it is no recording, or too large; nothing was stored.
    """
    size = path.stat().st_size
    check_size(size)
    with path.open("rb") as file:
        header.check_head(file.read(header.HEAD_BYTES), size)
        digest = sha256 or storage.sha256_of(file)
    kept = KeptFile(digest, printable(name), size, recording_name(digest), path)
    _store(kept)
    return kept


def register(
    kept: KeptFile,
    *,
    user: User | None,
    source: DemoSource = DemoSource.UPLOAD,
    keep_raw: bool = False,
    found_in: str = "",
) -> tuple[Demo, bool]:
    """The row of a kept file and whether it needs an import; call inside a transaction.

    The content's hash is unique: of two uploads at once one creates the row and the other finds it. Where the
    recording had been deleted and only its data kept, it is there again. ``found_in`` names the archive it was in.
    """
    demo, is_new = Demo.objects.select_related("job").get_or_create(
        sha256=kept.sha256,
        defaults={
            "original_name": kept.original_name,
            "size": kept.size,
            "recording": kept.recording,
            "uploaded_by": user,
            "source": source,
            "keep_raw": keep_raw,
            "found_in": found_in,
        },
    )
    _store(kept)  # again, now that the row holds the place: a removal may have come between
    if not is_new and not demo.recording:
        Demo.objects.filter(pk=demo.pk).update(recording=kept.recording, recording_deleted_at=None)
        demo.refresh_from_db()
    if is_new:
        state.tell(demo.pk)
    abandoned = demo.status != DemoStatus.READY and (demo.job is None or demo.job.is_over)
    return demo, is_new or abandoned


def _store(kept: KeptFile) -> None:
    if not storage.artefacts().exists(kept.recording):
        storage.keep_file(kept.recording, kept.path)
