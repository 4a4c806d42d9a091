"""Play a match that was never written to a file: its truth in the shape the simulated game plays from."""

from collections import defaultdict

import numpy as np
import polars as pl

from apps.simulation.happenings import Happenings
from apps.simulation.recording import Recording
from apps.simulation.truth.match import TICK_RATE, MatchTruth, Team

_PLAIN = (
    "x", "y", "z", "yaw", "pitch", "health", "armor", "has_helmet", "has_defuser", "money", "duck", "flash_duration",
    "scoped", "defusing", "in_bomb_zone", "equipment_value",
)  # fmt: skip
_SIDES = {int(Team.CT): "CT", int(Team.T): "T"}


def recording_of(truth: MatchTruth) -> Recording:
    """What a perfect reader would find in the recording of ``truth``.

    Raises:
        ValueError: nobody plays in it.
    """
    return Recording(truth.header.map_name, float(TICK_RATE), _players(truth), _rules(truth), _happenings(truth))


def _players(truth: MatchTruth) -> pl.DataFrame:
    tracks = truth.tracks
    count = len(tracks.ticks)
    items = dict(truth.tables["weapons"].select("id", "item").iter_rows())
    parts = []
    for column, person in enumerate(truth.participants):
        values = {name: tracks[name][:, column] for name in _PLAIN}
        team = tracks["team"][:, column]
        part = pl.DataFrame({"tick": tracks.ticks, **values, "active": tracks["active"][:, column]}).with_columns(
            slot=pl.lit(person.slot, pl.Int16),
            name=pl.lit(person.name, pl.Categorical),
            side=pl.Series(team).cast(pl.Int64).replace_strict(_SIDES, default=None, return_dtype=pl.Categorical),
            place=pl.Series(np.array(truth.places, object)[tracks["place"][:, column]], dtype=pl.Categorical),
            speed=pl.Series(np.hypot(tracks["vx"][:, column], tracks["vy"][:, column])),
            active_weapon=pl.col("active").replace_strict(items, default=None, return_dtype=pl.Categorical),
            inventory=_inventory(truth, person.slot, items, count),
        )
        parts.append(part.filter(pl.Series(tracks["connected"][:, column]), pl.col("side").is_not_null()))
    ammunition = truth.tables["ammunition"].sort("tick", maintain_order=True).rename({"id": "active"})
    players = pl.concat(parts).sort("tick", "slot")
    return players.join_asof(ammunition, on="tick", by="active", check_sortedness=False).drop("active")


def _inventory(truth: MatchTruth, slot: int, items: dict[int, str], count: int) -> pl.Series:
    """What the player holds at every tick, as one text with commas."""
    changes: defaultdict[int, list[tuple[int, bool]]] = defaultdict(list)
    held: set[int] = set()
    ends = dict(truth.tables["weapons"].select("id", "to_tick").iter_rows())
    for tick, weapon, owner in truth.tables["holders"].select("tick", "id", "owner").iter_rows():
        if owner == slot and weapon not in held:
            held.add(weapon)
            changes[tick].append((weapon, True))
            changes[ends[weapon]].append((weapon, False))
        elif owner != slot and weapon in held:
            held.discard(weapon)
            changes[tick].append((weapon, False))
    carried: set[int] = set()
    words, starts = [""], [np.iinfo(np.int32).min]
    for tick in sorted(changes):
        for weapon, gets in changes[tick]:
            (carried.add if gets else carried.discard)(weapon)
        words.append(",".join(items[weapon] for weapon in sorted(carried)))
        starts.append(tick)
    rows = np.searchsorted(np.array(starts), truth.tracks.ticks, side="right") - 1
    return pl.Series("inventory", np.array(words, object)[rows], dtype=pl.Categorical)


def _rules(truth: MatchTruth) -> pl.DataFrame:
    rules = truth.tables["rules"]
    home_is_ct = pl.col("side_0") == int(Team.CT)
    over = pl.col("win_status") != 0
    phase = (
        pl.when("warmup")
        .then(pl.lit("warmup"))
        .when(over)
        .then(pl.lit("over"))
        .when("bomb_planted")
        .then(pl.lit("planted"))
        .when("freeze")
        .then(pl.lit("freeze"))
        .otherwise(pl.lit("live"))
    )
    end = pl.col("round_start_s") + pl.when("freeze").then(0).otherwise(pl.col("round_time_s"))
    return rules.select(
        "tick",
        phase.alias("phase"),
        pl.when(phase.is_in(["freeze", "live"])).then((end * TICK_RATE).cast(pl.Int32)).alias("clock_end"),
        pl.when(home_is_ct).then("score_0").otherwise("score_1").alias("score_ct"),
        pl.when(home_is_ct).then("score_1").otherwise("score_0").alias("score_t"),
        (pl.col("rounds_played") + pl.when(over).then(0).otherwise(1)).alias("round_number"),
        pl.when(over & (pl.col("win_status") == 3)).then(pl.lit("CT")).when(over).then(pl.lit("T")).alias("winner"),
    )


def _happenings(truth: MatchTruth) -> Happenings:
    tables = {
        "kills": _kills(truth),
        "smokes": _lasting(truth.tables["smokes"]),
        "fires": _lasting(truth.tables["fires"]),
        "missiles": _missiles(truth),
        "gun_shots": _events(truth, "weapon_fire", {"userid": pl.Int16, "weapon": pl.String}).select(
            "tick", slot="userid", weapon=pl.col("weapon").str.strip_prefix("weapon_")
        ).filter(~pl.col("weapon").str.contains("knife|grenade|flashbang|molotov|decoy|c4|taser")),
        "blinds": _events(truth, "player_blind", {"userid": pl.Int16, "blind_duration": pl.Float32}).select(
            "tick", slot="userid", duration="blind_duration"
        ),
        "bomb": _bomb(truth),
        "rounds": truth.tables["rounds"].filter(pl.col("number") > 0).select(pl.col("start_tick").alias("tick")),
    }  # fmt: skip
    return Happenings({name: table for name, table in tables.items() if not table.is_empty()})


def _lasting(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(pl.col("from_tick").alias("start_tick"), pl.col("to_tick").alias("end_tick"), "x", "y", "z")


def _events(truth: MatchTruth, name: str, fields: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    rows = [{"tick": event.tick, **event.fields} for event in truth.events if event.name == name]
    return pl.DataFrame(rows, schema={"tick": pl.Int32, **fields})


def _kills(truth: MatchTruth) -> pl.DataFrame:
    sides = truth.tracks["team"]
    names = {person.slot: person.name for person in truth.participants}
    rows = []
    for event in truth.events:
        if event.name != "player_death":
            continue
        row, fields = truth.tracks.row(event.tick), event.fields
        people: dict[str, object] = {}
        for who, key in (("attacker", "attacker"), ("victim", "userid"), ("assister", "assister")):
            slot = int(fields.get(key, -1))
            known = slot in names
            people[who] = names.get(slot, "")
            people[f"{who}_slot"] = slot if known else -1
            people[f"{who}_side"] = _SIDES.get(int(sides[row, truth.column(slot)]), "") if known else ""
        rows.append(
            {
                "tick": event.tick,
                **people,
                "weapon": str(fields.get("weapon", "")),
                "headshot": bool(fields.get("headshot", False)),
                "flash_assist": bool(fields.get("assistedflash", False)),
                "noscope": bool(fields.get("noscope", False)),
                "penetrated": int(fields.get("penetrated", 0)) > 0,
                "through_smoke": bool(fields.get("thrusmoke", False)),
            }
        )
    return pl.DataFrame(rows)


def _missiles(truth: MatchTruth) -> pl.DataFrame:
    """A point every second tick of each way."""
    kinds = dict(truth.tables["projectiles"].select("id", "kind").iter_rows())
    parts = []
    for (key,), way in truth.tables["flight"].group_by("id", maintain_order=True):
        ticks = np.arange(int(way["tick"][0]), int(way["tick"][-1]) + 1, 2, dtype=np.int32)
        places = {name: np.interp(ticks, way["tick"], way[name]).astype(np.float32) for name in ("x", "y", "z")}
        table = pl.DataFrame({"tick": ticks, **places})
        parts.append(table.select("tick", pl.lit(key).alias("key"), pl.lit(kinds[key]).alias("kind"), "x", "y", "z"))
    return pl.concat(parts).sort("tick", maintain_order=True) if parts else pl.DataFrame()


def _bomb(truth: MatchTruth) -> pl.DataFrame:
    """Drops (where the C4 then lies) and what became of each planted bomb."""
    bombs = truth.tables["weapons"].filter(pl.col("item") == "c4").select("id")
    rows: list[tuple[object, ...]] = [
        (tick, "dropped", "", -1, x, y, z)
        for tick, owner, x, y, z in truth.tables["holders"]
        .join(bombs, on="id", maintain_order="left")
        .select("tick", "owner", "x", "y", "z")
        .iter_rows()
        if owner < 0 and x is not None
    ]
    for plant in truth.tables["plants"].iter_rows(named=True):
        where = (plant["site"], plant["planter"], plant["x"], plant["y"], plant["z"])
        rows.append((plant["from_tick"], "planted", *where))
        if plant["outcome"] in ("defused", "exploded"):
            rows.append((plant["to_tick"], plant["outcome"], *where))
    schema = {
        "tick": pl.Int32, "state": pl.String, "site": pl.String, "planter": pl.Int16,
        "x": pl.Float32, "y": pl.Float32, "z": pl.Float32,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("tick", maintain_order=True)
