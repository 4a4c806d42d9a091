"""Make a recording: play or replay a match, write the ``.dem`` and its truth beside it.

    python -m apps.simulation.making --seed 7 --output match.dem [--map de_stacks] [--kind knife,restart] [--rounds 4]

Tells how far it is in lines of JSON: ``{"progress": 0.4, "message": "…"}``.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from apps.simulation.demofile.writer import WriteOptions, write_demo
from apps.simulation.forging.forge import forge
from apps.simulation.forging.kinds import KINDS
from apps.simulation.layouts.catalogue import NAMES
from apps.simulation.truth.files import save_truth
from apps.simulation.truth.match import MatchTruth

Say = Callable[[float, str], None]
MOST_ROUNDS = 60


def make_match(
    output: Path,
    *,
    seed: int,
    kinds: Iterable[str] = (),
    map_name: str | None = None,
    rounds: int | None = None,
    filler_bytes: int = 0,
    say: Say = lambda fraction, sentence: None,
) -> MatchTruth:
    """Simulate a match into ``output`` and its truth beside it (``m.truth.parquet``, ``m.truth.json``).

    ``rounds`` shortens the match (24 is a whole one); ``filler_bytes`` a packet make the file as large as a server's.
    The same arguments give the same bytes.

    Raises:
        ValueError: an unknown kind or map, or kinds that cannot be had together.
        OSError: the file cannot be written; nothing is left of it.
    """
    if map_name is not None and map_name not in NAMES:
        raise ValueError(f"There is no map {map_name}; there are {', '.join(NAMES)}.")
    if rounds is not None and not 2 <= rounds <= MOST_ROUNDS:
        raise ValueError(f"A match has 2 to {MOST_ROUNDS} rounds, not {rounds}.")
    say(0.0, "Playing the match.")
    truth = forge(seed, kinds, map_name, rounds)
    say(0.4, "Writing the recording.")
    keep_match(truth, output, filler_bytes)
    return truth


def keep_match(truth: MatchTruth, output: Path, filler_bytes: int = 0) -> None:
    """Write the recording, then its truth beside it; the folder is made where it is missing."""
    output.parent.mkdir(parents=True, exist_ok=True)
    write_demo(truth, output, WriteOptions(filler_bytes=filler_bytes))
    save_truth(truth, output)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same file")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.dem")
    parser.add_argument("--map", dest="map_name", choices=NAMES, default=None)
    kinds = "; ".join(f"{name}: {kind.line}" for name, kind in KINDS.items())
    parser.add_argument("--kind", default="", metavar="NAME,…", help=f"awkward kinds of recording. {kinds}")
    rounds = f"rounds of regulation, an even number up to {MOST_ROUNDS} (default 24)"
    parser.add_argument("--rounds", type=int, default=None, help=rounds)
    filler = "what a packet carries besides: 700 make 115 MB of 24 rounds, 2020 make 300 MB (default 0: about 10 MB)"
    parser.add_argument("--filler", type=int, default=0, metavar="BYTES", help=filler)


def run(values: dict[str, object], say: Say) -> int:
    """Make what parsed arguments ask for; 2 and a sentence on stderr where that cannot be."""
    rounds, map_name = values["rounds"], values["map_name"]
    try:
        make_match(
            Path(str(values["output"])),
            seed=int(str(values["seed"])),
            kinds=[kind for kind in str(values["kind"]).split(",") if kind],
            map_name=None if map_name is None else str(map_name),
            rounds=None if rounds is None else int(str(rounds)),
            filler_bytes=int(str(values["filler"])),
            say=say,
        )
    except (ValueError, OSError) as error:
        print(f"The match cannot be made: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _tell(fraction: float, sentence: str) -> None:
    print(json.dumps({"progress": fraction, "message": sentence}), flush=True)  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Simulate a match and write its recording.")
    add_arguments(parser)
    sys.exit(run(vars(parser.parse_args()), _tell))
