"""One recording: what it is, who plays, its rounds."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.models import User
from apps.core.roles import Role, has_role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person, row_number
from apps.demos import economy_chart
from apps.demos.jobs import importing
from apps.demos.models import Demo
from apps.demos.selectors import recordings as selectors
from apps.demos.selectors.match import match
from apps.demos.services import deciding, removing

WATCHABLE_S = 1.0  # of less there is nothing to see
AT_ROUNDS = "at-rounds"  # where the person looks who decided: beside the rounds, not above the page
GONE = "This recording is not here. It was deleted, or could not be imported: its job says why."


@require_GET
@role_required(Role.VIEWER)
def demo(request: HttpRequest, demo_id: int) -> HttpResponse:
    """One recording: what it is, who plays, its rounds."""
    row = (
        Demo.objects.select_related("uploaded_by", "job__created_by", "event")
        .prefetch_related("tags")
        .filter(pk=demo_id)
        .first()
    )
    if row is None and request.headers.get("HX-Request"):
        return HttpResponse(status=204)  # deleted under an open page, which learns it from its job or goes elsewhere
    if row is None:
        raise Http404(GONE)
    user = person(request)
    context: dict[str, object] = {
        "demo": row,
        "job": row.job,
        "may_steer": row.job is not None and may_steer(user, row.job),
        "may_delete": selectors.may_delete(user, row),
        "may_decide": row.is_ready and has_role(user, Role.REVIEWER),
        "is_under_way": row.job is not None and not row.job.is_over,
        "shows_data": row.is_ready,
        "capture_url": capture_url(request, row),
        "replayable": selectors.replayable(row) and row.length_s >= WATCHABLE_S,
        "sides": (("all", "Both sides"), ("CT", "CT"), ("T", "T")),
    }
    if row.is_ready:
        found = match(row)
        chart = economy_chart.chart(found.halves, (found.teams[0].name, found.teams[1].name))
        context |= {"match": found, "chart": chart}
    return render(request, "demos/demo.html", context)


def capture_url(request: HttpRequest, row: Demo) -> str:
    """Where frames of this recording are captured; empty where that is not possible for it or for this person."""
    if not row.recording or not selectors.replayable(row) or not has_role(request.user, Role.REVIEWER):
        return ""
    try:
        return f"{reverse('captures:new')}?demo={row.pk}"
    except NoReverseMatch:
        return ""


@require_POST
@role_required(Role.REVIEWER)
def decide(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Exclude or restore a round, for a reason; twice does no harm."""
    row = Demo.objects.filter(pk=demo_id).first()
    if row is None:
        raise Http404(GONE)
    counts = request.POST.get("counts") == "1"
    try:
        changed = _decide(row, request, person(request), counts=counts)
    except deciding.Refused as reason:
        messages.error(request, str(reason), extra_tags=AT_ROUNDS)
    else:
        if changed:
            words = "The round counts again." if counts else "The round does not count any more."
            messages.success(request, words, extra_tags=AT_ROUNDS)
        else:
            messages.info(request, "That was so already. Nothing was changed.", extra_tags=AT_ROUNDS)
    return redirect(f"{row.get_absolute_url()}#rounds")


def _decide(row: Demo, request: HttpRequest, user: User, *, counts: bool) -> bool:
    ordinal = row_number(request.POST.get("round"))
    if ordinal is None:
        raise deciding.Refused("Choose a round. Nothing was changed.")
    return deciding.decide(row, ordinal, counts=counts, reason=request.POST.get("reason", ""), user=user)


@require_POST
@role_required(Role.VIEWER)
def import_again(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Read a recording anew: after an update, or to keep every tick; a second click does no harm."""
    row = Demo.objects.filter(pk=demo_id).first()
    if row is None:
        raise Http404(GONE)
    if not selectors.may_delete(person(request), row):
        raise PermissionDenied("Only the person who uploaded a recording, or an admin, may import it again.")
    if not importing.import_again(row, user=person(request), keep_raw=request.POST.get("keep_raw") == "1"):
        messages.info(request, "It is being imported already, or its file was deleted. Nothing was changed.")
    return redirect(row)


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
