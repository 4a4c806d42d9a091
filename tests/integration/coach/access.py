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
    ("coach:frame", "viewer", {**NOBODY, "position": 0}),
    ("coach:rate", "viewer", dict(NOBODY)),
    ("coach:share", "viewer", dict(NOBODY)),
    ("coach:correct", "viewer", dict(NOBODY)),
    ("coach:delete", "viewer", dict(NOBODY)),
    ("coach:corrections", "reviewer", {}),
    ("coach:decide-correction", "reviewer", {"correction_id": 0}),
    ("coach:undo-correction", "reviewer", {"correction_id": 0}),
]

SOCKETS: list[tuple[str, str]] = [("/ws/coach/", "viewer")]
