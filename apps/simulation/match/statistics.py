"""Whether simulated matches look like played ones: a table of figures over several truths."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from apps.simulation.truth.match import MatchTruth

Row = tuple[str, float]


def _counted(truth: MatchTruth) -> pl.DataFrame:
    return truth.tables["rounds"].filter((pl.col("number") > 0) & pl.col("end_tick").is_not_null())


def _within(truth: MatchTruth, rounds: pl.DataFrame, names: Sequence[str]) -> list[dict[str, object]]:
    """Events of those names between freeze end and official end of the counted rounds."""
    spans = list(zip(rounds["freeze_end_tick"], rounds["official_end_tick"], strict=True))
    return [
        {"name": event.name, "tick": event.tick, **event.fields}
        for event in truth.events
        if event.name in names and any(start <= event.tick < end for start, end in spans)
    ]


def statistics(truths: Sequence[MatchTruth]) -> list[Row]:
    """Named figures over all counted rounds of ``truths``; shares are between 0 and 1.

    Raises:
        ValueError: no truth holds a counted round.
    """
    rounds = [_counted(truth) for truth in truths]
    total = sum(table.height for table in rounds)
    if total == 0:
        raise ValueError("there is no counted round")
    whole = pl.concat(rounds)
    events = [
        event
        for truth, table in zip(truths, rounds, strict=True)
        for event in _within(truth, table, ("player_death", "weapon_fire", "player_blind", "player_hurt"))
    ]
    kills = [event for event in events if event["name"] == "player_death" and event["attacker"] != -1]
    grenades = [
        event
        for event in events
        if event["name"] == "weapon_fire"
        and str(event["weapon"]).endswith(("grenade", "flashbang", "molotov", "decoy"))
    ]
    shots = sum(1 for event in events if event["name"] == "weapon_fire") - len(grenades)
    hits = sum(1 for event in events if event["name"] == "player_hurt")
    length = (whole["end_tick"] - whole["freeze_end_tick"]).mean()
    reasons = Counter(whole["reason"])
    guns = [event for event in kills if event["weapon"] not in ("hegrenade", "inferno", "planted_c4")]
    rows: list[Row] = [
        ("matches", len(truths)),
        ("rounds a match", total / len(truths)),
        ("T wins", float((whole["winner_side"] == "T").mean() or 0.0)),  # type: ignore[arg-type]
        ("round length s", float(length or 0.0) / 64.0),  # type: ignore[arg-type]
        ("kills a round", len(kills) / total),
        ("plants a round", float((whole["bomb_site"] != "").mean() or 0.0)),  # type: ignore[arg-type]
        ("headshot share", sum(bool(event["headshot"]) for event in guns) / max(1, len(guns))),
        ("shots a kill", shots / max(1, len(kills))),
        ("hits a kill", hits / max(1, len(kills))),
        ("grenades a round", len(grenades) / total),
        ("blinded a round", sum(event["name"] == "player_blind" for event in events) / total),
        ("full buy beats eco", _full_beats_eco(truths, rounds)),
        *[(f"ends by {reason}", count / total) for reason, count in sorted(reasons.items())],
        *_plans(whole),
    ]
    return rows


def _full_beats_eco(truths: Sequence[MatchTruth], rounds: Sequence[pl.DataFrame]) -> float:
    """How often a side worth 20,000 beats one worth under 5,000 (awpy's limits of full and eco)."""
    won = met = 0
    for truth, table in zip(truths, rounds, strict=True):
        sides = {person.slot: person.roster for person in truth.participants}
        worth = (
            truth.tables["economy"]
            .with_columns(pl.col("slot").replace_strict(sides).alias("roster"))
            .group_by("number", "roster")
            .agg(pl.col("equipment_value").sum())
        )
        value = {(row[0], row[1]): row[2] for row in worth.iter_rows()}
        for number, winner in table.select("number", "winner_roster").iter_rows():
            for rich, poor in ((0, 1), (1, 0)):
                if value.get((number, rich), 0) >= 20_000 and value.get((number, poor), 99_999) < 5_000:
                    met += 1
                    won += winner == rich
    return won / met if met else float("nan")


def _plans(rounds: pl.DataFrame) -> list[Row]:
    table = rounds.group_by("plan_t").agg((pl.col("winner_side") == "T").mean().alias("won"), pl.len()).sort("plan_t")
    return [(f"T wins with {plan} ({count})", float(won)) for plan, won, count in table.iter_rows()]


def report(rows: Sequence[Row]) -> str:
    """The figures as lines of text."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value:8.3f}" for name, value in rows)
