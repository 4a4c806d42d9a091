"""Frames go after a while, if the settings say so; what was asked and answered stays.

A correction keeps its frame until a reviewer rejects it: that is what the person gave it for.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from apps.coach.models import Correction, CorrectionStatus, Frame
from apps.coach.services import lifecycle
from apps.core import storage

AT_ONCE = 500  # frames of one round of housekeeping


def remove_old() -> int:
    """The chore: delete the frames that are older than the settings allow; how many went."""
    days = settings.COACH_KEEP_IMAGES_DAYS
    if days is None:
        return 0
    old = Frame.objects.filter(analysis__created_at__lte=timezone.now() - timedelta(days=days))
    return _remove(old.exclude(analysis__status__in=lifecycle.OPEN))


def after_answer(analysis_id: UUID) -> None:
    """Delete the frames of an answer that is over, where nothing is kept."""
    if settings.COACH_KEEP_IMAGES_DAYS == 0:
        _remove(Frame.objects.filter(analysis_id=analysis_id))


def _remove(rows: QuerySet[Frame]) -> int:
    wanted = Correction.objects.exclude(status=CorrectionStatus.REJECTED).values("analysis_id")
    removed = 0
    for frame in rows.exclude(image="").exclude(analysis_id__in=wanted).order_by("pk")[:AT_ONCE]:
        storage.remove(frame.image)  # first: a row that still names it is found again
        removed += Frame.objects.filter(pk=frame.pk).update(image="")
    return removed
