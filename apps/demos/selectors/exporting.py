"""A recording as the exports take it. The recording's file is not needed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from apps.demos.exports.subject import Subject
from apps.demos.models import Demo
from apps.demos.selectors import recordings
from apps.demos.selectors.match import team_name

DEMO_FIELDS = (
    "sha256", "original_name", "size", "source", "map_name", "server_name", "recorded_by", "build_number", "tick_rate",
    "first_tick", "last_tick", "missing_after_tick", "has_positions", "platform", "notes", "round_count",
    "partial_count", "uncounted_count", "player_count", "warnings",
)  # fmt: skip
ROUND_FIELDS = (
    "ordinal", "number", "not_counted", "parsed_not_counted", "start_tick", "freeze_end_tick", "end_tick",
    "official_end_tick", "is_partial", "overtime", "paused_s", "winner_side", "winner_roster", "ct_roster",
    "end_reason", "score_ct", "score_t", "plant_tick", "bomb_site", "buy_ct", "buy_t", "equipment_ct", "equipment_t",
    "money_ct", "money_t",
)  # fmt: skip
PLAYER_FIELDS = ("slot", "name", "is_bot", "roster", "first_side", "statistics")
ENDINGS = (".gz", ".bz2", ".zst", ".zip", ".dem")
STEM_CHARS = 100


def subject(demo: Demo) -> Subject:
    """Everything known of ``demo``. Steam IDs are text: they are larger than what JavaScript and spreadsheets hold."""
    return Subject(
        stem(demo.original_name),
        {
            **_values(demo, DEMO_FIELDS),
            "event": demo.event.name if demo.event else "",
            "played_at": demo.played_at.isoformat() if demo.played_at else None,
            "uploaded_at": demo.uploaded_at.isoformat(),
            "tags": [tag.name for tag in demo.tags.all()],
        },
        [
            {
                "roster": team.roster,
                "name": team_name(team, team.roster),
                **_values(team, ("clan_name", "score", "start_score")),
            }
            for team in demo.teams.select_related("team")
        ],
        [{"steamid": str(player.steamid), **_values(player, PLAYER_FIELDS)} for player in demo.players.all()],
        [_values(row, ROUND_FIELDS) for row in demo.rounds.all()],
        [
            {
                "start_tick": one.start_tick,
                "counts": one.counts,
                "reason": one.reason,
                "by": one.user.get_username() if one.user else "",
                "at": one.at.isoformat(),
            }
            for one in demo.round_decisions.select_related("user")
        ],
        lambda name: recordings.table(demo, name),
    )


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def stem(original_name: str) -> str:
    """A file name for what is made of a recording: letters, digits, ``. _ -`` of its name without path and endings."""
    name = re.split(r"[/\\]", original_name)[-1]
    while name.lower().endswith(ENDINGS):
        name = name[: name.rindex(".")]
    kept = "".join(
        letter if letter.isalnum() or letter in "._-" else "-" for letter in unicodedata.normalize("NFC", name)
    )
    return re.sub(r"-{2,}", "-", kept)[:STEM_CHARS].strip(".-_") or "match"
