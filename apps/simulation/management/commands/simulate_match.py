"""``manage.py simulate_match --seed 7 --output m.dem [--map NAME] [--kind knife,restart,…]``."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from apps.simulation.making import add_arguments, run


class Command(BaseCommand):
    help = "Simulate a match and write its recording, with the truth beside it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: object, **options: object) -> None:
        status = run(options, lambda fraction, sentence: self.stdout.write(sentence))
        if status:
            sys.exit(status)
        self.stdout.write(f"Written: {options['output']}")
