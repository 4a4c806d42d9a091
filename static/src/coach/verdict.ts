// The line above the cards: how it stands, how long it took, and what is wrong with it.
import { part } from "./page";

export type Status = "empty" | "sending" | "queued" | "streaming" | "complete" | "invalid" | "cancelled" | "failed";
export const OVER: readonly Status[] = ["complete", "invalid", "cancelled", "failed"];

export interface Ending {
  status: Status;
  problems?: string[];
  model?: string;
  answered_by?: string; // the alias that did
  first_token_ms?: number | null;
  total_ms?: number | null;
  tokens?: number | null;
  reader?: Record<string, string>; // by path: what the embedded model read on the HUD instead
}

const SAID: Record<Status, [string, string]> = {
  empty: ["quiet", "Waiting for a frame"],
  sending: ["busy", "Sending"],
  queued: ["busy", "Waiting for the model"],
  streaming: ["busy", "The model is writing"],
  complete: ["good", "Complete"],
  invalid: ["bad", "The model’s answer is not valid"],
  cancelled: ["quiet", "Cancelled"],
  failed: ["bad", "No answer"],
};

function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** `prefix` tells the two columns of a comparison apart: "" or "b-". */
export class Verdict {
  constructor(private readonly prefix: string) {}

  status(status: Status): void {
    const [tone, text] = SAID[status];
    this.part("badge").className = `badge ${tone}`;
    this.text("badge", text);
    this.part("answer").dataset.status = status;
  }

  sentence(sentence: string): void {
    this.text("sentence", sentence);
  }

  model(name: string): void {
    this.text("model", name);
    this.part("model").title = name;
  }

  progress(firstMs: number | null, totalMs: number | null, tokens: number | null): void {
    this.text("first-token", milliseconds(firstMs));
    this.text("total", milliseconds(totalMs));
    this.text("tokens", tokens === null ? "" : String(tokens));
  }

  end(ending: Ending): void {
    this.status(ending.status);
    this.progress(ending.first_token_ms ?? null, ending.total_ms ?? null, ending.tokens ?? null);
    this.model(ending.model ?? "");
    this.problems(ending.problems ?? []);
  }

  problems(problems: string[]): void {
    const entries = problems.map((problem) => {
      const entry = document.createElement("li");
      entry.textContent = problem;
      return entry;
    });
    this.part("problem-list").replaceChildren(...entries);
    this.part("problems").hidden = this.part("to-problems").hidden = problems.length === 0;
    if (problems.length > 0) this.part<HTMLDetailsElement>("raw").open = true; // what is not valid is shown, never hidden
  }

  part<T extends HTMLElement = HTMLElement>(name: string): T {
    return part<T>(this.prefix + name);
  }

  private text(name: string, text: string): void {
    const element = this.part(name);
    if (element.textContent !== text) element.textContent = text; // a screen reader says each change
  }
}
