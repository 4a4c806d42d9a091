"""Moments that the simulation's ``advicesamples`` wrote: their labels, round context, and what their frame shows."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from apps.captures.hud.readings import weapon_name
from apps.captures.labelling.context import round_context
from apps.captures.labelling.recording import Recording, RoundFacts
from apps.captures.labelling.schema import section_schema
from apps.captures.labelling.state import game_state
from apps.demos.parsing.items import ITEMS, hud_name, item
from apps.training.datasets.chat import context_text

LIVE, FREEZE, MENU, WATCHING, OVER, NO_HUD = "live", "freeze", "menu", "watching", "over", "none"
_TICK_RATE = 64.0
_KINDS = {one.hud_name: one.kind for one in ITEMS.values()}
_SPARE_TICKS = 64 * 15  # of the recording after the moment, so that nothing about it depends on an edge


def read_lines(folder: Path) -> list[dict[str, Any]]:
    """The lines of all parts in the order of their numbers; a last line that was cut off is left out."""
    found = [text for part in folder.glob("labels-*.jsonl") for text in part.read_text().splitlines()]
    return sorted((json.loads(text) for text in found if text.endswith("}")), key=lambda line: line["file"])


def recording_of(truth: dict[str, Any]) -> Recording:
    """The facts of a line in the shape labels are made from: two ticks of everybody, and the round's events so far."""
    tick, start = truth["tick"], truth["round"]["freeze_end_tick"]
    rows = [{"tick": tick, **row} for row in truth["people"]]
    rows += [{"tick": start, **row} for row in truth["at_start"] if start != tick]
    facts = dict(truth["round"])
    return Recording(
        truth["map_name"],
        _TICK_RATE,
        truth["round"]["start_tick"],
        tick + _SPARE_TICKS,
        (RoundFacts(**facts),),
        pl.DataFrame([{**row, "steamid": 0, "yaw": 0.0, "pitch": 0.0} for row in rows], infer_schema_length=None),
        pl.DataFrame([{"tick": tick, **truth["rules"]}]),
        _frame([{**row, "weapon": hud_name(row["weapon"]) or row["weapon"]} for row in truth["kills"]]),
        None,
        _frame([{**row, "word": _word(row["kind"])} for row in truth["throws"]]),
        _frame(truth["bomb"]),
    )


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame | None:
    return pl.DataFrame(rows, infer_schema_length=None) if rows else None


def _word(kind: str) -> str:
    found = item(kind)
    return found.word if found else kind


def true_state(line: dict[str, Any]) -> dict[str, Any]:
    """``game_state`` as a captured frame of this moment would be labelled.

    Raises:
        LabelError: the player shown is dead.
    """
    return game_state(recording_of(line["truth"]), line["truth"]["tick"], line["truth"]["slot"])


def context_of(line: dict[str, Any], mode: str | None = None) -> str:
    """The round context that goes into the prompt: whole, without its current state, or none, as the line says."""
    mode = mode or line["context_mode"]
    if mode == "none" or line["kind"] == NO_HUD:
        return ""
    truth = line["truth"]
    recording = recording_of(truth)
    text = round_context(recording, recording.rounds[0], truth["tick"], truth["slot"])
    return context_text(text, "stripped" if mode == "stripped" else "full")


@cache
def fields() -> tuple[str, ...]:
    """The fields of ``game_state`` in the schema's order."""
    return tuple(section_schema("game_state")["properties"])


def visible_state(line: dict[str, Any]) -> dict[str, Any]:
    """``game_state`` as far as a reader of the HUD can tell: null for all else, never a guess.

    Only what stands there in letters and figures is read. Of the icons beside them, which are too small in the tile, a
    model learnt to invent grenades, kits and guns. The map stays null, for there is no radar in the tile; the bomb is
    known when it is planted or in hand. Who watches somebody else is shown that one's health and weapons: they are not
    the player's.
    """
    state: dict[str, Any] = dict.fromkeys(fields())
    if line["kind"] == NO_HUD:
        return state
    own, other = ("left", "right") if line["side"] == "CT" else ("right", "left")
    state |= {
        "round_phase": line["truth"]["rules"]["phase"],
        "player_side": line["side"],
        "player_money": line["money"],
        "alive_teammates": line[f"alive_{own}"] - (line["kind"] != WATCHING),
        "alive_enemies": line[f"alive_{other}"],
        "round_clock": line["clock"],
        "score_ct": line["score_left"],
        "score_t": line["score_right"],
        "bomb_status": "planted" if line["planted"] else None,
    }
    if line["kind"] in (WATCHING, MENU):
        return state
    held = weapon_name(line["weapon"])
    kind = _KINDS.get(held or "")
    if kind == "bomb" and not line["planted"]:
        state["bomb_status"] = "carried"
    return state | {
        "player_health": line["health"],
        "player_armor": line["armor"],
        "player_has_helmet": line["helmet"],
        "weapon_primary": held if kind == "primary" else None,
        "weapon_secondary": held if kind == "secondary" else None,
        "weapon_in_hand": held,
        "ammo_clip": line["clip"],
        "ammo_reserve": line["reserve"],
        "place_name": line["place"],
    }


@dataclass(frozen=True)
class Option:
    """A behaviour that was possible, with the wins in each half of its roll-outs."""

    behavior: dict[str, Any]
    wins: tuple[int, int]
    lived: int


def options_of(line: dict[str, Any]) -> list[Option]:
    """The valued choices of a line; none where there is nothing to decide."""
    return [Option(one["behavior"], tuple(one["wins"]), one["lived"]) for one in line.get("options", ())]
