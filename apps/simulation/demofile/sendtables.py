"""How the recording's classes and fields are written: flattened serializers."""

from dataclasses import dataclass
from functools import cache

from apps.simulation.demofile.messages import Value, field, message
from apps.simulation.demofile.schema import SERIALIZERS

CLASSES = [
    name
    for name in SERIALIZERS
    if name != "CCSGameRules" and not name.startswith(("CBodyComponent", "CCSPlayerController_", "CCSPlayer_"))
]
CLASS_IDS = {name: number for number, name in enumerate(CLASSES)}
CLASS_BITS = (len(CLASSES) - 1).bit_length()


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    bits: int = 0
    node: str = ""
    serializer: str = ""
    encoder: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.node}.{self.name}" if self.node else self.name


@cache
def fields_of(serializer: str) -> tuple[Field, ...]:
    return tuple(_parsed(line) for line in SERIALIZERS[serializer].strip().splitlines())


def _parsed(line: str) -> Field:
    name, kind, *rest = line.split()
    marks = {part[0]: part[1:] for part in rest if not part.isdigit()}
    bits = next((int(part) for part in rest if part.isdigit()), 0)
    return Field(name, kind.replace("_>", " >").replace("<_", "< "), bits, marks.get("@", ""), marks.get("=", ""),
                 marks.get("!", ""))  # fmt: skip


@cache
def locate(serializer: str, name: str) -> tuple[tuple[int, ...], Field]:
    """The path of a field by its dotted name ("m_pWeaponServices.m_hActiveWeapon", "m_hMyWeapons.3").

    Raises:
        KeyError: there is none of that name.
    """
    for index, one in enumerate(fields_of(serializer)):
        if one.full_name == name:
            return (index,), one
        if name.startswith(one.full_name + "."):
            rest = name[len(one.full_name) + 1 :]
            if one.serializer:
                path, found = locate(one.serializer, rest)
                return (index, *path), found
            if rest.isdigit():
                return (index, int(rest)), one
    raise KeyError(f"{serializer}.{name}")


@cache
def flattened() -> bytes:
    """The body of ``CSVCMsg_FlattenedSerializer``."""
    symbols: dict[str, int] = {}
    fields: dict[Field, int] = {}
    parts: list[bytes] = []
    for name in SERIALIZERS:
        indices = [fields.setdefault(one, len(fields)) for one in fields_of(name)]
        parts.append(field(1, message((1, _symbol(symbols, name)), (2, 0), *((3, index) for index in indices))))
    rows = [field(3, _field_row(symbols, one)) for one in fields]
    return b"".join([*parts, *(field(2, text) for text in symbols), *rows])


def _symbol(symbols: dict[str, int], text: str) -> int:
    return symbols.setdefault(text, len(symbols))


def _field_row(symbols: dict[str, int], one: Field) -> bytes:
    row: list[tuple[int, Value]] = [(1, _symbol(symbols, one.kind)), (2, _symbol(symbols, one.name))]
    if one.bits or one.encoder == "qangle_precise":
        row.append((3, one.bits))
    if one.serializer:
        row += [(7, _symbol(symbols, one.serializer)), (8, 0)]
    row.append((9, _symbol(symbols, one.node)))
    if one.encoder:
        row.append((10, _symbol(symbols, one.encoder)))
    return message(*row)
