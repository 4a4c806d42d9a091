"""Everything that is no player, from the tables: weapons, grenades, smokes, fires, the bomb."""

import numpy as np
import polars as pl

from apps.simulation.demofile import handling, standing
from apps.simulation.demofile.players import Belongings
from apps.simulation.demofile.schema import PROJECTILES, WEAPONS
from apps.simulation.demofile.things import NOBODY, PAWNS, RULES, Things, Value, handle, origin
from apps.simulation.truth.match import MatchTruth

_GAME = "m_pGameRules"
_ITEM = "m_AttributeManager.m_Item.m_iItemDefinitionIndex"
_MODEL = "CBodyComponent.m_skeletonInstance.m_modelState.m_hModel"


class World:
    """Fills ``things``; afterwards ``belongings`` and the entities behind projectiles and fires are known."""

    def __init__(self, truth: MatchTruth) -> None:
        self.truth, self.things = truth, Things(len(truth.tracks.ticks))
        self.people = {one.slot: index for index, one in enumerate(truth.participants)}
        self.projectiles: dict[int, int] = {}
        self.infernos: dict[int, int] = {}
        standing.fixed(self.things, truth)
        standing.rules(self.things, truth)
        self.belongings = self._weapons()
        self._projectiles()
        self._fires()
        self._plants()

    def row(self, tick: int | None) -> int:
        """The first row not before ``tick``; behind the last one for None."""
        if tick is None:
            return self.things.rows
        return int(np.searchsorted(self.truth.tracks.ticks, tick))

    def entity_of(self, event: str, number: int) -> int:
        found = self.infernos if event.startswith("inferno") else self.projectiles
        return found.get(number, self.projectiles.get(number, 0))

    def _rows(self, name: str) -> list[dict[str, object]]:
        return self.truth.tables[name].to_dicts()

    def _pawn(self, slot: object) -> int:
        return PAWNS + int(slot) if slot in self.people else NOBODY  # type: ignore[call-overload]

    def _weapons(self) -> Belongings:
        truth, things = self.truth, self.things
        handles: dict[int, int] = {}
        homes: dict[int, tuple[int, str]] = {}
        changes: list[tuple[int, int, int, int]] = []  # row, order, id, new owner
        steamids = {one.slot: one.steamid for one in truth.participants}
        bombs: set[int] = set()
        carried: list[tuple[int, int, int]] = []  # row, bomb, new owner
        for one in self._rows("weapons"):
            number, owner = _whole(one["id"]), _whole(one["original_owner"])
            begin, end = self.row(one["from_tick"]), self.row(one["to_tick"])  # type: ignore[arg-type]
            if begin >= things.rows or end <= begin:
                continue
            index, serial = things.allocate(begin, end)
            class_name, definition = WEAPONS[str(one["item"])]
            xuid = steamids.get(owner, 0)
            handles[number], homes[number] = handle(index, serial), (index, class_name)
            if class_name == "CC4":
                bombs.add(number)
            things.create(begin, index, class_name, serial, {
                "CBodyComponent": True, _MODEL: _model(definition), "m_hOwnerEntity": NOBODY, _ITEM: definition,
                "m_iClip1": -1,
                "m_OriginalOwnerXuidLow": xuid & 0xFFFFFFFF, "m_OriginalOwnerXuidHigh": xuid >> 32,
                "m_bInReload": False, "m_bReloadVisuallyComplete": False, "m_iState": 0, "m_fLastShotTime": 0.0,
                **({"m_bStartedArming": False} if class_name == "CC4" else {}),
            })  # fmt: skip
            things.delete(end, index, class_name)
            changes.append((end, 0, number, -1))
        for order, one in enumerate(self._rows("holders")):
            number, owner = _whole(one["id"]), _whole(one["owner"])
            if number not in homes:
                continue
            row = self.row(one["tick"])  # type: ignore[arg-type]
            values: dict[str, Value] = {"m_hOwnerEntity": self._pawn(owner), "m_iState": int(owner >= 0)}
            if one["x"] is not None:
                values |= origin(_number(one["x"]), _number(one["y"]), _number(one["z"]))
            index, class_name = homes[number]
            things.update(row, index, class_name, values)
            changes.append((row, order + 1, number, owner))
            if number in bombs:
                carried.append((row, number, owner))
                things.update(row, RULES, "CCSGameRulesProxy", {f"{_GAME}.m_bBombDropped": owner < 0})
        for one in self._rows("ammunition"):
            if _whole(one["id"]) in homes:
                index, class_name = homes[_whole(one["id"])]
                things.update(self.row(one["tick"]), index, class_name, {  # type: ignore[arg-type]
                    "m_iClip1": _whole(one["clip"]), "m_pReserveAmmo.0": _whole(one["reserve"])
                })  # fmt: skip
        handling.shots(things, truth, homes)
        handling.planting(things, truth, homes, carried)
        return self._loadouts(changes, handles)

    def _loadouts(self, changes: list[tuple[int, int, int, int]], handles: dict[int, int]) -> Belongings:
        known: dict[tuple[int, ...], int] = {(): 0}
        loadout = np.zeros((self.things.rows, len(self.people)), np.int32)
        held: dict[int, list[int]] = {slot: [] for slot in self.people}
        owners: dict[int, int] = {}
        for row, _, number, owner in sorted(changes):
            before = owners.get(number, -1)
            owners[number] = owner
            if before != owner and before in held:
                held[before].remove(number)
                self._note(loadout, known, held, before, row, handles)
            if before != owner and owner in held:
                held[owner].append(number)
                self._note(loadout, known, held, owner, row, handles)
        return Belongings(loadout, list(known), handles)

    def _note(
        self, loadout: np.ndarray, known: dict[tuple[int, ...], int], held: dict[int, list[int]], slot: int, row: int,
        handles: dict[int, int],
    ) -> None:  # fmt: skip
        things = tuple(handles[number] for number in held[slot])
        loadout[row:, self.people[slot]] = known.setdefault(things, len(known))

    def _projectiles(self) -> None:
        flight = self.truth.tables["flight"].sort("id", "tick", maintain_order=True)
        ways = {key[0]: part for key, part in flight.group_by("id", maintain_order=True)}
        smokes = {one["id"]: one for one in self._rows("smokes")}
        for one in self._rows("projectiles"):
            number, class_name = _whole(one["id"]), PROJECTILES[str(one["kind"])]
            begin, end = self.row(one["from_tick"]), self.row(one["to_tick"])  # type: ignore[arg-type]
            smoke = smokes.get(one["id"])
            last = end if smoke is None else max(end, self.row(smoke["to_tick"]))  # type: ignore[arg-type]
            if begin >= self.things.rows or last <= begin:
                continue
            index, serial = self.things.allocate(begin, last)
            self.projectiles[number] = index
            pawn = self._pawn(one["thrower"])
            places = self._way(ways.get(one["id"]), begin, min(end, self.things.rows))
            values: dict[str, Value] = {
                _MODEL: _model(WEAPONS[str(one["kind"])][1]), "m_hOwnerEntity": pawn, "m_hThrower": pawn,
                "m_bIsIncGrenade": one["kind"] == "incgrenade",
                "m_nBounces": 0, "m_nSmokeEffectTickBegin": 0, "m_bDidSmokeEffect": False,
            }  # fmt: skip
            self.things.create(
                begin, index, class_name, serial, {**values, **(places[0] if places else origin(0, 0, 0))}
            )
            for step, change in enumerate(places[1:], 1):
                if change:
                    self.things.update(begin + step, index, class_name, change)
            if smoke is not None:
                row = self.row(smoke["from_tick"])  # type: ignore[arg-type]
                place = origin(_number(smoke["x"]), _number(smoke["y"]), _number(smoke["z"]))
                self.things.update(max(row, begin), index, class_name, {
                    **place, "m_bDidSmokeEffect": True, "m_nSmokeEffectTickBegin": _whole(smoke["from_tick"]),
                })  # fmt: skip
            self.things.delete(last, index, class_name)

    def _way(self, points: pl.DataFrame | None, begin: int, end: int) -> list[dict[str, Value]]:
        """Per row from ``begin`` on what changes of the place; straight between the points."""
        if points is None or end <= begin:
            return []
        ticks = self.truth.tracks.ticks[begin:end]
        known = points["tick"].to_numpy()
        axes = [
            np.interp(ticks, known, points[axis].to_numpy().astype(np.float64)).astype(np.float32).tolist()
            for axis in "xyz"
        ]
        changes: list[dict[str, Value]] = []
        last: dict[str, Value] = {}
        for place in zip(*axes, strict=True):
            now = origin(*place)
            changes.append({name: value for name, value in now.items() if last.get(name) != value})
            last = now
        return changes

    def _fires(self) -> None:
        for one in self._rows("fires"):
            begin, end = self.row(one["from_tick"]), self.row(one["to_tick"])  # type: ignore[arg-type]
            if begin >= self.things.rows or end <= begin:
                continue
            index, serial = self.things.allocate(begin, end)
            self.infernos[_whole(one["id"])] = index
            place = (_number(one["x"]), _number(one["y"]), _number(one["z"]))
            self.things.create(begin, index, "CInferno", serial, {
                **origin(*place), "m_firePositions.0": place, "m_bFireIsBurning.0": True,
                "m_hOwnerEntity": self._pawn(one["thrower"]), "m_fireCount": 1,
                "m_nFireEffectTickBegin": _whole(one["from_tick"]),
                "m_nFireLifetime": (_whole(one["to_tick"]) - _whole(one["from_tick"])) / 64.0,
            })  # fmt: skip
            self.things.delete(end, index, "CInferno")

    def _plants(self) -> None:
        """The planted bomb stays until the round after, and goes on ticking where the round ended otherwise."""
        timer = _seconds(self.truth.convars.get("mp_c4timer", ""), 40.0)
        starts = self.truth.tables["rounds"]["start_tick"].drop_nulls().to_list()
        for one in self._rows("plants"):
            begin = self.row(one["from_tick"])  # type: ignore[arg-type]
            over = self.row(one["to_tick"])  # type: ignore[arg-type]
            gone = self.row(min((tick for tick in starts if tick > _whole(one["from_tick"])), default=None))
            if begin >= self.things.rows or gone <= begin:
                continue
            index, serial = self.things.allocate(begin, gone)
            self.things.create(begin, index, "CPlantedC4", serial, {
                **origin(_number(one["x"]), _number(one["y"]), _number(one["z"])),
                "m_hOwnerEntity": self._pawn(one["planter"]), "m_bBombTicking": True,
                "m_nBombSite": int(one["site"] == "B"), "m_flC4Blow": _whole(one["from_tick"]) / 64.0 + timer,
                "m_bHasExploded": False, "m_bBeingDefused": False, "m_bBombDefused": False, "m_hBombDefuser": NOBODY,
            })  # fmt: skip
            for row, slot in handling.defusers(self.truth, begin, min(over, gone)):
                self.things.update(row, index, "CPlantedC4", {"m_hBombDefuser": self._pawn(slot)})
            if over < gone and one["outcome"] != "round_over":
                self.things.update(over, index, "CPlantedC4", {
                    "m_hBombDefuser": self._pawn(one["defuser"]), "m_bBombTicking": False,
                    "m_bHasExploded": one["outcome"] == "exploded", "m_bBombDefused": one["outcome"] == "defused",
                })  # fmt: skip
            self.things.delete(gone, index, "CPlantedC4")


def _model(definition: int) -> int:
    """A number for the model of an item; its projectile shares it."""
    return 0x9E3779B97F4A7C15 * definition & (1 << 49) - 1


def _whole(value: object) -> int:
    return 0 if value is None else int(value)  # type: ignore[call-overload]


def _number(value: object) -> float:
    return 0.0 if value is None else float(value)  # type: ignore[arg-type]


def _seconds(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if 0 < value < 1e6 else otherwise
