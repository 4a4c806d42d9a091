"""One recording → Parquet tables and a summary; what cannot be read costs only itself and becomes a sentence.

Never imported by the web process: awpy is loaded here, and a broken file may take the whole process with it.
"""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from awpy import Demo

from apps.demos.parsing import events, header, rounds, rules, salvage, states
from apps.demos.parsing.header import Rejected

Report = Callable[[float, str], None]
Result = TypeVar("Result")
# The parser can only decode all entities of a recording at once, some 200 rows a tick; beyond this many ticks that
# would not fit into the memory a parse may use, and the rules table is built from rounds and events instead.
MAX_ENTITY_TICKS = 40_000
LOST_STATES = (
    "The players’ positions could not be decoded: this recording comes from a game version the parser does not know. "
    "There is no replay, and no frames can be captured from it."
)
LOST_RULES = (
    "The state of the game (rounds, clock, score) could not be decoded; the recording shows as one partial round."
)


@dataclass
class Summary:
    """What ``summary.json`` holds: the values of the Demo, Round and Player rows."""

    map_name: str = ""
    server_name: str = ""
    recorded_by: str = ""
    build_number: int | None = None
    tick_rate: float = 64.0
    first_tick: int = 0
    last_tick: int = 0
    has_positions: bool = False
    warnings: list[str] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    players: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)  # name → rows


class Importer:
    """Reads one recording into a folder. ``lost`` collects the names of what could not be read."""

    def __init__(self, path: Path, folder: Path, report: Report) -> None:
        self._path, self._folder, self._report = path, folder, report
        self._summary = Summary()
        self._lost: list[str] = []

    def run(self) -> Summary:
        """Write the tables and return the summary.

        Raises:
            Rejected: nothing worth keeping can be read.
        """
        demo = self._open()
        self._report(0.2, "Reading player states")
        players = self._attempt("player states", lambda: states.read(demo))
        self._report(0.45, "Reading events")
        tables = {name: self._attempt(words, partial(events.read, demo, name)) for name, words in events.TABLES.items()}
        if players is None:
            self._without_states(demo, tables)
            return self._summary
        self._report(0.6, "Reading rounds and the clock")
        self._with_states(demo, players, tables)
        return self._summary

    def _open(self) -> Demo:
        """The recording, cut at its last whole command if it is damaged, once it is known to be CS2."""
        self._report(0.05, "Looking at the file")
        extent = salvage.measure_file(self._path)
        head = self._path.open("rb").read(header.HEAD_BYTES)
        header.check_head(head, extent.size)
        facts = self._facts(self._path)
        header.check_game(facts)
        if extent.is_complete:
            return Demo(str(self._path))
        if extent.packets == 0:
            raise Rejected(
                f"The file is cut off before the match data. Its header is readable ({header.describe(facts)}), "
                "nothing else. Download it again; nothing was kept."
            )
        whole = self._folder.parent / "whole.dem"
        salvage.cut(self._path, whole, extent.whole)
        self._summary.warnings.append(
            f"The file is cut off: everything after tick {extent.last_tick} "
            f"({extent.last_tick / self._summary.tick_rate:.1f} s) is missing."
        )
        return Demo(str(whole))

    def _facts(self, path: Path) -> dict[str, Any]:
        try:
            demo = Demo(str(path))
            facts: dict[str, Any] = demo.header
            rate = float(demo.tick_rate)
        except BaseException as error:
            _note(error)
            raise Rejected("The file is damaged: not even its header can be read. Nothing was kept.") from error
        self._summary.map_name = str(facts.get("map_name") or "")[:100]
        self._summary.server_name = str(facts.get("server_name") or "")[:255]
        self._summary.recorded_by = str(facts.get("client_name") or "")[:255]
        self._summary.build_number = facts.get("build_num") or None
        self._summary.tick_rate = rate if 1 <= rate <= 1024 else 64.0
        ticks = int(facts.get("playback_ticks") or 0)
        self._summary.last_tick = ticks if 0 < ticks < 2**30 else 0
        return facts

    def _attempt(self, words: str, read: Callable[[], Result]) -> Result | None:
        try:
            return read()
        except BaseException as error:
            _note(error)
            self._lost.append(words)
            return None

    def _without_states(self, demo: Demo, tables: dict[str, pl.DataFrame | None]) -> None:
        """Keep what needs no entities; a file of which not even game events can be read is damaged."""
        try:
            raw = events.read_raw(demo)
        except BaseException as error:
            _note(error)
            raise Rejected(
                f"The file is damaged. Its header is readable ({self._summary.map_name or 'no map name'}), "
                "the match is not. Download it again; nothing was kept."
            ) from error
        self._summary.warnings.append(LOST_STATES)
        found = [f"{raw[f'raw_{name}'].height} {words}" for name, words in events.RAW.items() if f"raw_{name}" in raw]
        if found:
            self._summary.warnings.append(f"Read without positions: {', '.join(found)}.")
        self._summary.first_tick = min(1, self._summary.last_tick)
        for name, table in {**raw, **{name: table for name, table in tables.items() if table is not None}}.items():
            self._write(name, table)
        self._finish_rounds([], None)

    def _with_states(self, demo: Demo, players: pl.DataFrame, tables: dict[str, pl.DataFrame | None]) -> None:
        if players.is_empty():
            raise Rejected("Nobody plays in this recording: it holds no player with a side. Nothing was kept.")
        self._summary.has_positions = True
        self._summary.first_tick, self._summary.last_tick = int(players["tick"].min()), int(players["tick"].max())  # type: ignore[arg-type]
        whole = rounds.with_scores(
            rounds.whole(self._attempt("rounds", lambda: demo.rounds)), players.select("tick", "slot", "side")
        )
        entities = self._entities(demo)
        known = self._rules(demo, whole, entities, tables["bomb"], players)
        self._report(0.8, "Writing tables")
        people = player_rows(players)
        for name, table in tables.items():
            if table is not None:
                self._write(name, events.with_slots(table, people))
        self._write("player_states", states.with_ammunition(players, entities))
        self._summary.players = people.to_dicts()
        self._finish_rounds(whole, known)

    def _entities(self, demo: Demo) -> pl.DataFrame | None:
        if self._summary.last_tick - self._summary.first_tick > MAX_ENTITY_TICKS:
            return None
        try:
            table: pl.DataFrame = demo.ticks(list(rules.ENTITY_FIELDS), players_only=False)
        except BaseException as error:
            _note(error)
            return None
        return table

    def _rules(
        self,
        demo: Demo,
        whole: list[rounds.RoundRow],
        entities: pl.DataFrame | None,
        bomb: pl.DataFrame | None,
        players: pl.DataFrame,
    ) -> pl.DataFrame | None:
        first, last, rate = self._summary.first_tick, self._summary.last_tick, self._summary.tick_rate
        known = None if entities is None else rules.from_entities(entities, tick_rate=rate)
        if known is not None:
            known = rules.with_carriers(rules.with_bomb_events(known, bomb), players)
        elif whole:
            length = rules.round_time_s(self._summary.map_name, self._convars(demo))
            known = rules.from_rounds(whole, bomb, first_tick=first, last_tick=last, tick_rate=rate, length_s=length)
            known = rules.with_carriers(known, players)
        else:
            self._summary.warnings.append(LOST_RULES)
            self._lost = [words for words in self._lost if words != "rounds"]
        self._write("rules", rules.unknown(first, last) if known is None else known)
        return known

    def _convars(self, demo: Demo) -> dict[str, str]:
        return self._attempt("server settings", lambda: dict(demo.convars)) or {}

    def _finish_rounds(self, whole: list[rounds.RoundRow], known: pl.DataFrame | None) -> None:
        first, last = self._summary.first_tick, self._summary.last_tick
        rows = rounds.with_pieces(whole, known, first_tick=first, last_tick=last)
        self._summary.rounds = [asdict(row) for row in rows]
        lost = [words for words in self._lost if words != "player states"]  # has a sentence of its own
        if lost:
            what = "Could not be read" if self._summary.has_positions else "Missing for want of positions"
            self._summary.warnings.append(f"{what}: {', '.join(lost)}.")

    def _write(self, name: str, table: pl.DataFrame) -> None:
        table.write_parquet(self._folder / f"{name}.parquet", compression="zstd", statistics=True)
        self._summary.tables[name] = table.height


def player_rows(table: pl.DataFrame) -> pl.DataFrame:
    """One row per slot of a states table: slot, steamid, name, is_bot, first_side."""
    return (
        table.sort("tick")
        .group_by("slot")
        .agg(
            pl.col("steamid").max(),
            pl.col("name").last().fill_null("").str.slice(0, 150),
            pl.col("side").first().alias("first_side"),
        )
        .with_columns(is_bot=pl.col("steamid") == 0)
        .sort("slot")
    )


def _note(error: BaseException) -> None:
    """The technical reason goes to the job's log. A panic of the parser is no Exception, so everything is caught."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise error
    print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
