"""CS2's money: what a round pays, and the ladder of the loss bonus.

The ladder's manners and the 800 dollars of a lost plant are what two recorded matches show; in 2024 it was 600.
"""

from dataclasses import dataclass

from apps.simulation.truth.match import Team

MONEY_CAP = 16_000
LOSS_BASE, LOSS_STEP, LOSS_MAX_STEP, STARTING_LOSSES = 1_400, 500, 4, 1
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


@dataclass(frozen=True)
class LossLadder:
    """Where a team stands on the ladder of the loss bonus; ``step`` is 0 … 4.

    Only the second loss in a row climbs; each win steps down one. So two losses pay 1,900 and 2,400 dollars, and a loss
    after the win that follows pays 1,900 again.
    """

    step: int = STARTING_LOSSES
    losing: bool = False

    def after(self, won: bool) -> "LossLadder":
        if won:
            return LossLadder(max(0, self.step - 1), False)
        return LossLadder(self._paid, True)

    @property
    def bonus(self) -> int:
        """What a lost round would pay now: 1,400, 1,900, … 3,400."""
        return LOSS_BASE + LOSS_STEP * self._paid

    @property
    def _paid(self) -> int:
        return min(LOSS_MAX_STEP, self.step + self.losing)


def win_reward(reason: str) -> int:
    return {
        "bomb_exploded": WIN_BOMB,
        "bomb_defused": WIN_DEFUSE,
        "time_ran_out": WIN_TIME,
    }.get(reason, WIN_ELIMINATION)


def round_reward(side: Team, winner: Team, reason: str, ladder: LossLadder, planted: bool, survived: bool) -> int:
    """What a player of ``side`` gets when the round ends.

    A T who is alive when the time runs out gets nothing; a lost round with a plant adds 800 for the Ts.
    """
    if side == winner:
        return win_reward(reason)
    if side == Team.T and reason == "time_ran_out" and survived:
        return 0
    return ladder.bonus + (LOST_PLANT_TEAM if side == Team.T and planted else 0)
