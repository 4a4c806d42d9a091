"""The comparison sees every value: whatever is changed in the truth after writing is reported, and only that."""

from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest

from apps.simulation.demofile.comparison import NOT_COMPARABLE, Reading, compare
from apps.simulation.demofile.writer import write_demo
from apps.simulation.truth.match import Header, MatchTruth, Participant
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import TRACKS, Tracks
from tests.integration.simulation.demofile.made import PLAYERS, small_match

COLUMNS = [
    (table, column)
    for table, schema in TABLES.items()
    for column in schema
    if f"{table}.{column}" not in NOT_COMPARABLE
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mutations") / "small.dem"
    write_demo(small_match(), path)
    return path


@pytest.fixture(scope="module")
def reading(written: Path) -> Reading:
    return Reading(written)


def with_track(truth: MatchTruth, name: str, row: int, column: int, value: object) -> MatchTruth:
    changed = {key: array.copy() for key, array in truth.tracks.fields.items()}
    changed[name][row, column] = value
    return replace(truth, tracks=Tracks(truth.tracks.ticks, changed))


def test_a_match_with_everything_comes_back_equal(written: Path):
    assert [str(one) for one in compare(small_match(), written)] == []


def test_one_changed_value_is_reported_with_field_tick_and_player(reading: Reading):
    truth = small_match()
    was = int(truth.tracks["health"][77, 2])
    found = reading.differences(with_track(truth, "health", 77, 2, was + 1))
    assert {one.field for one in found} == {"tracks.health", "snapshots.health"}
    assert {(one.tick, one.player, one.expected, one.found) for one in found} == {(77, "Cy (slot 4)", was + 1, was)}


def test_every_field_of_the_tracks_is_compared(reading: Reading):
    truth = small_match()
    rows = {name: 30 + 2 * number for number, name in enumerate(TRACKS)}
    for name, row in rows.items():
        was = truth.tracks[name][row, 0]
        other = {"active": -1, "team": 5 - int(was), "place": (int(was) + 1) % 3}.get(name, was + 1)
        truth = with_track(truth, name, row, 0, not was if truth.tracks[name].dtype == bool else other)
    found = {(one.field, one.tick) for one in reading.differences(truth)}
    unseen = [name for name, row in rows.items() if (f"tracks.{name}", row) not in found]
    assert unseen == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_of_the_tables_is_compared(reading: Reading, table: str, column: str):
    truth = small_match()
    rows = truth.tables[table]
    place = rows.height - 1 if table in ("plants", "rules", "flight") else min(1, rows.height - 1)
    changed = rows.with_columns(
        pl.when(pl.int_range(pl.len()) == place).then(_other(rows, column)).otherwise(pl.col(column)).alias(column)
    )
    found = reading.differences(replace(truth, tables={**truth.tables, table: changed.cast(dict(rows.schema))}))
    assert found, f"nobody sees another {column}"


def _other(rows: pl.DataFrame, column: str) -> pl.Expr:
    """Another value of the same kind that the game knows as well."""
    kind = rows.schema[column]
    if kind == pl.Boolean:
        return ~pl.col(column)
    if kind == pl.String:
        words = {"item": "taser", "kind": "decoy", "site": "B", "outcome": "exploded", "timeout": "t"}
        return pl.lit({"winner_side": "T", **words}[column])
    if column in ("owner", "thrower", "planter", "original_owner", "defuser", "slot"):
        return pl.when(pl.col(column) == 4).then(9).otherwise(4)
    if column in "xyz":
        return pl.col(column).fill_null(0.0) + 1.0
    return pl.when(pl.col(column) == 2).then(3).otherwise(2) if column == "side_0" else pl.col(column) + 1


@pytest.mark.parametrize("name", [one.name for one in fields(Header) if f"header.{one.name}" not in NOT_COMPARABLE])
def test_every_field_of_the_header_is_compared(reading: Reading, name: str):
    truth = small_match()
    value: object = ("Ducks", "Swans") if name == "rosters" else "other"
    assert reading.differences(replace(truth, header=replace(truth.header, **{name: value})))


@pytest.mark.parametrize("name", [one.name for one in fields(Participant) if one.name != "slot"])
def test_every_field_of_a_participant_is_compared_or_listed(reading: Reading, name: str):
    if f"participants.{name}" in NOT_COMPARABLE:
        return
    truth = small_match()
    value = {"name": "Eve", "steamid": 76561198000000009}[name]
    people = [replace(PLAYERS[0], **{name: value}), *PLAYERS[1:]]
    assert reading.differences(replace(truth, participants=people))


def test_every_event_is_compared(reading: Reading):
    truth = small_match()
    found = {one.field for one in reading.differences(replace(truth, events=[]))}
    assert {one.name for one in truth.events} - found == set()


def test_a_convar_is_compared(reading: Reading):
    found = reading.differences(replace(small_match(), convars={"mp_maxrounds": "30", "mp_c4timer": "40"}))
    assert [(one.field, one.expected, one.found) for one in found] == [("convars.mp_maxrounds", "30", "24")]
