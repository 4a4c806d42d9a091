"""The table ``holders`` against awpy's purchases, pickups and drops.

awpy makes them up from who has what and whose it was first: what one gets with money going down is a purchase, what was
another's a pickup; knives, the bomb and the pistols everybody begins with are neither when they are new. Bots' things
have no first owner it could tell. At a keyframe it takes things that were another's for just picked up.
"""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_rows
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.comparing.snapshots import awpy_name
from apps.simulation.demofile.things import PAWNS

_SCHEMA = {"tick": pl.Int32, "slot": pl.Int32, "item": pl.String, "action": pl.String, "player": pl.String}
_GIVEN = ("knife", "c4", "glock", "usp_silencer", "hkp2000")


def differences(recorded: Recorded, demo: Any, keyframes: np.ndarray) -> list[Difference]:
    """``keyframes``: the ticks of the recording's full packets."""
    where, loads = recorded.carried
    rows = []
    for slot, column in recorded.columns.items():
        line = where[:, column]
        for row in np.flatnonzero(line[1:] != line[:-1]) + 1:
            now, before = set(loads[line[row]]), set(loads[line[row - 1]])
            gained = [(number, _gain(recorded, number, slot, int(row))) for number in sorted(now - before)]
            lost = [(number, _loss(recorded, number, int(row))) for number in sorted(before - now)]
            for number, action in [*gained, *lost]:
                name = awpy_name(recorded.item_of[number])
                if action:
                    rows.append((int(recorded.ticks[row]), slot, name, action, recorded.names[slot]))
    expected = pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("tick", maintain_order=True)
    made_up = (pl.col("action") == "pickup") & (
        pl.col("tick").is_in([int(recorded.ticks[0]), *keyframes.tolist()]) | (pl.col("steamid") == 0)
    )
    bought = (pl.col("action") == "purchase") & (pl.col("item").is_in(_GIVEN) | (pl.col("steamid") == 0))
    found = demo.item_events.filter(~made_up & ~bought).rename({"name": "player"})
    found = found.with_columns(slot=pl.col("entity_id") - PAWNS).select(expected.columns)
    expected = expected.filter(~((pl.col("action") == "pickup") & pl.col("tick").is_in(keyframes.tolist())))
    return of_rows("item_events", expected, found, ["tick", "slot", "item", "action"])


def _gain(recorded: Recorded, number: int, slot: int, row: int) -> str:
    first, from_tick = recorded.first_owner[number]
    if not recorded.steamids[slot]:
        return ""
    if recorded.steamids.get(first, 0) != recorded.steamids[slot]:
        return "pickup"
    money = recorded.truth.tracks["money"][:, recorded.columns[slot]]
    new = recorded.row(from_tick) == row and awpy_name(recorded.item_of[number]) not in _GIVEN
    return "purchase" if new and money[row] < money[row - 1] else ""


def _loss(recorded: Recorded, number: int, row: int) -> str:
    """Thrown, planted and taken things are no more; the others lie on the ground or are another's."""
    return "" if recorded.row(recorded.last_tick[number]) <= row else "drop"
