"""One recording → Parquet tables, packs and a summary; what cannot be read costs only itself and becomes a sentence.

Never imported by the web process: awpy is loaded here, and a broken file may take the whole process with it. What each
phase found out lies in the work folder, whole or not at all, so that a second run goes on where the first one died;
``trying`` names what was under way.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from apps.demos.parsing import preview, storing
from apps.demos.parsing.match import account as accounts
from apps.demos.parsing.match.account import Account
from apps.demos.parsing.match.evidence import EVENTS, Evidence
from apps.demos.parsing.reading import ammunition, datasets, events, mending, opening, people, states
from apps.demos.parsing.reading.header import Rejected
from apps.demos.parsing.reading.opening import Head
from apps.demos.parsing.reading.units import UNITS

Say = Callable[..., None]
KEPT = ("rounds", "economy", "players", "convars", "keyframes")  # units the rounds are made out of, not stored
LOST_STATES = (
    "The players’ positions could not be decoded: this recording comes from a game version the parser does not know. "
    "There is no replay, and no frames can be captured from it."
)


@dataclass(frozen=True)
class Options:
    """What the import was asked for; written to ``options.json`` before the first phase."""

    every_tick: bool = False
    version: str = ""
    preview_bytes: int | None = None  # from this size on the first round is made watchable before the rest
    meshes: str = ""  # folder of awpy's downloads


@dataclass
class Gathered:
    """The outcome of the phase "datasets". ``lost`` holds words for sentences."""

    evidence: Evidence
    raw: dict[str, int] = field(default_factory=dict)  # rows of raw events kept for want of positions
    lost: list[str] = field(default_factory=list)


class Importer:
    """Reads one recording into ``work/tables``; ``say(progress=…, message=…)`` reports."""

    def __init__(self, recording: Path, work: Path, options: Options, say: Say) -> None:
        self._recording, self._work, self._options, self._say = recording, work, options, say
        self._tables = work / "tables"
        self._shelf = datasets.Shelf(work / "parts")

    def run(self) -> None:
        """Go through all phases that are not over yet. From ``summary.json`` on everything but the packs can be stored;
        ``packs.json`` ends it.

        Raises:
            Rejected: nothing worth keeping can be read.
        """
        self._tables.mkdir(parents=True, exist_ok=True)
        head = self.head()
        gathered = self._datasets(head, self._source(head))
        account = self._account(gathered)
        self._statistics(gathered, account)
        self._close(head, gathered, account)
        self._packs(gathered, account)

    def head(self) -> Head:
        """The first phase: what is known before the match is read."""
        known = storing.read_json(self._work / "head.json")
        if known is not None:
            return Head(**known)
        self._begin("head", 0.02, "Looking at the file")
        head = opening.look(self._recording, self._work)
        storing.write_json(self._work / "head.json", head.as_json())
        return head

    def unit(self, name: str) -> None:
        """Read one unit of the datasets in this process of its own."""
        try:
            self._shelf.put(name, datasets.read(self._source(self.head()), name, self._happened()))
        except BaseException as error:
            datasets.note(error)
            self._shelf.lose(name)

    def _happened(self) -> list[int]:
        """The ticks of the events that were read so far."""
        return datasets.event_ticks({unit: self._shelf.get(unit) for unit in UNITS if unit != "states"})

    def _begin(self, phase: str, fraction: float, message: str) -> None:
        (self._work / "trying").write_text(phase)
        self._say(progress=fraction, message=message)

    def _tell_reading(self, share: float, done: str) -> None:
        self._say(progress=0.1 + share * 0.55, message=f"Reading the match: {done} done")

    def _source(self, head: Head) -> datasets.Source:
        path = self._work / opening.WHOLE if head.cut else self._recording
        return datasets.Source(path, self._work, self._options.every_tick)

    def _preview(self, head: Head, source: datasets.Source) -> None:
        threshold = None if self._skipped("preview") else self._options.preview_bytes
        if threshold is None or source.path.stat().st_size < threshold or (self._work / "preview.json").exists():
            return
        (self._work / "trying").write_text("preview")
        try:
            found = preview.make(source, head, self._work / "preview")
        except BaseException as error:
            datasets.note(error)
            found = None
        storing.write_json(self._work / "preview.json", found)
        (self._work / "trying").write_text("datasets")
        if found is not None:
            self._say(preview=True)

    def _datasets(self, head: Head, source: datasets.Source) -> Gathered:
        known = storing.read_json(self._work / "datasets.json")
        if known is not None:
            return self._regathered(head, known)
        self._begin("datasets", 0.1, "Reading the match")
        if not self._shelf.is_complete():
            found = datasets.read_all(source, meanwhile=lambda: self._preview(head, source), tell=self._tell_reading)
            if mending.is_damaged(found) and mending.cut_before_damage(head, source, self._recording):
                storing.write_json(self._work / "head.json", head.as_json())
                found = datasets.read_all(self._source(head))
        else:  # a process died over them before
            found = {unit: self._shelf.get(unit) for unit in UNITS}
        return self._gathered(head, found)

    def _regathered(self, head: Head, known: dict[str, Any]) -> Gathered:
        """What an earlier run wrote."""
        players, tables = storing.read_tables(self._tables)
        one = {unit: (self._shelf.get(unit) or {}).get(unit) for unit in KEPT}
        raw = self._shelf.get("events") or {}
        evidence = evidence_of(head, one, raw, players, tables, *known["ticks"])
        return Gathered(evidence, known["raw"], known["lost"])

    def _gathered(self, head: Head, found: dict[str, datasets.Frames | None]) -> Gathered:
        """Put what was found into its final form and write it."""
        self._say(progress=0.5, message="Writing tables")
        lost = [words for unit, words in UNITS.items() if found[unit] is None]
        one = {unit: None if frames is None else frames.get(unit) for unit, frames in found.items()}
        raw = found["events"] or {}
        tables = {name: one[name] for name in events.TABLES}
        players = one["states"]
        if players is None:
            return self._without_states(head, one, raw, tables, lost)
        if players.is_empty():
            raise Rejected("Nobody plays in this recording: it holds no player with a side. Nothing was kept.")
        present = people.presence(players)
        slotted = {name: None if table is None else events.with_slots(table, present) for name, table in tables.items()}
        players = ammunition.fill(players, slotted, raw, one["keyframes"], tick_rate=head.tick_rate)
        storing.write_table(self._tables, "player_states", players)
        for name, table in slotted.items():
            if table is not None:
                storing.write_table(self._tables, name, table)
        first, last = int(players["tick"][0]), int(players["tick"][-1])
        return self._keep(
            head, one, raw, Gathered(evidence_of(head, one, raw, players, slotted, first, last), {}, lost)
        )

    def _without_states(
        self,
        head: Head,
        one: dict[str, pl.DataFrame | None],
        raw: datasets.Frames,
        tables: dict[str, pl.DataFrame | None],
        lost: list[str],
    ) -> Gathered:
        """Keep what needs no entities; a file of which not even game events can be read is damaged."""
        if "game events" in lost:
            raise Rejected(
                f"The file is damaged. Its header is readable ({head.map_name or 'no map name'}), "
                "the match is not. Download it again; nothing was kept."
            )
        kept = {f"raw_{name}": raw[name] for name in events.RAW if name in raw}
        for name, table in {**kept, **tables}.items():
            if table is not None:
                storing.write_table(self._tables, name, table)
        first = min(1, head.last_tick)
        last = head.last_tick if head.missing_after_tick is None else max(first, head.missing_after_tick)
        counts = {name: raw[name].height for name in events.RAW if name in raw}
        return self._keep(
            head, one, raw, Gathered(evidence_of(head, one, raw, states.empty(), tables, first, last), counts, lost)
        )

    def _keep(
        self, head: Head, one: dict[str, pl.DataFrame | None], raw: datasets.Frames, gathered: Gathered
    ) -> Gathered:
        for unit in KEPT:
            frame = one[unit]
            if frame is not None:
                self._shelf.put(unit, {unit: frame})
        self._shelf.put("events", raw)
        known = {
            "raw": gathered.raw,
            "lost": gathered.lost,
            "ticks": [gathered.evidence.first_tick, gathered.evidence.last_tick],
        }
        storing.write_json(self._work / "datasets.json", known)
        return gathered

    def _account(self, gathered: Gathered) -> Account:
        known = storing.read_json(self._work / "account.json")
        if known is not None:
            return storing.read_account(known, self._tables)
        self._begin("account", 0.65, "Making out rounds and scores")
        try:
            if self._skipped("account"):
                raise RuntimeError("making out the rounds ended the process before")
            account = accounts.account(gathered.evidence)
        except BaseException as error:
            datasets.note(error)
            account = fallback(gathered.evidence)
        storing.write_table(self._tables, "rules", account.rules)
        storing.write_json(self._work / "account.json", storing.account_json(account))
        return account

    def _statistics(self, gathered: Gathered, account: Account) -> None:
        if (self._work / "statistics.json").exists():
            return
        self._begin("statistics", 0.75, "Counting")
        problem = ""
        try:
            if self._skipped("statistics"):
                raise RuntimeError("counting the statistics ended the process before")
            counting = import_module("apps.demos.parsing.stats.statistics")
            table = counting.player_rounds(gathered.evidence, account)
            storing.write_table(self._tables, "player_rounds", table)
        except BaseException as error:
            datasets.note(error)
            problem = "The players’ statistics could not be counted."
        storing.write_json(self._work / "statistics.json", {"problem": problem})

    def _packs(self, gathered: Gathered, account: Account) -> None:
        self._begin("packs", 0.9, "Preparing the replay")
        problems = []
        if not gathered.evidence.states.is_empty():
            folder = self._work / "replay"
            folder.mkdir(exist_ok=True)
            problems = storing.write_packs(folder, gathered.evidence, account, meshes=self._options.meshes)
        for problem in problems:
            self._say(log=problem)
        storing.write_json(self._work / "packs.json", {"problems": problems})

    def _skipped(self, phase: str) -> bool:
        return (self._work / f"{phase}.skip").exists()

    def _close(self, head: Head, gathered: Gathered, account: Account) -> None:
        evidence = gathered.evidence
        players = people.rows(evidence.states, account.rosters)
        problem = (storing.read_json(self._work / "statistics.json") or {}).get("problem", "")
        warnings = [*head.warnings, *_sentences(gathered), *account.warnings, *([problem] if problem else [])]
        summary: dict[str, Any] = {
            "map_name": head.map_name,
            "server_name": head.server_name,
            "recorded_by": head.recorded_by,
            "build_number": head.build_number,
            "tick_rate": head.tick_rate,
            "missing_after_tick": head.missing_after_tick,
            "first_tick": evidence.first_tick,
            "last_tick": evidence.last_tick,
            "has_positions": not evidence.states.is_empty(),
            "warnings": warnings,
            "rounds": [asdict(row) for row in account.rounds],
            "teams": [asdict(row) for row in account.teams],
            "players": players.to_dicts(),
        }
        storing.write_json(self._work / "summary.json", summary)
        self._say(summary=True)


def evidence_of(
    head: Head,
    one: dict[str, pl.DataFrame | None],
    raw: datasets.Frames,
    players: pl.DataFrame,
    tables: dict[str, pl.DataFrame | None],
    first: int,
    last: int,
) -> Evidence:
    convars = one["convars"]
    return Evidence(
        map_name=head.map_name,
        tick_rate=head.tick_rate,
        first_tick=first,
        last_tick=last,
        convars={} if convars is None else dict(convars.iter_rows()),
        rounds=one["rounds"],
        economy=one["economy"],
        players=one["players"],
        events={name: raw[name] for name in EVENTS if name in raw},
        states=players,
        tables=tables,
        keyframes=one["keyframes"],
    )


def fallback(evidence: Evidence) -> Account:
    """Where no sense can be made of the rounds: the whole recording is one partial round."""
    from apps.demos.parsing.match import rounds, rules

    first, last = evidence.first_tick, evidence.last_tick
    row = rounds.RoundRow(ordinal=1, number=1, start_tick=first, freeze_end_tick=None, end_tick=last, is_partial=True)
    return Account([row], rules.unknown(first, first), [], {}, ["The rounds could not be made out."])


def _sentences(gathered: Gathered) -> list[str]:
    has_positions = not gathered.evidence.states.is_empty()
    sentences = []
    if not has_positions:
        sentences.append(LOST_STATES)
        found = [f"{gathered.raw[name]} {words}" for name, words in events.RAW.items() if name in gathered.raw]
        if found:
            sentences.append(f"What needs no positions was read and can be exported: {', '.join(found)}.")
    quiet = {"player states", "the state of the game", "server settings", "team names", "economy", "rounds"}
    lost = [words for words in gathered.lost if words not in quiet]
    if lost and has_positions:  # without them next to everything is, and the first sentence says why
        sentences.append(f"Could not be read: {', '.join(lost)}.")
    return sentences
