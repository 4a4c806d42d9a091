"""``manage.py replay_record FACTS.json --output m.dem``: what an analyser found in a real match, as a recording."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.simulation.making import keep_match
from apps.simulation.records.analyzer import replay_record
from apps.simulation.records.problems import BadRecord


class Command(BaseCommand):
    help = "Write a recording from the facts of a recorded match (cs-demo-analyzer's JSON)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("facts", type=Path, metavar="FACTS.json")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.dem")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            keep_match(replay_record(options["facts"]), options["output"])
        except (BadRecord, OSError) as error:
            raise CommandError(f"The record cannot be replayed: {error}") from error
        self.stdout.write(f"Written: {options['output']}")
