"""The server Chimera brings itself: the bundled one works, privately, and keeps what it was told."""

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from apps.core.launch import redis_server
from chimera_site.redis_socket import LONGEST_SOCKET_PATH, socket_path


def test_the_machines_own_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("valkey-server", "redis-server"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert redis_server.find_binary() == str(program)


def test_the_bundled_one_serves_one_socket_only_its_owner_can_open_and_remembers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wait_for: Callable[..., object]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    binary = redis_server.find_binary()
    socket = socket_path(tmp_path)
    command = redis_server.command(binary, socket=socket, data=tmp_path / "redis")
    for value in (None, "kept"):
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            client = redis.Redis(unix_socket_path=str(socket), decode_responses=True)
            wait_for(lambda client=client: _ping(client))
            assert client.get("word") == value
            client.set("word", "kept")
            assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        finally:
            server.terminate()
            server.wait()


def test_each_version_has_a_folder_of_its_own(tmp_path: Path) -> None:
    for number in ("6.2.14", "7.0.15"):
        binary = tmp_path / f"server-{number}"
        binary.write_text(f"#!/bin/sh\necho 'Redis server v={number} sha=00000000:0 malloc=libc bits=64'\n")
        binary.chmod(0o755)
        redis_server.command(str(binary), socket=tmp_path / "s", data=tmp_path / "redis")
    assert sorted(path.name for path in (tmp_path / "redis").iterdir()) == ["redis-6.2", "redis-7.0"]


@pytest.mark.parametrize("length", [10, 90, 300])
def test_the_sockets_path_fits_the_kernel(length: int) -> None:
    home = Path("/" + "x" * length)
    path = socket_path(home)
    assert len(str(path)) <= LONGEST_SOCKET_PATH
    assert socket_path(home) == path != socket_path(home / "y")


def _ping(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
