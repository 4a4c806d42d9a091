"""What must hold in every truth, however it was forged."""

import numpy as np
import polars as pl

from apps.simulation.forging.copies import LIVES, PEOPLE, SLOTS
from apps.simulation.truth.match import MatchTruth


def contradictions(truth: MatchTruth) -> list[str]:
    """Sentences about what does not fit; empty where all is well."""
    return [*_times(truth), *_people(truth), *_weapons(truth)]


def _times(truth: MatchTruth) -> list[str]:
    found = []
    ticks = set(truth.tracks.ticks.tolist())
    order = [event.tick for event in truth.events]
    if order != sorted(order):
        found.append("events out of order")
    found += [f"{one.name} on the missing tick {one.tick}" for one in truth.events if one.tick not in ticks]
    for name in LIVES:
        if truth.tables[name].filter(pl.col("from_tick") >= pl.col("to_tick")).height:
            found.append(f"{name} without a life")
        if not set(truth.tables[name]["from_tick"].to_list()) <= ticks:
            found.append(f"{name} begin on ticks that are not there")
    for name in ("holders", "ammunition", "rules"):
        if not set(truth.tables[name]["tick"].to_list()) <= ticks:
            found.append(f"{name} change on ticks that are not there")
    if truth.tables["rules"].is_empty() or truth.tables["rules"]["tick"][0] > truth.tracks.ticks[0]:
        found.append("the rules are not known from the first tick on")
    return found


def _people(truth: MatchTruth) -> list[str]:
    found = []
    slots = {person.slot for person in truth.participants}
    for name, columns in SLOTS.items():
        for column in columns:
            if not set(truth.tables[name][column].to_list()) <= slots | {-1}:
                found.append(f"{name}.{column} names nobody's slot")
    rows = truth.tracks.fields
    if (rows["health"][~rows["connected"]] > 0).any():
        found.append("somebody lives who is not connected")
    for event in truth.events:
        for key in PEOPLE:
            slot = event.fields.get(key, -1)
            if slot != -1 and slot not in slots:
                found.append(f"{event.name}.{key} is {slot}, nobody's slot")
        if event.name == "player_death":
            victim = truth.column(int(event.fields["userid"]))
            if rows["health"][truth.tracks.row(event.tick), victim] != 0:
                found.append(f"who dies on tick {event.tick} lives on")
    return found


def _weapons(truth: MatchTruth) -> list[str]:
    """What is in somebody's hand exists, and is theirs by the table of holders."""
    found = []
    lives = {row[0]: row[1:] for row in truth.tables["weapons"].select("id", "from_tick", "to_tick").iter_rows()}
    held = {
        int(key[0]): (rows["tick"].to_numpy(), rows["owner"].to_numpy())
        for key, rows in truth.tables["holders"].group_by(["id"], maintain_order=True)
    }
    for row in range(0, len(truth.tracks.ticks), 61):
        tick = int(truth.tracks.ticks[row])
        for column, person in enumerate(truth.participants):
            weapon = int(truth.tracks["active"][row, column])
            if weapon < 0:
                continue
            if weapon not in lives or not lives[weapon][0] <= tick < lives[weapon][1]:
                found.append(f"{person.slot} holds {weapon} on tick {tick}, which is not there")
                continue
            ticks, owners = held[weapon]
            if owners[np.searchsorted(ticks, tick, side="right") - 1] != person.slot:
                found.append(f"{person.slot} has {weapon} in hand on tick {tick}, which is another's")
    return found
