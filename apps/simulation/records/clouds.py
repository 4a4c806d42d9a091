"""Whose smoke it is, where cs-demo-analyzer takes one grenade for another."""

from apps.simulation.records.facts import Grenade
from apps.simulation.records.problems import Row, tick, whole

_MAX_ID = 2**64 - 1


def told_apart(smokes: list[Row], thrown: dict[int, Grenade]) -> list[Row]:
    """Smokes of which no two come from one grenade.

    When somebody throws a second smoke before the first has landed, the analyser takes the first's cloud for the
    second's: the first of two clouds then belongs to the grenade before, which has none.
    """
    ids = [whole(row, "projectileId", 0, _MAX_ID, 0) for row in smokes]
    last = {id_: position for position, id_ in enumerate(ids)}
    found = []
    for position, (row, id_) in enumerate(zip(smokes, ids, strict=True)):
        if position != last[id_] and id_ in thrown:
            at, who = tick(row), thrown[id_].thrower
            before = [
                other
                for other, grenade in thrown.items()
                if grenade.kind == "smokegrenade" and grenade.thrower == who
                if other not in last and grenade.way[0][0] < at
            ]
            row = {**row, "projectileId": before[-1]} if before else row
        found.append(row)
    return found
