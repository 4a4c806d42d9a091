// The line above the cards: how it stands, how long it took, and what is wrong with it.
export type Status = "empty" | "sending" | "queued" | "streaming" | "complete" | "invalid" | "cancelled" | "failed";

export interface Ending {
  status: Status;
  problems?: string[];
  model?: string;
  first_token_ms?: number | null;
  total_ms?: number | null;
  tokens?: number | null;
}

const SAID: Record<Status, [string, string]> = {
  empty: ["quiet", "Waiting for a frame"],
  sending: ["busy", "Sending the frame"],
  queued: ["busy", "Waiting for the model"],
  streaming: ["busy", "The model is writing"],
  complete: ["good", "Valid answer"],
  invalid: ["bad", "The model’s answer is not valid"],
  cancelled: ["quiet", "Cancelled"],
  failed: ["bad", "No answer"],
};

function part(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

export function showStatus(status: Status): void {
  const [tone, text] = SAID[status];
  part("badge").className = `badge ${tone}`;
  part("badge").textContent = text;
  part("answer").dataset.status = status;
}

export function showSentence(sentence: string): void {
  part("sentence").textContent = sentence;
}

export function showProgress(firstMs: number | null, totalMs: number | null, tokens: number | null): void {
  part("first-token").textContent = milliseconds(firstMs);
  part("total").textContent = milliseconds(totalMs);
  part("tokens").textContent = tokens === null ? "" : String(tokens);
}

export function showEnding(ending: Ending): void {
  showStatus(ending.status);
  showProgress(ending.first_token_ms ?? null, ending.total_ms ?? null, ending.tokens ?? null);
  part("model").textContent = ending.model ?? "";
  showProblems(ending.problems ?? []);
}

export function showProblems(problems: string[]): void {
  const entries = problems.map((problem) => {
    const entry = document.createElement("li");
    entry.textContent = problem;
    return entry;
  });
  part("problem-list").replaceChildren(...entries);
  part("problems").hidden = part("to-problems").hidden = problems.length === 0;
  if (problems.length > 0) (part("raw") as HTMLDetailsElement).open = true; // what is not valid is shown, never hidden
}
