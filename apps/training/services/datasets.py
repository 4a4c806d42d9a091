"""Freeze accepted frames into a dataset version."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from apps.captures.labelling.sample import Sample
from apps.captures.selectors import accepted_samples
from apps.core.models import User
from apps.core.storage import put_bytes
from apps.training.datasets.balance import balance
from apps.training.datasets.manifest import ManifestError, write_manifest
from apps.training.datasets.splits import Split as SplitParts
from apps.training.datasets.splits import split_by_match
from apps.training.models import Dataset, DatasetSample, Status
from apps.training.services.transitions import move

FEW = 20


class NothingToFreeze(Exception):
    """There are no accepted samples that fit; the message says what to do."""


def create(*, name: str, filters: Mapping[str, Any], user: User | None, key: UUID) -> tuple[Dataset, bool]:
    """A new version of ``name``, not built yet; the existing row when ``key`` was used before."""
    known = Dataset.objects.filter(key=key).first()
    if known is not None:
        return known, False
    for _ in range(5):  # two people may ask for a version of one name at the same moment
        newest = Dataset.objects.filter(name=name).aggregate(newest=Max("version"))["newest"] or 0
        try:
            with transaction.atomic():
                return Dataset.objects.create(
                    name=name, version=newest + 1, filters=dict(filters), created_by=user, key=key
                ), True
        except IntegrityError:
            known = Dataset.objects.filter(key=key).first()
            if known is not None:
                return known, False
    raise RuntimeError(f"No free version of {name} was found.")


def build(dataset: Dataset) -> None:
    """Read what is accepted now, share it out by match, and freeze it.

    Raises:
        NothingToFreeze: no accepted frame fits, or one of them cannot be written down.
    """
    filters = dataset.filters
    samples = accepted_samples(map_name=filters.get("map_name") or None)
    if not samples:
        raise NothingToFreeze(
            "No accepted frame fits. Accept some on the review page first, or choose another map; nothing was built."
        )
    split = split_by_match(
        samples, val=filters.get("val", 0.1), test=filters.get("test", 0.1), seed=filters.get("seed", 0)
    )
    try:
        manifest = write_manifest(split)
    except ManifestError as error:
        raise NothingToFreeze(f"{error} Nothing was built.") from error
    name = put_bytes(f"datasets/{manifest.sha256}.jsonl", manifest.data)
    with transaction.atomic():
        if not move(
            dataset,
            Status.SUCCEEDED,
            manifest=name,
            sha256=manifest.sha256,
            sample_count=len(samples),
            split_counts=dict(manifest.counts),
            balance=asdict(balance(samples)),
            warnings=warnings(split, samples),
            message=f"{len(samples)} samples frozen.",
        ):
            return
        DatasetSample.objects.bulk_create(
            DatasetSample(dataset=dataset, screenshot_id=sample.screenshot_id, split=part)
            for part, members in split.items()
            for sample in members
        )


def warnings(split: SplitParts, samples: list[Sample]) -> list[str]:
    """What somebody who trains on this should know, in sentences."""
    found = list(split.warnings)
    if len(samples) < FEW:
        found.append(f"Only {len(samples)} samples: enough to see a run work, too few to learn anything.")
    without = sum(sample.behavior is None for sample in samples)
    if without:
        found.append(f"{without} samples do not know what the player did next; decision rewards leave them out.")
    unknown = sum(sample.contribution is None or sample.round_won is None for sample in samples)
    if unknown:
        found.append(f"{unknown} samples do not know how their round ended; outcome rewards leave them out.")
    sides = {sample.side for sample in samples}
    if len(sides) == 1:
        found.append(f"All samples are of the side {sides.pop()}.")
    return found
