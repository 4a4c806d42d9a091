"""What is kept of a trainer's folder while the trainer still works in it."""

import json
import shutil
from pathlib import Path

import pytest

from apps.core.storage import artefacts, read_bytes
from apps.training.models import Dataset, TrainingRun
from apps.training.services import checkpoints
from apps.training.trainers.folder import INCOMPLETE


@pytest.fixture
def run(db: None) -> TrainingRun:
    return TrainingRun.objects.create(method="sft", dataset=Dataset.objects.create(name="d", version=1))


def _checkpoint(output: Path, step: int, weights: str = "model.safetensors") -> Path:
    folder = output / "checkpoints" / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    for name in (weights, "config.json", "optimizer.pt", "training_args.bin", "trainer_state.json"):
        (folder / name).write_text(f"{step} {name}")
    return folder


def test_whole_models_are_kept_once_and_without_pickles(run: TrainingRun, tmp_path: Path) -> None:
    _checkpoint(tmp_path, 2)
    (_checkpoint(tmp_path, 4) / INCOMPLETE).touch()
    _checkpoint(tmp_path, 6, weights="adapter_model.safetensors")
    assert checkpoints.register_checkpoints(run, tmp_path)
    assert not checkpoints.register_checkpoints(run, tmp_path)
    row = run.checkpoints.get()
    assert row.step == 2
    assert set(artefacts().listdir(row.folder)[1]) == {"config.json", "model.safetensors"}
    assert read_bytes(f"{row.folder}/model.safetensors") == b"2 model.safetensors"


def test_a_folder_that_is_being_removed_is_passed_over(
    run: TrainingRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _checkpoint(tmp_path, 2)
    (folder / "config.json").unlink()  # the removal has begun before we look
    store = checkpoints.store_files

    def and_ends_while_we_copy(prefix: str, files: list[Path]) -> None:
        store(prefix, files)
        shutil.rmtree(folder)

    monkeypatch.setattr(checkpoints, "store_files", and_ends_while_we_copy)
    assert not checkpoints.register_checkpoints(run, tmp_path)
    assert not run.checkpoints.exists()


def test_the_final_model_counts_as_the_step_it_ended_at(run: TrainingRun, tmp_path: Path) -> None:
    _checkpoint(tmp_path, 4).rename(tmp_path / "final")
    assert not checkpoints.register_checkpoints(run, tmp_path)
    (tmp_path / "status.json").write_text(json.dumps({"status": "stopped", "step": 3}))
    assert checkpoints.register_checkpoints(run, tmp_path)
    assert run.checkpoints.get().step == 3
