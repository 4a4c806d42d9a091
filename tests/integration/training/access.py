"""Who may open which address of training: (url name, least role, keyword arguments)."""

ACCESS: list[tuple[str, str | None, dict[str, object]]] = [
    ("training:state", "researcher", {"kind": "run", "number": 999999}),
    ("training:run-data", "researcher", {"number": 999999}),
    ("training:run-stop", "researcher", {"number": 999999}),
    ("training:run-evaluate", "researcher", {"number": 999999}),
    ("training:embedded-tile", "researcher", {"number": 999999, "file": "0001.jpg"}),
    ("training:memory", "researcher", {}),
]
