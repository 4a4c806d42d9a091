"""What is there all the time: the world, the teams, the rules and who plays which side."""

import numpy as np

from apps.simulation.demofile.handling import middles
from apps.simulation.demofile.things import RESOURCE, RULES, TEAMS, WORLD, Things, Value
from apps.simulation.truth.match import MatchTruth, Team

_GAME = "m_pGameRules"
_AT_FIRST: dict[str, Value] = {
    **{f"{_GAME}.{name}": False for name in (
        "m_bMapHasRescueZone", "m_bFreezePeriod", "m_bWarmupPeriod", "m_bHasMatchStarted", "m_bBombDropped",
        "m_bBombPlanted",
    )},
    **{f"{_GAME}.{name}": 0 for name in (
        "m_nMatchAbortedEarlyReason", "m_iRoundTime", "m_gamePhase", "m_totalRoundsPlayed", "m_nOvertimePlaying",
        "m_iRoundWinStatus", "m_eRoundWinReason",
    )},
    f"{_GAME}.m_bMapHasBombTarget": True,
}  # fmt: skip


def fixed(things: Things, truth: MatchTruth) -> None:
    """The world, the teams and the rules, before anything is known of them."""
    things.create(0, WORLD, "CWorld", 0, {"m_iTeamNum": 0})
    things.create(0, RESOURCE, "CCSPlayerResource", 0, {
        "m_bHostageAlive.0": False,
        **{f"m_bombsiteCenter{site}": place for site, place in middles(truth).items()},
    })  # fmt: skip
    for team in Team:
        names = {Team.T: "TERRORIST", Team.CT: "CT", Team.SPECTATOR: "Spectator"}
        things.create(
            0, TEAMS + team, "CCSTeam", 0,
            {"m_iTeamNum": int(team), "m_iScore": 0, "m_szTeamname": names.get(team, "Unassigned"),
             "m_szClanTeamname": ""},
        )  # fmt: skip
    things.create(0, RULES, "CCSGameRulesProxy", 0, {_GAME: True, **_AT_FIRST})


def rules(things: Things, truth: MatchTruth) -> None:
    """What the rules' and the teams' entities say from every row of the table on."""
    last: dict[int, dict[str, Value]] = {}
    for state in truth.tables["rules"].iter_rows(named=True):
        row = int(np.searchsorted(truth.tracks.ticks, state["tick"]))
        timeout = state["timeout"]
        changes: dict[int, tuple[str, dict[str, Value]]] = {
            RULES: ("CCSGameRulesProxy", {
                f"{_GAME}.{name}": value for name, value in {
                    "m_bFreezePeriod": bool(state["freeze"]), "m_bWarmupPeriod": bool(state["warmup"]),
                    "m_fWarmupPeriodEnd": float(state["round_start_s"]) if state["warmup"] else 0.0,
                    "m_bTerroristTimeOutActive": timeout == "t", "m_bCTTimeOutActive": timeout == "ct",
                    "m_bTechnicalTimeOut": timeout == "technical",
                    "m_bMatchWaitingForResume": bool(state["paused"]),
                    "m_iRoundTime": int(state["round_time_s"]),
                    "m_fRoundStartTime": float(state["round_start_s"]),
                    "m_gamePhase": int(state["game_phase"]),
                    "m_totalRoundsPlayed": int(state["rounds_played"]),
                    "m_nOvertimePlaying": int(state["overtime"]),
                    "m_bHasMatchStarted": not state["warmup"],
                    "m_bBombPlanted": bool(state["bomb_planted"]),
                    "m_iRoundWinStatus": int(state["win_status"]),
                    "m_eRoundWinReason": int(state["win_reason"]),
                }.items()
            })
        }  # fmt: skip
        first = Team.T if state["side_0"] == Team.T else Team.CT
        other = Team.CT if first == Team.T else Team.T
        for roster, side in ((0, first), (1, other)):
            changes[TEAMS + side] = ("CCSTeam", {
                "m_iScore": int(state[f"score_{roster}"]),
                "m_szClanTeamname": truth.header.rosters[roster],
            })  # fmt: skip
        for entity, (class_name, values) in changes.items():
            known = last.setdefault(entity, {})
            new = {name: value for name, value in values.items() if known.get(name) != value}
            if new:
                things.update(row, entity, class_name, new)
            known.update(new)
