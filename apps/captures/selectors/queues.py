"""What waits for reviewers: captured frames, and the queues that other apps add."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from apps.captures.selectors.pages import disagreeing, unreviewed


@dataclass(frozen=True)
class Queue:
    """One queue: its name, its page, how many wait in it."""

    title: str
    url: str
    waiting: int


def _frames() -> Queue:
    return Queue("Captured frames", reverse("captures:review"), unreviewed().count())


def _disagreements() -> Queue:
    return Queue("Reader disagrees", disagreements_url(), disagreeing().count())


def disagreements_url() -> str:
    """The page of frames whose HUD was read otherwise than the engine says."""
    return reverse("captures:review") + "?queue=disagreement"


# Other apps add theirs in AppConfig.ready.
QUEUES: list[Callable[[], Queue]] = [_frames, _disagreements]


def queues() -> list[Queue]:
    """All of them, captured frames first."""
    return [make() for make in QUEUES]
