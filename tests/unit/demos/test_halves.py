"""Where a match's halves end."""

from types import SimpleNamespace

from apps.demos.parsing.match.halves import halves


def rounds(*played: tuple[int | None, int]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(ordinal=place, ct_roster=ct, overtime=overtime)
        for place, (ct, overtime) in enumerate(played, 3)
    ]


def test_a_half_ends_where_sides_change_and_where_an_overtime_begins() -> None:
    regulation, overtimes = [(0, 0)] * 2 + [(1, 0)] * 2, [(1, 1), (0, 1), (0, 2), (1, 2)]
    assert list(halves(rounds(*regulation, *overtimes)).items()) == [
        (3, 1), (4, 1), (5, 2), (6, 2), (7, 3), (8, 4), (9, 5), (10, 6),
    ]  # fmt: skip


def test_unknown_sides_end_nothing() -> None:
    assert set(halves(rounds((0, 0), (None, 0), (1, 0))).values()) == {1}
    assert halves([]) == {}
