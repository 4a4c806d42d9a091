"""The simulated client, playing the handmade match whatever file it is told to play: needs no recording.

python -m tests.integration.captures.handmade_client --netconport 0 --game-dir D [--fault NAME]…
"""

import argparse
import asyncio
from functools import cache

from apps.simulation import client
from apps.simulation.recording import Moment, PlayerState, Recording, Rules, from_moments
from tests.unit.captures.handmade import LAST, SLOTS, player_row, rules_row


@cache
def match() -> Recording:
    return from_moments([_moment(tick) for tick in range(0, LAST + 1)], map_name="de_test")


def _moment(tick: int) -> Moment:
    rows = (player_row(tick, slot) for slot in SLOTS)
    players = {row["slot"]: _player(row) for row in rows}
    rules = rules_row(tick)
    return Moment(tick, players, Rules(rules["phase"], rules["clock_s"], rules["score_ct"], rules["score_t"]))


def _player(row: dict[str, object]) -> PlayerState:
    names = {name: row[name] for name in PlayerState.__dataclass_fields__ if name in row}
    names["inventory"] = tuple(row["inventory"])  # type: ignore[arg-type]
    return PlayerState(**names, place=str(row["place_name"]))  # type: ignore[arg-type]


async def serve(options: client.Options) -> None:
    await client.Client(options, lambda path: match()).run()


if __name__ == "__main__":
    match()
    parser = argparse.ArgumentParser()
    client.add_arguments(parser)
    asyncio.run(serve(client.options_from(vars(parser.parse_args()))))
