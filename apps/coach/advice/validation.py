"""Says in plain sentences what is wrong with a finished answer."""

from collections.abc import Callable
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from apps.captures.labelling.schema import answer_schema
from apps.training.rewards.gate import inspect_answer

MAX_PROBLEMS = 12
MAX_SHOWN = 60  # characters of a wrong value that a sentence repeats


def validate(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    """The whole answer in ``text`` and what is wrong with it; no problems means it is valid.

    The answer is None when ``text`` is not one usable JSON object at all (the gate of training, so that coach and
    reward agree); otherwise the problems are those of ``answer.schema.json``.
    """
    if not text.strip():
        return None, ["The model wrote nothing."]
    answer, reason = inspect_answer(text)
    if answer is None:
        return None, [reason]
    errors = sorted(_validator().iter_errors(answer), key=lambda error: [str(part) for part in error.absolute_path])
    problems = [sentence for error in errors for sentence in _sentences(error)]
    if len(problems) > MAX_PROBLEMS:
        problems = [*problems[:MAX_PROBLEMS], f"… and {len(problems) - MAX_PROBLEMS} more."]
    return answer, problems


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(answer_schema())


def _sentences(error: Any) -> list[str]:
    where = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [f"{_join(where, name)} is missing." for name in missing]
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [f"{_join(where, name)} is no field of an answer." for name in error.instance if name not in known]
    say = _SAY.get(str(error.validator), _does_not_fit)
    return [f"{where} {say(error)}: {_shown(error.instance)}."]


def _does_not_fit(error: Any) -> str:
    return "does not fit the schema"


def _join(where: str, name: str) -> str:
    return f"{where}.{name}"[:120] if where else name[:120]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _allowed(error: Any) -> str:
    return ", ".join("null" if value is None else str(value) for value in error.validator_value)


def _type(error: Any) -> str:
    wanted = error.validator_value
    return " or ".join([wanted] if isinstance(wanted, str) else wanted)


_SAY: dict[str, Callable[[Any], str]] = {
    "type": lambda error: f"should be {_type(error)}",
    "enum": lambda error: f"should be one of {_allowed(error)}",
    "minimum": lambda error: f"is less than {error.validator_value}",
    "maximum": lambda error: f"is more than {error.validator_value}",
    "minLength": lambda error: "says nothing",
    "maxItems": lambda error: f"holds more than {error.validator_value} entries",
    "pattern": lambda error: "is not written as it should be",
}
