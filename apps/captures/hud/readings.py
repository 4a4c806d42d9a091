"""What a reader of the HUD read, in the names of the answer schema, and held against what somebody else says.

A reading has the names of :data:`FIELDS`; null is what is not shown. Nothing here trusts
it: a value of another kind than its field has counts as not shown.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FIELDS = (
    "clock", "score_left", "score_right", "alive_left", "alive_right", "money", "place", "health", "armor", "helmet",
    "clip", "reserve", "weapon", "hud_color", "phase",
)  # fmt: skip
ASK = "Read the HUD as one JSON object."  # what the embedded model is asked about a tile
MAX_NEW_TOKENS = 512  # more than the longest reading has letters
MARKER = "hud_reader.json"  # in the folder of a model that wants tiles
READER_ENV = {  # of the process that reads, for who starts it
    "HF_HUB_OFFLINE": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}
SIDES = {"blue": "CT", "yellow": "T"}
OWN = ("live", "round_over", "buy_menu")  # phases in which the HUD is that of the player whose eyes these are
PHASES = {"live": "", "round_over": "round over", "buy_menu": "buy menu open", "dead_or_spectating": "watching another"}
_KINDS: dict[str, dict[str, Any]] = {
    "clock": {"type": ["string", "null"], "pattern": "^[0-9]{1,2}:[0-9]{2}$"},
    "place": {"type": ["string", "null"], "minLength": 1, "maxLength": 60},
    "weapon": {"type": ["string", "null"], "minLength": 1, "maxLength": 60},
    "helmet": {"type": ["boolean", "null"]},
    "hud_color": {"enum": [*SIDES, "white", None]},
    "phase": {"enum": [*PHASES, "other", None]},
}
READING: dict[str, Any] = {  # the JSON schema of a reading, for who can hold a writer to one
    "type": "object",
    "additionalProperties": False,
    "required": list(FIELDS),
    "properties": {
        name: _KINDS.get(name, {"type": ["integer", "null"], "minimum": 0, "maximum": 99_999}) for name in FIELDS
    },
}
_CALLED = {"High Explosive Grenade": "HE Grenade"}  # by the HUD → by the schema
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_MOST = {"money": 65535, "health": 100, "armor": 100, "alive_left": 10, "alive_right": 10}
COVERED = "The reader sees no HUD of a living player in it."


def reads_tiles(model: Path) -> bool:
    """Whether the model in this folder was trained on tiles of the HUD rather than on frames."""
    return os.path.isfile(model / MARKER)  # noqa: PTH113 - where a folder cannot be looked at, pathlib raises


def values_of(text: str) -> dict[str, Any] | None:
    """The reading in what a model wrote; None where it is none."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return _over_without_defender(told) if isinstance(told, dict) and set(told) == set(FIELDS) else None


def agreed(readings: Sequence[dict[str, Any] | None]) -> dict[str, Any] | None:
    """What most readings of one frame say, field by field, of those with the phase that most see; of equals the first.
    None where none of them is one."""
    some = [reading for reading in readings if reading is not None]
    if not some:
        return None
    phase = _most(reading["phase"] for reading in some)
    alike = [reading for reading in some if reading["phase"] == phase]
    return {name: _most(reading[name] for reading in alike) for name in FIELDS}


def _most(values: Iterable[Any]) -> Any:
    """The value that comes most often; of equals that which came first."""
    return json.loads(Counter(map(json.dumps, values)).most_common(1)[0][0])  # as text 1 is not the same as true


def _over_without_defender(told: dict[str, Any]) -> dict[str, Any]:
    """The bomb hides the clock, before the round's end and after it; without a counter-terrorist alive it is after."""
    if told["phase"] == "live" and told["clock"] is None and told["alive_left"] == 0:
        return told | {"phase": "round_over"}
    return told


def plain(reading: Mapping[str, Any]) -> dict[str, Any]:
    """The reading's fields alone, each a short text, a number, yes or no, or nothing: what can be kept anywhere."""
    return {name: _plain(reading.get(name)) for name in FIELDS}


def _plain(value: Any) -> str | int | bool | None:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value[:60])
    return value if isinstance(value, int) and abs(value) < 1_000_000 else None


def state_of(reading: Mapping[str, Any], side: str | None = None) -> dict[str, Any]:
    """``game_state`` of the answer schema as far as the reading tells it; what it does not tell is not there.

    ``side`` ("CT" or "T") is that of the player where others know it: with the HUD in white or in a colour of the
    player's choice the reading cannot tell whose mates are alive on the left, which is always the counter-terrorists'.
    """
    phase = reading.get("phase")
    told: dict[str, Any] = {
        "round_clock": _clock(reading.get("clock")),
        "score_ct": _whole(reading, "score_left"),
        "score_t": _whole(reading, "score_right"),
    }
    if phase in OWN:
        told |= _own(reading, side)
    if phase == "round_over":
        told["round_phase"] = "over"
    return {name: value for name, value in told.items() if value is not None}


def _own(reading: Mapping[str, Any], side: str | None) -> dict[str, Any]:
    colour, armor, helmet = reading.get("hud_color"), _whole(reading, "armor"), reading.get("helmet")
    shown = SIDES.get(colour) if isinstance(colour, str) else None
    return {
        "player_side": shown,
        "player_health": _whole(reading, "health"),
        "player_armor": armor,
        "player_has_helmet": helmet if armor and isinstance(helmet, bool) else None,
        "player_money": _whole(reading, "money"),
        "weapon_in_hand": weapon_name(reading.get("weapon")),
        "ammo_clip": _whole(reading, "clip"),
        "ammo_reserve": _whole(reading, "reserve"),
        "place_name": _text(reading.get("place")),
        **_alive(reading, shown or side),
    }


def _alive(reading: Mapping[str, Any], side: str | None) -> dict[str, Any]:
    left, right = _whole(reading, "alive_left"), _whole(reading, "alive_right")
    if side not in ("CT", "T"):
        return {}
    own, others = (left, right) if side == "CT" else (right, left)
    return {"alive_teammates": own - 1 if own else None, "alive_enemies": others}


def weapon_name(written: Any) -> str | None:
    """The schema's name of what the HUD writes: without its skin ("AWP | Phobos" → "AWP")."""
    name = _text(written)
    if name is None:
        return None
    plain = name.split(" | ")[0].strip()
    return _CALLED.get(plain, plain)


def differences(said: Mapping[str, Any], told: Mapping[str, Any]) -> list[str]:
    """The fields of ``told`` (from :func:`state_of`) for which ``said`` has another value, in the order of ``told``.

    What either does not know is no difference; neither are capitals in a name.
    """
    return [name for name, value in told.items() if said.get(name) is not None and not _same(said[name], value)]


def agreeing(said: Mapping[str, Any], told: Mapping[str, Any]) -> int:
    """How many fields both know and say the same of."""
    return sum(said.get(name) is not None and _same(said[name], value) for name, value in told.items())


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold().strip() == other.casefold().strip()
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def in_words(reading: Mapping[str, Any]) -> str:
    """The reading as a person says it: "health 87, armour 100 with helmet, AK-47 25/90, …"; empty where nothing is."""
    return ", ".join(part for part in _parts(reading) if part)


def grounding(reading: Mapping[str, Any]) -> str:
    """A sentence for the prompt of a large model; empty where the HUD shows nothing."""
    told = in_words(reading)
    return f"The HUD reads: {told}." if told else ""


def _parts(reading: Mapping[str, Any]) -> list[str]:
    health, armor, money = (_whole(reading, name) for name in ("health", "armor", "money"))
    helmet = " with helmet" if reading.get("helmet") is True else ""
    clock, place, phase = _clock(reading.get("clock")), _text(reading.get("place")), reading.get("phase")
    side = SIDES.get(str(reading.get("hud_color")))
    return [
        PHASES.get(phase, "") if isinstance(phase, str) else "",
        f"side {side}" if side and phase in OWN else "",
        "" if health is None else f"health {health}",
        "" if armor is None else f"armour {armor}{helmet if armor else ''}",
        "" if money is None else f"money ${money}",
        _weapon(reading),
        f"clock {clock}" if clock else "",
        _pair("score CT–T", reading, "score"),
        _pair("alive CT–T", reading, "alive"),
        f"at {place}" if place else "",
    ]


def _weapon(reading: Mapping[str, Any]) -> str:
    name, clip, reserve = weapon_name(reading.get("weapon")), _whole(reading, "clip"), _whole(reading, "reserve")
    rounds = "" if clip is None else f"{clip}" if reserve is None else f"{clip}/{reserve}"
    return " ".join(part for part in (name, rounds) if part)


def _pair(name: str, reading: Mapping[str, Any], what: str) -> str:
    left, right = _whole(reading, f"{what}_left"), _whole(reading, f"{what}_right")
    return "" if left is None or right is None else f"{name} {left}–{right}"


def _whole(reading: Mapping[str, Any], name: str) -> int | None:
    value = reading.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST.get(name, 999) else None


def _clock(value: Any) -> str | None:
    return value if isinstance(value, str) and _CLOCK.fullmatch(value) else None


def _text(value: Any) -> str | None:
    return value.strip()[:60] or None if isinstance(value, str) else None
