"""What workers run for training, each with its ``enqueue_`` twin."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.children import run_child
from apps.core.jobs import JobCancelled, JobErrored, JobFailed, JobRun
from apps.core.models import User
from apps.core.services.enqueueing import enqueue, job
from apps.training.models import Checkpoint, Dataset, Evaluation, Status, TrainingRun
from apps.training.services import checkpoints, datasets, evaluations, runs, workspace
from apps.training.services.transitions import Row, move, settle
from apps.training.trainers.config import RunConfig
from apps.training.trainers.evaluate import EvaluationConfig

EXPECTED_FAILURE = 3  # trainers.session
STOP_GRACE_S = 300.0  # the step in progress is finished and its checkpoint saved
TRAINER_ENV = {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}


class ChildDied(Exception):
    """A trainer ended without a word."""


def enqueue_build(*, name: str, filters: Mapping[str, Any], user: User | None, key: UUID) -> Dataset:
    """Create a dataset version and have it built; a ``key`` used before gives its row again."""
    with transaction.atomic():
        row, made = datasets.create(name=name, filters=filters, user=user, key=key)
        if made:
            _attach(row, enqueue(build_dataset, title=f"Build dataset {row}", user=user, dataset_id=row.pk))
    return row


@job("evaluate", timeout=timedelta(minutes=30))
def build_dataset(run: JobRun, *, dataset_id: int) -> str:
    dataset = Dataset.objects.get(pk=dataset_id)
    if not move(dataset, Status.RUNNING):
        return dataset.message
    run.progress(0.1, "Reading accepted frames.")
    try:
        datasets.build(dataset)
    except datasets.NothingToFreeze as error:
        move(dataset, Status.FAILED, message=str(error))
        raise JobFailed(str(error)) from error
    return dataset.message


def enqueue_run(
    *,
    method: str,
    dataset: Dataset,
    start: Checkpoint | None,
    preset: str,
    parameters: Mapping[str, Any],
    user: User | None,
    key: UUID,
) -> TrainingRun:
    """Create a run and have it trained; a ``key`` used before gives its row again."""
    with transaction.atomic():
        row, made = runs.create(
            method=method, dataset=dataset, start=start, preset=preset, parameters=parameters, user=user, key=key
        )
        if made:
            _attach(row, enqueue(train, title=f"{row.get_method_display()} on {dataset}", user=user, run_id=row.pk))
    return row


@job("train", timeout=timedelta(days=3))
def train(run: JobRun, *, run_id: int) -> str:
    row = TrainingRun.objects.select_related("dataset", "start").get(pk=run_id)
    if not move(row, Status.RUNNING, message="Fetching frames and model."):
        return row.message
    _clean_up_after_the_dead()
    home = workspace.folder("run", row.pk)
    output = home / "output"
    follower = runs.Follower(row, output)

    def look() -> None:
        if follower.look():
            loss = follower.latest.get("values", {}).get("loss")
            shown = "" if loss is None else f", loss {loss:.3f}"
            run.progress(row.step / max(row.steps, 1), f"Step {row.step} of {row.steps}{shown}.")

    try:
        run.progress(0.0, "Fetching frames and model.")
        code = _run_trainer(run, f"apps.training.trainers.{row.method}", _prepare(row, home, output), look)
        follower.look()
        message = _conclude(row, code, checkpoints.read_status(output))
    except BaseException as error:
        follower.look()
        _give_up(row, error, checkpoints.read_status(output))
        if isinstance(error, JobCancelled):
            raise JobCancelled(row.message) from error
        if isinstance(error, ChildDied):
            raise JobErrored(row.message) from error
        raise
    finally:
        workspace.clean(home)  # metrics, completions and checkpoints are stored; the frames are links
    return message


def _prepare(row: TrainingRun, home: Path, output: Path) -> Path:
    output.mkdir(exist_ok=True)
    try:
        manifest = workspace.export_dataset(row.dataset, home / "dataset", ["train"])
        model = workspace.export_model(row.start, home / "model")
    except workspace.MissingPart as error:
        raise JobFailed(str(error)) from error
    config = RunConfig(
        method=row.method,
        model=str(model),
        manifest=str(manifest),
        images=str(home / "dataset"),
        output=str(output),
        parameters=row.parameters,
        preset=row.preset,
    )
    config.write(home / "run.json")
    return home / "run.json"


class TrainerBroke(ChildDied):
    """The trainer ended by an error of its own; nobody killed it."""


def _run_trainer(run: JobRun, module: str, config: Path, look: Callable[[], None]) -> int:
    return run_child(
        run,
        ["-m", module, f"--config={config}"],
        on_line=run.log,
        stop_grace_s=STOP_GRACE_S,
        env=TRAINER_ENV,
        while_waiting=look,
    )


def _conclude(row: TrainingRun, code: int, status: Mapping[str, Any]) -> str:
    """The closing sentence of a trainer that ended by itself. Raises JobFailed or ChildDied otherwise."""
    if code == EXPECTED_FAILURE:
        raise JobFailed(str(status.get("message") or "The trainer refused its configuration; the log has the reason."))
    if code > 0:
        raise TrainerBroke(f"The trainer ended with status {code}.")
    if code != 0 or status.get("status") not in ("finished", "stopped"):
        raise ChildDied(f"The trainer ended with status {code}.")
    message = str(status["message"])
    runs.finish(row, Status.SUCCEEDED if status["status"] == "finished" else Status.STOPPED, message)
    return message


def _give_up(row: TrainingRun, error: BaseException, status: Mapping[str, Any]) -> None:
    kept = row.checkpoints.count()
    keeps = f"{kept} checkpoint{'s' * (kept != 1)} of this run {'are' if kept != 1 else 'is'} kept."
    if isinstance(error, JobCancelled):
        told = status.get("message") if status.get("status") == "stopped" else None
        runs.finish(row, Status.STOPPED, str(told or f"Stopped; {keeps}"))
    elif isinstance(error, JobFailed):
        runs.finish(row, Status.FAILED, str(error))
    else:
        how = "broke off with an error" if isinstance(error, TrainerBroke) else "died"
        why = "the log has it" if isinstance(error, TrainerBroke) else "killed, or out of memory"
        again = "Launch it again from the last one." if kept else "Launch it again."
        runs.finish(row, Status.ERRORED, f"The trainer {how} after step {row.step} ({why}); {keeps} {again}")


def enqueue_evaluation(
    *, checkpoint: Checkpoint | None, dataset: Dataset, split: str, user: User | None, key: UUID
) -> Evaluation:
    """Create an evaluation and have it run; a ``key`` used before gives its row again."""
    with transaction.atomic():
        row, made = evaluations.create(checkpoint=checkpoint, dataset=dataset, split=split, user=user, key=key)
        if made:
            _attach(row, enqueue(evaluate, title=f"Evaluate {row}", user=user, evaluation_id=row.pk))
    return row


@job("evaluate", timeout=timedelta(hours=12))
def evaluate(run: JobRun, *, evaluation_id: int) -> str:
    row = Evaluation.objects.select_related("dataset", "checkpoint").get(pk=evaluation_id)
    if not move(row, Status.RUNNING):
        return row.message
    _clean_up_after_the_dead()
    home = workspace.folder("evaluation", row.pk)
    try:
        run.progress(0.0, "Fetching frames and model.")
        code, last = _run_evaluator(run, row, home)
        if code == EXPECTED_FAILURE:
            raise JobFailed(last or "The evaluation could not start.")
        if code != 0:
            raise ChildDied(f"The evaluation ended with status {code}.")
        return evaluations.take_over(row, home)
    except JobCancelled:
        move(row, Status.STOPPED, message="Stopped; nothing was kept of this evaluation.")
        raise
    except JobFailed as error:
        move(row, Status.FAILED, message=str(error))
        raise
    except Exception:
        move(row, Status.ERRORED, message="The evaluation broke off; nothing was kept of it. Start it again.")
        raise
    finally:
        workspace.clean(home)


def _run_evaluator(run: JobRun, row: Evaluation, home: Path) -> tuple[int, str]:
    try:
        manifest = workspace.export_dataset(row.dataset, home / "dataset", [row.split])
        model = workspace.export_model(row.checkpoint, home / "model")
    except workspace.MissingPart as error:
        raise JobFailed(str(error)) from error
    config = home / "evaluate.json"
    settings_ = EvaluationConfig(
        model=str(model), manifest=str(manifest), images=str(home / "dataset"), output=str(home), split=row.split
    )
    config.write_text(json.dumps(asdict(settings_)))
    last = ""

    def on_line(line: str) -> None:
        nonlocal last
        last = line.strip() or last
        run.log(line)
        done, _, whole = line.partition("/")
        if done.isdigit() and whole.strip().isdigit():
            run.progress(int(done) / int(whole), f"{done} of {whole.strip()} frames answered.")

    code = run_child(
        run,
        ["-m", "apps.training.trainers.evaluate", f"--config={config}"],
        on_line=on_line,
        env=TRAINER_ENV,
    )
    return code, last


def _clean_up_after_the_dead() -> None:
    """Remove the folders of work that is over: its own worker was killed before it could."""
    for kind, model in (("run", TrainingRun), ("evaluation", Evaluation)):
        for number, path in workspace.folders(kind):
            row = model._default_manager.filter(pk=number).first()  # type: ignore[attr-defined]
            if row is None or settle(row).is_over:
                workspace.clean(path)


def _attach(row: Row, job_row: Any) -> None:
    row.job = job_row
    row.save(update_fields=["job"])
