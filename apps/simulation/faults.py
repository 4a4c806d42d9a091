"""Ways in which the game is known to fail, each of which the simulated client can be told to show."""

from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    DROP = "drop"
    DROP_ON_SEEK = "drop-on-seek"
    SILENT = "silent"
    HALF_ANSWER = "half-answer"
    ENDLESS_SKIP = "endless-skip"
    SWALLOW = "swallow"
    EARLY_SEEK = "crash-on-early-seek"
    SWALLOW_POV = "swallow-pov"
    WRONG_PLAYER = "wrong-player"
    WRONG_TICK = "wrong-tick"
    NO_IMAGE = "no-image"
    HALF_IMAGE = "half-image"
    DUPLICATE_IMAGE = "duplicate-image"
    DISK_FULL = "disk-full"
    CRASH = "crash"


EXPLAINED: dict[Fault, str] = {
    Fault.DROP: "the socket closes at the n-th command (10 unless told)",
    Fault.DROP_ON_SEEK: "the socket closes when a skip begins; the skip goes on",
    Fault.SILENT: "commands are carried out, nothing is ever answered",
    Fault.HALF_ANSWER: "an answer is cut in the middle of a line",
    Fault.ENDLESS_SKIP: "a skip begins and never ends",
    Fault.SWALLOW: "the n-th command (10 unless told) is taken and nothing happens",
    Fault.EARLY_SEEK: "a skip in the first 20 s of play (demo seconds) ends the process",
    Fault.SWALLOW_POV: "spec_player is taken and nothing happens",
    Fault.WRONG_PLAYER: "spec_player goes to somebody else",
    Fault.WRONG_TICK: "a skip lands half a second off and does not say so",
    Fault.NO_IMAGE: "the screenshot is never written",
    Fault.HALF_IMAGE: "only the first half of the file is ever written",
    Fault.DUPLICATE_IMAGE: "the file holds the frame before this one",
    Fault.DISK_FULL: "nothing can be written; the console says so",
    Fault.CRASH: "the process ends at the n-th command (10 unless told)",
}
# For these the number says when, for all others how often.
AT_COMMAND = (Fault.DROP, Fault.CRASH, Fault.SWALLOW)
DEFAULT_COMMAND = 10


def explanation() -> str:
    """One line per fault, for the command's help."""
    width = max(len(fault) for fault in Fault)
    return "\n".join(f"  {fault:<{width}}  {what}" for fault, what in EXPLAINED.items())


class Faults:
    """The faults switched on. ``name`` strikes every time, ``name:3`` three times (``crash:3``: at command 3)."""

    def __init__(self, specs: Iterable[str] = ()) -> None:
        """
        Raises:
            ValueError: an unknown name or a number that is none.
        """
        self._left: dict[Fault, int | None] = {}
        for spec in specs:
            name, _, number = spec.partition(":")
            try:
                fault, count = Fault(name), int(number) if number else None
            except ValueError as error:
                raise ValueError(f"no fault is called {spec!r}; there are: {', '.join(Fault)}") from error
            if count is not None and count < 1:
                raise ValueError(f"{spec!r}: the number must be 1 or more")
            self._left[fault] = count

    def strikes(self, fault: Fault) -> bool:
        """Whether ``fault`` happens now; counts one occurrence down."""
        if fault not in self._left:
            return False
        left = self._left[fault]
        if left is None:
            return True
        self._left[fault] = left - 1
        return left > 0

    def strikes_at(self, fault: Fault, command: int) -> bool:
        """Whether ``fault`` (one of ``AT_COMMAND``) happens at the ``command``-th command, counted from 1."""
        return fault in self._left and command == (self._left[fault] or DEFAULT_COMMAND)
