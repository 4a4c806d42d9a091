"""Recordings on their way in: uploads and the sample match."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core.models import Job
from apps.core.roles import Role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos.jobs.receiving import receive
from apps.demos.jobs.samples import enqueue_sample
from apps.demos.models import Upload
from apps.demos.selectors import library
from apps.demos.selectors import uploads as selectors
from apps.demos.services import uploading

CHOOSE = "Choose at least one file first."
UNPACKING = "Stored; it is being unpacked. Its recordings appear below."


@require_POST
@role_required(Role.VIEWER)
def upload(request: HttpRequest) -> HttpResponse:
    """Take recordings in. Answers JSON to the page's script, messages and a redirect to a plain form."""
    files = request.FILES.getlist("recordings")
    results = [told for file in files for told in _told(receive(file, user=person(request)))]
    if request.headers.get("Accept", "").startswith("application/json"):
        empty = {"results": [], "error": CHOOSE}
        return JsonResponse({"results": results}) if results else JsonResponse(empty, status=400)
    if not results:
        messages.error(request, CHOOSE)
    levels = {"queued": messages.SUCCESS, "duplicate_of": messages.INFO, "rejected": messages.ERROR}
    for result in results:
        messages.add_message(
            request, levels.get(result["outcome"], messages.INFO), f"{result['name']}: {result['message']}"
        )
    return redirect("demos:library")


@require_POST
@role_required(Role.VIEWER)
def sample(request: HttpRequest) -> HttpResponse:
    """Have a sample match made, and go where it can be watched being made."""
    return redirect("demos:sample-state", enqueue_sample(user=person(request)).pk)


@require_GET
@role_required(Role.VIEWER)
def sample_state(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far a sample match is; once it can be watched, on to its page."""
    job = get_object_or_404(Job, pk=job_id, function=library.SAMPLE_JOB)
    demo = library.sample_of(job)
    if demo is not None and demo.is_ready:
        there = demo.get_absolute_url()
        is_htmx = request.headers.get("HX-Request")
        return HttpResponse(headers={"HX-Redirect": there}) if is_htmx else redirect(there)
    template = "demos/sample_card.html" if request.headers.get("HX-Request") else "demos/sample.html"
    return render(request, template, {"job": job, "may_steer": may_steer(person(request), job)})


@require_POST
@role_required(Role.VIEWER)
def dismiss(request: HttpRequest) -> HttpResponse:
    """Take one or all of what could not be imported off the person's list; asked for by htmx, answers what is left."""
    user, one = person(request), request.POST.get("entry", "")
    gone: dict[UUID, set[int]] = {}
    for entry in selectors.not_imported(user):
        if one in ("all", f"{entry.upload}:{entry.number}"):
            gone.setdefault(entry.upload, set()).add(entry.number)
    for upload_id, numbers in gone.items():
        uploading.dismiss(upload_id, numbers)
    if not request.headers.get("HX-Request"):
        return redirect("demos:library")
    context = {"not_imported": selectors.not_imported(user), "open": True}
    return render(request, "demos/library_not_imported.html", context)


def _told(upload: Upload) -> list[dict[str, Any]]:
    """What came of one file of the form: one entry per recording, or that it is being unpacked."""
    outcomes = selectors.outcomes(upload)
    if not outcomes and upload.job is not None:
        address = reverse("core:job", args=[upload.job.pk])
        return [{"name": upload.name, "outcome": "queued", "message": UNPACKING, "url": address, "demo": None}]
    return [
        {
            "name": outcome.name,
            "outcome": outcome.outcome,
            "message": outcome.message,
            "url": outcome.url,
            "demo": outcome.demo.pk if outcome.demo is not None else None,
        }
        for outcome in outcomes
    ]
