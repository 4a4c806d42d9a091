"""CS2's money: what a round pays, and the ladder of the loss bonus."""

from apps.simulation.truth.match import Team

MONEY_CAP = 16_000
LOSS_BASE, LOSS_STEP, LOSS_MAX_COUNT, STARTING_LOSSES = 1_400, 500, 4, 1
WIN_ELIMINATION, WIN_TIME, WIN_BOMB, WIN_DEFUSE = 3_250, 3_250, 3_500, 3_500
PLANT_REWARD, DEFUSE_REWARD, LOST_PLANT_TEAM = 300, 300, 800
FULL_BUY, FORCE_BUY = 4_000, 1_900  # dollars a head below which a full or half buy makes no sense


def pay(money: int, amount: int) -> int:
    """The account after a reward or a purchase, within 0 … 16,000.

    Raises:
        ValueError: the purchase costs more than there is.
    """
    if money + amount < 0:
        raise ValueError(f"{-amount} dollars cannot be paid from {money}")
    return min(MONEY_CAP, money + amount)


def loss_bonus(losses: int) -> int:
    """The bonus of a lost round with that loss count before it: 1,400, 1,900, … 3,400."""
    return LOSS_BASE + LOSS_STEP * min(LOSS_MAX_COUNT, max(0, losses))


def next_losses(losses: int, won: bool) -> int:
    """The loss count after a round: one down after a win, one up after a loss, between 0 and 4."""
    return max(0, losses - 1) if won else min(LOSS_MAX_COUNT, losses + 1)


def win_reward(reason: str) -> int:
    return {
        "bomb_exploded": WIN_BOMB,
        "bomb_defused": WIN_DEFUSE,
        "time_ran_out": WIN_TIME,
    }.get(reason, WIN_ELIMINATION)


def round_reward(side: Team, winner: Team, reason: str, losses: int, planted: bool, survived: bool) -> int:
    """What a player of ``side`` gets when the round ends.

    A T who is alive when the time runs out gets nothing; a lost round with a plant adds 800 for the Ts.
    """
    if side == winner:
        return win_reward(reason)
    if side == Team.T and reason == "time_ran_out" and survived:
        return 0
    return loss_bonus(losses) + (LOST_PLANT_TEAM if side == Team.T and planted else 0)
