"""What comes packed: which archives are opened, and the recordings inside them as streams.

Names inside an archive are never used as paths. A stream never gives more than its limit, whatever the archive says
of itself.
"""

import bz2
import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

import zstandard

from apps.demos.parsing.reading.header import HEAD_BYTES, MAGIC, Rejected

PACKED = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\x28\xb5\x2f\xfd": ".zst"}  # one file each
SUFFIXES = (".dem", *PACKED.values(), ".zip")  # of the files that are looked for in folders
ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second: without any entry
UNOPENED = {b"7z\xbc\xaf\x27\x1c": ".7z", b"Rar!\x1a\x07": ".rar", b"\xfd7zXZ\x00": ".xz"}
TAR_AT, TAR = 257, b"ustar"
MAX_ENTRIES = 1000
ZSTD_WINDOW = 128 * 1024 * 1024  # bytes of memory a stream may ask for
ZSTD_STEP = 2048  # packed bytes at a time: four may stand for 128 KiB
MAX_RATIO = 200  # recordings shrink to between a half and a tenth
RATIO_FROM = 64 * 1024 * 1024  # bytes: below, any ratio is harmless

DAMAGED = "The archive is damaged or cut off. Nothing more was kept of it; download or pack it again."
BROKEN = (
    EOFError, OSError, ValueError, struct.error, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile,
    NotImplementedError,  # how zipfile calls a version or a method it does not know, which damage can name
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One file in an archive."""

    index: int  # its place in the archive: 0, 1, …
    name: str  # without folders; for people only
    refusal: str = ""  # why it is not opened


def kind(head: bytes) -> str:
    """The suffix that fits the first bytes of a file: ".zip", ".gz" …; "" for what is no archive we know of."""
    if head.startswith(ZIP):
        return ".zip"
    return next((suffix for magic, suffix in {**PACKED, **UNOPENED}.items() if head.startswith(magic)), "")


def check(head: bytes) -> str:
    """The kind of an archive that can be opened, "" for what is none.

    Raises:
        Rejected: an archive that cannot be opened here.
    """
    found = kind(head)
    if found in UNOPENED.values() or _is_tar(head):
        raise Rejected(
            f"This is a {found or '.tar'} archive, which is not opened here. Unpack it and upload the .dem files, or "
            "pack them as .zip, .gz, .bz2 or .zst."
        )
    return found


def members(path: Path, name: str) -> Iterator[Member]:
    """The recordings that an archive called ``name`` seems to hold, and those of its files that are refused.

    Raises:
        Rejected: it holds too many files.
        zipfile.BadZipFile: it is no whole archive.
    """
    with path.open("rb") as file:
        if kind(file.read(HEAD_BYTES)) != ".zip":
            yield Member(0, unpacked_name(name))
            return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Rejected(
                f"The archive holds {len(entries)} files; the limit is {MAX_ENTRIES}. Nothing of it was kept."
            )
        for index, entry in enumerate(entries):
            if not entry.is_dir() and not _is_clutter(entry.filename):
                yield Member(index, unpacked_name(_last_part(entry.filename)), _refusal(entry))


@contextmanager
def opened(path: Path, member: Member) -> Iterator[BinaryIO]:
    """The content of a member as a stream, unpacked once more where it is packed by itself (a .zip of .dem.gz)."""
    with path.open("rb") as file:
        found = kind(file.read(HEAD_BYTES))
        file.seek(0)
        if found != ".zip":
            with _unpacked(file, found) as stream:
                yield stream
            return
        with zipfile.ZipFile(file) as archive, archive.open(archive.infolist()[member.index]) as inner:
            buffered = io.BufferedReader(inner, HEAD_BYTES)  # type: ignore[type-var]
            with _unpacked(buffered, kind(buffered.peek(HEAD_BYTES))) as stream:
                yield stream


def unpacked_name(name: str) -> str:
    """A file's name without the suffix of the packing: "m.dem" of "m.dem.gz"."""
    suffix = next((suffix for suffix in PACKED.values() if name.lower().endswith(suffix)), "")
    return name[: -len(suffix)] if suffix and len(name) > len(suffix) else name


def looks_wanted(name: str, head: bytes) -> bool:
    """Whether a file in an archive is a recording, may hold one (a .tar) or was meant to be one: others (a readme) are
    passed over.
    """
    return head.startswith(MAGIC) or _is_tar(head) or name.lower().endswith(".dem")


def _is_tar(head: bytes) -> bool:
    return head[TAR_AT:].startswith(TAR)


def check_inside(head: bytes) -> None:
    """Refuse an archive inside an archive.

    Raises:
        Rejected: ``head`` is the beginning of one.
    """
    if kind(head) or _is_tar(head):
        raise Rejected("This is an archive inside an archive. Unpack the outer one and upload what is inside.")


def _unpacked(stream: IO[bytes], suffix: str) -> BinaryIO:
    if suffix == ".gz":
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]
    if suffix == ".bz2":
        return bz2.BZ2File(stream)  # type: ignore[return-value]
    if suffix == ".zst":
        return cast("BinaryIO", _Zstandard(stream))
    return stream  # type: ignore[return-value]


class _Zstandard:
    """Reads a Zstandard stream; the library's own reader takes a cut-off one for a whole one."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._frame: Any = None
        self._packed = b""
        self._ready = bytearray()

    def read(self, size: int) -> bytes:
        """``size`` bytes, fewer at the end.

        Raises:
            EOFError: the stream is cut off.
        """
        while len(self._ready) < size and self._more():
            pass
        part = bytes(self._ready[:size])
        del self._ready[:size]
        return part

    def close(self) -> None:
        self._frame = None

    def __enter__(self) -> "_Zstandard":
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def _more(self) -> bool:
        self._packed = self._packed or self._stream.read(ZSTD_STEP)
        if not self._packed:
            if self._frame is not None:
                raise EOFError
            return False
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
        self._ready += self._frame.decompress(self._packed)
        self._packed = b""
        if self._frame.eof:
            self._packed, self._frame = self._frame.unused_data, None
        return True


def _last_part(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name or name


def _is_clutter(name: str) -> bool:
    """What systems put beside the files somebody packed."""
    return name.startswith("__MACOSX/") or _last_part(name).startswith("._") or _last_part(name) == ".DS_Store"


def _refusal(entry: zipfile.ZipInfo) -> str:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "This is a link or a special file inside the archive; such are not followed."
    if entry.flag_bits & 0x1:
        return "This file is encrypted. Pack it again without a password."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        return "This file is packed by a method that is not opened here. Pack it again as an ordinary .zip."
    return ""
