"""What people say of recordings: one recording's description, and many recordings at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.core.models import User
from apps.core.roles import Role, role_required
from apps.core.views import person, row_number
from apps.demos.forms import DescriptionForm
from apps.demos.models import Demo
from apps.demos.selectors.recordings import may_delete
from apps.demos.services import describing, removing

AT_ONCE = 500
AT_DESCRIPTION = "at-description"  # said beside the form, not above the page
DESTRUCTIVE = ("recording", "delete")


@require_POST
@role_required(Role.VIEWER)
def describe(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Keep what a person typed into the description; asked for by htmx, answers the form."""
    demo = Demo.objects.select_related("event").filter(pk=demo_id).first()
    if demo is None:
        raise Http404("This recording is not here any more. Nothing was changed.")
    form = DescriptionForm(request.POST)
    saved = form.is_valid()
    if saved:
        describing.change(demo, form.cleaned_data)
        demo.refresh_from_db()
    if request.headers.get("HX-Request") and not saved:
        return render(request, "demos/library_describe.html", {"demo": demo, "typed_form": form})
    if saved:
        messages.success(request, "The description was saved.", extra_tags=AT_DESCRIPTION)
    else:
        for name, errors in form.errors.items():
            label = form.fields[name].label or name.capitalize()
            messages.error(request, f"{label}: {' '.join(map(str, errors))}", extra_tags=AT_DESCRIPTION)
    if request.headers.get("HX-Request"):  # names stand all over the page: it is read again, and stays where it was
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(f"{demo.get_absolute_url()}#describe")


@require_POST
@role_required(Role.VIEWER)
def remove_recording(request: HttpRequest, demo_id: int) -> HttpResponse:
    """Delete a recording's file and keep what was read from it; twice does no harm."""
    demo = Demo.objects.filter(pk=demo_id).first()
    if demo is None:
        messages.info(request, "That recording is already gone.")
        return redirect("demos:library")
    if not may_delete(person(request), demo):
        raise PermissionDenied("Only the person who uploaded a recording, or an admin, may delete it.")
    if removing.remove_recording(demo):
        messages.success(
            request,
            f"The file of “{demo.original_name}” was deleted. Rounds, replay and statistics stay; uploading the same "
            "file again brings it back.",
        )
    elif Demo.objects.filter(pk=demo.pk).exclude(recording="").exists():
        messages.error(request, "It is being imported, so its file is still needed. Nothing was deleted.")
    else:
        messages.info(request, "The file of this recording was deleted before. Nothing else was changed.")
    return redirect(demo)


@require_POST
@role_required(Role.VIEWER)
def bulk(request: HttpRequest) -> HttpResponse:
    """Tag, group or delete the recordings that were ticked; deleting asks first."""
    numbers = [number for text in request.POST.getlist("demo")[:AT_ONCE] if (number := row_number(text))]
    demos = list(Demo.objects.filter(pk__in=numbers).select_related("job"))
    action, value = request.POST.get("action", ""), request.POST.get("value", "")
    if not demos:
        messages.info(request, "No recording was ticked, or those that were are gone. Nothing was changed.")
    elif action in DESTRUCTIVE and not request.POST.get("confirmed"):
        user = person(request)
        own = [demo for demo in demos if may_delete(user, demo)]
        context = {"action": action, "demos": own, "others": len(demos) - len(own), "query": _query(request)}
        return render(request, "demos/library_confirm.html", context)
    elif action in DESTRUCTIVE:
        _delete(request, demos, whole=action == "delete")
    else:
        _group(request, numbers, action, value)
    return redirect(f"/{_query(request)}")


def _group(request: HttpRequest, numbers: list[int], action: str, value: str) -> None:
    demos = Demo.objects.filter(pk__in=numbers)
    try:
        match action:
            case "tag" | "untag" if not describing.split_tags(value):
                messages.info(request, "Type a tag first. Nothing was changed.")
            case "tag":
                messages.success(request, f"{_many(describing.tag(demos, add=[value]))} tagged “{value.strip()}”.")
            case "untag":
                count = describing.tag(demos, remove=[value])
                messages.success(request, f"The tag “{value.strip()}” was taken off {_many(count)}.")
            case "event":
                count = describing.set_event(demos, value)
                where = f"put into the event “{value.strip()}”" if value.strip() else "taken out of their event"
                messages.success(request, f"{_many(count)} {where}.")
            case _:
                messages.error(request, "Choose what to do with the ticked recordings. Nothing was changed.")
    except describing.Refused as refusal:
        messages.error(request, str(refusal))


def _delete(request: HttpRequest, demos: list[Demo], *, whole: bool) -> None:
    user = person(request)
    done, needed, left = 0, 0, 0
    for demo in demos:
        outcome = _delete_one(user, demo, whole=whole)
        done, needed, left = done + (outcome == "done"), needed + (outcome == "needed"), left + (outcome == "left")
    what = f"“{demos[0].original_name}”" if len(demos) == 1 else _many(done)
    if done and whole:
        messages.success(request, f"{what} deleted, with everything that was read from {_them(done)}.")
    elif done:
        messages.success(request, f"{what}: the file{'s' * (done > 1)} deleted; all that was read stays.")
    if needed:
        messages.warning(request, f"{_many(needed)} kept: captures were planned from them. Delete those plans first.")
    if left:
        messages.info(request, f"{_many(left)} left as they were: not yours, being imported, or without a file.")


def _delete_one(user: User, demo: Demo, *, whole: bool) -> str:
    if not may_delete(user, demo):
        return "left"
    if not whole:
        return "done" if removing.remove_recording(demo) else "left"
    try:
        removing.withdraw(demo)
    except ProtectedError:
        return "needed"
    return "done"


def _many(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def _query(request: HttpRequest) -> str:
    """The list to go back to, from where the form was sent."""
    query = request.POST.get("query", "")
    return query if query.startswith("?") else ""
