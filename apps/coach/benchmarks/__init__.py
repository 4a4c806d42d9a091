"""What the coach adds to a model server: ``manage.py bench coach``.

One run starts a web process with a home of its own and a model server with a known pace (``paced``), and asks by turns
directly and through the coach's socket (``clients``).
"""

from collections.abc import Callable

from apps.coach.benchmarks import live


def run(say: Callable[[str], object]) -> None:
    """Measure everything and say one line per figure."""
    live.run(say)
