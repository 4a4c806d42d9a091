"""Who has whom in view in every copy, and what the sides learn from it."""

import numpy as np

from apps.simulation.match.grenades import SMOKE_RADIUS
from apps.simulation.match.knowledge import HEAR_SHOTS, HEAR_STEPS
from apps.simulation.rollouts.copies import Cast, Copies

COS_VIEW = 0.60  # cosine of half the field of view, 53°
COS_READY = 0.96  # of 15°: the crosshair waited there
GLANCE = 0.25  # that somebody looks elsewhere for a moment, within a step
WORRY = 1_300.0  # who knows of somebody nearer looks there

Views = tuple[np.ndarray, np.ndarray, np.ndarray]  # T sees CT, CT sees T, distance: copies × Ts × CTs


def views(cast: Cast, copies: Copies, now: float, luck: np.ndarray) -> Views:
    """Walls, smoke, blindness and the field of view decide; updates what is known."""
    places = cast.places
    away = places.sight[copies.node[:, cast.t, None], copies.node[:, None, cast.ct]]
    alive = copies.health > 0
    clear = (away > 0) & alive[:, cast.t, None] & alive[:, None, cast.ct]
    row, t, ct = np.nonzero(clear)
    ct = ct + cast.ts
    spots = places.node
    here, there = spots[copies.node[row, t]], spots[copies.node[row, ct]]
    if len(row) and (copies.smoke_until > now).any():
        free = ~_smoked(copies, row, here, there, now)
        row, t, ct, here, there = row[free], t[free], ct[free], here[free], there[free]
    near = away[row, t, ct - cast.ts] < WORRY
    t_sees = np.zeros(away.shape, np.int8)
    ct_sees = np.zeros(away.shape, np.int8)
    blind = copies.blind(now)
    for watcher, other, start, end, out in ((t, ct, here, there, t_sees), (ct, t, there, here, ct_sees)):
        cosine = _cosine(cast, copies, row, watcher, start, end)
        told = near & (now - copies.known_at[row, other] < 1.2) & ~copies.working[row, watcher]
        fine = ~blind[row, watcher] & (copies.busy_until[row, watcher] <= now)
        glances = (luck[row, watcher] < GLANCE) & ~copies.working[row, watcher]
        seen = fine & ((cosine > COS_VIEW) | told | glances)
        ready = (cosine > COS_READY) & ~copies.moving[row, watcher]
        out[row, t, ct - cast.ts] = np.where(seen, 1 + ready, 0)
    _learn(cast, copies, now, t_sees, ct_sees)
    return t_sees, ct_sees, away


def _cosine(
    cast: Cast, copies: Copies, row: np.ndarray, watcher: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Of the angle between where the watcher looks and the enemy, seen from above."""
    places = cast.places
    area = copies.area[row, watcher]
    ahead = places.following[area, copies.goal[row, watcher]]
    ahead = places.following[ahead, copies.goal[row, watcher]]
    look = np.where(copies.moving[row, watcher], ahead, copies.watch[row, watcher])
    gaze = places.middle[look, :2] - start[:, :2]
    line = end[:, :2] - start[:, :2]
    length = np.sqrt((gaze**2).sum(axis=1) * (line**2).sum(axis=1)) + 1e-3
    cosine: np.ndarray = (gaze * line).sum(axis=1) / length
    engaged = copies.engaged[row, watcher]
    return np.where(engaged, np.maximum(cosine, 0.7), cosine)  # who fights turns to whoever comes


def _smoked(copies: Copies, row: np.ndarray, here: np.ndarray, there: np.ndarray, now: float) -> np.ndarray:
    way = there - here
    length = np.maximum((way**2).sum(axis=1), 1.0)
    blocked = np.zeros(len(row), dtype=bool)
    for one in range(copies.smoke.shape[1]):
        centre = copies.smoke[row, one]
        share = np.clip(((centre - here) * way).sum(axis=1) / length, 0.0, 1.0)
        nearest = here + way * share[:, None]
        thick = ((nearest - centre) ** 2).sum(axis=1) < SMOKE_RADIUS**2
        blocked |= thick & (copies.smoke_until[row, one] > now)
    return blocked


def _learn(cast: Cast, copies: Copies, now: float, t_sees: np.ndarray, ct_sees: np.ndarray) -> None:
    """Seen enemies are known to the whole side; runners and shooters are heard."""
    seen = np.concatenate([(ct_sees > 0).any(axis=2), (t_sees > 0).any(axis=1)], axis=1)
    copies.seen_at[seen] = now
    loud = (copies.moving & ~copies.quiet) | (now - copies.shot_at < 0.6)
    loud &= (copies.health > 0) & ~seen
    reach = np.where(now - copies.shot_at < 0.6, HEAR_SHOTS, HEAR_STEPS)
    middle, alive = cast.places.middle, copies.health > 0
    row, who = np.nonzero(loud)
    spot = middle[copies.area[row, who]]
    heard = np.zeros(len(row), dtype=bool)
    for listener in range(cast.count):
        other = middle[copies.area[row, listener]]
        gap = other - spot
        close = (gap[:, 0] ** 2 + gap[:, 1] ** 2 < reach[row, who] ** 2) & (np.abs(gap[:, 2]) < 200.0)
        heard |= close & alive[row, listener] & (cast.is_t[listener] != cast.is_t[who])
    known = seen
    known[row[heard], who[heard]] = True
    copies.known_at[known] = now
    copies.known_area[known] = copies.area[known]
