"""Labelled frames as everything above this app sees them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from apps.captures.labelling.sample import Sample
from apps.captures.models import Decision, Screenshot


def _labelled() -> QuerySet[Screenshot]:
    return Screenshot.objects.filter(label__isnull=False).select_related("label", "target__plan__demo")


def accepted_samples(map_name: str | None = None, demo_ids: Iterable[int] | None = None) -> list[Sample]:
    """Every frame a reviewer accepted, oldest first; only one map or some recordings on request."""
    rows = _labelled().filter(decision=Decision.ACCEPTED)
    if map_name is not None:
        rows = rows.filter(target__plan__demo__map_name=map_name)
    if demo_ids is not None:
        rows = rows.filter(target__plan__demo_id__in=list(demo_ids))
    return [_sample(row) for row in rows.order_by("pk")]


def sample(screenshot_id: int) -> Sample:
    """One labelled frame, reviewed or not.

    Raises:
        Screenshot.DoesNotExist: there is none with that id.
    """
    return _sample(_labelled().get(pk=screenshot_id))


def _sample(row: Screenshot) -> Sample:
    target, label = row.target, row.label
    demo = target.plan.demo
    return Sample(
        screenshot_id=row.pk,
        image_name=row.image,
        demo_sha256=demo.sha256,
        map_name=demo.map_name,
        round_number=target.round_number,
        tick=row.tick,
        slot=target.slot,
        steamid=target.steamid,
        player_name=target.player_name,
        side=target.side,
        hud_profile=row.hud_profile,
        schema_version=label.schema_version,
        label=label.data,
        observability=label.observability,
        context=label.context,
        behavior=label.behavior,
        contribution=label.contribution,
        round_won=label.round_won,
    )
