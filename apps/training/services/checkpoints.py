"""Keep the models a trainer leaves in its folder, also while it is still running and removing old ones."""

import hashlib
import json
from pathlib import Path
from typing import Any

from apps.training.models import Checkpoint, TrainingRun
from apps.training.services.workspace import store_files
from apps.training.trainers.folder import INCOMPLETE, model_files

NOT_THE_MODEL = ("trainer_state.json", "README.md")


def register_checkpoints(run: TrainingRun, output: Path) -> bool:
    """Keep every complete model below the trainer's output that is not kept yet; True when there was one."""
    known = set(run.checkpoints.values_list("step", flat=True))
    candidates = {
        int(path.name.rpartition("-")[2]): path
        for path in (output / "checkpoints").glob("checkpoint-*")
        if path.name.rpartition("-")[2].isdigit()
    }
    final, status = output / "final", read_status(output)
    if final.is_dir() and status.get("step"):
        candidates[int(status["step"])] = final
    added = [_register(run, step, path) for step, path in sorted(candidates.items()) if step not in known]
    return any(added)


def _register(run: TrainingRun, step: int, path: Path) -> bool:
    try:
        stored = _store(path, f"checkpoints/run-{run.pk}/step-{step}")
    except FileNotFoundError:
        return False  # the trainer keeps only the last few and was removing this one
    if stored is None:
        return False
    _, made = Checkpoint.objects.get_or_create(run=run, step=step, defaults={"parent": run.start, **stored})
    return made


def _store(path: Path, prefix: str) -> dict[str, Any] | None:
    """Copy a model folder into core.storage; None while it is incomplete or holds no whole model.

    Raises:
        FileNotFoundError: some of it went away meanwhile.
    """
    whole = path.name == "final" or (path / "trainer_state.json").exists()
    if not whole or (path / INCOMPLETE).exists():
        return None
    files = [file for file in model_files(path) if file.name not in NOT_THE_MODEL]
    weights = [file for file in files if file.name.startswith("model") and file.suffix == ".safetensors"]
    if not weights:
        return None  # a LoRA adapter alone; the merged model comes at the end
    digest = hashlib.sha256()
    for file in weights:
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    size = sum(file.stat().st_size for file in files)
    store_files(prefix, files)
    for file in files:  # a folder whose removal had begun before the listing is gone by now
        file.stat()
    return {"folder": prefix, "sha256": digest.hexdigest(), "size": size}


def read_status(output: Path) -> dict[str, Any]:
    """How the trainer says it ended; empty when it said nothing."""
    try:
        status = json.loads((output / "status.json").read_text())
    except (OSError, ValueError):
        return {}
    return status if isinstance(status, dict) else {}
