"""The tables ``weapons``, ``holders`` and ``ammunition`` against the weapons' entities, at every tick."""

from typing import Any

import polars as pl

from apps.simulation.demofile.comparing.differences import Difference
from apps.simulation.demofile.comparing.entities import CELLS, SPOT, changes, differences, origin, read, slot_of
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.schema import WEAPONS

_ITEM = "m_AttributeManager.m_Item.m_iItemDefinitionIndex"
_XUID = ("m_OriginalOwnerXuidLow", "m_OriginalOwnerXuidHigh")
_FIELDS = ["m_hOwnerEntity", "m_iClip1", _ITEM, *_XUID, *CELLS]
_CLASSES = sorted({name for name, _ in WEAPONS.values()})


def weapons_in(demo: Any) -> pl.DataFrame:
    return changes(read(demo, _FIELDS), _CLASSES, _FIELDS)


class Weapons:
    """``weapon_of``: the truth's ids by the recording's handles."""

    def __init__(self, recorded: Recorded, found: pl.DataFrame) -> None:
        """``found`` is that of ``weapons_in``."""
        self.recorded, self.found = recorded, found
        self.lives = recorded.shown("weapons")
        handles = self.found.unique("nth", keep="first", maintain_order=True)["handle"].to_list()
        self.weapon_of: dict[int, int] = dict(zip(handles, self.lives["id"].to_list(), strict=False))

    def differences(self) -> list[Difference]:
        lives = self.lives.with_columns(thing=pl.format("{} {}", "item", "id"))
        known = {item: f"{name} {number}" for item, (name, number) in WEAPONS.items()}
        xuids = {**self.recorded.steamids, -1: 0}
        constant = lives.select(
            "id", "thing", "from_tick", "to_tick",
            item=pl.col("item").replace_strict(known, default="unknown"),
            original_owner=pl.col("original_owner").replace_strict(xuids, default=0, return_dtype=pl.UInt64),
        )  # fmt: skip
        states = self._states().join(constant, on="id", maintain_order="left").with_columns(there=True)
        inside = (pl.col("tick") >= pl.col("from_tick")) & (
            pl.col("to_tick").is_null() | (pl.col("tick") < pl.col("to_tick"))
        )
        states = states.filter(inside)
        ends = states.unique("id", keep="last", maintain_order=True).filter(pl.col("to_tick").is_not_null())
        states = pl.concat([states, ends.with_columns(tick="to_tick", there=False)])
        columns = ["thing", "tick", "there", "item", "original_owner", "owner", "clip", *SPOT]
        found = self.found.with_columns(
            item=pl.format("{} {}", "class_name", pl.col(_ITEM)),
            original_owner=pl.col(_XUID[0]).cast(pl.UInt64) + pl.col(_XUID[1]).cast(pl.UInt64) * 2**32,
            owner=slot_of("m_hOwnerEntity"),
            clip=pl.col("m_iClip1").cast(pl.Int16),
            **origin(),
        )
        return differences("weapons", lives["thing"].to_list(), states.select(columns), found)

    def _states(self) -> pl.DataFrame:
        """Owner, magazine and place by ``id`` and ``tick``; what a row does not say stays as it was."""
        unknown = {"owner": pl.Int16, "clip": pl.Int16, **SPOT}
        born = self.lives.select("id", tick="from_tick", owner=pl.lit(-1, pl.Int16), clip=pl.lit(0, pl.Int16))
        people = list(self.recorded.columns)
        owner = pl.when(pl.col("owner").is_in(people)).then(pl.col("owner")).otherwise(-1).cast(pl.Int16)
        owners = self.recorded.shown("holders").with_columns(owner)
        tables = [born, owners, self.recorded.shown("ammunition").drop("reserve")]
        whole = [
            table.with_columns(
                pl.lit(None, kind).alias(name) for name, kind in unknown.items() if name not in table.columns
            )
            for table in tables
        ]
        rows = pl.concat([table.select("id", "tick", *unknown) for table in whole]).sort("tick", maintain_order=True)
        return rows.with_columns(pl.col(*unknown).forward_fill().over("id"))
