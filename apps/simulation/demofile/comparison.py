"""Does a recording say what the truth says? Read by awpy, compared field by field and tick by tick."""

from pathlib import Path

import awpy  # type: ignore[import-untyped]

from apps.simulation.demofile.comparing import grenades, people, rules, whole
from apps.simulation.demofile.comparing.differences import Difference, few
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.comparing.weapons import Weapons
from apps.simulation.truth.match import MatchTruth

__all__ = ["Difference", "compare"]


def compare(truth: MatchTruth, path: Path, most: int = 20) -> list[Difference]:
    """Everything in which the recording differs from the truth; empty where it does not.

    Discrete fields must be equal; positions may be 1/512 of a unit apart, view angles the 20 bits they are written
    with. Of one field at most ``most`` differences are listed, and then how many more there are. What is not compared
    is in ``NOT_COMPARABLE``.

    Raises:
        OSError: there is no such file.
        awpy.InvalidDemoError: awpy does not take it for a recording.
    """
    demo = awpy.Demo(path)
    recorded = Recorded(truth)
    weapons = Weapons(recorded, demo)
    found = [
        *whole.of_header(recorded, demo),
        *whole.of_convars(recorded, demo),
        *whole.of_players(recorded, demo),
        *rules.of_rules(recorded, demo),
        *people.differences(recorded, demo, weapons.weapon_of),
        *weapons.differences(),
        *grenades.of_projectiles(recorded, demo),
        *grenades.of_fires(recorded, demo),
        *rules.of_plants(recorded, demo),
    ]
    return few(found, most)
