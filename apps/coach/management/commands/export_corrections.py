"""``manage.py export_corrections FOLDER``: frames and what people said of them, for training outside the web app.

Writes ``FOLDER/frames/<sha256>.jpg`` and a line for each in ``FOLDER/corrections.jsonl``: {"file", "width", "height",
"values", "said", "model", "context"}. ``values`` holds the corrected fields of the answer schema's ``game_state``;
null says that the frame does not show it, and of a field that is not there nothing is known.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.coach import selectors
from apps.core import storage


class Command(BaseCommand):
    help = "Write the accepted corrections of the coach's answers, with their frames, into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="is made; what lies there under the same names is replaced")

    def handle(self, *args: object, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            (folder / "frames").mkdir(parents=True, exist_ok=True)
            written = [_write(folder, frame) for frame in selectors.accepted_frames()]
            (folder / "corrections.jsonl").write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(written)} frames with accepted corrections are in {folder}.")


def _write(folder: Path, frame: selectors.AcceptedFrame) -> str:
    """Write the picture; its line."""
    file = f"{frame.sha256}.jpg"
    (folder / "frames" / file).write_bytes(storage.read_bytes(frame.image))
    width, height = frame.size
    told = {"file": file, "width": width, "height": height, "values": frame.values, "said": frame.said}
    return json.dumps({**told, "model": frame.model, "context": frame.context}, ensure_ascii=False)
