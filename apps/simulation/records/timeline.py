"""The course of a match from the facts: rules, rounds, plants, and the events of all of them."""

from collections.abc import Sequence

from apps.simulation.match.rules import REASONS
from apps.simulation.records.facts import Bomb, Facts, Round
from apps.simulation.records.score import Score
from apps.simulation.truth.match import TICK_RATE, Team

_WORDS = {code: word for word, code in REASONS.items()}
_SITES = {"A": 0, "B": 1}
HALF_TIME_TICKS = 32
ROUND_TIME_S = 115  # not told by the records


def tell(score: Score, facts: Facts, spans: Sequence[tuple[Round, int]], first: int) -> None:
    """Everything about rounds, the bomb, kills, damage, shots and chat."""
    opening = spans[0][0]
    score.row("rules", first, False, False, opening.number - 1, 0, 0, 2, False, *opening.score, int(opening.side_0),
              first / TICK_RATE, ROUND_TIME_S, False, "", 0)  # fmt: skip
    for who, person in enumerate(facts.people):
        score.event(0, first, "player_connect", userid=who, name=person.name, networkid="", xuid=person.steamid,
                    bot=person.steamid == 0)  # fmt: skip
        score.event(0, first, "player_connect_full", userid=who)
    after: Round | None = None
    for index, (round_, until) in enumerate(spans):
        following = spans[index + 1][0] if index + 1 < len(spans) else None
        bombs = sorted((one for one in facts.bombs if round_.start <= one.tick < until), key=lambda one: one.tick)
        plants = [one for one in bombs if one.what == "plant"]
        began = next(one for one in facts.rounds if one.overtime == round_.overtime).side_0
        _round(score, facts, round_, following, began, plants, until, after)
        _bombs(score, bombs, round_, until)
        after = round_
    _fights(score, facts)


def _round(
    score: Score, facts: Facts, round_: Round, following: Round | None, side: Team, plants: list[Bomb], until: int,
    after: Round | None,
) -> None:  # fmt: skip
    half = 2 if round_.side_0 == side else 3  # of regulation, or of the overtime that began with roster 0 on ``side``
    won = _after(round_)
    starts = round_.freeze_end / TICK_RATE

    def rules(tick: int, played: int, freeze: bool = False, planted: bool = False, over: bool = False,
              phase: int = half) -> None:  # fmt: skip
        points = won if over else round_.score
        how = (int(round_.winner), round_.reason) if over else (0, 0)
        score.row("rules", tick, False, freeze, played, *how, phase,
                  planted, *points, int(round_.side_0), starts, ROUND_TIME_S, False, "", round_.overtime)  # fmt: skip

    rules(round_.start, round_.number - 1, freeze=True)
    rules(round_.freeze_end, round_.number - 1)
    for plant in plants:
        if plant.tick < round_.end:
            rules(plant.tick, round_.number - 1, planted=True)
    rules(round_.end, round_.number, over=True)
    if following is None:
        rules(round_.official + 1, round_.number, over=True, phase=5)
    elif following.side_0 != round_.side_0:
        rules(max(round_.end + 1, following.start - HALF_TIME_TICKS), round_.number, over=True, phase=4)
    score.row(
        "rounds", round_.number, "", round_.start, round_.freeze_end, round_.end, round_.official,
        round_.winner.name, _winner(round_), _WORDS.get(round_.reason, f"reason_{round_.reason}"), round_.reason,
        int(round_.side_0), *round_.score, plants[0].site if plants else "", "", "",
    )  # fmt: skip
    _announce(score, facts, round_, following, after)


def _announce(score: Score, facts: Facts, round_: Round, following: Round | None, after: Round | None) -> None:
    if after is None or after.side_0 != round_.side_0:
        for who, person in enumerate(facts.people):
            own = round_.side_0 if person.roster == 0 else Team(5 - round_.side_0)
            score.event(1, round_.start, "player_team", userid=who, team=int(own), oldteam=0 if after is None else
                        5 - int(own), disconnect=False, silent=False, isbot=person.steamid == 0)  # fmt: skip
    if after is None:
        score.event(1, round_.start, "begin_new_match")
    score.event(1, round_.start, "round_prestart")
    score.event(1, round_.start, "round_start", timelimit=ROUND_TIME_S, fraglimit=0, objective="BOMB TARGET")
    for who in range(len(facts.people)):
        score.event(2, round_.start, "player_spawn", userid=who)
    score.event(2, round_.freeze_end, "round_freeze_end")
    score.event(12, round_.end, "round_end", winner=int(round_.winner), reason=round_.reason, message="", legacy=0,
                player_count=len(facts.people), nomusic=0)  # fmt: skip
    score.event(13, round_.official, "round_officially_ended")
    if following is None:
        score.event(14, round_.official + 1, "cs_win_panel_match")


def _winner(round_: Round) -> int:
    return 0 if round_.winner == round_.side_0 else 1


def _after(round_: Round) -> tuple[int, int]:
    first, second = round_.score
    return (first + 1, second) if _winner(round_) == 0 else (first, second + 1)


def _bombs(score: Score, bombs: list[Bomb], round_: Round, until: int) -> None:
    plant: Bomb | None = None
    for one in bombs:
        site = _SITES.get(one.site or (plant.site if plant else ""), 0)
        if one.what == "begin_plant":
            score.event(5, one.tick, "bomb_beginplant", userid=one.who, site=site)
            _in_zone(score, one.who, one.tick, until)
        elif one.what == "plant" and plant is None:
            plant = one
            score.event(5, one.tick, "bomb_planted", userid=one.who, site=site)
        elif one.what == "begin_defuse":
            score.event(5, one.tick, "bomb_begindefuse", userid=one.who, haskit=False)
        elif one.what in ("defuse", "explode") and plant is not None:
            event = "bomb_defused" if one.what == "defuse" else "bomb_exploded"
            score.event(5, one.tick, event, userid=one.who if one.what == "defuse" else plant.who, site=site)
            outcome, defuser = ("defused", one.who) if one.what == "defuse" else ("exploded", -1)
            _plant(score, plant, max(plant.tick + 1, one.tick), outcome, defuser)
            plant = None
            break
    if plant is not None:
        _plant(score, plant, max(plant.tick + 1, min(until, round_.official)), "round_over", -1)


def _in_zone(score: Score, who: int, tick: int, until: int) -> None:
    """Who plants stands in a bomb zone; of others it is not known."""
    if who >= 0:
        score.set(tick, who, "in_bomb_zone", 1)
        score.set(min(until, tick + 4 * TICK_RATE), who, "in_bomb_zone", 0)


def _plant(score: Score, plant: Bomb, to_tick: int, outcome: str, defuser: int) -> None:
    score.row("plants", plant.tick, to_tick, plant.site or "A", plant.who, defuser, outcome, plant.x, plant.y, plant.z)


def _fights(score: Score, facts: Facts) -> None:
    for shot in facts.shots:
        silenced = shot.item in ("m4a1_silencer", "usp_silencer", "mp5sd")
        score.event(8, shot.tick, "weapon_fire", userid=shot.who, weapon=f"weapon_{shot.item}", silenced=silenced)
    last: dict[tuple[int, int], tuple[int, int, int]] = {}
    for hit in facts.damages:
        score.event(
            9, hit.tick, "player_hurt", userid=hit.victim, attacker=hit.attacker, health=hit.health_after,
            armor=hit.armor_after, weapon=hit.weapon, dmg_health=hit.health, dmg_armor=hit.armor,
            hitgroup=hit.hitgroup,
        )  # fmt: skip
        last[hit.tick, hit.victim] = hit.health, hit.armor, hit.hitgroup
    for kill in facts.kills:
        health, armor, hitgroup = last.get((kill.tick, kill.victim), (0, 0, 0))
        score.event(
            10, kill.tick, "player_death", userid=kill.victim, attacker=kill.killer, assister=kill.assister,
            assistedflash=kill.assisted_flash, weapon=kill.weapon, headshot=kill.headshot,
            penetrated=kill.penetrated, noscope=kill.noscope, thrusmoke=kill.thrusmoke, attackerblind=kill.blind,
            distance=kill.distance, dmg_health=health, dmg_armor=armor, hitgroup=hitgroup,
        )  # fmt: skip
    for chat in facts.chats:
        score.event(11, chat.tick, "chat", userid=chat.who, text=chat.text, team_only=False)
