"""One round after the other: sides, spawns, shopping, freeze time, the decision and what it pays."""

from dataclasses import dataclass

import numpy as np

from apps.simulation.match import bomb as bombs
from apps.simulation.match import spawning
from apps.simulation.match.economy import LossLadder, round_reward
from apps.simulation.match.ledger import Ledger, RoundRecord
from apps.simulation.match.live import play
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.plans import choose_ct, choose_t, share_out
from apps.simulation.match.purchases import shop, team_buy
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team


@dataclass
class Keeper:
    """``seed`` feeds one stream of random numbers per round, so that a round can be played again by itself."""

    seed: int
    options: MatchOptions
    world: World
    terrain: Terrain
    ledger: Ledger
    streams: int = 0

    def stream(self) -> None:
        """The next round's own random numbers."""
        self.streams += 1
        self.world.rng = np.random.default_rng([self.seed, self.streams])

    def sides(self) -> None:
        """Everybody on the side their roster plays next."""
        world = self.world
        for player in world.players:
            team = world.score.side(player.roster, self.options)
            old = player.side if world.tick else Team.UNASSIGNED
            if team != old:
                player.side = team
                world.log.set(world.tick, player.index, "team", int(team))
                world.log.event(
                    world.tick, "player_team", userid=player.slot, team=int(team), oldteam=int(old), disconnect=False,
                    silent=False, isbot=False,
                )  # fmt: skip

    def stand(self, ticks: int) -> None:
        """Time passes with everybody standing."""
        self.world.pose(self.world.tick)
        self.world.tick += ticks
        self.world.pose(self.world.tick - 1)

    def reset(self, money: int, statistics: bool) -> None:
        world = self.world
        for player in world.players:
            spawning.strip(world, player)
            world.put(player, "money", money)
            if statistics:
                for name in ("kills", "deaths", "assists", "score", "mvps"):
                    world.put(player, name, 0)
        world.score.ladders = [LossLadder(), LossLadder()]

    def begin(self) -> None:
        """Spawns, the bomb, shopping and freeze time."""
        world, score = self.world, self.world.score
        self.sides()
        spawning.new_round(world)
        if score.played == 0:
            world.log.event(world.tick, "begin_new_match")
        world.log.event(world.tick, "round_prestart")
        world.log.event(
            world.tick, "round_start", timelimit=int(self.options.round_s), fraglimit=0, objective="BOMB TARGET"
        )
        ts = world.side(Team.T)
        bombs.hand_out(world, ts[int(world.rng.integers(len(ts)))])
        self.ledger.money_start(world)
        half = self.options.max_rounds // 2
        pistol = score.played in (0, half)
        last = score.played in (half - 1, 2 * half - 1)
        for side in (Team.T, Team.CT):
            buy = team_buy(world, side, pistol, last)
            wits = sum(one.wits for one in world.side(side)) / 5
            world.round.plan[side] = choose_t(world, buy, wits) if side == Team.T else choose_ct(world, buy, wits)
            room = int(self.options.freeze_s * 64) - 300
            ticks = [world.tick + 16 + int(world.rng.integers(max(1, room - 16))) for _ in range(5)]
            shop(world, side, buy, sorted(ticks))
        pauses = [pause for pause in self.options.pauses if pause.round_number == score.played + 1]
        kind = pauses[0].kind if pauses else ""
        self.freeze(self.options.freeze_s, kind, sum(pause.seconds for pause in pauses))
        if score.played == 0:
            world.log.event(world.tick, "round_announce_match_start")

    def freeze(self, seconds: float, pause: str, pause_s: float) -> None:
        """Freeze time with an optional time-out in its middle; shopping has been written down already."""
        world, start = self.world, self.world.tick
        end = start + int((seconds + pause_s) * 64)
        world.round.freeze_end = end
        self.ledger.freeze(world, start, end, pause, int(pause_s * 64))
        while world.tick < end:
            world.pose(world.tick)
            for player in world.players:
                player.yaw += float(world.rng.normal(0.0, 6.0))
            world.tick = min(end, world.tick + 48)
        for player in world.players:
            world.log.set(end, player.index, "freeze_end_equipment_value", player.equipment)
        world.log.event(end, "round_freeze_end")
        if not world.round.knives_only:
            share_out(world, self.terrain)
            self.ledger.money_freeze_end(world)
        self.ledger.rules(world)

    def decided(self, not_counted: str) -> RoundRecord:
        """The round has been decided: score, money, statistics; then the seconds until the next one."""
        world, state = self.world, self.world.round
        if not state.end:
            bombs.decide(world, world.tick, Team.CT, "time_ran_out")
        winner = next(one.roster for one in world.players if one.side == state.winner)
        record = RoundRecord.finished(world, not_counted, winner)
        self.ledger.add(record)
        world.log.event(
            state.end, "round_end", winner=int(state.winner), reason=record.reason_code, message="", legacy=0,
            player_count=10, nomusic=0,
        )  # fmt: skip
        self.ledger.mvp(world)
        if not_counted == "":
            self._pay(state.winner)
        world.score.add(winner)
        self.ledger.rules(world, tick=state.end, over=True)
        play(world, self.terrain, max(world.tick, state.end + int(self.options.round_end_s * 64)))
        bombs.leave(world, world.tick)
        record.official_end_tick = world.tick
        world.log.event(world.tick, "round_officially_ended")
        return record

    def _pay(self, winner: Team) -> None:
        world, state = self.world, self.world.round
        planted = state.bomb is not None and bool(state.bomb.planted_at)
        for player in world.players:
            ladder = world.score.ladders[player.roster]
            reward = round_reward(player.side, winner, state.reason, ladder, planted, player.alive)
            world.money(player, reward, state.end)
