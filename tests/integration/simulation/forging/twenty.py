"""Twenty seeded short matches that together use every kind at least once."""

from functools import cache

from apps.simulation.forging.forge import forge
from apps.simulation.match.options import MatchOptions
from apps.simulation.truth.match import MatchTruth

SHORT = MatchOptions(max_rounds=2, freeze_s=6.0, halftime_s=2.0, overtime=False)
MATCHES: list[tuple[int, list[str]]] = [
    (1, ["warmup", "odd_names"]),
    (2, ["knife", "coaches"]),
    (3, ["restart", "dropped"]),
    (4, ["restore", "bursts"]),
    (5, ["pause", "bots"]),
    (6, ["overtime"]),
    (7, ["surrender", "unknown_map"]),
    (8, ["cut", "onlooker"]),
    (9, ["late"]),
    (10, ["pov", "odd_names"]),
    (11, ["substitute"]),
    (12, ["disconnect", "dropped"]),
    (13, ["reconnect"]),
    (14, ["crowd"]),
    (15, ["warmup", "knife", "bots"]),
    (16, ["coaches", "crowd", "onlooker"]),
    (17, ["late", "cut"]),
    (18, ["reconnect", "bursts", "unknown_map"]),
    (19, ["restore", "pause", "disconnect"]),
    (20, []),
]


@cache
def forged(seed: int) -> MatchTruth:
    """The match of that seed, forged once for all tests; nobody may change it."""
    return forge(seed, dict(MATCHES)[seed], map_name=("de_quay", "de_stacks")[seed % 2], options=SHORT)
