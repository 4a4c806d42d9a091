"""Money: the ladder of the loss bonus, rewards, limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.match.armoury import WEAPONS
from apps.simulation.match.economy import LossLadder, pay, round_reward
from apps.simulation.truth.match import Team


@pytest.mark.parametrize(
    ("rounds", "paid"),
    [  # halves of recorded matches
        ("LLLLL", [1_900, 2_400, 2_900, 3_400, 3_400]),
        ("LLLLWLLWLWL", [1_900, 2_400, 2_900, 3_400, 2_900, 3_400, 2_900, 2_400]),
        ("LLWLLWLWWWL", [1_900, 2_400, 1_900, 2_400, 1_900, 1_400]),
        ("LLLWWLL", [1_900, 2_400, 2_900, 1_900, 2_400]),
        ("WWLWWLWLLL", [1_400, 1_400, 1_400, 1_900, 2_400]),
    ],
)
def test_the_ladder_of_the_loss_bonus(rounds: str, paid: list[int]) -> None:
    ladder, found = LossLadder(), []
    for outcome in rounds:
        if outcome == "L":
            found.append(ladder.bonus)
        ladder = ladder.after(outcome == "W")
    assert found == paid


@pytest.mark.parametrize(
    ("side", "winner", "reason", "planted", "survived", "amount"),
    [
        (Team.T, Team.T, "bomb_exploded", True, True, 3_500),
        (Team.T, Team.T, "ct_killed", False, True, 3_250),
        (Team.CT, Team.CT, "bomb_defused", True, True, 3_500),
        (Team.CT, Team.CT, "time_ran_out", False, True, 3_250),
        (Team.T, Team.CT, "time_ran_out", False, True, 0),
        (Team.T, Team.CT, "time_ran_out", False, False, 1_900),
        (Team.T, Team.CT, "bomb_defused", True, False, 2_700),
        (Team.CT, Team.T, "bomb_exploded", True, True, 1_900),
    ],
)
def test_what_a_round_pays(side: Team, winner: Team, reason: str, planted: bool, survived: bool, amount: int) -> None:
    assert round_reward(side, winner, reason, LossLadder(), planted, survived) == amount


@given(st.integers(0, 16_000), st.integers(-16_000, 20_000))
def test_accounts_stay_within_their_limits(money: int, amount: int) -> None:
    if money + amount < 0:
        with pytest.raises(ValueError, match="cannot be paid"):
            pay(money, amount)
    else:
        assert 0 <= pay(money, amount) <= 16_000


def test_rewards_by_class_of_weapon() -> None:
    rewards = {item: WEAPONS[item].reward for item in ("knife", "awp", "ak47", "mp9", "nova", "cz75a", "p90")}
    assert rewards == {"knife": 1_500, "awp": 100, "ak47": 300, "mp9": 600, "nova": 900, "cz75a": 100, "p90": 300}
