"""What every template needs: who may go where."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from apps.core.roles import ORDER, Role, role_of


@dataclass(frozen=True)
class Place:
    label: str
    url: str
    current: bool


PLACES = (
    ("Library", "demos:library", Role.VIEWER),
    ("Captures", "captures:list", Role.VIEWER),
    ("Review", "captures:review", Role.REVIEWER),
    ("Coach", "coach:live", Role.VIEWER),
    ("Jobs", "core:jobs", Role.VIEWER),
    ("Training", "admin:training_trainingrun_changelist", Role.RESEARCHER),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": (), "role": None}
    match = request.resolver_match
    here = f"{match.app_name}:{match.url_name}" if match else ""
    held = role_of(user)  # asked once: each asking is a query
    rank = ORDER.index(held) if held else -1
    places = [Place(label, reverse(name), here == name) for label, name, role in PLACES if rank >= ORDER.index(role)]
    return {"places": places, "role": held}
