"""Serve one model folder to the coach.

    python -m apps.training.trainers.serve FOLDER [--host 127.0.0.1] --port PORT

It listens at once and loads then, which takes from ten seconds to a minute: who asks meanwhile waits and is answered,
if they have the patience (the coach has that of ``MODEL_SERVER_FIRST_TOKEN_S``).
What it answers: ``chat_server``.
"""

import argparse
import signal
import socket
import sys
from pathlib import Path

from apps.training.trainers.folder import BadModel, check_model_folder

WAITING = 2048  # questions, and whoever asks whether it is there, while it loads


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=WAITING)


def _serve(folder: Path, listening: socket.socket) -> None:
    import uvicorn

    from apps.training.trainers.chat_server import application

    uvicorn.Server(uvicorn.Config(application(folder), log_level="warning")).run(sockets=[listening])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    try:
        check_model_folder(options.folder)
    except BadModel as error:
        sys.stderr.write(f"{error}\n")
        return 1
    try:
        listening = _listening(options.host, options.port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"Port {options.port} of {options.host} cannot be listened to: {error}\n")
        return 1
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # libraries that are being loaded answer Ctrl-C by pages of names
    _serve(options.folder.resolve(), listening)
    return 0


if __name__ == "__main__":
    sys.exit(main())
