"""The tracks against what every player's two entities say, at every tick."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_tracks
from apps.simulation.demofile.comparing.recorded import PLACE_BYTES, Recorded, clean

ANGLE_STEP = 360.0 / 2**20  # view angles are written with 20 bits
POSITION_WITHIN, ANGLE_WITHIN = 1 / 512, 0.75 * ANGLE_STEP
_MONEY, _DEEDS, _ITEMS = "m_pInGameMoneyServices", "m_pActionTrackingServices", "m_pItemServices"
# field of the tracks → field of the entities
_EQUAL = {
    "team": "m_iTeamNum", "health": "m_iHealth", "armor": "m_ArmorValue", "has_helmet": f"{_ITEMS}.m_bHasHelmet",
    "has_defuser": f"{_ITEMS}.m_bHasDefuser", "money": f"{_MONEY}.m_iAccount",
    "cash_spent": f"{_MONEY}.m_iCashSpentThisRound", "equipment_value": "m_unCurrentEquipmentValue",
    "round_start_equipment_value": "m_unRoundStartEquipmentValue",
    "freeze_end_equipment_value": "m_unFreezetimeEndEquipmentValue", "vx": "m_vecVelocity.m_vecX",
    "vy": "m_vecVelocity.m_vecY", "vz": "m_vecVelocity.m_vecZ", "duck": "m_pMovementServices.m_flDuckAmount",
    "walking": "m_bIsWalking", "scoped": "m_bIsScoped", "defusing": "m_bIsDefusing", "in_bomb_zone": "m_bInBombZone",
    "in_buy_zone": "m_bInBuyZone", "flash_duration": "m_flFlashDuration", "kills": f"{_DEEDS}.m_iKills",
    "deaths": f"{_DEEDS}.m_iDeaths", "assists": f"{_DEEDS}.m_iAssists", "score": "m_iScore", "mvps": "m_iMVPs",
}  # fmt: skip
_DUCKED = "m_pMovementServices.m_bDucked"
_OTHER = ["m_hController", "m_fFlags", "m_bPawnIsAlive", "m_lifeState", _DUCKED, "m_szLastPlaceName", "X", "Y", "Z",
          "m_angEyeAngles", "m_pWeaponServices.m_hActiveWeapon", "m_iszPlayerName"]  # fmt: skip


def read(demo: Any) -> pl.DataFrame:
    """A row per tick and player, with the fields of both entities under their own names."""
    table: pl.DataFrame = demo.ticks([*_EQUAL.values(), *_OTHER])
    return table


def differences(recorded: Recorded, raw: pl.DataFrame, weapon_of: dict[int, int]) -> list[Difference]:
    """``raw`` is that of ``read``; ``weapon_of``: the id of the weapon behind a handle, as the recording has them."""
    if raw.is_empty():
        return (
            [] if not recorded.truth.tracks["connected"].any() else [Difference("players", None, "", "there", "none")]
        )
    tracks = recorded.truth.tracks.fields
    known, rows, columns = _placed(recorded, raw)
    strangers = raw.filter(~known).group_by("m_hController").agg(pl.col("tick").min()).sort("tick")
    out = [Difference("players", tick, f"slot {one - 1}", "absent", "there") for one, tick in strangers.iter_rows()]
    raw, grid = raw.filter(known), Grid(recorded, rows, columns)
    out += [*of_tracks("tracks.connected", recorded.ticks, recorded.labels, tracks["connected"],
                                       grid.here, tracks["connected"] != grid.here)]  # fmt: skip
    for field, name in _EQUAL.items():
        out += grid.compare(f"tracks.{field}", tracks[field], raw[name])
    out += grid.compare("tracks.on_ground", tracks["on_ground"], (raw["m_fFlags"].cast(pl.Int64) & 1) == 1)
    ducked = raw.select((pl.col("m_fFlags").cast(pl.Int64) & 2 == 2) & pl.col(_DUCKED).cast(pl.Boolean)).to_series()
    out += grid.compare("tracks.duck (crouched)", tracks["duck"] > 0.5, ducked)
    out += grid.compare("tracks.health (alive)", tracks["health"] > 0, raw["m_bPawnIsAlive"])
    out += grid.compare("tracks.health (life state)", tracks["health"] > 0, raw["m_lifeState"].cast(pl.Int64) == 0)
    for axis in "xyz":
        out += grid.compare(f"tracks.{axis}", tracks[axis], raw[axis.upper()], POSITION_WITHIN)
    angles = raw["m_angEyeAngles"].str.strip_chars("QAngle()").str.split(", ")
    for place, name in enumerate(("pitch", "yaw")):
        found = angles.list.get(place).cast(pl.Float64)
        out += grid.compare(f"tracks.{name}", tracks[name], found, ANGLE_WITHIN, turns=True)
    places = np.array([clean(place, PLACE_BYTES) for place in recorded.truth.places] or [""], object)
    out += grid.compare("tracks.place", places[tracks["place"]], raw["m_szLastPlaceName"].fill_null(""))
    active = raw["m_pWeaponServices.m_hActiveWeapon"].cast(pl.Int64)
    found = active.replace_strict(list(weapon_of), list(weapon_of.values()), default=-1, return_dtype=pl.Int64)
    out += grid.compare("tracks.active", tracks["active"], found)
    called = np.array([recorded.names[slot] for slot in recorded.slots], object)[None, :].repeat(len(grid.here), 0)
    out += grid.compare("participants.name", called, raw["m_iszPlayerName"].fill_null(""))
    ids = np.array([recorded.steamids[slot] for slot in recorded.slots], np.uint64)[None, :].repeat(len(grid.here), 0)
    return out + grid.compare("participants.steamid", ids, raw["steamid"])


class Grid:
    """Rows of players laid out as the tracks are: ticks × participants."""

    def __init__(self, recorded: Recorded, rows: np.ndarray, columns: np.ndarray) -> None:
        self.recorded, self.rows, self.columns = recorded, rows, columns
        self.here = np.zeros((len(recorded.ticks), len(recorded.slots)), np.bool_)
        self.here[rows, columns] = True

    def compare(
        self, field: str, expected: np.ndarray, found: pl.Series, within: float = 0.0, turns: bool = False
    ) -> list[Difference]:
        """``turns``: a whole turn more or less is the same."""
        kind = expected.dtype
        if kind == np.bool_:
            found = found.cast(pl.Boolean)
        values = found.to_numpy()
        wanted = expected[self.rows, self.columns]
        if kind.kind == "f":
            apart = np.abs(values.astype(np.float64) - wanted.astype(np.float64))
            if turns:
                apart = np.minimum(apart % 360.0, 360.0 - apart % 360.0)
            wrong = ~(apart <= within)
        else:
            wrong = values != wanted
        if not wrong.any():
            return []
        odd, laid = np.zeros(self.here.shape, np.bool_), np.empty(self.here.shape, object)
        odd[self.rows, self.columns], laid[self.rows, self.columns] = wrong, values
        return of_tracks(field, self.recorded.ticks, self.recorded.labels, expected.astype(object), laid, odd)


def _placed(recorded: Recorded, raw: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per row of ``raw`` whether the truth knows its tick and slot; and row and column of those it does."""
    ticks, slots = raw["tick"].to_numpy(), raw["m_hController"].cast(pl.Int64).to_numpy() - 1
    rows = np.minimum(np.searchsorted(recorded.ticks, ticks), len(recorded.ticks) - 1)
    column_of = np.full(max(64, int(slots.max(initial=0)) + 1), -1, np.int64)
    column_of[recorded.slots] = np.arange(len(recorded.slots))
    columns = column_of[slots]
    known = (columns >= 0) & (recorded.ticks[rows] == ticks)
    return known, rows[known], columns[known]
