"""``manage.py simulated_cs2 --netconport 2121 --game-dir DIR``: the simulated client, with the same options."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from apps.simulation.client import add_arguments, options_from, serve


class Command(BaseCommand):
    help = "Run a simulated CS2 client that speaks netcon on loopback."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: object, **options: object) -> None:
        code = serve(options_from(options))
        if code:
            sys.exit(code)
