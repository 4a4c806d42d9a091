"""The process that unpacks an archive: ``python -m apps.demos.parsing.packed.unpacking ARCHIVE NAME FOLDER LIMITS``.

Writes each recording into FOLDER under its member's number, and a JSON line for each that is whole or refused:
``{"member", "name", "path", "size", "sha256"}`` or ``{"member", "name", "refused"}``; at last ``{"end": true}`` or
``{"rejected": "a sentence"}``; now and then ``{"fraction": 0..1}``. Waits after each recording until the file is taken
away, so that only one lies there.
"""

import errno
import hashlib
import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from apps.demos.parsing.packed import archives
from apps.demos.parsing.packed.archives import BROKEN, DAMAGED, Member
from apps.demos.parsing.reading.header import HEAD_BYTES, Rejected, check_head

CHUNK = 1024 * 1024
FULL = (
    "There is not enough room on the disk to unpack this. Nothing more was kept of it; make room and upload it again."
)


class Enough(Rejected):
    """Nothing more is taken out of this archive."""


@dataclass(frozen=True)
class Limits:
    """How much may come out of an archive, in bytes."""

    recording: int
    archive: int
    reserve: int  # stays free on the disk
    skip: frozenset[int] = frozenset()  # members that were dealt with before


@dataclass
class Work:
    """An archive being unpacked."""

    archive: Path
    folder: Path
    limits: Limits
    expanded: int = 0  # bytes, of all members

    def unpack(self, member: Member) -> dict[str, object] | None:
        """Write one member into the folder; None when it is none of our business.

        Raises:
            Rejected: it is not, or not only, a recording; nothing of it stays in the folder.
        """
        target = self.folder / f"{member.index}.dem"
        try:
            with archives.opened(self.archive, member) as stream:
                head = _read(stream, HEAD_BYTES)
                if not archives.looks_wanted(member.name, head) and not archives.kind(head):
                    return None
                archives.check_inside(head)
                check_head(head, len(head))
                size, sha256 = self._write(head, stream, target)
        except BROKEN as error:
            target.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise Enough(FULL) from error
            raise Rejected(DAMAGED) from error
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return {"path": str(target), "size": size, "sha256": sha256}

    def _write(self, head: bytes, stream: BinaryIO, target: Path) -> tuple[int, str]:
        digest, size, chunk = hashlib.sha256(), 0, head
        with target.open("wb") as file:
            while chunk:
                size += len(chunk)
                self.expanded += len(chunk)
                self._check(size)
                digest.update(chunk)
                file.write(chunk)
                chunk = _read(stream, CHUNK)
        return size, digest.hexdigest()

    def _check(self, size: int) -> None:
        if size > self.limits.recording:
            raise Rejected(
                f"Unpacked, it is larger than {_mb(self.limits.recording)}, the limit here. It was not kept."
            )
        packed = self.archive.stat().st_size
        if self.expanded > self.limits.archive:
            raise Enough(f"Unpacked, the archive is larger than {_mb(self.limits.archive)}, the limit here.")
        if self.expanded > archives.RATIO_FROM and self.expanded > packed * archives.MAX_RATIO:
            raise Rejected(
                "The archive grows far beyond what recordings do when unpacked. Nothing more was kept of it."
            )
        if shutil.disk_usage(self.folder).free < self.limits.reserve:
            raise Enough(FULL)


def _read(stream: BinaryIO, size: int) -> bytes:
    """``size`` bytes, or what is left: unpackers may give less at a time."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _mb(size: int) -> str:
    return f"{size / 1024**2:.0f} MB"


def _say(**message: object) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201  (this is the process's output)


def run(archive: Path, name: str, folder: Path, limits: Limits) -> None:
    """Unpack ``archive`` and say what came of each recording."""
    work, seen = Work(archive, folder, limits), 0
    members = list(archives.members(archive, name))
    for number, member in enumerate(members):
        _say(fraction=number / len(members))
        if member.index in limits.skip:
            seen += 1
            continue
        about: dict[str, object] = {"member": member.index, "name": member.name}
        try:
            if member.refusal:
                raise Rejected(member.refusal)
            found = work.unpack(member)
        except Rejected as refusal:
            _say(**about, refused=str(refusal))
            seen += 1
            if isinstance(refusal, Enough):
                break
            continue
        if found is not None:
            _say(**about, **found)
            seen += 1
            _until_taken(folder / f"{member.index}.dem")
    _say(end=True) if seen else _say(rejected="There is no recording in this archive. Nothing was kept.")


def _until_taken(path: Path) -> None:
    while path.exists():
        time.sleep(0.02)


def main(arguments: list[str]) -> None:
    archive, name, folder, limits = arguments
    given = json.loads(limits)
    try:
        run(Path(archive), name, Path(folder), Limits(**{**given, "skip": frozenset(given["skip"])}))
    except Rejected as refusal:
        _say(rejected=str(refusal))
    except MemoryError:
        _say(rejected="Unpacking this needs more memory than it may use. Nothing more was kept of it.")
    except BROKEN as error:
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        _say(rejected=FULL if full else DAMAGED)


if __name__ == "__main__":
    main(sys.argv[1:])
