"""Small recordings built by hand, so that these tests need no file."""

from functools import lru_cache

from apps.simulation.recording import Moment, PlayerState, Recording, Rules, from_moments


def player(slot: int, side: str = "CT", health: int = 100, x: float = 0.0, **more: object) -> PlayerState:
    values: dict[str, object] = {
        "slot": slot,
        "name": f"Player {slot}",
        "side": side,
        "x": x,
        "y": 100.0 * slot,
        "z": 8.0,
        "yaw": 10.0 * slot,
        "pitch": 2.0,
        "health": health,
        "armor": 87,
        "has_helmet": True,
        "money": 2950,
        "active_weapon": "ak47",
        "inventory": ("knife", "glock", "ak47", "flashbang", "flashbang"),
        "clip": 27,
        "reserve": 90,
        "place": "TopofMid",
    }
    return PlayerState(**{**values, **more})  # type: ignore[arg-type]


@lru_cache
def walking(ticks: int = 640, dead: tuple[int, ...] = ()) -> Recording:
    """Two against two; everybody walks 4 units per tick along x. ``dead`` slots have no health."""
    return from_moments(
        [
            Moment(
                tick,
                {
                    slot: player(slot, "CT" if slot < 2 else "T", 0 if slot in dead else 100, x=4.0 * tick)
                    for slot in range(4)
                },
                Rules("live", 115 - tick / 64, 7, 11),
            )
            for tick in range(1, ticks + 1)
        ]
    )
