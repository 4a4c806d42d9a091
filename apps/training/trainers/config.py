"""What a trainer is told: one JSON file, checked before anything is loaded. No torch here."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

METHODS = ("sft", "grpo")
MAX_BYTES = 1_000_000


class BadConfig(Exception):
    """The configuration cannot be run; the message is for the person who wrote it."""


@dataclass(frozen=True)
class Parameter:
    """One hyper-parameter: what it is called, what it may be, and where it starts."""

    name: str
    label: str
    kind: Literal["int", "float", "choice"]
    default: dict[str, Any]  # method → value; a method that is missing does not have this parameter
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    help: str = ""


def _both(value: Any) -> dict[str, Any]:
    return {"sft": value, "grpo": value}


# The defaults suit the embedded model on two CPU cores and about ten samples.
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("steps", "Steps", "int", {"sft": 200, "grpo": 8}, 1, 100_000),
    Parameter("learning_rate", "Learning rate", "float", {"sft": 3e-3, "grpo": 1e-4}, 1e-8, 0.1),
    Parameter("batch_size", "Samples per step", "int", {"sft": 2}, 1, 512),
    Parameter("groups", "Prompts per step", "int", {"grpo": 2}, 1, 256),
    Parameter("num_generations", "Answers per prompt (G)", "int", {"grpo": 4}, 2, 64),
    Parameter(
        "max_new_tokens", "Longest answer (tokens)", "int", {"grpo": 320}, 256, 8192, help="256 is the least that fits."
    ),
    Parameter("temperature", "Temperature", "float", {"grpo": 0.7}, 0.05, 2.0),
    Parameter("beta", "KL weight (β)", "float", {"grpo": 0.0}, 0.0, 10.0, help="0 turns the reference model off."),
    Parameter(
        "aggregation",
        "Advantage",
        "choice",
        {"grpo": "sum_then_normalize"},
        choices=("sum_then_normalize", "normalize_then_sum"),
        help="Normalise the total, or each signal before they are added.",
    ),
    Parameter("loss_type", "Loss", "choice", {"grpo": "dapo"}, choices=("dapo", "grpo", "dr_grpo", "bnpo")),
    Parameter("lora_rank", "LoRA rank", "int", _both(0), 0, 512, help="0 trains all weights of the language model."),
    Parameter("save_every", "Checkpoint every (steps)", "int", {"sft": 100, "grpo": 10}, 1, 100_000),
    Parameter("seed", "Seed", "int", _both(0), 0, 2**31 - 1),
)


def parameters_of(method: str) -> tuple[Parameter, ...]:
    return tuple(parameter for parameter in PARAMETERS if method in parameter.default)


def check_parameters(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with defaults filled in.

    Raises:
        BadConfig: an unknown name, a wrong type, or a value outside its bounds.
    """
    if method not in METHODS:
        raise BadConfig(f"There is no training method “{method}”; choose one of {', '.join(METHODS)}.")
    known = {parameter.name: parameter for parameter in parameters_of(method)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise BadConfig(f"{method.upper()} has no parameter “{unknown[0]}”.")
    return {name: _checked(p, given.get(name, p.default[method])) for name, p in known.items()}


def _checked(parameter: Parameter, value: Any) -> Any:
    if parameter.kind == "choice":
        if value not in parameter.choices:
            raise BadConfig(f"{parameter.label} must be one of {', '.join(parameter.choices)}.")
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or (parameter.kind == "int" and value != int(value)):
        raise BadConfig(f"{parameter.label} must be a {'whole ' if parameter.kind == 'int' else ''}number.")
    if not parameter.low <= value <= parameter.high:
        raise BadConfig(f"{parameter.label} must lie between {parameter.low:g} and {parameter.high:g}, not {value:g}.")
    return int(value) if parameter.kind == "int" else float(value)


@dataclass(frozen=True)
class RunConfig:
    """Everything one training needs. Paths are on the machine that trains."""

    method: str
    model: str  # folder of the start model
    manifest: str  # JSONL of datasets.manifest
    images: str  # folder that the manifest's image names lie below
    output: str
    parameters: dict[str, Any]
    preset: str = ""  # of the reward; GRPO
    resume: bool = False  # from the last complete checkpoint below ``output``

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, allow_nan=False) + "\n")


def read_config(path: Path) -> RunConfig:
    """The configuration at ``path``, checked.

    Raises:
        BadConfig: it is missing, no JSON object, or says something impossible.
    """
    data = read_object(path)
    names = {field.name for field in fields(RunConfig)}
    required = names - {"preset", "resume"}
    if not required <= set(data) <= names:
        odd = sorted((required - set(data)) | (set(data) - names))
        raise BadConfig(f"The run configuration is missing or does not know “{odd[0]}”.")
    if not isinstance(data["parameters"], dict):
        raise BadConfig("The run configuration's parameters must be an object.")
    return RunConfig(**{**data, "parameters": check_parameters(str(data["method"]), data["parameters"])})


def read_object(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text()[:MAX_BYTES]
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"The run configuration {path} cannot be read.") from error
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadConfig(f"The run configuration {path} is not JSON.") from error
    if not isinstance(data, dict):
        raise BadConfig(f"The run configuration {path} is not a JSON object.")
    return data
