"""What the name of a file and of its server tell of a match: platform, teams, event, date, which map of a series.

Only what a platform is known to write is read, and only where the whole name fits: a wrong guess is worse than none.
Times in names carry no zone; they are taken as UTC, so a day may be off by one.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime

PLATFORMS = {
    "valve": "Valve matchmaking",
    "faceit": "FACEIT",
    "hltv": "HLTV",
    "esea": "ESEA",
    "esl": "ESL",
    "challengermode": "Challengermode",
    "popflash": "PopFlash",
    "esplay": "ESPLAY",
    "esportal": "Esportal",
    "renown": "Renown",
    "fastcup": "FASTCUP",
    "gamersclub": "Gamers Club",
    "5eplay": "5EPlay",
    "perfectworld": "Perfect World",
    "pracc": "PRACC",
    "ebot": "eBot",
    "matchzy": "MatchZy",
    "get5": "Get5",
    "gotv": "GOTV",
    "pov": "Player's own",
}
# Written by a server's software or a relay: whoever runs the server is the better answer.
SOFTWARE = ("", "gotv", "matchzy", "get5", "ebot", "pov")
FIRST, LAST = datetime(2012, 8, 21, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

MAPS = (
    "ancient", "anubis", "cache", "cbble", "cobblestone", "dust2", "inferno", "mirage", "nuke", "overpass", "train",
    "tuscan", "vertigo", "basalt", "edin", "grail", "jura", "golden", "palacio", "rooftop", "thera", "mills",
    "whistle", "brewery", "dogtown", "office", "italy", "agency",
)  # fmt: skip
HOSTAGE = ("office", "italy", "agency")

_ENDING = re.compile(r"\.(?:dem|gz|bz2|zst|zip|rar|7z|xz|tar)$| \(\d{1,3}\)$| - copy$", re.IGNORECASE)
_FULL_MAP = r"(?:de|cs)_[a-z0-9]+(?:_night|_vanity)?"
_ANY_MAP = re.compile(rf"(?<![a-z0-9])({_FULL_MAP})(?![a-z0-9_])", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SLUG = r"[a-z0-9]+(?:[-.][a-z0-9]+)*?"
_STAMP = r"(?P<day>\d{4}-\d{2}-\d{2})_(?P<time>\d{2}-\d{2}-\d{2})"
_FILES = tuple(
    (platform, re.compile(pattern, re.IGNORECASE))
    for platform, pattern in (
        ("faceit", rf"1-{_UUID}(?:-(?P<map_number>\d)-\d{{1,2}})?"),
        ("valve", r"match730_\d{18,21}_\d{1,10}_\d{1,4}"),
        ("esea", r"esea[_-]match[_-]\d+(?:[_-].*)?"),
        ("5eplay", rf"g\d{{2,3}}-(?:[a-z]-)?(?P<day>20\d{{6}})(?P<time>\d{{6}})\d*_(?P<map>{_FULL_MAP})"),
        ("get5", rf"{_STAMP}_[^_]+_map(?P<map_number>\d)_(?P<map>{_FULL_MAP})"),
        ("matchzy", rf"{_STAMP}_-?\d+_(?P<map>{_FULL_MAP})_(?P<one>.+?)_vs_(?P<two>.+)"),
        ("gotv", r"auto\d?-(?P<day>20\d{6})-(?P<time>\d{6}|\d{4})(?:-\d+)?-"
                 rf"(?P<map>{_FULL_MAP})(?:-(?P<host>.*))?"),
        ("hltv", rf"(?P<one>{_SLUG})-vs-(?P<two>{_SLUG})(?:-m(?P<map_number>[1-5]))?-(?P<map>{'|'.join(MAPS)})"
                 r"(?:-p(?P<part>[1-9]))?"),
        *((name, rf"{name}[_-].+") for name in ("challengermode", "popflash", "esplay", "esportal", "renown", "pracc")),
    )
)  # fmt: skip
_SERVERS = (
    ("faceit", r"\bfaceit\b"),
    ("challengermode", r"\bchallengermode\b"),
    ("esea", r"\besea\b"),
    ("esl", r"\besl\b"),
    ("popflash", r"\bpopflash\b"),
    ("esportal", r"\besportal\b"),
    ("esplay", r"\besplay\b"),
    ("renown", r"\brenown\b"),
    ("fastcup", r"\bfastcup\b"),
    ("gamersclub", r"\bgamers ?club\b"),
    ("5eplay", r"\b5eplay\b"),
    ("perfectworld", r"完美世界|\bperfect world\b"),
    ("pracc", r"\bpracc\b"),
    ("ebot", r"\bebot\b"),
    ("matchzy", r"\bmatchzy\b"),
    ("valve", r"^valve counter-strike 2 "),
)
_OWN_SERVER = re.compile(r"=?\[[AG]:\d+(?::\d+)+\]|loopback(?::\d+)?")  # how a client's recording names its server
_NO_TEAM = re.compile(r"(?:team[ _-]?[ab12]?|counter[ _-]?terrorists?|terrorists?|ct|t|tbd|unknown|home|away|default)")
_EVENT_END = re.compile(r".+[ _-](?:20[1-4]\d|season[ _-]\d{1,2}|s\d{1,2})", re.IGNORECASE)
_LOUD = frozenset(("iem", "esl", "pgl", "cct", "rmr", "esea", "hltv", "blast", "epl", "us", "eu", "na"))


@dataclass(frozen=True)
class Naming:
    """What names say of a recording; empty or None where they say nothing."""

    platform: str = ""  # a key of PLATFORMS
    teams: tuple[str, ...] = ()  # two names, or none; which of them began on which side is not told
    event: str = ""
    played_at: datetime | None = None  # UTC
    map_name: str = ""  # "de_mirage"
    map_number: int | None = None  # 1-based, in a series
    part: int | None = None  # 1-based, of a match that was recorded in pieces


def key(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation, or a "team" around it.

    "Natus-Vincere" and "NATUS VINCERE" are one, so are "Team Liquid" and "Liquid". Empty only where the name is.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"[^\W_]+", "".join(letter for letter in decomposed if not unicodedata.combining(letter)))
    bare = [word for word in words if word != "team"] or words
    return (" ".join(bare) or name.strip().casefold())[:150]


def is_team(name: str) -> bool:
    """Whether a clan name is one: not what servers put where nobody has named a team ("Terrorists", "team_nick")."""
    return bool(name.strip()) and not _NO_TEAM.fullmatch(name.strip().casefold()) and not name.startswith("team_")


def understand(file_name: str, *, server_name: str = "", recorded_by: str = "") -> Naming:
    """All that the names of a recording tell.

    Args:
        file_name: of the upload, perhaps with the folders it lay in (of an archive), which may name the event.
        server_name: from the recording's header.
        recorded_by: the client that wrote it, from the header.
    """
    *folders, name = [part for part in re.split(r"[/\\]+", file_name) if part.strip()] or [""]
    found = _of_file(stem(name))
    server = platform_of_server(server_name)
    if server and found.platform in SOFTWARE:
        found = replace(found, platform=server)
    elif not found.platform and recorded_by and _OWN_SERVER.fullmatch(server_name.strip()):
        found = replace(found, platform="" if "sourcetv" in recorded_by.casefold() else "pov")
    if found.platform == "hltv":
        events = (_event(stem(folder), stem(name)) for folder in reversed(folders))
        found = replace(found, event=next(filter(None, events), ""))
    return found


def stem(name: str) -> str:
    """A file name without its endings (".dem.gz") and without what marks a second copy (" (1)")."""
    name = name.strip()
    while (shorter := _ENDING.sub("", name).strip()) != name:
        name = shorter
    return name


def platform_of_server(name: str) -> str:
    """The platform whose server has this name; empty where none is recognised."""
    lower = name.casefold()
    return next((platform for platform, pattern in _SERVERS if re.search(pattern, lower)), "")


def _of_file(name: str) -> Naming:
    for platform, pattern in _FILES:
        match = pattern.fullmatch(name)
        if match is None:
            continue
        found = {group: text for group, text in match.groupdict().items() if text}
        teams = _teams(found.get("one", ""), found.get("two", ""))
        if platform == "hltv" and not teams:
            break
        return Naming(
            platform=platform_of_server(found.get("host", "").replace("_", " ")) or platform,
            teams=teams,
            played_at=_moment(found.get("day", ""), found.get("time", "")),
            map_name=_map(found.get("map", "")) or _any_map(name),
            map_number=int(found["map_number"]) if found.get("map_number", "0") != "0" else None,
            part=int(found["part"]) if "part" in found else None,
        )
    days = _ISO_DAY.findall(name)
    return Naming(map_name=_any_map(name), played_at=_moment(days[0], "") if len(days) == 1 else None)


def _event(folder: str, name: str) -> str:
    """The event in an archive's name: before the teams of the file, or a name that ends in a year or a season."""
    teams = re.match(rf"{_SLUG}-vs-{_SLUG}(?=-m[1-5]-|-(?:{'|'.join(MAPS)})(?:-p[1-9])?$)", name, re.IGNORECASE)
    before, middle, _ = folder.lower().partition(f"-{teams[0].lower()}") if teams else ("", "", "")
    if middle:
        return _words(before)
    return _words(folder) if "vs" not in re.split(r"[ _-]", folder.lower()) and _EVENT_END.fullmatch(folder) else ""


def _teams(one: str, two: str) -> tuple[str, ...]:
    names = tuple(_words(name) for name in (one, two))
    wrong = [not is_team(name) or "vs" in name.lower().split() for name in names]
    return () if any(wrong) or key(names[0]) == key(names[1]) else names


def _words(slug: str) -> str:
    """``natus-vincere`` → "Natus Vincere"; words that have capitals keep them."""
    words = re.split(r"[-_ ]+", slug.strip("-_ "))
    loud = [word.upper() if word in _LOUD or (re.search(r"\d", word) and len(word) < 4) else word for word in words]
    return " ".join(word if word != word.lower() else word.capitalize() for word in loud)[:150]


def _map(name: str) -> str:
    lower = name.lower()
    if not lower or lower.startswith(("de_", "cs_")):
        return lower
    return f"cs_{lower}" if lower in HOSTAGE else f"de_{lower}"


def _any_map(name: str) -> str:
    found = {match.lower() for match in _ANY_MAP.findall(name)}
    return found.pop() if len(found) == 1 else ""


def _moment(day: str, time: str) -> datetime | None:
    """``20250131`` or ``2025-01-31``, with ``2030``, ``203011`` or ``20-30-11``; None where there is no such moment."""
    digits = re.sub(r"\D", "", day) + re.sub(r"\D", "", time)
    pattern = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(digits))
    if pattern is None:
        return None
    try:
        moment = datetime.strptime(digits, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if FIRST <= moment < LAST else None
