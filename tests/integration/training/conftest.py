"""Accepted frames in the database, and a signed-in researcher."""

import hashlib
import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from apps.captures.models import CapturePlan, CaptureTarget, Decision, Label, Screenshot
from apps.core.models import User
from apps.core.storage import put_bytes
from apps.demos.models import Demo
from apps.training import jobs
from apps.training.models import Dataset
from tests.tiny import picture, tiny_model
from tests.unit.training.datasets.samples import BEHAVIOR, CONTEXT, LABEL, OBSERVABILITY

__all__ = ["tiny_model"]
Frames = Callable[..., list[Screenshot]]


@pytest.fixture
def accept_frames(transactional_db: None) -> Frames:
    """``accept_frames(3, match="a")`` → so many reviewed frames of one match."""

    def make(count: int, match: str = "a", decision: Decision = Decision.ACCEPTED) -> list[Screenshot]:
        demo, _ = Demo.objects.get_or_create(
            sha256=match * 64, defaults={"original_name": f"{match}.dem", "size": 1, "map_name": "de_nuke"}
        )
        plan = CapturePlan.objects.create(demo=demo, title="frames")
        return [_frame(plan, number, decision) for number in range(count)]

    return make


def _frame(plan: CapturePlan, number: int, decision: Decision) -> Screenshot:
    target = CaptureTarget.objects.create(
        plan=plan, tick=1000 + number, round_number=3, slot=4, side="CT", why="sample", status="verified"
    )
    buffer = io.BytesIO()
    picture(number).save(buffer, "JPEG")
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    row = Screenshot.objects.create(
        target=target,
        tick=target.tick,
        image=put_bytes(f"frames/{digest}.jpg", buffer.getvalue()),
        sha256=digest,
        width=640,
        height=360,
        hud_profile="simulated",
        position_error=0,
        angle_error=0,
        decision=decision,
    )
    Label.objects.create(
        screenshot=row,
        schema_version=1,
        data={**LABEL, "player_health": 10 + number},
        observability=OBSERVABILITY,
        context=CONTEXT,
        behavior=BEHAVIOR,
        contribution=0.5,
        round_won=True,
    )
    return row


@pytest.fixture
def researcher(client: Client, make_user: Callable[..., User]) -> User:
    """A researcher, signed in with ``client``."""
    user = make_user("researcher")
    client.force_login(user)
    return user


@pytest.fixture
def dataset(accept_frames: Frames, run_worker: Callable[[str], None]) -> Dataset:
    """Three training frames and one validation frame, frozen by a real worker."""
    accept_frames(3, match="a")
    accept_frames(1, match="b")
    row = jobs.enqueue_build(name="frames", filters={"seed": 0}, user=None, key=uuid4())
    run_worker("evaluate")
    row.refresh_from_db()
    assert row.status == "succeeded", row.message
    return row
