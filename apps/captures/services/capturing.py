"""Going through a plan: one claimed target after the other, each with a verdict that is written down at once."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from apps.captures.game.netcon import Netcon
from apps.captures.game.problems import GameStopped, TargetFailed
from apps.captures.game.profiles import PROFILES
from apps.captures.game.shooting import Photographer, Target
from apps.captures.game.stage import Play, Stage
from apps.captures.labelling.label import label_frame
from apps.captures.labelling.recording import Recording
from apps.captures.labelling.state import LabelError
from apps.captures.models import CapturePlan, CaptureTarget, TargetStatus
from apps.captures.selectors.recordings import living_by_tick
from apps.captures.services import frames, targets
from apps.captures.services.clients import GameClient

MOST_FAILURES_IN_A_ROW = 10


@dataclass
class Tally:
    """What a run has done so far; seconds count frames that were verified."""

    verified: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    in_a_row: int = 0

    @property
    def pace(self) -> str:
        return f"{self.seconds / self.verified:.1f} s per verified frame" if self.verified else "no verified frame"


def waiting(plan: CapturePlan) -> list[CaptureTarget]:
    """The plan's targets that nobody has begun, in tick order."""
    return list(plan.targets.filter(status=TargetStatus.PLANNED).order_by("tick", "slot"))


def photographer(
    plan: CapturePlan, recording: Recording, client: GameClient, check: Callable[[], None]
) -> Photographer:
    def both() -> None:
        client.check()
        check()

    netcon = Netcon(client.host, client.port, check=both, answer_s=client.limits.answer_s)
    play = Play(client.demo, recording.first_tick, recording.last_tick, recording.tick_rate)
    stage = Stage(netcon, play, PROFILES[plan.hud_profile], client.limits, both)
    return Photographer(stage, client.folder, living_by_tick(recording))


def capture(
    plan: CapturePlan, recording: Recording, camera: Photographer, tally: Tally, report: Callable[[CaptureTarget], None]
) -> None:
    """Take every waiting target of ``plan``.

    Raises:
        GameStopped: the game is lost; the target at hand is back in line.
    """
    for target in waiting(plan):
        report(target)
        if not targets.claim(target):
            continue
        try:
            _one(plan, recording, camera, tally, target)
        except frames.TargetTaken:
            continue
        except BaseException:
            targets.put_back(target)
            raise
        if tally.in_a_row >= MOST_FAILURES_IN_A_ROW:
            reason = tally.failures.most_common(1)[0][0]
            raise GameStopped(f"{tally.in_a_row} frames in a row could not be verified. {reason}")


def _one(plan: CapturePlan, recording: Recording, camera: Photographer, tally: Tally, target: CaptureTarget) -> None:
    began = time.monotonic()
    try:
        shot = camera.take(Target(target.tick, target.slot))
        label = label_frame(recording, tick=shot.tick, slot=target.slot, round_number=target.round_number)
    except (TargetFailed, LabelError) as error:
        targets.fail(target, str(error))
        tally.failures[str(error)] += 1
        tally.in_a_row += 1
        return
    frames.keep(target, shot, label, hud_profile=plan.hud_profile)
    tally.verified += 1
    tally.in_a_row = 0
    tally.seconds += time.monotonic() - began
