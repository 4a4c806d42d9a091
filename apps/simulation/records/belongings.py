"""Weapons from purchases, shots and deaths.

Invented: everybody spawns with a knife and the side's pistol (or the one they are seen to shoot); a weapon somebody
shoots without having bought it is picked up half a second before, from the ground where one lies, else out of nowhere;
survivors keep their guns and unthrown grenades; magazines are counted by shots and reloaded when empty; the dead drop
their best gun. The bomb is the planter's all the time (of the first terrorist where nobody plants).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.simulation.records import vocabulary
from apps.simulation.records.conditions import REFUND_TICKS
from apps.simulation.records.facts import Buy, Facts, Kill, Round, Shot
from apps.simulation.records.score import Score
from apps.simulation.truth.match import Team

PICKUP_TICKS = 32
DRAW_TICKS = 16
PISTOLS = ("glock", "usp_silencer", "hkp2000")
SINGLE = ("primary", "pistol")  # of these only one is carried


@dataclass(eq=False)
class Thing:
    id: int
    item: str
    since: int
    first_owner: int
    clip: int = 0
    reserve: int = 0


@dataclass
class Hands:
    things: list[Thing] = field(default_factory=list)
    active: int = -1
    changed: int = -1  # the last tick on which something was noted

    def find(self, item: str) -> Thing | None:
        return next((thing for thing in self.things if thing.item == item), None)


class Armoury:
    """Follows everybody's weapons through the match and notes them."""

    def __init__(self, score: Score, facts: Facts) -> None:
        self.score, self.facts = score, facts
        self.hands = [Hands() for _ in facts.people]
        self.lying: list[Thing] = []

    def follow(self, spans: Sequence[tuple[Round, int]], died: dict[tuple[int, int], int], last: int) -> None:
        previous: Round | None = None
        for round_, until in spans:
            fresh = previous is None or previous.side_0 != round_.side_0 or previous.overtime != round_.overtime
            for thing in self.lying:
                self._end(round_.start, thing)
            self.lying = []
            shots = [one for one in self.facts.shots if round_.start <= one.tick < until]
            for who in range(len(self.facts.people)):
                self._spawn(round_, who, fresh, shots)
            self._bomb(round_, until, died)
            dead: set[int] = set()
            buys = [one for one in self.facts.buys if round_.start <= one.tick < until]
            kills = [one for one in self.facts.kills if round_.start <= one.tick < until]
            happenings: list[Buy | Shot | Kill] = [*buys, *shots, *kills]
            for one in sorted(happenings, key=lambda one: one.tick):
                self._happen(one, round_, until, dead)
            previous = round_
        for hands in self.hands:
            for thing in hands.things:
                self._end(last + 1, thing)
        for thing in self.lying:
            self._end(last + 1, thing)

    def _happen(self, one: Buy | Shot | Kill, round_: Round, until: int, dead: set[int]) -> None:
        if isinstance(one, Kill):
            if one.victim not in dead:
                dead.add(one.victim)
                self._fall(one.tick, one.victim)
        elif one.who in dead:
            return  # grenades go off, the dead buy nothing
        elif isinstance(one, Buy):
            self._buy(one, round_)
        else:
            self._shoot(one, until)

    def _side(self, round_: Round, who: int) -> Team:
        return round_.side_0 if self.facts.people[who].roster == 0 else Team(5 - round_.side_0)

    def _make(self, tick: int, item: str, who: int) -> Thing:
        thing = Thing(self.score.new_id(), item, tick, who, *vocabulary.magazine(item))
        self._take(tick, thing, who)
        if thing.clip:
            self.score.row("ammunition", tick, thing.id, thing.clip, thing.reserve)
        return thing

    def _take(self, tick: int, thing: Thing, who: int) -> None:
        hands = self.hands[who]
        kind = vocabulary.place(thing.item)
        for other in [one for one in hands.things if kind in SINGLE and vocabulary.place(one.item) == kind]:
            self._drop(tick, other, who)
        hands.things.append(thing)
        hands.changed = tick
        self.score.row("holders", tick, thing.id, who, None, None, None)

    def _drop(self, tick: int, thing: Thing, who: int) -> None:
        """On the ground; ``building`` fills in where its owner stood."""
        self.hands[who].things.remove(thing)
        self.lying.append(thing)
        self.score.row("holders", tick, thing.id, -1, float(who), None, None)
        if self.hands[who].active == thing.id:
            self._hold(tick, who, None)

    def _end(self, tick: int, thing: Thing) -> None:
        self.score.row("weapons", thing.id, thing.since, max(tick, thing.since + 1), thing.item, thing.first_owner)

    def _hold(self, tick: int, who: int, thing: Thing | None) -> None:
        hands = self.hands[who]
        wanted = -1 if thing is None else thing.id
        if wanted != hands.active:
            hands.active = wanted
            self.score.set(tick, who, "active", wanted)

    def _best(self, who: int) -> Thing | None:
        order = ("primary", "pistol", "knife", "other", "grenade", "bomb")
        return min(self.hands[who].things, key=lambda one: order.index(vocabulary.place(one.item)), default=None)

    def _spawn(self, round_: Round, who: int, fresh: bool, shots: list[Shot]) -> None:
        hands, side = self.hands[who], self._side(round_, who)
        for thing in list(hands.things):
            if fresh or thing.item == "c4":
                self._end(round_.start, thing)
                hands.things.remove(thing)
            elif thing.clip:
                thing.clip, thing.reserve = vocabulary.magazine(thing.item)
                self.score.row("ammunition", round_.start, thing.id, thing.clip, thing.reserve)
        knife = "knife_t" if side == Team.T else "knife"
        if hands.find(knife) is None:
            self._make(round_.start, knife, who)
        if not any(vocabulary.place(one.item) == "pistol" for one in hands.things):
            used = (one.item for one in shots if one.who == who and one.item in PISTOLS)
            self._make(round_.start, next(used, PISTOLS[0] if side == Team.T else PISTOLS[1]), who)
        hands.active = -2
        self._hold(round_.start, who, self._best(who))

    def _bomb(self, round_: Round, until: int, died: dict[tuple[int, int], int]) -> None:
        plants = [one for one in self.facts.bombs if one.what == "plant" and round_.start <= one.tick < until]
        begun = [one for one in self.facts.bombs if one.what == "begin_plant" and round_.start <= one.tick < until]
        named = [one.who for one in (*plants, *begun) if one.who >= 0]
        terrorists = [who for who in range(len(self.facts.people)) if self._side(round_, who) == Team.T]
        if not named and not terrorists:
            return
        who = named[0] if named else terrorists[0]
        bomb = Thing(self.score.new_id(), "c4", round_.start, who)
        self.score.row("holders", round_.start, bomb.id, who, None, None, None)
        end = plants[0].tick if plants else until
        death = died.get((round_.number, who))
        if death is not None and death < end:
            self.score.row("holders", death, bomb.id, -1, float(who), None, None)
        self._end(end, bomb)

    def _buy(self, buy: Buy, round_: Round) -> None:
        side = self._side(round_, buy.who)
        word = f"item_{buy.item}" if buy.item in vocabulary.WORN else f"weapon_{buy.item}"
        self.score.event(3, buy.tick, "item_purchase", userid=buy.who, team=int(side), loadout=0, weapon=word)
        if buy.item in vocabulary.WORN:
            return
        before = list(self.hands[buy.who].things)
        thing = self._make(buy.tick, buy.item, buy.who)
        self.score.event(4, buy.tick, "item_pickup", userid=buy.who, item=buy.item, silent=False)
        if buy.refunded:
            back = min(buy.tick + REFUND_TICKS, max(buy.tick + 1, round_.freeze_end - 1))
            hands = self.hands[buy.who]
            hands.things.remove(thing)
            self._end(back, thing)
            for old in [one for one in before if one not in hands.things]:
                self.lying.remove(old)
                hands.things.append(old)
                self.score.row("holders", back, old.id, buy.who, None, None, None)
        self._hold(buy.tick + 1, buy.who, self._best(buy.who))

    def _shoot(self, shot: Shot, until: int) -> None:
        hands = self.hands[shot.who]
        thing = hands.find(shot.item) or (self._knife(hands) if shot.item == "knife" else None)
        if thing is None:
            at = min(shot.tick, max(hands.changed + 1, shot.tick - PICKUP_TICKS))
            found = next((one for one in self.lying if one.item == shot.item and one.since < at), None)
            if found is not None:
                self.lying.remove(found)
                self._take(at, found, shot.who)
                thing = found
            else:
                thing = self._make(at, shot.item, shot.who)
            self.score.event(4, at, "item_pickup", userid=shot.who, item=shot.item, silent=False)
        if hands.active != thing.id:
            self._hold(min(shot.tick, max(hands.changed + 1, shot.tick - DRAW_TICKS)), shot.who, thing)
        hands.changed = shot.tick
        if vocabulary.place(shot.item) == "grenade":
            hands.things.remove(thing)
            self._end(shot.tick, thing)
            self._hold(shot.tick, shot.who, self._best(shot.who))
        elif thing.clip:
            self._spend(shot, thing, until)

    @staticmethod
    def _knife(hands: Hands) -> Thing | None:
        return hands.find("knife_t") or hands.find("knife")

    def _spend(self, shot: Shot, thing: Thing, until: int) -> None:
        size, most = vocabulary.magazine(thing.item)
        thing.clip -= 1
        self.score.row("ammunition", shot.tick, thing.id, thing.clip, thing.reserve)
        if thing.clip == 0:
            thing.clip = size
            thing.reserve = thing.reserve - size if thing.reserve > size else most
            self.score.row("ammunition", min(shot.tick + 1, until - 1), thing.id, thing.clip, thing.reserve)

    def _fall(self, tick: int, who: int) -> None:
        hands = self.hands[who]
        best = self._best(who)
        if best is not None and vocabulary.place(best.item) in SINGLE:
            self._drop(tick, best, who)
        for thing in hands.things:
            self._end(tick, thing)
        hands.things = []
        self._hold(tick, who, None)
