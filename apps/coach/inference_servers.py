"""The model servers by alias, in failover order, as the settings have them."""

import math
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.captures.hud.readings import reads_tiles

KINDS = ("embedded", "base", "lora")
ALIAS = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
MAX_FRAMES = 3  # of one question, whatever a server takes
MAX_SIDE = 1920  # pixels of what is stored, and so the most that can be sent


@dataclass(frozen=True)
class ModelServer:
    """One model as people may ask for it. ``url`` ends in ``/v1``; an empty ``model`` means the only one there."""

    alias: str
    label: str
    url: str
    key: str = ""
    model: str = ""
    structured: bool = False  # holds answers to the schema sent (vLLM can, and the server that comes along)
    kind: Literal["embedded", "base", "lora"] = "base"
    max_frames: int = MAX_FRAMES
    max_side: int = MAX_SIDE  # pixels of the longer side of what is sent
    first_token_s: float | None = None  # None: as MODEL_SERVER_FIRST_TOKEN_S
    sees: Literal["frame", "hud"] = "frame"  # "hud": a tile of the frame's HUD, as the embedded reader learnt
    grounded: bool = False  # is told first what the embedded model reads on the HUD


def servers() -> tuple[ModelServer, ...]:
    """Every configured server, the preferred one first; never empty.

    Without MODEL_SERVERS it is one, "embedded", made from MODEL_SERVER_URL and its like.

    Raises:
        ImproperlyConfigured: in a sentence, which entry of MODEL_SERVERS is wrong and how, or that MODEL_SERVER_URL is.
    """
    if settings.MODEL_SERVERS not in ([], None):
        return read_servers(settings.MODEL_SERVERS)
    if not _is_address(settings.MODEL_SERVER_URL):
        raise ImproperlyConfigured("MODEL_SERVER_URL should be an address such as http://gpu:8000/v1.")
    embedded = ModelServer(
        alias="embedded",
        label=settings.MODEL_SERVER_MODEL or "Embedded model",
        url=settings.MODEL_SERVER_URL,
        key=settings.MODEL_SERVER_KEY,
        model=settings.MODEL_SERVER_MODEL,
        structured=settings.MODEL_SERVER_STRUCTURED,
        kind="embedded",
        **_numbers({"max_frames": settings.MODEL_SERVER_MAX_FRAMES, "max_side": settings.MODEL_SERVER_MAX_SIDE}),
    )
    return (replace(embedded, **wants_of_the_embedded()) if settings.SMALL_MODEL_SERVED else embedded,)


def wants_of_the_embedded() -> dict[str, Any]:
    """How the model in EMBEDDED_MODEL_DIR is asked where `manage.py up` serves it, and what it wants to be shown."""
    shown = {"sees": "hud", "max_frames": 1} if reads_tiles(Path(settings.EMBEDDED_MODEL_DIR)) else {}
    return {"structured": True, **shown}


def named(alias: str) -> ModelServer | None:
    """The server of ``alias``; None when nothing is configured under it (any more)."""
    return next((server for server in servers() if server.alias == alias), None)


def reader() -> ModelServer | None:
    """The server of the model that reads tiles of the HUD; None where none is configured."""
    return next((server for server in servers() if server.sees == "hud"), None)


def read_servers(listed: Any) -> tuple[ModelServer, ...]:
    """The servers in a list of objects. Raises ``ImproperlyConfigured``."""
    if not isinstance(listed, list):
        raise ImproperlyConfigured("MODEL_SERVERS should be a JSON list of objects.")
    found = tuple(_read(entry, number) for number, entry in enumerate(listed, 1))
    aliases = [server.alias for server in found]
    if len(set(aliases)) < len(aliases):
        raise ImproperlyConfigured("MODEL_SERVERS names an alias twice.")
    return found


def _read(entry: Any, number: int) -> ModelServer:
    where = f"Entry {number} of MODEL_SERVERS"
    known = {field.name for field in fields(ModelServer)}
    if not isinstance(entry, dict) or not entry.keys() <= known:
        raise ImproperlyConfigured(f"{where} should be an object with some of: {', '.join(sorted(known))}.")
    if entry.get("kind") == "embedded" and "url" not in entry:  # the one `manage.py up` starts
        own = {"url": settings.MODEL_SERVER_URL, "key": settings.MODEL_SERVER_KEY}
        entry = own | (wants_of_the_embedded() if settings.SMALL_MODEL_SERVED else {}) | entry
    alias, url = entry.get("alias"), entry.get("url")
    if not isinstance(alias, str) or not ALIAS.fullmatch(alias):
        raise ImproperlyConfigured(f"{where} needs an alias of lower-case letters, digits, dots and dashes.")
    if not _is_address(url):
        raise ImproperlyConfigured(f"{where} needs a url such as http://gpu:8000/v1.")
    if entry.get("kind", "base") not in KINDS:
        raise ImproperlyConfigured(f"{where}: kind is one of {', '.join(KINDS)}.")
    if entry.get("sees", "frame") not in ("frame", "hud"):
        raise ImproperlyConfigured(f"{where}: sees is “frame”, or “hud” for the reader that comes with Chimera.")
    if wrong := [name for name in ("structured", "grounded") if not isinstance(entry.get(name, False), bool)]:
        raise ImproperlyConfigured(f"{where}: {wrong[0]} is true or false.")
    if wrong := [name for name in ("label", "key", "model") if not isinstance(entry.get(name, ""), str)]:
        raise ImproperlyConfigured(f"{where}: {wrong[0]} is a text.")
    try:
        return ModelServer(**{"label": alias, **entry, **_numbers(entry)})
    except (OverflowError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{where}: max_frames, max_side and first_token_s are positive numbers.") from error


def _is_address(url: Any) -> bool:
    """Whether requests can be sent there: a scheme we speak, a host, and no port beyond the last."""
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, or no address in brackets
        return False


def _numbers(entry: dict[str, Any]) -> dict[str, Any]:
    most = 1 if entry.get("sees") == "hud" else MAX_FRAMES  # a reader learnt from single tiles
    frames = min(max(int(entry.get("max_frames", MAX_FRAMES)), 1), most)
    side = min(max(int(entry.get("max_side", MAX_SIDE)), 64), MAX_SIDE)
    first = None if entry.get("first_token_s") is None else float(entry["first_token_s"])
    if first is not None and not (math.isfinite(first) and first > 0):
        raise ValueError(first)
    return {"max_frames": frames, "max_side": side, "first_token_s": first}
