"""The states of a recording, and the one function that moves between them."""

from apps.core.broadcast import hint
from apps.demos.models import Demo, DemoStatus

# from → to. What is ready stays so while it is imported again: the rows and files from before are good until the new
# ones take their place.
TRANSITIONS: dict[DemoStatus, frozenset[DemoStatus]] = {
    DemoStatus.QUEUED: frozenset({DemoStatus.IMPORTING}),
    DemoStatus.IMPORTING: frozenset({DemoStatus.IMPORTING, DemoStatus.READY, DemoStatus.QUEUED}),
    DemoStatus.READY: frozenset({DemoStatus.READY}),
}
ALL = "demos:all"  # topic of the library


def topic(demo_id: int) -> str:
    return f"demo:{demo_id}"


def move(demo_id: int, to: DemoStatus, **changes: object) -> bool:
    """Set ``status=to`` where the row stands in a state that may go there; True when this call did it."""
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    moved = Demo.objects.filter(pk=demo_id, status__in=sources).update(status=to, **changes)
    if moved:
        tell(demo_id)
    return bool(moved)


def tell(demo_id: int) -> None:
    """Let open pages look again."""
    hint(topic(demo_id))
    tell_all()


def tell_all() -> None:
    """Let open libraries look again."""
    hint(ALL)
