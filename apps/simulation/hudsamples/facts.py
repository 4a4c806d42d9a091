"""Made-up moments for HUD samples: every value anew and by itself, so that none can be guessed from another."""

import random
from dataclasses import dataclass, replace

from apps.simulation.happenings import Bomb, Kill
from apps.simulation.hudsamples.words import FINISHES, PLACES, unheard_place
from apps.simulation.items import Item, Place, all_items
from apps.simulation.recording import Moment, PlayerState, Rules

TICK = 10_000
_BY_PLACE = {place: [thing for thing in all_items() if thing.place is place] for place in Place}
_SIDES = ("CT", "T")
MENU, OVER, WATCHING = "buy_menu", "round_over", "dead_or_spectating"


@dataclass(frozen=True)
class Facts:
    """``watcher``: on whose screen ``player`` is seen, when that one is dead; ``menu``: the buy menu is open."""

    moment: Moment
    player: PlayerState
    watcher: PlayerState | None
    menu: bool


def made_up(dice: random.Random) -> Facts:
    """One moment, with the screen of one of its players."""
    rules = _rules(dice)
    bomb = _bomb(dice, rules.phase)
    over = rules.phase == "over"
    side = "T" if over and bomb else dice.choice(_SIDES)
    players = {slot: _player(dice, slot, _SIDES[slot % 2]) for slot in range(10)}
    if rules.phase != "freeze":
        players |= {slot: replace(players[slot], health=0) for slot in _fallen(dice)}
    if over and (bomb or dice.random() < 0.6):  # most rounds end with a whole side dead
        players |= {slot: replace(players[slot], health=0) for slot in range(1 - _SIDES.index(side), 10, 2)}
    if rules.phase == "planted":  # without a counter-terrorist the round would be over
        players[0] = replace(players[0], health=_health(dice))
    own = dice.choice([slot for slot in players if players[slot].side == side])
    players[own] = replace(players[own], health=_health(dice))
    watcher = None
    if rules.phase in ("live", "planted") and dice.random() < 0.06:
        watcher = dice.choice([one for one in players.values() if one.side == side and one.slot != own])
        watcher = players[watcher.slot] = replace(watcher, health=0)
    menu = rules.phase == "freeze" and watcher is None and dice.random() < 0.5
    feed = tuple(_kill(dice, players, own) for _ in range(dice.choice((0, 0, 1, 2, 3, 4))))
    return Facts(Moment(TICK, players, rules, kill_feed=feed, bomb=bomb), players[own], watcher, menu)


def _bomb(dice: random.Random, phase: str | None) -> Bomb | None:
    """A planted one: while it ticks, and after a round whose last counter-terrorist fell beside it."""
    if phase == "planted" or (phase == "over" and dice.random() < 0.45):
        return Bomb("planted", TICK - dice.randrange(2_600), site=dice.choice("AB"))
    return None


def _fallen(dice: random.Random) -> list[int]:
    """Slots of the dead: each number of living is as likely on each side, none included."""
    return [slot for side in (0, 1) for slot in dice.sample(range(side, 10, 2), dice.randint(0, 5))]


def _rules(dice: random.Random) -> Rules:
    phase = dice.choices(("freeze", "live", "planted", "over", "warmup"), (20, 50, 13, 15, 2))[0]
    clock = dice.uniform(0, 20) if phase == "freeze" else dice.uniform(0, 115 if dice.random() < 0.7 else 300)
    top = dice.choice((3, 9, 13, 13, 30))
    scores = dice.randint(0, top), dice.randint(0, top)
    # The panel that says who won comes a second after the end and leaves before the next round.
    winner = None if dice.random() < 0.3 else dice.choice(_SIDES)
    return Rules(phase, None if phase == "over" else clock, *scores, sum(scores) + 1, winner=winner)


def _health(dice: random.Random) -> int:
    return 100 if dice.random() < 0.2 else dice.randint(1, 100)


def _player(dice: random.Random, slot: int, side: str) -> PlayerState:
    primary = dice.choice(_BY_PLACE[Place.PRIMARY]) if dice.random() < 0.75 else None
    pistol = dice.choice(_BY_PLACE[Place.PISTOL]) if dice.random() < 0.95 else None
    melee = dice.choice(_BY_PLACE[Place.MELEE]) if dice.random() < 0.15 else None
    grenades = dice.choices(_BY_PLACE[Place.GRENADE], k=dice.choice((0, 0, 1, 1, 2, 3, 4)))
    bomb = _BY_PLACE[Place.BOMB][0] if side == "T" and dice.random() < 0.25 else None
    held: list[Item] = [thing for thing in (primary, pistol, melee, *grenades, bomb) if thing is not None]
    active = dice.choice([primary or pistol, primary or pistol, pistol, *held]) if held else None
    shooting = active is not None and active.clip > 0
    return PlayerState(
        slot=slot,
        name=dice.choice(("BOT Wesley", "s1mple", "player", "Jupiter", "Zed", "xX_long_name_Xx", "Ünal", "ropz")),
        side=side,
        x=dice.uniform(-1500, 1500),
        y=dice.uniform(-1500, 1500),
        z=0.0,
        yaw=dice.uniform(0, 360),
        pitch=0.0,
        health=_health(dice),
        armor=dice.choice((0, 100, dice.randint(1, 100), dice.randint(1, 100))),
        has_helmet=dice.random() < 0.6,
        has_defuser=side == "CT" and dice.random() < 0.4,
        money=_money(dice),
        active_weapon=active.short if active else "knife",
        skin=dice.choice(FINISHES) if shooting and dice.random() < 0.35 else "",
        inventory=("knife", *(thing.short for thing in held)),
        clip=dice.randint(0, active.clip) if active is not None and shooting else None,
        reserve=_reserve(dice) if shooting else None,
        place=_place(dice),
        round_kills=dice.choice((0, 0, 0, 1, 2, 3)),
    )


def _place(dice: random.Random) -> str:
    """Often a name that no map has, so that names are read and not known by heart."""
    kind = dice.random()
    return "" if kind < 0.05 else unheard_place(dice) if kind < 0.4 else dice.choice(PLACES)


def _money(dice: random.Random) -> int:
    kind = dice.random()
    if kind < 0.5:
        return 50 * dice.randint(0, 320)
    return dice.randint(0, 16_000) if kind < 0.9 else dice.choice((0, 800, 16_000, 10_000, 65_535))


def _reserve(dice: random.Random) -> int:
    return 0 if dice.random() < 0.06 else dice.randint(0, dice.choice((30, 120, 120, 300)))


def _kill(dice: random.Random, players: dict[int, PlayerState], own: int) -> Kill:
    attacker, victim = dice.sample(list(players.values()), 2)
    by_own = dice.random() < 0.15
    attacker = players[own] if by_own else attacker
    ago = dice.randint(0, 60) if by_own else dice.randint(0, 300)
    weapon = dice.choice(_BY_PLACE[Place.PRIMARY]).short
    return Kill(
        TICK - ago, attacker.name, attacker.side, victim.name, victim.side, weapon, dice.random() < 0.4,
        attacker_slot=attacker.slot, victim_slot=victim.slot,
    )  # fmt: skip
