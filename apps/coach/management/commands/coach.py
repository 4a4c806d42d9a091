"""``manage.py coach shot.png --context "Round 12, we saved"``: the whole advice in a terminal, without the web app."""

import asyncio
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.captures.hud.pictures import FrameRefused, printable, read_picture
from apps.coach import cards, inference
from apps.coach.advice.partial import clean
from apps.coach.consulting import Advice, consult
from apps.coach.embedded_child import NotServed, served
from apps.coach.frames import read_frame
from apps.coach.inference_servers import MAX_FRAMES, ModelServer, servers


class Command(BaseCommand):
    help = "Ask the coach about screenshots. Uses the configured model servers, or starts the embedded one meanwhile."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "images", nargs="+", type=Path, metavar="IMAGE", help="JPEG, PNG or WebP; one question each"
        )
        parser.add_argument("--together", action="store_true", help=f"one question of up to {MAX_FRAMES}, oldest first")
        parser.add_argument("--context", default="", help="what happened in the round so far")
        parser.add_argument("--alias", default="", help="which configured model to ask; otherwise whichever answers")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each question")

    def handle(self, *args: object, **options: Any) -> None:
        images: list[Path] = options["images"]
        questions = [images] if options["together"] else [[image] for image in images]
        if len(questions[0]) > MAX_FRAMES:
            raise CommandError(f"A question takes at most {MAX_FRAMES} frames.")
        asked: list[tuple[list[Path], list[bytes]]] = []
        for paths in questions:
            try:
                asked.append((paths, [_read(path) for path in paths]))
            except FrameRefused as error:
                self._refuse(paths, str(error), as_json=options["json"])
        failed = len(questions) - len(asked)
        if asked:
            failed += self._ask(asked, options)
        if failed:
            raise CommandError(f"{failed} of {len(questions)} questions got no valid answer.")

    def _ask(self, asked: list[tuple[list[Path], list[bytes]]], options: dict[str, Any]) -> int:
        """How many of the questions, whose frames were read, got no valid answer."""
        failed = 0
        with self._answering(options["alias"]) as order:
            for paths, pictures in asked:
                advice = asyncio.run(consult(pictures, clean(options["context"]), order))
                failed += advice.status != "complete"
                self._show(paths, advice, as_json=options["json"])
        return failed

    def _refuse(self, paths: list[Path], sentence: str, *, as_json: bool) -> None:
        """A question that cannot be asked does not keep the others."""
        if as_json:
            told = {"images": [printable(path) for path in paths], "error": sentence}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stderr.write(sentence)

    @contextmanager
    def _answering(self, alias: str) -> Iterator[list[ModelServer]]:
        """The servers to ask: those that answer now, else the embedded one, started for as long as this lasts."""
        chosen = [server for server in servers() if alias in ("", server.alias)]
        if not chosen:
            known = ", ".join(server.alias for server in servers())
            raise CommandError(f"There is no model “{alias}”. Configured are: {known}.")
        states = asyncio.run(_probe(chosen))
        up = [server for server, state in zip(chosen, states, strict=True) if state.up]
        embedded = next((server for server in chosen if server.kind == "embedded"), None)
        if up or embedded is None:
            yield up or chosen
            return
        self.stderr.write("No model server answers; starting the embedded one…")
        try:
            with served(embedded, self.stderr.write) as server:
                yield [server]
        except NotServed as error:
            raise CommandError(str(error)) from error

    def _show(self, paths: list[Path], advice: Advice, *, as_json: bool) -> None:
        if as_json:
            told = {"images": [printable(path) for path in paths], **advice.as_dict()}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write("\n".join([", ".join(printable(path.name) for path in paths), *_lines(advice), ""]))


async def _probe(chosen: list[ModelServer]) -> list[inference.ServerState]:
    return await asyncio.gather(*map(inference.probe, chosen))


def _read(path: Path) -> bytes:
    try:
        return read_frame(read_picture(path)).jpeg
    except FrameRefused as error:
        raise FrameRefused(f"{printable(path)}: {error}") from error


def _lines(advice: Advice) -> Iterator[str]:
    said = cards.texts(cards.section(advice.answer, "advice"))
    said.pop("behavior", None)  # the same as numbers, for programs
    judged = cards.texts(cards.section(advice.answer, "analysis"))
    seen = cards.texts(cards.section(advice.answer, "game_state"))
    for title, values in (("Advice", said), ("Analysis", judged), ("Seen", seen)):
        if values:
            yield f"  {title}"
        for name, text in values.items():
            yield f"    {cards.LABELS.get(name) or name.replace('_', ' ').capitalize()}: {text}"
    for problem in [*advice.problems, *filter(None, [advice.error])]:
        yield f"  ! {problem}"
    first = f", first token after {advice.first_token_ms} ms" if advice.first_token_ms is not None else ""
    yield f"  {advice.alias} {advice.model}: {advice.tokens} tokens in {advice.total_ms} ms{first}"
