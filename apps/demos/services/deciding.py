"""A person's word on whether a round counts. Words are only added: the newest holds, the others are the history."""

from django.db import transaction

from apps.core.models import User
from apps.demos.models import Demo, DemoStatus, Round, RoundDecision
from apps.demos.services import describing, recounting, state

REASON_CHARS = 300


class Refused(Exception):
    """The decision was not taken; the message says why."""


class Busy(Refused):
    """Not now: the recording is being imported."""


@transaction.atomic
def decide(demo: Demo, ordinal: int, *, counts: bool, reason: str, user: User) -> bool:
    """Let the round at ``ordinal`` count or not, and count everything anew.

    Returns:
        Whether this call changed it; False where it was so already (a second click).

    Raises:
        Refused: without a reason, with one that is too long, or for a round that is not there.
        Busy: during an import.
    """
    words = describing.storable(reason)
    if not words:
        raise Refused("Say why: the reason stays with the round. Nothing was changed.")
    if len(words) > REASON_CHARS:
        raise Refused(f"The reason may have {REASON_CHARS} characters, this one has {len(words)}. Nothing was changed.")
    row = Demo.objects.select_for_update().get(pk=demo.pk)
    if row.status != DemoStatus.READY:
        raise Busy("The recording is being imported right now. Nothing was changed; try again when it is ready.")
    found = Round.objects.filter(demo=row, ordinal=ordinal).first()
    if found is None:
        raise Refused("That round is not in the recording any more. Nothing was changed; load the page again.")
    if (not found.not_counted) == counts:
        return False
    RoundDecision.objects.create(demo=row, start_tick=found.start_tick, counts=counts, reason=words, user=user)
    recounting.recount(row)
    state.tell(row.pk)
    return True
