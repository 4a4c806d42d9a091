"""``manage.py draw_maps [--output DIR]``: radar images of our own maps, for the replay."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.simulation.layouts.drawing import radar_images


class Command(BaseCommand):
    help = "Draw the radar images of the simulation's own maps. Images that are there already stay."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.MAPS_DIR, metavar="FOLDER")

    def handle(self, *args: object, **options: Any) -> None:
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, image in radar_images():
            path = folder / f"{name}.png"
            if not path.exists():
                partial = path.with_suffix(".part")
                image().save(partial, "PNG")
                partial.replace(path)
                self.stdout.write(f"Written: {path}")
