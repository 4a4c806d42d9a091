"""Who may open which address of the coach."""

from uuid import UUID

NOBODY = {"analysis_id": UUID(int=0)}
ACCESS: list[tuple[str, str | None, dict[str, object]]] = [
    ("coach:live", "viewer", {}),
    ("coach:analyse", "viewer", {}),
    ("coach:status", "viewer", {}),
    ("coach:history", "viewer", {}),
    ("coach:analysis", "viewer", dict(NOBODY)),
    ("coach:state", "viewer", dict(NOBODY)),
    ("coach:image", "viewer", dict(NOBODY)),
]

SOCKETS: list[tuple[str, str]] = [("/ws/coach/", "viewer")]
