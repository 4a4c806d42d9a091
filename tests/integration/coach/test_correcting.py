"""A field corrected, decided, and handed on to training; ratings and sharing."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.coach import selectors
from apps.coach.models import Analysis, Correction
from apps.coach.services import asking, correcting, judging
from apps.coach.services.correcting import CorrectionRefused, correct
from apps.core import storage

pytestmark = pytest.mark.django_db
HEALTH = "game_state.player_health"


@pytest.fixture
def row(upload: Callable[..., str]) -> Analysis:
    return Analysis.objects.get(pk=upload())


def test_an_accepted_correction_is_what_training_sees(row: Analysis, make_user: Callable[..., Any]) -> None:
    reviewer, other = make_user("reviewer"), make_user("reviewer", "another")
    correct(analysis=row, by=row.user, field=HEALTH, value=17)
    again = correct(analysis=row, by=row.user, field=HEALTH, value=71)
    wrong = correct(analysis=row, by=row.user, field="game_state.map_name", value="de_nuke")
    assert [one.value for one in selectors.open_corrections()] == [71, "de_nuke"]
    assert correcting.decide(again.pk, by=reviewer, accept=True)
    assert not correcting.decide(again.pk, by=other, accept=False)
    assert correcting.decide(wrong.pk, by=reviewer, accept=False)
    (frame,) = selectors.accepted_frames()
    assert (frame.image, frame.values, frame.said) == (row.image, {"player_health": 71}, {})
    with pytest.raises(CorrectionRefused, match="already decided"):
        correct(analysis=row, by=row.user, field=HEALTH, value=1)
    assert not correcting.reopen(again.pk, by=other)
    assert correcting.reopen(again.pk, by=reviewer)
    assert not list(selectors.accepted_frames())


def test_accepted_corrections_are_written_out_with_their_frames(
    row: Analysis, upload: Callable[..., str], make_user: Callable[..., Any], tmp_path: Path
) -> None:
    state = {"player_health": 100, "player_side": "CT", "map_name": "de_nuke"}
    Analysis.objects.filter(pk=row.pk).update(answer={"game_state": state}, model_name="tiny", context="Round 3")
    for field, value in (("player_health", 71), ("player_side", None)):
        made = correct(analysis=row, by=row.user, field=f"game_state.{field}", value=value)
        correcting.decide(made.pk, by=make_user("reviewer", field), accept=True)
    correct(analysis=row, by=row.user, field="game_state.map_name", value="de_dust2")  # nobody decided on it
    gone = Analysis.objects.get(pk=upload())
    correcting.decide(
        correct(analysis=gone, by=gone.user, field=HEALTH, value=1).pk, by=make_user("reviewer"), accept=True
    )
    gone.frames.update(image="")
    call_command("export_corrections", tmp_path / "out", stdout=io.StringIO())
    (line,) = (tmp_path / "out/corrections.jsonl").read_text().splitlines()
    written = json.loads(line)
    assert written["values"] == {"player_health": 71, "player_side": None}
    assert written["said"] == {"player_health": 100, "player_side": "CT"}
    assert (written["model"], written["context"], written["width"]) == ("tiny", "Round 3", 640)
    assert (tmp_path / "out/frames" / written["file"]).read_bytes() == storage.read_bytes(row.image)
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_corrections", tmp_path / "file")


def test_the_review_page_lists_both_queues(row: Analysis, make_user: Callable[..., Any], client: Any) -> None:
    correct(analysis=row, by=row.user, field=HEALTH, value=17)
    client.force_login(make_user("reviewer"))
    for page, shown in (("/captures/review/", "Captured frames"), ("/coach/corrections/", "Corrections of the coach")):
        html = client.get(page).content.decode()
        queues = re.findall(r'<a href="([^"]+)"\s*(aria-current="page")?>([^<]+) <span class="number">(\d+)', html)
        listed = [(url, title, count) for url, _, title, count in queues]
        assert listed[0] == ("/captures/review/", "Captured frames", "0")
        assert listed[-1] == ("/coach/corrections/", "Corrections of the coach", "1")
        assert [title for _, current, title, _ in queues if current] == [shown]


def test_null_says_that_the_frame_does_not_show_it(row: Analysis) -> None:
    assert correct(analysis=row, by=row.user, field=HEALTH, value=None).value is None


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("player_health", 87.0, "87"),
        ("round_clock", "1:23\n", '"1:23"'),
        ("place_name", " Long Doors ", '"Long Doors"'),
    ],
)
def test_a_value_is_kept_plain_however_it_was_written(row: Analysis, field: str, value: Any, kept: str) -> None:
    made = correct(analysis=row, by=row.user, field=f"game_state.{field}", value=value)
    assert json.dumps(made.value) == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (HEALTH, 101),
        (HEALTH, "full"),
        (HEALTH, float("nan")),
        ("game_state.team_money_total", 10**18),
        ("game_state.shoe_size", 43),
        ("advice.primary_action", "Go"),
        ("", None),
        ("game_state.map_name", "x" * 10_000),
        ("game_state.utility", [["deep"]]),
    ],
)
def test_what_the_schema_does_not_know_is_refused(row: Analysis, field: str, value: Any) -> None:
    with pytest.raises(CorrectionRefused):
        correct(analysis=row, by=row.user, field=field, value=value)
    assert not Correction.objects.exists()


def test_ratings_may_be_changed_and_taken_back(row: Analysis) -> None:
    for rating in (1, -1, None):
        judging.rate(row, rating)
        row.refresh_from_db()
        assert (row.rating, row.rated_at is None) == (rating, rating is None)
    with pytest.raises(ValueError, match="1, -1"):
        judging.rate(row, 2)


def test_shared_questions_are_readable_and_comparisons_go_together(
    signed_in: Any, jpeg: bytes, make_user: Callable[..., Any]
) -> None:
    mate = make_user("viewer", "mate")
    one, two = asking.ask_two(user=signed_in.user, uploads=[jpeg], context="", aliases=("embedded", ""))
    with pytest.raises(Analysis.DoesNotExist):
        selectors.readable_analysis(mate, one.pk)
    judging.share(one, True)
    assert {found.pk for found in selectors.readable(mate)} == {one.pk, two.pk}
    judging.share(two, False)
    assert not selectors.readable(mate).exists()
