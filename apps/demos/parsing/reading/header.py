"""What the first bytes and the header of a file say, before anything is parsed."""

from collections.abc import Mapping
from pathlib import PureWindowsPath

MAGIC = b"PBDEMS2\x00"
HEADER_BYTES = 16  # magic, offset of the file info, offset of the spawn groups
HEAD_BYTES = 512  # how much of a file `check_head` wants to see


class Rejected(Exception):
    """The file cannot be imported; the message is a sentence for the person who uploaded it."""


def check_head(head: bytes, size: int) -> None:
    """Look at the first ``HEAD_BYTES`` of a file of ``size`` bytes.

    Raises:
        Rejected: it is not a CS2 recording, with the reason.
    """
    if size == 0:
        raise Rejected("The file is empty. Nothing was kept; export or download it again.")
    if head.startswith(b"version https://git-lfs"):
        raise Rejected(
            "This is a Git-LFS pointer, not the recording itself. Run “git lfs pull” and upload the real file."
        )
    if head.startswith(b"HL2DEMO"):
        raise Rejected(
            "This is a recording of CS:GO or another older Source game (HL2DEMO). Only recordings of Counter-Strike 2 "
            "can be imported."
        )
    if size < HEADER_BYTES:
        raise Rejected(f"The file is too short to be a recording ({size} bytes). Nothing was kept; download it again.")
    if not head.startswith(MAGIC):
        raise Rejected("This is not a Counter-Strike 2 recording: it does not begin as a .dem file does.")


def check_game(header: Mapping[str, object]) -> None:
    """Refuse another game's recording: Deadlock and Dota share the magic, only the game directory differs.

    Raises:
        Rejected: the header names a game directory other than ``csgo``.
    """
    directory = str(header.get("game_directory") or "")
    game = PureWindowsPath(directory).name.lower()
    if game and game != "csgo":
        name = {"citadel": "Deadlock", "dota": "Dota 2"}.get(game, f"another game ({game})")
        raise Rejected(f"This is a recording of {name}, not of Counter-Strike 2.")


def describe(header: Mapping[str, object]) -> str:
    """What the header tells of a file of which nothing else can be read: "de_nuke, recorded by … on …"."""
    parts = [str(header.get("map_name") or "an unnamed map")]
    if header.get("client_name"):
        parts.append(f"recorded by “{header['client_name']}”")
    if header.get("server_name"):
        parts.append(f"on the server “{header['server_name']}”")
    return ", ".join(parts[:2]) + (f" {parts[2]}" if len(parts) > 2 else "")
