"""Recordings on their way in: uploads and the sample match."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.core.models import Job
from apps.core.roles import Role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos.jobs.receiving import receive
from apps.demos.jobs.samples import enqueue_sample
from apps.demos.models import Demo
from apps.demos.parsing.header import Rejected
from apps.demos.selectors import library as selectors

CHOOSE = "Choose at least one .dem file first."


@require_POST
@role_required(Role.VIEWER)
def upload(request: HttpRequest) -> HttpResponse:
    """Take recordings in. Answers JSON to the page's script, messages and a redirect to a plain form."""
    files = request.FILES.getlist("recordings")
    results = [_receive(request, file) for file in files]
    if request.headers.get("Accept", "").startswith("application/json"):
        empty = {"results": [], "error": CHOOSE}
        return JsonResponse({"results": results}) if results else JsonResponse(empty, status=400)
    if not results:
        messages.error(request, CHOOSE)
    levels = {"accepted": messages.SUCCESS, "duplicate": messages.INFO, "rejected": messages.ERROR}
    for result in results:
        messages.add_message(request, levels[result["outcome"]], f"{result['name']}: {result['message']}")
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
    job = get_object_or_404(Job, pk=job_id, function=selectors.SAMPLE_JOB)
    demo = selectors.sample_of(job)
    if demo is not None and demo.is_ready:
        there = demo.get_absolute_url()
        is_htmx = request.headers.get("HX-Request")
        return HttpResponse(headers={"HX-Redirect": there}) if is_htmx else redirect(there)
    template = "demos/sample_card.html" if request.headers.get("HX-Request") else "demos/sample.html"
    return render(request, template, {"job": job, "may_steer": may_steer(person(request), job)})


def _receive(request: HttpRequest, file: UploadedFile) -> dict[str, Any]:
    name = file.name or "recording.dem"
    try:
        demo, is_new = receive(file, user=person(request))
    except Rejected as refusal:
        return {"name": name, "outcome": "rejected", "message": str(refusal), "url": ""}
    if is_new:
        return {"name": name, "outcome": "accepted", "message": "Stored; the import is queued.", "url": _url(demo)}
    message = f"Already here as “{demo.original_name}”: the content is the same."
    return {"name": name, "outcome": "duplicate", "message": message, "url": _url(demo)}


def _url(demo: Demo) -> str:
    return demo.get_absolute_url()
