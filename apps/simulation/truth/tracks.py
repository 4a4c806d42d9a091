"""The 64 Hz state of everybody, as one array per field."""

from dataclasses import dataclass

import numpy as np

# One array of shape (ticks, participants) each. Units: world units, units a second, degrees, dollars, seconds.
TRACKS: dict[str, type[np.generic]] = {
    "connected": np.bool_,
    "team": np.uint8,  # Team
    "health": np.int16,  # 0 is dead
    "armor": np.int16,
    "has_helmet": np.bool_,
    "has_defuser": np.bool_,
    "money": np.int32,
    "cash_spent": np.int32,  # in this round
    "equipment_value": np.int32,  # now
    "round_start_equipment_value": np.int32,
    "freeze_end_equipment_value": np.int32,
    "x": np.float32,
    "y": np.float32,
    "z": np.float32,
    "vx": np.float32,
    "vy": np.float32,
    "vz": np.float32,
    "yaw": np.float32,  # −180 … 180, 0 along +x
    "pitch": np.float32,  # −89 … 89, down is positive
    "duck": np.float32,  # 0 standing … 1 crouched
    "on_ground": np.bool_,
    "walking": np.bool_,
    "scoped": np.bool_,
    "defusing": np.bool_,
    "in_bomb_zone": np.bool_,
    "in_buy_zone": np.bool_,
    "flash_duration": np.float32,  # set at the flash, stays until the next one or the next spawn
    "place": np.int16,  # into MatchTruth.places
    "active": np.int32,  # id of the weapon in hand (table weapons), −1 without
    "kills": np.int16,
    "deaths": np.int16,
    "assists": np.int16,
    "score": np.int16,
    "mvps": np.int16,
}
NOTHING = {"active": -1}


@dataclass
class Tracks:
    """``ticks`` rises strictly but may have gaps; every array of ``TRACKS`` has shape (len(ticks), players)."""

    ticks: np.ndarray
    fields: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        """Raises ValueError for a missing field, a wrong type or a wrong shape."""
        if self.fields.keys() != TRACKS.keys():
            raise ValueError(f"wrong fields: {sorted(self.fields.keys() ^ TRACKS.keys())}")
        shape = (len(self.ticks), self.players)
        for name, kind in TRACKS.items():
            array = self.fields[name]
            if array.shape != shape or array.dtype != np.dtype(kind):
                raise ValueError(f"{name} is {array.dtype}{array.shape}, not {np.dtype(kind)}{shape}")

    def __getitem__(self, name: str) -> np.ndarray:
        return self.fields[name]

    @property
    def players(self) -> int:
        return int(self.fields["health"].shape[1])

    def row(self, tick: int) -> int:
        """The row in force at ``tick``: the last one not after it (the first before all)."""
        return max(0, int(np.searchsorted(self.ticks, tick, side="right")) - 1)


def blank(ticks: np.ndarray, players: int) -> Tracks:
    """Tracks of nobody yet: zeros, and no weapon in hand."""
    shape = (len(ticks), players)
    return Tracks(
        ticks.astype(np.int32), {name: np.full(shape, NOTHING.get(name, 0), kind) for name, kind in TRACKS.items()}
    )
