"""Open a ``.dem`` with awpy and bring it into the shape the simulated game plays from."""

from pathlib import Path

import polars as pl
from awpy import Demo

from apps.simulation.layouts.catalogue import NAMES
from apps.simulation.reading_ammunition import clip_changes, with_ammunition
from apps.simulation.reading_entities import rules_of
from apps.simulation.reading_happenings import happenings_of
from apps.simulation.reading_players import Unmatched, players_of
from apps.simulation.reading_rounds import rules_from_rounds
from apps.simulation.recording import Recording

# A longer recording holds too many entities to ask each of them at every tick (half an hour: 20 million rows).
# Those we write hold few and are small: the ammunition can be had there (but not a dozen fields of the rules besides).
MOST_ENTITY_TICKS = 40_000
MOST_TICKS_OF_FEW_ENTITIES = 250_000
FEW_BYTES = 300  # a tick; the game's own recordings have two thousand


class UnreadableRecording(Exception):
    """The file is no recording this client can play; the message says why."""


def read(path: Path) -> Recording:
    """Read the whole recording once.

    Raises:
        UnreadableRecording: not a CS2 recording, damaged, or without a single player.
    """
    try:
        demo = Demo(str(path))
        map_name = demo.header.get("map_name") or ""
        rate = float(demo.tick_rate)
        # Before the players are in memory: this needs the most of it.
        changes = clip_changes(demo) if _can_be_asked(demo, map_name, path) else pl.DataFrame()
        players = players_of(demo)
    except Unmatched as error:
        raise UnreadableRecording(str(error)) from error
    except Exception as error:  # awpy's own errors share no base class
        raise UnreadableRecording(str(error)) from error
    if players.is_empty():
        raise UnreadableRecording("the recording holds no player")
    happenings = happenings_of(demo, players)
    starts = happenings.tables.get("rounds")
    players = with_ammunition(players, changes, starts["tick"].to_list() if starts is not None else [])
    rules: pl.DataFrame | None = None
    ticks = players["tick"].n_unique()
    if ticks <= MOST_ENTITY_TICKS:
        rules = rules_of(demo)
    if rules is None or rules["phase"].null_count() == rules.height:
        rules = rules_from_rounds(demo, players, map_name)
    return Recording(map_name, rate, players.drop("weapon_entity", "steamid"), rules, happenings)


def _can_be_asked(demo: Demo, map_name: str, path: Path) -> bool:
    """Whether every entity at every tick fits into memory."""
    ticks = int(demo.header.get("playback_ticks") or 0)  # 0 where the recording was cut off
    few = map_name in NAMES or path.stat().st_size < FEW_BYTES * ticks
    return 0 < ticks <= (MOST_TICKS_OF_FEW_ENTITIES if few else MOST_ENTITY_TICKS)
