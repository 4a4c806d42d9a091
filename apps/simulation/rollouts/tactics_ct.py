"""What counter-terrorists do by default: ``match.defence`` for all copies at once, on areas."""

import numpy as np

from apps.simulation.match.people import Role
from apps.simulation.rollouts.copies import Cast, Copies

_ANCHOR = list(Role).index(Role.ANCHOR)
ROTATE_RUN = 215.0


def orders_ct(cast: Cast, copies: Copies, now: float, luck: np.ndarray) -> None:
    """Set goal and watch of all CTs. ``luck`` is one number per copy and player."""
    if cast.ts == cast.count:
        return
    pressed = _pressed(cast, copies, now)
    alive = (copies.health[:, cast.ct] > 0).sum(axis=1)
    for index in range(cast.ts, cast.count):
        goal, watch = _defend(cast, copies, now, index, pressed, luck[:, index], alive)
        if copies.planted.any():
            retake, retake_watch = _retake(cast, copies, now, index)
            goal = np.where(copies.planted, retake, goal)
            watch = np.where(copies.planted, retake_watch, watch)
        copies.goal[:, index], copies.watch[:, index] = goal, watch


def _pressed(cast: Cast, copies: Copies, now: float) -> np.ndarray:
    """The site near which several Ts or the bomb were noticed lately; −1 when unclear."""
    places = cast.places
    area = copies.known_area[:, cast.t]
    site = places.near_site[area]
    fresh = (now - copies.known_at[:, cast.t] < 8.0) & (copies.health[:, cast.t] > 0)
    fresh &= places.distance[area, places.centre[site]] < 2_100.0
    seen = now - copies.seen_at[:, cast.t] < 8.0
    carries = np.arange(cast.ts)[None, :] == copies.carrier[:, None]
    weight = fresh * (1.0 + 1.5 * (carries & seen))
    near_a, near_b = (weight * (site == 0)).sum(axis=1), (weight * (site == 1)).sum(axis=1)
    best = np.where(near_a >= near_b, 0, 1)
    most, least = np.maximum(near_a, near_b), np.minimum(near_a, near_b)
    return np.where((most >= 1.6) & (most > least + 0.5), best, -1)


def _defend(
    cast: Cast, copies: Copies, now: float, index: int, pressed: np.ndarray, luck: np.ndarray, alive: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    places, who, role = cast.places, int(cast.who[index]), int(cast.role[index])
    if now + cast.state.clock > 25.0:
        copies.second[:, index] = False
    home, second = copies.home[:, index], copies.second[:, index]
    own = np.minimum(home, 1)
    post = places.holds[own, (who * 2 + (role == _ANCHOR)) % places.holds.shape[1]]
    post = np.where(second, places.entries[own, 0], np.where(home == 2, places.terrain.middle_ct, post))
    anchored = (role == _ANCHOR) & (alive > 2)
    quick = luck < 0.85 + 0.15 * cast.wits[index]
    away = (pressed >= 0) & (pressed != np.where(home == 2, -1, home)) & ~anchored & quick
    there = np.maximum(pressed, 0)
    goal = np.where(away, places.holds[there, who % places.holds.shape[1]], post)
    site = np.where(away, there, own)
    entries = places.entries[site]
    seen = places.ground.sees[goal[:, None], entries]
    watch = entries[np.arange(len(goal)), seen.argmax(axis=1)]
    return goal, np.where((home == 2) & ~away, places.terrain.middle, watch)


def _retake(cast: Cast, copies: Copies, now: float, index: int) -> tuple[np.ndarray, np.ndarray]:
    places, who = cast.places, int(cast.who[index])
    area, site = copies.area[:, index], np.maximum(copies.site, 0)
    alive = copies.health > 0
    ts, cts = alive[:, cast.t].sum(axis=1), alive[:, cast.ct].sum(axis=1)
    needed = 5.0 if cast.kit[index] else 10.0
    way = places.distance[area, copies.bomb] / ROTATE_RUN
    others = copies.working.copy()
    others[:, index] = False
    covered = others[:, cast.ct].any(axis=1)
    hopeless = (copies.left < needed + way * 0.7) & ~covered & (ts > 0) & (way > 1.0)
    if cast.worth[index] and cast.wits[index] > 0.25:
        hopeless |= ts - cts >= 2 + int(cast.wits[index] < 0.6)
    near = ((places.distance[copies.area[:, cast.ct], copies.bomb[:, None]] < 1_200.0) & alive[:, cast.ct]).sum(axis=1)
    ready = (near >= cts - (cts > 2)) | (copies.left < needed + way + 9.0) | covered
    guard = places.site_areas[site, who % places.site_areas.shape[1]]
    storm = np.where(covered, guard, copies.bomb)
    goal = np.where(ready, storm, places.retake[site])
    watch = np.where(covered, places.after[site, 0], copies.bomb)
    return np.where(hopeless, places.hideout[area, copies.bomb], goal), watch
