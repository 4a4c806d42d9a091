"""The reserve, from nothing but how full the magazines were."""

import polars as pl

from apps.simulation.reading_ammunition import clip_changes, with_ammunition

ROUND_STARTS = [1000, 5000]


class Demo:
    """The one table that is asked for."""

    def __init__(self, rows: list[tuple[int, int, int, int]]) -> None:
        self.rows = rows

    def ticks(self, names: list[str], players_only: bool) -> pl.DataFrame:
        columns = ("tick", "entity_id", "entity_serial", "class_name", "m_iClip1")
        rows = [(tick, entity, serial, "CWeapon", clip) for tick, entity, serial, clip in self.rows]
        return pl.DataFrame(rows, schema=list(columns), orient="row")


def shown(item: str, *rows: tuple[int, int, int, int], last: int = 6000) -> dict[int, tuple[int | None, int | None]]:
    """Clip and reserve at every hundredth tick of somebody who holds entity 70, an ``item``, all the time."""
    ticks = list(range(0, last + 1, 100))
    players = pl.DataFrame({"tick": ticks, "weapon_entity": [70] * len(ticks), "active_weapon": [item] * len(ticks)})
    players = players.cast({"tick": pl.Int32, "weapon_entity": pl.Int16})
    told = with_ammunition(players, clip_changes(Demo(list(rows))), ROUND_STARTS)
    return {tick: (clip, reserve) for tick, clip, reserve in told.select("tick", "clip", "reserve").iter_rows()}


def test_a_reload_is_taken_from_the_reserve_and_a_round_fills_up() -> None:
    seen = shown("ak47", (1100, 70, 1, 30), (1200, 70, 1, 12), (1400, 70, 1, 30), (5000, 70, 1, 30))
    assert seen[1000] == (None, None)
    assert seen[1300] == (12, 90)
    assert seen[1500] == (30, 72)
    assert seen[5100] == (30, 90)


def test_a_shot_in_the_tick_of_the_reload_is_not_added_to_the_reserve() -> None:
    assert shown("ak47", (1100, 70, 1, 30), (1200, 70, 1, 0), (1400, 70, 1, 29))[1500] == (29, 60)


def test_shells_go_in_one_by_one() -> None:
    rows = [(1100, 70, 1, 8), (1200, 70, 1, 4), (1300, 70, 1, 5), (1400, 70, 1, 6)]
    assert shown("nova", *rows)[1500] == (6, 30)


def test_a_fuller_magazine_at_the_rounds_start_is_no_reload() -> None:
    assert shown("glock", (1100, 70, 1, 20), (1200, 70, 1, 3), (5004, 70, 1, 20))[5100] == (20, 120)


def test_what_was_there_from_the_first_tick_on_is_known_from_the_next_round() -> None:
    seen = shown("deagle", (0, 70, 1, 7), (500, 70, 1, 2))
    assert (seen[600], seen[1000]) == ((2, None), (2, 35))


def test_another_weapon_under_the_same_number_is_another_weapon() -> None:
    seen = shown("p250", (1100, 70, 1, 13), (1200, 70, 1, 1), (1300, 70, 1, 13), (2000, 70, 2, 13))
    assert (seen[1500], seen[2000], seen[5500]) == ((13, 14), (13, 26), (13, 26))


def test_what_has_no_magazine_shows_none() -> None:
    assert shown("smokegrenade", (1100, 70, 1, -1))[1500] == (None, None)


def test_a_file_whose_entities_cannot_be_followed_tells_nothing() -> None:
    class Refusing:
        def ticks(self, names: list[str], players_only: bool) -> pl.DataFrame:
            raise RuntimeError("unknown serializer")

    assert clip_changes(Refusing()).is_empty()
