"""The rounds in the magazine, which the file tells, and those beside it, which follow from how magazines were filled.

awpy reads no array element by name, and the reserve is one. A new weapon comes with all it can hold; what a reload adds
to the magazine is missing from the reserve; when a round starts, survivors' weapons are filled up. Where the weapon's
beginning is not in the recording, the reserve stays unknown until the next round starts.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import polars as pl

from apps.simulation.match.armoury import WEAPONS, Weapon

_REFILL = 64  # ticks after a round's start in which a fuller magazine is no reload: none is that fast
_FOREVER = 2**31 - 1
_PART = 1_000_000  # rows
_ONE_BY_ONE = ("nova", "xm1014", "sawedoff")
_WEAPON = ("entity", "serial")
_Row = tuple[int, int, int, int]  # tick, entity, serial, clip


def with_ammunition(players: pl.DataFrame, changes: pl.DataFrame, round_starts: list[int]) -> pl.DataFrame:
    """``players`` (with ``weapon_entity``) with ``clip`` and ``reserve`` of the weapon in hand, null where unknown.

    ``changes`` are those of ``clip_changes``.
    """
    if changes.is_empty():
        return players
    hands = players.select("tick", pl.col("weapon_entity").alias("entity"), pl.col("active_weapon").alias("item"))
    next_in_hand = changes.join_asof(
        hands.drop_nulls(), on="tick", by="entity", strategy="forward", check_sortedness=False
    )
    rows = zip(changes.iter_rows(), next_in_hand["item"].cast(pl.String), strict=True)
    schema = {"tick": pl.Int32, "weapon_entity": pl.Int16, "clip": pl.Int16, "reserve": pl.Int16}
    told = _told(rows, round_starts, int(players["tick"][0]))
    table = pl.DataFrame(list(told), schema=schema, orient="row").sort("tick", maintain_order=True)
    return players.join_asof(table, on="tick", by="weapon_entity", check_sortedness=False)


def clip_changes(demo: Any) -> pl.DataFrame:
    """Every weapon that comes, and every shot and reload, by weapon; no row where awpy cannot follow the entities.

    A whole match has ten million rows here, nearly all of which say nothing new: they are thinned out part by part.
    """
    try:
        raw: pl.DataFrame = demo.ticks(["m_iClip1"], players_only=False)
    except Exception:  # awpy's own errors share no base class; the HUD then leaves these fields blank
        return pl.DataFrame()
    parts = [
        _news(
            raw.slice(start, _PART)
            .filter(pl.col("m_iClip1").is_not_null())
            .select(
                pl.col("tick").cast(pl.Int32),
                pl.col("entity_id").cast(pl.Int16).alias("entity"),
                pl.col("entity_serial").cast(pl.Int32).alias("serial"),
                pl.col("m_iClip1").cast(pl.Int16, strict=False).alias("clip"),
            )
        )
        for start in range(0, max(1, raw.height), _PART)
    ]
    return _news(pl.concat(parts))


def _news(table: pl.DataFrame) -> pl.DataFrame:
    """By weapon, only the rows in which the magazine differs from the one before."""
    table = table.sort(*_WEAPON, "tick")
    new = pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in (*_WEAPON, "clip")).fill_null(True)
    return table.filter(new)


def _told(
    rows: Iterable[tuple[_Row, str | None]], round_starts: list[int], first: int
) -> Iterator[tuple[int, int, int | None, int | None]]:
    """Tick, entity, clip and reserve at every change, and wherever a round's start fills a reserve up again."""
    weapons = [list(changes) for _, changes in groupby(rows, key=lambda row: row[0][1:3])]
    for changes, following in zip(weapons, [*weapons[1:], None], strict=True):
        (came, entity, _, _), item = changes[0]
        reused = following is not None and following[0][0][1] == entity
        until = following[0][0][0] if reused and following is not None else _FOREVER
        filled = [(tick, None) for tick in round_starts if came <= tick < until]
        clips = [(tick, clip) for (tick, _, _, clip), _ in changes]
        gun = WEAPONS.get(item or "")
        if gun is None or not gun.clip:
            yield came, entity, None, None  # a knife, a grenade, the bomb
            continue
        merged = sorted([*clips, *filled], key=lambda change: change[0])
        for tick, clip, reserve in _levels(merged, gun, came > first):
            yield tick, entity, clip, reserve


def _levels(changes: list[tuple[int, int | None]], gun: Weapon, whole: bool) -> Iterator[tuple[int, int, int | None]]:
    """One weapon's tick, clip and reserve; a change without a clip is a round's start. ``whole``: its beginning is
    known."""
    clip, since = changes[0][1] or 0, -_FOREVER
    reserve = gun.reserve if whole else None
    for tick, now in changes:
        if now is None:
            since, same, reserve = tick, reserve == gun.reserve, gun.reserve
            if same:
                continue
        else:
            if reserve is not None and now > clip and tick > since + _REFILL:
                # A magazine is changed whole: what it lacks at once was shot since.
                added = now - clip if gun.item in _ONE_BY_ONE else max(now, gun.clip) - clip
                reserve = max(0, reserve - added)
            clip = now
        yield tick, clip, reserve
