// The heat layer of the viewer: what is counted is chosen beside the map, the server counts.
import { picture, type SentHeat } from "./heat";
import type { Level } from "./pack";
import { ask } from "./heat_ask";
import type { HeatImage } from "./viewer_stage";

export class Heat {
  private sent: SentHeat | null = null;
  private asked = 0;
  private shown = "";

  constructor(
    private readonly form: HTMLFormElement,
    private readonly note: HTMLElement,
    private readonly data: string,
    private readonly show: (image: HeatImage | null) => void,
    private readonly level: () => Level,
  ) {
    form.addEventListener("change", () => void this.load());
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  get isOn(): boolean {
    return !this.form.hidden;
  }

  async toggle(): Promise<void> {
    this.form.hidden = !this.form.hidden;
    if (this.isOn) await this.load();
    else this.draw();
  }

  private async load(): Promise<void> {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && value !== "") query.append(name, value);
    const turn = ++this.asked;
    this.note.textContent = "Counting…";
    try {
      await ask(`${this.data}?${query}`, (sent) => {
        if (turn !== this.asked || !this.isOn) return false;
        this.sent = sent;
        this.note.textContent = sent.note;
        this.draw();
        return true;
      });
      return;
    } catch (error) {
      if (turn !== this.asked) return;
      this.sent = null;
      this.note.textContent = `This could not be counted: ${error instanceof Error ? error.message : String(error)}.`;
    }
    this.shown = "";
    this.draw();
  }

  /** Show the layer of the level that is looked at. */
  draw(): void {
    const { sent } = this;
    const level = this.level() === "lower" ? 1 : 0;
    const key = `${this.isOn}:${level}:${this.asked}:${sent?.total ?? -1}:${sent?.demos ?? 0}`;
    if (key === this.shown) return;
    this.shown = key;
    const canvas = this.isOn && sent ? picture(sent, level) : null;
    if (!canvas || !sent) return this.show(null);
    const { cell, left, bottom, width, height } = sent;
    this.show({ canvas, bounds: [left * cell, bottom * cell, (left + width) * cell, (bottom + height) * cell] });
  }
}
