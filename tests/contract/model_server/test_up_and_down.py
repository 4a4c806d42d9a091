"""Up, broken off, down: seen, and said in a sentence. The last of the files, since it ends the servers."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from apps.coach import inference
from apps.coach.advice.prompt import messages
from apps.coach.inference import Finish, Piece
from apps.coach.server_errors import ServerAway, ServerBroke
from tests.contract.model_server import keeper
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.serving import Served


async def test_it_is_seen_to_be_up(server: Served) -> None:
    state = await inference.probe(server.asked())
    assert state.up
    assert state.sentence == "The model server is up."


def test_it_listens_to_this_machine_only(server: Served) -> None:
    assert server.addresses() == {"127.0.0.1"}


async def test_when_it_dies_the_answer_breaks_off_and_it_is_seen_to_be_down(
    server: Served, frames: list[bytes]
) -> None:
    answer = inference.stream_answer(messages(frames[:1]), limited(3000), server.asked())
    assert isinstance(await anext(answer), Piece)
    server.stop()
    with pytest.raises(ServerBroke, match="What had arrived is kept; ask again"):
        await _to_the_end(answer)
    state = await inference.probe(server.asked())
    assert not state.up
    assert state.sentence == f"No model server answers at 127.0.0.1:{server.port}."
    with pytest.raises(
        ServerAway, match=rf"No model server answers at 127\.0\.0\.1:{server.port}\. Your frame is kept"
    ):
        await ask(server.asked(), messages(frames[:1]))


async def _to_the_end(answer: AsyncIterator[Piece | Finish]) -> None:
    async for item in answer:
        assert not isinstance(item, Finish)


def test_a_server_goes_with_whoever_started_it(tmp_path: Path, wait_for: Callable[..., object]) -> None:
    """Grandchildren too, and when the starter is killed: vLLM's own would stay."""
    pids = tmp_path / "pids"
    grandchild = f"import os, time; open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    starter = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, "
        f"{keeper.__file__!r}, sys.executable, '-c', {child!r}], stdin=subprocess.PIPE); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", starter])
    try:
        wait_for(lambda: pids.exists() and pids.read_text().endswith("\n"))
        started = psutil.Process(int(pids.read_text()))
        process.kill()
        process.wait()
        wait_for(lambda: not started.is_running() or started.status() == psutil.STATUS_ZOMBIE, 10)
    finally:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
