"""What to teach as the best behaviour: few noisy roll-outs at each moment, made steadier by what all moments tell.

At one moment an option is played on 24 times, which says its value to within ±0.2; the options differ by less. So the
difference of each option from the mean of its moment's options is fitted over all moments of the training matches (a
ridge regression on the behaviour's features alone and times what can be seen), and each moment's own figures count as
far as they say more than luck (empirical Bayes: Efron, Morris 1973, JASA 68:117-130). Between options of equal worth
the one that the simulated players show more often in such a situation is taken.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.training.trainers.hud.advice_samples import Option, options_of, visible_state

RIDGE = 150.0
SURVIVAL = 0.06  # of a win: what living on is worth in a hopeless round, so that it is saved rather than thrown away
CUSTOM = 0.006  # of a win, for a direction that is e times as usual


@dataclass(frozen=True)
class Teacher:
    """``weights``: of behaviour × scene."""

    weights: np.ndarray
    left: float  # variance of true values around the fit
    custom: Mapping[tuple[Any, ...], float]  # how often a direction is shown in a situation

    def values(self, line: dict[str, Any]) -> np.ndarray:
        """The worth of each option against the mean of them all."""
        options = options_of(line)
        fitted = centred(_rows(line, options)) @ self.weights
        own, luck = observed(line, options)
        share = self.left / (self.left + luck) if self.left + luck > 0 else 0.0
        return np.asarray(fitted + share * (own - fitted))

    def fitted(self, line: dict[str, Any], behaviors: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """The worth of any behaviours by what can be seen alone, against the mean of the line's options."""
        options = options_of(line)
        mean = _rows(line, options).mean(axis=0)
        return np.asarray((_features(line, behaviors) - mean) @ self.weights)

    def best(self, line: dict[str, Any], *, seen_only: bool = False) -> int:
        """The option to advise; ``seen_only`` leaves the moment's own roll-outs out."""
        options = options_of(line)
        values = self.fitted(line, [one.behavior for one in options]) if seen_only else self.values(line)
        usual = np.array([self.custom.get(_way(line, one.behavior), 0.0) for one in options])
        plain = np.array([sayable(one.behavior) and _starts_well(line, one.behavior) for one in options])
        if not plain.any():
            plain[:] = True
        return int(np.argmax(np.where(plain, values + CUSTOM * np.log(usual + 0.01), -np.inf)))


def teach(lines: Sequence[dict[str, Any]]) -> Teacher:
    """Fit on the lines that are not held out.

    Raises:
        ValueError: none of them has options.
    """
    used = [line for line in lines if line.get("options") and not line["held_out"]]
    if not used:
        raise ValueError("There is no moment with valued options to learn from.")
    rows, wanted, luck = [], [], []
    for line in used:
        options = options_of(line)
        rows.append(centred(_rows(line, options)))
        own, variance = observed(line, options)
        wanted.append(own)
        luck.append(np.full(len(options), variance))
    design, target = np.concatenate(rows), np.concatenate(wanted)
    weights = np.linalg.solve(design.T @ design + RIDGE * np.eye(design.shape[1]), design.T @ target)
    rest = target - design @ weights
    left = float(max(0.0, (rest**2).mean() - np.concatenate(luck).mean()))
    return Teacher(weights, left, _customs(used))


def sayable(behavior: Mapping[str, Any]) -> bool:
    """Whether a few plain words can say it of what is seen: no grenades, and who falls back waits for no fight."""
    falls_back = behavior["movement_direction"] == -1
    fights = behavior["initiated_engagement"] or behavior["engagement_delay"] < 0.9
    return not behavior["utility_used"] and not (falls_back and fights)


def _starts_well(line: dict[str, Any], behavior: Mapping[str, Any]) -> bool:
    """Nobody leaves the round before it has begun, however even the options look from the start."""
    return bool(line["kind"] != "freeze" or min(behavior["movement_direction"], behavior["objective_direction"]) >= 0)


def _customs(lines: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], float]:
    shown = Counter(_way(line, line["shown"]) for line in lines)
    alike: Counter[tuple[Any, ...]] = Counter()
    for way, count in shown.items():
        alike[way[:-2]] += count
    return {way: count / alike[way[:-2]] for way, count in shown.items()}


def _way(line: dict[str, Any], behavior: Mapping[str, Any]) -> tuple[Any, ...]:
    """The situation, coarsely, and the directions."""
    site = str(line["place"] or "").startswith("Bombsite")
    situation = (line["side"], line["planted"], line["kind"], site)
    return (*situation, behavior["movement_direction"], behavior["objective_direction"])


def observed(line: dict[str, Any], options: Sequence[Option]) -> tuple[np.ndarray, float]:
    """Each option's own worth against the mean, and the variance that luck alone gives it.

    Held-out moments show their first half of roll-outs only: the second measures what was chosen.
    """
    halves = 1 if line["held_out"] else 2
    copies = halves * line["copies"]
    share = np.array([sum(one.wins[:halves]) for one in options]) / copies
    lived = np.array([one.lived for one in options]) / (2 * line["copies"])
    chance = float(share.mean())
    worth = share + SURVIVAL * (1 - chance) ** 4 * lived * _outnumbered(line)
    # Options are played with equal luck, which takes away about half of the variance of a difference.
    return worth - worth.mean(), 0.5 * max(chance * (1 - chance), 0.25 / copies) / copies


def _outnumbered(line: dict[str, Any]) -> bool:
    left, right = line["alive_left"], line["alive_right"]
    return bool((left - right if line["side"] == "CT" else right - left) <= -2)


def chance(line: dict[str, Any]) -> float:
    """How often the round is won, over all that was tried at the moment."""
    options = options_of(line)
    if not options:
        return 1.0  # nobody is left to lose against
    wins = sum(sum(one.wins) for one in options) + sum(line["usual"])
    return float(wins / (2 * line["copies"] * (len(options) + 1)))


def centred(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows - rows.mean(axis=0))


def _rows(line: dict[str, Any], options: Sequence[Option]) -> np.ndarray:
    return _features(line, [one.behavior for one in options])


def _features(line: dict[str, Any], behaviors: Sequence[Mapping[str, Any]]) -> np.ndarray:
    scene = scene_features(line)
    return np.stack([np.outer(behavior_features(one), scene).ravel() for one in behaviors])


def behavior_features(one: Mapping[str, Any]) -> np.ndarray:
    """Directions one by one and together, how the fight begins, and each grenade."""
    move, aim = one["movement_direction"], one["objective_direction"]
    began, delay = bool(one["initiated_engagement"]), float(one["engagement_delay"])
    thrown = one["utility_used"]
    ways = [move == 1, move == -1, aim == 1, aim == -1, move == aim == 1, move == aim == -1, move == aim == 0]
    fights = [began, began and delay >= 0.4, not began and delay >= 0.9]
    return np.array([*ways, *fights, *(word in thrown for word in ("smoke", "flash", "molotov", "he"))], float)


def scene_features(line: dict[str, Any]) -> np.ndarray:
    """What the frame shows, in figures of about unit size."""
    state = visible_state(line)
    mates, enemies = state["alive_teammates"], state["alive_enemies"]
    ct, planted = state["player_side"] == "CT", state["bomb_status"] == "planted"
    clock = state["round_clock"]
    seconds = 60.0 if clock is None else int(clock.split(":")[0]) * 60 + int(clock.split(":")[1])
    site = str(state["place_name"] or "").startswith("Bombsite")
    health = (state["player_health"] or 0) / 100
    rifle = state["weapon_primary"] is not None
    lead = np.clip((mates + 1 - enemies) / 2, -1.5, 1.5)
    freeze = state["round_phase"] == "freeze"
    few, outdone = mates == 0, mates + 1 - enemies <= -2
    long = not planted and seconds > 75
    late = not planted and not freeze and seconds <= 40
    return np.array(
        [
            1.0, ct, planted, ct and planted, not ct and planted, lead, ct * lead, planted * lead, mates == 0,
            enemies <= 1, health, rifle, state["weapon_primary"] == "AWP", site, site and ct, late, late and ct, freeze,
            state["bomb_status"] == "carried", seconds / 115, (mates + enemies) / 9, state["player_armor"] == 0,
            outdone, outdone and ct, outdone and planted and ct, outdone and few, few and not ct, health <= 0.3,
            health <= 0.3 and planted, long, long and ct, site and planted,
        ],
        float,
    )  # fmt: skip
