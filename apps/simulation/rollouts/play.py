"""Many copies of one round played to its end at once, in steps of half a second on the spots of a map.

All random numbers of a step are drawn for (copy, player) whatever has happened, so that copy number k of one behaviour
meets the same luck as copy number k of another (common random numbers: differences between behaviours are paired).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.simulation.rollouts import bombing
from apps.simulation.rollouts.behaviour import Behaviour
from apps.simulation.rollouts.copies import Cast, Copies, begin
from apps.simulation.rollouts.fighting import choose_targets, exchange
from apps.simulation.rollouts.focus import Focus, node_of
from apps.simulation.rollouts.gunnery import STEP_S
from apps.simulation.rollouts.intentions import intend
from apps.simulation.rollouts.sensing import views
from apps.simulation.rollouts.state import State
from apps.simulation.rollouts.tactics_ct import orders_ct
from apps.simulation.rollouts.tactics_t import orders_t
from apps.simulation.rollouts.throwing import burn, throw_by_default

WALK = 0.52
THINK_EVERY = 2  # steps
COMPACT_BELOW = 0.9


@dataclass(frozen=True)
class Played:
    """Behaviours × copies: who won, whether the player lived, and the five features shown."""

    winner: np.ndarray
    survived: np.ndarray
    features: dict[str, np.ndarray]


def play(state: State, player: int, behaviours: Sequence[Behaviour | None], n: int, seed: int) -> Played:
    """``n`` copies for each behaviour, from the state to the round's end.

    Raises:
        ValueError: ``n`` is not positive, or the player is dead.
    """
    if n < 1:
        raise ValueError("A rate needs at least one roll-out.")
    cast, rng = Cast(state), np.random.default_rng([seed, n])
    pairs = np.tile(np.arange(n), len(behaviours))
    focus = Focus(cast, player, behaviours, n, rng)
    copies = begin(cast, len(pairs), pairs, rng)
    focus.stand(copies)
    intend(cast, copies, pairs, rng)
    winner = np.zeros(len(pairs), np.int32)
    step = 0
    bombing.decide(cast, copies)
    _settle(copies, winner, 1.0)
    while len(copies.row):
        luck = rng.random((n, cast.count, 5), dtype=np.float32)[pairs[copies.row]]
        _step(cast, copies, focus, step, luck)
        step += 1
        _settle(copies, winner, COMPACT_BELOW)
    shape = (len(behaviours), n)
    features = {name: values.reshape(*shape, *values.shape[1:]) for name, values in focus.features().items()}
    return Played(winner.reshape(shape), focus.survived.reshape(shape), features)


def _settle(copies: Copies, winner: np.ndarray, share: float) -> None:
    """Keep the results; leave out the decided copies when there are enough of them."""
    winner[copies.row] = copies.winner
    open_ = copies.winner == 0
    if not open_.any() or open_.mean() < share or (len(open_) < 200 and not open_.all()):
        copies.keep(open_)


def _step(cast: Cast, copies: Copies, focus: Focus, step: int, luck: np.ndarray) -> None:
    now = step * STEP_S
    held = copies.grenades[:, focus.index].copy()
    if step % THINK_EVERY == 0:
        orders_t(cast, copies, now, luck[:, :, 2])
        orders_ct(cast, copies, now, luck[:, :, 2])
    focus.steer(copies, now)
    burn(cast, copies, now, STEP_S)
    seen = views(cast, copies, now, luck[:, :, 4])
    phase = choose_targets(cast, copies, seen)
    holds_fire = ~focus.may_fire(copies, now)
    copies.target[holds_fire, focus.index] = -1
    copies.engaged[holds_fire, focus.index] = False
    may_fire = ~(copies.working & bombing.nearly(cast, copies)) & ~copies.blind(now)
    hits = exchange(cast, copies, now, phase, seen[2], may_fire, luck)
    copies.hurt[hits[0], hits[2]] = True
    _throws(cast, copies, focus, step, luck)
    _walk(cast, copies, now)
    bombing.carry(cast, copies)
    bombing.work(cast, copies, now)
    copies.left -= STEP_S
    bombing.decide(cast, copies)
    focus.note(copies, now + STEP_S, hits, held)


def _throws(cast: Cast, copies: Copies, focus: Focus, step: int, luck: np.ndarray) -> None:
    now = step * STEP_S
    if step % THINK_EVERY == 0:
        may = copies.busy_until <= now
        may[:, focus.index] &= focus.free(copies, now)
        throw_by_default(cast, copies, now, luck[:, :, 2:4], may)
    focus.throw(copies, now, luck[:, focus.index, 3])


def _walk(cast: Cast, copies: Copies, now: float) -> None:
    """Everybody who is free goes on towards the goal, from area to area."""
    places = cast.places
    idle = copies.engaged | copies.working | (copies.busy_until > now) | (copies.health <= 0)
    copies.moving[:] = (copies.goal != copies.area) & ~idle
    pace = cast.speed[None, :] * np.where(copies.quiet, WALK, 1.0).astype(np.float32) * STEP_S
    copies.budget += np.where(copies.moving, pace, 0.0)
    for _ in range(2):
        row, who = np.nonzero(copies.moving & (copies.goal != copies.area))
        area, goal = copies.area[row, who], copies.goal[row, who]
        need = places.length[area, goal]
        far = copies.budget[row, who] >= need
        row, who, area, goal, need = row[far], who[far], area[far], goal[far], need[far]
        if not len(row):
            break
        step = places.following[area, goal]
        copies.budget[row, who] -= need
        copies.area[row, who] = step
        spot = np.where(step == goal, copies.spot[row, who], 0)
        copies.node[row, who] = node_of(step, spot)
    there = copies.goal == copies.area
    copies.budget[there] = 0.0
    copies.covered[:] = there & ~copies.working & ~copies.planted[:, None]
