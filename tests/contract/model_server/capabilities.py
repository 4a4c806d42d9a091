"""In what the model servers differ: the one table. Where a server lacks something, a test shows that it does, so the
table changes with the server."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Capabilities:
    """What a server promises beyond what all of them do."""

    structured: bool  # keeps to the JSON schema it was sent
    any_schema: bool  # … whatever that says (the fake one always writes the same valid answer)
    adapters: bool  # loads LoRA adapters while it runs
    max_images: int | None  # refuses a question with more; None: takes any number
    refuses_long: bool  # refuses what is longer than its context
    metrics: bool  # counts at /metrics what runs and what was written


TABLE = {
    "fake": Capabilities(
        structured=True, any_schema=False, adapters=False, max_images=3, refuses_long=True, metrics=False
    ),
    "own": Capabilities(
        structured=True, any_schema=True, adapters=False, max_images=None, refuses_long=False, metrics=False
    ),
    "transformers": Capabilities(
        structured=False, any_schema=False, adapters=False, max_images=None, refuses_long=False, metrics=False
    ),
    "vllm": Capabilities(
        structured=True, any_schema=True, adapters=True, max_images=3, refuses_long=True, metrics=True
    ),
}


def those_that(promise: Callable[[Capabilities], object]) -> pytest.MarkDecorator:
    """The test runs against the servers of which ``promise`` is true; without this, against all."""
    names = [name for name, capabilities in TABLE.items() if promise(capabilities)]
    return pytest.mark.parametrize("server", names, indirect=True)
