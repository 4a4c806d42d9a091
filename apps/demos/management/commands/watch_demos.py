"""``manage.py watch_demos``: takes in what appears in the watched folder, for ever."""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from apps.demos.jobs.watching import Watch
from apps.demos.models import Upload
from apps.demos.selectors import uploads


class Command(BaseCommand):
    help = "Imports recordings that appear in a folder (WATCH_FOLDER), for ever; the workers do the reading."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.WATCH_FOLDER, help="instead of WATCH_FOLDER")
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks")
        parser.add_argument("--once", action="store_true", help="two looks, then exit")

    def handle(self, *, folder: str, every: float, once: bool, **options: object) -> None:
        if not every > 0:
            raise CommandError("Seconds between two looks must be more than 0.")
        if not folder:
            raise CommandError("Which folder? Name it, or set WATCH_FOLDER.")
        if not Path(folder).is_dir():
            self.stderr.write(f"{folder} is no folder yet; it is watched from when it is there.")
        watch = Watch(Path(folder).resolve())
        watch.look()
        waiting: set[UUID] = set()  # uploads of which more is to be said
        while True:
            time.sleep(every)
            close_old_connections()
            for upload in watch.look():
                self._say(upload.name, upload.results)
                waiting.add(upload.pk)
            for upload in Upload.objects.filter(pk__in=waiting).select_related("job"):
                if not uploads.is_open(upload):
                    self._tell(upload)
                    waiting.discard(upload.pk)
            if once:
                return

    def _tell(self, upload: Upload) -> None:
        """What became of it in the end; what was refused at once was said then."""
        said = {(entry["name"], entry["message"]) for entry in upload.results}
        for outcome in uploads.outcomes(upload):
            if (outcome.name, outcome.message) not in said:
                self.stdout.write(f"{outcome.name}: {outcome.outcome}. {outcome.message}")
        self.stdout.flush()

    def _say(self, name: str, results: list[dict[str, str]]) -> None:
        for result in results or [{"outcome": "queued", "message": "It is being unpacked."}]:
            self.stdout.write(f"{name}: {result['outcome']}. {result['message']}")
        self.stdout.flush()
