"""What a form needs to know of each field of the game state, read from the answer schema."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from apps.captures.labelling.schema import section_schema

Kind = Literal["choice", "whole", "yesno", "counts", "text"]
PATH = "game_state."


@dataclass(frozen=True)
class FieldKind:
    """How one field is typed in: a choice, a whole number with bounds, yes or no, a count of each thing, or text."""

    path: str
    label: str
    kind: Kind
    options: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str | None = None


def field_kinds(labels: dict[str, str]) -> list[FieldKind]:
    """Every field of the game state in the schema's order, called as ``labels`` has it."""
    fields: dict[str, dict[str, Any]] = section_schema("game_state")["properties"]
    return [_kind(f"{PATH}{name}", labels.get(name, name), schema) for name, schema in fields.items()]


def as_json(kinds: list[FieldKind]) -> list[dict[str, Any]]:
    """For a page's script; what is not there is left out."""
    return [{name: value for name, value in asdict(kind).items() if value not in (None, ())} for kind in kinds]


def _kind(path: str, label: str, schema: dict[str, Any]) -> FieldKind:
    if "enum" in schema:
        return FieldKind(path, label, "choice", _words(schema["enum"]))
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "integer" in types:
        return FieldKind(path, label, "whole", least=schema.get("minimum"), most=schema.get("maximum"))
    if "boolean" in types:
        return FieldKind(path, label, "yesno")
    if "array" in types:
        return FieldKind(path, label, "counts", _words(schema["items"]["enum"]))
    return FieldKind(path, label, "text", pattern=schema.get("pattern"))


def _words(values: list[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value is not None)
