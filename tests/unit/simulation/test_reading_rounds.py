"""The rules of a long recording, from its rounds: clock, score by side, half-time, the bomb."""

from dataclasses import dataclass, field

import polars as pl
import pytest

from apps.simulation.happenings import Happenings
from apps.simulation.reading_rounds import rules_from_rounds
from apps.simulation.recording import PlayerState, Recording, Rules

CT, T = "counter-terrorist", "terrorist"
ROUNDS = [
    # start, freeze end, end, winner, knife
    (100, 1060, 3000, CT, True),
    (4000, 4960, 8000, CT, False),
    (9000, 9960, 12000, T, False),
    (13000, 13960, 17000, CT, False),  # after half-time: the first roster plays T
    (18000, 18960, None, None, False),
]


@dataclass
class Demo:
    """As much of ``awpy.Demo`` as is read."""

    convars: dict[str, str] = field(default_factory=lambda: {"mp_roundtime_defuse": "1.92"})

    @property
    def rounds(self) -> pl.DataFrame:
        columns = ["start_tick", "freeze_end_tick", "end_tick", "winner_side", "is_knife_round"]
        return pl.DataFrame(ROUNDS, schema=columns, orient="row")

    @property
    def bomb(self) -> pl.DataFrame:
        rows = [
            (10500, "pickup", None), (11000, "finish_plant", "BombsiteB"), (12000, "detonate", "BombsiteB"),
            (15000, "dropped", None),
        ]  # fmt: skip
        table = pl.DataFrame(rows, schema=["tick", "event", "bombsite"], orient="row")
        return table.with_columns(steamid=pl.lit(1), name=pl.lit("A"), x=pl.lit(1.0), y=pl.lit(2.0), z=pl.lit(3.0))


def players() -> pl.DataFrame:
    rows = []
    for tick in range(0, 20_001, 100):
        for slot in range(4):
            first = slot < 2
            side = "CT" if first == (tick < 12_500) else "T"
            rows.append((tick, slot, f"P{slot}", side, 0.0, 0.0, 0.0, 0.0, 0.0, 100, ""))
    columns = ["tick", "slot", "name", "side", "x", "y", "z", "yaw", "pitch", "health", "inventory"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def recording() -> Recording:
    return Recording("de_x", 64.0, players(), rules_from_rounds(Demo(), players(), "de_x"), Happenings())


@pytest.mark.parametrize(
    ("tick", "rules"),
    [
        (200, Rules()),
        (4000, Rules("freeze", 15.0, 0, 0, 1)),
        (5000, Rules("live", 7320 / 64, 0, 0, 1)),
        (8000, Rules("over", None, 1, 0, 1, winner="CT")),
        (10000, Rules("live", 7320 / 64, 1, 0, 2)),
        (11500, Rules("planted", None, 1, 0, 2)),
        (12000, Rules("over", None, 1, 1, 2, winner="T")),
        (14000, Rules("live", 7320 / 64, 1, 1, 3)),
        (17000, Rules("over", None, 2, 1, 3, winner="CT")),
        (20000, Rules("live", 6320 / 64, 2, 1, 4)),
    ],
)
def test_the_rules_at_a_tick(tick: int, rules: Rules) -> None:
    found = recording().at(tick).rules
    assert found == Rules(
        **{**rules.__dict__, "clock_s": pytest.approx(rules.clock_s, abs=0.01)} if rules.clock_s else rules.__dict__
    )


def test_rounds_that_cannot_be_read_leave_the_rules_blank() -> None:
    class Broken(Demo):
        @property
        def rounds(self) -> pl.DataFrame:
            raise RuntimeError("field path out of range")

    assert rules_from_rounds(Broken(), players(), "de_x").is_empty()


def test_what_happened_is_counted_and_fades() -> None:
    def kill(tick: int, attacker: int, victim: int, assister: int = -1) -> dict[str, object]:
        return {
            "tick": tick, "attacker": f"P{attacker}", "attacker_side": "CT", "victim": f"P{victim}",
            "victim_side": "T" if victim > 1 else "CT", "weapon": "ak47", "attacker_slot": attacker,
            "victim_slot": victim, "assister_slot": assister,
        }  # fmt: skip

    tables = {
        "kills": pl.DataFrame([kill(50, 0, 2), kill(5000, 0, 2, 1), kill(5100, 0, 1), kill(9990, 0, 3)]),
        "rounds": pl.DataFrame({"tick": [4000, 9000]}),
        "blinds": pl.DataFrame({"tick": [9900], "slot": [2], "duration": [3.0]}),
        "smokes": pl.DataFrame({"start_tick": [9900], "end_tick": [11_052], "x": [1.0], "y": [2.0], "z": [3.0]}),
        "bomb": pl.DataFrame(
            {"tick": [5000, 9950], "state": ["exploded", "dropped"], "site": ["A", ""], "planter": [2, 0]},
        ).with_columns(x=pl.lit(7.0), y=pl.lit(8.0), z=pl.lit(9.0)),
    }
    made = Recording("de_x", 64.0, players(), pl.DataFrame({"tick": []}), Happenings(tables))
    moment = made.at(10_000)
    first: PlayerState = moment.players[0]
    assert (first.kills, first.round_kills, moment.players[1].deaths, moment.players[1].assists) == (2, 1, 1, 1)
    assert [line.victim for line in moment.kill_feed] == ["P3"]
    assert moment.players[2].flash_left == pytest.approx(3 - 100 / 64)
    assert moment.smokes[0].age == pytest.approx(100 / 64)
    assert moment.bomb is not None
    assert (moment.bomb.state, moment.bomb.x, moment.bomb.site) == ("dropped", 7.0, "")
    later = made.at(11_100)
    assert (later.kill_feed, later.smokes, later.players[2].flash_left) == ((), (), 0.0)
    assert made.at(8900).bomb.state == "exploded"  # type: ignore[union-attr]
    assert made.at(9000).bomb is None
