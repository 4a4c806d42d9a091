"""Who sits on which slot: bots, substitutes, people who leave and come back, coaches, onlookers, too many players."""

from dataclasses import replace

import numpy as np
import polars as pl

from apps.simulation.forging.copies import PEOPLE, SLOTS, free_slots, players, with_events, with_people, with_tables
from apps.simulation.truth.match import Event, MatchTruth, Participant, Team
from apps.simulation.truth.tracks import NOTHING, Tracks

BOT_NAMES = ("Albert", "Bank", "Chet", "Dragon", "Eagle", "Fire", "Ghost", "Hank", "Ivan", "Jones")
GUEST_STEAMID = 76561198900000000
SUICIDE_TICKS = 192  # after freeze time


def round_starts(truth: MatchTruth) -> list[int]:
    """The first ticks of everything that looks like a round, in order."""
    return truth.tables["rounds"]["start_tick"].to_list()


# --- one person in another's place


def hand_over(truth: MatchTruth, slot: int, person: Participant, first: int, last: int | None = None) -> MatchTruth:
    """``person`` (new, or the holder of a free slot) plays what ``slot`` would have, from ``first`` up to ``last``.

    State, belongings, events and economy go over, with the statistics; whoever had the slot is gone meanwhile.
    """
    last = int(truth.tracks.ticks[-1]) + 1 if last is None else last
    if person.slot not in {one.slot for one in truth.participants}:
        truth = with_people(truth, [person], [{}])
    rows = (truth.tracks.ticks >= first) & (truth.tracks.ticks < last)
    fields = {name: array.copy() for name, array in truth.tracks.fields.items()}
    old, new = truth.column(slot), truth.column(person.slot)
    for name, array in fields.items():
        array[rows, new] = array[rows, old]
        array[rows, old] = NOTHING.get(name, 0)
    truth = replace(truth, tracks=Tracks(truth.tracks.ticks.copy(), fields))
    truth = _tables_over(truth, slot, person.slot, first, last)
    return with_events(truth, _events_over(truth, slot, person, first, last))


def _tables_over(truth: MatchTruth, slot: int, new: int, first: int, last: int) -> MatchTruth:
    tables = dict(truth.tables)
    for name, columns in SLOTS.items():
        for column, when in columns.items():
            hit = (pl.col(column) == slot) & (pl.col(when) >= first) & (pl.col(when) < last)
            tables[name] = tables[name].with_columns(pl.when(hit).then(new).otherwise(pl.col(column)).alias(column))
    rounds = tables["rounds"].filter(pl.col("number") > 0, pl.col("start_tick") >= first, pl.col("start_tick") < last)
    hit = (pl.col("slot") == slot) & pl.col("number").is_in(rounds["number"].implode())
    tables["economy"] = tables["economy"].with_columns(pl.when(hit).then(new).otherwise(pl.col("slot")).alias("slot"))
    over = [_carried(truth, tables["holders"], slot, new, first), _carried(truth, tables["holders"], new, slot, last)]
    tables["holders"] = pl.concat([tables["holders"], *over])
    return with_tables(truth, tables)


def _carried(truth: MatchTruth, holders: pl.DataFrame, giver: int, taker: int, tick: int) -> pl.DataFrame:
    """Rows with which everything ``giver`` still has just before ``tick`` goes to ``taker``."""
    before = holders.filter(pl.col("tick") < tick).unique(["id"], keep="last", maintain_order=True)
    alive = truth.tables["weapons"].filter(pl.col("to_tick") > tick, pl.col("from_tick") < tick)["id"]
    settled = holders.filter(pl.col("tick") == tick)["id"]
    mine = before.filter(
        pl.col("owner") == giver, pl.col("id").is_in(alive.implode()), ~pl.col("id").is_in(settled.implode())
    )
    return mine.with_columns(pl.lit(tick, pl.Int32).alias("tick"), pl.lit(taker, pl.Int16).alias("owner"))


def _events_over(truth: MatchTruth, slot: int, person: Participant, first: int, last: int) -> list[Event]:
    """The events with the slots exchanged, and the comings and goings before everything else of their tick."""
    leaver = truth.participants[truth.column(slot)]
    team = int(truth.tracks["team"][truth.tracks.row(first), truth.column(person.slot)])
    extra = [*_goes(truth, leaver, first), *_comes(person, team, first)]
    if last <= truth.tracks.ticks[-1]:
        team = int(truth.tracks["team"][truth.tracks.row(last), truth.column(slot)])
        extra += [Event(last, "player_disconnect", _leaving(person)), *_comes(leaver, team, last)]
    changed = [_renumbered(event, slot, person.slot) if first <= event.tick < last else event for event in truth.events]
    return [*extra, *changed]


def _renumbered(event: Event, slot: int, new: int) -> Event:
    if not any(key in event.fields and event.fields[key] == slot for key in PEOPLE):
        return event
    fields = {key: new if key in PEOPLE and value == slot else value for key, value in event.fields.items()}
    return replace(event, fields=fields)


def _goes(truth: MatchTruth, person: Participant, tick: int) -> list[Event]:
    """A disconnect, unless the person was away already."""
    row = max(0, truth.tracks.row(tick) - 1)
    if not truth.tracks["connected"][row, truth.column(person.slot)]:
        return []
    return [Event(tick, "player_disconnect", _leaving(person))]


def _leaving(person: Participant) -> dict[str, int | float | str | bool]:
    return {"userid": person.slot, "reason": 2, "name": person.name, "networkid": "", "xuid": person.steamid}


def _comes(person: Participant, team: int, tick: int) -> list[Event]:
    bot = person.is_bot
    return [
        Event(tick, "player_connect", {"userid": person.slot, "name": person.name, "networkid": "BOT" if bot else "",
                                       "xuid": person.steamid, "bot": bot}),
        Event(tick, "player_connect_full", {"userid": person.slot}),
        Event(tick, "player_team", {"userid": person.slot, "team": team, "oldteam": 0, "disconnect": False,
                                    "silent": False, "isbot": bot}),
    ]  # fmt: skip


# --- what people do with that


def bots(truth: MatchTruth, rng: np.random.Generator, count: int = 2) -> MatchTruth:
    """``count`` players were bots all along: steamid 0 and a bot's name."""
    chosen = {int(slot) for slot in rng.choice([one.slot for one in players(truth)], count, replace=False)}
    names = iter(rng.permutation(BOT_NAMES))
    people = [
        replace(one, is_bot=True, steamid=0, name=str(next(names))) if one.slot in chosen else one
        for one in truth.participants
    ]
    events = []
    for event in truth.events:
        if event.name in ("player_connect", "player_team") and event.fields.get("userid") in chosen:
            person = next(one for one in people if one.slot == event.fields["userid"])
            known: dict[str, int | float | str | bool] = {
                "name": person.name, "networkid": "BOT", "xuid": 0, "bot": True, "isbot": True,
            }  # fmt: skip
            event = replace(event, fields={**event.fields, **{k: v for k, v in known.items() if k in event.fields}})
        events.append(event)
    return replace(truth, participants=people, events=events)


def absences(truth: MatchTruth) -> list[tuple[int, int, int]]:
    """(slot, from tick, to tick) for everybody who is dead for over two seconds before a round begins."""
    found = []
    starts = [start for start in round_starts(truth)[1:] if start < truth.tracks.ticks[-1]]
    for start in starts:
        end = truth.tracks.row(start)
        for person in players(truth):
            alive = np.flatnonzero(truth.tracks["health"][:end, truth.column(person.slot)] > 0)
            if len(alive) and truth.tracks["connected"][end, truth.column(person.slot)]:
                died = int(truth.tracks.ticks[alive[-1]]) + 1
                if start - died > 192:
                    found.append((person.slot, died + 64, start))
    return found


def disconnect(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """Somebody leaves after dying and is back on the same slot when the next round begins.

    Raises:
        ValueError: nobody is dead for two seconds before another round.
    """
    slot, first, last = _choose(truth, rng)
    truth = _away(truth, slot, first, last)
    person = truth.participants[truth.column(slot)]
    team = int(truth.tracks["team"][truth.tracks.row(last), truth.column(slot)])
    going = [Event(first, "player_disconnect", _leaving(person)), *_comes(person, team, last)]
    return with_events(truth, [*going, *truth.events])


def reconnect(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """Somebody leaves after dying; a bot plays the next round for them; then they are back, on another slot.

    The bot goes on with the leaver's money, weapons and statistics, and so does the returned. Where no round is left
    after the bot's, they come back at once.

    Raises:
        ValueError: nobody is dead for two seconds before another round.
    """
    slot, first, last = _choose(truth, rng)
    person = truth.participants[truth.column(slot)]
    truth = _away(truth, slot, first, last)
    truth = with_events(truth, [Event(first, "player_disconnect", _leaving(person)), *truth.events])
    back = next((start for start in round_starts(truth) if start > last), None)
    seat, other = free_slots(truth, 2)
    if back is not None:
        bot = Participant(seat, str(rng.choice(BOT_NAMES)), 0, person.roster, is_bot=True)
        truth = hand_over(truth, slot, bot, last, None)
        return hand_over(truth, seat, replace(person, slot=other), back, None)
    return hand_over(truth, slot, replace(person, slot=other), last, None)


def substitute(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """Somebody new takes a player's place for good from the second round on.

    Raises:
        ValueError: there is no second round.
    """
    starts = round_starts(truth)[1:]
    if not starts:
        raise ValueError("The match has no second round in which somebody could come in.")
    everyone = players(truth)
    leaver = everyone[int(rng.integers(len(everyone)))]
    guest = Participant(free_slots(truth, 1)[0], "substitute", GUEST_STEAMID, leaver.roster)
    return hand_over(truth, leaver.slot, guest, int(starts[0]))


def _choose(truth: MatchTruth, rng: np.random.Generator) -> tuple[int, int, int]:
    found = absences(truth)
    if not found:
        raise ValueError("Nobody is dead for two seconds before another round, so nobody can leave unnoticed.")
    return found[int(rng.integers(len(found)))]


def _away(truth: MatchTruth, slot: int, first: int, last: int) -> MatchTruth:
    rows = (truth.tracks.ticks >= first) & (truth.tracks.ticks < last)
    fields = {name: array.copy() for name, array in truth.tracks.fields.items()}
    for name, array in fields.items():
        array[rows, truth.column(slot)] = NOTHING.get(name, 0)
    return replace(truth, tracks=Tracks(truth.tracks.ticks.copy(), fields))


# --- more people


def coaches(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """A coach for each roster: on its side all the time, never alive."""
    people, columns = [], []
    for roster, slot in enumerate(free_slots(truth, 2)):
        mate = truth.column(next(one.slot for one in players(truth) if one.roster == roster))
        steamid = GUEST_STEAMID + 10 + roster
        people.append(Participant(slot, f"coach {truth.header.rosters[roster]}", steamid, roster, is_coach=True))
        team = truth.tracks["team"][:, mate].copy()
        columns.append({"connected": np.ones(len(team), np.bool_), "team": team})
    truth = with_people(truth, people, columns)
    first = int(truth.tracks.ticks[0])
    coming = [
        event for one, column in zip(people, columns, strict=True)
        for event in _comes(one, int(column["team"][0]), first)
    ]  # fmt: skip
    return with_events(truth, [*coming, *truth.events])


def onlooker(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """A caster in the spectators' seats."""
    person = Participant(free_slots(truth, 1)[0], "caster", GUEST_STEAMID + 20, -1)
    count = len(truth.tracks.ticks)
    column = {"connected": np.ones(count, np.bool_), "team": np.full(count, int(Team.SPECTATOR))}
    truth = with_people(truth, [person], [column])
    return with_events(truth, [*_comes(person, 1, int(truth.tracks.ticks[0])), *truth.events])
