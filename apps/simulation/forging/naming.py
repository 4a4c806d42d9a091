"""Names nobody expects: of people, of maps, of whoever recorded."""

from dataclasses import replace

import numpy as np

from apps.simulation.forging.copies import players
from apps.simulation.truth.match import Event, MatchTruth

ODD_NAMES = (
    "\u05d0\u05dc\u05d5\u05df \u05e9\u05d7\u05e7\u05df",  # Hebrew, right to left
    "evil\u202egpj.exe",  # right-to-left override
    "\U0001f525\U0001f3af \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "<img src=x onerror=alert(1)>",
    "\u00fc" * 32,  # 64 bytes of UTF-8
    "",
    "twin",
    "twin",
    "Robert'); DROP TABLE players;--",
    "  tab\tand spaces  ",
)
NOWHERE = "de_nowhere"


def odd_names(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """Right-to-left text, an override, emoji, HTML, 64 bytes, an empty name, and the same name twice."""
    names = iter(rng.permutation(np.array(ODD_NAMES, dtype=object)))
    given = {person.slot: str(next(names)) for person in players(truth)[: len(ODD_NAMES)]}
    people = [replace(person, name=given.get(person.slot, person.name)) for person in truth.participants]
    return replace(truth, participants=people, events=[_renamed(event, given) for event in truth.events])


def _renamed(event: Event, given: dict[int, str]) -> Event:
    slot = event.fields.get("userid")
    if "name" not in event.fields or not isinstance(slot, int) or slot not in given:
        return event
    return replace(event, fields={**event.fields, "name": given[slot]})


def unknown_map(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """The same ground under a map's and places' names that no table knows."""
    places = [f"Nowhere{index}" if name else "" for index, name in enumerate(truth.places)]
    return replace(truth, header=replace(truth.header, map_name=NOWHERE), places=places)


def pov(truth: MatchTruth, rng: np.random.Generator) -> MatchTruth:
    """A player's own recording: the header names the player instead of the TV relay."""
    people = [person for person in players(truth) if not person.is_bot]
    if not people:
        raise ValueError("Nobody but bots plays, and bots record nothing.")
    person = people[int(rng.integers(len(people)))]
    return replace(truth, header=replace(truth.header, client_name=person.name, pov_slot=person.slot))
