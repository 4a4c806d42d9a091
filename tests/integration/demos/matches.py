"""A match of any length as an import leaves it: rows, the statistics per round, and some tables; no recording."""

import hashlib
import io
from typing import Any

import polars as pl

from apps.core import storage
from apps.demos.models import Demo, DemoStatus, DemoTeam, Player, Round
from apps.demos.parsing.reading import states
from apps.demos.parsing.stats import statistics
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import recounting

STEAMID = 76561198000000000
HALF = 12
LENGTH = 1000  # ticks from one round's start to the next one's


def made_match(count: int, *, name: str = "match.dem", warmup: bool = True, **values: Any) -> Demo:
    """``count`` rounds, of which CT win the odd ones; in each, the best player of the winners kills everybody."""
    demo = Demo.objects.create(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        original_name=name,
        size=7,
        recording=values.pop("recording", ""),
        status=DemoStatus.READY,
        map_name="de_mirage",
        has_positions=True,
        last_tick=(count + 1) * LENGTH,
        **values,
    )
    for roster, clan in enumerate(("Alpha", "Beta")):
        DemoTeam.objects.create(demo=demo, roster=roster, clan_name=clan)
    Player.objects.bulk_create(
        Player(demo=demo, slot=slot, steamid=STEAMID + slot, name=f"Player {slot}", roster=slot // 5, first_side="CT")
        for slot in range(10)
    )
    rounds = [_warmup(demo)] * warmup + [_round(demo, number, warmup) for number in range(1, count + 1)]
    Round.objects.bulk_create(rounds)
    put_table(demo, "player_rounds", pl.DataFrame([line for row in rounds for line in _lines(row)], statistics.SCHEMA))
    recounting.recount(demo)
    demo.refresh_from_db()
    return demo


def put_table(demo: Demo, name: str, table: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    storage.put_bytes(f"{artefact_prefix(demo.sha256)}/{name}.parquet", buffer.getvalue())


def put_events(demo: Demo) -> None:
    """A kill by somebody whose name is a formula, a hit, a shot, a plant, and the players' states in round 1."""
    at = LENGTH + 200
    people = {
        f"{role}_{what}": value
        for role in ("attacker", "victim")
        for what, value in (("x", 1.5), ("y", 2.5), ("z", 3.5))
    }
    people |= {"attacker_name": "=HYPERLINK(1)", "attacker_side": "CT", "victim_name": "Player 5", "victim_side": "T"}
    put_table(
        demo, "kills", pl.DataFrame([{"tick": at, **people, "weapon": "ak47", "headshot": True, "nan": float("nan")}])
    )
    hurt = {"weapon": "ak47", "dmg_health": 111, "hitgroup": 1, "health_pre": 80, "health_post": 0}
    put_table(demo, "damages", pl.DataFrame([{"tick": at, **people, **hurt}]))
    one = {"name": "Player 0", "side": "CT", "x": 1.0, "y": 2.0, "z": 3.0, "yaw": 45.0}
    put_table(demo, "shots", pl.DataFrame([{"tick": at, **one, "weapon": "ak47"}]))
    put_table(demo, "bomb", pl.DataFrame([{"tick": at, "event": "finish_plant", "name": "Player 5", "bombsite": "B"}]))
    rows = [
        {**dict.fromkeys(states.SCHEMA), **one, "tick": tick, "slot": 0, "health": 100, "inventory": ["ak47", "c4"]}
        for tick in range(LENGTH, LENGTH + 640, 16)
    ]
    put_table(demo, "player_states", pl.DataFrame(rows, states.SCHEMA))


def _warmup(demo: Demo) -> Round:
    return Round(
        demo=demo, ordinal=1, start_tick=0, end_tick=LENGTH - 1, parsed_not_counted="warmup", not_counted="warmup",
        ct_roster=0,
    )  # fmt: skip


def _round(demo: Demo, number: int, warmup: bool) -> Round:
    start = number * LENGTH
    ct = (number - 1) // HALF % 2
    return Round(
        demo=demo,
        ordinal=number + warmup,
        start_tick=start,
        freeze_end_tick=start + 100,
        end_tick=start + 900,
        official_end_tick=start + LENGTH,
        winner_side="CT" if number % 2 else "T",
        end_reason="ct_win" if number % 2 else "target_bombed",
        ct_roster=ct,
        plant_tick=start + 300,
        bomb_site="B",
        buy_ct="full",
        buy_t="eco",
        equipment_ct=25_000,
        equipment_t=4_000,
        money_ct=3_000,
        money_t=9_000,
    )


def _lines(row: Round) -> list[dict[str, Any]]:
    zeros = {name: 0 if kind != pl.Boolean else False for name, kind in statistics.SCHEMA.items()}
    lines = []
    for slot in range(10):
        side = "CT" if slot // 5 == row.ct_roster else "T"
        won = side == row.winner_side
        best = won and slot % 5 == 0
        lines.append(
            {
                **zeros, "ordinal": row.ordinal, "slot": slot, "side": side, "present": True, "survived": won,
                "kast": won, "kills": 5 * best, "damage": 500 * best, "deaths": int(not won), "flash_seconds": 0.0,
            }
        )  # fmt: skip
    return lines
