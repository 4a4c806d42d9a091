"""``manage.py import_demos PATH… [--json]``: recordings, archives and folders into the library."""

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from apps.demos.jobs.importing_here import Interrupted, import_file
from apps.demos.models import Demo
from apps.demos.parsing.packed.archives import SUFFIXES
from apps.demos.selectors.uploads import Outcome

UNHAPPY = ("rejected", "failed")


class Command(BaseCommand):
    help = (
        "Imports recordings (.dem, packed as .gz, .bz2, .zst or .zip) and folders of them. Needs no running worker. "
        "Exit status: 0 where all are in the library, 1 if any was rejected or failed, 2 for a wrong call."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object per recording and line")
        parser.add_argument("--no-wait", action="store_true", help="only queue the imports, for running workers")
        parser.add_argument("--keep-raw", action="store_true", help="keep the players' state of every tick")
        parser.add_argument("--tag", action="append", default=[], help="tag them; may be given more than once")

    def handle(self, *, paths: list[Path], json: bool, no_wait: bool, **options: Any) -> None:
        # Nobody's page needs to hear of it where Chimera does not run.
        logging.getLogger("apps.core.broadcast").setLevel(logging.ERROR)
        signal.signal(signal.SIGINT, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
        _check_database()
        rejected = 0
        try:
            for path in _files(paths):
                self.stderr.write(f"Importing {_printable(str(path))} …", str)
                for outcome in _import(path, wait=not no_wait, keep_raw=options["keep_raw"], tags=options["tag"]):
                    rejected += outcome.outcome in UNHAPPY
                    self.stdout.write(_json_line(path, outcome) if json else _table_line(path, outcome))
                    self.stdout.flush()
        except Interrupted:
            raise CommandError("Stopped. The import that was under way goes on when Chimera runs.") from None
        if rejected:
            sys.exit(1)


def _check_database() -> None:
    try:
        Demo.objects.exists()
    except DatabaseError as error:
        raise CommandError("Chimera is not set up here yet: run “./chimera up” once, or migrate.") from error


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and everything in the folders named that looks like a recording."""
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if not file.name.startswith("."))
            yield from (file for file in inside if file.name.lower().endswith(SUFFIXES) and file.is_file())
        else:
            yield path


def _import(path: Path, **how: Any) -> list[Outcome]:
    if not path.is_file():
        return [Outcome(path.name, "rejected", "There is no such file.")]
    return import_file(path, **how)


def _json_line(path: Path, outcome: Outcome) -> str:
    demo = outcome.demo
    imported = demo is not None and demo.is_ready
    return json.dumps(
        {
            "path": str(path).encode("utf-8", "replace").decode(),
            "name": outcome.name,
            "outcome": outcome.outcome,
            "id": demo.pk if demo is not None else None,
            "map": demo.map_name if demo is not None and imported else None,
            "rounds": demo.round_count if demo is not None and imported else None,
            "warnings": demo.warnings if demo is not None and imported else [],
            "message": outcome.message,
        },
        ensure_ascii=False,
    )


def _table_line(path: Path, outcome: Outcome) -> str:
    name = str(path) if outcome.name == path.name else f"{path}: {outcome.name}"
    number = f"#{outcome.demo.pk}" if outcome.demo is not None else "–"
    return f"{outcome.outcome:<22} {number:>6}  {_printable(name)}  {outcome.message}"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
