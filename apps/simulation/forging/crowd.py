"""More than ten players: a sixth on each side."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.forging.copies import free_slots, players, with_events, with_people, with_tables
from apps.simulation.forging.seats import GUEST_STEAMID, SUICIDE_TICKS
from apps.simulation.truth.match import Event, MatchTruth, Participant, Team
from apps.simulation.truth.tables import TABLES


def crowd(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """An eleventh and a twelfth player, who spawn with a knife and kill themselves three seconds after freeze time.

    So they are players in everything (alive, teams, economy without a dollar, deaths) and decide nothing.
    """
    people = [
        Participant(slot, f"sixth {truth.header.rosters[roster]}", GUEST_STEAMID + 30 + roster, roster)
        for roster, slot in enumerate(free_slots(truth, 2))
    ]
    next_id = 1 + max(max(truth.tables[name]["id"].to_list(), default=0) for name in ("weapons", "projectiles"))
    columns: list[dict[str, np.ndarray]] = []
    weapons: list[tuple[Any, ...]] = []
    events: list[Event] = []
    stretches = _stretches(truth)
    for person in people:
        mate = truth.column(next(one.slot for one in players(truth) if one.roster == person.roster))
        column = _column(truth, mate)
        events += _arrival(truth, person)
        for start, death in stretches:
            rows = (truth.tracks.ticks >= start) & (truth.tracks.ticks < death)
            _stand(truth, column, rows, mate, next_id)
            side = int(column["team"][truth.tracks.row(start)])
            item = "knife_t" if side == Team.T else "knife"
            weapons.append((next_id, start, death, item, person.slot))
            events += _round(truth, person, start, death)
            column["deaths"][truth.tracks.ticks >= death] += 1
            next_id += 1
        columns.append(column)
    truth = with_people(truth, people, columns)
    truth = with_events(truth, [*(e for e in events if e.name.startswith("player_c")), *truth.events,
                                *(e for e in events if not e.name.startswith("player_c"))])  # fmt: skip
    return _belongings(truth, people, weapons)


def _stretches(truth: MatchTruth) -> list[tuple[int, int]]:
    """(spawn, death) in every round that got as far."""
    rows = truth.tables["rounds"].filter(pl.col("freeze_end_tick").is_not_null())
    last = int(truth.tracks.ticks[-1])
    spans = [(int(start), int(freeze) + SUICIDE_TICKS) for start, freeze in
             rows.select("start_tick", "freeze_end_tick").iter_rows()]  # fmt: skip
    return [(start, death) for start, death in spans if start >= int(truth.tracks.ticks[0]) and death < last]


def _column(truth: MatchTruth, mate: int) -> dict[str, np.ndarray]:
    count = len(truth.tracks.ticks)
    column = {name: np.ones(count, np.bool_) for name in ("connected", "on_ground")}
    column["team"] = truth.tracks["team"][:, mate].copy()
    for name in ("health", "x", "y", "z", "yaw", "place", "deaths", "in_buy_zone"):
        column[name] = np.zeros(count, truth.tracks[name].dtype)
    column["active"] = np.full(count, -1, np.int32)
    return column


def _stand(truth: MatchTruth, column: dict[str, np.ndarray], rows: np.ndarray, mate: int, weapon: int) -> None:
    """Beside the mate's spawn for those rows."""
    if not rows.any():
        return
    spawn = int(np.flatnonzero(rows)[0])
    column["health"][rows] = 100
    column["active"][rows] = weapon
    for name in ("x", "y", "z", "yaw", "place", "in_buy_zone"):
        column[name][rows] = truth.tracks[name][spawn, mate]
    column["x"][rows] += np.float32(48.0)


def _arrival(truth: MatchTruth, person: Participant) -> list[Event]:
    first = int(truth.tracks.ticks[0])
    name: dict[str, int | float | str | bool] = {
        "userid": person.slot,
        "name": person.name,
        "networkid": "",
        "xuid": person.steamid,
        "bot": False,
    }
    return [Event(first, "player_connect", name), Event(first, "player_connect_full", {"userid": person.slot})]


def _round(truth: MatchTruth, person: Participant, start: int, death: int) -> list[Event]:
    fields: dict[str, int | float | str | bool] = {
        "userid": person.slot, "attacker": person.slot, "assister": -1, "assistedflash": False, "weapon": "world",
        "headshot": False, "penetrated": 0, "noscope": False, "thrusmoke": False, "attackerblind": False,
        "distance": 0.0, "dmg_health": 0, "dmg_armor": 0, "hitgroup": 0,
    }  # fmt: skip
    return [Event(start, "player_spawn", {"userid": person.slot}), Event(death, "player_death", fields)]


def _belongings(truth: MatchTruth, people: list[Participant], weapons: list[tuple[Any, ...]]) -> MatchTruth:
    knives = pl.DataFrame(weapons, schema=TABLES["weapons"], orient="row")
    held = knives.select(
        pl.col("from_tick").alias("tick"), "id", pl.col("original_owner").alias("owner"),
        *(pl.lit(None, pl.Float32).alias(axis) for axis in "xyz"),
    )  # fmt: skip
    numbers = truth.tables["economy"]["number"].unique(maintain_order=True)
    poor = [(number, one.slot, 0, 0, 0, 0) for number in numbers for one in people]
    economy = pl.DataFrame(poor, schema=TABLES["economy"], orient="row")
    tables = {"weapons": knives, "holders": held, "economy": economy}
    return with_tables(truth, {name: pl.concat([truth.tables[name], table]) for name, table in tables.items()})
