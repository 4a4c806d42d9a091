// One file of the list: its name, how far it is, a sentence, what can be done, and what came of it.

export type State = "waiting" | "sending" | "lost" | "paused" | "failed" | "unfinished" | "whole" | "over";

export interface Handlers {
  pause(): void;
  go(): void;
  cancel(): void;
}

const SENTENCES: Partial<Record<State, string>> = {
  waiting: "Waiting for its turn.",
  sending: "Uploading.",
  lost: "No connection. It goes on by itself once there is one.",
  paused: "Paused.",
  whole: "Uploaded.",
};

export class Row {
  readonly item = document.createElement("li");
  private readonly bar = document.createElement("progress");
  private readonly numbers = document.createElement("span");
  private readonly message = document.createElement("p");
  private readonly results = document.createElement("div");
  private readonly go = button("Resume");
  private readonly pause = button("Pause");
  private readonly cancel = button("Cancel");
  private speed = new Speed();
  private now: State = "waiting";
  private sent = 0;
  refused = false;

  constructor(readonly name: string, readonly size: number, handlers: Handlers) {
    const title = document.createElement("span");
    title.className = "upload-name";
    title.textContent = name;
    title.title = name;
    this.numbers.className = "number quiet";
    this.message.className = "upload-message";
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Upload of ${name}`);
    const actions = document.createElement("span");
    actions.className = "row upload-actions";
    for (const [one, act] of [[this.pause, handlers.pause], [this.go, handlers.go], [this.cancel, handlers.cancel]] as const) {
      one.setAttribute("aria-label", `${one.textContent}: ${name}`);
      one.addEventListener("click", act);
      actions.append(one);
    }
    this.item.append(title, this.numbers, actions, this.bar, this.message, this.results);
    this.become("waiting");
  }

  get state(): State {
    return this.now;
  }

  /** Show a state, by its own sentence or a more telling one. */
  become(state: State, sentence?: string): void {
    this.now = state;
    this.item.dataset.state = state;
    this.message.textContent = sentence ?? SENTENCES[state] ?? "";
    const moving = state === "sending" || state === "lost" || state === "waiting";
    this.pause.hidden = !moving;
    this.go.hidden = state !== "paused" && state !== "failed";
    this.relabel(this.go, state === "failed" ? "Try again" : "Resume");
    this.relabel(this.cancel, state === "unfinished" ? "Discard" : "Cancel");
    this.cancel.hidden = state === "whole" || state === "over";
    this.bar.hidden = state === "whole" || state === "over";
    this.message.hidden = state === "whole" || (state === "over" && sentence === undefined);
    if (this.bar.hidden) this.numbers.textContent = size(this.size);
    if (state !== "sending") this.speed = new Speed();
    if (state === "paused" || state === "lost") this.progress(this.sent); // without its speed
  }

  progress(sent: number): void {
    this.sent = sent;
    const fraction = this.size > 0 ? sent / this.size : 0;
    this.bar.value = fraction * 100;
    const rate = this.now === "sending" ? this.speed.at(sent) : 0;
    const left = rate > 0 ? ` · ${size(rate)}/s · ${duration((this.size - sent) / rate)} left` : "";
    this.numbers.textContent = `${Math.floor(fraction * 100)} % of ${size(this.size)}${left}`;
  }

  /** Where the server's account of the recordings inside is shown. */
  get account(): HTMLElement {
    return this.results;
  }

  private relabel(one: HTMLButtonElement, label: string): void {
    if (one.textContent === label) return;
    one.textContent = label;
    one.setAttribute("aria-label", `${label}: ${this.name}`);
  }
}

/** Bytes per second over the last few seconds. */
class Speed {
  private marks: [number, number][] = [];

  at(bytes: number): number {
    const now = performance.now() / 1000;
    this.marks.push([now, bytes]);
    while (this.marks.length > 2 && now - (this.marks[0]?.[0] ?? now) > 5) this.marks.shift();
    const [since, before] = this.marks[0] ?? [now, bytes];
    return now - since > 0.5 ? (bytes - before) / (now - since) : 0;
  }
}

function button(label: string): HTMLButtonElement {
  const one = document.createElement("button");
  one.type = "button";
  one.textContent = label;
  return one;
}

export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
