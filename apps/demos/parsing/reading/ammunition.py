"""The rounds in the magazine of the weapon in hand, from what is told of them now and then.

Decoding every weapon of every tick of a match would cost more than all the rest. A shot tells what is left, a whole
state (once a minute) what there is, a bought weapon is full, a reload fills it after its time, and a round's start
fills what survivors carry. In between a magazine does not change. Where nothing was told yet (a weapon taken from the
ground and not fired so far) the next shot tells what was there before; without one the clip stays null, as does the
reserve.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

EVENTS = ("weapon_reload",)
WEAPONS = ("active_weapon", "primary_weapon", "secondary_weapon")
HANDLE_INDEX = 0x3FFF
BOUGHT_WITHIN = 16  # ticks between a purchase and the weapon's appearance
SPAWNED_WITHIN = 64  # ticks after a round's start in which what appears was given out
# Rounds in a full magazine and seconds to change it, by the game's weapon scripts; None: filled shell by shell.
MAGAZINES: Mapping[str, tuple[int, float | None]] = {
    "glock": (20, 2.27), "usp_silencer": (12, 2.17), "hkp2000": (13, 2.27), "p250": (13, 2.27), "elite": (30, 3.77),
    "fiveseven": (20, 2.27), "tec9": (18, 2.5), "cz75a": (12, 2.83), "deagle": (7, 2.2), "revolver": (8, 2.27),
    "mac10": (30, 2.57), "mp9": (30, 2.13), "mp7": (30, 3.13), "mp5sd": (30, 2.97), "ump45": (25, 3.5),
    "p90": (50, 3.37), "bizon": (64, 2.43), "galilar": (35, 3.03), "famas": (25, 3.33), "ak47": (30, 2.43),
    "m4a1": (30, 3.07), "m4a1_silencer": (20, 3.07), "sg556": (30, 2.77), "aug": (30, 3.77), "ssg08": (10, 3.7),
    "awp": (5, 3.67), "scar20": (20, 3.07), "g3sg1": (20, 4.67), "nova": (8, None), "xm1014": (7, None),
    "sawedoff": (7, None), "mag7": (5, 2.47), "m249": (100, 5.7), "negev": (150, 5.7),
}  # fmt: skip
# In this order on one tick.
FILLED, CAME, FULL, WENT, RELOAD, SHOT, SEEN = range(7)

Told = tuple[int, int, int]  # tick, what, rounds left
Weapon = tuple[int, str]  # slot, item


def fill(
    states: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    raw: Mapping[str, pl.DataFrame],
    keyframes: pl.DataFrame | None,
    *,
    tick_rate: float = 64.0,
) -> pl.DataFrame:
    """``states``, sorted by tick, with ``clip``.

    ``raw`` may hold the game events ``round_start`` and ``weapon_reload``; ``tables`` shots and item_events with slots.
    """
    starts = sorted(raw["round_start"]["tick"].to_list()) if "round_start" in raw else []
    told: dict[Weapon, list[Told]] = defaultdict(list)
    by_slot = states.select("slot", "tick", *WEAPONS).sort("slot", maintain_order=True)
    in_hand = _changes(by_slot, "active_weapon")
    for slot, item, tick, what, left in (
        *_held(by_slot, starts, _purchases(tables.get("item_events"))),
        *_shots(tables.get("shots")),
        *_reloads(raw.get("weapon_reload"), in_hand),
        *_seen(keyframes, in_hand),
    ):
        if item in MAGAZINES:
            told[slot, item].append((tick, what, left))
    known = [
        (slot, item, tick, left)
        for (slot, item), facts in told.items()
        for tick, left in _Magazine(item, tick_rate, in_hand.get(slot, [])).follow(sorted(facts))
    ]
    schema = {"slot": pl.Int16, "active_weapon": pl.String, "tick": pl.Int32, "_clip": pl.Int32}
    changes = pl.DataFrame(known, schema=schema, orient="row").sort("tick", maintain_order=True)
    changes = changes.unique(["slot", "active_weapon", "tick"], keep="last", maintain_order=True)
    joined = states.join_asof(changes, on="tick", by=["slot", "active_weapon"], check_sortedness=False)
    return joined.with_columns(clip=pl.col("_clip")).drop("_clip")


@dataclass
class _Magazine:
    """Follows one weapon of one player through everything that is told of it."""

    item: str
    tick_rate: float
    hands: list[tuple[int, str | None]]  # what the player has in hand from a tick on
    left: int | None = None
    since: int | None = None  # the tick from which on nothing is known
    reload: int | None = None  # when one was begun
    found: list[tuple[int, int | None]] = field(default_factory=list)

    def follow(self, facts: Iterable[Told]) -> list[tuple[int, int | None]]:
        """Tick and rounds from then on; None where that is not known."""
        full = MAGAZINES[self.item][0]
        last = 0
        for tick, what, left in facts:
            last = tick
            if what in (SHOT, SEEN):
                self._tell(tick, left, left + 1 if what == SHOT else left)
            elif what == RELOAD:
                self._end_reload(tick)
                self.reload = tick
            else:
                self._end_reload(tick)
                self._set(tick, full if what in (FILLED, FULL) else None)
                self.since = tick if what == CAME else None
        self._end_reload(last + 2**20)
        return self.found

    def _set(self, tick: int, left: int | None) -> None:
        self.left, self.since = left, None
        self.found.append((tick, left))

    def _tell(self, tick: int, now: int, before: int) -> None:
        """``now`` rounds are left at ``tick``, ``before`` up to then."""
        if self.reload is not None:
            grown = self.left is None or before > self.left
            if grown and self.reload < tick:
                done = self._done(self.reload)
                self._set(min(tick, done) if done is not None else tick, before)
            self.reload = None
        elif self.since is not None:
            self._set(self.since, before)
        self._set(tick, now)

    def _end_reload(self, tick: int) -> None:
        """A reload of which no shot told how it ended: it did where the weapon stayed in hand until its time."""
        if self.reload is None:
            return
        done = self._done(self.reload)
        if done is None:
            self._set(self.reload, None)
        elif done < tick and not any(self.reload < at < done and item != self.item for at, item in self.hands):
            self._set(done, MAGAZINES[self.item][0])
        self.reload = None

    def _done(self, begun: int) -> int | None:
        seconds = MAGAZINES[self.item][1]
        return None if seconds is None else begun + round(seconds * self.tick_rate)


def _changes(rows: pl.DataFrame, column: str) -> dict[int, list[tuple[int, str | None]]]:
    """By slot: from which tick on ``column`` had which value; ``rows`` by slot and tick."""
    new = (pl.col(column).ne_missing(pl.col(column).shift(1)) | (pl.col("slot") != pl.col("slot").shift(1))).fill_null(
        value=True
    )
    found: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for slot, tick, value in rows.filter(new).select("slot", "tick", column).iter_rows():
        found[slot].append((tick, value))
    return found


def _held(
    rows: pl.DataFrame, starts: list[int], bought: set[tuple[int, str, int]]
) -> Iterator[tuple[int, str, int, int, int]]:
    """When weapons came into whose possession, and went; and who had what at a round's start."""
    first = int(str(rows["tick"].min())) if rows.height else 0
    for column in ("primary_weapon", "secondary_weapon"):
        for slot, changes in _changes(rows, column).items():
            ends = [tick for tick, _ in changes[1:]] + [2**31]
            for (tick, item), end in zip(changes, ends, strict=True):
                if item is None:
                    continue
                given = any(start <= tick <= start + SPAWNED_WITHIN for start in starts)
                new = given or any((slot, item, near) in bought for near in range(tick - BOUGHT_WITHIN, tick + 2))
                yield slot, item, tick, FULL if new and tick > first else CAME, 0
                if end < 2**31:
                    yield slot, item, end, WENT, 0
                for start in starts:
                    if tick < start < end:
                        yield slot, item, start, FILLED, 0


def _purchases(table: pl.DataFrame | None) -> set[tuple[int, str, int]]:
    if table is None or "slot" not in table.columns:
        return set()
    rows = table.filter(pl.col("action") == "purchase").select("slot", pl.col("item").cast(pl.String), "tick")
    return set(rows.drop_nulls().iter_rows())


def _shots(table: pl.DataFrame | None) -> Iterator[tuple[int, str, int, int, int]]:
    if table is None or not {"slot", "num_bullets_remaining"} <= set(table.columns):
        return
    rows = table.select("slot", pl.col("weapon").cast(pl.String).str.strip_prefix("weapon_"), "tick",
                        "num_bullets_remaining")  # fmt: skip
    for slot, item, tick, left in rows.drop_nulls().iter_rows():
        yield slot, item, tick, SHOT, left


def _reloads(
    table: pl.DataFrame | None, in_hand: Mapping[int, list[tuple[int, str | None]]]
) -> Iterator[tuple[int, str, int, int, int]]:
    if table is None or "userid" not in table.columns:
        return
    rows = table.select("tick", pl.col("userid").cast(pl.Int64, strict=False) & 0xFF)
    for tick, slot in rows.drop_nulls().iter_rows():
        item = _value(in_hand.get(slot, []), tick)
        if item:
            yield slot, item, tick, RELOAD, 0


def _seen(
    keyframes: pl.DataFrame | None, in_hand: Mapping[int, list[tuple[int, str | None]]]
) -> Iterator[tuple[int, str, int, int, int]]:
    """The magazine of what is in hand, wherever all entities were read."""
    active = "m_pWeaponServices.m_hActiveWeapon"
    if keyframes is None or not {"m_iClip1", "m_hController", active, "entity_id"} <= set(keyframes.columns):
        return
    clips = keyframes.filter(pl.col("m_iClip1").is_not_null(), pl.col("m_iClip1") >= 0).select(
        "tick", pl.col("entity_id").cast(pl.Int64).alias("_weapon"), pl.col("m_iClip1").alias("_left")
    )
    pawns = keyframes.filter(pl.col("m_hController").is_not_null(), pl.col(active).is_not_null()).select(
        "tick",
        ((pl.col("m_hController").cast(pl.Int64) & HANDLE_INDEX) - 1).alias("_slot"),
        (pl.col(active).cast(pl.Int64) & HANDLE_INDEX).alias("_weapon"),
    )
    rows = pawns.join(clips, on=["tick", "_weapon"]).select("tick", "_slot", "_left").unique(["tick", "_slot"])
    for tick, slot, left in rows.sort("tick", "_slot").iter_rows():
        item = _value(in_hand.get(slot, []), tick)
        if item:
            yield slot, item, tick, SEEN, left


def _value(changes: list[tuple[int, str | None]], tick: int) -> str | None:
    """What holds at ``tick``."""
    found = None
    for since, value in changes:
        if since > tick:
            break
        found = value
    return found
