"""The format of cs2-demo-viewer (https://github.com/skkwowee/cs2-demo-viewer, docs/data-format.md).

A zip to be unpacked into the viewer's ``public/viewer-data``: ``<stem>/meta.json``, one ``<stem>/round_07.json`` per
round that counts with the players once a second, and an ``index.json`` for a viewer that has no other match.
"""

import zipfile
from collections.abc import Callable
from typing import IO, Any

import polars as pl

from apps.demos.exports.as_json import dumped
from apps.demos.exports.subject import Subject

# awpy 3's words for how a round ended → those of the viewer (awpy 2's).
REASONS = {
    "target_bombed": "bomb_exploded",
    "bomb_defused": "bomb_defused",
    "target_saved": "time_ran_out",
    "ct_win": "t_killed",
    "terrorists_win": "ct_killed",
    "t_surrender": "t_surrender",
    "ct_surrender": "ct_surrender",
}
SITES = {"A": "bombsite_a", "B": "bombsite_b"}
BOMB = {"finish_plant": "plant", "explode": "detonate"}  # awpy 3 → the viewer, where they differ
Rows = list[dict[str, Any]]


def write(subject: Subject, target: IO[bytes]) -> None:
    """Write the zip; rounds without decoded positions have no frames."""
    rounds = [row for row in subject.rounds if row["number"] is not None]
    states = subject.table("player_states")
    index = [{"stem": subject.stem, "map_name": subject.demo["map_name"], "rounds": len(rounds)}]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.json", dumped(index))
        archive.writestr(f"{subject.stem}/meta.json", dumped(meta(subject, rounds)))
        for row in rounds:
            body = one_round(row, states, subject.tick_rate)
            archive.writestr(f"{subject.stem}/round_{row['number']:02d}.json", dumped(body))


def meta(subject: Subject, rounds: Rows) -> dict[str, Any]:
    demo = subject.demo
    return {
        "stem": subject.stem,
        "map_name": demo["map_name"],
        "header": {
            "map_name": demo["map_name"],
            "server_name": demo["server_name"],
            "tickrate": round(subject.tick_rate),
        },
        "rounds": [{key: value for key, value in _head(row).items() if key in META} for row in rounds],
        "kills": _events(subject, "kills", rounds, _kill),
        "damages": _events(subject, "damages", rounds, _damage),
        "shots": _events(subject, "shots", rounds, _shot),
        "bomb": _events(subject, "bomb", rounds, _bomb),
    }


META = ("round_num", "start", "end", "freeze_end", "winner", "reason", "bomb_plant", "bomb_site")


def _head(row: dict[str, Any]) -> dict[str, Any]:
    """A round's facts under the names of both files."""
    freeze_end = row["freeze_end_tick"] or row["start_tick"]
    ticks = {"start": row["start_tick"], "end": row["end_tick"], "bomb_plant": row["plant_tick"]}
    return {
        "round_num": row["number"],
        "start_tick": row["start_tick"],
        "end_tick": row["end_tick"],
        **ticks,
        "freeze_end": freeze_end,
        "winner": row["winner_side"].lower(),
        "reason": REASONS.get(row["end_reason"], row["end_reason"]),
        "bomb_plant_tick": row["plant_tick"],
        "bomb_site": SITES.get(row["bomb_site"], "not_planted"),
    }


ROUND = (
    "round_num", "start_tick", "end_tick", "freeze_end", "winner", "reason", "bomb_plant_tick", "bomb_site",
)  # fmt: skip


def one_round(row: dict[str, Any], states: pl.DataFrame | None, tick_rate: float) -> dict[str, Any]:
    """A round's file: its facts, and the players at the first tick and once a second after it."""
    head = _head(row)
    return {**{key: head[key] for key in ROUND}, "frames": _frames(row, states, max(round(tick_rate), 1))}


def _frames(row: dict[str, Any], states: pl.DataFrame | None, step: int) -> Rows:
    if states is None:
        return []
    inside = states.filter(pl.col("tick").is_between(row["start_tick"], row["end_tick"])).select(
        "tick", "slot", "name", "side", "health", "x", "y", "z", "yaw"
    )
    second = (pl.col("tick") - row["start_tick"]) // step
    firsts = inside.group_by(second.alias("second")).agg(pl.col("tick").min())
    frames: dict[int, Rows] = {}
    for one in inside.join(firsts, on="tick", how="semi").sort("tick", "slot").iter_rows(named=True):
        frames.setdefault(one["tick"], []).append(
            {
                "name": one["name"] or "",
                "side": one["side"],
                "alive": (one["health"] or 0) > 0,
                "hp": one["health"] or 0,
                **{axis: round(one[axis] or 0.0, 1) for axis in ("x", "y", "z", "yaw")},
            }
        )
    return [{"tick": tick, "players": players} for tick, players in sorted(frames.items())]


def _events(subject: Subject, name: str, rounds: Rows, form: Callable[[dict[str, Any]], dict[str, Any]]) -> Rows:
    table = subject.table(name)
    if table is None or not rounds:
        return []
    starts = pl.DataFrame(
        [(row["start_tick"], row["end_tick"], row["number"]) for row in rounds],
        schema={"_start": pl.Int64, "_end": pl.Int64, "round_num": pl.Int64},
        orient="row",
    )
    placed = (
        table.with_columns(pl.col("tick").cast(pl.Int64))
        .sort("tick", maintain_order=True)
        .join_asof(starts.sort("_start"), left_on="tick", right_on="_start", check_sortedness=False)
        .filter(pl.col("tick") <= pl.col("_end"))
    )
    return [{"tick": row["tick"], "round_num": row["round_num"], **form(row)} for row in placed.iter_rows(named=True)]


def _who(row: dict[str, Any], role: str, prefix: str) -> dict[str, Any]:
    """``attacker_…`` of somebody in an awpy table; coordinates in capitals, as the viewer has them."""
    return {
        f"{role}_name": row.get(f"{prefix}name"),
        f"{role}_side": (row.get(f"{prefix}side") or "").lower() or None,
        **{f"{role}_{axis.upper()}": row.get(f"{prefix}{axis}") for axis in ("x", "y", "z")},
    }


def _kill(row: dict[str, Any]) -> dict[str, Any]:
    people = _who(row, "attacker", "attacker_") | _who(row, "victim", "victim_")
    return {**people, "weapon": row["weapon"], "headshot": bool(row["headshot"])}


def _damage(row: dict[str, Any]) -> dict[str, Any]:
    real = max((row["health_pre"] or 0) - (row["health_post"] or 0), 0)
    return {
        **_who(row, "attacker", "attacker_"),
        **_who(row, "victim", "victim_"),
        "weapon": row["weapon"],
        "dmg_health": row["dmg_health"],
        "dmg_health_real": real,
        "hitgroup": row["hitgroup"],
    }


def _shot(row: dict[str, Any]) -> dict[str, Any]:
    return {**_who(row, "player", ""), "weapon": row["weapon"], "yaw": row["yaw"]}


def _bomb(row: dict[str, Any]) -> dict[str, Any]:
    return {"event": BOMB.get(row["event"], row["event"]), "player_name": row["name"], "site": row["bombsite"]}
