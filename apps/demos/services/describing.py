"""What people call a recording: platform, event, teams, date, tags, notes, and the text that the search looks in.

An import fills what names tell; what a person settled (``Demo.typed``) it leaves alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.demos.models import Demo, DemoTeam, Event, Player, Tag, Team
from apps.demos.parsing import naming
from apps.demos.services import state

NOTES_CHARS, NAME_CHARS, TAG_CHARS, TAGS = 10_000, 150, 50, 30
TEAM_FIELDS = ("team0", "team1")
WORDS = {"event": "The event’s name", "team0": "The first team’s name", "team1": "The second team’s name"}


class Refused(Exception):
    """What a person typed cannot be kept; the message says why and what is allowed. Nothing was changed."""


def describe(demo: Demo) -> None:
    """Fill what the names in a recording tell, and its search text. Call at the end of an import, when the teams and
    players are there; twice gives the same."""
    row = Demo.objects.get(pk=demo.pk)
    place = f"{row.found_in}/{row.original_name}"
    told = naming.understand(place, server_name=row.server_name, recorded_by=row.recorded_by)
    changes: dict[str, Any] = {"platform": told.platform}
    if row.event_id is None and "event" not in row.typed and told.event:
        changes["event"] = event_called(told.event)
    if row.played_at is None and "played_at" not in row.typed and told.played_at:
        changes["played_at"] = told.played_at
    Demo.objects.filter(pk=row.pk).update(**changes)
    _name_teams(row, told.teams)
    refresh_search([row.pk])


def change(demo: Demo, changes: Mapping[str, Any]) -> None:
    """Keep what a person says of a recording.

    Args:
        demo: the recording.
        changes: any of ``notes`` (text), ``tags`` (names; they replace those before), ``event``, ``team0``, ``team1``
            (a name, empty for none) and ``played_at`` (aware datetime or None).

    Raises:
        Refused: something is too long, or an unknown field; nothing was changed.
    """
    check(changes)
    with transaction.atomic():
        row = Demo.objects.select_for_update().get(pk=demo.pk)
        before = (row.event_id, row.played_at)
        if "event" in changes:
            row.event = event_called(changes["event"])
        if "played_at" in changes:
            row.played_at = changes["played_at"]
        if "notes" in changes:
            row.notes = storable(changes["notes"])
        after = (row.event.pk if row.event else None, row.played_at)
        settled = {name for name, old, new in zip(("event", "played_at"), before, after, strict=True) if new != old}
        settled |= {name for name in TEAM_FIELDS if name in changes and _set_team(row, name, changes[name])}
        row.typed = sorted(settled | set(row.typed))
        row.save(update_fields=["event", "played_at", "notes", "typed"])
        if "tags" in changes:
            row.tags.set(tags_called(changes["tags"]))
        refresh_search([row.pk])
        state.tell(row.pk)


def _set_team(row: Demo, name: str, value: str) -> bool:
    """Name the team of a roster; whether that was a change."""
    team = team_called(value)
    entry, _ = DemoTeam.objects.get_or_create(demo=row, roster=TEAM_FIELDS.index(name))
    changed = entry.team_id != (team.pk if team else None)
    if changed:
        entry.team = team
        entry.save(update_fields=["team"])
    return changed


@transaction.atomic
def tag(demos: "QuerySet[Demo]", *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> int:
    """Add and take away tags of many recordings at once; how many recordings.

    Raises:
        Refused: a tag is too long, or there are too many; nothing was changed.
    """
    ids = list(demos.values_list("pk", flat=True))
    through = Demo.tags.through
    added = tags_called(add)  # strings in ``add`` may hold several, parted by commas
    through.objects.bulk_create(
        [through(demo_id=pk, tag_id=one.pk) for pk in ids for one in added], ignore_conflicts=True
    )
    gone = [one.lower() for one in split_tags(remove)]
    through.objects.filter(demo_id__in=ids, tag__name__in=gone).delete()
    refresh_search(ids)
    state.tell_all()
    return len(ids)


@transaction.atomic
def set_event(demos: "QuerySet[Demo]", name: str) -> int:
    """Put many recordings into one event (none, for an empty name); how many recordings.

    Raises:
        Refused: the name is too long.
    """
    check({"event": name})
    event = event_called(name)
    rows = list(demos.only("pk", "typed"))
    for row in rows:
        row.event, row.typed = event, sorted({*row.typed, "event"})
    Demo.objects.bulk_update(rows, ["event", "typed"], batch_size=500)
    refresh_search([row.pk for row in rows])
    state.tell_all()
    return len(rows)


def event_called(name: str) -> Event | None:
    """The event of this name, made where it is new; None for an empty name."""
    shown = _clean(name)
    return Event.objects.get_or_create(key=naming.key(shown), defaults={"name": shown})[0] if shown else None


def team_called(name: str) -> Team | None:
    """The team of this name however it is spelt, made where it is new; None for an empty name."""
    shown = _clean(name)
    return Team.objects.get_or_create(key=naming.key(shown), defaults={"name": shown})[0] if shown else None


def split_tags(tags: str | Iterable[str]) -> list[str]:
    """Tag names out of what was typed: lower case, each once; commas and new lines part them.

    Raises:
        Refused: one is too long, or there are too many.
    """
    parts = (
        re.split(r"[,;\n]", tags) if isinstance(tags, str) else [p for tag in tags for p in re.split(r"[,;\n]", tag)]
    )
    names = list(dict.fromkeys(name for part in parts if (name := _clean(part).lower())))
    if long := next((name for name in names if len(name) > TAG_CHARS), None):
        raise Refused(f"The tag “{long[:20]}…” is too long: at most {TAG_CHARS} characters. Nothing was changed.")
    if len(names) > TAGS:
        raise Refused(f"{len(names)} tags are too many: at most {TAGS} at once. Nothing was changed.")
    return names


def tags_called(tags: str | Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they are new."""
    names = split_tags(tags)
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=names))


def refresh_search(demo_ids: list[int]) -> None:
    """Write anew what the search looks in, for some recordings."""
    players: dict[int, set[str]] = {}
    for demo_id, name, steamid in Player.objects.filter(demo_id__in=demo_ids).values_list("demo", "name", "steamid"):
        players.setdefault(demo_id, set()).update((name, str(steamid) if steamid else ""))
    rows = (
        Demo.objects.filter(pk__in=demo_ids)
        .select_related("event", "uploaded_by")
        .prefetch_related("teams__team", "tags")
    )
    changed = []
    for row in rows:
        row.search_text = _search_text(row, players.get(row.pk, set()))
        changed.append(row)
    Demo.objects.bulk_update(changed, ["search_text"], batch_size=200)


def searchable(text: str) -> str:
    """Text as it is searched: lower case, and beside every accented word the word without accents."""
    lower = text.lower().replace("\0", "")
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return lower if plain == lower else f"{lower} {plain}"


def _search_text(row: Demo, players: Iterable[str]) -> str:
    parts = [
        row.original_name,
        row.found_in,
        row.map_name,
        row.server_name,
        row.recorded_by,
        naming.PLATFORMS.get(row.platform, ""),
        row.event.name if row.event else "",
        row.uploaded_by.get_username() if row.uploaded_by else "",
        *(f"{team.clan_name} {team.team or ''}" for team in row.teams.all()),
        *(tag.name for tag in row.tags.all()),
        *sorted(players),
        row.notes,
    ]
    return searchable("\n".join(dict.fromkeys(part for part in parts if part.strip())))


def _name_teams(demo: Demo, told: tuple[str, ...]) -> None:
    """Give the rosters their teams: by clan name, or the other one of the two that the file name tells."""
    rows = {row.roster: row for row in demo.teams.all()}
    names = {roster: row.clan_name for roster, row in rows.items() if naming.is_team(row.clan_name)}
    if len(rows) == 2 and len(names) == 1 and told:
        (known, name), *_ = names.items()
        others = [one for one in told if naming.key(one) != naming.key(name)]
        if len(others) == 1:
            names[1 - known] = others[0]
    for roster, name in names.items():
        if rows[roster].team_id is None and f"team{roster}" not in demo.typed:
            DemoTeam.objects.filter(pk=rows[roster].pk).update(team=team_called(name))


def check(changes: Mapping[str, Any]) -> None:
    """Look whether :func:`change` would keep this.

    Raises:
        Refused: it would not.
    """
    if unknown := set(changes) - {"notes", "tags", "event", "played_at", *TEAM_FIELDS}:
        raise Refused(f"“{min(unknown)}” cannot be changed here. Nothing was changed.")
    if len(changes.get("notes", "")) > NOTES_CHARS:
        length = len(changes["notes"])
        raise Refused(f"The note has {length:,} characters; at most {NOTES_CHARS:,} are kept. Nothing was changed.")
    for name in ("event", *TEAM_FIELDS):
        if len(changes.get(name, "")) > NAME_CHARS:
            raise Refused(f"{WORDS[name]} is too long: at most {NAME_CHARS} characters. Nothing was changed.")
    if isinstance(changes.get("played_at"), datetime) and changes["played_at"].tzinfo is None:
        raise Refused("The date needs a time zone. Nothing was changed.")
    if isinstance(changes.get("played_at"), datetime):
        try:
            changes["played_at"].astimezone(UTC)
        except OverflowError:
            raise Refused("There is no such date. Nothing was changed.") from None
    split_tags(changes.get("tags", ()))


def storable(text: str) -> str:
    """Several lines without NUL and lone surrogates, which no database keeps."""
    kept = text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "ignore").decode()
    return kept.strip()


def _clean(name: str) -> str:
    """One line without control characters and lone surrogates."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
