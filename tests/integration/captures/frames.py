"""Labelled frames without a game: rows and files as a capture leaves them."""

import io
from typing import Any

from PIL import Image

from apps.captures.game.answers import View
from apps.captures.game.images import read_picture
from apps.captures.game.shooting import Shot
from apps.captures.game.verification import Match
from apps.captures.labelling.label import label_frame
from apps.captures.models import CapturePlan, Screenshot
from apps.captures.services import targets
from apps.captures.services.frames import keep
from apps.captures.services.plans import create_plan
from tests.unit.captures.handmade import recording


def captured_plan(demo: Any, user: Any, tmp_path: Any, count: int = 4) -> tuple[CapturePlan, list[Screenshot]]:
    """A plan whose targets are all verified, each with a picture of its own colour."""
    plan = create_plan(
        demo=demo,
        user=user,
        title="By hand",
        interval_s=5.0,
        pov_rule="one-each",
        budget=count,
        hud_profile="simulated",
    )
    facts, rows = recording(step=1), []
    for number, target in enumerate(plan.targets.order_by("tick", "slot")):
        path = tmp_path / f"{number}.jpg"
        buffer = io.BytesIO()
        Image.new("RGB", (1280, 720), (40 * number % 256, 90, 120)).save(buffer, "JPEG")
        path.write_bytes(buffer.getvalue())
        assert targets.claim(target)
        shot = Shot(read_picture(path), target.tick, View(0, 0, 64, 0, 0), Match(0.5, 0.1), 1)
        label = label_frame(facts, tick=target.tick, slot=target.slot, round_number=1)
        rows.append(keep(target, shot, label, hud_profile="simulated"))
    return plan, rows
