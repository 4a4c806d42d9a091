"""What a player is told to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Go to a spot; once there look at ``watch`` (a point) or about.

    ``pace`` is "run", "walk" or "hold"; ``task`` is "" or "plant", "defuse", "hide", "fetch".
    """

    x: float = 0.0
    y: float = 0.0
    area: int = -1
    pace: str = "hold"
    task: str = ""
    watch: tuple[float, float, float] | None = None
