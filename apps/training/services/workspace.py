"""The folder a trainer works in: copies of the frames, the manifest and the start model, and what it writes."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from apps.core.storage import artefacts, local_path, put_file, read_bytes
from apps.training.datasets.manifest import read_rows
from apps.training.models import Checkpoint, Dataset
from apps.training.trainers.folder import BadModel, check_model_folder


class MissingPart(Exception):
    """Something the work needs is not there; the message says what."""


def folder(kind: str, number: int) -> Path:
    """``training/<kind>-<number>`` below the home folder, made if it is not there."""
    path = Path(settings.CHIMERA_HOME) / "training" / f"{kind}-{number}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def export_dataset(dataset: Dataset, target: Path, splits: Iterable[str]) -> Path:
    """Put the manifest and the frames of ``splits`` below ``target``; returns the manifest's path.

    Raises:
        MissingPart: the manifest or a frame is gone or damaged.
    """
    wanted = set(splits)
    try:
        data = read_bytes(dataset.manifest)
        rows = read_rows(data, dataset.sha256)
        for row in rows:
            if row["split"] in wanted:
                fetch(row["image"], target / row["image"])
    except (OSError, ValueError) as error:
        raise MissingPart(f"{dataset} cannot be used: {error}") from error
    manifest = target / "manifest.jsonl"
    manifest.write_bytes(data)
    return manifest


def fetch(name: str, target: Path) -> None:
    """The stored file ``name`` at ``target``: a hard link where that is possible, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with local_path(name) as source:
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def export_model(checkpoint: Checkpoint | None, target: Path) -> Path:
    """A folder with the start model: the checkpoint's files at ``target``, or the embedded model where it lies.

    Raises:
        MissingPart: it is not there, or not a model we load.
    """
    if checkpoint is None:
        path = Path(settings.EMBEDDED_MODEL_DIR)
        if not path.is_dir():
            raise MissingPart(f"There is no embedded model at {path}. Check EMBEDDED_MODEL_DIR.")
    else:
        path = target
        try:
            _, names = artefacts().listdir(checkpoint.folder)
            for name in names:
                fetch(f"{checkpoint.folder}/{name}", target / name)
        except OSError as error:
            raise MissingPart(f"The files of the start model ({checkpoint}) are gone; choose another one.") from error
    try:
        check_model_folder(path)
    except BadModel as error:
        raise MissingPart(str(error)) from error
    return path


def store_files(prefix: str, files: Iterable[Path]) -> None:
    """Put ``files`` into core.storage below ``prefix``."""
    for path in files:
        put_file(f"{prefix}/{path.name}", path)


def folders(kind: str) -> list[tuple[int, Path]]:
    """The work folders of one kind that are there, with their rows' numbers."""
    base = Path(settings.CHIMERA_HOME) / "training"
    named = ((path.name.removeprefix(f"{kind}-"), path) for path in base.glob(f"{kind}-*"))
    return [(int(number), path) for number, path in named if number.isdecimal()]


def clean(path: Path) -> None:
    """Remove a work folder."""
    shutil.rmtree(path, ignore_errors=True)
