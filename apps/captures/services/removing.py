"""Taking a plan away with its frames, labels and reviews."""

from django.db import transaction
from django.db.models import ProtectedError

from apps.captures.models import CapturePlan, Screenshot
from apps.captures.services.frames import picture_lock
from apps.captures.services.thumbnails import thumbnail_name
from apps.core import storage


class PlanStays(ValueError):
    """The plan cannot be deleted now; the message says why and what to do."""


@transaction.atomic
def remove(plan: CapturePlan) -> int:
    """Delete a plan and everything made from it; returns how many frames went. Done twice it does no harm.

    Files go inside the transaction, as with recordings: a process killed half-way leaves rows whose removal can be
    repeated. A picture that a frame of another plan shows too stays.

    Raises:
        PlanStays: the plan is being captured, or a dataset holds frames of it.
    """
    picture_lock(plan.demo_id)
    locked = CapturePlan.objects.select_for_update(of=("self",)).select_related("job").filter(pk=plan.pk).first()
    if locked is None:
        return 0
    if locked.job is not None and not locked.job.is_over:
        raise PlanStays("This plan is being captured. Cancel that first, then delete it. Nothing was deleted.")
    frames = Screenshot.objects.filter(target__plan=locked)
    pictures = dict(frames.values_list("sha256", "image"))
    count = frames.count()
    try:
        with transaction.atomic():
            frames.delete()
            locked.delete()
    except ProtectedError as error:
        raise PlanStays(
            "Datasets were built from frames of this plan and need them, so it stays. Nothing was deleted."
        ) from error
    shown = set(Screenshot.objects.filter(sha256__in=pictures).values_list("sha256", flat=True))
    for sha256 in pictures.keys() - shown:
        storage.remove(pictures[sha256])
        storage.remove(thumbnail_name(sha256))
    return count
