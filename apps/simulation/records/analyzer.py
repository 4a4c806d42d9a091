"""Records of cs-demo-analyzer (its JSON export) → facts → a truth with complete tracks."""

from pathlib import Path

from apps.simulation.records import vocabulary
from apps.simulation.records.building import build
from apps.simulation.records.clouds import told_apart
from apps.simulation.records.facts import (
    Blind,
    Bomb,
    Buy,
    Chat,
    Damage,
    Economy,
    Facts,
    Grenade,
    Kill,
    Person,
    Round,
    Shot,
    Sighting,
)
from apps.simulation.records.problems import (
    Row,
    bad,
    flag,
    number,
    one_of,
    read_json,
    rows,
    spot,
    text,
    tick,
    whole,
)
from apps.simulation.records.viewer import replay_viewer
from apps.simulation.truth.match import MatchTruth, Team

MAX_ID = 2**64 - 1
_HURT = ("healthDamage", "armorDamage", "victimNewHealth", "victimArmor", "victimNewArmor", "hitgroup")
_BOMBS = {
    "bombsPlantStart": ("begin_plant", "defuserSteamId"),  # the analyser's own word for whoever plants
    "bombsPlanted": ("plant", "planterSteamId"),
    "bombsDefuseStart": ("begin_defuse", "defuserSteamId"),
    "bombsDefused": ("defuse", "defuserSteamId"),
    "bombsExploded": ("explode", "defuserSteamId"),
}


def replay_record(path: Path) -> MatchTruth:
    """A recorded match as a truth: every fact of the record, and plain inventions between them (see ``building``).

    ``path`` is cs-demo-analyzer's JSON, or a folder of cs2-demo-viewer.

    Raises:
        BadRecord: there is no such record, or it says what cannot be.
    """
    return replay_viewer(path) if path.is_dir() else build(facts_of(read_json(path)))


def facts_of(record: Row) -> Facts:
    """The facts of a record as read from JSON.

    Raises:
        BadRecord: something is missing, of the wrong type, or out of all bounds.
    """
    sides = [_team(record, name) for name in ("teamA", "teamB")]
    letters = ("A", "B")
    people, index = _people(record, letters)
    reader = _Reader(index)
    facts = Facts(
        map_name=text(record, "mapName"),
        server_name=text(record, "serverName", ""),
        rosters=(sides[0], sides[1]),
        people=people,
        rounds=_rounds(record),
        max_rounds=whole(record, "maxRounds", 2, 200, 24),
    )
    facts.kills = [reader.kill(row) for row in rows(record, "kills")]
    facts.damages = [reader.damage(row) for row in rows(record, "damages")]
    facts.shots = [reader.shot(row) for row in rows(record, "shots")]
    facts.buys = [reader.buy(row) for row in rows(record, "playersBuy")]
    facts.economies = [reader.economy(row) for row in rows(record, "playerEconomies")]
    facts.blinds = [reader.blind(row) for row in rows(record, "playersFlashed", required=False)]
    facts.bombs = [
        reader.bomb(row, what, who)
        for name, (what, who) in _BOMBS.items()
        for row in rows(record, name, required=False)
    ]
    facts.chats = [reader.chat(row) for row in rows(record, "chatMessages", required=False)]
    facts.grenades = reader.grenades(record)
    facts.sightings = reader.sightings
    return facts


def _team(record: Row, name: str) -> str:
    team = record.get(name)
    return text(team, "name") if isinstance(team, dict) else bad(f"The record has no {name!r}.")


def _people(record: Row, letters: tuple[str, str]) -> tuple[list[Person], dict[int, int]]:
    players = record.get("players")
    if not isinstance(players, dict) or not players or not all(isinstance(row, dict) for row in players.values()):
        bad("The record has no 'players'.")
    if len(players) > 60:
        bad(f"The record has {len(players)} players, more than a server seats.")
    people: list[Person] = []
    index: dict[int, int] = {}
    for row in players.values():
        steamid = whole(row, "steamId", 0, MAX_ID)
        team = row.get("team")
        letter = one_of(team, "letter", letters) if isinstance(team, dict) else bad("A player has no 'team'.")
        if steamid in index:
            bad(f"Two players have the steamid {steamid}.")
        index[steamid] = len(people)
        people.append(Person(text(row, "name"), steamid, letters.index(letter)))
    return people, index


def _rounds(record: Row) -> list[Round]:
    found: list[Round] = []
    score = (0, 0)
    for row in rows(record, "rounds"):
        side = Team(one_of(row, "teamASide", (2, 3)))
        found.append(
            Round(
                number=whole(row, "number", 1, 500),
                start=tick(row, "startTick"),
                freeze_end=tick(row, "freezeTimeEndTick"),
                end=tick(row, "endTick"),
                official=tick(row, "endOfficiallyTick"),
                side_0=side,
                winner=Team(one_of(row, "winnerSide", (2, 3))),
                reason=whole(row, "endReason", 0, 30),
                score=score,
                overtime=whole(row, "overtimeNumber", 0, 100, 0),
            )
        )
        score = (whole(row, "teamAScore", 0, 500), whole(row, "teamBScore", 0, 500))
    return found


class _Reader:
    """Rows of the record → facts; keeps what they say about where people are."""

    def __init__(self, index: dict[int, int]) -> None:
        self.index = index
        self.sightings: list[Sighting] = []

    def who(self, row: Row, name: str) -> int:
        """0 and whoever is not among the players is nobody."""
        return self.index.get(whole(row, name, 0, MAX_ID, 0), -1)

    def see(self, who: int, at: int, where: tuple[float, float, float], row: Row | None = None) -> None:
        if who < 0 or where == (0.0, 0.0, 0.0):
            return
        yaw = pitch = None
        if row is not None:
            yaw, pitch = number(row, "yaw", -720, 720), number(row, "pitch", -720, 720)
            yaw, pitch = (yaw + 180.0) % 360.0 - 180.0, max(-89.0, min(89.0, (pitch + 180.0) % 360.0 - 180.0))
        self.sightings.append(Sighting(who, at, *where, yaw, pitch))

    def kill(self, row: Row) -> Kill:
        at = tick(row)
        killer, victim = self.who(row, "killerSteamId"), self.who(row, "victimSteamId")
        assister = self.who(row, "assisterSteamId")
        if victim < 0:
            bad(f"At tick {at} somebody is killed who is not among the players.")
        for who, name in ((killer, "killer"), (victim, "victim"), (assister, "assister")):
            if who >= 0:
                self.see(who, at, spot(row, (f"{name}X", f"{name}Y", f"{name}Z")))
        return Kill(
            at, killer, victim, assister, vocabulary.harm(text(row, "weaponName")), flag(row, "isHeadshot"),
            whole(row, "penetratedObjects", 0, 100, 0), flag(row, "isNoScope"), flag(row, "isThroughSmoke"),
            flag(row, "is_killer_blinded"), flag(row, "isAssistedFlash"), number(row, "distance", 0, 1e5, 0.0),
        )  # fmt: skip

    def damage(self, row: Row) -> Damage:
        at, victim = tick(row), self.who(row, "victimSteamId")
        if victim < 0:
            bad(f"At tick {at} somebody is hurt who is not among the players.")
        values = (whole(row, name, 0, 1000) for name in _HURT)
        health, armor, health_after, armor_before, armor_after, hitgroup = values
        weapon = vocabulary.harm(text(row, "weaponName"))
        attacker = self.who(row, "attackerSteamId")
        return Damage(at, attacker, victim, weapon, health, armor, health_after, armor_before, armor_after, hitgroup)

    def shot(self, row: Row) -> Shot:
        at, who = tick(row), self.who(row, "playerSteamId")
        if who < 0:
            bad(f"At tick {at} somebody shoots who is not among the players.")
        self.see(who, at, spot(row), row)
        return Shot(at, who, vocabulary.item(text(row, "weaponName")), whole(row, "projectileId", 0, MAX_ID, 0))

    def buy(self, row: Row) -> Buy:
        at, who = tick(row), self.who(row, "playerSteamId")
        if who < 0:
            bad(f"At tick {at} somebody buys who is not among the players.")
        return Buy(at, who, vocabulary.item(text(row, "weaponName")), flag(row, "hasRefunded"))

    def economy(self, row: Row) -> Economy:
        who = self.who(row, "steamId")
        if who < 0:
            bad("The economy names somebody who is not among the players.")
        start, spent, value = (whole(row, name, 0, 65_535) for name in ("startMoney", "moneySpent", "equipmentValue"))
        return Economy(whole(row, "roundNumber", 1, 500), who, start, spent, value)

    def blind(self, row: Row) -> Blind:
        who = self.who(row, "flashedSteamId")
        if who < 0:
            bad("Somebody is flashed who is not among the players.")
        return Blind(tick(row), who, self.who(row, "flasherSteamId"), number(row, "duration", 0, 60))

    def bomb(self, row: Row, what: str, who_name: str) -> Bomb:
        who, where = self.who(row, who_name), spot(row)
        if what != "explode":
            self.see(who, tick(row), where)
        return Bomb(what, tick(row), who, one_of(row, "site", ("A", "B", ""), ""), *where)

    def chat(self, row: Row) -> Chat:
        return Chat(tick(row), self.who(row, "senderSteamId"), text(row, "message"))

    def grenades(self, record: Row) -> list[Grenade]:
        """Ways from the hand over the bounces to where it went off, joined by the analyser's projectile ids."""
        thrown: dict[int, Grenade] = {}
        for row in rows(record, "shots"):
            id_, kind = whole(row, "projectileId", 0, MAX_ID, 0), vocabulary.item(text(row, "weaponName"))
            if id_ and kind in vocabulary.GRENADES and id_ not in thrown:
                x, y, z = spot(row)
                thrown[id_] = Grenade(kind, self.who(row, "playerSteamId"), [(tick(row), x, y, z + 64.0)])
        for name in ("grenadeBounces", "smokesStart", "decoysStart", "heGrenadesExplode", "flashbangsExplode"):
            found = rows(record, name, required=False)
            for row in told_apart(found, thrown) if name == "smokesStart" else found:
                self._fly(thrown, row, goes_off=name != "grenadeBounces")
        for row in rows(record, "grenadeProjectilesDestroy", required=False):
            self._fly(thrown, row, goes_off=True)
            grenade = thrown.get(whole(row, "projectileId", 0, MAX_ID, 0))
            if grenade is not None and grenade.gone is None:
                grenade.gone = tick(row)
        return list(thrown.values())

    def _fly(self, thrown: dict[int, Grenade], row: Row, goes_off: bool) -> None:
        grenade = thrown.get(whole(row, "projectileId", 0, MAX_ID, 0))
        if grenade is None or grenade.off is not None:
            return  # told twice (flashbangs are), or a projectile whose throw was not recorded
        at = tick(row)
        if at > grenade.way[-1][0]:
            grenade.way.append((at, *spot(row)))
        if goes_off:
            grenade.off = max(at, grenade.way[0][0] + 1)
