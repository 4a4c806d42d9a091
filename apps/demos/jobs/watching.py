"""The watched folder: recordings that appear in it are taken in once. Nothing in it is ever changed or deleted."""

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from apps.demos.jobs.receiving import receive_path
from apps.demos.models import DemoSource, Upload, WatchedFile
from apps.demos.parsing.packed.archives import SUFFIXES
from apps.demos.services.uploading import NoRoom

logger = logging.getLogger(__name__)
Look = tuple[int, int]  # size in bytes, time of change in ns


class Watch:
    """Looks at a folder again and again.

    A file is taken in when two looks in a row find the same size and time of change: nobody writes to it any more. What
    was taken in is remembered in the database, by path, size and time of change.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[Path, Look] = {}

    def look(self) -> list[Upload]:
        """One look; what was taken in (or refused) by it. Files that cannot be taken in now are tried next time."""
        now = dict(_recordings(self._folder))
        still = [(path, look) for path, look in now.items() if self._before.get(path) == look]
        self._before = now
        known = {row.key: (row.size, row.changed_ns) for row in WatchedFile.objects.all()}
        taken = [_take(path, look) for path, look in still if known.get(_key(path)) != look]
        return [upload for upload in taken if upload is not None]


def _take(path: Path, look: Look) -> Upload | None:
    try:
        upload = receive_path(path, source=DemoSource.FOLDER)
    except (OSError, NoRoom) as error:
        logger.warning("%s waits: %s", path, error)
        return None
    size, changed = look
    name = str(path).encode("utf-8", "replace").decode()
    remembered = {"path": name, "size": size, "changed_ns": changed, "upload": upload}
    WatchedFile.objects.update_or_create(key=_key(path), defaults=remembered)
    return upload


def _recordings(folder: Path) -> Iterator[tuple[Path, Look]]:
    """The files below ``folder`` that look like recordings, links to files included, with what they look like."""
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(base) / name
            if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                continue
            try:
                state = path.stat()
            except OSError:
                continue
            if path.is_file():
                yield path, (state.st_size, state.st_mtime_ns)


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()
