"""The capture job in a real worker process, against a real client process."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apps.captures.jobs import enqueue_capture
from apps.captures.labelling.schema import section_schema
from apps.captures.models import CapturePlan, CaptureTarget, Label, Screenshot
from apps.captures.selectors import accepted_samples, sample
from apps.captures.services.plans import create_plan
from apps.core import storage
from apps.core.models import Job
from apps.core.services import enqueueing, housekeeping, ledger

SETTINGS: dict[str, Any] = {"pov_rule": "one-each", "hud_profile": "simulated"}


@pytest.fixture
def game_for_worker(start_game: Callable[..., Any], worker_env: dict[str, str]) -> Callable[..., Any]:
    """``game_for_worker("no-image")`` → the client that the worker's capture jobs connect to."""

    def start(*faults: str) -> Any:
        game = start_game(*faults)
        worker_env.update(
            {
                "GAME_CLIENT_PORT": str(game.port),
                "GAME_CLIENT_DIR": str(game.folder),
                "GAME_SETTLE_S": "0.1",
            }
        )
        return game

    return start


def plan_for(demo: Any, make_user: Callable[..., Any], *, interval_s: float = 10.0, budget: int = 6) -> CapturePlan:
    return create_plan(
        demo=demo, user=make_user("reviewer"), title="A plan", interval_s=interval_s, budget=budget, **SETTINGS
    )


def test_a_plan_becomes_verified_labelled_frames(
    demo: Any, make_user: Callable[..., Any], game_for_worker: Callable[..., Any], run_worker: Callable[[str], None]
) -> None:
    game_for_worker()
    plan = plan_for(demo, make_user)
    job = enqueue_capture(plan, user=plan.created_by)
    run_worker("capture")
    job.refresh_from_db()
    assert (job.status, job.progress) == ("succeeded", 1.0), (job.message, job.log_tail)
    assert job.message.startswith("6 of 6 frames verified, ")
    assert "s per verified frame" in job.message
    frames = Screenshot.objects.select_related("label", "target")
    assert frames.count() == 6
    for frame in frames:
        assert frame.image == f"frames/{frame.sha256}.jpg"
        assert storage.artefacts().exists(frame.image)
        Draft202012Validator(section_schema("game_state")).validate(frame.label.data)
        assert frame.label.data["player_side"] == frame.target.side
    assert {target.why for target in plan.targets.all()} >= {"first kill", "plant"}
    plan.refresh_from_db()
    assert plan.reading_job is not None
    assert (plan.reading_job.queue, plan.reading_job.status) == ("evaluate", "queued"), "their HUD is read next"
    assert accepted_samples() == []
    first = sample(frames[0].pk)
    assert (first.map_name, first.tick, first.player_name) == ("de_test", frames[0].tick, frames[0].target.player_name)


@pytest.mark.any_database  # a game's fault
def test_what_is_not_verified_is_never_labelled_and_a_second_run_goes_on(
    demo: Any,
    make_user: Callable[..., Any],
    game_for_worker: Callable[..., Any],
    run_worker: Callable[[str], None],
) -> None:
    game_for_worker("half-image:3")
    plan = plan_for(demo, make_user, budget=4)
    enqueue_capture(plan, user=plan.created_by)
    run_worker("capture")
    failed = plan.targets.get(status="failed")
    assert "part of its image" in failed.reason
    assert Label.objects.count() == Screenshot.objects.count() == 3
    kept = set(Screenshot.objects.values_list("pk", flat=True))

    job = enqueue_capture(plan, user=plan.created_by)
    run_worker("capture")
    job.refresh_from_db()
    assert job.message.startswith("4 of 4 frames verified")
    assert kept < set(Screenshot.objects.values_list("pk", flat=True))


@pytest.mark.any_database  # a game's fault
def test_a_plan_of_which_nothing_could_be_verified_fails_and_says_why(
    demo: Any, make_user: Callable[..., Any], game_for_worker: Callable[..., Any], run_worker: Callable[[str], None]
) -> None:
    game_for_worker("disk-full")
    plan = plan_for(demo, make_user, budget=2)
    job = enqueue_capture(plan, user=plan.created_by)
    run_worker("capture")
    job.refresh_from_db()
    assert job.status == "failed"
    assert "No space left" in job.message
    assert "0 verified frames are kept" in job.message
    assert not Label.objects.exists()
    assert not plan.targets.filter(status="running").exists()


@pytest.mark.any_database  # a game's frames
def test_cancelling_stops_within_a_frame_and_keeps_what_is_there(
    demo: Any,
    make_user: Callable[..., Any],
    game_for_worker: Callable[..., Any],
    start_worker: Callable[[str], Any],
    wait_for: Callable[..., Any],
) -> None:
    game_for_worker()
    plan = plan_for(demo, make_user, interval_s=1.0, budget=60)
    job = enqueue_capture(plan, user=plan.created_by)
    start_worker("capture")
    wait_for(lambda: plan.targets.filter(status="verified").count() >= 2, 60)
    ledger.request_cancel(Job.objects.get(pk=job.pk))
    wait_for(lambda: Job.objects.get(pk=job.pk).is_over, 15)
    assert Job.objects.get(pk=job.pk).status == "cancelled"
    verified = plan.targets.filter(status="verified").count()
    assert 2 <= verified < plan.targets.count()
    assert not plan.targets.filter(status="running").exists()
    assert Label.objects.count() == verified


def test_a_killed_worker_loses_nothing_and_another_one_finishes(
    demo: Any,
    make_user: Callable[..., Any],
    game_for_worker: Callable[..., Any],
    start_worker: Callable[[str], Any],
    run_worker: Callable[[str], None],
    wait_for: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os
    from datetime import timedelta

    game_for_worker()
    plan = plan_for(demo, make_user, budget=6)
    job = enqueue_capture(plan, user=plan.created_by)
    worker = start_worker("capture")
    wait_for(lambda: plan.targets.filter(status="verified").count() >= 2, 60)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    before = dict(Screenshot.objects.values_list("target_id", "pk"))

    monkeypatch.setattr(ledger, "DEAD_AFTER", timedelta(seconds=-60))
    wait_for(lambda: housekeeping.bury_the_dead() or Job.objects.get(pk=job.pk).status != "running")
    if Job.objects.get(pk=job.pk).is_over:
        enqueueing.retry(Job.objects.get(pk=job.pk))
    run_worker("capture")
    job.refresh_from_db()
    assert (job.status, job.message[:15]) == ("succeeded", "6 of 6 frames v")
    after = dict(Screenshot.objects.values_list("target_id", "pk"))
    assert before.items() <= after.items()
    assert len(after) == 6


@pytest.mark.any_database  # a game's frames
def test_a_real_recording_is_captured_by_the_simulated_client(
    shared_data: Path,
    make_user: Callable[..., Any],
    run_worker: Callable[[str], None],
    transactional_db: None,
) -> None:
    from apps.captures.forms import suggested_interval_s
    from apps.demos.jobs.importing_here import import_file

    [came] = import_file(shared_data / "demos" / "real" / "14160.dem")
    demo = came.demo
    assert demo
    assert suggested_interval_s(demo) == 0.25
    plan = plan_for(demo, make_user, interval_s=0.25, budget=4)
    job = enqueue_capture(plan, user=plan.created_by)
    run_worker("capture")
    job.refresh_from_db()
    assert job.message.startswith("4 of 4 frames verified"), (job.message, job.log_tail)
    label = Screenshot.objects.order_by("pk")[0].label
    assert (label.data["map_name"], label.data["round_phase"]) == ("de_dust2", "freeze")
    assert label.behavior is None, "two seconds say nothing of the next fifteen"
    assert label.contribution is None
    assert CaptureTarget.objects.filter(status="verified").count() == 4
