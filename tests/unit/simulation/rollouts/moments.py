"""States made by hand for the roll-outs' tests."""

from dataclasses import replace

import numpy as np

from apps.simulation.layouts.catalogue import layout
from apps.simulation.match.simulate import terrain_of
from apps.simulation.rollouts.state import UTILITY, State
from apps.simulation.truth.match import Team

QUAY = "de_quay"


def middle(area: int) -> tuple[float, float, float]:
    x, y, z = terrain_of(layout(QUAY)).ground.middle[area]
    return float(x), float(y), float(z)


def five_each(**changes: object) -> State:
    """Half a minute in, everybody at home with rifle, armour and one of each grenade; player 0 has the bomb."""
    terrain = terrain_of(layout(QUAY))
    spots = [middle(terrain.spawn_t)] * 5 + [middle(terrain.spawn_ct)] * 5
    state = State(
        map_name=QUAY,
        side=np.array([Team.T] * 5 + [Team.CT] * 5, dtype=int),
        position=np.array(spots),
        health=np.full(10, 100.0),
        armour=np.full(10, 100.0),
        helmet=np.ones(10, dtype=bool),
        kit=np.arange(10) >= 5,
        weapon=("ak47",) * 5 + ("m4a1",) * 5,
        grenades=np.ones((10, len(UTILITY)), dtype=np.int64),
        carrier=0,
        bomb=spots[0],
        planted=False,
        seconds=85.0,
        plan_t="default",
        plan_ct="default",
    )
    return replace(state, **changes)  # type: ignore[arg-type]


def only(state: State, ts: int, cts: int) -> State:
    """The first so many of each side live."""
    alive = [index < ts for index in range(5)] + [index < cts for index in range(5)]
    return replace(state, health=np.where(alive, 100.0, 0.0), carrier=0 if ts else -1)


def planted(ts: int, cts: int, left: float, ct_area: int | None = None) -> State:
    """A bomb in the middle of site A with Ts around it; CTs at their spawn or in ``ct_area``."""
    terrain = terrain_of(layout(QUAY))
    site = terrain.sites["A"]
    position = [middle(site.after[index % len(site.after)]) for index in range(5)]
    position += [middle(terrain.spawn_ct if ct_area is None else ct_area)] * 5
    state = five_each(
        position=np.array(position), carrier=-1, bomb=middle(site.centre), planted=True, seconds=left, clock=60.0
    )
    return replace(only(state, ts, cts), carrier=-1)
