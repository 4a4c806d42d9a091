"""Runs through the pages, a real worker and TRL's real trainers."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.core.models import Job, User
from apps.core.storage import artefacts, read_bytes
from apps.training import jobs
from apps.training.models import Checkpoint, Dataset, Evaluation, Status, TrainingRun
from apps.training.services import evaluations, workspace
from apps.training.services.transitions import move
from apps.training.trainers.evaluate import summarise

Worker = Callable[[str], Any]


def _form(dataset: Dataset, method: str, **values: object) -> dict[str, object]:
    return {"key": str(uuid4()), "method": method, "dataset": dataset.pk, "preset": "d013-matrix", **values}


def _launch(client: Client, form: dict[str, object]) -> TrainingRun:
    answer = client.post(reverse("admin:training_trainingrun_add"), form)
    assert answer.status_code == 302, answer.content.decode()
    return TrainingRun.objects.get(pk=answer.headers["Location"].rstrip("/").split("/")[-2])


@pytest.mark.any_database  # the trainers
def test_sft_then_grpo_then_evaluation(
    client: Client, researcher: User, dataset: Dataset, tiny_model: Path, run_worker: Worker
) -> None:
    first = _launch(client, _form(dataset, "sft", **{"sft-steps": 3, "sft-batch_size": 1}))
    run_worker("train")
    first.refresh_from_db()
    assert (first.status, first.step) == ("succeeded", 3), first.message
    assert first.job is not None
    assert first.job.status == "succeeded"
    checkpoint = first.checkpoints.get()
    assert (checkpoint.step, checkpoint.parent) == (3, None)
    _, names = artefacts().listdir(checkpoint.folder)
    assert "model.safetensors" in names
    assert not [name for name in names if Path(name).suffix not in (".safetensors", ".json", ".jinja", ".txt")]

    second = _launch(
        client,
        _form(
            dataset,
            "grpo",
            start=checkpoint.pk,
            **{"grpo-steps": 1, "grpo-groups": 1, "grpo-num_generations": 2, "grpo-max_new_tokens": 256},
        ),
    )
    run_worker("train")
    second.refresh_from_db()
    assert second.status == "succeeded", second.message
    data = client.get(reverse("training:run-data", args=[second.pk])).json()
    assert {"loss", "reward", "gate_rate", "signal/outcome/group_std"} <= set(data["curves"])
    assert len(data["completions"]) == 2
    assert data["completions"][0]["frame"] == reverse("captures:frame", args=[data["completions"][0]["screenshot_id"]])
    assert data["checkpoints"][0]["step"] == 1
    assert second.checkpoints.get().parent == checkpoint

    answer = client.post(reverse("training:run-evaluate", args=[second.pk]), {"key": "once"})
    assert client.post(reverse("training:run-evaluate", args=[second.pk]), {"key": "once"}).url == answer.url  # type: ignore[attr-defined]
    run_worker("evaluate")
    evaluation = Evaluation.objects.get()
    assert (evaluation.status, evaluation.split) == ("succeeded", "val"), evaluation.message
    assert (evaluation.sample_count, evaluation.seen_count) == (dataset.split_counts["val"], 0)
    assert set(evaluation.fields) >= {"player_health", "player_money"}
    assert len(read_bytes(evaluation.predictions).splitlines()) == evaluation.sample_count
    for name, row in (
        ("trainingrun", second),
        ("checkpoint", checkpoint),
        ("evaluation", evaluation),
        ("dataset", dataset),
    ):
        assert client.get(reverse(f"admin:training_{name}_change", args=[row.pk])).status_code == 200
        assert client.get(reverse(f"admin:training_{name}_changelist")).status_code == 200
    assert not list((Path(settings.CHIMERA_HOME) / "training").iterdir())  # work folders are gone


def test_evaluating_on_trained_frames_is_flagged(
    client: Client, researcher: User, dataset: Dataset, tmp_path: Path
) -> None:
    first = TrainingRun.objects.create(method="sft", dataset=dataset)
    parent = Checkpoint.objects.create(run=first, step=1, folder="a", sha256="0" * 64)
    other = Dataset.objects.create(name="other", version=1, status="succeeded")
    second = TrainingRun.objects.create(method="grpo", dataset=other, start=parent)
    grandchild = Checkpoint.objects.create(run=second, parent=parent, step=1, folder="b", sha256="0" * 64)
    row, _ = evaluations.create(checkpoint=grandchild, dataset=dataset, split="train", user=None, key=uuid4())
    move(row, Status.RUNNING)
    (tmp_path / "predictions.jsonl").write_text("")
    (tmp_path / "result.json").write_text(json.dumps({**summarise([]), "samples": dataset.split_counts["train"]}))
    assert "memory, not skill" in evaluations.take_over(row, tmp_path)
    row.refresh_from_db()
    assert row.seen_count == row.sample_count == dataset.split_counts["train"]
    assert b"the figures show memory" in client.get(reverse("admin:training_evaluation_change", args=[row.pk])).content


@pytest.fixture
def running(
    client: Client,
    researcher: User,
    dataset: Dataset,
    tiny_model: Path,
    start_worker: Callable[[str], "subprocess.Popen[bytes]"],
    wait_for: Callable[..., object],
) -> TrainingRun:
    """A run that would take for ever, past its second step, with a checkpoint at every step."""
    run = _launch(client, _form(dataset, "sft", **{"sft-steps": 5000, "sft-save_every": 1, "sft-batch_size": 1}))
    start_worker("train")
    wait_for(lambda: TrainingRun.objects.get(pk=run.pk).checkpoints.count() >= 1, 120)
    run.refresh_from_db()
    assert run.status == "running"
    return run


def test_stopping_keeps_the_checkpoint_of_that_step(
    client: Client, running: TrainingRun, wait_for: Callable[..., object]
) -> None:
    for _ in range(2):
        assert client.post(reverse("training:run-stop", args=[running.pk])).status_code == 302
    wait_for(lambda: TrainingRun.objects.get(pk=running.pk).is_over, 120)
    running.refresh_from_db()
    assert running.status == "stopped"
    assert f"after step {running.step}" in running.message
    assert running.checkpoints.filter(step=running.step).exists()
    assert running.metrics.count() == running.step
    wait_for(lambda: Job.objects.get(pk=running.job_id).status == "cancelled")


def test_a_killed_trainer_leaves_an_errored_run_and_its_checkpoints(
    client: Client, running: TrainingRun, wait_for: Callable[..., object]
) -> None:
    needle = f"run-{running.pk}{os.sep}run.json"
    trainers = [p for p in psutil.process_iter(["cmdline"]) if any(needle in a for a in p.info["cmdline"] or [])]
    assert len(trainers) == 1
    kept = set(running.checkpoints.values_list("step", flat=True))
    trainers[0].send_signal(signal.SIGKILL)
    wait_for(lambda: TrainingRun.objects.get(pk=running.pk).is_over, 60)
    running.refresh_from_db()
    assert running.status == "errored"
    assert "died after step" in running.message
    assert kept <= set(running.checkpoints.values_list("step", flat=True))
    wait_for(lambda: Job.objects.get(pk=running.job_id).status == "errored")
    assert Job.objects.get(pk=running.job_id).message == running.message
    assert not list(settings.CHIMERA_HOME.glob(f"training/run-{running.pk}"))
    state = client.get(reverse("training:state", args=["run", running.pk])).json()
    assert 0 < state["progress"] < 1


@pytest.mark.any_database  # folders
def test_folders_of_the_dead_go_with_the_next_start(dataset: Dataset, run_worker: Callable[[str], None]) -> None:
    gone = TrainingRun.objects.create(dataset=dataset, method="sft", status="errored", parameters={}, key=uuid4())
    living = TrainingRun.objects.create(dataset=dataset, method="sft", status="running", parameters={}, key=uuid4())
    left = [workspace.folder("evaluation", 999_999), workspace.folder("run", 999_999), workspace.folder("run", gone.pk)]
    busy = workspace.folder("run", living.pk)
    jobs.enqueue_evaluation(checkpoint=None, dataset=dataset, split="val", user=None, key=uuid4())
    run_worker("evaluate")
    assert not any(folder.exists() for folder in left)
    assert busy.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"sft-steps": -5},
        {"sft-steps": 10**12},
        {"sft-learning_rate": -1},
        {"sft-learning_rate": "1e308"},
        {"sft-learning_rate": "nan"},
        {"sft-batch_size": "; rm -rf /"},
        {"method": "dpo"},
        {"dataset": 999_999},
        {"start": 999_999},
        {"preset": "../../etc/passwd"},
        {"key": "x"},
    ],
    ids=str,
)
def test_impossible_forms_come_back_with_a_sentence(client: Client, researcher: User, wrong: dict[str, object]) -> None:
    dataset = Dataset.objects.create(name="d", version=1, status="succeeded", split_counts={"train": 3})
    answer = client.post(reverse("admin:training_trainingrun_add"), {**_form(dataset, "sft"), **wrong})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert not TrainingRun.objects.exists()


def test_a_second_click_launches_one_run(client: Client, researcher: User) -> None:
    dataset = Dataset.objects.create(name="d", version=1, status="succeeded", split_counts={"train": 3})
    form = _form(dataset, "sft")
    assert _launch(client, form) == _launch(client, form)
    assert Job.objects.filter(queue="train").count() == 1


def test_a_dataset_without_training_samples_cannot_be_trained_on(client: Client, researcher: User) -> None:
    dataset = Dataset.objects.create(name="d", version=1, status="succeeded", split_counts={"val": 3})
    answer = client.post(reverse("admin:training_trainingrun_add"), _form(dataset, "sft"))
    assert b"no training samples" in answer.content
    assert not TrainingRun.objects.exists()


def test_a_missing_start_model_fails_the_run_with_what_to_do(
    client: Client, researcher: User, dataset: Dataset, run_worker: Worker
) -> None:
    run = TrainingRun.objects.create(method="sft", dataset=dataset)
    gone = Checkpoint.objects.create(run=run, step=1, folder="checkpoints/gone", sha256="0" * 64)
    later = jobs.enqueue_run(
        method="sft", dataset=dataset, start=gone, preset="", parameters={}, user=researcher, key=uuid4()
    )
    run_worker("train")
    later.refresh_from_db()
    assert later.status == "failed"
    assert later.message.endswith(".")
    assert later.job is not None
    assert Job.objects.get(pk=later.job_id).message == later.message


@pytest.mark.any_database  # a page's figures
def test_the_memory_line_follows_the_form(client: Client, researcher: User, tiny_model: Path) -> None:
    dataset = Dataset.objects.create(name="d", version=1, status="succeeded", split_counts={"train": 3})
    small = client.get(reverse("training:memory"), _form(dataset, "grpo")).json()
    large = client.get(reverse("training:memory"), _form(dataset, "grpo", **{"grpo-groups": 64})).json()
    wrong = client.get(reverse("training:memory"), _form(dataset, "grpo", **{"grpo-steps": -1})).json()
    assert small["text"].startswith("About"), small
    assert " GB" in large["text"]
    assert "Steps must lie between" in wrong["problem"]
