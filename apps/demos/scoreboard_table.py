"""The columns of the scoreboard: what is shown of a player's statistics, and what sorts them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """``sort`` gives the number a column is sorted by, ``text`` what stands there, ``more`` a line on hovering."""

    label: str
    title: str
    sort: Callable[[Figures], float]
    text: Callable[[Figures], str]
    more: Callable[[Figures], str] = lambda _: ""


@dataclass(frozen=True)
class Cell:
    text: str
    sort: float
    more: str = ""


def _count(label: str, title: str, name: str) -> Column:
    return Column(label, title, lambda of: of[name], lambda of: str(of[name]))


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _multikills(of: Figures) -> int:
    return sum(int(of[f"multikill_{size}k"]) for size in (2, 3, 4, 5))


COLUMNS: tuple[Column, ...] = (
    _count("K", "Kills", "kills"),
    _count("A", "Assists, flash assists among them", "assists"),
    _count("D", "Deaths", "deaths"),
    Column("+/−", "Kills minus deaths", lambda of: of["plus_minus"], lambda of: _signed(of["plus_minus"])),
    Column("ADR", "Damage per round", lambda of: of["adr"], lambda of: f"{of['adr']:.1f}"),
    Column(
        "KAST",
        "Rounds with a kill, an assist, survived or traded",
        lambda of: of["kast"],
        lambda of: f"{of['kast']:.0f}%",
    ),
    Column("HS", "Kills by a shot at the head", lambda of: of["headshot_pct"], lambda of: f"{of['headshot_pct']:.0f}%"),
    Column(
        "Openings",
        "First kill and first death of a round: won–lost",
        lambda of: of["opening_kills"] - of["opening_deaths"],
        lambda of: f"{of['opening_kills']}–{of['opening_deaths']}",
    ),
    Column(
        "Trades",
        "Deaths avenged by a teammate within 5.25 s",
        lambda of: of["traded_deaths"],
        lambda of: str(of["traded_deaths"]),
    ),
    Column(
        "Multi",
        "Rounds with two kills or more",
        _multikills,
        lambda of: str(_multikills(of)),
        lambda of: ", ".join(f"{of[f'multikill_{n}k']} × {n} kills" for n in range(2, 6) if of[f"multikill_{n}k"]),
    ),
    Column(
        "Clutches",
        "Last alive against others: won of played",
        lambda of: of["clutches_won"] + of["clutches_played"] / 1000,
        lambda of: f"{of['clutches_won']}/{of['clutches_played']}",
        lambda of: ", ".join(f"{of[f'clutch_1v{n}']} × 1v{n}" for n in range(1, 6) if of[f"clutch_1v{n}"]),
    ),
    _count("Utility", "Damage by HE grenades and fire", "utility_damage"),
    Column(
        "Flashed",
        "Enemies blinded",
        lambda of: of["enemies_flashed"],
        lambda of: str(of["enemies_flashed"]),
        lambda of: f"{of['flash_duration_dealt']:.1f} s with {of['flashes_thrown']} flashbangs",
    ),
)


def cells(figures: Figures) -> list[Cell]:
    """What stands in a player's row; dashes where there are no statistics."""
    if not figures:
        return [Cell("–", -1e9) for _ in COLUMNS]
    of = _Counted(figures)
    return [Cell(column.text(of), column.sort(of), column.more(of)) for column in COLUMNS]


class _Counted(dict[str, Any]):
    """Statistics in which what nobody counted is 0: an earlier version may have known less."""

    def __missing__(self, name: str) -> int:
        return 0
