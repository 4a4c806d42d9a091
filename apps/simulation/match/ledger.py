"""The referee's books: rows of rules, rounds and economy, which may still be voided later."""

from dataclasses import dataclass, field

from apps.simulation.match.options import MatchOptions
from apps.simulation.match.rules import REASONS
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team


@dataclass
class RoundRecord:
    """A row of the table ``rounds``; ``played`` is how many counted rounds there were before it."""

    played: int
    not_counted: str
    start_tick: int
    freeze_end_tick: int
    side_0: Team
    score: tuple[int, int]
    plan_t: str
    plan_ct: str
    end_tick: int | None = None
    official_end_tick: int | None = None
    winner: Team = Team.UNASSIGNED
    winner_roster: int = -1
    reason: str = ""
    reason_code: int = 0
    site: str = ""
    economy: list[list[int]] = field(default_factory=list)  # slot, start, freeze end, equipment, spent

    @classmethod
    def begun(
        cls, world: World, start: int, freeze_end: int, not_counted: str, official: int | None = None
    ) -> "RoundRecord":
        """A stretch without a decision."""
        state = world.round
        return cls(
            world.score.played,
            not_counted,
            start,
            freeze_end,
            world.score.side(0, world.options),
            (world.score.won[0], world.score.won[1]),
            state.plan.get(Team.T, ""),
            state.plan.get(Team.CT, ""),
            official_end_tick=official,
            site=state.bomb.site if state.bomb is not None and state.bomb.planted_at else "",
        )

    @classmethod
    def finished(cls, world: World, not_counted: str, winner_roster: int) -> "RoundRecord":
        state = world.round
        record = cls.begun(world, state.start, state.freeze_end, not_counted)
        record.end_tick, record.winner, record.winner_roster = state.end, state.winner, winner_roster
        record.reason, record.reason_code = state.reason, REASONS[state.reason]
        return record


class Ledger:
    def __init__(self, options: MatchOptions) -> None:
        self.options = options
        self.records: list[RoundRecord] = []
        self.surrendered = False
        self._economy: list[list[int]] = []

    def add(self, record: RoundRecord) -> None:
        record.economy = self._economy if record.not_counted == "" else []
        self._economy = []
        self.records.append(record)

    def void(self, why: str, after: int = 0) -> None:
        """Counted rounds beyond the first ``after`` no longer count."""
        for record in self.records:
            if record.not_counted == "" and record.played >= after:
                record.not_counted = why

    def money_start(self, world: World) -> None:
        self._economy = [[player.slot, player.money, 0, 0, 0] for player in world.players]

    def money_freeze_end(self, world: World) -> None:
        for row, player in zip(self._economy, world.players, strict=True):
            row[2:] = [player.money, player.equipment, player.spent]

    def mvp(self, world: World) -> None:
        """The planter of an exploded bomb, the defuser, else who did most damage on the winning side."""
        state = world.round
        if state.knives_only:
            return
        people = [player for player in world.players if player.side == state.winner]
        best = max(people, key=lambda player: (state.damage.get(player.index, 0), -player.index))
        reason = 1
        if state.reason == "bomb_exploded" and state.bomb is not None:
            best, reason = world.players[state.bomb.planter], 2
        elif state.reason == "bomb_defused":
            rows = world.log.rows["plants"]
            best, reason = next(one for one in people if one.slot == rows[-1][4]), 3
        world.put(best, "mvps", best.mvps + 1, state.end)
        world.log.event(state.end, "round_mvp", userid=best.slot, reason=reason, value=0)

    def rules(
        self,
        world: World,
        tick: int | None = None,
        warmup: bool = False,
        freeze: bool = False,
        over: bool = False,
        phase: int | None = None,
        paused: bool = False,
        timeout: str = "",
        starts: int | None = None,
    ) -> None:
        """One row with the whole state from ``tick`` on; ``starts`` is the tick at which the clock starts."""
        score, state = world.score, world.round
        decided = bool(state.end) and (over or phase is not None)
        bomb = state.bomb
        overtime = score.overtime(self.options, over=over or phase is not None)
        world.log.row(
            "rules",
            world.tick if tick is None else tick,
            warmup,
            freeze,
            score.played,
            int(state.winner) if decided else 0,
            REASONS[state.reason] if decided else 0,
            phase if phase is not None else 3 if score.second_half(self.options, over=over) else 2,
            bomb is not None and bomb.planted and not over,
            score.won[0],
            score.won[1],
            int(self._side(world)),
            (state.freeze_end if starts is None else starts) / 64.0,
            int(self.options.round_s),
            paused,
            timeout,
            overtime,
        )

    def _side(self, world: World) -> Team:
        """What roster 0 plays now: people change sides only when the next round begins."""
        return next(player.side for player in world.players if player.roster == 0)

    def freeze(self, world: World, start: int, end: int, pause: str, pause_ticks: int) -> None:
        """The rows of freeze time; while a time-out lasts, the clock's start moves along."""
        if not pause:
            self.rules(world, tick=start, freeze=True, starts=end)
            return
        planned = end - pause_ticks
        self.rules(world, tick=start, freeze=True, starts=planned)
        began = start + (planned - start) // 2
        for tick in range(began, began + pause_ticks, 8):
            self.rules(world, tick=tick, freeze=True, starts=planned + tick - began, paused=True, timeout=pause)
        self.rules(world, tick=began + pause_ticks, freeze=True, starts=end)

    def write(self, world: World) -> None:
        """The tables ``rounds`` and ``economy``."""
        for record in self.records:
            number = record.played + 1 if record.not_counted == "" else 0
            world.log.row(
                "rounds",
                number,
                record.not_counted,
                record.start_tick,
                record.freeze_end_tick,
                record.end_tick,
                record.official_end_tick,
                {Team.T: "T", Team.CT: "CT"}.get(record.winner, ""),
                record.winner_roster,
                record.reason,
                record.reason_code,
                int(record.side_0),
                record.score[0],
                record.score[1],
                record.site,
                record.plan_t,
                record.plan_ct,
            )
            for row in record.economy:
                world.log.row("economy", number, *row)
