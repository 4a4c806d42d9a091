"""Timings of the demo library: one module per topic, each with ``run(say)``, in alphabetical order.

``manage.py bench demos`` runs them all, ``manage.py bench demos --only parse`` one.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules


def run(say: Callable[[str], object]) -> None:
    """Measure every topic and say one line per figure."""
    for module in iter_modules(__path__):
        say(f"— {module.name} —")
        import_module(f"{__name__}.{module.name}").run(say)
