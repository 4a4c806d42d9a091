"""A cloud taken for another grenade's goes back to its own."""

from apps.simulation.records.clouds import told_apart
from apps.simulation.records.facts import Grenade


def thrown(*throws: tuple[int, int, int]) -> dict[int, Grenade]:
    """Smokes as (id, thrower, tick)."""
    return {id_: Grenade("smokegrenade", who, [(tick, 0.0, 0.0, 0.0)]) for id_, who, tick in throws}


def ids(smokes: list[tuple[int, int]], grenades: dict[int, Grenade]) -> list[int]:
    rows = told_apart([{"projectileId": id_, "tick": tick} for id_, tick in smokes], grenades)
    return [row["projectileId"] for row in rows]


def test_the_first_of_two_clouds_belongs_to_the_throw_before() -> None:
    grenades = thrown((1, 4, 50), (2, 4, 100), (3, 7, 110), (4, 4, 200))
    assert ids([(4, 220), (4, 400)], grenades) == [2, 4]


def test_where_nothing_fits_the_record_is_left_alone() -> None:
    assert ids([(4, 220), (4, 400)], thrown((4, 4, 200))) == [4, 4]
    assert ids([(1, 220), (4, 400)], thrown((1, 4, 100), (4, 4, 200))) == [1, 4]
    assert ids([(9, 220), (9, 400)], thrown((4, 4, 200))) == [9, 9]
