"""Records of cs2-demo-viewer (a folder of ``meta.json`` and ``round_NN.json``) → a truth.

They hold positions and health once a second, kills, plants and how rounds ended; no damage, no shots, no economy: of
those the truth has none (kills come without damage). ``end_tick`` is where the next round begins, so the decision is
put seven seconds before it, or on the round's last kill where that is later. Defuses and explosions follow from the
reason, at the decision.
"""

import re
from pathlib import Path

from apps.simulation.match.rules import REASONS
from apps.simulation.records import vocabulary
from apps.simulation.records.building import build
from apps.simulation.records.facts import Bomb, Facts, Kill, Person, Round, Sighting
from apps.simulation.records.problems import (
    MAX_TICK,
    Row,
    bad,
    flag,
    number,
    one_of,
    read_json,
    rows,
    spot,
    text,
    tick,
    whole,
)
from apps.simulation.truth.match import TICK_RATE, MatchTruth, Team

RESTART_TICKS = 7 * TICK_RATE
_SIDES = {"ct": Team.CT, "t": Team.T}
_BASE_STEAMID = 76561198700000000  # the record tells none


def replay_viewer(folder: Path) -> MatchTruth:
    """The match in a folder.

    Raises:
        BadRecord: no such record, or something in it cannot be.
    """
    meta = read_json(folder / "meta.json")
    names = sorted(one.name for one in folder.iterdir() if re.fullmatch(r"round_\d{1,3}\.json", one.name))
    return build(facts_of(meta, [read_json(folder / name) for name in names]))


def facts_of(meta: Row, played: list[Row]) -> Facts:
    """The facts of a viewer's record.

    Raises:
        BadRecord: something is missing, of the wrong type, or out of all bounds.
    """
    if not played:
        bad("The record has no round.")
    people, index = _people(played[0])
    header = meta.get("header")
    facts = Facts(
        map_name=text(meta, "map_name"),
        server_name=text(header, "server_name", "") if isinstance(header, dict) else "",
        rosters=("Roster A", "Roster B"),
        people=people,
        rounds=[],
    )
    facts.kills = [_kill(row, index) for row in rows(meta, "kills")]
    score = (0, 0)
    for place, row in enumerate(played, 1):
        round_ = _round(row, place, people, index, facts.kills, score)
        facts.rounds.append(round_)
        _frames(row, index, facts)
        _bomb(row, round_, facts)
        score = (score[0] + 1, score[1]) if round_.winner == round_.side_0 else (score[0], score[1] + 1)
    return facts


def _first_frame(row: Row) -> list[Row]:
    frames = rows(row, "frames")
    return rows(frames[0], "players") if frames else bad("A round has no 'frames'.")


def _people(first: Row) -> tuple[list[Person], dict[str, int]]:
    """Everybody of the first round; who begins as CT is roster 0."""
    people: list[Person] = []
    index: dict[str, int] = {}
    for row in _first_frame(first)[:60]:
        name = text(row, "name")
        if name in index:
            bad(f"Two players are called {name!r}.")
        index[name] = len(people)
        people.append(Person(name, _BASE_STEAMID + len(people), 0 if one_of(row, "side", ("CT", "T")) == "CT" else 1))
    return people, index


def _round(
    row: Row, place: int, people: list[Person], index: dict[str, int], kills: list[Kill], score: tuple[int, int]
) -> Round:
    start, freeze_end, over = tick(row, "start_tick"), tick(row, "freeze_end"), tick(row, "end_tick")
    told = [one.tick for one in kills if start <= one.tick < over]
    side = Team.CT
    for player in _first_frame(row):
        who = index.get(text(player, "name"))
        if who is not None:
            own = Team[one_of(player, "side", ("CT", "T"))]
            side = own if people[who].roster == 0 else Team(5 - own)
            break
    decided = max([over - RESTART_TICKS, freeze_end + 1, *told])
    winner = _SIDES[one_of(row, "winner", ("ct", "t"))]
    reason = REASONS[one_of(row, "reason", tuple(REASONS))]
    overtime = 0 if place <= 24 else (place - 25) // 6 + 1
    return Round(place, start, freeze_end, min(decided, over - 1), over, side, winner, reason, score, overtime)


def _frames(row: Row, index: dict[str, int], facts: Facts) -> None:
    for frame in rows(row, "frames"):
        at = tick(frame)
        for player in rows(frame, "players"):
            who = index.get(text(player, "name"))
            if who is None:
                bad(f"{text(player, 'name')!r} was not there in the first round.")
            if not flag(player, "alive"):
                continue
            yaw = number(player, "yaw", -720, 720, 0.0)
            x, y, z = spot(player)
            facts.sightings.append(Sighting(who, at, x, y, z, (yaw + 180.0) % 360.0 - 180.0, 0.0))
            facts.health.append((at, who, whole(player, "hp", 0, 1000)))


def _kill(row: Row, index: dict[str, int]) -> Kill:
    victim = index.get(text(row, "victim_name"))
    if victim is None:
        bad(f"At tick {tick(row)} somebody is killed who is not among the players.")
    killer = index.get(text(row, "attacker_name", ""), -1)
    weapon = text(row, "weapon")
    word = {"molotov": "inferno", "incgrenade": "inferno", "c4": "planted_c4"}.get(weapon, weapon)
    return Kill(tick(row), killer, victim, -1, word if word in _KNOWN else vocabulary.item(word), flag(row, "headshot"))


_KNOWN = {*vocabulary.ITEMS.values(), "inferno", "planted_c4", "world"}


def _bomb(row: Row, round_: Round, facts: Facts) -> None:
    at = row.get("bomb_plant_tick")
    if at is None:
        return
    at = whole(row, "bomb_plant_tick", 0, MAX_TICK)
    site = one_of(row, "bomb_site", ("bombsite_a", "bombsite_b"))[-1].upper()
    seen = [one for one in facts.sightings if round_.start <= one.tick <= at]
    last = {one.who: one for one in sorted(seen, key=lambda one: one.tick)}
    side = {who: round_.side_0 if one.roster == 0 else Team(5 - round_.side_0) for who, one in enumerate(facts.people)}
    planter = next((who for who in last if side[who] == Team.T), -1)
    if planter < 0:
        return  # nobody to have planted it
    where = last[planter].x, last[planter].y, last[planter].z
    facts.bombs.append(Bomb("plant", at, planter, site, *where))
    after = {REASONS["bomb_defused"]: "defuse", REASONS["bomb_exploded"]: "explode"}.get(round_.reason)
    if after and round_.end > at:
        who = next((who for who in last if side[who] == Team.CT), -1) if after == "defuse" else planter
        facts.bombs.append(Bomb(after, round_.end, who, site, *where))
