"""A small record of our own in the analyser's form: two on two, two rounds."""

import copy
from typing import Any

ANN, BEN, CAT, DAN = 76561198000000001, 76561198000000002, 76561198000000003, 76561198000000004
_NAMES = {ANN: ("Ann", "A"), BEN: ("Ben", "A"), CAT: ("Cat", "B"), DAN: ("Dan", "B")}


def _round(number: int, start: int, winner: int, reason: int, score: tuple[int, int]) -> dict[str, Any]:
    return {
        "number": number, "startTick": start, "freezeTimeEndTick": start + 640, "endTick": start + 3200,
        "endOfficiallyTick": start + 3648, "overtimeNumber": 0, "teamASide": 3, "teamBSide": 2,
        "teamAScore": score[0], "teamBScore": score[1], "winnerSide": winner, "endReason": reason,
    }  # fmt: skip


def _shot(tick: int, who: int, weapon: str, x: float, projectile: int = 0) -> dict[str, Any]:
    return {
        "tick": tick, "playerSteamId": who, "weaponName": weapon, "projectileId": projectile, "x": x, "y": 50.0,
        "z": 8.0, "yaw": 200.0, "pitch": -4.0,
    }  # fmt: skip


def _hit(tick: int, who: int, victim: int, before: int, after: int, armor: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    return {
        "tick": tick, "attackerSteamId": who, "victimSteamId": victim, "healthDamage": before - after,
        "armorDamage": armor[0] - armor[1], "victimHealth": before, "victimNewHealth": after, "victimArmor": armor[0],
        "victimNewArmor": armor[1], "hitgroup": 2, "weaponName": "AK-47",
    }  # fmt: skip


def _kill(tick: int, who: int, victim: int) -> dict[str, Any]:
    return {
        "tick": tick, "killerSteamId": who, "victimSteamId": victim, "assisterSteamId": 0, "weaponName": "AK-47",
        "killerX": 900.0, "killerY": 50.0, "killerZ": 8.0, "victimX": 1500.0, "victimY": 10.0, "victimZ": 8.0,
        "isHeadshot": True, "penetratedObjects": 0, "distance": 15.0,
    }  # fmt: skip


def _bomb(tick: int, key: str, who: int, x: float) -> dict[str, Any]:
    return {"tick": tick, key: who, "site": "B", "x": x, "y": 0.0, "z": 8.0}


RECORD: dict[str, Any] = {
    "mapName": "de_madeup",
    "serverName": "a server",
    "maxRounds": 24,
    "teamA": {"name": "Alphas"},
    "teamB": {"name": "Betas"},
    "players": {
        str(steamid): {"steamId": steamid, "name": name, "team": {"letter": letter}}
        for steamid, (name, letter) in _NAMES.items()
    },
    "rounds": [_round(1, 1000, 2, 9, (0, 1)), _round(2, 4648, 3, 7, (1, 1))],
    "kills": [_kill(2600, CAT, ANN), _kill(4200, CAT, BEN)],
    "damages": [
        _hit(2500, CAT, ANN, 100, 40, (100, 80)), _hit(2600, CAT, ANN, 40, 0, (80, 70)), _hit(4200, CAT, BEN, 100, 0),
    ],
    "shots": [
        _shot(2500, CAT, "AK-47", 880.0), _shot(2600, CAT, "AK-47", 900.0), _shot(4200, CAT, "AK-47", 900.0),
        _shot(2000, DAN, "Smoke Grenade", 300.0, 7),
    ],
    "smokesStart": [{"tick": 2200, "projectileId": 7, "x": 800.0, "y": 40.0, "z": 4.0}],
    "grenadeBounces": [{"tick": 2100, "projectileId": 7, "x": 600.0, "y": 45.0, "z": 4.0}],
    "grenadeProjectilesDestroy": [{"tick": 3500, "projectileId": 7, "x": 800.0, "y": 40.0, "z": 4.0}],
    "playersBuy": [
        {"tick": 1100, "playerSteamId": CAT, "weaponName": "AK-47", "hasRefunded": False},
        {"tick": 1200, "playerSteamId": ANN, "weaponName": "Kevlar Vest", "hasRefunded": False},
        {"tick": 1300, "playerSteamId": DAN, "weaponName": "Smoke Grenade", "hasRefunded": False},
        {"tick": 1300, "playerSteamId": BEN, "weaponName": "MP9", "hasRefunded": True},
    ],
    "playerEconomies": [
        {"roundNumber": 1, "steamId": CAT, "startMoney": 4000, "moneySpent": 2700, "equipmentValue": 2900},
        {"roundNumber": 1, "steamId": ANN, "startMoney": 800, "moneySpent": 650, "equipmentValue": 850},
        {"roundNumber": 1, "steamId": DAN, "startMoney": 800, "moneySpent": 300, "equipmentValue": 500},
        {"roundNumber": 1, "steamId": BEN, "startMoney": 3000, "moneySpent": 0, "equipmentValue": 200},
    ],
    "playersFlashed": [{"tick": 2550, "flashedSteamId": BEN, "flasherSteamId": DAN, "duration": 1.5}],
    "bombsPlanted": [_bomb(6000, "planterSteamId", CAT, 100.0)],
    "bombsDefuseStart": [_bomb(7200, "defuserSteamId", ANN, 110.0)],
    "bombsDefused": [_bomb(7848, "defuserSteamId", ANN, 110.0)],
    "chatMessages": [{"tick": 1500, "senderSteamId": BEN, "message": "glhf"}],
}  # fmt: skip


def record() -> dict[str, Any]:
    return copy.deepcopy(RECORD)
