"""What advice can be made from: the state that a frame shows, and what the round context tells besides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.training.rewards.behavior import Behavior, behavior_of

_PLANT = re.compile(r"planted the bomb at ([AB])")
_BOMB = re.compile(r"s: .* (planted|dropped|picked up) the bomb")
_AWP_KILL = re.compile(r"\((CT|T)\) killed .* with AWP")
_MATE = re.compile(r"^Teammate: .*, \d+ HP, (.+)$", re.MULTILINE)
_BOMBSITE = re.compile(r"^(?=.*site)(?:Bombsite )?([AB])(?: Site)?$", re.IGNORECASE)
EMPTY_CLIP = 5
LATER = 0.4
_SLOW = frozenset({"AWP", "SSG 08", "R8 Revolver", "Sawed-Off", "MAG-7", "Nova", "XM1014", "Desert Eagle"})
_CHEAP = frozenset({"Glock-18", "USP-S", "P2000", "P250", "Tec-9", "Five-SeveN", "CZ75-Auto", "Dual Berettas"})


@dataclass(frozen=True)
class Scene:
    """A visible ``game_state``, the context's text, and the behaviour that is advised."""

    state: Mapping[str, Any]
    context: str
    advised: Mapping[str, Any]

    @cached_property
    def behavior(self) -> Behavior:
        return behavior_of(self.advised)

    @property
    def movement(self) -> int:
        return self.behavior.movement_direction or 0

    @property
    def objective(self) -> int:
        return self.behavior.objective_direction or 0

    @property
    def planted(self) -> bool:
        return bool(self.state["bomb_status"] == "planted")

    @property
    def carries(self) -> bool:
        """Whether the player holds the bomb."""
        return bool(self.state["bomb_status"] == "carried")

    @property
    def is_ct(self) -> bool:
        return bool(self.state["player_side"] == "CT")

    @property
    def waits(self) -> bool:
        """Whether the fight is to be begun, but not yet."""
        return bool(self.behavior.initiated_engagement) and (self.behavior.engagement_delay or 0.0) >= LATER

    @property
    def on_site(self) -> bool:
        """Whether the player stands on a bomb site."""
        return _BOMBSITE.match(self.place or "") is not None

    @property
    def empties(self) -> bool:
        """Whether the magazine of a gun that holds many rounds is nearly empty, and there is more to load."""
        clip, spare, held = (self.state[name] for name in ("ammo_clip", "ammo_reserve", "weapon_in_hand"))
        return clip is not None and 0 <= clip <= EMPTY_CLIP and bool(spare) and held not in _SLOW

    @property
    def starts(self) -> bool:
        """Whether the round is about to start."""
        return bool(self.state["round_phase"] == "freeze")

    @property
    def mates(self) -> int:
        return int(self.state["alive_teammates"] or 0)

    @property
    def enemies(self) -> int:
        return int(self.state["alive_enemies"] or 0)

    @property
    def lead(self) -> int:
        """How many more the own side has alive."""
        return self.mates + 1 - self.enemies

    @property
    def health(self) -> int:
        return int(self.state["player_health"] or 0)

    @property
    def money(self) -> int:
        return int(self.state["player_money"] or 0)

    @cached_property
    def seconds(self) -> int | None:
        """What is left of the round; None before it and once the bomb ticks."""
        clock = self.state["round_clock"]
        if clock is None or self.starts or self.planted:
            return None
        minutes, seconds = clock.split(":")
        return int(minutes) * 60 + int(seconds)

    @property
    def place(self) -> str | None:
        name: str | None = self.state["place_name"]
        return name

    @property
    def gun(self) -> str | None:
        """The best gun carried."""
        name: str | None = self.state["weapon_primary"] or self.state["weapon_secondary"]
        return name

    @property
    def worth_saving(self) -> bool:
        return self.gun is not None and self.gun not in _CHEAP

    @cached_property
    def site(self) -> str | None:
        """The site in question: where the context says the bomb was planted, else where the player stands."""
        told = _PLANT.findall(self.context) if self.planted else []
        here = _BOMBSITE.match(self.place or "")
        return told[-1] if told else here[1] if here else None

    @cached_property
    def bomb_down(self) -> bool:
        """Whether the context says that the bomb was dropped and not picked up since."""
        told = _BOMB.findall(self.context)
        return not self.planted and bool(told) and told[-1] == "dropped"

    @cached_property
    def enemy_awp(self) -> bool:
        """Whether the context tells of an enemy's AWP."""
        return any(side != self.state["player_side"] for side in _AWP_KILL.findall(self.context))

    @cached_property
    def mate_place(self) -> str | None:
        """Where the context says a teammate is, other than here."""
        return next((place for place in _MATE.findall(self.context) if place != self.place), None)
