"""What a player may do at a moment, and how often the side wins with each: a few behaviours that differ as plans do."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from apps.simulation.rollouts.behaviour import Behaviour, behaviour_of, goals
from apps.simulation.rollouts.play import play
from apps.simulation.rollouts.shown import shown_behaviour
from apps.simulation.rollouts.state import UTILITY, State
from apps.simulation.truth.match import MatchTruth

DEFUSE = Behaviour(0, 1, initiated_engagement=False, engagement_delay=1.0)  # with nobody left to stop it
_FIGHTS = {1: ((True, 0.2), (True, 0.6)), 0: ((True, 0.2), (False, 0.2)), -1: ((False, 0.2), (False, 1.0))}
_QUIETLY = ((False, 0.2),)  # onto the site or the bomb without looking for a fight
_THROWING_WAYS = ((1, 1), (0, 0), (1, 0), (0, 1), (1, -1))  # the first that the map allows takes the grenades


@dataclass(frozen=True)
class Valued:
    """Wins of the player's side per option and half of the roll-outs (options × 2), of ``copies`` each.

    ``usual`` is what the simulated player does when nobody gives orders; ``shown`` what this one really did, and
    ``shown_option`` the option that stands for it.
    """

    options: list[Behaviour]
    wins: np.ndarray
    lived: np.ndarray
    usual: tuple[int, int]
    copies: int
    shown: dict[str, Any]
    shown_option: int


def options_at(state: State, player: int) -> list[Behaviour]:
    """Every pair of directions that the map allows with two ways to fight, and each grenade in hand once."""
    ways = [(move, aim) for move in (1, 0, -1) for aim in (1, 0, -1) if _leads_somewhere(state, player, move, aim)]
    if (0, 0) not in ways:
        ways.append((0, 0))  # staying is always possible
    found = [
        Behaviour(move, aim, initiated_engagement=began, engagement_delay=delay)
        for move, aim in ways
        for began, delay in (*_FIGHTS[move], *(_QUIETLY if move == aim == 1 else ()))
    ]
    throwing = next((way for way in _THROWING_WAYS if way in ways), (0, 0))
    for index, word in enumerate(UTILITY):
        if state.grenades[player, index] > 0 and word != "decoy":
            found.append(Behaviour(*throwing, frozenset({word})))
            if word == "smoke" and throwing != (0, 0):
                found.append(Behaviour(0, 0, frozenset({word}), initiated_engagement=False))
    return found


def _leads_somewhere(state: State, player: int, move: int, aim: int) -> bool:
    return len(goals(state, player, Behaviour(move, aim, initiated_engagement=move > 0))) > 0


def valued(truth: MatchTruth, tick: int, state: State, player: int, copies: int, seed: int) -> Valued:
    """Play every option on from ``state`` with equal luck, ``copies`` times in each half."""
    options = options_at(state, player)
    shown = shown_behaviour(truth, tick, state, player)
    did = behaviour_of(shown)
    held = {word for index, word in enumerate(UTILITY) if state.grenades[player, index] > 0}
    did = replace(did, utility_used=did.utility_used & held)
    if did not in options:
        options.append(did)
    played = play(state, player, [*options, None], 2 * copies, seed)
    won = played.winner == state.side[player]
    halves = np.stack([won[:, :copies].sum(axis=1), won[:, copies:].sum(axis=1)], axis=1)
    usual = int(halves[-1, 0]), int(halves[-1, 1])
    lived = played.survived[:-1].sum(axis=1)
    return Valued(options, halves[:-1], lived, usual, copies, shown, options.index(did))
