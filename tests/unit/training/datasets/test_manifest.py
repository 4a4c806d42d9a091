"""A manifest is the same bytes for the same samples, and a damaged one is refused."""

import json
import math
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given

from apps.captures.labelling.sample import Sample
from apps.training.datasets.manifest import ManifestError, read_manifest, read_rows, sample_of, write_manifest
from apps.training.datasets.splits import Split, split_by_match
from tests.unit.training.datasets.samples import LABEL, sample, sample_lists


def by_id(samples: tuple[Sample, ...]) -> list[Sample]:
    return sorted(samples, key=lambda s: s.screenshot_id)


@given(sample_lists())
def test_what_was_written_is_read_back(samples: list[Sample]) -> None:
    split = split_by_match(samples)
    manifest = write_manifest(split)
    found = read_manifest(manifest.data, manifest.sha256)
    for (_, ours), (_, theirs) in zip(split.items(), found.items(), strict=True):
        assert by_id(ours) == by_id(theirs)
    assert manifest.counts == {name: len(part) for name, part in split.items()}
    assert manifest.sha256 == sha256(manifest.data).hexdigest()


@given(sample_lists())
def test_the_bytes_do_not_depend_on_the_order(samples: list[Sample]) -> None:
    assert write_manifest(split_by_match(samples)) == write_manifest(split_by_match(samples[::-1]))


def test_the_bytes_are_pinned() -> None:
    """A change of these bytes is a change of format: frozen datasets would no longer verify."""
    row = json.loads(write_manifest(Split((sample(context="ä\u2028b"),), (), ())).data)
    assert list(row) == sorted(row)
    assert row["split"] == "train"
    assert row["image"] == "captures/1.jpg"
    assert row["context"] == "ä\u2028b"


def test_any_changed_byte_is_noticed() -> None:
    manifest = write_manifest(Split((sample(),), (), ()))
    with pytest.raises(ManifestError, match="checksum"):
        read_rows(manifest.data.replace(b'"round_won": true', b'"round_won": false'), manifest.sha256)


def changed(change: Callable[[dict[str, object]], object]) -> bytes:
    rows = read_rows(write_manifest(Split((sample(1), sample(2)), (), ())).data)
    change(rows[1])
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe", "not JSON lines"),
        (b"{}\n", "Line 1"),
        (b"[1]\n", "Line 1"),
        (b'{"a": 1', "not JSON lines"),
        (changed(lambda row: row.update(split="all")), "Line 2"),
        (changed(lambda row: row.update(format=99)), "Line 2"),
        (changed(lambda row: row.pop("label")), "Line 2"),
        (changed(lambda row: row.update(screenshot_id=1)), "twice"),
        (changed(lambda row: row.update(split="val")), "more than one split"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        read_rows(data)


def test_a_leaking_split_cannot_be_frozen() -> None:
    with pytest.raises(ManifestError, match="leak"):
        write_manifest(Split((sample(1),), (sample(2),), ()))


def test_the_same_screenshot_cannot_be_frozen_twice() -> None:
    with pytest.raises(ManifestError, match="twice"):
        write_manifest(Split((sample(1), sample(1, tick=5)), (), ()))


def test_not_a_number_is_not_known() -> None:
    rows = read_rows(write_manifest(Split((sample(contribution=math.nan),), (), ())).data)
    assert sample_of(rows[0]).contribution is None


@pytest.mark.parametrize("bad", [{"label": {**LABEL, "player_health": math.nan}}, {"player_name": "\ud800"}])
def test_values_that_are_not_json_are_refused_in_a_sentence(bad: dict[str, object]) -> None:
    with pytest.raises(ManifestError, match="cannot be written"):
        write_manifest(Split((sample(**bad),), (), ()))


def test_an_empty_dataset_is_an_empty_manifest() -> None:
    manifest = write_manifest(Split((), (), ()))
    assert manifest.data == b""
    assert read_rows(manifest.data, manifest.sha256) == []
