// Review by keyboard: a accept, r reject (then 1–5, or words and Enter), u undo, j next, z full size, Esc back.
// A key held down counts once, and nothing is sent while an answer is on its way.
import "../../css/pages/captures_review.css";

let busy = false;

function part<T extends HTMLElement>(id: string): T | null {
  return document.getElementById(id) as T | null;
}

function showReasons(shown: boolean): void {
  const panel = part<HTMLFormElement>("reasons");
  if (panel === null) return;
  panel.hidden = !shown;
  part("reject")?.setAttribute("aria-expanded", String(shown));
  if (shown) panel.querySelector<HTMLButtonElement>("button.reason")?.focus();
  else part("reject")?.focus();
}

function rejectBecause(reason: string): void {
  const panel = part<HTMLFormElement>("reasons");
  const field = part<HTMLInputElement>("reason");
  if (busy || panel === null || field === null) return;
  field.value = reason;
  panel.requestSubmit();
}

function reasonsAreOpen(): boolean {
  return part<HTMLFormElement>("reasons")?.hidden === false;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  if (event.key === "Escape" && reasonsAreOpen()) return showReasons(false);
  if (typing) return;
  if (event.repeat) {
    if ("arujz".includes(event.key)) event.preventDefault();
    return;
  }
  if (busy) return;
  if (reasonsAreOpen() && /^[1-9]$/.test(event.key)) {
    part("reasons")?.querySelectorAll<HTMLButtonElement>("button.reason")[Number(event.key) - 1]?.click();
    return;
  }
  const actions: Record<string, () => void> = {
    a: () => part("accept")?.click(),
    r: () => showReasons(true),
    u: () => part("undo")?.click(),
    j: () => part("next")?.click(),
    z: () => part("picture")?.click(),
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function onClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("#reject")) showReasons(!reasonsAreOpen());
  if (target?.closest("#keep")) showReasons(false);
  const reason = target?.closest<HTMLElement>("button.reason");
  if (reason) rejectBecause(reason.dataset.reason ?? "");
  target?.closest("#picture")?.classList.toggle("full");
}

function preloadNext(): void {
  const next = part("review")?.dataset.nextImage;
  if (next) new Image().src = next;
}

function onSettled(): void {
  preloadNext();
  const url = part("review")?.dataset.url;
  if (url) history.replaceState(null, "", url);
}

function setBusy(value: boolean): void {
  busy = value;
  part("review")?.setAttribute("aria-busy", String(value));
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (busy) event.preventDefault();
  else setBusy(true);
});
// Not at afterRequest: until the new frame has settled its forms are not htmx's yet, and a key would submit them plainly.
document.addEventListener("htmx:afterSettle", () => {
  setBusy(false);
  onSettled();
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => setBusy(false));
}
// "Somebody else was first" and "that was no decision" come with the frame and a sentence: show them.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
  if ([409, 422].includes(detail.xhr.status)) detail.shouldSwap = true;
});
preloadNext();
