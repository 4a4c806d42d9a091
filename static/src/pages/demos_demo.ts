// A recording's page: show the result once its import is over; scoreboard and round strip.
import "../../css/pages/demos_demo.css";
import { startScoreboard } from "../demos/scoreboard";
import { startStrip } from "../demos/strip";

// The import's card re-reads itself. Old data, or none, stays until there is new data: then the page is read again.
const importing = (): HTMLElement | null => document.querySelector<HTMLElement>("#import");
let before = importing()?.dataset["shown"] ?? "new"; // none, old or new
document.addEventListener("htmx:afterSettle", () => {
  const [block, status] = [importing(), document.querySelector("#import .job")?.getAttribute("data-status")];
  const now = status === "succeeded" ? "new" : (block?.dataset["shown"] ?? "new");
  if ((before === "none" && now !== "none") || (before === "old" && now === "new")) location.reload();
  before = now;
});
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
