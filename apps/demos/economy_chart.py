"""The economy chart's geometry: equipment at the end of freeze time, team 0 upwards, team 1 downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from apps.demos.selectors.match import Half, RoundView

GAP, LEFT, TOP, ARM, MIDDLE = 14, 58, 16, 120, 22  # pixels; ARM: longest bar, MIDDLE: round numbers
WIDE, NARROWEST, WIDEST, BETWEEN = 1110, 38, 60, 14  # all rounds, one round, the space between two
STEP = 10_000  # dollars between two lines
LETTERS = {"pistol": "P", "eco": "E", "force": "F", "full": "B"}


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    side: str
    title: str
    letter: str
    letter_y: int
    won: bool


@dataclass(frozen=True)
class Mark:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bars: list[Bar]
    numbers: list[Mark]
    lines: list[Mark]  # x is where they begin
    right: int
    bar_width: int

    @property
    def half_bar(self) -> int:
        return self.bar_width // 2


def chart(halves: Sequence[Half], names: tuple[str, str]) -> Chart | None:
    """The chart of the rounds that count; None where nobody's equipment is known."""
    rounds = [one for half in halves for one in half.rounds]
    highest = max((value for one in rounds for value in one.equipment if value is not None), default=0)
    if highest == 0:
        return None
    top = ceil(highest / STEP) * STEP
    slot = min(max((WIDE - GAP * len(halves)) // len(rounds), NARROWEST), WIDEST)
    width = slot - BETWEEN
    x, bars, numbers = LEFT, [], []
    for half in halves:
        for one in half.rounds:
            numbers.append(Mark(x + width // 2, TOP + ARM + MIDDLE // 2 + 4, str(one.row.number)))
            bars += [_bar(one, roster, x, top, names[roster]) for roster in (0, 1) if one.equipment[roster] is not None]
            x += slot
        x += GAP
    lines = [
        Mark(LEFT - 6, y, f"${value // 1000}k")
        for value in range(STEP * ceil(top / STEP / 3), top + 1, STEP * ceil(top / STEP / 3))
        for y in _levels(value, top)
    ]
    return Chart(x, 2 * (TOP + ARM) + MIDDLE, bars, numbers, lines, x - GAP, width)


def _levels(value: int, top: int) -> tuple[int, int]:
    length = round(ARM * value / top)
    return TOP + ARM - length, TOP + ARM + MIDDLE + length


def _bar(one: RoundView, roster: int, x: int, top: int, name: str) -> Bar:
    value = one.equipment[roster] or 0
    length = max(round(ARM * value / top), 2)
    y = TOP + ARM - length if roster == 0 else TOP + ARM + MIDDLE
    word = one.buys[roster]
    title = f"Round {one.row.number}, {name} ({one.sides[roster]}): ${value:,}{f', {word} buy' if word else ''}"
    won = one.winner == roster
    letter_y = y - 4 if roster == 0 else y + length + 12
    return Bar(x, y, length, one.sides[roster], title + (", won" if won else ""), LETTERS.get(word, ""), letter_y, won)
