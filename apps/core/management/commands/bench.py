"""``manage.py bench simulation``: the timings of one app, from its ``benchmarks`` module.

A module has ``run(say)``: it measures and says one line per figure. Timings live here and in docs/benchmarks.md, never
in the tests: they tell about a machine, not about right or wrong.
"""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError


def _measured() -> dict[str, str]:
    """The apps that have benchmarks, with their modules."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
    modules = {config.label: f"{config.name}.benchmarks" for config in ours}
    return {label: module for label, module in modules.items() if find_spec(module)}


class Command(BaseCommand):
    help = "Measure one part of Chimera."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", choices=sorted(_measured()))
        parser.add_argument("--only", metavar="TOPIC", help="one module of the app's benchmarks package")

    def handle(self, *args: object, **options: Any) -> None:
        module = _measured()[options["app"]]
        if options["only"]:
            module = f"{module}.{options['only']}"
            if not find_spec(module):
                raise CommandError(f"There is no {module}.")
        import_module(module).run(self.stdout.write)
