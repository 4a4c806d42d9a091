"""The players' two entities each: the controller (who) and the pawn (the body)."""

from dataclasses import dataclass

import numpy as np

from apps.simulation.demofile.bits import Token, uvarints
from apps.simulation.demofile.dense import Choice, Column, Crowd, angle_bits, angles, flags, floats, signed
from apps.simulation.demofile.fieldpaths import Path
from apps.simulation.demofile.handling import zones
from apps.simulation.demofile.sendtables import locate
from apps.simulation.demofile.things import NOBODY, PAWNS, WORLD, Value, tokens_of
from apps.simulation.truth.match import MatchTruth

_BODY = "CBodyComponent.m_skeletonInstance.m_vecOrigin."
CONTROLLER, PAWN = "CCSPlayerController", "CCSPlayerPawn"
# what the game also tells of everybody, the same for all of ours
_UNUSED: dict[str, Value] = {
    "m_bControllingBot": False, "m_hOriginalControllerOfCurrentPawn": NOBODY, "m_iCompTeammateColor": -1,
    "m_iCompetitiveRanking": 0, "m_iCompetitiveWins": 0, "m_iCompetitiveRankType": 0, "m_szCrosshairCodes": "",
}  # fmt: skip
_MONEY, _DEEDS = "m_pInGameMoneyServices", "m_pActionTrackingServices"
_WEAPONS, _ITEMS, _MOVES = "m_pWeaponServices", "m_pItemServices", "m_pMovementServices"


@dataclass
class Belongings:
    """What everybody carries: per row and player a place in ``loadouts``, and handles by weapon id."""

    loadout: np.ndarray
    loadouts: list[tuple[int, ...]]  # handles
    handles: dict[int, int]


class Bodies:
    """The pawns."""

    def __init__(self, truth: MatchTruth, belongings: Belongings) -> None:
        self.tracks, self.belongings = truth.tracks, belongings
        self.zones = zones(truth)
        known = sorted(belongings.handles)
        self.ids = np.array([*known, 2**62], np.int64)
        self.handles = np.array([*(belongings.handles[number] for number in known), NOBODY], np.int64)
        slots = np.array([one.slot for one in truth.participants], np.int64)
        self.crowd = Crowd(PAWN, PAWNS + slots, *_constants(PAWN, [_pawn_constants(int(slot)) for slot in slots]), [
            *(_column(PAWN, name, encode) for name, encode in _PAWN),
            _strings(PAWN, "m_szLastPlaceName", truth.places),
            _loadouts(belongings.loadouts),
        ])  # fmt: skip

    def values(self, rows: slice) -> list[np.ndarray]:
        """In the order of the crowd's fields."""
        track = {name: array[rows] for name, array in self.tracks.fields.items()}
        cells, inside = zip(*(_split(track[axis]) for axis in "xyz"), strict=True)
        return [
            *cells, *inside, angle_bits(track["pitch"], track["yaw"]),
            track["health"], np.where(track["health"] > 0, 0, 2).astype(np.uint8),
            track["on_ground"].astype(np.uint8) | ((track["duck"] > 0.5).astype(np.uint8) << 1),
            np.where(track["on_ground"], WORLD, NOBODY), track["team"], track["vx"], track["vy"], track["vz"],
            self._active(track["active"]),
            track["has_defuser"], track["has_helmet"], track["duck"], track["duck"] > 0.5,
            track["flash_duration"], np.where(track["flash_duration"] > 0, np.float32(255), np.float32(0)),
            track["in_buy_zone"], track["in_bomb_zone"], self.zones[rows], track["walking"], track["scoped"],
            track["defusing"], track["armor"], track["equipment_value"], track["round_start_equipment_value"],
            track["freeze_end_equipment_value"], track["place"], self.belongings.loadout[rows],
        ]  # fmt: skip

    def _active(self, ids: np.ndarray) -> np.ndarray:
        place = np.searchsorted(self.ids[:-1], ids)
        found: np.ndarray = np.where(self.ids[place] == ids, self.handles[place], NOBODY)
        return found


class Minds:
    """The controllers. Only the first one who is there counts the server's ticks."""

    def __init__(self, truth: MatchTruth) -> None:
        self.tracks = truth.tracks
        people: list[dict[str, Value]] = [
            {"m_hPawn": PAWNS + one.slot, "m_iConnected": 0, "m_iszPlayerName": one.name, "m_steamID": one.steamid,
             _MONEY: True, _DEEDS: True, "m_hPlayerPawn": PAWNS + one.slot, **_UNUSED}
            for one in truth.participants
        ]  # fmt: skip
        self.coaches = np.array([one.is_coach for one in truth.participants], np.bool_)
        slots = np.array([one.slot for one in truth.participants], np.int64)
        self.crowd = Crowd(CONTROLLER, slots + 1, *_constants(CONTROLLER, people), [
            *(_column(CONTROLLER, name, encode) for name, encode in _CONTROLLER),
            _clock(),
        ])  # fmt: skip

    def values(self, rows: slice) -> list[np.ndarray]:
        track = {name: array[rows] for name, array in self.tracks.fields.items()}
        return [track["team"], track["money"], track["cash_spent"], track["kills"], track["deaths"], track["assists"],
                track["health"] > 0, np.maximum(track["health"], 0), track["armor"], track["score"], track["mvps"],
                np.where(self.coaches, track["team"], 0)]  # fmt: skip


_PAWN = [
    *((f"{_BODY}m_cell{axis}", uvarints) for axis in "XYZ"),
    *((f"{_BODY}m_vec{axis}", floats) for axis in "XYZ"),
    ("m_angEyeAngles", angles),
    ("m_iHealth", signed),
    ("m_lifeState", uvarints),
    ("m_fFlags", uvarints),
    ("m_hGroundEntity", uvarints),
    ("m_iTeamNum", uvarints),
    *((f"m_vecVelocity.m_vec{axis}", floats) for axis in "XYZ"),
    (f"{_WEAPONS}.m_hActiveWeapon", uvarints),
    (f"{_ITEMS}.m_bHasDefuser", flags),
    (f"{_ITEMS}.m_bHasHelmet", flags),
    (f"{_MOVES}.m_flDuckAmount", floats),
    (f"{_MOVES}.m_bDucked", flags),
    ("m_flFlashDuration", floats),
    ("m_flFlashMaxAlpha", floats),
    ("m_bInBuyZone", flags),
    ("m_bInBombZone", flags),
    ("m_nWhichBombZone", signed),
    ("m_bIsWalking", flags),
    ("m_bIsScoped", flags),
    ("m_bIsDefusing", flags),
    ("m_ArmorValue", signed),
    ("m_unCurrentEquipmentValue", uvarints),
    ("m_unRoundStartEquipmentValue", uvarints),
    ("m_unFreezetimeEndEquipmentValue", uvarints),
]
_CONTROLLER = [
    ("m_iTeamNum", uvarints),
    (f"{_MONEY}.m_iAccount", signed),
    (f"{_MONEY}.m_iCashSpentThisRound", signed),
    (f"{_DEEDS}.m_iKills", signed),
    (f"{_DEEDS}.m_iDeaths", signed),
    (f"{_DEEDS}.m_iAssists", signed),
    ("m_bPawnIsAlive", flags),
    ("m_iPawnHealth", uvarints),
    ("m_iPawnArmor", signed),
    ("m_iScore", signed),
    ("m_iMVPs", signed),
    ("m_iCoachingTeam", signed),
]


def _clock() -> Column:
    return Column(locate(CONTROLLER, "m_nTickBase")[0], uvarints)


def _column(class_name: str, name: str, encode: object) -> Column:
    return Column(locate(class_name, name)[0], encode)  # type: ignore[arg-type]


def _pawn_constants(slot: int) -> dict[str, Value]:
    return {"CBodyComponent": True, _WEAPONS: True, _ITEMS: True, _MOVES: True, "m_hController": slot + 1,
            "m_hOriginalController": slot + 1}  # fmt: skip


def _constants(class_name: str, people: list[dict[str, Value]]) -> tuple[list[tuple[Path, ...]], list[list[Token]]]:
    paths = [tuple(locate(class_name, name)[0] for name in one) for one in people]
    tokens = [
        [token for name, value in one.items() for token in tokens_of(locate(class_name, name)[1], value)]
        for one in people
    ]
    return paths, tokens


def _strings(class_name: str, name: str, texts: list[str]) -> Choice:
    path, one = locate(class_name, name)
    return Choice([(path,)] * len(texts), [tokens_of(one, text) for text in texts])


def _loadouts(loadouts: list[tuple[int, ...]]) -> Choice:
    path, one = locate(PAWN, f"{_WEAPONS}.m_hMyWeapons")
    return Choice(
        [(path, *((*path, place) for place in range(len(handles)))) for handles in loadouts],
        [[token for value in (len(handles), *handles) for token in tokens_of(one, value)] for handles in loadouts],
    )


def _split(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cell of 512 units, and what is left inside it."""
    wide = np.nan_to_num(values.astype(np.float64)) + 16384.0  # nobody who is not there has to be anywhere
    cells = np.clip(np.floor(wide / 512.0), 0, 65535)
    return cells.astype(np.uint16), (wide - 512.0 * cells).astype(np.float32)
