"""Template words of the design system."""

from datetime import datetime

from django import template
from django.conf import settings

register = template.Library()

TONES = {
    "queued": "quiet",
    "running": "busy",
    "succeeded": "good",
    "ready": "good",
    "verified": "good",
    "accepted": "good",
    "failed": "bad",
    "rejected": "bad",
    "errored": "bad",
    "partial": "warn",
    "cancelled": "quiet",
}

# The game's words for how a round ended → ours.
END_REASONS = {
    "target_bombed": "bomb exploded",
    "bomb_defused": "bomb defused",
    "target_saved": "time ran out",
    "ct_win": "terrorists eliminated",
    "terrorists_win": "counter-terrorists eliminated",
    "t_surrender": "terrorists surrendered",
    "ct_surrender": "counter-terrorists surrendered",
}


@register.filter
def end_reason(word: str) -> str:
    """How a round ended: ``target_bombed`` → "bomb exploded"; an unknown word without its underscores."""
    return END_REASONS.get(word, word.replace("_", " "))


@register.filter
def tone(status: str) -> str:
    """The colour family of a status word: good, bad, warn, busy or quiet."""
    return TONES.get(str(status), "quiet")


@register.filter
def percent(fraction: float | None) -> str:
    """0.483 → "48"; nothing for nothing."""
    return "" if fraction is None else f"{fraction * 100:.0f}"


@register.filter
def clock(seconds: float | None) -> str:
    """95.2 → "1:35"."""
    if seconds is None:
        return ""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


@register.filter
def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


@register.simple_tag
def build_version() -> str:
    """A query that changes when the built assets do, so that browsers fetch them anew."""
    stamp = settings.BASE_DIR / "static" / "build" / ".stamp"
    return stamp.read_text()[:12] if stamp.exists() else "0"
