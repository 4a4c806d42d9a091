"""What a side knows: enemies its people see now, saw, or heard."""

import math

import numpy as np

from apps.simulation.match.ground import CHEST, CROUCHED_EYE, EYE
from apps.simulation.match.people import Player
from apps.simulation.match.rules import other
from apps.simulation.match.world import Glimpse, World
from apps.simulation.truth.match import Team

SIGHT_RANGE = 2_400.0  # further off nobody notices anybody
FIELD_OF_VIEW = 53.0  # degrees to either side of the view
HEAR_STEPS, HEAR_SHOTS = 1_100.0, 2_600.0
HEAD, BODY = 1, 2


def eye_height(player: Player) -> float:
    return EYE + (CROUCHED_EYE - EYE) * player.duck


def angle_between(one: float, two: float) -> float:
    """The signed turn from one yaw to another, −180 … 180."""
    return (two - one + 180.0) % 360.0 - 180.0


def bearing(player: Player, x: float, y: float) -> float:
    return math.degrees(math.atan2(y - player.y, x - player.x))


def lines_of_sight(world: World) -> dict[tuple[int, int], int]:
    """For every pair (watcher, enemy) of the living with a free line: which parts of the enemy show (HEAD | BODY).

    Walls and smoke block; where somebody looks does not matter here.
    """
    ts, cts = world.alive(Team.T), world.alive(Team.CT)
    pairs = [(t, ct) for t in ts for ct in cts if math.hypot(t.x - ct.x, t.y - ct.y) < SIGHT_RANGE]
    if not pairs:
        return {}
    eyes_t = [(t.x, t.y, t.z + eye_height(t)) for t, _ in pairs]
    eyes_ct = [(ct.x, ct.y, ct.z + eye_height(ct)) for _, ct in pairs]
    chest_t = [(t.x, t.y, t.z + CHEST * (1 - 0.3 * t.duck)) for t, _ in pairs]
    chest_ct = [(ct.x, ct.y, ct.z + CHEST * (1 - 0.3 * ct.duck)) for _, ct in pairs]
    starts = np.array(eyes_t + eyes_t + eyes_ct)
    ends = np.array(eyes_ct + chest_ct + chest_t)
    free = world.ground.clear(starts, ends)
    free &= ~through_smoke(world, starts, ends)
    count = len(pairs)
    heads, bodies_ct, bodies_t = free[:count].tolist(), free[count : 2 * count].tolist(), free[2 * count :].tolist()
    found: dict[tuple[int, int], int] = {}
    for (t, ct), head, body_ct, body_t in zip(pairs, heads, bodies_ct, bodies_t, strict=True):
        if head or body_ct:
            found[t.index, ct.index] = (HEAD if head else 0) | (BODY if body_ct else 0)
        if head or body_t:
            found[ct.index, t.index] = (HEAD if head else 0) | (BODY if body_t else 0)
    return found


def through_smoke(world: World, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Per pair of points (n × 3 each) whether a smoke lies between."""
    blocked = np.zeros(len(starts), dtype=np.bool_)
    for smoke in world.round.smokes:
        centre = np.array([smoke.x, smoke.y, smoke.z + 50.0])
        way = ends - starts
        length = np.maximum((way**2).sum(axis=1), 1e-9)
        share = np.clip(((centre - starts) * way).sum(axis=1) / length, 0.0, 1.0)
        nearest = starts + way * share[:, None]
        blocked |= ((nearest - centre) ** 2).sum(axis=1) < smoke.radius**2
    return blocked


def in_view(watcher: Player, enemy: Player, tick: int) -> bool:
    if tick < watcher.blind_until:
        return False
    return abs(angle_between(watcher.yaw, bearing(watcher, enemy.x, enemy.y))) <= FIELD_OF_VIEW


def notice(world: World, lines: dict[tuple[int, int], int]) -> dict[int, list[int]]:
    """Update both sides' knowledge; returns per watcher's index the enemies in view."""
    views: dict[int, list[int]] = {}
    people, tick = world.players, world.tick
    for watcher, enemy in lines:
        if in_view(people[watcher], people[enemy], tick):
            views.setdefault(watcher, []).append(enemy)
            tell(world, people[watcher].side, people[enemy], True)
    for player in people:
        if player.health > 0 and (player.moving > 150.0 or tick - player.last_shot < 8):
            _heard(world, player)
    return views


def _heard(world: World, player: Player) -> None:
    enemies = other(player.side)
    reach = HEAR_SHOTS if world.tick - player.last_shot < 8 else HEAR_STEPS
    known = world.round.knowledge[enemies].get(player.index)
    if known is not None and world.tick - known.tick < 8:
        return
    for listener in world.players:
        if listener.side == enemies and listener.health > 0:
            away = math.hypot(listener.x - player.x, listener.y - player.y)
            if away < reach and abs(listener.z - player.z) < 200:
                tell(world, enemies, player, False)
                return


def tell(world: World, side: Team, enemy: Player, seen: bool) -> None:
    """Everybody of ``side`` learns where ``enemy`` is now (voice and radar)."""
    world.round.knowledge[side][enemy.index] = Glimpse(world.tick, enemy.x, enemy.y, enemy.z, enemy.area, seen)


def fresh(world: World, side: Team, seconds: float) -> list[Glimpse]:
    """What the side learnt of living enemies in the last seconds."""
    since = world.tick - int(seconds * 64)
    people = world.players
    return [
        glimpse
        for index, glimpse in world.round.knowledge[side].items()
        if glimpse.tick >= since and people[index].health > 0
    ]
