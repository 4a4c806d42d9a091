"""Model folders that are not loaded."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.captures.hud.readings import reads_tiles
from apps.training.trainers.folder import INCOMPLETE, BadModel, check_model_folder, model_files


def _with(name: str, content: str = "x") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


def _config(**changes: object) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def _pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


HOSTILE = {
    "a pickle beside the weights": (_with("pytorch_model.bin"), "can run code"),
    "a python module": (_with("modeling_mine.py"), "can run code"),
    "an optimizer state": (_with("optimizer.pt"), "can run code"),
    "remote code by config": (_config(auto_map={"AutoModel": "modeling_mine.Mine"}), "auto_map"),
    "remote code by tokenizer": (_with("tokenizer_config.json", '{"auto_map": {}}'), "auto_map"),
    "another architecture": (_config(model_type="llama"), "only Qwen3-VL"),
    "a damaged config": (_with("config.json", "{"), "no readable config"),
    "no config": (lambda folder: (folder / "config.json").unlink(), "no readable config"),
    "a config that is deep": (_with("config.json", "[" * 100_000), "no readable config"),
    "a config that is a pipe": (lambda folder: _pipe(folder / "config.json"), "no readable config"),
    "a pipe": (lambda folder: _pipe(folder / "tokenizer_config.json"), "is no file"),
    "weights that are a device": (lambda folder: (folder / "more.safetensors").symlink_to("/dev/zero"), "is no file"),
    "a deep config": (_with("generation_config.json", "[" * 100_000), "auto_map"),
    "cut off while saving": (_with(INCOMPLETE), "cut off"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "no safetensors"),
    "no folder": (shutil.rmtree, "no model folder"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "model"
    path.mkdir()
    (path / "config.json").write_text(json.dumps({"model_type": "qwen3_vl"}))
    (path / "model.safetensors").write_bytes(b"weights")
    (path / "chat_template.jinja").write_text("{{ messages }}")
    return path


def test_an_ordinary_folder_is_taken(folder: Path) -> None:
    check_model_folder(folder)
    (folder / "more.json").mkdir()
    (folder / "gone.json").symlink_to(folder / "nowhere.json")
    check_model_folder(folder)


def test_a_name_no_folder_can_have_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="model folder"):
        check_model_folder(tmp_path / ("x" * 300))
    assert not reads_tiles(tmp_path / ("x" * 300))


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused_with_a_sentence(folder: Path, kind: str) -> None:
    change, said = HOSTILE[kind]
    change(folder)
    with pytest.raises(BadModel, match=said):
        check_model_folder(folder)


def test_only_the_model_is_kept_of_a_trainers_folder(folder: Path) -> None:
    for name in ("optimizer.pt", "training_args.bin", "rng_state.pth"):
        (folder / name).write_text("x")
    assert {path.name for path in model_files(folder)} == {"config.json", "model.safetensors", "chat_template.jinja"}
