"""A question asked from a moment of the viewer: whose view it is, what had happened, and the way back."""

import html
import io
import re
from typing import Any

import pytest

from apps.captures.labelling.label import label_frame
from apps.captures.selectors.recordings import recording_of
from apps.coach.models import Analysis
from apps.coach.moments import moment
from apps.core import storage
from tests.integration.captures.conftest import demo as handmade  # noqa: F401  (a fixture)
from tests.unit.captures.handmade import FREEZE_END, SLOTS, START

pytestmark = pytest.mark.django_db(transaction=True)
SLOT, NAME = next((slot, name) for slot, (name, _) in SLOTS.items())
TICK = FREEZE_END + 128


def context_of(page: str) -> str:
    found = re.search(r'<textarea id="context".*?>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def opened(client: Any, query: str) -> str:
    return str(client.get(f"/coach/?{query}").content.decode())


def test_the_context_is_that_of_training_through_the_same_eyes(handmade: Any, signed_in: Any) -> None:  # noqa: F811
    label = label_frame(recording_of(handmade), tick=TICK, slot=SLOT, round_number=1)
    page = opened(signed_in, f"demo={handmade.pk}&tick={TICK}&slot={SLOT}&context=one+line")
    assert context_of(page) == label.context
    assert f"POV: {NAME}" in label.context
    assert f'name="moment_slot" value="{SLOT}"' in page
    assert f"{NAME}’s view</a>" in page
    assert f"&amp;slot={SLOT}" in page


def test_without_a_player_it_is_what_everybody_may_know(handmade: Any, signed_in: Any) -> None:  # noqa: F811
    for query in ("", "&slot=63", "&slot=-1", "&slot=x"):
        page = opened(signed_in, f"demo={handmade.pk}&tick={TICK}{query}")
        context = context_of(page)
        assert context.startswith("Round 1, score CT 3 : 7 T")
        assert "Alive:" in context
        assert "POV" not in context
        assert "moment_slot" not in page


@pytest.mark.parametrize("lost", ["tables", "damaged", "outside"])
def test_where_nothing_is_known_the_viewers_own_line_stays(handmade: Any, signed_in: Any, lost: str) -> None:  # noqa: F811
    name = f"demos/{handmade.sha256}/player_states.parquet"
    if lost == "tables":
        storage.remove(name)
    elif lost == "damaged":
        storage.remove(name)
        storage.put_bytes(name, b"PAR1 and nothing more")
    tick = START - 1 if lost == "outside" else TICK
    page = opened(signed_in, f"demo={handmade.pk}&tick={tick}&slot={SLOT}&context=one+line")
    assert context_of(page) == "one line"


def test_the_question_keeps_whose_view_it_was_and_leads_back(handmade: Any, signed_in: Any, jpeg: bytes) -> None:  # noqa: F811
    file = io.BytesIO(jpeg)
    file.name = "frame.jpg"
    told = {"image": file, "moment_demo": handmade.pk, "moment_tick": TICK, "moment_slot": SLOT}
    row = Analysis.objects.get(pk=signed_in.post("/coach/analyse/", told).json()["id"])
    assert row.moment == {"demo_id": handmade.pk, "round": 1, "tick": TICK, "slot": SLOT}
    page = signed_in.get(f"/coach/analyses/{row.pk}/").content.decode()
    assert f"{NAME}’s view</a>" in page
    assert re.search(rf'href="/demos/{handmade.pk}/[^"]*round=1&amp;t=[\d.]+&amp;slot={SLOT}"', page)
    again = opened(signed_in, f"again={row.pk}")
    assert f'name="moment_slot" value="{SLOT}"' in again


def test_a_question_of_before_slots_were_kept_has_its_moment(handmade: Any) -> None:  # noqa: F811
    found = moment(handmade.pk, TICK)
    assert found
    assert found.slot is None
    assert found.stored == {"demo_id": handmade.pk, "round": 1, "tick": TICK}
