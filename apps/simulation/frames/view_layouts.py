"""Which of our own maps a recording was made on."""

from apps.simulation.layouts.catalogue import layout
from apps.simulation.layouts.layout import Layout


def known_layout(map_name: str) -> Layout | None:
    """The layout of that name; None for every other map, whose view is a neutral backdrop."""
    try:
        return layout(map_name)
    except KeyError:
        return None
