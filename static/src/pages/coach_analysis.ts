// The page of one question: rate, share and correct its answers; those still being written elsewhere are followed.
import "../../css/pages/coach_live.css";
import { After } from "../coach/after";
import { showAnswer, type Answer } from "../coach/cards";
import type { State } from "../coach/column";
import { listen } from "../coach/keys";
import { part } from "../coach/page";

const REREAD_MS = 1_000;
const roots = [...document.querySelectorAll<HTMLElement>(".stored > .answer")];

function within(root: HTMLElement, name: string): HTMLElement {
  return part(root.id.replace(/answer$/, name));
}

async function read(root: HTMLElement): Promise<State> {
  const response = await fetch(root.dataset.stateUrl ?? "", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as State;
}

async function follow(root: HTMLElement): Promise<void> {
  try {
    const state = await read(root);
    if (!["queued", "streaming"].includes(state.status)) return location.reload();
    showAnswer(root, state.answer as Answer);
    within(root, "raw-text").textContent = state.text;
  } catch {
    within(root, "sentence").textContent = "Chimera could not be reached; looking again.";
  }
  setTimeout(() => void follow(root), REREAD_MS);
}

async function open(root: HTMLElement): Promise<void> {
  const state = await read(root);
  const after = new After(root, (sentence) => (within(root, "sentence").textContent = sentence));
  after.open(state.id, state.answer, state);
}

/** Keys mean the answer in which the focus is, else the first. */
function press(name: string): void {
  const root = roots.find((one) => one.contains(document.activeElement)) ?? roots[0];
  root?.querySelector<HTMLButtonElement>(`[data-after] [data-do=${name}]:not(:disabled)`)?.click();
}

for (const root of roots) {
  if (["queued", "streaming"].includes(root.dataset.status ?? "")) void follow(root);
  else if (root.querySelector("[data-after]")) void open(root).catch(() => undefined);
}
listen(
  { "+": () => press("good"), "-": () => press("bad"), c: () => press("fix"), s: () => press("share") },
  { key: () => "", act: () => false },
);
