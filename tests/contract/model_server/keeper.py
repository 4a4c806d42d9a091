"""``python keeper.py <program> [arguments]``: run a server, and end all of it when our standard input closes.

That happens however the process ends that started us, and reaches grandchildren too: vLLM's engine and worker stay
behind when only their parent is killed.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


def main(arguments: list[str]) -> int:
    server = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True)

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)

    def watch() -> None:
        sys.stdin.buffer.read()
        end()

    threading.Thread(target=watch, daemon=True).start()
    status = server.wait()
    end()  # what it left
    return status


if __name__ == "__main__":
    status = main(sys.argv[1:])
    os._exit(status if status >= 0 else 128 - status)  # not sys.exit: our thread still holds standard input
