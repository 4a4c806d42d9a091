"""Which faults strike, and how often."""

import pytest

from apps.simulation.faults import Fault, Faults, explanation


def test_a_fault_strikes_every_time_unless_counted() -> None:
    faults = Faults(["no-image", "silent:2"])
    assert [faults.strikes(Fault.NO_IMAGE) for _ in range(4)] == [True] * 4
    assert [faults.strikes(Fault.SILENT) for _ in range(4)] == [True, True, False, False]
    assert not faults.strikes(Fault.DROP)


def test_crash_and_drop_strike_at_a_command() -> None:
    faults = Faults(["crash:3", "drop"])
    assert [faults.strikes_at(Fault.CRASH, number) for number in range(1, 6)] == [False, False, True, False, False]
    assert faults.strikes_at(Fault.DROP, 10)


@pytest.mark.parametrize("spec", ["gremlins", "silent:often", "silent:0", ""])
def test_an_unknown_fault_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"fault|number"):
        Faults([spec])


def test_the_help_says_what_each_fault_does() -> None:
    lines = explanation().splitlines()
    assert [line.split()[0] for line in lines] == list(Fault)
    assert all(len(line.split()) > 4 for line in lines)
