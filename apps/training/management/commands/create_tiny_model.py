"""``manage.py create_tiny_model [--output DIR] [--seed N]``: the small model that comes with Chimera."""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Create the embedded model: a tiny Qwen3-VL with random weights, as an ordinary Hugging Face folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.EMBEDDED_MODEL_DIR, help="the folder to create")
        parser.add_argument("--seed", type=int, default=0, help="seed of the random weights")

    def handle(self, *args: Any, output: Path, seed: int, **options: Any) -> None:
        # A child, because only the trainers may import torch.
        command = [
            sys.executable,
            "-m",
            "apps.training.trainers.tiny",
            f"--output={output.resolve()}",
            f"--seed={seed}",
        ]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandError(done.stderr.strip().rpartition("\n")[2] or "The model could not be created.")
        self.stdout.write(done.stdout.strip())
