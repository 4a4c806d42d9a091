"""Going on with a folder of samples: which of them its lines tell of, whatever a killed process left behind."""

import json
from pathlib import Path


def mend(lines: Path) -> None:
    """Cut off what a killed process wrote of its last line."""
    if lines.exists():
        whole = lines.read_bytes()
        lines.write_bytes(whole[: whole.rfind(b"\n") + 1])


def known(folder: Path) -> set[str]:
    """The names of the frames that the ``labels-*.jsonl`` of ``folder`` have whole lines for."""
    lines = [line for labels in folder.glob("labels-*.jsonl") for line in labels.read_text().splitlines()]
    return {json.loads(line)["file"] for line in lines if line.endswith("}")}
