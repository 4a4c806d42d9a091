"""What a dataset is made of: counts by map, side, phase and field value, to be drawn as charts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.captures.labelling.sample import Sample

# Upper ends of the bins of wide-ranging numbers; counts and categories are counted value by value.
BINS: Mapping[str, tuple[int, ...]] = {
    "player_health": (0, 25, 50, 75, 99, 100),
    "player_armor": (0, 25, 50, 75, 99, 100),
    "player_money": (0, 1000, 2500, 5000, 10000, 16000),
    "team_money_total": (0, 5000, 20000, 40000, 80000),
    "ammo_clip": (0, 5, 10, 20, 30, 100),
    "ammo_reserve": (0, 30, 60, 90, 200),
}


@dataclass(frozen=True)
class Balance:
    """Samples per value, largest count first (then by name)."""

    matches: int
    samples: int
    maps: Mapping[str, int]
    sides: Mapping[str, int]
    phases: Mapping[str, int]
    fields: Mapping[str, Mapping[str, int]]  # field → value or bin → samples; "not labelled" is a value too
    with_behavior: int
    with_outcome: int


def balance(samples: Iterable[Sample]) -> Balance:
    """Count ``samples``."""
    rows = list(samples)
    names = dict.fromkeys(name for sample in rows for name in sample.label)
    return Balance(
        matches=len({sample.demo_sha256 for sample in rows}),
        samples=len(rows),
        maps=_counted(sample.map_name for sample in rows),
        sides=_counted(sample.side for sample in rows),
        phases=_counted(value_name("round_phase", sample.label.get("round_phase")) for sample in rows),
        fields={
            name: _counted(value for sample in rows for value in _values(name, sample.label.get(name)))
            for name in names
        },
        with_behavior=sum(sample.behavior is not None for sample in rows),
        with_outcome=sum(sample.contribution is not None and sample.round_won is not None for sample in rows),
    )


def value_name(field: str, value: Any) -> str:
    """How one value is counted and shown."""
    if value is None:
        return "not labelled"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field == "round_clock" and isinstance(value, str) and ":" in value:
        return f"{value.split(':')[0]} min"
    return _bin(BINS[field], value) if field in BINS and isinstance(value, int | float) else str(value)


def _values(field: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [value_name(field, item) for item in dict.fromkeys(map(str, value))] or ["none"]
    return [value_name(field, value)]


def _bin(ends: tuple[int, ...], value: float) -> str:
    lower = None
    for end in ends:
        if value <= end:
            return str(end) if lower is None or lower + 1 == end else f"{lower + 1}–{end}"
        lower = end
    return f"over {lower}"


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
