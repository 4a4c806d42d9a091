"""What one can ask of a simulated match."""

from dataclasses import dataclass
from typing import Literal

from apps.simulation.layouts.layout import Layout


@dataclass(frozen=True)
class Pause:
    """A time-out called before round ``round_number`` (1-based); it stretches that round's freeze time."""

    round_number: int
    seconds: float = 30.0
    kind: Literal["ct", "t", "technical"] = "ct"


@dataclass(frozen=True)
class Restore:
    """A backup loaded after ``after`` rounds have been played: the match goes on as it stood after ``to`` of them.

    With ``live_s`` the round then running is broken off that many seconds after its freeze time; else it never starts.
    """

    after: int
    to: int
    live_s: float | None = None


@dataclass(frozen=True)
class MatchOptions:
    """Defaults are a plain premier match: MR12, overtime MR3, 15 s of freeze time.

    ``skill`` is the mean aim of each roster in 0 … 1, ``skill_spread`` the deviation between players, ``aim_noise``
    scales how much a shot scatters (the luck of it: 0 none, 1 as people shoot), and ``confound`` (0 … 1) is how far
    good aim and good decisions belong to the same people: with 1 the best shots also decide best, so that their
    decisions look better than they are; with 0 the two are independent.
    """

    map_name: str = "de_quay"
    layout: Layout | None = None  # instead of one from the catalogue
    max_rounds: int = 24
    freeze_s: float = 15.0
    round_s: float = 115.0
    bomb_s: float = 40.0
    round_end_s: float = 7.0
    halftime_s: float = 15.0
    start_money: int = 800
    overtime: bool = True
    overtime_rounds: int = 6
    overtime_money: int = 10_000
    max_overtimes: int = 6
    ct_kill_bonus: int = 50  # to every CT for each T killed
    skill: tuple[float, float] = (0.5, 0.5)
    skill_spread: float = 0.12
    aim_noise: float = 1.0
    confound: float = 0.6
    rosters: tuple[str, str] | None = None
    warmup_s: float = 0.0
    knife_round: bool = False
    restart_after: int | None = None  # mp_restartgame after so many rounds
    restore: Restore | None = None
    pauses: tuple[Pause, ...] = ()
    force_overtime: bool = False  # regulation ends in a draw
    surrender_after: int | None = None  # the trailing roster gives up after so many rounds
    cut_in_round: int | None = None  # the recording ends in that round …
    cut_after_s: float = 20.0  # … so long after its freeze time

    def __post_init__(self) -> None:
        """Raises ValueError for options that no match can have."""
        if self.max_rounds < 2 or self.max_rounds % 2 or self.overtime_rounds < 2 or self.overtime_rounds % 2:
            raise ValueError("max_rounds and overtime_rounds must be even and at least 2")
        if min(self.freeze_s, self.round_end_s) < 1 or self.round_s < 10 or self.bomb_s < 11:
            raise ValueError("freeze_s and round_end_s need a second, round_s 10, bomb_s 11")
        if not 0 <= self.start_money <= 16_000 or not 0 <= self.overtime_money <= 16_000:
            raise ValueError("money is between 0 and 16,000")
        if self.restore is not None and not 0 <= self.restore.to < self.restore.after:
            raise ValueError("a backup is older than the moment it is loaded")
        if self.aim_noise < 0 or self.skill_spread < 0 or not 0 <= self.confound <= 1:
            raise ValueError("aim_noise and skill_spread are not negative, confound is between 0 and 1")
