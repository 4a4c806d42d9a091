"""Every awkward kind of recording by its name: what it asks of the match, and what it does to the truth afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from apps.simulation.forging import crowd, naming, seats, stretch, thinning
from apps.simulation.match.options import MatchOptions, Pause, Restore
from apps.simulation.truth.match import MatchTruth

Asks = Callable[[MatchOptions], MatchOptions]
Forges = Callable[[MatchTruth, np.random.Generator], MatchTruth]


@dataclass(frozen=True)
class Kind:
    """``order`` says which transform comes first; ``clashes`` names kinds that cannot be had together with this one."""

    line: str
    asks: Asks | None = None
    forges: Forges | None = None
    order: int = 0
    clashes: tuple[str, ...] = ()


def _late(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """After three rounds, or fewer where the match has not as many and one more."""
    numbers = truth.tables["rounds"]["number"].to_list()
    return stretch.start_after(truth, max(0, min(3, max(numbers, default=0) - 1)))


def _few(options: MatchOptions, wish: int) -> int:
    """``wish`` rounds, or as many as even the shortest match of these options is sure to have before its last."""
    return max(1, min(wish, options.max_rounds // 2))


def _pauses(options: MatchOptions) -> tuple[Pause, ...]:
    return (Pause(1, 10.0, "technical"), Pause(_few(options, 3) + 1, 30.0, "t"))


KINDS: dict[str, Kind] = {
    "warmup": Kind("a warm-up before the match", lambda o: replace(o, warmup_s=20.0)),
    "knife": Kind("a knife round for the sides, then a restart", lambda o: replace(o, knife_round=True)),
    "restart": Kind("mp_restartgame after a round or two", lambda o: replace(o, restart_after=_few(o, 2))),
    "restore": Kind(
        "a backup is loaded in the middle of a round",
        lambda o: replace(o, restore=Restore(_few(o, 3), _few(o, 3) - 1, live_s=12.0)),
    ),
    "pause": Kind("a technical pause and a time-out", lambda o: replace(o, pauses=_pauses(o))),
    "overtime": Kind(
        "regulation ends in a draw",
        lambda o: replace(o, overtime=True, force_overtime=True),
        clashes=("surrender", "cut"),
    ),
    "surrender": Kind(
        "the trailing team gives up", lambda o: replace(o, surrender_after=_few(o, 9)), clashes=("overtime", "cut")
    ),
    "cut": Kind(
        "the recording ends in the middle of a round",
        lambda o: replace(o, cut_in_round=_few(o, 5) + 1, cut_after_s=12.0),
        clashes=("surrender", "overtime"),
    ),
    "odd_names": Kind("right-to-left, emoji, HTML, 64 bytes, empty and equal names", None, naming.odd_names, 10),
    "unknown_map": Kind("a map and places nobody knows", None, naming.unknown_map, 11),
    "bots": Kind("two players are bots", None, seats.bots, 20),
    "substitute": Kind("an eleventh person takes a player's place", None, seats.substitute, 30),
    "disconnect": Kind("somebody leaves and is back on the same slot", None, seats.disconnect, 31),
    "reconnect": Kind("somebody leaves, a bot plays on, they return on another slot", None, seats.reconnect, 32),
    "coaches": Kind("two coaches, never alive", None, seats.coaches, 40),
    "crowd": Kind("a sixth player on each side", None, crowd.crowd, 41),
    "onlooker": Kind("a caster among the spectators", None, seats.onlooker, 42),
    "late": Kind("the recording begins after round 3, in the middle of the next", None, _late, 50),
    "pov": Kind("a player's own recording", None, naming.pov, 60),
    "dropped": Kind("one tick in twenty is missing", None, thinning.drop_at_random, 70),
    "bursts": Kind("gaps of up to half a second", None, thinning.drop_in_bursts, 71),
}
