"""Is a port free, and if not, who has it?"""

import errno
import socket

import psutil

from apps.core.launch.problem import LaunchProblem


def require_free(host: str, port: int, *, purpose: str, option: str) -> None:
    """Raise a ``LaunchProblem`` naming the port and, where it can be found, the program that has it.

    ``purpose`` ("the web server") and ``option`` ("--port") word the sentence.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise LaunchProblem(
                f"Port {port}, which {purpose} needs, is taken by {holder(port)}."
                f" Stop that program, or choose another port with {option}."
            ) from error
        raise LaunchProblem(f"{purpose.capitalize()} cannot listen on {host}:{port}: {error.strerror}.") from error


def free() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def holder(port: int) -> str:
    """The program that listens on ``port``, as words; "another program" where the system does not tell."""
    try:
        listening = [
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,) and connection.pid
        ]
        process = psutil.Process(listening[0])
        return f"{process.name()} (process {process.pid})"
    except (psutil.Error, IndexError):
        return "another program"
