"""Where a running Chimera listens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """Host and port of the web server, and the port on loopback of the embedded model server."""

    host: str
    port: int
    model_port: int

    @property
    def web(self) -> str:
        """What a person types into a browser on this machine."""
        if self.host in ("0.0.0.0", "::"):  # noqa: S104  (compared with, not bound to)
            return f"http://127.0.0.1:{self.port}"
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def model_server(self) -> str:
        return f"http://127.0.0.1:{self.model_port}"
