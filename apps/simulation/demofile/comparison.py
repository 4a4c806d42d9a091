"""Does a recording say what the truth says? Read by awpy, compared field by field and tick by tick."""

from pathlib import Path

import awpy  # type: ignore[import-untyped]

from apps.simulation.demofile.comparing import (
    encounters,
    grenades,
    happenings,
    items,
    lasting,
    people,
    rounds,
    rules,
    snapshots,
    weapons,
    whole,
)
from apps.simulation.demofile.comparing.differences import Difference, few
from apps.simulation.demofile.comparing.recorded import Recorded
from apps.simulation.demofile.gameevents import UNWRITTEN
from apps.simulation.demofile.writer import FULL_PACKET_TICKS
from apps.simulation.truth.match import MatchTruth

__all__ = ["NOT_COMPARABLE", "Difference", "Reading", "compare"]

# What of the truth awpy does not tell, and why. Everything else is compared.
NOT_COMPARABLE = {
    **UNWRITTEN,
    "seed": "no recording tells it",
    "header.pov_slot": "awpy does not tell who recorded; the header's client_name is compared",
    "participants.roster": "no field of the game; the rosters' names are compared by side",
    "participants.is_bot": "in the string table userinfo, which awpy does not show; a bot's Steam id 0 is compared",
    "participants.is_coach": "no field of the game that awpy shows",
    "ammunition.reserve": "m_pReserveAmmo is an array, and awpy reads no element of one; a magazine of −1 reads as 0",
    "fires.radius": "the game tells single flames in arrays, which awpy does not read",
    "rules.*": "before the first row of the table the recording has no rules; nothing is expected of it there",
    "rounds.number": "awpy counts for itself; its rounds are found by the tick of their decision",
    "rounds.not_counted": "why a stretch does not count is no field of the game; awpy's own rule is applied instead",
    "rounds.side_0": "told by the table rules, whose side_0 is compared at every tick",
    "rounds.score_0": "told by the table rules, whose score_0 is compared at every tick",
    "rounds.score_1": "told by the table rules, whose score_1 is compared at every tick",
    "rounds.winner_roster": "told by winner_side and the table rules, which are compared",
    "rounds.reason": "awpy has other words for the same numbers; reason_code is compared",
    "rounds.official_end_tick": "awpy ends a round when the next freeze time begins; the game's event is compared",
    "rounds.bomb_site": "told by the table plants, whose site is compared",
    "rounds.plan_t": "nobody says it aloud",
    "rounds.plan_ct": "nobody says it aloud",
    "bomb_exploded": "in awpy's events (compared), but not in its table bomb",
    "player_blind": "in awpy's events (compared); its table blinds has only flashes stronger by 0.05 s than the last",
    "stats": "awpy's sums over the other tables",
    "kills.is_trade, kills.victim_traded, *.hitgroup_name": "awpy works them out from columns that are compared",
    "damages.health_pre, damages.armor_pre": "awpy works them out from columns that are compared",
    "shots.inaccuracy, snapshots.is_reloading, snapshots.is_silent_reloading": "not in the truth, written as 0",
    "snapshots.is_blinded": "the truth has flash_duration instead, which is compared",
    "item_events (knives, the bomb, first pistols, bots)": "awpy guesses; the inventory is compared at every tick",
}


class Reading:
    """Everything awpy tells of a recording, read once (its own tables when they are first wanted)."""

    def __init__(self, path: Path) -> None:
        self.demo = awpy.Demo(path)
        self.players = people.read(self.demo)
        self.snapshots = self.demo.snapshots(every=1)
        self.weapons = weapons.weapons_in(self.demo)
        self.rules = rules.rules_in(self.demo)
        self.projectiles, self.fires = grenades.grenades_in(self.demo)

    def differences(self, truth: MatchTruth) -> list[Difference]:
        recorded, demo = Recorded(truth), self.demo
        arms = weapons.Weapons(recorded, self.weapons)
        return [
            *whole.of_header(recorded, demo),
            *whole.of_convars(recorded, demo),
            *whole.of_players(recorded, demo),
            *rules.of_rules(recorded, self.rules),
            *rounds.of_rounds(recorded, demo),
            *rounds.of_economy(recorded, demo, self.players),
            *people.differences(recorded, self.players, arms.weapon_of),
            *snapshots.differences(recorded, self.snapshots),
            *arms.differences(),
            *items.differences(recorded, demo, recorded.ticks[FULL_PACKET_TICKS - 1 :: FULL_PACKET_TICKS]),
            *grenades.of_projectiles(recorded, self.projectiles),
            *grenades.of_fires(recorded, self.fires),
            *lasting.differences(recorded, demo),
            *rules.of_plants(recorded, self.rules),
            *happenings.of_events(recorded, demo, grenades.entity_of(recorded, self.projectiles, self.fires)),
            *happenings.of_chat(recorded, demo),
            *encounters.differences(recorded, demo),
        ]


def compare(truth: MatchTruth, path: Path, most: int = 20) -> list[Difference]:
    """Everything in which the recording differs from the truth; empty where it does not.

    Discrete fields must be equal; positions may be 1/512 of a unit apart, view angles three quarters of a step of the
    20 bits they are written with. Of one field at most ``most`` differences are listed, and then how many more there
    are. What is not compared is in ``NOT_COMPARABLE``.

    Raises:
        OSError: there is no such file.
        awpy.InvalidDemoError: awpy does not take it for a recording.
    """
    return few(Reading(path).differences(truth), most)
