"""People say what a field should have been; reviewers decide whether that is so."""

from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from jsonschema import Draft202012Validator

from apps.captures.labelling.schema import section_schema
from apps.coach.advice.partial import clean
from apps.coach.models import Analysis, Correction, CorrectionStatus
from apps.core.models import User

S = CorrectionStatus
TRANSITIONS: dict[CorrectionStatus, frozenset[CorrectionStatus]] = {
    S.OPEN: frozenset({S.ACCEPTED, S.REJECTED}),
    S.ACCEPTED: frozenset({S.OPEN}),
    S.REJECTED: frozenset({S.OPEN}),
}
MAX_CHARS = 500  # of a value written out
PREFIX = "game_state."  # what a frame shows; advice has no right answer


class CorrectionRefused(Exception):
    """The correction cannot be taken; the text says why."""


def correct(*, analysis: Analysis, by: User, field: str, value: Any) -> Correction:
    """Say that ``field`` ("game_state.player_health") should have been ``value``; saying it again replaces it.

    Raises:
        CorrectionRefused: no such field, a value that the schema does not allow, or already decided by a reviewer.
    """
    value = _plain(value)
    _check(field, value)
    told = {"value": clean(value), "by": by, "created_at": timezone.now()}
    with transaction.atomic():
        row, new = Correction.objects.get_or_create(analysis=analysis, field=field, defaults=told)
        if not new and not Correction.objects.filter(pk=row.pk, status=S.OPEN).update(**told):
            raise CorrectionRefused("A reviewer has already decided on this field.")
    row.refresh_from_db()
    return row


def decide(correction_id: int, *, by: User, accept: bool) -> bool:
    """Accept or reject an open correction; False when somebody else decided first."""
    return _move(correction_id, S.ACCEPTED if accept else S.REJECTED, decided_by=by, decided_at=timezone.now())


def reopen(correction_id: int, *, by: User) -> bool:
    """Undo one's own decision; False when it is not one's own, or not decided."""
    if not Correction.objects.filter(pk=correction_id, decided_by=by).exists():
        return False
    return _move(correction_id, S.OPEN, decided_by=None, decided_at=None)


def _move(correction_id: int, to: CorrectionStatus, **changes: Any) -> bool:
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    return bool(Correction.objects.filter(pk=correction_id, status__in=sources).update(status=to, **changes))


def _plain(value: Any) -> Any:
    """A text without spaces or line ends around it; 87.0 and 1e2 as the whole numbers that they are."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else value


def _check(field: str, value: Any) -> None:
    validator = _validators().get(field)
    if validator is None:
        raise CorrectionRefused("Only what the frame shows can be corrected, and there is no such field.")
    kept = value is None or clean(value) is not None
    if not kept or not validator.is_valid(value) or len(str(value)) > MAX_CHARS:
        raise CorrectionRefused(f"{field.removeprefix(PREFIX)} cannot be {str(value)[:60]}.")


@cache
def _validators() -> dict[str, Draft202012Validator]:
    fields: dict[str, Any] = section_schema("game_state")["properties"]
    return {f"{PREFIX}{name}": Draft202012Validator(schema) for name, schema in fields.items()}
