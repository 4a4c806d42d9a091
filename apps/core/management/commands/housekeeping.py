import time

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from apps.core.services import housekeeping


class Command(BaseCommand):
    help = "Finds jobs of dead workers and jobs Redis has lost, every few seconds, for ever."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then exit")
        parser.add_argument("--every", type=float, default=15.0, help="seconds between rounds")

    def handle(self, *, once: bool, every: float, **options: object) -> None:
        while True:
            close_old_connections()
            housekeeping.run_once()
            if once:
                return
            time.sleep(every)
