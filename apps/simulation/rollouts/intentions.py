"""What the sides mean to do when the roll-outs begin: homes, the site, and how far the attack has come."""

import numpy as np

from apps.simulation.rollouts.copies import Cast, Copies

_ENTRY, _AWPER, _SUPPORT, _LURKER, _ANCHOR = range(5)
_WAITS = {"rush": 0.0, "default": 36.0, "split": 24.0, "fake": 34.0, "save": 50.0}  # as match.plans.share_out
_PRIOR = (("rush_a", 0.09), ("rush_b", 0.09), ("default", 0.42), ("split_a", 0.12), ("split_b", 0.12))
_PRIOR_REST = (("fake_a", 0.08), ("fake_b", 0.08))
MEET_S = 9.0


def intend(cast: Cast, copies: Copies, pairs: np.ndarray, rng: np.random.Generator) -> None:
    """Fill homes, site and stage; where the state does not know the plan, every copy draws one."""
    luck = rng.random((int(pairs.max()) + 1, 4), dtype=np.float32)[pairs]
    for plan, mask in _plans(cast.state.plan_t, luck[:, 0]):
        _intend_t(cast, copies, plan, mask, luck)
    _infer_stage(cast, copies, luck)
    _intend_ct(cast, copies)


def _plans(known: str, luck: np.ndarray) -> list[tuple[str, np.ndarray]]:
    if known.split("_")[0] in _WAITS:
        return [(known, np.ones(len(luck), dtype=bool))]
    choices = _PRIOR + _PRIOR_REST
    edges = np.cumsum([0.0, *(share for _, share in choices)])
    edges[-1] = 1.01
    return [(plan, (luck >= edges[at]) & (luck < edges[at + 1])) for at, (plan, _) in enumerate(choices)]


def _intend_t(cast: Cast, copies: Copies, plan: str, mask: np.ndarray, luck: np.ndarray) -> None:
    kind = plan.split("_")[0]
    target = 1 if plan.endswith("_b") else 0
    for index in range(cast.ts):
        role = cast.role[index]
        home, second = _home_t(kind, target, int(role))
        copies.home[mask, index], copies.second[mask, index] = home, second
    if plan[-2:] in ("_a", "_b"):
        copies.site[mask] = 1 - target if kind == "fake" else target
    wait = _WAITS[kind]
    go_at = wait + luck[:, 1] * (16.0 if wait else 1.0) - cast.state.clock
    copies.go_at[mask] = go_at[mask]
    meets = 0.0 if kind == "rush" else MEET_S
    copies.meet_until[mask] = go_at[mask] + meets


def _home_t(kind: str, target: int, role: int) -> tuple[int, bool]:
    if kind == "split":
        return target, role >= 3
    if kind == "fake":
        return (target if role in (_SUPPORT, _LURKER) else 1 - target), False
    if kind == "save":
        return (2 if role < 2 else 0), False
    if kind == "default":
        return {_ENTRY: 0, _AWPER: 2, _SUPPORT: 0}.get(role, 1), False
    return target, False


def _infer_stage(cast: Cast, copies: Copies, luck: np.ndarray) -> None:
    """How far the attack is, from the time and from where the Ts stand."""
    places, state = cast.places, cast.state
    late = (copies.go_at <= 0.0) | (state.seconds < 42.0) | (cast.count - cast.ts <= cast.ts - 2)
    copies.stage[late] = 1
    # who began to gather early because time runs out or somebody fell did so about now
    copies.meet_until[late] = np.minimum(copies.meet_until[late], MEET_S * luck[late, 2])
    going = late & (copies.meet_until <= 0.0)
    copies.stage[going] = 2
    copies.went[:] = np.where(going, np.maximum(copies.meet_until, -30.0), 0.0)
    if cast.ts:
        away = places.distance[cast.area[cast.t]][:, places.centre].mean(axis=0)
        chance = 1.0 / (1.0 + np.exp(np.clip((away[1] - away[0]) / 350.0, -30, 30)))
        unknown = late & (copies.site < 0)
        copies.site[unknown] = (luck[unknown, 3] < chance).astype(np.int32)
    if state.planted:
        copies.site[:] = int(places.near_site[state.bomb_area])
        copies.stage[:] = 2


def _intend_ct(cast: Cast, copies: Copies) -> None:
    plan, places = cast.state.plan_ct, cast.places
    for index in range(cast.ts, cast.count):
        role = int(cast.role[index])
        home = {_ENTRY: 0, _SUPPORT: 0, _LURKER: 1, _ANCHOR: 1}.get(role, 2)
        if role == _AWPER:
            spots = [int(places.holds[0, 0]), int(places.holds[1, 0]), cast.places.terrain.middle_ct]
            home = int(places.distance[cast.area[index], spots].argmin())
        if plan == "stack_a" and role in (_AWPER, _LURKER):
            home = 0
        elif plan == "stack_b" and role in (_AWPER, _ENTRY):
            home = 1
        copies.home[:, index] = home
        copies.second[:, index] = plan == "push" and role == _ENTRY and cast.state.clock < 25.0
