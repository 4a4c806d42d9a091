"""Damaged recordings by the thousand: ``python -m tests.integration.demos.mutating FOLDER FILE…`` reads numbers.

Each number on the standard input is a mutation of one of the files; what the importer makes of it is answered in a line
``<number> <outcome>``. The process may die of one: whoever feeds it starts another.
"""

import json
import os
import random
import resource
import shutil
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from apps.demos.parsing.reading import salvage
from apps.demos.parsing.reading.header import HEADER_BYTES, Rejected

MEMORY = 4 * 1024**3
Mutation = Callable[[random.Random, bytearray], bytearray]


def _flip(dice: random.Random, data: bytearray) -> bytearray:
    for _ in range(dice.choice((1, 1, 3, 20, 200))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return data


def _noise(dice: random.Random, data: bytearray) -> bytearray:
    at, length = dice.randrange(len(data)), dice.choice((4, 64, 4096))
    data[at : at + length] = dice.randbytes(min(length, len(data) - at))
    return data


def _zeros(dice: random.Random, data: bytearray) -> bytearray:
    at, length = dice.randrange(len(data)), dice.choice((8, 512, 20_000))
    data[at : at + length] = bytes(min(length, len(data) - at))
    return data


def _cut(dice: random.Random, data: bytearray) -> bytearray:
    return data[: dice.randrange(len(data))]


def _drop(dice: random.Random, data: bytearray) -> bytearray:
    at = dice.randrange(len(data))
    del data[at : at + dice.choice((1, 7, 300, 30_000))]
    return data


def _repeat(dice: random.Random, data: bytearray) -> bytearray:
    at = dice.randrange(len(data))
    return data[:at] + data[max(0, at - dice.choice((1, 40, 9_000))) :]


def _commands(data: bytearray) -> list[salvage.Command]:
    return list(salvage.walk(bytes(data)))


def _shuffle(dice: random.Random, data: bytearray) -> bytearray:
    parts = [data[each.start : each.end] for each in _commands(data)]
    for _ in range(dice.choice((1, 5, 50))):
        one, other = dice.randrange(len(parts)), dice.randrange(len(parts))
        parts[one], parts[other] = parts[other], parts[one]
    return data[:HEADER_BYTES] + b"".join(parts)


def _lose_commands(dice: random.Random, data: bytearray) -> bytearray:
    share = dice.choice((0.01, 0.2, 0.9))
    kept = [data[each.start : each.end] for each in _commands(data) if dice.random() > share]
    return data[:HEADER_BYTES] + b"".join(kept)


def _absurd_number(dice: random.Random, data: bytearray) -> bytearray:
    """Kind, tick or size of a command becomes something else."""
    each = dice.choice(_commands(data))
    data[each.start : each.start + dice.choice((1, 5))] = dice.choice(
        (b"\xff\xff\xff\xff\x0f", b"\x0d", dice.randbytes(5))
    )
    return data


def _offsets(dice: random.Random, data: bytearray) -> bytearray:
    data[8:16] = struct.pack("<2i", *(dice.choice((0, -1, 2**31 - 1, dice.randrange(len(data)))) for _ in range(2)))
    return data


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _noise, _zeros, _cut, _drop, _repeat, _shuffle, _lose_commands, _absurd_number, _offsets,
)  # fmt: skip


def mutated(number: int, sources: list[Path]) -> bytes:
    """Mutation ``number``: always the same for the same files."""
    dice = random.Random(number)
    data = bytearray(sources[number % len(sources)].read_bytes())
    for _ in range(dice.choice((1, 1, 1, 2))):
        if len(data) > HEADER_BYTES * 4:
            data = dice.choice(MUTATIONS)(dice, data)
    return bytes(data)


def _outcome(recording: Path, work: Path) -> str:
    from apps.demos.parsing.importing import Importer, Options

    try:
        Importer(recording, work, Options(), lambda **_: None).run()
    except Rejected as refusal:
        return "rejected" if str(refusal).endswith(".") else "rejected without a sentence"
    summary = json.loads((work / "summary.json").read_text())
    if summary["missing_after_tick"] is not None:
        return "salvaged"
    return "imported_with_warnings" if summary["warnings"] else "imported"


def main(folder: str, *files: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sources = [Path(file) for file in files]
    recording, work = Path(folder) / "mutated.dem", Path(folder) / "work"
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for line in sys.stdin:
        recording.write_bytes(mutated(int(line), sources))
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        answer = _outcome(recording, work)
        shutil.rmtree(work)
        sys.stdout.write(f"{int(line)} {answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
