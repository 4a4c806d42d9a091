"""Heat maps over many recordings: which ones, whose, and the counts, kept by what they were made of."""

import hashlib
import json
import time
import zlib
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Prefetch, QuerySet

from apps.demos.models import Demo, DemoStatus, Player, Round
from apps.demos.parsing.viewing import heat, maps
from apps.demos.selectors import recordings
from apps.demos.selectors.library import Search, matching

MOST = 300  # recordings; the newest ones count
PATIENCE_S = 1.5  # of one answer; what is not counted by then is counted by the next one
KEPT_S = 24 * 3600


@dataclass(frozen=True)
class Heat:
    """The counts so far. ``left`` recordings are still to be counted, ``unasked`` ones beyond ``MOST`` never are."""

    counts: heat.Counts
    demos: int
    left: int
    unasked: int


def demos_of(search: Search, *, demo: int | None = None) -> QuerySet[Demo]:
    """Recordings with positions that fit, newest first; or the one called ``demo``."""
    rows = Demo.objects.filter(pk=demo) if demo is not None else matching(search)
    counted = Prefetch("rounds", Round.objects.filter(number__isnull=False))
    return (
        rows.filter(status=DemoStatus.READY, has_positions=True)
        .prefetch_related(counted)
        .order_by("-uploaded_at", "-pk")
    )


def maps_with_demos(search: Search) -> list[str]:
    """The maps that recordings with positions were played on, of those that fit; the most played first."""
    rows = matching(search).filter(status=DemoStatus.READY, has_positions=True).exclude(map_name="")
    return list(rows.values_list("map_name", flat=True).annotate(n=Count("pk")).order_by("-n", "map_name"))


def newest(map_name: str) -> int | None:
    """The newest recording of a map."""
    rows = demos_of(Search(map=map_name)).prefetch_related(None)
    return rows.values_list("pk", flat=True).first()


def heat_of(search: Search, window: heat.Window, *, demo: int | None = None, patience_s: float = PATIENCE_S) -> Heat:
    """Count what ``window`` asks for in all recordings that fit, for as long as ``patience_s``."""
    rows = demos_of(search, demo=demo)
    total = rows.count()
    counts = np.zeros((2, heat.SIDE, heat.SIDE), np.int64)
    until = time.monotonic() + patience_s
    done = fresh = 0
    for row in rows[:MOST]:
        mine = replace(window, slots=_slots(row, search))
        known = _kept(row, mine)
        if known is None and time.monotonic() > until and fresh:
            continue  # every answer counts one more at least
        fresh += known is None
        counts += _counted(row, mine) if known is None else known
        done += 1
    return Heat(counts, done, min(total, MOST) - done, max(0, total - MOST))


def _slots(row: Demo, search: Search) -> frozenset[int] | None:
    """Whose events are asked for: the team's or the player's; None for everybody's."""
    if not search.team and not search.player:
        return None
    people = Player.objects.filter(demo=row)
    if search.team:
        people = people.filter(roster__in=row.teams.filter(team_id=search.team).values("roster"))
    if search.player:
        is_id = search.player.isascii() and search.player.isdigit() and 15 <= len(search.player) <= 19
        people = people.filter(steamid=int(search.player)) if is_id else people.filter(name__icontains=search.player)
    return frozenset(people.values_list("slot", flat=True))


def _spans(row: Demo) -> list[heat.Span]:
    return [
        heat.Span(
            one.start_tick, one.freeze_end_tick if one.freeze_end_tick is not None else one.start_tick, one.end_tick
        )
        for one in row.rounds.all()
    ]


def _key(row: Demo, window: heat.Window) -> str:
    """The content it is counted from: the recording, its rounds that count, the question."""
    said: dict[str, Any] = {**asdict(window), "slots": None if window.slots is None else sorted(window.slots)}
    text = json.dumps([row.sha256, [asdict(span) for span in _spans(row)], said])
    return f"demos:heat:{hashlib.sha256(text.encode()).hexdigest()}"


def _kept(row: Demo, window: heat.Window) -> heat.Counts | None:
    data = cache.get(_key(row, window))
    return None if data is None else np.frombuffer(zlib.decompress(data), np.int64).reshape(2, heat.SIDE, heat.SIDE)


def _counted(row: Demo, window: heat.Window) -> heat.Counts:
    tables = {name: recordings.table(row, name, columns=heat.COLUMNS.get(name)) for name in heat.KINDS[window.kind]}
    place = maps.CALIBRATIONS.get(row.map_name)
    counts = heat.count(tables, _spans(row), window, lower_z=place.lower_z if place else None, tick_rate=row.tick_rate)
    cache.set(_key(row, window), zlib.compress(counts.tobytes(), 1), KEPT_S)
    return counts
