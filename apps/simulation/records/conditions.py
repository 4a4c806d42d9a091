"""Health, armour, money and statistics from the facts.

Invented: kill and round rewards reach the purse only with the next round's start money; the prices the analyser does
not tell are the buy menu's, and what they leave of a round's spending goes to the first purchase; a refund comes half
a second after its purchase; a kit is known only from its purchase; equipment is worth what the economy says at freeze
end and nothing is known of it before.
"""

from collections.abc import Sequence

from apps.simulation.records import vocabulary
from apps.simulation.records.facts import Buy, Damage, Facts, Round
from apps.simulation.records.score import Score
from apps.simulation.truth.match import Team

REFUND_TICKS = 32
LEAST_PRICE = 50  # of a decoy: a purchase is seen only where money falls


def suffer(score: Score, facts: Facts, spans: Sequence[tuple[Round, int]], died: dict[tuple[int, int], int]) -> None:
    """Health, armour, helmets and kits, for every round and person."""
    armor = [0] * len(facts.people)
    helmet, kit = [False] * len(facts.people), [False] * len(facts.people)
    previous: Round | None = None
    for round_, until in spans:
        fresh = previous is None or previous.side_0 != round_.side_0 or previous.overtime != round_.overtime
        for who in range(len(facts.people)):
            if fresh or (previous and (previous.number, who) in died):
                armor[who], helmet[who], kit[who] = 0, False, False
            hits = [one for one in facts.damages if one.victim == who and round_.start <= one.tick < until]
            bought = [one for one in facts.buys if one.who == who and round_.start <= one.tick < until]
            wears = _dress(score, round_, who, armor[who], helmet[who], kit[who], hits, bought)
            armor[who], helmet[who], kit[who] = wears
            _bleed(score, facts, round_, until, who, hits, died.get((round_.number, who)))
        previous = round_


def _dress(
    score: Score, round_: Round, who: int, armor: int, helmet: bool, kit: bool, hits: list[Damage], bought: list[Buy]
) -> tuple[int, bool, bool]:
    """Armour over a round: what is left, what is bought, and what the hits say it was before them."""
    score.set(round_.start, who, "armor", armor)
    score.set(round_.start, who, "has_helmet", helmet)
    score.set(round_.start, who, "has_defuser", kit)
    for buy in bought:
        if buy.refunded or buy.item not in vocabulary.WORN:
            continue
        if buy.item == "defuser":
            kit = True
            score.set(buy.tick, who, "has_defuser", True)
            continue
        armor, helmet = 100, helmet or buy.item == "assaultsuit"
        score.set(buy.tick, who, "armor", armor)
        score.set(buy.tick, who, "has_helmet", helmet)
    for hit in sorted(hits, key=lambda one: one.tick):
        if hit.armor_before != armor:
            score.set(min(round_.freeze_end, hit.tick), who, "armor", hit.armor_before)
        armor = hit.armor_after
        score.set(hit.tick, who, "armor", armor)
    return armor, helmet and armor > 0, kit


def _bleed(
    score: Score, facts: Facts, round_: Round, until: int, who: int, hits: list[Damage], death: int | None
) -> None:
    score.set(round_.start, who, "health", 100)
    for tick, reader, health in facts.health:
        if reader == who and round_.start <= tick < until and (death is None or tick < death):
            score.set(tick, who, "health", max(1, health))
    for hit in hits:
        if death is None or hit.tick < death:
            score.set(hit.tick, who, "health", hit.health_after)
    if death is not None:
        for name in ("health", "armor", "has_helmet", "has_defuser", "equipment_value"):
            score.set(death, who, name, 0)


def earn(score: Score, facts: Facts, spans: Sequence[tuple[Round, int]]) -> None:
    """Money, spending and equipment value, and the table ``economy``."""
    known = {(one.number, one.who): one for one in facts.economies}
    for round_, until in spans:
        for who in range(len(facts.people)):
            economy = known.get((round_.number, who))
            score.set(round_.start, who, "cash_spent", 0)
            if economy is None:
                continue
            bought = [one for one in facts.buys if one.who == who and round_.start <= one.tick < until]
            early = [one for one in bought if one.tick < round_.freeze_end]
            money = _pay(score, round_, who, economy.start, economy.spent, early)
            late = economy.spent
            for buy in (one for one in bought if one.tick >= round_.freeze_end and not one.refunded):
                price = min(money, vocabulary.price(buy.item))
                money, late = money - price, late + price
                score.set(buy.tick, who, "money", money)
                score.set(buy.tick, who, "cash_spent", late)
            left = max(0, economy.start - economy.spent)
            score.set(round_.freeze_end, who, "freeze_end_equipment_value", economy.equipment)
            score.set(round_.freeze_end, who, "equipment_value", economy.equipment)
            score.row("economy", round_.number, who, economy.start, left, economy.equipment, economy.spent)


def _pay(score: Score, round_: Round, who: int, start: int, spent: int, bought: list[Buy]) -> int:
    """The purse through freeze time, ``start`` at first and ``start - spent`` in the end; what is left."""
    kept = [buy for buy in bought if not buy.refunded]
    prices = {id(buy): vocabulary.price(buy.item) for buy in bought}
    rest = spent - sum(prices[id(buy)] for buy in kept)
    for buy in sorted(kept, key=lambda one: -prices[id(one)]):
        if rest < 0:
            less = min(-rest, prices[id(buy)] - LEAST_PRICE)
            prices[id(buy)] -= max(0, less)
            rest += max(0, less)
    purse: list[tuple[int, int]] = [(buy.tick, prices[id(buy)]) for buy in kept]
    if rest:
        purse.append((kept[0].tick if kept else max(round_.start + 1, round_.freeze_end - 16), rest))
    money, gone = start, 0
    score.set(round_.start, who, "money", money)
    for buy in (one for one in bought if one.refunded):
        back = min(buy.tick + REFUND_TICKS, round_.freeze_end - 1)
        purse += [(buy.tick, prices[id(buy)]), (back, -prices[id(buy)])]
    for tick, price in sorted(purse, key=lambda one: one[0]):
        money, gone = money - price, gone + price
        score.set(tick, who, "money", max(0, money))
        score.set(tick, who, "cash_spent", max(0, gone))
    return max(0, start - spent)


def count(score: Score, facts: Facts) -> None:
    """Kills, deaths and assists. Score is two a kill and one an assist; MVPs are not known."""
    totals = {name: [0] * len(facts.people) for name in ("kills", "deaths", "assists")}
    for kill in sorted(facts.kills, key=lambda one: one.tick):
        enemy = kill.killer >= 0 and facts.people[kill.killer].roster != facts.people[kill.victim].roster
        for name, who in (("kills", kill.killer if enemy else -1), ("deaths", kill.victim), ("assists", kill.assister)):
            if who >= 0:
                totals[name][who] += 1
                score.set(kill.tick, who, name, totals[name][who])
                score.set(kill.tick, who, "score", 2 * totals["kills"][who] + totals["assists"][who])


def take_sides(score: Score, facts: Facts, spans: Sequence[tuple[Round, int]], first: int) -> None:
    """Everybody is there all the time, on the side their roster plays."""
    for who, person in enumerate(facts.people):
        score.set(first, who, "connected", 1)
        for index, (round_, _) in enumerate(spans):
            side = round_.side_0 if person.roster == 0 else Team(5 - round_.side_0)
            score.set(first if index == 0 else round_.start, who, "team", int(side))
