"""``manage.py export_demo 7 --format parquet --output match.zip``."""

import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from apps.demos.exports.formats import FORMATS, Format
from apps.demos.models import Demo
from apps.demos.selectors import exporting


class Command(BaseCommand):
    help = "Write what was read from a recording: JSON, CSV, Parquet, or the rounds of cs2-demo-viewer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="the recording's number, as in its page's address")
        parser.add_argument("--format", choices=sorted(FORMATS), default="json")
        parser.add_argument(
            "--output", type=Path, help="file to write (- for the standard output); without: its own name"
        )

    def handle(self, *args: object, **options: object) -> None:
        row = Demo.objects.filter(pk=int(str(options["id"]))).first()
        if row is None or not row.is_ready:
            raise CommandError(f"There is no imported recording with the number {options['id']}.")
        chosen = FORMATS[str(options["format"])]
        subject = exporting.subject(row)
        output = options["output"]
        if str(output) == "-":
            with suppress(BrokenPipeError):  # whoever reads has seen enough
                chosen.write(subject, sys.stdout.buffer)
            return
        target = output if isinstance(output, Path) else Path(f"{subject.stem}{chosen.ending}")
        kind = _suffix(chosen)
        if target.suffix.lower() in {_suffix(one) for one in FORMATS.values()} - {kind}:
            raise CommandError(
                f"{options['format']} is written as a {kind} file, and {target.name} says it is another. Nothing was "
                f"written: name it {target.with_suffix(kind).name}, or choose another --format."
            )
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                chosen.write(subject, file)
            part.replace(target)
        except OSError as error:
            raise CommandError(f"{target} could not be written: {error.strerror}. Nothing was left there.") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"{target} ({target.stat().st_size:,} bytes)")


def _suffix(kind: Format) -> str:
    """.json or .zip"""
    return f".{kind.ending.rpartition('.')[2]}"
