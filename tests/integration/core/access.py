"""Who may open what in core; "" means anybody who is signed in, with or without a role."""

NO_JOB = {"job_id": "00000000-0000-0000-0000-000000000000"}

ACCESS: list[tuple[str, str | None, dict[str, object]]] = [
    ("core:login", None, {}),
    ("core:logout", None, {}),
    ("core:health", None, {}),
    ("metrics", None, {}),  # itself refuses whoever is neither on this machine nor an admin
    ("core:password", "", {}),
    ("core:account", "", {}),
    ("core:token-make", "viewer", {}),
    ("core:token-revoke", "", {"token_id": 1}),
    ("core:jobs", "viewer", {}),
    ("core:job", "viewer", dict(NO_JOB)),
    ("core:job-cancel", "viewer", dict(NO_JOB)),
    ("core:job-retry", "viewer", dict(NO_JOB)),
]

# path of a socket → least role; "" means anybody who is signed in (what they may hear is asked per topic)
SOCKETS: list[tuple[str, str]] = [("/ws/updates/", "viewer")]
