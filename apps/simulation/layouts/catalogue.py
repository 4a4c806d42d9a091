"""The maps of our own, by the name that stands in a recording's header."""

from functools import cache

from apps.simulation.layouts.floor_plan import build
from apps.simulation.layouts.layout import Layout
from apps.simulation.layouts.quay import QUAY
from apps.simulation.layouts.stacks import STACKS

PLANS = {plan.name: plan for plan in (QUAY, STACKS)}
NAMES = tuple(PLANS)


@cache
def layout(name: str) -> Layout:
    """The layout of one of ``NAMES``.

    Raises:
        KeyError: it is none of ours.
    """
    return build(PLANS[name])
