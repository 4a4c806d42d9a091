"""Our words for what awpy says."""

import polars as pl

SIDES = {"counter-terrorist": "CT", "terrorist": "T", "CT": "CT", "T": "T"}
TEAM_NUMBERS = {2: "T", 3: "CT"}
# awpy's bomb events (3.1 writes "finish_plant"; earlier ones wrote the game's words) → what the bomb is afterwards.
BOMB_ENDS = {
    **dict.fromkeys(("finish_plant", "planted", "plant"), "planted"),
    **dict.fromkeys(("defuse", "defused"), "defused"),
    **dict.fromkeys(("explode", "exploded", "detonate", "detonated"), "exploded"),
}


def side(word: object) -> str:
    """ "CT", "T", or "" for coaches, the TV relay and everybody else without a side."""
    return SIDES.get(str(word), "")


def normalise_sides(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column called ``side`` or ``…_side`` in our words; unknown sides become null."""
    columns = [name for name in frame.columns if name == "side" or name.endswith("_side")]
    return frame.with_columns(
        pl.col(name).cast(pl.String).replace_strict(SIDES, default=None, return_dtype=pl.String) for name in columns
    )
