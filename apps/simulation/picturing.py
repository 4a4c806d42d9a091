"""One picture of a recording, asked for in a person's words: which tick, and which player by name or slot."""

from pathlib import Path

from PIL import Image

from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.frames.render import render_frame
from apps.simulation.reading import read
from apps.simulation.recording import Recording


class NothingToShow(ValueError):
    """That tick or player is not in the recording; the message names what is."""


def picture(
    recording: Recording,
    tick: int,
    player: str | int,
    size: tuple[int, int] = (1280, 720),
    *,
    watched: str | int | None = None,
    randomisation: Randomisation | None = None,
) -> Image.Image:
    """What ``player`` (a name in any case, or a slot, also as text) has on their own screen at ``tick``.

    A recording does not say whom the dead watch: ``watched`` names the team-mate on the dead ``player``'s screen.
    ``randomisation`` draws the same facts in another look; its ``described()`` belongs to the picture's label.

    Raises:
        NothingToShow: the tick or a player does not exist, or is not there at that tick.
    """
    if not recording.first_tick <= tick <= recording.last_tick:
        raise NothingToShow(
            f"There is no tick {tick}: the recording has {recording.first_tick} to {recording.last_tick}."
        )
    slot, watcher = _present(recording, tick, player), None
    if watched is not None:
        slot, watcher = _present(recording, tick, watched), slot
    return render_frame(recording, tick, slot, size, own_screen=True, watcher=watcher, randomisation=randomisation)


def picture_file(
    demo: Path,
    tick: int,
    player: str | int,
    output: Path,
    size: tuple[int, int] = (1280, 720),
    *,
    watched: str | int | None = None,
    randomisation: Randomisation | None = None,
) -> None:
    """Write one picture of a ``.dem`` (JPEG or PNG by the ending of ``output``), as ``picture`` draws it.

    Raises:
        NothingToShow: as for ``picture``.
        UnreadableRecording: the file is no recording.
        OSError, ValueError: the picture cannot be written there.
    """
    image = picture(read(demo), tick, player, size, watched=watched, randomisation=randomisation)
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix.lower() in (".jpg", ".jpeg"):
        if randomisation is None:
            image.save(output, quality=92, subsampling=0)
        else:
            output.write_bytes(randomisation.encoded(image))
    else:
        image.save(output)


def _present(recording: Recording, tick: int, player: str | int) -> int:
    """The slot of somebody who is there at ``tick``."""
    present = recording.at(tick).players
    slot = _slot(recording, player)
    if slot is None or slot not in present:
        names = ", ".join(f"{state.name} (slot {known})" for known, state in sorted(present.items()))
        there = "is not in the game" if slot is not None else "does not exist"
        raise NothingToShow(f"Player {player!r} {there} at tick {tick}; there are: {names or 'nobody'}.")
    return slot


def _slot(recording: Recording, player: str | int) -> int | None:
    """A name goes before a number, since people may be called "7"."""
    if isinstance(player, str):
        named = recording.slot_of(player)
        if named is not None or not player.strip().isdecimal():
            return named
        player = int(player)
    return player if player in recording.slots else None
