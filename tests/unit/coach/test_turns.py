"""Who is answered now and who waits where: limits hold, nobody waits for nothing or is overtaken unfairly."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.coach.services.turns import Place, Standing, places

LINES = st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=25)


def line(*people: tuple[int, bool]) -> list[Standing]:
    return [Standing(UUID(int=number), user, writing) for number, (user, writing) in enumerate(people)]


@given(LINES, st.integers(1, 3), st.integers(1, 6))
def test_limits_hold_and_no_place_stays_empty(people: list[tuple[int, bool]], per_user: int, total: int) -> None:
    standing = line(*people)
    found = places(standing, per_user=per_user, total=total)
    before = Counter(one.user_id for one in standing if one.writing)
    after = before + Counter(one.user_id for one in standing if not one.writing and found[one.pk].position == 0)
    assert after.total() <= max(total, before.total())
    assert all(count <= max(per_user, before[user]) for user, count in after.items())
    held = [one for one in standing if not one.writing and found[one.pk].position]
    assert [found[one.pk].position for one in held] == list(range(1, len(held) + 1))
    if after.total() < total:
        assert all(after[one.user_id] >= per_user for one in held)


def test_the_first_who_asked_is_the_first_served() -> None:
    found = places(line((1, True), (2, False), (3, False)), per_user=2, total=2)
    assert [place.position for place in found.values()] == [0, 1]


def test_who_is_at_their_own_limit_holds_nobody_up() -> None:
    mine, others = places(line((1, True), (1, False), (2, False)), per_user=1, total=8).values()
    assert (mine.position, mine.sentence) == (1, Place(1, 1).sentence)
    assert "Your other answer is" in mine.sentence
    assert others.position == 0


def test_the_sentence_counts_those_ahead() -> None:
    assert "2 questions are ahead" in Place(3, 0).sentence
    assert "1 question is ahead" in Place(2, 0).sentence
    assert "next" in Place(1, 0).sentence
