"""A frozen dataset version as bytes: one JSON object per sample and line, with a checksum and counts.

The same samples give the same bytes, whatever order they come in.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from apps.captures.labelling.sample import Sample

from .splits import NAMES, Split

FORMAT = 1
_KEYS = frozenset(field.name for field in fields(Sample)) - {"image_name"} | {"image", "split", "format"}


class ManifestError(ValueError):
    """The manifest cannot be trusted; the message is a sentence for a person."""


@dataclass(frozen=True)
class Manifest:
    """``data`` is UTF-8 JSONL; ``counts`` is samples per split."""

    data: bytes
    sha256: str
    counts: Mapping[str, int]


def write_manifest(split: Split) -> Manifest:
    """Freeze a split.

    Raises:
        ManifestError: a screenshot stands in it twice, or a value is not JSON.
    """
    rows = [_row(sample, name) for name, samples in split.items() for sample in samples]
    rows.sort(key=_order)
    _check_rows(rows)
    try:
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True, allow_nan=False) for row in rows]
        data = "".join(f"{line}\n" for line in lines).encode()
    except ValueError as error:  # NaN, lone surrogates
        raise ManifestError(f"A sample holds a value that cannot be written: {error}.") from error
    return Manifest(data, sha256(data).hexdigest(), _counts(rows))


def read_rows(data: bytes, expected_sha256: str | None = None) -> list[dict[str, Any]]:
    """The rows of a manifest, verified: checksum, shape, no screenshot twice, no match in two splits.

    Raises:
        ManifestError: what is wrong, in a sentence.
    """
    if expected_sha256 is not None and sha256(data).hexdigest() != expected_sha256:
        raise ManifestError("The manifest is not the one that was frozen: its checksum differs. Build it again.")
    try:
        # Only \n ends a line: names may hold other characters that splitlines() would cut at.
        rows = [json.loads(line) for line in data.decode().split("\n") if line]
    except ValueError as error:
        raise ManifestError(f"The manifest is not JSON lines: {error}.") from error
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or row.keys() != _KEYS or row["split"] not in NAMES or row["format"] != FORMAT:
            raise ManifestError(f"Line {number} of the manifest is not a sample of format {FORMAT}.")
    _check_rows(rows)
    return rows


def read_manifest(data: bytes, expected_sha256: str | None = None) -> Split:
    """The split that ``write_manifest`` froze. Raises ManifestError like ``read_rows``."""
    rows = read_rows(data, expected_sha256)
    parts = {name: tuple(sample_of(row) for row in rows if row["split"] == name) for name in NAMES}
    return Split(parts["train"], parts["val"], parts["test"])


def sample_of(row: Mapping[str, Any]) -> Sample:
    """The sample in one row of a manifest."""
    values = {name: value for name, value in row.items() if name not in {"split", "format", "image"}}
    return Sample(image_name=row["image"], **values)


def _row(sample: Sample, split: str) -> dict[str, Any]:
    row = {field.name: getattr(sample, field.name) for field in fields(Sample)}
    row["image"] = row.pop("image_name")
    if isinstance(row["contribution"], float) and math.isnan(row["contribution"]):
        row["contribution"] = None  # what tables make of "not known"
    return {**row, "split": split, "format": FORMAT}


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["demo_sha256"], row["round_number"], row["tick"], row["slot"], row["screenshot_id"]


def _check_rows(rows: list[dict[str, Any]]) -> None:
    twice = [number for number, count in Counter(row["screenshot_id"] for row in rows).items() if count > 1]
    if twice:
        raise ManifestError(f"Screenshot {twice[0]} stands in the dataset twice.")
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row["demo_sha256"], set()).add(row["split"])
    leaking = [match for match, names in splits.items() if len(names) > 1]
    if leaking:
        raise ManifestError(f"The match {leaking[0][:12]} stands in more than one split: evaluation would leak.")


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    found = Counter(row["split"] for row in rows)
    return {name: found[name] for name in NAMES}
