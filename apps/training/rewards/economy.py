"""How much a round's end says about decisions at all, given what both teams could buy (D016, mended)."""

import math

STEEPNESS = 4.0


def informativeness(team: float, enemy: float) -> float | None:
    """ε = sigmoid(k·(r − 0.5)) with r = min(team/enemy, enemy/team) and k = 4, in 0..1.

    ``team`` and ``enemy`` are equipment values in dollars. A mirror buy gives 0.88, eco against full buy 0.2 from
    either side: the seeds' one-sided ratio called a full buy against an eco fully informative. None without equipment
    on a side.
    """
    if team <= 0 or enemy <= 0:
        return None
    ratio = min(team / enemy, enemy / team)
    return 1 / (1 + math.exp(-STEEPNESS * (ratio - 0.5)))
