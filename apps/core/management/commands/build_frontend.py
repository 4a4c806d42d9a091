from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.launch import frontend
from apps.core.launch.problem import LaunchProblem


class Command(BaseCommand):
    help = "Builds static/build when its sources have changed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="build even when nothing changed")

    def handle(self, *, force: bool, **options: object) -> None:
        try:
            built = frontend.build(settings.BASE_DIR, force=force)
        except LaunchProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("Front end: built." if built else "Front end: up to date.")
