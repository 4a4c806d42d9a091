"""Who may open which address of captures: (url name, least role, keyword arguments)."""

ACCESS: list[tuple[str, str | None, dict[str, object]]] = [
    ("captures:list", "viewer", {}),
    ("captures:new", "reviewer", {}),
    ("captures:preview", "reviewer", {}),
    ("captures:plan", "viewer", {"plan_id": 999999}),
    ("captures:targets", "viewer", {"plan_id": 999999}),
    ("captures:again", "reviewer", {"plan_id": 999999}),
    ("captures:read", "reviewer", {"plan_id": 999999}),
    ("captures:delete", "reviewer", {"plan_id": 999999}),
    ("captures:frame", "viewer", {"screenshot_id": 999999}),
    ("captures:decide", "reviewer", {"screenshot_id": 999999}),
    ("captures:review", "reviewer", {}),
    ("captures:review-frame", "reviewer", {"screenshot_id": 999999}),
    ("captures:undo", "reviewer", {"review_id": 999999}),
]
