"""Is this folder a model we are willing to load? Looked at without importing anything that could run its code."""

import json
from pathlib import Path
from typing import Any

ARCHITECTURES = ("qwen3_vl", "qwen3_vl_moe")
# Formats that run code when they are read, or are code.
DANGEROUS = {".py", ".pyc", ".so", ".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".msgpack", ".h5", ".npy"}
# What a served or stored model consists of; optimizer states and the like stay behind.
KEPT = {".safetensors", ".json", ".jinja", ".txt"}
INCOMPLETE = "checkpoint-is-incomplete.txt"
MAX_JSON = 50_000_000


class BadModel(Exception):
    """The folder is not loaded; the message says why."""


def check_model_folder(folder: Path) -> None:
    """Refuse what is missing, incomplete, of another kind, or could run code of its own.

    Raises:
        BadModel: with one sentence.
    """
    try:
        _check(folder)
    except OSError as error:
        raise BadModel(f"The model folder at {folder} cannot be read: {error.strerror}.") from error


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise BadModel(f"There is no model folder at {folder}.")
    if (folder / INCOMPLETE).exists():
        raise BadModel("This checkpoint was cut off while it was being saved; use an earlier one.")
    config = _config(folder)
    if config.get("model_type") not in ARCHITECTURES:
        raise BadModel(f"This is a model of type “{str(config.get('model_type'))[:40]}”; only Qwen3-VL can be used.")
    for path in folder.rglob("*"):
        if path.suffix.lower() in DANGEROUS:
            raise BadModel(f"The model folder holds {path.name}, which can run code; only safetensors are loaded.")
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise BadModel(f"The model folder holds {path.name}, which is no file.")
        if path.suffix == ".json" and path.is_file() and _names_code(path):
            raise BadModel(f"{path.name} asks for code of its own (auto_map); such models are not loaded.")
    if not any(folder.glob("*.safetensors")):
        raise BadModel("The model folder holds no safetensors weights.")


def model_files(folder: Path) -> list[Path]:
    """The files of ``folder`` that make the model, without optimizer states and pickles."""
    return sorted(path for path in folder.iterdir() if path.suffix in KEPT and path.is_file())


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text()) if path.is_file() and path.stat().st_size <= MAX_JSON else None
    except (ValueError, RecursionError):
        config = None
    if config is None:
        raise BadModel(f"{folder.name} has no readable config.json: it is not a model folder.")
    return config if isinstance(config, dict) else {}


def _names_code(path: Path) -> bool:
    if path.stat().st_size > MAX_JSON:
        return True
    try:
        data = json.loads(path.read_text())
    except (ValueError, RecursionError):
        return True
    return isinstance(data, dict) and ("auto_map" in data or "custom_pipelines" in data)
