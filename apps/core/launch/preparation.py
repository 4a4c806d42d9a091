"""What has to be there before the processes start: tables, the first administrator, maps, a model to serve."""

import io
import os
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from apps.core.launch.problem import LaunchProblem
from apps.core.services import first_admin

Say = Callable[[str], None]


def migrate(say: Say) -> None:
    """Bring the tables up to date.

    Raises:
        LaunchProblem: the database does not answer.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        told = str(error).strip().splitlines()[0]
        raise LaunchProblem(f"The database does not answer: {told}. Check DATABASE_URL.") from error
    finally:
        connection.close()
    say(f"Database: {len(plan)} migrations applied." if plan else "Database: up to date.")


def administrator(say: Say) -> None:
    """Create the first administrator and show the password this one time."""
    made = first_admin.create_first_admin()
    if made is None:
        return
    name, password = made
    say("")
    say(f"  The first administrator is “{name}”, with the password: {password}")
    say("  It is shown only now, and holds until it is changed. Change it after signing in (click your name), or set a")
    say("  new one at any time with:")
    say(f"  ./chimera manage changepassword {name}")
    say("")


def own_maps(say: Say) -> None:
    """Draw the radar images of the simulation's maps into the home, where they are not there yet."""
    if "draw_maps" not in get_commands():
        return
    try:
        call_command("draw_maps", stdout=io.StringIO())
    except OSError as error:
        say(f"Maps: the images of our own could not be drawn, so their replays use the positions. {error}")


def embedded_model(folder: Path, say: Say) -> bool:
    """Whether there is a model for the embedded server; says so where there is none."""
    there = os.path.isfile(folder / "config.json")  # noqa: PTH113 - where a folder cannot be looked at, pathlib raises
    if not there:
        say(f"Model: there is none in {folder}, so no model server is started. Check EMBEDDED_MODEL_DIR.")
    return there


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else ""
