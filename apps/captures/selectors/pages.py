"""Reads for the pages: plans with their counts, the review queue, a label in groups."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.captures.labelling.observability import observability
from apps.captures.models import CapturePlan, CaptureTarget, Decision, Reading, Review, Screenshot, TargetStatus
from apps.captures.selectors.readings import beside
from apps.core.models import User
from apps.core.roles import Role, has_role
from apps.demos.models import Demo

_GROUPS = (
    ("Player", ("player_side", "player_health", "player_armor", "player_has_helmet", "player_has_defuser")),
    ("Hands", ("weapon_in_hand", "ammo_clip", "ammo_reserve", "weapon_primary", "weapon_secondary", "utility")),
    ("Money", ("player_money", "team_money_total")),
    ("Round", ("round_phase", "round_clock", "score_ct", "score_t", "alive_teammates", "alive_enemies")),
    ("Map", ("map_name", "place_name", "bomb_status", "site", "visible_enemies")),
)
_WORDS = {"hud": "on the HUD", "hud-soft": "icon or radar", "context": "context only", "geometry": "needs geometry"}


def plans(demo_id: int | None = None, round_number: int | None = None) -> QuerySet[CapturePlan]:
    """Plans (of a recording, with frames of a round), newest first, with how many targets stand where."""
    rows = CapturePlan.objects.all() if demo_id is None else CapturePlan.objects.filter(demo_id=demo_id)
    if round_number is not None:
        rows = rows.filter(pk__in=CaptureTarget.objects.filter(round_number=round_number).values("plan"))
    return (
        rows.select_related("demo", "created_by", "job", "reading_job")
        .annotate(
            total=Count("targets"),
            verified=Count("targets", filter=Q(targets__status=TargetStatus.VERIFIED)),
            failed=Count("targets", filter=Q(targets__status=TargetStatus.FAILED)),
            unreviewed=Count("targets", filter=Q(targets__screenshot__decision=Decision.NONE)),
            accepted=Count("targets", filter=Q(targets__screenshot__decision=Decision.ACCEPTED)),
        )
        .order_by("-created_at", "-pk")
    )


def may_delete(user: User, plan: CapturePlan) -> bool:
    """Whoever made a plan, and admins."""
    return plan.created_by_id == user.pk or has_role(user, Role.ADMIN)


def targets_of(plan: CapturePlan) -> QuerySet[CaptureTarget]:
    return plan.targets.select_related("screenshot__reading").order_by("tick", "slot")


def capturable_demos() -> QuerySet[Demo]:
    return Demo.objects.filter(has_positions=True)


def unreviewed(plan_id: int | None = None) -> QuerySet[Screenshot]:
    """Frames nobody has decided on, oldest first."""
    rows = Screenshot.objects.filter(decision=Decision.NONE, label__isnull=False)
    if plan_id is not None:
        rows = rows.filter(target__plan_id=plan_id)
    return rows.select_related("label", "target__plan__demo").order_by("pk")


def disagreeing(plan_id: int | None = None) -> QuerySet[Screenshot]:
    """Frames nobody has decided on whose HUD was read otherwise than the engine says, oldest first."""
    return unreviewed(plan_id).filter(reading__differs=True)


def following(rows: QuerySet[Screenshot], after: int) -> Screenshot | None:
    """The next frame of a queue, from the beginning again behind its end."""
    return rows.filter(pk__gt=after).first() or rows.exclude(pk=after).first()


def last_review(user: User) -> Review | None:
    """The newest decision of ``user`` that stands: what "undo" would take back."""
    return Review.objects.filter(reviewer=user, undone_at=None).select_related("screenshot").order_by("-pk").first()


def label_groups(row: Screenshot, reading: Reading | None = None) -> list[tuple[str, list[dict[str, Any]]]]:
    """The label as (group, fields); a field has name, value ("" for unknown), where it can be seen, what ``reading``
    says of it ("" for nothing) and whether that differs."""
    data, seen = row.label.data, row.label.observability or observability(row.label.data)
    groups = []
    for title, names in _GROUPS:
        fields = [
            {
                "name": name.removeprefix("player_").replace("_", " "),
                "value": _shown(data.get(name), known=name in seen) or _hidden(name, data),
                "where": _WORDS.get(seen.get(name, ""), ""),
                **beside(name, reading),
            }
            for name in names
        ]
        groups.append((title, fields))
    return groups


def behavior_words(row: Screenshot) -> list[tuple[str, str]]:
    """What the player did next, in words; nothing where the recording cannot tell."""
    told = row.label.behavior
    if not told:
        return []
    toward = {1: "towards", 0: "neither", -1: "away"}
    return [
        ("enemies", toward[told["movement_direction"]]),
        ("objective", toward[told["objective_direction"]]),
        ("utility", ", ".join(told["utility_used"]) or "none"),
        ("opened the fight", "yes" if told["initiated_engagement"] else "no"),
        ("delay to damage", "no fight" if told["engagement_delay"] >= 1 else f"{told['engagement_delay'] * 15:.1f} s"),
    ]


def _hidden(name: str, data: dict[str, Any]) -> str:
    """Words for a field that is null because the HUD shows nothing there, not because nobody knows."""
    no_ammunition = name.startswith("ammo_") and data.get("ammo_clip") is None and data.get("weapon_in_hand")
    no_clock = name == "round_clock" and data.get("round_phase") == "planted"
    return "not shown" if no_ammunition or no_clock else ""


def _shown(value: Any, *, known: bool) -> str:
    if value is None or value == []:
        return "none" if known else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
