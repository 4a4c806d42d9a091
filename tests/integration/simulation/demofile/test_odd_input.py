"""Whatever the truth holds: a recording that awpy reads back equal, or a sentence and no file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.simulation.demofile.comparison import compare
from apps.simulation.demofile.writer import WriteOptions, write_demo
from apps.simulation.truth.match import Event, Header, MatchTruth, Participant, Team
from apps.simulation.truth.tables import TABLES, empty
from apps.simulation.truth.tracks import TRACKS, Tracks, blank
from tests.integration.simulation.demofile.made import small_match
from tests.integration.simulation.demofile.test_mutations import with_track

any_text = st.text(st.characters(), max_size=90)  # half surrogate pairs and NULs too
plain_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
few = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def written_or_refused(truth: MatchTruth, folder: Path) -> str:
    """ "" where the recording was written and reads back equal, else the sentence it was refused with."""
    path = folder / "odd.dem"
    path.unlink(missing_ok=True)
    said = ""
    try:
        write_demo(truth, path)
    except ValueError as error:
        said = str(error)
    if said:
        assert list(folder.iterdir()) == []
        assert said.endswith("."), "a sentence"
        return said
    assert [one.name for one in folder.iterdir()] == ["odd.dem"]
    assert [str(one) for one in compare(truth, path, 3)] == []
    return ""


def bare(ticks: np.ndarray, people: list[Participant], places: tuple[str, ...] = ("",)) -> MatchTruth:
    tracks = blank(ticks, len(people))
    tracks.fields["connected"][:] = True
    tracks.fields["health"][:] = 100
    tracks.fields["team"][:] = Team.CT
    return MatchTruth(Header("de_quay", ("a", "b")), 0, people, list(places), {}, tracks)


@few
@given(
    names=st.lists(any_text, max_size=4), header=st.lists(any_text, min_size=5, max_size=5), place=any_text,
    convars=st.dictionaries(plain_text, plain_text, max_size=3), said=any_text,
)  # fmt: skip
def test_any_text(tmp_path: Path, names: list[str], header: list[str], place: str, convars: dict[str, str], said: str):
    people = [Participant(slot, name, 76561198000000000 + slot, 0) for slot, name in enumerate(names)]
    truth = bare(np.arange(4), people, ("", place))
    truth.tracks.fields["place"][2:] = 1
    truth.header = Header(header[0], (header[1], header[2]), header[3], header[4])
    truth.convars = convars
    truth.events = [Event(1, "chat", {"userid": -1, "text": said, "team_only": False})]
    assert written_or_refused(truth, tmp_path) == ""


@few
@given(
    gaps=st.lists(st.integers(1, 5_000), max_size=12), first=st.integers(0, 2**30), players=st.integers(0, 3),
    at_once=st.integers(1, 5),
)  # fmt: skip
def test_any_ticks(tmp_path: Path, gaps: list[int], first: int, players: int, at_once: int):
    ticks = first + np.cumsum([0, *gaps])
    people = [Participant(60 + number, f"p{number}", 76561198000000000 + number, 0) for number in range(players)]
    assert written_or_refused(bare(ticks, people), tmp_path) == ""
    path = tmp_path / "keyframes.dem"
    write_demo(bare(ticks, people), path, WriteOptions(rows_at_once=at_once))
    assert [str(one) for one in compare(bare(ticks, people), path, 3)] == []
    path.unlink()


@few
@given(st.data())
def test_any_values_in_the_tracks(tmp_path: Path, data: st.DataObject):
    people = [Participant(slot, f"p{slot}", 2**64 - 1 - slot, slot % 2) for slot in (0, 63)]
    truth = bare(np.arange(3), people, ("", "here"))
    for name, kind in TRACKS.items():
        info = np.iinfo(kind) if np.issubdtype(kind, np.integer) else None
        values: st.SearchStrategy[object] = st.booleans()
        if info is not None:
            values = st.one_of(st.integers(0, 3), st.integers(int(info.min), int(info.max)))
        elif kind is np.float32:
            values = st.one_of(st.floats(-180, 180, width=32), st.floats(width=32))
        if data.draw(st.integers(0, 7)) == 0 or kind is np.bool_:
            truth.tracks.fields[name][data.draw(st.integers(0, 2)), data.draw(st.integers(0, 1))] = data.draw(values)
    written_or_refused(truth, tmp_path)


def with_row(name: str, **values: object) -> Callable[[MatchTruth], MatchTruth]:
    def change(truth: MatchTruth) -> MatchTruth:
        table = truth.tables[name]
        row = {**table.row(0, named=True), **values}
        more = pl.concat([pl.DataFrame([row], schema=TABLES[name]), table[1:]])
        return replace(truth, tables={**truth.tables, name: more})

    return change


def without_flight(number: int) -> Callable[[MatchTruth], MatchTruth]:
    def change(truth: MatchTruth) -> MatchTruth:
        return replace(truth, tables={**truth.tables, "flight": truth.tables["flight"].filter(pl.col("id") != number)})

    return change


def with_event(name: str, tick: int = 5, **values: int | float | str | bool) -> Callable[[MatchTruth], MatchTruth]:
    return lambda truth: replace(truth, events=[Event(tick, name, values), *truth.events])


def tracked(name: str, value: object) -> Callable[[MatchTruth], MatchTruth]:
    return lambda truth: with_track(truth, name, 12, 0, value)


REFUSED = {
    "nowhere": (tracked("x", np.nan), "x of slot 0 at tick 12"),
    "very far": (tracked("y", 3e9), "farther"),
    "endless fall": (tracked("vz", -np.inf), "vz of slot 0"),
    "dizzy": (tracked("yaw", 1e9), "whole turn"),
    "fifth team": (tracked("team", 7), "four teams"),
    "unknown place": (tracked("place", 99), "place of slot 0"),
    "priceless": (tracked("equipment_value", -1), "equipment_value"),
    "somebody's weapon": (tracked("active", 12345), "not there"),
    "unknown weapon": (with_row("weapons", item="railgun"), "railgun"),
    "weapon twice": (with_row("weapons", id=11), "twice"),
    "negative id": (with_row("weapons", id=-5), "least"),
    "nobody's weapon": (with_row("holders", id=999), "999"),
    "less than empty": (with_row("ammunition", clip=-3), "clip"),
    "unsaid tick": (with_row("weapons", from_tick=None), "from_tick"),
    "unknown grenade": (with_row("projectiles", kind="nuke"), "nuke"),
    "no way": (without_flight(100), "100 flies"),
    "lost smoke": (with_row("smokes", x=float("nan")), "no number"),
    "third site": (with_row("plants", site="C"), "'C'"),
    "odd end": (with_row("plants", outcome="vanished"), "vanished"),
    "no side": (with_row("rules", side_0=0), "side_0"),
    "disorder": (with_row("rules", tick=50), "order"),
    "unknown event": (with_event("player_teleport"), "player_teleport"),
    "unknown key": (with_event("player_jump", height=3), "height"),
    "nobody jumps": (with_event("player_jump", userid=33), "nobody's slot"),
    "no byte": (with_event("player_hurt", userid=0, health=300), "0 to 255"),
    "no number": (with_event("hegrenade_detonate", userid=0, x=float("nan")), "no number"),
    "text for a number": (with_event("player_hurt", userid=0, health="many"), "no number"),
    "events in disorder": (with_event("player_jump", tick=500, userid=0), "comes after"),
    "stranger talks": (with_event("chat", userid=44, text="hi"), "nobody's slot"),
    "no tick": (lambda truth: bare(np.arange(0), []), "at least one tick"),
    "before the beginning": (lambda truth: bare(np.arange(-3, 3), []), "Ticks go from 0"),
    "after the end": (lambda truth: bare(np.array([2**31 - 1]), []), "Ticks go from 0"),
    "no Steam id": (lambda truth: bare(np.arange(2), [Participant(0, "a", 2**64, 0)]), "64 bits"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "part"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_recording_can_hold_is_refused_with_a_sentence(
    tmp_path: Path, change: Callable[[MatchTruth], MatchTruth], part: str
):
    assert part in written_or_refused(change(small_match()), tmp_path)


def test_a_recording_that_was_there_stays_when_the_next_is_refused(tmp_path: Path):
    path = tmp_path / "match.dem"
    write_demo(small_match(), path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="whole turn"):
        write_demo(tracked("yaw", 1e9)(small_match()), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["match.dem"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(OSError, match="nowhere"):
        write_demo(small_match(), tmp_path / "nowhere" / "match.dem")


# What goes with a table when it is empty: other tables, and the beginnings of events' names.
TOGETHER = {
    "holders": ([], []), "ammunition": ([], []), "flight": (["projectiles", "smokes"], ["smoke"]),
    "smokes": ([], ["smoke"]), "fires": ([], ["inferno"]), "plants": ([], ["bomb_"]), "economy": ([], []),
    "rounds": (["rules", "economy", "plants"], ["bomb_"]),
}  # fmt: skip


@pytest.mark.parametrize("name", TOGETHER)
def test_any_table_may_be_empty(tmp_path: Path, name: str):
    truth = small_match()
    others, words = TOGETHER[name]
    bare_tables = {**truth.tables, **{other: empty(other) for other in (name, *others)}}
    events = [one for one in truth.events if not one.name.startswith(tuple(words))]
    assert written_or_refused(replace(truth, tables=bare_tables, events=events), tmp_path) == ""


def test_more_things_than_numbers_for_them(tmp_path: Path):
    """Numbers come round again, but never to a thing that is still there; gaps between numbers may be large."""
    truth = bare(np.arange(40), [Participant(0, "a", 5, 0)])
    count = 9_000
    lasting = np.arange(count) % 1_000 == 0
    begins = np.arange(count) // 300
    weapons = pl.DataFrame({
        "id": np.arange(count), "from_tick": begins, "to_tick": np.where(lasting, 99, begins + 5),
        "item": ["ak47"] * count, "original_owner": np.zeros(count),
    }, schema=TABLES["weapons"], strict=False)  # fmt: skip
    changes = pl.DataFrame({"tick": [38, 38], "id": [0, 8_000], "clip": [7, 9], "reserve": [1, 1]},
                           schema=TABLES["ammunition"])  # fmt: skip
    truth = replace(truth, tables={**truth.tables, "weapons": weapons, "ammunition": changes})
    assert written_or_refused(truth, tmp_path) == ""
    crowded = weapons.with_columns(to_tick=pl.lit(99, pl.Int32))
    assert "no room" in written_or_refused(replace(truth, tables={**truth.tables, "weapons": crowded}), tmp_path)


def test_tracks_are_not_written_for_who_is_not_there(tmp_path: Path):
    truth = small_match()
    away = {name: array.copy() for name, array in truth.tracks.fields.items()}
    away["x"][~away["connected"]] = np.nan
    assert written_or_refused(replace(truth, tracks=Tracks(truth.tracks.ticks, away)), tmp_path) == ""
