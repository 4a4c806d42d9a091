"""Which stretches count, and why the others do not.

The game counts rounds; a count that falls means that what was played since is no part of the match any more. The
recording is cut into runs of stretches between which the count may have jumped: a stretch without a decision was broken
off, ``begin_new_match`` and ``round_announce_match_start`` say so, warm-up ends, everybody has the start money again
with nobody changing sides, or awpy's round numbers and the keyframes' counts disagree with what was decided since.
Where a run begins is what awpy's number of any of its rounds says, else the first keyframe that falls into one, else
zero after a new match, warm-up or knives, else where the run before stood.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from apps.demos.parsing.match.moments import Moment
from apps.demos.parsing.match.stretches import Stretch

WARMUP, KNIFE, RESTARTED, RESTORED = "warmup", "knife", "restarted", "restored"


@dataclass(frozen=True)
class Signs:
    """What is known of one stretch besides its ticks."""

    warmup: bool = False
    knife: bool = False
    new_match: bool = False  # an event says that a match begins here
    reset: bool = False  # everybody has the start money and nobody changed sides
    pre_restart: bool = False  # cs_pre_restart fell on its first tick
    after_match: bool = False  # the match was over before


@dataclass(frozen=True)
class Counted:
    """``played``: rounds played before it by the game's count, None in warm-up; ``reason``: why it does not count."""

    stretch: Stretch
    played: int | None
    reason: str = ""


@dataclass
class _Run:
    """Stretches from ``begin`` on between which the count only rises."""

    begin: int
    base: int | None = None
    members: list[int] = field(default_factory=list)


def count(stretches: Sequence[Stretch], moments: Sequence[Moment], signs: Sequence[Signs]) -> list[Counted]:
    """The verdict on every stretch, in order."""
    told = [_told(one, moments) for one in stretches]
    verdicts: list[Counted] = []
    standing: list[int] = []  # places of the stretches that count so far, in order
    played = 0
    for run in _runs(stretches, signs, told):
        first = run.members[0]
        sign = signs[first]
        if sign.warmup or sign.after_match:
            verdicts += [Counted(stretches[at], None, WARMUP) for at in run.members]
            played = played if sign.after_match else 0
            if sign.warmup:
                _void(verdicts, standing, 0, RESTARTED)
            continue
        base = run.base
        if base is None:
            fresh = sign.new_match or sign.reset or (first > 0 and verdicts[-1].reason == WARMUP)
            base = 0 if fresh or (first > 0 and signs[first - 1].knife) else played
        restored = _is_restored(stretches, first, sign, base)
        _void(verdicts, standing, base, RESTORED if restored else RESTARTED)
        played = base
        for at in run.members:
            verdicts.append(Counted(stretches[at], played, KNIFE if signs[at].knife else ""))
            if not signs[at].knife:
                standing.append(at)
            played += stretches[at].decided is not None
    return verdicts


def _void(verdicts: list[Counted], standing: list[int], base: int, reason: str) -> None:
    """What began with ``base`` rounds played or more counts no longer."""
    for at in reversed(standing):
        before = verdicts[at].played
        if before is not None and before < base:
            break
        verdicts[at] = replace(verdicts[at], reason=reason)
    standing[:] = [at for at in standing if not verdicts[at].reason]


def _is_restored(stretches: Sequence[Stretch], at: int, sign: Signs, base: int) -> bool:
    """Whether the count fell for a backup: to more than zero, or in the middle of play without a restart being told."""
    if base > 0:
        return True
    before = stretches[at - 1] if at else None
    return before is not None and before.decided is None and before.freeze_end is not None and not sign.pre_restart


def _runs(stretches: Sequence[Stretch], signs: Sequence[Signs], told: Sequence[int | None]) -> list[_Run]:
    runs: list[_Run] = []
    decided = 0
    for at, (one, sign) in enumerate(zip(stretches, signs, strict=True)):
        known = told[at]
        before = signs[at - 1] if at else None
        apart = (
            before is None
            or (sign.warmup, sign.after_match) != (before.warmup, before.after_match)
            or before.knife
            or sign.new_match
            or sign.reset
            or (stretches[at - 1].decided is None and not sign.warmup)
        )
        if not apart and known is not None and runs[-1].base is not None and known != runs[-1].base + decided:
            apart = True
        if apart:
            runs.append(_Run(at))
            decided = 0
        runs[-1].members.append(at)
        if known is not None and runs[-1].base is None:
            runs[-1].base = max(0, known - decided)
        decided += one.decided is not None
    return runs


def _told(one: Stretch, moments: Sequence[Moment]) -> int | None:
    """Rounds played before a stretch, by awpy's number or by a keyframe in it."""
    if one.number is not None:
        return one.number - 1
    inside = [moment for moment in moments if one.start <= moment.tick <= one.last and not moment.warmup]
    for moment in inside:
        if one.decided is None or moment.tick < one.decided:
            return moment.played if moment.played is not None else _sum(moment)
    for moment in inside:  # the teams' score rises with the decision
        if (added := _sum(moment)) is not None and moment.tick > (one.decided or one.last):
            return max(0, added - bool(one.winner))
    return None


def _sum(moment: Moment) -> int | None:
    return None if moment.score_ct is None or moment.score_t is None else moment.score_ct + moment.score_t
