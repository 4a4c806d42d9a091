"""Where and when the bomb was planted, defused, or went off."""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from apps.demos.parsing.match.evidence import Evidence, ticks_of
from apps.demos.parsing.ticks import between
from apps.demos.parsing.vocabulary import BOMB_ENDS

SITES = {"BombsiteA": "A", "BombsiteB": "B"}
GAME_SITES = {"0": "A", "1": "B"}  # m_nBombSite; where the event has other numbers, they are those of map entities
FAR = 2_000.0  # units: farther from both sites' middles nobody plants


def happenings(evidence: Evidence) -> list[tuple[int, str]]:
    """(tick, "planted" | "defused" | "exploded") in order, by awpy's table or, where it has none, the raw events."""
    table = evidence.tables.get("bomb")
    found: set[tuple[int, str]] = set()
    if table is not None and {"tick", "event"} <= set(table.columns):
        words = table["event"].cast(pl.String).to_list()
        found = {
            (int(tick), BOMB_ENDS[word]) for tick, word in zip(table["tick"], words, strict=True) if word in BOMB_ENDS
        }
    told = {what for _, what in found}
    for what in ("planted", "defused", "exploded"):
        if what not in told:
            found |= {(tick, what) for tick in ticks_of(evidence.events, f"bomb_{what}")}
    return sorted(found)


def sites(evidence: Evidence) -> dict[int, str]:
    """Tick of a plant → "A", "B" or "".

    The planter's place decides; where the map names no such place there, the nearer of the middles of where people
    stood in the two bomb sites; then what the event calls the site: a number that other plants tie to a letter, or 0
    and 1; last awpy's word.
    """
    table = evidence.events.get("bomb_planted")
    raw = (
        {}
        if table is None or "tick" not in table.columns
        else {int(row["tick"]): row for row in table.iter_rows(named=True)}
    )
    plants = [tick for tick, what in happenings(evidence) if what == "planted"]
    spots = {tick: _spot(evidence, tick, raw.get(tick, {})) for tick in {*plants, *raw}}
    middles = _middles(evidence.states)
    found = {tick: SITES.get(place, "") or _nearest(x, y, z, middles) for tick, (place, x, y, z) in spots.items()}
    letters = _letters({tick: str(row.get("site")) for tick, row in raw.items()}, found)
    awpy = _awpy(evidence.tables.get("bomb"))
    return {
        tick: letter or letters.get(str(raw.get(tick, {}).get("site")), "") or awpy.get(tick, "")
        for tick, letter in found.items()
    }


Spot = tuple[str, float | None, float | None, float | None]


def _spot(evidence: Evidence, tick: int, event: Mapping[str, object]) -> Spot:
    """Place name and position of whoever planted: the event's slot, else the one in the bomb's zone with the bomb."""
    rows = between(evidence.states, tick - int(evidence.tick_rate), tick)
    user = str(event.get("userid", ""))
    if user.isdigit():
        rows = rows.filter(pl.col("slot") == int(user) % 256)
    else:
        rows = rows.filter(pl.col("has_bomb") & (pl.col("health") > 0))
    if rows.is_empty():
        return "", None, None, None
    last = rows.tail(1).select("place_name", "x", "y", "z").row(0)
    return str(last[0] or ""), last[1], last[2], last[3]


def _middles(states: pl.DataFrame) -> dict[str, tuple[float, float, float]]:
    known = states.filter(pl.col("place_name").is_in(list(SITES)), pl.col("x").is_not_null())
    rows = known.group_by("place_name").agg(pl.col(axis).mean() for axis in "xyz")
    return {SITES[place]: (x, y, z) for place, x, y, z in rows.iter_rows()}


def _nearest(
    x: float | None, y: float | None, z: float | None, middles: Mapping[str, tuple[float, float, float]]
) -> str:
    if x is None or y is None or z is None or len(middles) < 2:
        return ""
    away = {site: ((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2) ** 0.5 for site, (a, b, c) in middles.items()}
    site = min(away, key=lambda name: away[name])
    return site if away[site] <= FAR else ""


def _letters(said: Mapping[int, str], found: Mapping[int, str]) -> dict[str, str]:
    """The event's word for a site → its letter."""
    votes: dict[str, Counter[str]] = {}
    for tick, word in said.items():
        if found.get(tick):
            votes.setdefault(word, Counter())[found[tick]] += 1
    tied = {word: vote.most_common(1)[0][0] for word, vote in votes.items()}
    if not tied and set(said.values()) <= set(GAME_SITES):
        return dict(GAME_SITES)
    if len(tied) == 1 and len(words := set(said.values())) == 2:
        ((word, letter),) = tied.items()
        tied |= dict.fromkeys(words - {word}, "B" if letter == "A" else "A")
    return tied


def _awpy(table: pl.DataFrame | None) -> dict[int, str]:
    if table is None or not {"tick", "bombsite"} <= set(table.columns):
        return {}
    found = {}
    for tick, word in table.select("tick", pl.col("bombsite").cast(pl.String)).drop_nulls().iter_rows():
        letter = word.strip().upper()[-1:]
        if letter in ("A", "B"):
            found[int(tick)] = letter
    return found
