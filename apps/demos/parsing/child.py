"""The parse process: ``python -m apps.demos.parsing.child <recording> <work folder> [<unit>]``.

Writes tables and ``summary.json`` into the work folder (with a unit: reads only that one), and says on its standard
output, one JSON object a line, how far it is (``{"progress": 0.3, "message": "…"}``), that the first round can be
watched (``{"preview": true}``), that all but the packs of the viewer is there (``{"summary": true}``) or why nothing is
(``{"rejected": "sentence"}``, exit status 3). A process of its own because a broken file can end the parser in ways no
exception handler sees.
"""

import json
import sys
from pathlib import Path

from apps.demos.parsing.reading.header import Rejected

REJECTED = 3


def say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(recording: str, folder: str, unit: str | None = None) -> int:
    from apps.demos.parsing.importing import Importer, Options

    work = Path(folder)
    options = Options(**json.loads((work / "options.json").read_text()))
    importer = Importer(Path(recording), work, options, say)
    try:
        if unit is None:
            importer.run()
        else:
            importer.unit(unit)
    except Rejected as refusal:
        say(rejected=str(refusal))
        return REJECTED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
