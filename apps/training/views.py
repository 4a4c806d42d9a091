"""What the training pages ask for while they are open, and the buttons on them."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST
from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.pictures import FrameRefused, open_frame
from apps.captures.hud.placing import pack
from apps.core.models import User
from apps.core.roles import Role, role_required
from apps.core.storage import read_bytes
from apps.training import jobs, selectors
from apps.training.forms import RunForm
from apps.training.models import Checkpoint, Dataset, Evaluation, Status, TrainingRun
from apps.training.services import runs
from apps.training.services.transitions import settle
from apps.training.trainers import memory
from apps.training.trainers.hud.evaluation import BadEvaluation

MOST = 4096  # pixels a side to which a frame is brought for its tile
KINDS: dict[str, type[Dataset] | type[TrainingRun] | type[Evaluation]] = {
    "dataset": Dataset,
    "run": TrainingRun,
    "evaluation": Evaluation,
}


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # every page is behind login
    return request.user


@require_GET
@role_required(Role.RESEARCHER)
def state(request: HttpRequest, kind: str, number: int) -> JsonResponse:
    """How far a dataset, run or evaluation is."""
    if kind not in KINDS:
        raise Http404
    row = get_object_or_404(KINDS[kind], pk=number)
    assert isinstance(row, Dataset | TrainingRun | Evaluation)
    return JsonResponse(_state(row))


def _state(row: Dataset | TrainingRun | Evaluation) -> dict[str, Any]:
    settle(row)
    job = row.job
    running = job is not None and not row.is_over
    return {
        "status": row.status,
        "message": (job.message if running and job else "") or row.message,
        "progress": 1.0 if row.status == Status.SUCCEEDED else job.progress if job else 0.0,
        "stopping": bool(running and job and job.cancel_requested),
    }


@require_GET
@role_required(Role.RESEARCHER)
def run_data(request: HttpRequest, number: int) -> JsonResponse:
    """Everything the run page draws: state, curves, sample completions, checkpoints."""
    run = get_object_or_404(TrainingRun.objects.select_related("job"), pk=number)
    shown = [
        {**row, "frame": _frame_url(row["screenshot_id"]), "page": _frame_page(row["screenshot_id"])}
        for row in selectors.completions(run)
    ]
    return JsonResponse(
        {
            **_state(run),
            "step": run.step,
            "steps": run.steps,
            "curves": selectors.curves(run),
            "completions": shown,
            "checkpoints": [_checkpoint(row) for row in run.checkpoints.select_related("run").order_by("-step")],
        }
    )


def _frame_url(screenshot_id: int | None) -> str | None:
    return reverse("captures:frame", args=[screenshot_id]) if screenshot_id else None


def _frame_page(screenshot_id: int | None) -> str | None:
    return reverse("captures:review-frame", args=[screenshot_id]) if screenshot_id else None


def _checkpoint(row: Checkpoint) -> dict[str, Any]:
    launch = reverse("admin:training_trainingrun_add")
    return {
        "id": row.pk,
        "step": row.step,
        "size": row.size,
        "sha256": row.sha256,
        "url": reverse("admin:training_checkpoint_change", args=[row.pk]),
        "continue": f"{launch}?start={row.pk}&method=grpo&dataset={row.run.dataset_id}",
    }


@require_POST
@role_required(Role.RESEARCHER)
def stop_run(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a run to finish its step, save and end."""
    run = get_object_or_404(TrainingRun.objects.select_related("job"), pk=number)
    runs.stop(run)
    if not run.is_over:
        messages.info(request, "Stopping: the step in progress is finished and its checkpoint saved.")
    return redirect("admin:training_trainingrun_change", run.pk)


@require_POST
@role_required(Role.RESEARCHER)
def evaluate_run(request: HttpRequest, number: int) -> HttpResponse:
    """Evaluate the run's newest checkpoint on its own dataset, on the most honest split there is."""
    run = get_object_or_404(TrainingRun.objects.select_related("dataset"), pk=number)
    checkpoint, splits = run.checkpoints.order_by("-step").first(), selectors.splits_of(run.dataset)
    if checkpoint is None or not splits:
        messages.error(request, "This run has no checkpoint yet; wait for one, then evaluate.")
        return redirect("admin:training_trainingrun_change", run.pk)
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{request.POST.get('key', '')}:{checkpoint.pk}")
    row = jobs.enqueue_evaluation(
        checkpoint=checkpoint, dataset=run.dataset, split=splits[0], user=person(request), key=key
    )
    return redirect("admin:training_evaluation_change", row.pk)


@require_GET
@role_required(Role.RESEARCHER)
def memory_estimate(request: HttpRequest) -> JsonResponse:
    """One line about the memory a run of this form would need."""
    form = RunForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    if "parameters" not in data:
        return JsonResponse({"text": "", "problem": " ".join(map(str, form.non_field_errors()))})
    try:
        config, size = _start_model(data.get("start"))
        found = memory.estimate(memory.shape_of(config, size), data["method"], data["parameters"])
    except (OSError, ValueError, KeyError):
        return JsonResponse({"text": "", "problem": "The start model is not there, so its memory cannot be told."})
    return JsonResponse({"text": memory.in_words(found), "problem": ""})


def _start_model(start: Checkpoint | None) -> tuple[dict[str, Any], int]:
    """The configuration of the start model and the size of its weights in bytes."""
    if start is not None:
        return json.loads(read_bytes(f"{start.folder}/config.json")), start.size
    folder = Path(settings.EMBEDDED_MODEL_DIR)
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    return json.loads((folder / "config.json").read_text()), size


@require_GET
@role_required(Role.RESEARCHER)
@cache_control(private=True, max_age=3600)
def embedded_tile(request: HttpRequest, number: int, file: str) -> HttpResponse:
    """The tile that the embedded model saw of a frame it read wrong, as PNG; 404 where the frame is not here."""
    try:
        evaluation = selectors.embedded_evaluation()
    except BadEvaluation as error:
        raise Http404(str(error)) from error
    measured = evaluation.sets[number] if evaluation and number < len(evaluation.sets) else None
    path = selectors.hud_frame(file) if measured and file in measured.failures() else None
    if measured is None or path is None:
        raise Http404("That frame is not on this machine.")
    try:
        image = open_frame(path.read_bytes())
    except FrameRefused as error:
        raise Http404(str(error)) from error
    if measured.size:
        image = image.resize((min(measured.size[0], MOST), min(measured.size[1], MOST)), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    pack(image, find(image)).save(encoded, "PNG")
    return HttpResponse(encoded.getvalue(), content_type="image/png")
