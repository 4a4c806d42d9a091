"""Where the Redis server of this installation listens."""

import hashlib
import tempfile
from pathlib import Path

# The kernel's limit is 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH = 100


def socket_path(home: Path) -> Path:
    """A socket file in ``home``; in a folder of the temporary directory where that name would be too long."""
    inside = home / "redis.sock"
    if len(str(inside).encode()) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"chimera-{digest}" / "redis.sock"
