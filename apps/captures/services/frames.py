"""Keeping a verified frame: the picture under its hash, the row and its label in one transaction."""

from dataclasses import asdict

from django.db import transaction

from apps.captures.game.shooting import Shot
from apps.captures.labelling.label import FrameLabel
from apps.captures.models import CaptureTarget, Label, Screenshot
from apps.captures.services import targets
from apps.core import storage
from apps.demos.models import Demo


class TargetTaken(Exception):
    """Another worker has finished or taken over this target; nothing was written."""


def frame_name(sha256: str) -> str:
    return f"frames/{sha256}.jpg"


def picture_lock(demo_id: int) -> None:
    """Hold the pictures of a recording until the transaction ends.

    Two plans of one recording may show the same picture, which is one file: one plan's deletion must not take it away
    while the other is about to use it.
    """
    Demo.objects.select_for_update().filter(pk=demo_id).first()


def keep(target: CaptureTarget, shot: Shot, label: FrameLabel, *, hud_profile: str) -> Screenshot:
    """Store a frame with its label and mark the target verified: all of it or nothing.

    Raises:
        TargetTaken: the target is not ours to finish any more.
    """
    picture = shot.picture
    with transaction.atomic():
        picture_lock(target.plan.demo_id)
        name = storage.put_bytes(frame_name(picture.sha256), picture.data)
        if not targets.verified(target):
            raise TargetTaken(f"Target {target.pk} was taken over.")
        row = Screenshot.objects.create(
            target=target,
            tick=shot.tick,
            image=name,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            hud_profile=hud_profile,
            measured=asdict(shot.view),
            position_error=shot.match.units,
            angle_error=shot.match.degrees,
        )
        Label.objects.create(
            screenshot=row,
            schema_version=label.schema_version,
            data=label.data,
            observability=label.observability,
            context=label.context,
            behavior=label.behavior,
            contribution=label.contribution,
            round_won=label.round_won,
        )
    return row
