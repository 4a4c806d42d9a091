"""What is said once for the whole recording: its header, the convars, the list of players."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_rows, of_values
from apps.simulation.demofile.comparing.recorded import SIDES, Recorded, plain
from apps.simulation.truth.match import TICK_RATE, Team


def of_header(recorded: Recorded, demo: Any) -> list[Difference]:
    header = recorded.truth.header
    last = int(recorded.ticks[-1])
    expected = {
        "map_name": plain(header.map_name), "server_name": plain(header.server_name),
        "client_name": plain(header.client_name), "playback_ticks": max(last, 1),
        "playback_frames": len(recorded.ticks), "tick_rate": float(TICK_RATE),
    }  # fmt: skip
    found = {**demo.header, "tick_rate": round(float(demo.tick_rate), 3)}
    return of_values("header", expected, {key: found.get(key) for key in expected})


def of_convars(recorded: Recorded, demo: Any) -> list[Difference]:
    expected = {plain(name): plain(value) for name, value in recorded.truth.convars.items()}
    return of_values("convars", expected, demo.convars)


def of_players(recorded: Recorded, demo: Any) -> list[Difference]:
    """Everybody once, with the side and the team's name that were theirs last.

    awpy tells people apart by their Steam id, and bots by their names.
    """
    found = demo.players.select("steamid", player=pl.col("name").fill_null(""), side="side", team="team_clan_name")
    rows: dict[tuple[int, str], dict[str, object]] = {}
    last = [
        (int(times[-1]) if len(times) else -1) for times in map(np.flatnonzero, recorded.truth.tracks["connected"].T)
    ]
    for column in sorted(range(len(last)), key=lambda column: last[column]):
        person, row = recorded.truth.participants[column], last[column]
        if row < 0:
            continue
        here = np.flatnonzero(recorded.truth.tracks["connected"][:, column])
        teams = recorded.truth.tracks["team"][here, column]
        side = Team(int(teams[-1]))
        known = teams[teams != Team.UNASSIGNED]  # of whoever has no team any more awpy tells the last one
        name = recorded.names[person.slot]
        rows[person.steamid, "" if person.steamid else name] = {
            "steamid": person.steamid, "player": name, "side": SIDES[Team(int(known[-1]))] if len(known) else None,
            "team": _roster(recorded, side, row),
        }  # fmt: skip
    schema = {"steamid": pl.UInt64, "player": pl.String, "side": pl.String, "team": pl.String}
    return of_rows("players", pl.DataFrame(list(rows.values()), schema=schema), found, ["steamid", "player"])


def _roster(recorded: Recorded, side: Team, row: int) -> str | None:
    """Who plays that side at that row."""
    rules = recorded.shown("rules").filter(pl.col("tick") <= int(recorded.ticks[row]))
    if side not in (Team.T, Team.CT) or rules.is_empty():
        return None
    return plain(recorded.truth.header.rosters[0 if rules["side_0"][-1] == side else 1])
