"""Writing a plan down."""

from django.db import transaction

from apps.captures.models import CapturePlan, CaptureTarget
from apps.captures.selectors.previews import preview
from apps.core.models import UNDER_WAY, User
from apps.demos.models import Demo


class NothingToCapture(ValueError):
    """The recording gives no target with these settings; the message says why."""


@transaction.atomic
def create_plan(
    *,
    demo: Demo,
    user: User,
    title: str,
    interval_s: float,
    pov_rule: str,
    budget: int,
    hud_profile: str,
    tick: int | None = None,
) -> CapturePlan:
    """A plan and its targets; sent twice (a second click), the plan that is still at work.

    ``tick`` asks for one moment in place of samples.

    Raises:
        NothingToCapture: not one tick has a living player of the wanted side.
    """
    same = CapturePlan.objects.filter(
        demo=demo,
        created_by=user,
        title=title,
        interval_s=interval_s,
        pov_rule=pov_rule,
        budget=budget,
        hud_profile=hud_profile,
        job__status__in=UNDER_WAY,
    ).first()
    if same is not None:
        return same
    found = preview(demo, interval_s=interval_s, pov_rule=pov_rule, budget=budget, tick=tick)
    if not found.targets:
        raise NothingToCapture(
            "This recording has no moment with a living player of that side, so there is nothing to capture."
        )
    plan = CapturePlan.objects.create(
        demo=demo,
        title=title,
        interval_s=interval_s,
        pov_rule=pov_rule,
        budget=budget,
        hud_profile=hud_profile,
        created_by=user,
    )
    CaptureTarget.objects.bulk_create(
        CaptureTarget(
            plan=plan,
            tick=target.tick,
            round_number=target.round_number,
            slot=target.slot,
            steamid=found.players[target.slot]["steamid"] or 0,
            player_name=(found.players[target.slot]["name"] or "")[:150],
            side=target.side,
            why=target.why,
        )
        for target in found.targets
    )
    return plan
