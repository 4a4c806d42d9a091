"""The files of a work folder: each is whole or not there, whenever the process is killed."""

import errno
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from apps.demos.parsing.match.account import Account, TeamRow
from apps.demos.parsing.match.evidence import Evidence
from apps.demos.parsing.match.rounds import RoundRow
from apps.demos.parsing.match.settings import bomb_s
from apps.demos.parsing.reading import events, states


def write_json(path: Path, content: Any) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(content))
    part.replace(path)


def read_json(path: Path) -> Any:
    """The content of a file, None where it is not there."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None


def write_table(folder: Path, name: str, table: pl.DataFrame) -> None:
    """``<folder>/<name>.parquet``; the fastest compression is three quarters as good as the best."""
    part = folder / f".{name}.part"
    table.write_parquet(part, compression="zstd", compression_level=1, statistics=True)
    part.replace(folder / f"{name}.parquet")


def read_table(folder: Path, name: str) -> pl.DataFrame | None:
    path = folder / f"{name}.parquet"
    return pl.read_parquet(path) if path.exists() else None


def account_json(account: Account) -> dict[str, Any]:
    return {
        "rounds": [asdict(row) for row in account.rounds],
        "teams": [asdict(row) for row in account.teams],
        "rosters": {str(slot): roster for slot, roster in account.rosters.items()},
        "warnings": account.warnings,
    }


def read_account(known: Mapping[str, Any], folder: Path) -> Account:
    rules = read_table(folder, "rules")
    assert rules is not None
    return Account(
        [RoundRow(**row) for row in known["rounds"]],
        rules,
        [TeamRow(**row) for row in known["teams"]],
        {int(slot): roster for slot, roster in known["rosters"].items()},
        list(known["warnings"]),
    )


def write_packs(folder: Path, evidence: Evidence, account: Account, *, meshes: str) -> list[str]:
    """The packs of all stretches and the ground below ``folder``; returns what went wrong.

    A pack that is missing is built when somebody asks for it.
    """
    from apps.demos.parsing.viewing import pack, pack_ground

    def ground() -> None:
        pack_ground.write(
            folder,
            evidence.states,
            evidence.tables,
            map_name=evidence.map_name,
            bomb_s=bomb_s(evidence.convars),
            meshes=Path(meshes) if meshes else None,
        )

    def stretch(row: RoundRow) -> None:
        pack.write(folder, row, evidence.states, account.rules, evidence.tables, tick_rate=evidence.tick_rate)

    problems = []
    with ThreadPoolExecutor(2) as pool:  # compressing and polars let other threads work
        under_way = {"ground": pool.submit(ground)}
        under_way |= {f"pack {row.ordinal}": pool.submit(stretch, row) for row in account.rounds}
        for name, task in under_way.items():
            error = task.exception()
            if isinstance(error, Exception):
                raise_if_full(error)
                problems.append(f"{name}: {type(error).__name__}: {error}")
            elif error is not None:
                raise error
    return problems


def read_tables(folder: Path) -> tuple[pl.DataFrame, dict[str, pl.DataFrame | None]]:
    """Player states and event tables as they were written."""
    found = read_table(folder, "player_states")
    return states.empty() if found is None else found, {name: read_table(folder, name) for name in events.TABLES}


def raise_if_full(error: BaseException) -> None:
    """A full disk is not the recording's fault: no dataset is lost by it, the whole import waits for room."""
    words = str(error)
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "No space left" in words or "File too large" in words:
        raise error
