"""What holds in every simulated match, whatever its seed and options."""

import numpy as np

from apps.simulation.layouts.layout import Layout
from apps.simulation.match.armoury import WEAPONS
from apps.simulation.match.rules import REASONS
from apps.simulation.truth.match import Event, MatchTruth, Team


def named(truth: MatchTruth, *names: str) -> list[Event]:
    return [event for event in truth.events if event.name in names]


def check_numbers(truth: MatchTruth) -> None:
    tracks = truth.tracks
    assert tracks["money"].min() >= 0
    assert tracks["money"].max() <= 16_000
    assert tracks["health"].min() >= 0
    assert tracks["health"].max() <= 100
    assert tracks["armor"].min() >= 0
    assert tracks["armor"].max() <= 100
    assert tracks["duck"].min() >= 0
    assert tracks["duck"].max() <= 1
    assert np.abs(tracks["pitch"]).max() <= 89
    assert np.abs(tracks["yaw"]).max() <= 180
    for name in ("x", "y", "z", "vx", "vy", "vz", "yaw", "pitch"):
        assert np.isfinite(tracks[name]).all()
    assert set(np.unique(tracks["team"])) <= {Team.T, Team.CT}
    assert tracks["connected"].all()


def check_dead_stay_dead(truth: MatchTruth) -> None:
    """Health rises only when a player spawns."""
    rises = np.argwhere(np.diff(truth.tracks["health"].astype(int), axis=0) > 0)
    spawns = {(event.tick, event.fields["userid"]) for event in named(truth, "player_spawn")}
    for row, column in rises:
        assert (row + 1, truth.participants[column].slot) in spawns


def check_deaths(truth: MatchTruth) -> None:
    """A death in the events is the fall to 0 in the tracks, and the damage of its hurt events is what was there."""
    health = truth.tracks["health"].astype(int)
    falls = {
        (int(row) + 1, truth.participants[column].slot)
        for row, column in np.argwhere((health[:-1] > 0) & (health[1:] == 0))
    }
    deaths = {(event.tick, event.fields["userid"]) for event in named(truth, "player_death")}
    assert falls == deaths
    left: dict[int, int] = {}
    for event in named(truth, "player_spawn", "player_hurt", "player_death"):
        who = int(event.fields["userid"])
        if event.name == "player_spawn":
            left[who] = 100
        elif event.name == "player_hurt":
            left[who] -= int(event.fields["dmg_health"])
            assert left[who] == event.fields["health"]
        else:
            assert left[who] == 0


def check_rounds(truth: MatchTruth) -> None:
    rounds = truth.tables["rounds"]
    counted = rounds.filter(rounds["number"] > 0)
    assert counted["number"].to_list() == list(range(1, counted.height + 1))
    previous = 0
    score = [0, 0]
    for row in rounds.iter_rows(named=True):
        assert row["start_tick"] >= previous
        assert row["start_tick"] <= row["freeze_end_tick"]
        previous = row["freeze_end_tick"]
        if row["number"] == 0:
            continue
        assert [row["score_0"], row["score_1"]] == score
        score[row["winner_roster"]] += 1
        assert row["freeze_end_tick"] < row["end_tick"] < row["official_end_tick"]
        assert row["reason_code"] == REASONS[row["reason"]]
        winners = {"T": {"ct_killed", "bomb_exploded", "ct_surrender"}}
        side_t = row["reason"] in winners["T"]
        assert (row["winner_side"] == "T") == side_t
        own = "CT" if row["side_0"] == Team.CT else "T"
        assert (row["winner_side"] == own) == (row["winner_roster"] == 0)
        _check_reason(truth, row)


def _check_reason(truth: MatchTruth, row: dict[str, object]) -> None:
    end = int(row["end_tick"])  # type: ignore[call-overload]
    at = truth.tracks.row(end)
    alive = {
        side: int(((truth.tracks["team"][at] == side) & (truth.tracks["health"][at] > 0)).sum())
        for side in (Team.T, Team.CT)
    }
    reason = row["reason"]
    if reason == "ct_killed":
        assert alive[Team.CT] == 0
    elif reason == "t_killed":
        assert alive[Team.T] == 0
    names = {event.name for event in truth.events if event.tick == end}
    if reason == "bomb_exploded":
        assert "bomb_exploded" in names
    if reason == "bomb_defused":
        assert "bomb_defused" in names
    assert (row["bomb_site"] != "") or reason not in ("bomb_exploded", "bomb_defused")
    if reason == "time_ran_out":
        assert row["bomb_site"] == ""


def check_movement(truth: MatchTruth, layout: Layout) -> None:
    """Nobody is faster than 250 units a second, turns faster than a mouse does, or leaves the walkable areas."""
    tracks = truth.tracks
    assert np.hypot(tracks["vx"], tracks["vy"]).max() <= 252
    starts = {event.tick for event in named(truth, "player_spawn")}
    turn = np.abs((np.diff(tracks["yaw"].astype(float), axis=0) + 180) % 360 - 180)
    turn[[tick - 1 for tick in starts if tick > 0]] = 0
    assert turn.max() < 15
    inside = np.zeros(tracks["x"].shape, dtype=bool)
    for area in layout.areas:
        (x0, y0), (x1, y1) = area.low, area.high
        inside |= (
            (tracks["x"] >= x0 - 1)
            & (tracks["x"] <= x1 + 1)
            & (tracks["y"] >= y0 - 1)
            & (tracks["y"] <= y1 + 1)
            & (np.abs(tracks["z"] - area.z) < 40)
        )
    assert inside.all()


def check_things(truth: MatchTruth) -> None:
    """Clips are in range, nothing has two lives, everything in hand is carried, and there is at most one bomb."""
    weapons, ammunition, holders = (truth.tables[name] for name in ("weapons", "ammunition", "holders"))
    assert weapons["id"].n_unique() == weapons.height
    assert (weapons["from_tick"] < weapons["to_tick"]).all()
    clips = {row[0]: WEAPONS[row[1]].clip for row in weapons.select("id", "item").iter_rows()}
    for id_, clip, reserve in ammunition.select("id", "clip", "reserve").iter_rows():
        assert 0 <= clip <= clips[id_]
        assert reserve >= 0
    assert set(holders["id"]) == set(weapons["id"])
    active = truth.tracks["active"]
    assert set(np.unique(active)) - {-1} <= set(weapons["id"])
    assert ((active == -1) | (truth.tracks["health"] > 0)).all()
    bombs = weapons.filter(weapons["item"] == "c4").sort("from_tick")
    ends = bombs["to_tick"].to_list()[:-1]
    assert all(end <= start for end, start in zip(ends, bombs["from_tick"].to_list()[1:], strict=True))
    _check_hands(truth)


def _check_hands(truth: MatchTruth) -> None:
    """At some ticks: what is in hand belongs to that player by the table of holders."""
    holders = truth.tables["holders"]
    rows = list(holders.select("tick", "id", "owner").iter_rows())
    for at in np.linspace(0, len(truth.tracks.ticks) - 1, 25).astype(int):
        tick = int(truth.tracks.ticks[at])
        owner = {id_: who for when, id_, who in rows if when <= tick}
        for column, person in enumerate(truth.participants):
            thing = int(truth.tracks["active"][at, column])
            assert thing == -1 or owner[thing] == person.slot


def check_money(truth: MatchTruth) -> None:
    """Between the start of a round and the end of freeze time money only goes into what is bought."""
    economy = truth.tables["economy"]
    spent = economy["money_start"] - economy["cash_spent"]
    assert (spent == economy["money_freeze_end"]).all()
    assert (economy["cash_spent"] >= 0).all()


def check_bomb(truth: MatchTruth) -> None:
    plants = truth.tables["plants"]
    assert plants.height == len(named(truth, "bomb_planted"))
    assert plants.filter(plants["outcome"] == "defused").height == len(named(truth, "bomb_defused"))
    assert plants.filter(plants["outcome"] == "exploded").height == len(named(truth, "bomb_exploded"))


def check_all(truth: MatchTruth, layout: Layout) -> None:
    check_numbers(truth)
    check_dead_stay_dead(truth)
    check_deaths(truth)
    check_rounds(truth)
    check_movement(truth, layout)
    check_things(truth)
    check_money(truth)
    check_bomb(truth)
