// A recording's page: show the result once its import is over; scoreboard and round strip.
import "../../css/pages/demos_demo.css";
import { startScoreboard } from "../demos/scoreboard";
import { startStrip } from "../demos/strip";

// The job card re-reads itself; when it comes back as succeeded, so does the page with the recording's data.
if (document.querySelector("#import")) {
  const isDone = (): boolean => document.querySelector("#import .job")?.getAttribute("data-status") === "succeeded";
  if (!isDone()) document.addEventListener("htmx:afterSettle", () => { if (isDone()) location.reload(); });
}
startScoreboard();
startStrip();

// A menu closes when the focus or a click goes elsewhere, and by Escape.
for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target as Node)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
