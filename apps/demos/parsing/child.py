"""The parse process: ``python -m apps.demos.parsing.child <recording> <folder>``.

Writes Parquet tables and ``summary.json`` into the folder, and says on its standard output, one JSON object a line,
how far it is (``{"progress": 0.3, "message": "…"}``) or why not (``{"rejected": "sentence"}``, exit status 3). A
process of its own because a broken file can end the parser in ways no exception handler sees.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from apps.demos.parsing.header import Rejected

REJECTED = 3


def say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(recording: str, folder: str) -> int:
    from apps.demos.parsing.importing import Importer

    def report(fraction: float, message: str) -> None:
        say(progress=fraction, message=message)

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    try:
        summary = Importer(Path(recording), target, report).run()
    except Rejected as refusal:
        say(rejected=str(refusal))
        return REJECTED
    (target / "summary.json").write_text(json.dumps(asdict(summary)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
