// Which models answer: the line that says so, and the two choices on the form. While none is there it looks every few seconds.
import { memory, part } from "./page";

const WHILE_AWAY_MS = 4_000;
const WHILE_UP_MS = 30_000;
const WHILE_UNKNOWN_MS = 400;

interface Alias {
  alias: string;
  label: string;
  up: boolean;
  sentence: string;
}

export class Models {
  private timer = 0;
  private asking = false;
  private readonly line = part("server");
  private readonly first = part<HTMLSelectElement>("alias");
  private readonly second = part<HTMLSelectElement>("alias-b");

  constructor(onCompare: (compares: boolean) => void) {
    for (const select of [this.first, this.second]) {
      const before = memory.get(select.id);
      if (before !== null && [...select.options].some((option) => option.value === before)) select.value = before;
      select.addEventListener("change", () => {
        memory.set(select.id, select.value);
        this.avoidTwice(select);
        this.note();
        onCompare(this.compares);
      });
    }
    this.avoidTwice(this.first);
    this.note();
    onCompare(this.compares);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.look();
    });
    void this.look();
  }

  get compares(): boolean {
    return this.second.value !== "";
  }

  /** What a column is headed by. */
  name(column: 0 | 1): string {
    const select = column === 0 ? this.first : this.second;
    return select.selectedOptions[0]?.dataset.label ?? "";
  }

  /** Said when a question to "any" was not answered by the preferred model. */
  failover(column: 0 | 1, answeredBy: string): string {
    const select = column === 0 ? this.first : this.second;
    const order = [...this.first.options].filter((option) => option.value !== "");
    const preferred = order[0];
    const who = order.find((option) => option.value === answeredBy);
    if (column === 1 || select.value !== "" || !preferred || !who || who === preferred) return "";
    return `${preferred.dataset.label} did not answer, so ${who.dataset.label} did.`;
  }

  async look(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.timer);
    let up: boolean | null = false;
    try {
      const response = await fetch(this.line.dataset.url ?? "", { headers: { Accept: "application/json" } });
      const body = (await response.json()) as { up: boolean | null; sentence: string; aliases?: Alias[] };
      up = body.up;
      if (up === false) this.show("away", `${body.sentence} Looking again by itself.`);
      else this.show(up ? "up" : "unknown", body.sentence);
      if (up !== null) for (const alias of body.aliases ?? []) this.mark(alias);
    } catch {
      this.show("away", "This page cannot reach Chimera. Looking again by itself.");
    }
    this.asking = false;
    this.timer = window.setTimeout(() => void this.look(), up ? WHILE_UP_MS : up === null ? WHILE_UNKNOWN_MS : WHILE_AWAY_MS);
  }

  private show(state: string, sentence: string): void {
    if (this.line.dataset.state === state && this.line.textContent === sentence) return;
    this.line.dataset.state = state;
    this.line.textContent = sentence;
  }

  private mark(alias: Alias): void {
    for (const option of [...this.first.options, ...this.second.options]) {
      if (option.value !== alias.alias) continue;
      const name = option.dataset.text ?? alias.label;
      const text = alias.up ? name : `${name} (away)`;
      if (option.textContent !== text) option.textContent = text;
    }
  }

  /** What people should know of the chosen models before they rely on them. */
  private note(): void {
    const notes = [this.first, this.second].map((select) => select.selectedOptions[0]?.dataset.note ?? "");
    const line = part("model-note");
    line.textContent = [...new Set(notes)].filter(Boolean).join(" ");
    line.hidden = line.textContent === "";
  }

  /** A comparison of a model with itself says nothing: the other choice gives way. */
  private avoidTwice(changed: HTMLSelectElement): void {
    const other = changed === this.first ? this.second : this.first;
    if (changed.value !== "" && changed.value === other.value) other.value = "";
    for (const option of this.second.options) option.disabled = option.value !== "" && option.value === this.first.value;
  }
}
