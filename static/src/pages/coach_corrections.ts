// Corrections by keyboard: a accept, r reject, u undo, j later, z full size. A key held down counts once, and nothing
// is sent while an answer is on its way.
import "../../css/pages/coach_corrections.css";

const BUTTONS: Record<string, string> = { a: "accept", r: "reject", u: "undo", j: "next", z: "picture" };
let busy = false;

function setBusy(value: boolean): void {
  busy = value;
  document.getElementById("review")?.setAttribute("aria-busy", String(value));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const id = BUTTONS[event.key.toLowerCase()];
  if (!id) return;
  event.preventDefault();
  if (!event.repeat && !busy) document.getElementById(id)?.click();
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element) event.target.closest("#picture")?.classList.toggle("full");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (busy) event.preventDefault();
  else setBusy(true);
});
// Not at afterRequest: until the new frame has settled its forms are not htmx's yet, and a key would submit them plainly.
document.addEventListener("htmx:afterSettle", () => setBusy(false));
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, () => setBusy(false));
// "Somebody else was first" comes with the next one and a sentence: show them.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
  if ([409, 422].includes(detail.xhr.status)) detail.shouldSwap = true;
});
