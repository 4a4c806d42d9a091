"""Every address of this app: its name, the least role, and dummy arguments."""

ACCESS: list[tuple[str, str | None, dict[str, object]]] = [
    ("demos:library", "viewer", {}),
    ("demos:upload", "viewer", {}),
    ("demos:uploads", "viewer", {}),
    ("demos:upload-one", "viewer", {"upload_id": "00000000-0000-0000-0000-000000000000"}),
    ("demos:sample", "viewer", {}),
    ("demos:sample-state", "viewer", {"job_id": "00000000-0000-0000-0000-000000000000"}),
    ("demos:demo", "viewer", {"demo_id": 1}),
    ("demos:delete", "viewer", {"demo_id": 1}),
    ("demos:replay", "viewer", {"demo_id": 1, "number": 1}),
    ("demos:pack", "viewer", {"demo_id": 1, "number": 1}),
    ("demos:radar", "viewer", {"name": "de_dust2"}),
]
