// The page of one question: rate, share and correct it; one that is still being answered elsewhere is followed.
import "../../css/pages/coach_live.css";
import { After } from "../coach/after";
import { showAnswer, type Answer } from "../coach/cards";
import type { State } from "../coach/column";
import { listen } from "../coach/keys";
import { part } from "../coach/page";

const REREAD_MS = 1_000;
const root = part("answer");

async function read(): Promise<State> {
  const response = await fetch(part("coach").dataset.stateUrl ?? "", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as State;
}

async function follow(): Promise<void> {
  try {
    const state = await read();
    if (!["queued", "streaming"].includes(state.status)) return location.reload();
    showAnswer(root, state.answer as Answer);
    part("raw-text").textContent = state.text;
  } catch {
    part("sentence").textContent = "Chimera could not be reached; looking again.";
  }
  setTimeout(() => void follow(), REREAD_MS);
}

async function open(): Promise<void> {
  const state = await read();
  const after = new After(root, (sentence) => (part("sentence").textContent = sentence));
  after.open(state.id, state.answer, state);
}

function press(name: string): void {
  root.querySelector<HTMLButtonElement>(`[data-after] [data-do=${name}]:not(:disabled)`)?.click();
}

if (["queued", "streaming"].includes(root.dataset.status ?? "")) void follow();
else if (root.querySelector("[data-after]")) void open().catch(() => undefined);
listen(
  { "+": () => press("good"), "-": () => press("bad"), c: () => press("fix"), s: () => press("share") },
  { key: () => "", act: () => false },
);
