"""The frame around every training: read the configuration, run, say how it ended in one sentence."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from apps.training.trainers.config import BadConfig, RunConfig, read_config
from apps.training.trainers.data import BadData
from apps.training.trainers.folder import BadModel, check_model_folder
from apps.training.trainers.model import FrozenPartLearns
from apps.training.trainers.output import Diverged, Stop, write_status

EXPECTED_FAILURE = 3
Train = Callable[[RunConfig, Path, Stop], int]


def run(method: str, description: str | None, train: Train) -> int:
    """Command-line entry of a trainer; the exit status (0 finished or stopped, 3 an expected failure)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    path = parser.parse_args().config
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")
    try:
        config = read_config(path)
        if config.method != method:
            raise BadConfig(f"This configuration is for {config.method}, not for {method}.")
    except BadConfig as error:
        sys.stderr.write(f"{error}\n")
        return EXPECTED_FAILURE
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)
    return _run(config, output, train)


def _run(config: RunConfig, output: Path, train: Train) -> int:
    stop = Stop()
    try:
        check_model_folder(Path(config.model))  # before the seconds that importing torch takes
        step = train(config, output, stop)
    except (BadConfig, BadData, BadModel, Diverged, FrozenPartLearns) as error:
        write_status(output, "failed", 0, str(error))
        sys.stderr.write(f"{error}\n")
        return EXPECTED_FAILURE
    except OSError as error:
        write_status(output, "failed", 0, f"A file could not be written or read ({error.strerror}). Is the disk full?")
        raise
    if stop and step < config.parameters["steps"]:
        kept = f"Stopped after step {step}; the model of that step was kept."
        write_status(output, "stopped", step, kept if step else "Stopped before the first step; nothing was trained.")
    else:
        write_status(output, "finished", step, f"Finished {step} steps.")
    return 0
