"""Runs a match: warm-up, knife round, rounds, half-time, overtime, and whatever the options forge in between."""

import copy

import numpy as np

from apps.simulation.match import bomb as bombs
from apps.simulation.match import spawning
from apps.simulation.match.chronicle import Chronicle
from apps.simulation.match.keeper import Keeper
from apps.simulation.match.ledger import Ledger, RoundRecord
from apps.simulation.match.live import play
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.rules import Break, other
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import Persistent, World
from apps.simulation.truth.match import Team

FORCED_ATTEMPTS = 12


class Referee(Keeper):
    """Runs the whole match."""

    def match(self) -> int:
        """Play everything; the last tick of the recording."""
        self.opening()
        if self.options.warmup_s > 0:
            self.warm_up()
        if self.options.knife_round:
            self.knife_round()
        backups: dict[int, Persistent] = {}
        restarted = restored = False
        while True:
            backups[self.world.score.played] = copy.deepcopy(self.world.kept)
            if self.options.restore and self.world.score.played == self.options.restore.after and not restored:
                restored = True
                self.restore(backups[self.options.restore.to])
            if self.counted_round():
                return self.world.tick
            if self.world.score.played == self.options.restart_after and not restarted:
                restarted = True
                self.restart()
                continue
            then = self.world.score.then(self.options)
            if then is Break.END or self.ledger.surrendered:
                return self.closing()
            if then is not Break.NONE:
                self.change_over(then)

    def opening(self) -> None:
        world = self.world
        for player in world.players:
            world.log.set(0, player.index, "connected", True)
            world.log.event(
                0, "player_connect", userid=player.slot, name=player.name, networkid="", xuid=player.steamid, bot=False
            )
            world.log.event(0, "player_connect_full", userid=player.slot)
            world.put(player, "money", self.options.start_money)
        self.sides()
        self.stream()
        spawning.new_round(world, warmup=True)
        self.ledger.rules(world, warmup=True)
        self.stand(64)

    def warm_up(self) -> None:
        """Everybody has a rifle, the dead come back; nothing counts."""
        world, start = self.world, self.world.tick
        end = start + int(self.options.warmup_s * 64)
        spawning.new_round(world, warmup=True)
        world.round.freeze_end = start
        spawning.give_rifles(world)
        while world.tick < end:
            play(world, self.terrain, min(end, world.tick + 128))
            world.log.cut()
            for player in [one for one in world.players if not one.alive]:
                spawns = world.ground.layout.spawns_t if player.side == Team.T else world.ground.layout.spawns_ct
                spawning.spawn_one(world, player, spawns[player.index % 5])
            spawning.give_rifles(world)
        self.ledger.add(RoundRecord.begun(world, start, start, "warmup", official=world.tick))
        self.reset(self.options.start_money, statistics=False)

    def knife_round(self) -> None:
        """Knives decide who chooses the side; then the match restarts."""
        world = self.world
        self.stream()
        for player in world.players:
            spawning.strip(world, player)
            world.put(player, "money", 0)
        spawning.new_round(world, knives_only=True)
        for player in world.players:
            world.armour(player, 100, False)
        self.freeze(3.0, "", 0.0)
        play(world, self.terrain, world.tick + int(self.options.round_s * 64) + 64)
        record = self.decided("knife")
        winner = record.winner_roster
        chooses = max((one for one in world.players if one.roster == winner), key=lambda one: (one.wits, -one.index))
        switch = world.score.side(winner, self.options) == Team.T
        world.log.event(
            world.tick - 64, "chat", userid=chooses.slot, text=".switch" if switch else ".stay", team_only=False
        )
        if switch:
            world.score.first_side = other(world.score.first_side)
        self.restart()

    def restart(self) -> None:
        """mp_restartgame: score, money, weapons and statistics start again."""
        world = self.world
        world.log.event(world.tick, "cs_pre_restart")
        world.score.played, world.score.won = 0, [0, 0]
        self.ledger.void("restarted")
        self.reset(self.options.start_money, statistics=True)
        self.sides()

    def restore(self, backup: Persistent) -> None:
        """Load a backup: the round that would begin is broken off, and the match stands as it did."""
        self.stream()
        live = self.options.restore.live_s if self.options.restore else None
        self.begin()
        if live is not None:
            play(self.world, self.terrain, self.world.tick + int(live * 64))
        else:
            self.stand(64)
        world = self.world
        frozen = world.round.freeze_end
        record = RoundRecord.begun(world, world.round.start, frozen, "restored", official=world.tick)
        self.ledger.add(record)
        bombs.leave(world, world.tick)
        self.ledger.void("restored", after=backup.score.played)
        self.load(backup)

    def load(self, backup: Persistent) -> None:
        world = self.world
        for player, saved in zip(world.players, backup.players, strict=True):
            spawning.strip(world, player)
            for name in ("money", "kills", "deaths", "assists", "score", "mvps"):
                world.put(player, name, getattr(saved, name))
        world.kept.score = copy.deepcopy(backup.score)
        self.sides()
        for player, saved in zip(world.players, backup.players, strict=True):
            world.armour(player, saved.armor, saved.helmet)
            world.kit(player, saved.kit)
            for thing in saved.things:
                if thing.item != "c4":
                    world.make(world.tick, thing.item, player)

    def change_over(self, then: Break) -> None:
        """Half-time, or overtime begins: money and equipment start again, sides may change."""
        world = self.world
        world.log.event(world.tick, "announce_phase_end")
        self.ledger.rules(world, phase=4)
        self.stand(int(self.options.halftime_s * 64))
        money = self.options.start_money if then is Break.HALF else self.options.overtime_money
        self.reset(money, statistics=False)
        self.sides()

    def closing(self) -> int:
        world = self.world
        world.log.event(world.tick, "cs_win_panel_match")
        self.ledger.rules(world, phase=5)
        self.stand(320)
        return world.tick - 1

    def counted_round(self) -> bool:
        """Play one round; in a forced overtime until the right roster wins. True: the recording ends here."""
        wanted = self._must_win()
        if wanted is None:
            return self.round()
        world, streams = self.world, self.streams
        # The round before goes with it: what still smokes and burns of it ends when this one begins.
        mark, state, ids, start = world.log.mark(), copy.deepcopy((world.kept, world.round)), world.next_id, world.tick
        records = len(self.ledger.records)
        for attempt in range(FORCED_ATTEMPTS):
            if self.round(attempt):
                return True
            if self.ledger.records[-1].winner_roster == wanted:
                break
            if attempt + 1 < FORCED_ATTEMPTS:
                world.log.rewind(mark)
                world.kept, world.round = copy.deepcopy(state)
                world.next_id, world.tick = ids, start
                del self.ledger.records[records:]
                self.streams = streams + 1000 * (attempt + 1)
        return False

    def _must_win(self) -> int | None:
        """In a forced overtime: the roster that has to win now, once the other has its half of the rounds."""
        score, half = self.world.score, self.options.max_rounds // 2
        if not self.options.force_overtime or score.played >= self.options.max_rounds:
            return None
        return next((1 - roster for roster in (0, 1) if score.won[roster] == half), None)

    def round(self, lift: int = 0) -> bool:
        """One counted round; ``lift`` makes everybody's luck better for the trailing roster on repeated attempts."""
        self.stream()
        world, options = self.world, self.options
        number = world.score.played + 1
        self.begin()
        limit = world.tick + int((options.round_s + options.bomb_s) * 64) + 128
        if options.cut_in_round == number:
            play(world, self.terrain, world.tick + int(options.cut_after_s * 64))
            bombs.leave(world, world.tick)
            self.ledger.add(RoundRecord.begun(world, world.round.start, world.round.freeze_end, "cut"))
            return True
        if options.surrender_after is not None and world.score.played >= options.surrender_after:
            self._surrender()
        else:
            play(world, self.terrain, limit)
        self.decided("")
        return False

    def _surrender(self) -> None:
        world = self.world
        play(world, self.terrain, world.tick + 8 * 64)
        won = world.score.won
        loser = 0 if won[0] < won[1] else 1
        side = world.score.side(loser, self.options)
        speaker = next(one for one in world.players if one.roster == loser)
        world.log.event(world.tick - 32, "chat", userid=speaker.slot, text=".gg", team_only=False)
        bombs.decide(world, world.tick, other(side), "t_surrender" if side == Team.T else "ct_surrender")
        self.ledger.surrendered = True


def referee(seed: int, options: MatchOptions, terrain: Terrain, chronicle: Chronicle, kept: Persistent) -> Referee:
    """A referee with an empty ledger."""
    world = World(options, terrain.ground, chronicle, kept, np.random.default_rng([seed, 0]))
    ledger = Ledger(options)
    world.planted = lambda tick: ledger.rules(world, tick=tick)
    return Referee(seed, options, world, terrain, ledger)
