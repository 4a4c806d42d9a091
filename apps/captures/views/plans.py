"""Plans: the list, a new one with its preview, and one while it runs and after."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.captures.forms import PlanForm
from apps.captures.jobs import enqueue_capture, enqueue_reading
from apps.captures.models import CapturePlan
from apps.captures.selectors.pages import capturable_demos, may_delete, plans, targets_of
from apps.captures.selectors.previews import Preview, preview
from apps.captures.selectors.readings import agreement, agreement_words, unread
from apps.captures.services import removing
from apps.captures.services.plans import NothingToCapture, create_plan
from apps.core.roles import Role, has_role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person, row_number
from apps.demos.models import Demo

SHOWN_IN_PREVIEW = 60
TARGETS_PER_PAGE = 120


@require_GET
@role_required(Role.VIEWER)
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans; with ``?demo=ID`` those of a recording, with ``&round=7`` those with frames of that round."""
    demo_id, number = row_number(request.GET.get("demo")), row_number(request.GET.get("round"))
    page = Paginator(plans(demo_id, number), 30).get_page(request.GET.get("page"))
    context = {
        "plans": page,
        "may_plan": has_role(request.user, Role.REVIEWER),
        "of_demo": Demo.objects.filter(pk=demo_id).first() if demo_id is not None else None,
        "of_round": number,
    }
    return render(request, "captures/list.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.REVIEWER)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new plan, for ``?demo=ID``, or ``&tick=…`` of it; sent, the plan is written down and queued."""
    if request.method == "POST":
        form = PlanForm(request.POST)
        if form.is_valid():
            try:
                return redirect(_create(request, form))
            except NothingToCapture as error:
                form.add_error(None, str(error))
        return render(request, "captures/new.html", {"form": form, **_preview_context(form)}, status=422)
    asked = row_number(request.GET.get("demo"))
    demo = capturable_demos().first() if asked is None else capturable_demos().filter(pk=asked).first()
    form = PlanForm.for_demo(
        demo, "cs2-clean" if settings.GAME_CLIENT_PORT else "simulated", row_number(request.GET.get("tick"))
    )
    bound = PlanForm({**form.initial, "title": ""}) if demo else form
    return render(request, "captures/new.html", {"form": form, "demo": demo, **_preview_context(bound)})


def _create(request: HttpRequest, form: PlanForm) -> CapturePlan:
    values = form.cleaned_data
    demo: Demo = values["demo"]
    when = f"every {values['interval_s']:g} s" if values["tick"] is None else f"tick {values['tick']}"
    title = values.pop("title") or f"{demo.original_name}, {when}"
    with transaction.atomic():
        plan = create_plan(user=person(request), title=title[:200], **values)
        enqueue_capture(plan, user=person(request))
    return plan


@require_GET
@role_required(Role.REVIEWER)
def plan_preview(request: HttpRequest) -> HttpResponse:
    """What the form's present values would photograph."""
    return render(request, "captures/preview.html", _preview_context(PlanForm(request.GET)))


def _preview_context(form: PlanForm) -> dict[str, Any]:
    if not form.is_valid():
        return {"preview": None}
    demo: Demo = form.cleaned_data["demo"]
    found = preview(demo, **{name: form.cleaned_data[name] for name in ("interval_s", "pov_rule", "budget", "tick")})
    return {
        "preview": found,
        "demo": demo,
        "rows": [(target, found.players[target.slot]["name"]) for target in found.targets[:SHOWN_IN_PREVIEW]],
        "hidden": max(0, len(found.targets) - SHOWN_IN_PREVIEW),
        "marks": _marks(demo, found),
        "player_count": len({target.slot for target in found.targets}),
        "tick_count": len({target.tick for target in found.targets}),
    }


def _marks(demo: Demo, found: Preview) -> list[dict[str, Any]]:
    """Where each target stands on a timeline of 1000 units."""
    span = max(1, demo.last_tick - demo.first_tick)
    return [
        {
            "x": round((target.tick - demo.first_tick) / span * 1000, 1),
            "y": 12 if target.side == "CT" else 32,
            "target": target,
        }
        for target in found.targets
    ]


@require_GET
@role_required(Role.VIEWER)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    row = get_object_or_404(plans(), pk=plan_id)
    return render(request, "captures/plan.html", _plan_context(request, row))


@require_GET
@role_required(Role.VIEWER)
def plan_targets(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Only the counts and frames of a plan: what changes while it runs."""
    row = get_object_or_404(plans(), pk=plan_id)
    return render(request, "captures/targets.html", _plan_context(request, row))


def _plan_context(request: HttpRequest, row: CapturePlan) -> dict[str, Any]:
    user = person(request)
    return {
        "plan": row,
        "targets": Paginator(targets_of(row), TARGETS_PER_PAGE).get_page(request.GET.get("page")),
        "job": row.job,
        "may_steer": row.job is not None and may_steer(user, row.job),
        "may_plan": has_role(user, Role.REVIEWER),
        "may_delete": has_role(user, Role.REVIEWER) and may_delete(user, row),
        "read": agreement_words(agreement(row.pk)),
        "left_to_read": unread(row.pk).exists(),
        "reading_now": row.reading_job is not None and not row.reading_job.is_over,
    }


@require_POST
@role_required(Role.REVIEWER)
def again(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Go on with what is not verified."""
    row = get_object_or_404(CapturePlan, pk=plan_id)
    enqueue_capture(row, user=person(request))
    return redirect(row)


@require_POST
@role_required(Role.REVIEWER)
def read(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Have the HUD of the plan's frames read that was not yet."""
    row = get_object_or_404(CapturePlan, pk=plan_id)
    if enqueue_reading(row, user=person(request)) is None:
        messages.info(request, "The HUD of every frame here has been read.")
    return redirect(row)


@require_POST
@role_required(Role.REVIEWER)
def delete(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Delete a plan with its frames, labels and reviews; twice does no harm."""
    row = CapturePlan.objects.filter(pk=plan_id).first()
    if row is None:
        messages.info(request, "That plan is already gone.")
        return redirect("captures:list")
    if not may_delete(person(request), row):
        raise PermissionDenied("Only the person who made a plan, or an admin, may delete it.")
    try:
        count = removing.remove(row)
    except removing.PlanStays as error:
        messages.error(request, str(error))
        return redirect(row)
    messages.success(request, f"“{row.title}” was deleted, with {count} frame{'' if count == 1 else 's'}.")
    return redirect("captures:list")
