"""Speaks as ``apps.training.trainers.hud.read`` does, without a model: says of each picture what a file beside it says.

    python -m tests.integration.captures.handmade_reader --model FOLDER IMAGE…

``FOLDER/said.json`` maps names of pictures to lines; ``"die"`` in place of one ends the process there.
"""

import argparse
import json
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("images", nargs="+")
options = parser.parse_args()
said = json.loads((options.model / "said.json").read_text())
sys.stderr.write("a warning of some library\n")
for image in options.images:
    line = said.get(Path(image).name, {"error": "The model wrote no whole reading of it."})
    if line == "die":
        sys.exit("Killed in the middle.")
    sys.stdout.write(json.dumps({"file": image, **line}) + "\n")
    sys.stdout.flush()
