"""Taking recordings away while others do the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.demos.models import Demo
from apps.demos.services import removing
from apps.demos.services.keeping import keep, register

pytestmark = pytest.mark.django_db


def stored_again(tmp_path: Path) -> Demo:
    path = tmp_path / "m.dem"
    path.write_bytes(b"PBDEMS2\0" + bytes(2000))
    demo, _ = register(keep(path, "m.dem"), user=None)
    return demo


def test_a_late_second_removal_leaves_the_same_content_uploaded_again_alone(
    tmp_path: Path, stored: Callable[[], set[str]]
):
    stale = stored_again(tmp_path)
    removing.remove(Demo.objects.get(pk=stale.pk))
    assert not any(stale.sha256 in name for name in stored())
    again = stored_again(tmp_path)
    removing.remove(stale)
    assert Demo.objects.filter(pk=again.pk).exists()
    assert any(again.sha256 in name for name in stored())
