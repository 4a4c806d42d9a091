"""``python die_with_parent.py <parent's pid> <program> [arguments]``: become the program, and go when the parent goes.

A worker killed with -9 cannot stop its child any more; on Linux the kernel does it instead. Elsewhere this only
starts the program. A file of its own rather than ``preexec_fn``, which is unsafe beside the heartbeat's thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, arguments: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it went before the line above
            sys.exit(1)
    os.execv(arguments[0], arguments)  # noqa: S606  (the point of this file)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
