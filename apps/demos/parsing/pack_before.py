"""What the 2D viewer needs of one round, as small arrays: frames at 16 Hz, one list per value and player."""

from typing import Any

import polars as pl

from apps.demos.parsing.items import hud_name

FRAMES_PER_SECOND = 16
CELL = 64  # side of a cell of the walked area, in game units
MAX_CELLS = 20_000
FLAGS = (("has_helmet", 1), ("has_defuser", 2), ("has_bomb", 4), ("is_scoped", 8))


def frame_ticks(ticks: pl.Series, tick_rate: float) -> list[int]:
    """The ticks to show: about ``FRAMES_PER_SECOND`` a second, always the first and the last; works for recordings that
    hold only every n-th tick too."""
    known = ticks.unique().sort()
    if known.is_empty():
        return []
    step = max(1, round(tick_rate / FRAMES_PER_SECOND))
    first = int(known[0])
    frame = ((pl.col("tick") - first) // step).alias("frame")
    shown = known.to_frame("tick").group_by(frame).agg(pl.col("tick").min())["tick"]
    return sorted({*(int(tick) for tick in shown), int(known[-1])})


def build(
    states: pl.DataFrame, rules: pl.DataFrame, walked: pl.DataFrame, kills: pl.DataFrame | None, *, tick_rate: float
) -> dict[str, Any]:
    """The pack of the rounds' ticks in ``states``.

    Args:
        states: player states of the round (``states.SCHEMA``).
        rules: rules rows of the same ticks.
        walked: columns x, y of every position of the recording: the ground the map is drawn from.
        kills: kills of the recording with slots, or None.

    Returns:
        ``ticks`` [n]; ``players`` [p] (slot, name, side, bot); lists [p][n], null where the player is absent: ``x``,
        ``y``, ``z`` (game units), ``yaw`` (degrees), ``health``, ``armor``, ``money``, ``weapon`` (index into
        ``weapons``: HUD names, −1 for none), ``flags`` (1 helmet, 2 defuser, 4 bomb, 8 scoped); ``phase``,
        ``clock`` (s), ``score``, ``bomb`` [n]; ``bounds`` [x0, y0, x1, y1]; ``walked``: x, y of every visited cell
        of ``cell`` units, flat; ``kills``.
    """
    ticks = frame_ticks(states["tick"], tick_rate)
    frames = pl.DataFrame({"tick": ticks}, schema={"tick": pl.Int32})
    shown = states.join(frames, on="tick", how="semi")
    weapons = sorted(set(shown["active_weapon"].drop_nulls().to_list()))
    players = (
        shown.sort("tick").group_by("slot").agg(pl.col("name", "side").last(), pl.col("steamid").max()).sort("slot")
    )
    values = _values(shown, weapons)
    columns: dict[str, list[list[Any]]] = {name: [] for name in values.columns if name not in ("tick", "slot")}
    for slot in players["slot"].to_list():
        mine = frames.join(values.filter(pl.col("slot") == slot), on="tick", how="left").sort("tick")
        for name, lists in columns.items():
            lists.append(mine[name].to_list())
    ground = walked.select(pl.col("x").floordiv(CELL).cast(pl.Int32), pl.col("y").floordiv(CELL).cast(pl.Int32))
    cells = ground.drop_nulls().unique().sort("x", "y").head(MAX_CELLS)
    return {
        "tick_rate": tick_rate,
        "ticks": ticks,
        "players": [
            {"slot": row["slot"], "name": row["name"], "side": row["side"], "bot": row["steamid"] == 0}
            for row in players.iter_rows(named=True)
        ],
        "weapons": [hud_name(name) or name for name in weapons],
        **columns,
        **_game(frames, rules),
        "cell": CELL,
        "walked": [number for cell in cells.iter_rows() for number in cell],
        "bounds": _bounds(walked),
        "kills": _kills(kills, ticks),
    }


def _values(shown: pl.DataFrame, weapons: list[str]) -> pl.DataFrame:
    index = {name: number for number, name in enumerate(weapons)}
    flags = pl.sum_horizontal(pl.col(name).fill_null(value=False).cast(pl.Int32) * bit for name, bit in FLAGS)
    return shown.select(
        "tick",
        "slot",
        *(pl.col(name).round().cast(pl.Int32) for name in ("x", "y", "z", "yaw")),
        *(pl.col(name).cast(pl.Int32) for name in ("health", "armor", "money")),
        pl.col("active_weapon").replace_strict(index, default=-1, return_dtype=pl.Int32).alias("weapon"),
        flags.alias("flags"),
    )


def _game(frames: pl.DataFrame, rules: pl.DataFrame) -> dict[str, list[Any]]:
    game = frames.join(rules.unique("tick", keep="first"), on="tick", how="left").sort("tick")
    return {
        "phase": game["phase"].to_list(),
        "clock": game["clock_s"].round(1).to_list(),
        "score": [list(pair) for pair in zip(game["score_ct"].to_list(), game["score_t"].to_list(), strict=True)],
        "bomb": game["bomb_status"].to_list(),
    }


def _bounds(walked: pl.DataFrame) -> list[int]:
    clean = walked.select("x", "y").drop_nulls()
    if clean.is_empty():
        return [-1024, -1024, 1024, 1024]
    low, high = clean.min().row(0), clean.max().row(0)
    return [int(low[0]) - CELL, int(low[1]) - CELL, int(high[0]) + CELL, int(high[1]) + CELL]


def _kills(kills: pl.DataFrame | None, ticks: list[int]) -> list[dict[str, Any]]:
    if kills is None or not ticks:
        return []
    inside = kills.filter(pl.col("tick").is_between(ticks[0], ticks[-1])).sort("tick")
    names = ("tick", "attacker_name", "attacker_side", "victim_name", "victim_side", "weapon", "headshot")
    rows = inside.select(name for name in names if name in inside.columns).to_dicts()
    return [{**row, "weapon": hud_name(row.get("weapon")) or row.get("weapon")} for row in rows]
