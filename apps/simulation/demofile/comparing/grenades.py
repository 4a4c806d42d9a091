"""The tables ``projectiles``, ``flight``, ``smokes`` and ``fires`` against the entities, at every tick."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference
from apps.simulation.demofile.comparing.entities import CELLS, SPOT, changes, differences, flag, origin, slot_of
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.sendtables import PROJECTILES

Row = dict[str, Any]
_FLOWN: dict[str, Any] = {
    "thing": pl.String, "tick": pl.Int64, "there": pl.Boolean, "kind": pl.String, "thrower": pl.Int16,
    "owner": pl.Int16, "smoke_tick": pl.Int64, **SPOT,
}  # fmt: skip


def of_projectiles(recorded: Recorded, demo: Any) -> list[Difference]:
    fields = ["m_hOwnerEntity", "m_hThrower", "m_bIsIncGrenade", "m_bDidSmokeEffect", "m_nSmokeEffectTickBegin", *CELLS]
    raw = changes(recorded, demo, sorted(set(PROJECTILES.values())), fields)
    kinds = {name: kind for kind, name in PROJECTILES.items() if kind != "incgrenade"}
    kind = pl.col("class_name").replace_strict(kinds, default="unknown", return_dtype=pl.String)
    found = raw.with_columns(
        kind=pl.when(flag("m_bIsIncGrenade")).then(pl.lit("incgrenade")).otherwise(kind),
        thrower=slot_of("m_hThrower"),
        owner=slot_of("m_hOwnerEntity"),
        smoke_tick=pl.when(flag("m_bDidSmokeEffect")).then(pl.col("m_nSmokeEffectTickBegin")).otherwise(0),
        **origin(),
    )
    flight = {key[0]: one for key, one in recorded.truth.tables["flight"].sort("tick").group_by("id")}
    effects = {row["id"]: row for row in recorded.truth.tables["smokes"].iter_rows(named=True)}
    rows: list[Row] = []
    names: list[str] = []
    for one in recorded.truth.tables["projectiles"].iter_rows(named=True):
        flown = _flown(recorded, one, flight.get(one["id"]), effects.get(one["id"]))
        names += [row["thing"] for row in flown[:1]]
        rows += flown
    return differences("projectiles", names, pl.DataFrame(rows, schema=_FLOWN), found)


def _flown(recorded: Recorded, one: Row, points: pl.DataFrame | None, smoke: Row | None) -> list[Row]:
    """Straight between the points of its way, then where it lies; a smoke grenade is there as long as its cloud."""
    count = len(recorded.ticks)
    begin, end = recorded.row(one["from_tick"]), recorded.row(one["to_tick"])
    last = end if smoke is None else max(end, recorded.row(smoke["to_tick"]))
    if points is None or begin >= count or last <= begin:
        return []
    state: Row = {
        "thing": f"{one['kind']} {one['id']}", "there": True, "kind": one["kind"], "smoke_tick": 0,
        **dict.fromkeys(("thrower", "owner"), one["thrower"] if one["thrower"] in recorded.columns else -1),
    }  # fmt: skip
    ticks = recorded.ticks[begin : min(max(end, begin + 1), count)]
    known = points["tick"].to_numpy()
    way = [np.interp(ticks, known, points[axis].to_numpy().astype(np.float64)) for axis in "xyz"]
    rows = [{**state, "tick": tick, "x": x, "y": y, "z": z} for tick, x, y, z in zip(ticks.tolist(), *way, strict=True)]
    if smoke is not None and (row := max(begin, recorded.row(smoke["from_tick"]))) < count:
        cloud = {axis: smoke[axis] for axis in "xyz"}
        rows.append({**state, "tick": int(recorded.ticks[row]), **cloud, "smoke_tick": smoke["from_tick"]})
    if last < count:
        rows.append({**state, "tick": int(recorded.ticks[last]), "there": False})
    return rows


def of_fires(recorded: Recorded, demo: Any) -> list[Difference]:
    fields = ["m_hOwnerEntity", "m_nFireLifetime", "m_nFireEffectTickBegin", *CELLS]
    found = changes(recorded, demo, ["CInferno"], fields).with_columns(
        thrower=slot_of("m_hOwnerEntity"),
        began=pl.col("m_nFireEffectTickBegin"),
        seconds=pl.col("m_nFireLifetime"),
        **origin(),
    )
    truth = recorded.truth.tables["fires"].select("id", began="from_tick", ended="to_tick")
    rows = (
        recorded.shown("fires")
        .join(truth, on="id", maintain_order="left")
        .with_columns(
            thing=pl.format("fire {}", "id"),
            there=True,
            seconds=(pl.col("ended") - pl.col("began")) / 64.0,
            tick="from_tick",
        )
    )
    gone = rows.filter(pl.col("to_tick").is_not_null()).with_columns(there=False, tick="to_tick")
    columns = ["thing", "tick", "there", "thrower", "began", "seconds", *SPOT]
    expected = pl.concat([rows.select(columns), gone.select(columns)])
    return differences("fires", rows["thing"].to_list(), expected, found)
