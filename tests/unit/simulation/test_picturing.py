"""Asking for a picture in words."""

import pytest

from apps.simulation.picturing import NothingToShow, picture
from tests.unit.simulation.recordings import walking

RECORDING = walking(20)


@pytest.mark.parametrize("who", ["Player 2", "pLAYER 2", 2, "2"])
def test_a_player_is_found_by_name_or_slot(who: str | int) -> None:
    assert picture(RECORDING, 5, who, (320, 180)).size == (320, 180)


@pytest.mark.parametrize(
    ("tick", "who", "said"),
    [
        (0, 2, "no tick 0: the recording has 1 to 20"),
        (21, 2, "no tick 21"),
        (5, "nobody", r"'nobody' does not exist at tick 5; there are: Player 0 \(slot 0\), Player 1"),
        (5, 99, "99 does not exist"),
        (5, "", "does not exist"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(tick: int, who: str | int, said: str) -> None:
    with pytest.raises(NothingToShow, match=said):
        picture(RECORDING, tick, who)
