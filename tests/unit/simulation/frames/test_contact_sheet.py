"""The sheet of frames: a cell for every wish that some moment fits."""

from apps.simulation.contact_sheet import WISHES, sheet_of
from tests.unit.simulation.recordings import walking


def test_wishes_that_fit_are_drawn_and_the_others_left_grey() -> None:
    assert len(WISHES) == len({wish.caption for wish in WISHES}) == 24
    few = tuple(wish for wish in WISHES if wish.caption in ("AK-47", "defusing"))
    sheet = sheet_of([walking(40)], few)
    assert sheet.size == (4 * 480, 290)
    assert len(sheet.crop((0, 0, 480, 270)).getcolors(10**6) or []) > 100
    assert len(sheet.crop((480, 0, 960, 270)).getcolors(10**6) or []) == 1
