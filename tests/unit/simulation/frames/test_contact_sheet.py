"""The sheet of frames: a cell for every wish that some moment fits."""

from apps.simulation.contact_sheet import WISHES, sheet_of
from tests.unit.simulation.recordings import walking


def test_wishes_that_fit_are_drawn_and_the_others_left_grey() -> None:
    sheet = sheet_of([walking(100)])
    assert sheet.size == (4 * 480, 6 * 290)
    names = [wish.caption for wish in WISHES]
    assert len(names) == 24

    def cell(name: str) -> tuple[int, int, int, int]:
        column, row = names.index(name) % 4, names.index(name) // 4
        return (column * 480, row * 290, column * 480 + 480, row * 290 + 270)

    assert len(sheet.crop(cell("AK-47")).getcolors(10**6) or []) > 100
    assert len(sheet.crop(cell("defusing")).getcolors(10**6) or []) == 1
