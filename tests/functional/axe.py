"""Accessibility of a page as axe-core sees it."""

from typing import Any

from playwright.sync_api import Page

from tests.conftest import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def serious_faults(page: Page, within: str | None = None) -> list[str]:
    """The serious and critical faults of the page (or of what ``within`` selects) as it looks now, one line each.

    axe is evaluated by the debugger's protocol, so the page's content security policy needs no exception.
    """
    page.evaluate(SOURCE.read_text())
    answer: dict[str, Any] = page.evaluate(
        "within => axe.run(within ? {include: [within]} : document, {resultTypes: ['violations']})", within
    )
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:200]}"
        for fault in answer["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
