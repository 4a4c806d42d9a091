"""Keeping what the reader of the HUD read of a frame, held against its engine label."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from apps.captures.hud.readings import FIELDS, agreeing, differences, plain, state_of
from apps.captures.models import Reading, Screenshot
from apps.captures.services.targets import topic
from apps.core.broadcast import hint


def keep(screenshot_id: int, told: Mapping[str, Any]) -> Reading | None:
    """Store a line of the reading child: its values, or the ``error`` it has instead. Done twice, the last one stays.

    None where the frame was deleted meanwhile.
    """
    row = Screenshot.objects.filter(pk=screenshot_id, label__isnull=False).select_related("label", "target").first()
    if row is None:
        return None
    try:
        with transaction.atomic():
            reading, _ = Reading.objects.update_or_create(screenshot=row, defaults=_compared(row.label.data, told))
    except IntegrityError:
        return None
    hint(topic(row.target.plan_id))
    return reading


def _compared(label: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    if "error" in told or not told.keys() >= set(FIELDS):
        problem = str(told.get("error") or "The reader said something else than a reading.")[:300]
        return {"values": {}, "state": {}, "differing": [], "compared": 0, "differs": False, "problem": problem}
    values = plain(told)
    state = state_of(values, label.get("player_side"))
    differing = differences(label, state)
    compared = len(differing) + agreeing(label, state)
    return {
        "values": values,
        "state": state,
        "differing": differing,
        "compared": compared,
        "differs": bool(differing),
        "problem": "",
    }
