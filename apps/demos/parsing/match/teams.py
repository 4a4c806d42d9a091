"""Who plays together: two rosters, followed over the changes of sides by the people in them."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from apps.demos.parsing.match.moments import Moment
from apps.demos.parsing.match.stretches import Stretch

OTHER = {"CT": "T", "T": "CT"}


def sides(states: pl.DataFrame, stretches: Sequence[Stretch]) -> list[dict[int, str]]:
    """Per stretch: the side on which every slot was most of the time; who never lives in the recording is left out.

    Coaches stand on a side and never live.
    """
    if not stretches or states.is_empty():
        return [{} for _ in stretches]
    live = states.group_by("slot").agg(pl.col("health").max()).filter(pl.col("health") > 0)["slot"]
    starts = pl.DataFrame(
        {"tick": [one.start for one in stretches], "_last": [one.last for one in stretches]},
        schema={"tick": pl.Int32, "_last": pl.Int32},
    ).with_row_index("_at")
    counted = (
        states.select("tick", "slot", "side")
        .filter(pl.col("side").is_not_null(), pl.col("slot").is_in(live.implode()))
        .sort("tick")
        .join_asof(starts, on="tick", strategy="backward")
        .filter(pl.col("tick") <= pl.col("_last"))
        .group_by("_at", "slot", "side")
        .len()
        .sort("len", "side")
    )
    found: list[dict[int, str]] = [{} for _ in stretches]
    for at, slot, side in counted.select("_at", "slot", "side").iter_rows():
        found[at][int(slot)] = side  # the longest comes last
    return found


def rosters(sides_of: Sequence[dict[int, str]]) -> tuple[list[int], dict[int, int]]:
    """Which roster plays counter-terrorist in each stretch, and everybody's roster.

    Roster 0 is counter-terrorist in the first stretch. From one stretch to the next the majority of those known decides
    whether sides were changed; whoever comes later belongs to those whose side they take.
    """
    ct: list[int] = []
    known: dict[int, int] = {}
    for now in sides_of:
        votes = Counter(known[slot] if side == "CT" else 1 - known[slot] for slot, side in now.items() if slot in known)
        before = ct[-1] if ct else 0
        ct.append(before if votes[0] == votes[1] else int(votes[1] > votes[0]))
        for slot, side in now.items():
            known.setdefault(slot, ct[-1] if side == "CT" else 1 - ct[-1])
    played: dict[int, Counter[int]] = {}
    for now, roster in zip(sides_of, ct, strict=True):
        for slot, side in now.items():
            played.setdefault(slot, Counter())[roster if side == "CT" else 1 - roster] += 1
    return ct, {slot: known[slot] if len(set(seen.values())) == 1 < len(seen) else seen.most_common(1)[0][0]
                for slot, seen in sorted(played.items())}  # fmt: skip


def clan_names(
    moments: Sequence[Moment],
    stretches: Sequence[Stretch],
    ct: Sequence[int],
    players: pl.DataFrame | None,
    states: pl.DataFrame,
    people: dict[int, int],
) -> tuple[str, str]:
    """The teams' names by roster: what the team entities say at the keyframes, else awpy's roster of its people."""
    votes: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for one, roster in zip(stretches, ct, strict=True):
        for moment in moments:
            if one.start <= moment.tick <= (one.decided or one.last):
                votes[roster][moment.clan_ct] += 1
                votes[1 - roster][moment.clan_t] += 1
    for vote in votes:
        vote.pop("", None)
    if not any(votes) and players is not None and {"steamid", "name", "team_clan_name"} <= set(players.columns):
        slots = states.select("slot", "steamid", "name").unique()
        keyed = {(int(steamid or 0), name): int(slot) for slot, steamid, name in slots.iter_rows()}
        for steamid, name, clan in players.select("steamid", "name", "team_clan_name").iter_rows():
            slot = keyed.get((int(steamid or 0), name))
            if clan and slot in people:
                votes[people[slot]][str(clan).strip()[:150]] += 1
    first, second = (max(vote, key=lambda name: (vote[name], name)) if vote else "" for vote in votes)
    return (first, "") if first == second else (first, second)
