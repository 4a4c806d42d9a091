"""``manage.py render_frame m.dem --tick T --player NAME --output f.jpg``: what a player sees at a tick."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.picturing import NothingToShow, picture_file
from apps.simulation.reading import UnreadableRecording

SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080)}


class Command(BaseCommand):
    help = "Draw what a player of a recording sees at a tick, with the HUD."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("demo", type=Path, metavar="FILE.dem")
        parser.add_argument("--tick", type=int, required=True)
        parser.add_argument("--player", required=True, help="a name or a slot")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.jpg")
        parser.add_argument("--watched", metavar="NAME", help="the team-mate on the screen of a player who is dead")
        parser.add_argument("--randomise", type=int, metavar="SEED", help="the same facts in another look")
        parser.add_argument("--size", choices=list(SIZES), default="1280x720")

    def handle(self, *args: object, **options: Any) -> None:
        size = SIZES[options["size"]]
        look = None if options["randomise"] is None else Randomisation.of(options["randomise"])
        try:
            picture_file(
                options["demo"],
                options["tick"],
                options["player"],
                options["output"],
                size,
                watched=options["watched"],
                randomisation=look,
            )
        except (NothingToShow, UnreadableRecording, OSError, ValueError) as error:
            raise CommandError(f"No picture: {error}") from error
        self.stdout.write(f"Written: {options['output']}")
