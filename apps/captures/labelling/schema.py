"""The answer schema, read from the one file that labels, prompts, structured output and pages share."""

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
PATH = Path(__file__).with_name("answer.schema.json")
SECTIONS = ("game_state", "analysis", "advice")


@cache
def answer_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a model's whole answer."""
    schema: dict[str, Any] = json.loads(PATH.read_text())
    return schema


def section_schema(section: str) -> dict[str, Any]:
    """The schema of one of ``SECTIONS``."""
    schema: dict[str, Any] = answer_schema()["properties"][section]
    return schema
