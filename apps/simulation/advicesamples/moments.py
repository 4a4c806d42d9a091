"""Moments of simulated matches to be advised at: living players in every phase, and screens that tell too little."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.hudsamples.facts import Facts
from apps.simulation.hudsamples.words import FINISHES, PLACES
from apps.simulation.items import Place, item
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.recording import Moment, PlayerState, Recording
from apps.simulation.rollouts.state import State, skills, state_at
from apps.simulation.staging import recording_of
from apps.simulation.truth.match import TICK_RATE, MatchTruth, Team

MAPS = ("de_quay", "de_stacks")
ROUNDS = 24
LIVE, FREEZE, MENU, WATCHING, OVER, NO_HUD = "live", "freeze", "menu", "watching", "over", "none"
_SHARES = {LIVE: 74, FREEZE: 8, MENU: 4, WATCHING: 6, OVER: 5, NO_HUD: 3}
_KEPT_NAMES = {"BombsiteA", "BombsiteB", "CTSpawn", "TSpawn"}  # every map has them
_RENAMED = 0.6  # of the samples have other place names: what is read must be copied, not known by heart
_TRIES = 60
_DECIDED = 3  # more alive on one side than on the other: whatever is done, little changes
_DECIDED_SHARE = 0.35  # of such moments are kept


@dataclass(frozen=True)
class Played:
    """A simulated match in the shapes of the roll-outs and of the simulated game."""

    truth: MatchTruth
    recording: Recording
    skill: np.ndarray

    @classmethod
    def of(cls, seed: int) -> "Played":
        """The match of that seed; maps and the sides' strength differ from match to match."""
        dice = random.Random(f"match:{seed}")  # noqa: S311 - a game
        skill = dice.uniform(0.35, 0.65), dice.uniform(0.35, 0.65)
        options = MatchOptions(map_name=dice.choice(MAPS), skill=skill, max_rounds=ROUNDS)
        truth = simulate_match(seed, options)
        return cls(truth, recording_of(truth), skills(seed, options))

    @cached_property
    def rounds(self) -> list[dict[str, Any]]:
        """Those that count and were played to their end."""
        kept = (pl.col("number") > 0) & pl.col("end_tick").is_not_null() & pl.col("freeze_end_tick").is_not_null()
        return self.truth.tables["rounds"].filter(kept).to_dicts()


@dataclass(frozen=True)
class Case:
    """One screen. ``state`` and ``column`` (of the tracks) are what roll-outs go on from; None where nothing is to do.

    ``moment`` is as shown: places and finishes may bear other names. From ``decided_at`` the next 15 s count.
    ``free``: the bomb is left to the CTs, nobody else is alive.
    """

    kind: str
    tick: int
    round: dict[str, Any]
    moment: Moment
    facts: Facts
    state: State | None = None
    column: int = -1
    decided_at: int = 0
    free: bool = False


def cases(played: Played, dice: random.Random) -> Iterator[Case]:
    """Endless: the next screen of the match, kinds in their shares."""
    while True:
        kind = dice.choices(list(_SHARES), list(_SHARES.values()))[0]
        found = next((case for _ in range(_TRIES) if (case := _case(played, kind, dice)) is not None), None)
        if found is not None:
            yield found


def _case(played: Played, kind: str, dice: random.Random) -> Case | None:
    row = dice.choice(played.rounds)
    start, end = row["freeze_end_tick"], row["end_tick"]
    if kind in (FREEZE, MENU):
        lead = (0.3, 3.0) if kind == FREEZE else (2.0, 12.0)
        tick = start - round(dice.uniform(*lead) * TICK_RATE)
    elif kind == OVER:
        tick = end + round(dice.uniform(0.3, 4.0) * TICK_RATE)
    else:
        tick = _live_tick(played, row, dice)
    moment = played.recording.at(tick)
    living = [player for player in moment.players.values() if player.alive]
    if not living or (kind == FREEZE and moment.rules.phase != "freeze"):
        return None
    side = dice.choice(sorted({one.side for one in living}))
    player = dice.choice([one for one in living if one.side == side])
    return _shown(played, kind, tick, row, moment, player, dice)


def _live_tick(played: Played, row: dict[str, Any], dice: random.Random) -> int:
    """Some tick of play; more often than by chance one with few alive, or with the bomb planted."""
    first, last = row["freeze_end_tick"] + TICK_RATE // 2, row["end_tick"] - TICK_RATE
    ticks = [dice.randint(first, max(first, last)) for _ in range(2)]
    plants = played.truth.tables["plants"].filter(pl.col("from_tick").is_between(first, last))["from_tick"].to_list()
    if plants and dice.random() < 0.4:
        return dice.randint(plants[0] + 1, max(plants[0] + 1, last))
    health = played.truth.tracks["health"]
    alive = [int((health[played.truth.tracks.row(tick)] > 0).sum()) for tick in ticks]
    return ticks[0] if dice.random() < 0.5 else min(zip(alive, ticks, strict=True))[1]


def _shown(
    played: Played, kind: str, tick: int, row: dict[str, Any], moment: Moment, player: PlayerState, dice: random.Random
) -> Case | None:
    watcher = None
    if kind == WATCHING:
        dead = [one.slot for one in moment.players.values() if one.side == player.side and not one.alive]
        if not dead:
            return None
        watcher = dice.choice(dead)
    moment = _renamed(moment, dice)
    player = _skinned(moment.players[player.slot], dice)
    moment = replace(moment, players={**moment.players, player.slot: player})
    facts = Facts(moment, player, None if watcher is None else moment.players[watcher], kind == MENU)
    case = Case(kind, tick, row, moment, facts)
    if kind not in (LIVE, FREEZE):
        return case
    at = max(tick, row["freeze_end_tick"])
    state = state_at(played.truth, at, played.skill)
    column = played.truth.column(player.slot)
    if state.planted and not len(state.living(Team.T)):
        return replace(case, free=True)
    both = len(state.living(Team.T)) and len(state.living(Team.CT))
    if not both or state.health[column] <= 0 or at >= row["end_tick"] - TICK_RATE // 2:
        return None
    lead = abs(len(state.living(Team.T)) - len(state.living(Team.CT)))
    if lead >= _DECIDED and dice.random() >= _DECIDED_SHARE:
        return None
    if kind == FREEZE and played.recording.at(at).players[player.slot].inventory != player.inventory:
        return None  # still buying: what is shown is not what the player goes out with
    return replace(case, state=state, column=column, decided_at=at)


def _renamed(moment: Moment, dice: random.Random) -> Moment:
    """The same with other place names, in most samples."""
    if dice.random() >= _RENAMED:
        return moment
    names = sorted({one.place for one in moment.players.values()} - _KEPT_NAMES - {""})
    others = dict(zip(names, dice.sample(PLACES, len(names)), strict=True))
    players = {slot: replace(one, place=others.get(one.place, one.place)) for slot, one in moment.players.items()}
    return replace(moment, players=players)


def _skinned(player: PlayerState, dice: random.Random) -> PlayerState:
    held = item(player.active_weapon) if player.active_weapon else None
    if held is None or held.place not in (Place.PRIMARY, Place.PISTOL) or dice.random() >= 0.3:
        return player
    return replace(player, skin=dice.choice(FINISHES))
