"""Split by match, never by frame: frames of one round are near-copies, and a copy in the evaluation set is a leak."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from apps.captures.labelling.sample import Sample

NAMES = ("train", "val", "test")
ONE_MATCH = (
    "All samples come from one match, so everything is training data: nothing can be measured honestly until a second "
    "match is captured."
)
TWO_MATCHES = "The samples come from two matches: one trains, one validates, and nothing is left for a test set."


@dataclass(frozen=True)
class Split:
    """Samples per split, in the order given, and sentences about what the split cannot promise."""

    train: tuple[Sample, ...]
    val: tuple[Sample, ...]
    test: tuple[Sample, ...]
    warnings: tuple[str, ...] = ()

    def items(self) -> tuple[tuple[str, tuple[Sample, ...]], ...]:
        return tuple(zip(NAMES, (self.train, self.val, self.test), strict=True))


def split_by_match(samples: Sequence[Sample], *, val: float = 0.1, test: float = 0.1, seed: int = 0) -> Split:
    """Share whole matches out. ``val`` and ``test`` are fractions of the matches; each gets one as soon as it can.

    Held-out matches are taken from the maps with most matches left, so that training keeps every map it can. Which
    match goes where depends on the seed and the matches' hashes, not on the order of ``samples``.

    Raises:
        ValueError: the fractions are negative or leave nothing to train on.
    """
    if val < 0 or test < 0 or val + test >= 1:
        raise ValueError("The shares of validation and test must not be negative and must leave something to train on.")
    remaining = _by_map(samples, seed)
    count = sum(map(len, remaining.values()))
    quota = {"val": _quota(val, count, least=2), "test": _quota(test, count, least=3)}
    where: dict[str, str] = {}
    for name in ("val", "test"):
        for _ in range(min(quota[name], count - len(where) - 1)):
            where[_take(remaining)] = name
    parts = {name: tuple(s for s in samples if where.get(s.demo_sha256, "train") == name) for name in NAMES}
    return Split(parts["train"], parts["val"], parts["test"], _warnings(count, parts["train"], samples))


def _quota(share: float, matches: int, *, least: int) -> int:
    return max(1, round(share * matches)) if share and matches >= least else 0


def _by_map(samples: Sequence[Sample], seed: int) -> dict[str, list[str]]:
    maps: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        maps[sample.map_name].add(sample.demo_sha256)
    taken: set[str] = set()
    result = {}
    for name in sorted(maps):  # a match counts once even if its samples disagree about the map
        result[name] = sorted(maps[name] - taken, key=lambda match: _rank(match, seed))
        taken |= maps[name]
    return result


def _take(remaining: dict[str, list[str]]) -> str:
    fullest = max(remaining.values(), key=lambda matches: (len(matches), matches[:1]))
    return fullest.pop(0)


def _rank(match: str, seed: int) -> str:
    return sha256(f"{seed}:{match}".encode()).hexdigest()


def _warnings(matches: int, train: Sequence[Sample], samples: Sequence[Sample]) -> tuple[str, ...]:
    if matches == 1:
        return (ONE_MATCH,)
    missing = sorted({s.map_name for s in samples} - {s.map_name for s in train})
    unseen = (f"Held out but never trained on: {', '.join(missing)}.",) if missing else ()
    return ((TWO_MATCHES,) if matches == 2 else ()) + unseen
