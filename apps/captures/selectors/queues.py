"""What waits for reviewers: captured frames, and the queues that other apps add."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from apps.captures.selectors.pages import unreviewed


@dataclass(frozen=True)
class Queue:
    """One queue: its name, its page, how many wait in it."""

    title: str
    url: str
    waiting: int


def _frames() -> Queue:
    return Queue("Captured frames", reverse("captures:review"), unreviewed().count())


# Other apps add theirs in AppConfig.ready.
QUEUES: list[Callable[[], Queue]] = [_frames]


def queues() -> list[Queue]:
    """All of them, captured frames first."""
    return [make() for make in QUEUES]
