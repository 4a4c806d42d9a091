"""A match's truth held against what the importer read out of its recording: every difference as a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.match import rules
from apps.demos.parsing.match.stretches import REASONS
from apps.simulation.truth.match import MatchTruth, Team

PIECES = ("before_recording", "cut")  # to us: rounds that count, in part
SAMPLE = 4  # ticks: inferred things may be as early
SLACK = 40  # ticks: what happens in a gap of the recording is recorded after it


@dataclass(frozen=True)
class Read:
    """What an import wrote: ``summary.json`` and the folder of its tables."""

    summary: dict[str, Any]
    tables: Path

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.tables / f"{name}.parquet")


def stretches(truth: MatchTruth) -> list[dict[str, Any]]:
    """The rows of ``rounds`` of which anything was recorded; ``start`` is when that began, ``score`` is (CT, T)."""
    first = int(truth.tracks.ticks[0])
    rows = []
    for row in truth.tables["rounds"].iter_rows(named=True):
        over = row["official_end_tick"] or row["end_tick"]
        if over is None or over > first:
            ct = 0 if row["side_0"] == Team.CT else 1
            scores = (row["score_0"], row["score_1"])
            rows.append(
                {**row, "start": max(row["start_tick"], first), "ct": ct, "score": (scores[ct], scores[1 - ct])}
            )
    return rows


def round_faults(truth: MatchTruth, read: Read) -> list[str]:
    """Where stretches, their verdicts, numbers, decisions, scores, sites and economy differ."""
    known, found = stretches(truth), read.summary["rounds"]
    if [one["start"] for one in known] != [row["start_tick"] for row in found] and not _close(known, found):
        return [f"stretches begin at {[row['start_tick'] for row in found]}, not {[one['start'] for one in known]}"]
    flipped = _flip(known, found)
    faults = []
    for one, row in zip(known, found, strict=True):
        faults += [f"{one['start']}: {fault}" for fault in _faults_of(truth, one, row, flipped=flipped)]
    return faults


def _close(known: list[dict[str, Any]], found: list[dict[str, Any]]) -> bool:
    pairs = zip(known, found, strict=False)
    return len(known) == len(found) and all(0 <= row["start_tick"] - one["start"] <= SLACK for one, row in pairs)


def _flip(known: list[dict[str, Any]], found: list[dict[str, Any]]) -> bool:
    """Whether the truth's roster 0 is our 1: of a recording that begins after half-time."""
    pairs = zip(known, found, strict=True)
    return next((one["ct"] != row["ct_roster"] for one, row in pairs if one["not_counted"] != "warmup"), False)


def _faults_of(truth: MatchTruth, one: dict[str, Any], row: dict[str, Any], *, flipped: bool) -> Iterator[str]:
    piece = one["not_counted"] in PIECES
    warmup = one["not_counted"] == "warmup"
    expected: dict[str, Any] = {
        "not_counted": "" if piece else one["not_counted"],
        "is_partial": piece,
        "winner_side": one["winner_side"],
        "end_reason": REASONS.get(one["reason_code"], ""),
    }
    if not warmup:
        expected["ct_roster"] = 1 - one["ct"] if flipped else one["ct"]
        expected["score_ct"], expected["score_t"] = one["score"]
        expected["bomb_site"] = one["bomb_site"]
    if one["winner_roster"] >= 0:
        expected["winner_roster"] = 1 - one["winner_roster"] if flipped else one["winner_roster"]
    if one["not_counted"] == "":
        expected["number"] = one["number"]
        expected |= _wealth(truth, one)
    for name, value in expected.items():
        if row[name] != value:
            yield f"{name} is {row[name]!r}, not {value!r}"
    began_before = one["start_tick"] < one["start"]
    for name in ("freeze_end_tick", "end_tick", "official_end_tick"):
        value = one[name]
        if value is None or warmup or (began_before and name == "freeze_end_tick"):
            continue
        if row[name] is None or not -SAMPLE <= row[name] - value <= SLACK:
            yield f"{name} is {row[name]}, not {value}"


def _wealth(truth: MatchTruth, one: dict[str, Any]) -> dict[str, int]:
    """Equipment and money of the sides at the end of freeze time."""
    row = truth.tracks.row(one["freeze_end_tick"])
    of = {person.slot: int(truth.tracks["team"][row, truth.column(person.slot)]) for person in truth.participants}
    rows = truth.tables["economy"].filter(pl.col("number") == one["number"])
    found: dict[str, int] = {}
    for word, team in (("ct", Team.CT), ("t", Team.T)):
        ours = rows.filter(pl.col("slot").is_in([slot for slot, playing in of.items() if playing == team]))
        found[f"equipment_{word}"] = int(ours["equipment_value"].sum())
        found[f"money_{word}"] = int(ours["money_freeze_end"].sum())
    return found


def rule_faults(truth: MatchTruth, read: Read, *, inferred: bool = False) -> list[str]:
    """Where phase, clock or score differ at the recorded ticks. Of an interrupted freeze time the clock is unknown."""
    head = read.summary
    ticks = pl.DataFrame({"tick": truth.tracks.ticks.astype(np.int32)})
    begun = head["rounds"][0]["start_tick"]
    ours = rules.every_tick(read.table("rules"), head["first_tick"], head["last_tick"], head["tick_rate"])
    phase = (
        pl.when("warmup").then(pl.lit("warmup")).when("freeze").then(pl.lit("freeze"))
        .when(pl.col("win_status") > 0).then(pl.lit("over")).when("bomb_planted").then(pl.lit("planted"))
        .otherwise(pl.lit("live"))
    )  # fmt: skip
    now = pl.col("tick") / 64
    theirs = truth.tables["rules"].unique("tick", keep="last", maintain_order=True).select(
        "tick", "round_start_s", "round_time_s", _phase=phase,
        _ct=pl.when(pl.col("side_0") == int(Team.CT)).then("score_0").otherwise("score_1"),
        _t=pl.when(pl.col("side_0") == int(Team.CT)).then("score_1").otherwise("score_0"),
    )  # fmt: skip
    both = (
        ticks.filter(pl.col("tick") >= begun)
        .join(ours, on="tick", how="left", maintain_order="left")
        .join_asof(theirs, on="tick", strategy="backward")
        .with_columns(
            _clock=pl.when(pl.col("_phase") == "freeze").then(pl.col("round_start_s") - now)
            .when(pl.col("_phase") == "live").then(pl.col("round_time_s") - (now - pl.col("round_start_s")))
        )
    )  # fmt: skip
    same = both.filter(pl.col("phase") == pl.col("_phase"))
    wrong = {
        "phase": both.filter(pl.col("phase").ne_missing(pl.col("_phase"))),
        "score": same.filter((pl.col("score_ct") != pl.col("_ct")) | (pl.col("score_t") != pl.col("_t"))),
        "clock": same.filter((pl.col("clock_s") - pl.col("_clock")).abs() > SLACK / 64),
        "no clock": same.filter(pl.col("clock_s").is_null(), pl.col("phase") == "live"),
    }
    lag = SLACK if _has_gaps(truth) else SAMPLE if inferred else 0  # ticks by which each change may be off
    changes = len(head["rounds"]) * 5
    return [
        f"{what} at {rows.height} ticks, the first {rows.row(0, named=True)}"
        for what, rows in wrong.items()
        if rows.height > (changes * lag if what in ("phase", "score") else 0)
    ]


def _has_gaps(truth: MatchTruth) -> bool:
    return bool((np.diff(truth.tracks.ticks) > 1).any())


def kill_faults(truth: MatchTruth, read: Read) -> list[str]:
    """Kills by victim, killer and weapon in order, of which the ticks may lie after a gap."""
    last = int(truth.tracks.ticks[-1])
    known = [
        (event.tick, int(event.fields["userid"]), int(event.fields["attacker"]))
        for event in truth.events
        if event.name == "player_death" and event.tick <= last
    ]
    rows = read.table("kills").sort("tick", maintain_order=True).select("tick", "victim_slot", "attacker_slot").rows()
    if len(rows) != len(known):
        return [f"{len(rows)} kills, not {len(known)}"]
    return [
        f"kill at {tick}: {row}, not {(victim, killer)}"
        for (tick, victim, killer), row in zip(known, rows, strict=True)
        if not 0 <= row[0] - tick <= SLACK or row[1] != victim or (row[2] is not None and row[2] != killer)
    ]


def position_faults(truth: MatchTruth, read: Read, *, samples: int = 200) -> list[str]:
    """Where somebody alive stands elsewhere, or is missing, at some of the ticks of the table of states."""
    states = read.table("player_states")
    ticks = np.intersect1d(states["tick"].unique().to_numpy(), truth.tracks.ticks)
    chosen = ticks[np.linspace(0, len(ticks) - 1, min(samples, len(ticks))).astype(int)]
    rows = states.filter(pl.col("tick").is_in(chosen.tolist()))
    placed = {(tick, slot): (x, y, z, health) for tick, slot, x, y, z, health in rows.select(
        "tick", "slot", "x", "y", "z", "health").iter_rows()}  # fmt: skip
    faults = []
    for tick in chosen.tolist():
        row = truth.tracks.row(tick)
        for column, person in enumerate(truth.participants):
            if not truth.tracks["connected"][row, column] or truth.tracks["health"][row, column] <= 0:
                continue
            spot = tuple(float(truth.tracks[axis][row, column]) for axis in "xyz")
            found = placed.get((tick, person.slot))
            if found is None:
                faults.append(f"{tick}: nobody in slot {person.slot}")
            elif max(abs(one - other) for one, other in zip(spot, found[:3], strict=True)) > 1.0:
                faults.append(f"{tick}: slot {person.slot} at {found[:3]}, not {spot}")
            elif found[3] != truth.tracks["health"][row, column]:
                faults.append(f"{tick}: slot {person.slot} has {found[3]} health")
    return faults
