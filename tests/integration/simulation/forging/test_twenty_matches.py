"""Twenty matches with every awkward kind, on both of our maps: forged without a contradiction."""

import pytest

from apps.simulation.forging.kinds import KINDS
from tests.integration.simulation.forging.twenty import MATCHES, forged
from tests.unit.simulation.forging.consistency import contradictions


def test_every_kind_is_used():
    assert {kind for _, kinds in MATCHES for kind in kinds} == KINDS.keys()
    assert len(MATCHES) == 20


@pytest.mark.parametrize(
    ("seed", "kinds"), MATCHES, ids=lambda value: "+".join(value) if isinstance(value, list) else None
)
def test_a_forged_match_does_not_contradict_itself(seed: int, kinds: list[str]):
    assert contradictions(forged(seed)) == []
