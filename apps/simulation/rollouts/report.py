"""The figures of the roll-outs as lines of text: speed, calibration, regret."""

import time
from collections.abc import Sequence

import numpy as np

from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.rollouts.calibration import Calibration, Moment, calibrate, moments
from apps.simulation.rollouts.regret import RegretReport, regret_report
from apps.simulation.rollouts.state import skills
from apps.simulation.rollouts.value import rollout

MAPS = ("de_quay", "de_stacks")


def gather_moments(seeds: Sequence[int], each: int, seed: int) -> list[Moment]:
    """Moments of freshly simulated matches, the maps in turn."""
    found: list[Moment] = []
    for number, one in enumerate(seeds):
        options = MatchOptions(map_name=MAPS[number % len(MAPS)])
        found += moments([(simulate_match(one, options), skills(one, options))], each, seed + number)
    return found


def report(
    seed: int = 0, *, matches: int = 4, each: int = 16, copies: int = 50, choices: int = 20, options_copies: int = 40
) -> list[str]:
    """Speed, calibration and regret. With the defaults under a minute; ``docs/rollouts.md`` has longer runs.

    ``matches`` with ``each`` moments are foretold by ``copies`` roll-outs; of ``choices`` moments the behaviours are
    compared by ``options_copies`` each.
    """
    found = gather_moments(range(5_000 + seed, 5_000 + seed + matches), each, seed)
    lines = speed_lines(found)
    lines += calibration_lines(calibrate(found, copies, seed))
    some = found[:: max(1, len(found) // choices)][:choices]
    return lines + regret_lines(regret_report(some, options_copies, seed), options_copies)


def speed_lines(found: Sequence[Moment], n: int = 1_000) -> list[str]:
    """Roll-outs a second of processor time from the fullest moment around mid-round, and from the emptiest."""
    full = min(found, key=lambda one: (-int((one.state.health > 0).sum()), abs(one.state.clock - 35.0)))
    few = min(found, key=lambda one: int((one.state.health > 0).sum()))
    lines = []
    for name, one in (("mid-round", full), ("late", few)):
        player = int(np.flatnonzero(one.state.health > 0)[0])
        rollout(one.state, player, None, 8, 0)
        started = time.process_time()
        rollout(one.state, player, None, n, 0)
        alive = int((one.state.health > 0).sum())
        rate = n / (time.process_time() - started)
        lines.append(f"roll-outs from a {name} state, {alive} alive, {one.state.clock:.0f} s in: {rate:,.0f} a second")
    return lines


def calibration_lines(one: Calibration) -> list[str]:
    """The reliability table and the Brier scores."""
    lines = [f"T wins foretold against what happened, {one.count} moments:"]
    for part in one.bins:
        lines.append(
            f"  foretold {part.predicted:.2f}  happened {part.happened:.2f} "
            f"[{part.low:.2f}, {part.high:.2f}]  ({part.count})"
        )
    lines.append(f"  Brier score {one.brier:.3f}, of the base rate {one.base:.2f}: {one.brier_base:.3f}")
    return lines


def regret_lines(one: RegretReport, n: int) -> list[str]:
    """What choosing is worth and how well the simulated players choose."""
    return [
        f"behaviours compared at {len(one.choices)} moments, {n} paired roll-outs each (half choose, half value):",
        f"  best beats worst by {one.spread}; beyond luck in {one.differ:.0%} of the moments",
        f"  regret of what players did {one.shown_regret}, of their policy {one.usual_regret}",
        f"  better than a random behaviour by {one.shown_over_chance}, their policy by {one.usual_over_chance}",
        f"  correlation of regret with wits {one.wits[0]:+.2f} [{one.wits[1]:+.2f}, {one.wits[2]:+.2f}], "
        f"with aim {one.aim[0]:+.2f} [{one.aim[1]:+.2f}, {one.aim[2]:+.2f}]",
    ]
