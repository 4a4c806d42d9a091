"""The tables ``projectiles``, ``flight``, ``smokes`` and ``fires`` against the entities, at every tick."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference
from apps.simulation.demofile.comparing.entities import CELLS, SPOT, changes, differences, flag, origin, read, slot_of
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.schema import PROJECTILES

Row = dict[str, Any]
_FLOWN: dict[str, Any] = {
    "thing": pl.String, "tick": pl.Int64, "there": pl.Boolean, "kind": pl.String, "thrower": pl.Int16,
    "owner": pl.Int16, "smoke_tick": pl.Int64, **SPOT,
}  # fmt: skip


_PROJECTILE_FIELDS = [
    "m_hOwnerEntity", "m_hThrower", "m_bIsIncGrenade", "m_bDidSmokeEffect", "m_nSmokeEffectTickBegin", *CELLS,
]  # fmt: skip
_FIRE_FIELDS = ["m_hOwnerEntity", "m_nFireLifetime", "m_nFireEffectTickBegin", *CELLS]


def grenades_in(demo: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Projectiles and fires."""
    raw = read(demo, _PROJECTILE_FIELDS, _FIRE_FIELDS)
    projectiles = changes(raw, sorted(set(PROJECTILES.values())), _PROJECTILE_FIELDS)
    return projectiles, changes(raw, ["CInferno"], _FIRE_FIELDS)


def entity_of(recorded: Recorded, projectiles: pl.DataFrame, fires: pl.DataFrame) -> dict[tuple[str, int], int]:
    """The entity behind the truth's id: ("projectile" or "fire", id) → its index."""
    thrown = [int(one[0]["thing"].split()[-1]) for one in flown_of(recorded)]
    burning = recorded.shown("fires")["id"].to_list()
    out: dict[tuple[str, int], int] = {}
    for kind, found, ids in (("projectile", projectiles, thrown), ("fire", fires, burning)):
        indices = found.unique("nth", keep="first", maintain_order=True)["entity_id"].to_list()
        out |= {(kind, number): index for number, index in zip(ids, indices, strict=False)}
    return out


def of_projectiles(recorded: Recorded, raw: pl.DataFrame) -> list[Difference]:
    kinds = {name: kind for kind, name in PROJECTILES.items() if kind != "incgrenade"}
    kind = pl.col("class_name").replace_strict(kinds, default="unknown", return_dtype=pl.String)
    found = raw.with_columns(
        kind=pl.when(flag("m_bIsIncGrenade")).then(pl.lit("incgrenade")).otherwise(kind),
        thrower=slot_of("m_hThrower"),
        owner=slot_of("m_hOwnerEntity"),
        smoke_tick=pl.when(flag("m_bDidSmokeEffect")).then(pl.col("m_nSmokeEffectTickBegin")).otherwise(0),
        **origin(),
    )
    flown = flown_of(recorded)
    rows = pl.DataFrame([row for one in flown for row in one], schema=_FLOWN)
    return differences("projectiles", [one[0]["thing"] for one in flown], rows, found)


def flown_of(recorded: Recorded) -> list[list[Row]]:
    """Per grenade that shows, in the order of the table, what is known of it at every tick of its flight and later."""
    flight = {key[0]: one for key, one in recorded.truth.tables["flight"].sort("tick").group_by("id")}
    effects = {row["id"]: row for row in recorded.truth.tables["smokes"].iter_rows(named=True)}
    every = (
        _flown(recorded, one, flight.get(one["id"]), effects.get(one["id"]))
        for one in recorded.truth.tables["projectiles"].iter_rows(named=True)
    )
    return [rows for rows in every if rows]


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


def of_fires(recorded: Recorded, raw: pl.DataFrame) -> list[Difference]:
    found = raw.with_columns(
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
