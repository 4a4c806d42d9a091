"""One recording: what it is, who plays, its rounds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.roles import Role, has_role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos.models import Demo
from apps.demos.selectors import recordings as selectors
from apps.demos.services import removing


@require_GET
@role_required(Role.VIEWER)
def demo(request: HttpRequest, demo_id: int) -> HttpResponse:
    """One recording: what it is, who plays, its rounds."""
    row = Demo.objects.select_related("uploaded_by", "job").filter(pk=demo_id).first()
    if row is None:
        raise Http404("This recording is not here. It was deleted, or could not be imported: its job says why.")
    players = list(row.players.all())
    user = person(request)
    context = {
        "demo": row,
        "sides": [(side, [player for player in players if player.first_side == side]) for side in ("CT", "T")],
        "rounds": list(row.rounds.all()),
        "job": row.job,
        "may_steer": row.job is not None and may_steer(user, row.job),
        "may_delete": selectors.may_delete(user, row),
        "capture_url": capture_url(request, row),
        "replayable": selectors.replayable(row),
    }
    return render(request, "demos/demo.html", context)


def capture_url(request: HttpRequest, row: Demo) -> str:
    """Where frames of this recording are captured; empty where that is not possible for it or for this person."""
    if not selectors.replayable(row) or not has_role(request.user, Role.REVIEWER):
        return ""
    try:
        return f"{reverse('captures:new')}?demo={row.pk}"
    except NoReverseMatch:
        return ""


@require_POST
@role_required(Role.VIEWER)
def delete(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Delete a recording and what was made from it; twice does no harm."""
    row = Demo.objects.select_related("job").filter(pk=demo_id).first()
    if row is None:
        messages.info(request, "That recording is already gone.")
        return redirect("demos:library")
    if not selectors.may_delete(person(request), row):
        raise PermissionDenied("Only the person who uploaded a recording, or an admin, may delete it.")
    try:
        removing.withdraw(row)
    except ProtectedError:
        messages.error(
            request,
            "Captures were planned from this recording and need it. Delete those first. Nothing was deleted.",
        )
        return redirect(row)
    messages.success(request, f"“{row.original_name}” and everything read from it were deleted.")
    return redirect("demos:library")
