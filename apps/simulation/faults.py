"""Ways in which the game is known to fail, each of which the simulated client can be told to show."""

from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    DROP = "drop"  # the socket closes at the n-th command (10 unless told)
    DROP_ON_SEEK = "drop-on-seek"  # the socket closes when a skip begins; the skip goes on
    SILENT = "silent"  # commands are carried out, nothing is ever answered
    HALF_ANSWER = "half-answer"  # an answer is cut in the middle of a line
    ENDLESS_SKIP = "endless-skip"  # a skip begins and never ends
    SWALLOW = "swallow"  # the n-th command (10 unless told) is taken and nothing happens
    EARLY_SEEK = "crash-on-early-seek"  # a skip in the first 20 s of play (demo seconds) ends the process
    SWALLOW_POV = "swallow-pov"  # spec_player is taken and nothing happens
    WRONG_PLAYER = "wrong-player"  # spec_player goes to somebody else
    WRONG_TICK = "wrong-tick"  # a skip lands half a second off and does not say so
    NO_IMAGE = "no-image"  # the screenshot is never written
    HALF_IMAGE = "half-image"  # only the first half of the file is ever written
    DUPLICATE_IMAGE = "duplicate-image"  # the file holds the frame before this one
    DISK_FULL = "disk-full"  # nothing can be written; the console says so
    CRASH = "crash"  # the process ends at the n-th command (10 unless told)


# For these the number says when, for all others how often.
AT_COMMAND = (Fault.DROP, Fault.CRASH, Fault.SWALLOW)
DEFAULT_COMMAND = 10


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
