"""What our import costs above a bare awpy pass over the same recording."""

from collections.abc import Callable


def run(say: Callable[[str], object]) -> None:
    say("not measured yet")
