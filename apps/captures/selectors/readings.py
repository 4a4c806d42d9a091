"""Reads of what the reader of the HUD said about captured frames."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.captures.models import Reading, Screenshot


def unread(plan_id: int) -> QuerySet[Screenshot]:
    """Labelled frames of a plan that have no reading yet, or none that worked."""
    rows = Screenshot.objects.filter(target__plan_id=plan_id, label__isnull=False)
    return rows.filter(Q(reading=None) | ~Q(reading__problem="")).order_by("pk")


def agreement(plan_id: int) -> dict[str, int]:
    """How many frames of a plan were ``read``, and of these ``agree``, ``differ`` or tell ``nothing``; ``failed``."""
    return Reading.objects.filter(screenshot__target__plan_id=plan_id).aggregate(
        read=Count("pk", filter=Q(problem="")),
        agree=Count("pk", filter=Q(problem="", differs=False, compared__gt=0)),
        differ=Count("pk", filter=Q(differs=True)),
        nothing=Count("pk", filter=Q(problem="", compared=0)),
        failed=Count("pk", filter=~Q(problem="")),
    )


def agreement_words(told: dict[str, int]) -> list[dict[str, Any]]:
    """The counts of :func:`agreement` that a page tells: each its ``number``, ``words``, and whether it ``differs``."""
    words = {"agree": "agree", "differ": "differ", "nothing": "without a HUD", "failed": "could not be read"}
    shown = [name for name in words if told[name] or (name == "agree" and told["read"])]
    return [{"number": told[name], "words": words[name], "differs": name == "differ"} for name in shown]


def reading_of(row: Screenshot) -> Reading | None:
    """None where nobody has read this frame yet."""
    return Reading.objects.filter(screenshot=row).first()


def beside(field: str, reading: Reading | None) -> dict[str, Any]:
    """What a page shows beside one field of the label: what was ``read`` (or "") and whether it ``differs``."""
    value = None if reading is None else reading.state.get(field)
    told = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return {"read": told, "differs": reading is not None and field in reading.differing}
