"""From a frozen manifest to what TRL eats."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apps.captures.hud.readings import reads_tiles
from apps.captures.labelling.sample import Sample
from apps.training.datasets.manifest import ManifestError, read_manifest


class BadData(Exception):
    """The dataset cannot be used; the message says why."""


def load_samples(manifest: Path, images: Path, split: str) -> list[Sample]:
    """The samples of one split, each with its frame present below ``images``.

    Raises:
        BadData: the manifest is damaged, the split is empty or a frame is missing.
    """
    try:
        parts = dict(read_manifest(manifest.read_bytes()).items())
    except OSError as error:
        raise BadData("The dataset's manifest cannot be read.") from error
    except ManifestError as error:
        raise BadData(str(error)) from error
    samples = list(parts.get(split, ()))
    if not samples:
        raise BadData(f"The dataset has no samples in its split “{split}”.")
    missing = [sample.image_name for sample in samples if not frame(images, sample.image_name).is_file()]
    if missing:
        raise BadData(f"{len(missing)} frames of the dataset are missing, for example {missing[0]}.")
    return samples


def frame(images: Path, name: str) -> Path:
    """Where a frame lies. Raises BadData for a name that leads out of the folder."""
    path = (images / name).resolve()
    if not path.is_relative_to(images.resolve()):
        raise BadData("The dataset names a frame outside its own folder.")
    return path


def shown_to(model: Path, samples: Sequence[Sample], images: Path, tiles: Path) -> Path:
    """Where the frames lie as ``model`` is to see them: ``images``, or for a reader of the HUD ``tiles``, which then
    holds the packed HUD of each (PNG, under the frame's name).

    Raises:
        BadData: a frame is no picture.
    """
    if not reads_tiles(model):
        return images
    for sample in samples:
        tile = frame(tiles, sample.image_name)
        if not tile.exists():
            _pack(frame(images, sample.image_name), tile)
    return tiles


def _pack(source: Path, tile: Path) -> None:
    from apps.captures.hud.finding import find
    from apps.captures.hud.pictures import FrameRefused, open_frame, read_picture
    from apps.captures.hud.placing import pack

    try:
        image = open_frame(read_picture(source))
    except FrameRefused as error:
        raise BadData(f"The HUD of {source.name} cannot be cut out: {error}") from error
    tile.parent.mkdir(parents=True, exist_ok=True)
    draft = tile.with_name(f".{tile.name}")
    pack(image, find(image)).save(draft, "PNG")
    draft.replace(tile)


def with_frames(records: Sequence[dict[str, Any]], images: Path) -> Any:
    """``records`` of ``datasets.chat`` as a ``datasets.Dataset`` that decodes its images when they are needed."""
    from datasets import Dataset, Image, List

    rows = [{**record, "images": [str(frame(images, name)) for name in record["images"]]} for record in records]
    return Dataset.from_list(rows).cast_column("images", List(Image()))
