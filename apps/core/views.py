"""Pages about jobs, signing in, and whether the app is well."""

import errno
import sys
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection
from django.db.utils import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from apps.core import selectors
from apps.core.models import Job, User
from apps.core.roles import Role, role_required
from apps.core.services import enqueueing, ledger, tokens

DISK_FULL = "The disk is full. Nothing of this was kept, and nothing else was lost; make room and try again."
TOO_MUCH = "That was more than a form can take (2.5 MB of text). Nothing was changed; send less at once."
TOO_MANY = "That were more files or fields than a form can take at once. Nothing was kept; send them in smaller lots."
BROKE = "The error was written to the log. Nothing you did was lost; going back and trying again is safe."


def person(request: HttpRequest) -> User:
    """The logged-in user; the login middleware guarantees one."""
    return cast("User", request.user)


def row_number(text: str | None) -> int | None:
    """The row that an address asks for; None for what can be no row's number ("²", 5,000 digits, nothing)."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def broken(request: HttpRequest) -> HttpResponse:
    """What an error nobody foresaw looks like; a full disk says so (507), wherever it was met."""
    full = _disk_is_full(sys.exc_info()[1])
    status = 507 if full else 500
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": DISK_FULL if full else BROKE, "results": []}, status=status)
    try:
        return render(request, "500.html", {"exception": DISK_FULL if full else BROKE}, status=status)
    except Exception:  # the page needs the database, and that may be what broke
        return HttpResponse(DISK_FULL if full else BROKE, status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What a request that Django refuses looks like; one with too much text says so (413)."""
    reason = ""
    if isinstance(exception, RequestDataTooBig):
        reason = TOO_MUCH
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        reason = TOO_MANY
    status = 413 if reason else 400
    if "application/json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
        return JsonResponse({"error": reason or "This request makes no sense."}, status=status)
    return render(request, "400.html", {"reason": reason}, status=status)


def _disk_is_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return isinstance(error, OperationalError) and "disk is full" in str(error)


class PasswordChange(SuccessMessageMixin, PasswordChangeView):  # type: ignore[misc,type-arg]
    """Says that it is done, and what it did to other browsers."""

    success_message = "Your password is changed. Everywhere else you were signed in you are signed out."


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Where a person changes their password and keeps their tokens for the REST API."""
    return _account(request)


@require_POST
@sensitive_variables("text")
@role_required(Role.VIEWER)
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    choices: dict[str, int | None] = {"30": 30, "90": 90, "365": 365, "": None}
    days = choices.get(request.POST.get("days", "30"), 30)  # a token without end only where that was chosen
    try:
        row, text = tokens.make(person(request), request.POST.get("name", ""), days=days)
    except tokens.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("core:account")
    return _account(request, made=row, text=text)


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Take a token back; twice does no harm."""
    name = tokens.revoke(person(request), token_id)
    if name is None:
        messages.info(request, "That token is already gone.")
    else:
        messages.success(request, f"The token “{name}” was revoked: nothing that uses it gets in any more.")
    return redirect("core:account")


def _account(request: HttpRequest, **made: object) -> HttpResponse:
    rows = person(request).api_tokens.all()
    answer = render(request, "core/account.html", {"tokens": rows, "now": timezone.now(), **made})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _job_or_404(request: HttpRequest, job_id: UUID) -> Job:
    try:
        return selectors.job(person(request), job_id)
    except Job.DoesNotExist as error:
        raise Http404("There is no such job.") from error


def _steerable(request: HttpRequest, job_id: UUID) -> Job:
    row = _job_or_404(request, job_id)
    if not selectors.may_steer(person(request), row):
        raise PermissionDenied("Only the person who started a job, or an admin, may stop or repeat it.")
    return row


@require_GET
@role_required(Role.VIEWER)
def jobs(request: HttpRequest) -> HttpResponse:
    rows = Paginator(selectors.visible_jobs(person(request)), 50).get_page(request.GET.get("page"))
    return render(request, "core/jobs.html", {"jobs": rows})


@require_GET
@role_required(Role.VIEWER)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The job's page; asked for by htmx, only its card."""
    row = _job_or_404(request, job_id)
    template = "core/job_card.html" if request.headers.get("HX-Request") else "core/job.html"
    return render(request, template, {"job": row, "may_steer": selectors.may_steer(person(request), row)})


@require_POST
@role_required(Role.VIEWER)
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    ledger.request_cancel(_steerable(request, job_id))
    return _card(request, job_id)


@require_POST
@role_required(Role.VIEWER)
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    row = _steerable(request, job_id)
    if row.retry_safe:
        enqueueing.retry(row)
    return _card(request, job_id)


def _card(request: HttpRequest, job_id: UUID) -> HttpResponse:
    row = _job_or_404(request, job_id)
    return render(request, "core/job_card.html", {"job": row, "may_steer": True})


@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether web and database answer; the launcher waits for it. Tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
