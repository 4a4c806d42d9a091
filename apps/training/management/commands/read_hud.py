"""``manage.py read_hud shot.png --json``: what the HUD of screenshots shows, without web app, Redis or database."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.captures.hud.pictures import printable
from apps.captures.hud.readings import COVERED, FIELDS, READER_ENV, in_words, reads_tiles
from apps.core.children import BASE_DIR, GUARD, stop
from apps.training.trainers.folder import BadModel, check_model_folder

NO_READER = "Train one (docs/hud-reader.md) and name its folder with --model or EMBEDDED_MODEL_DIR."
NOT_READ = "The reader ended before it came to this file."
GRACE_S = 2.0


class Command(BaseCommand):
    help = "Read the HUD of screenshots: health, money, clock and so on; a line for each file."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("images", nargs="+", metavar="IMAGE", help="JPEG, PNG or WebP")
        parser.add_argument(
            "--json", action="store_true", help="a JSON object a line: file and values; null = not shown"
        )
        parser.add_argument("--model", type=Path, help="a model folder; otherwise the embedded model")

    def handle(self, *args: object, **options: Any) -> None:
        files: list[str] = options["images"]
        folder = _model(options["model"])
        failed = 0
        if self.stderr.isatty():
            self.stderr.write("Loading the reader; that takes up to half a minute …", self.style.NOTICE)
        for line in _readings(files, folder):
            failed += "error" in line
            self.stdout.write(_json(line) if options["json"] else _sentence(line))
            self.stdout.flush()
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be read.")


def _model(chosen: Path | None) -> Path:
    """The folder to read with. Raises ``CommandError`` where it holds no model that may be loaded."""
    folder = (chosen or Path(settings.EMBEDDED_MODEL_DIR)).resolve()
    try:
        check_model_folder(folder)
    except BadModel as error:
        hint = "" if chosen else " Check EMBEDDED_MODEL_DIR, or name one with --model."
        raise CommandError(f"{error}{hint}") from error
    if not reads_tiles(folder):
        raise CommandError(f"The model in {folder} did not learn to read HUDs. {NO_READER}")
    return folder


def _readings(files: Sequence[str], folder: Path) -> Iterator[dict[str, Any]]:
    """One object for each file in order, under the name that it was given by.

    Raises:
        CommandError: the reader ended before it read any.
    """
    arguments = [f"--model={folder}", "--", *(str(Path(file).absolute()) for file in files)]
    child = _child(["-m", "apps.training.trainers.hud.read", *arguments])
    try:
        assert child.stdout is not None
        told = 0
        for file, line in zip(files, child.stdout, strict=False):
            told += 1
            yield {**json.loads(line), "file": printable(file)}
        for file in files[told:]:
            yield {"file": printable(file), "error": NOT_READ}
    finally:
        stop(child, GRACE_S)


def _child(arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A reading process that goes with this one; what it complains about is shown as it comes."""
    try:
        return subprocess.Popen(
            [sys.executable, "-S", "-E", str(GUARD), str(os.getpid()), sys.executable, *arguments],
            cwd=BASE_DIR,
            env={**os.environ, **READER_ENV, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:  # E2BIG above all
        raise CommandError(f"The reader could not be started: {error.strerror}. Name fewer files at once.") from error


def _json(line: dict[str, Any]) -> str:
    if "error" in line:
        return json.dumps({"file": line["file"], "error": line["error"]}, ensure_ascii=False)
    return json.dumps({"file": line["file"], **{name: line[name] for name in FIELDS}}, ensure_ascii=False)


def _sentence(line: dict[str, Any]) -> str:
    if "error" in line:
        return f"{line['file']}: {line['error']}"
    if line["phase"] == "other":
        return f"{line['file']}: {COVERED}"
    return f"{line['file']}: {in_words(line) or COVERED}"
