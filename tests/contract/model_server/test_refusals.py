"""What a server does not take becomes a sentence of ours; where one takes it, that is shown as well."""

import pytest

from apps.coach.advice.prompt import messages
from apps.coach.server_errors import ServerRefused
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import LONG, Served


@those_that(lambda can: can.max_images)
async def test_too_many_frames(server: Served, frames: list[bytes]) -> None:
    with pytest.raises(ServerRefused, match=r"at most 3 frames .* kept; ask with fewer"):
        await ask(server.asked(), messages(frames[:4]))


@those_that(lambda can: not can.max_images)
async def test_elsewhere_any_number_of_frames_is_taken(server: Served, frames: list[bytes]) -> None:
    assert (await ask(server.asked(), messages(frames[:4]))).text


@those_that(lambda can: can.refuses_long)
async def test_too_long_a_question(server: Served) -> None:
    with pytest.raises(ServerRefused, match=r"longer than the \d+ tokens this model takes"):
        await ask(server.asked(), [{"role": "user", "content": LONG}])


@those_that(lambda can: not can.refuses_long)
async def test_elsewhere_a_long_question_is_answered(server: Served) -> None:
    assert (await ask(server.asked(), [{"role": "user", "content": LONG}], limited(5))).text


async def test_a_model_that_is_not_there(server: Served, frames: list[bytes]) -> None:
    with pytest.raises(ServerRefused, match=r"does not have the model .* MODEL_SERVER_MODEL"):
        await ask(server.asked(model="somebody/else"), messages(frames[:1]))


async def test_after_refusals_it_answers_as_before(server: Served, frames: list[bytes]) -> None:
    with pytest.raises(ServerRefused):
        await ask(server.asked(model="somebody/else"), messages(frames[:1]))
    assert (await ask(server.asked(), messages(frames[:1]))).text
