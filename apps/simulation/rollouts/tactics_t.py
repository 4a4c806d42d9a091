"""What terrorists do by default: ``match.attack`` for all copies at once, on areas."""

import numpy as np

from apps.simulation.match.people import Role
from apps.simulation.rollouts.copies import Cast, Copies
from apps.simulation.rollouts.intentions import MEET_S

_ENTRY, _LURKER = list(Role).index(Role.ENTRY), list(Role).index(Role.LURKER)


def orders_t(cast: Cast, copies: Copies, now: float, luck: np.ndarray) -> None:
    """Set goal, watch and pace of all Ts. ``luck`` is one number per copy and player."""
    if not cast.ts:
        return
    _advance_stage(cast, copies, now, luck)
    copies.quiet[:, cast.t] = False
    for index in range(cast.ts):
        goal, watch = _attack(cast, copies, now, index)
        planted = copies.planted
        after_goal, after_watch = _after_plant(cast, copies, now, index)
        copies.goal[:, index] = np.where(planted, after_goal, goal)
        copies.watch[:, index] = np.where(planted, after_watch, watch)
    _fetch(cast, copies)


def _site(copies: Copies) -> np.ndarray:
    return np.asarray(np.maximum(copies.site, 0))


def _advance_stage(cast: Cast, copies: Copies, now: float, luck: np.ndarray) -> None:
    places = cast.places
    alive = copies.health > 0
    ts, cts = alive[:, cast.t].sum(axis=1), alive[:, cast.ct].sum(axis=1)
    start = (copies.stage == 0) & ((now >= copies.go_at) | (copies.left < 42.0) | (cts <= ts - 2))
    copies.stage[start] = 1
    copies.meet_until[start] = np.where(copies.meet_until <= copies.go_at, now, now + MEET_S)[start]
    unknown = start & (copies.site < 0)
    if unknown.any():
        copies.site[unknown] = _weaker(cast, copies, now, luck)[unknown]
    away = places.distance[copies.area[:, cast.t], places.centre[_site(copies)][:, None]]
    there = ((away < 1_500.0) & alive[:, cast.t]).sum(axis=1)
    meets = (copies.stage == 1) & ~start
    go = meets & ((now >= copies.meet_until) | (there >= np.maximum(1, np.round(0.75 * ts))))
    copies.stage[go] = 2
    copies.went[go] = now


def _weaker(cast: Cast, copies: Copies, now: float, luck: np.ndarray) -> np.ndarray:
    """Where fewer defenders were noticed lately; the less witty choose by chance."""
    fresh = (now - copies.known_at[:, cast.ct] < 30.0) & (copies.health[:, cast.ct] > 0)
    site = cast.places.near_site[copies.known_area[:, cast.ct]]
    near_a, near_b = (fresh & (site == 0)).sum(axis=1), (fresh & (site == 1)).sum(axis=1)
    wits = float(cast.wits[cast.t].mean())
    picked = np.where(near_a == near_b, luck[:, 0] < 0.5, near_b < near_a)
    blind = luck[:, cast.ts - 1] > 0.3 + 0.6 * wits
    return np.where(blind, luck[:, 0] < 0.5, picked).astype(np.int32)


def _attack(cast: Cast, copies: Copies, now: float, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Goal and watch before the plant."""
    places, site = cast.places, _site(copies)
    role, who = int(cast.role[index]), int(cast.who[index])
    home, second = copies.home[:, index], copies.second[:, index].astype(int)
    side = np.minimum(home, 1)
    wait = np.where(home == 2, places.terrain.middle_t, places.staging[side, -second])
    wait_watch = np.where(home == 2, places.terrain.middle, places.entries[side, 0])
    meet = places.staging[site, -second]
    first = (now - copies.went < 7.0) | (role == _ENTRY)
    inside = places.site_areas[site, who % places.site_areas.shape[1]]
    spots = np.where(first, inside, places.after[site, who % places.after.shape[1]])
    lurks = (copies.stage == 2) & (now - copies.went < 6.0) & (role == _LURKER)
    waits = (copies.stage == 0) | lurks
    goal = np.where(waits, wait, np.where(copies.stage == 1, meet, spots))
    watch = np.where(waits, wait_watch, np.where(copies.stage == 1, places.entries[site, 0], places.retake[site]))
    copies.quiet[:, index] = waits & (places.distance[copies.area[:, index], wait] < 900.0)
    goal = _carrying(cast, copies, now, index, goal)
    gives_up = _gives_up(cast, copies, index)
    danger = np.where(copies.seen_at[:, cast.ct].max(axis=1) > -15.0, _last_known(cast, copies), wait)
    return np.where(gives_up, places.hideout[copies.area[:, index], danger], goal).astype(np.int32), watch


def _last_known(cast: Cast, copies: Copies) -> np.ndarray:
    latest = copies.known_at[:, cast.ct].argmax(axis=1)
    return np.asarray(copies.known_area[np.arange(len(latest)), cast.ts + latest])


def _carrying(cast: Cast, copies: Copies, now: float, index: int, goal: np.ndarray) -> np.ndarray:
    """The carrier follows the others in, to the middle of the site."""
    places, site = cast.places, _site(copies)
    carries = (copies.carrier == index) & (copies.stage == 2)
    mates = (copies.health[:, cast.t] > 0).sum(axis=1)
    waits = (now - copies.went < 2.5) & (mates > 1) & (copies.left > 25.0)
    return np.where(carries, np.where(waits, copies.area[:, index], places.centre[site]), goal)


def _gives_up(cast: Cast, copies: Copies, index: int) -> np.ndarray:
    if not cast.worth[index] or cast.wits[index] <= 0.3:
        return np.zeros(len(copies.row), dtype=bool)
    alive = copies.health > 0
    more = alive[:, cast.ct].sum(axis=1) - alive[:, cast.t].sum(axis=1)
    return np.asarray((more >= 3) | ((copies.left < 18.0) & (copies.stage < 2) & (more > 0)))


def _after_plant(cast: Cast, copies: Copies, now: float, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Hold the bomb, stop a defuse, run from the explosion."""
    places, site = cast.places, _site(copies)
    area = copies.area[:, index]
    goal = places.after[site, int(cast.who[index]) % places.after.shape[1]]
    defused = copies.working[:, cast.ct].any(axis=1) & (copies.work > 1.2)
    goal = np.where(defused, copies.bomb, goal)
    runs = (copies.left < 7.5) & (places.distance[area, copies.bomb] < 2_200.0)
    goal = np.where(runs, places.hideout[area, copies.bomb], goal)
    return goal.astype(np.int32), copies.bomb


def _fetch(cast: Cast, copies: Copies) -> None:
    """The nearest living T goes for a lying bomb."""
    lying = (copies.carrier < 0) & ~copies.planted
    if not lying.any():
        return
    away = cast.places.distance[copies.area[:, cast.t], copies.bomb[:, None]]
    away = np.where(copies.health[:, cast.t] > 0, away, np.inf)
    nearest = away.argmin(axis=1)
    copies.goal[lying, nearest[lying]] = copies.bomb[lying]
    copies.quiet[lying, nearest[lying]] = False
