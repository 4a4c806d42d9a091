// The page of heat maps: the form asks, the map shows.
import { type Bounds, Ground, type SentGround } from "./ground";
import { picture, type SentHeat } from "./heat";
import { ask } from "./heat_ask";
import type { Level } from "./pack";
import { Radar, type RadarPlace } from "./radar";
import { fetchJson } from "./viewer_packs";

export interface HeatConfig {
  data: string;
  maps: Record<string, { radar: RadarPlace | null; ground: string }>;
}

interface Floor {
  ground: Ground | null;
  radar: Radar | null;
}

const MARGIN = 24; // pixels
const SETTLED_MS = 400;

export class HeatPage {
  private readonly form = document.querySelector<HTMLFormElement>("#heat")!;
  private readonly canvas = document.querySelector<HTMLCanvasElement>("#canvas")!;
  private readonly note = document.querySelector<HTMLElement>("#note")!;
  private readonly recordings = document.querySelector<HTMLAnchorElement>("#recordings")!;
  private readonly level = document.querySelector<HTMLSelectElement>("#level")!;
  private readonly floors = new Map<string, Promise<Floor>>();
  private sent: SentHeat | null = null;
  private floor: Floor | null = null;
  private turn = 0;
  private typing = 0;

  constructor(private readonly config: HeatConfig) {
    this.form.addEventListener("change", (event) => (event.target === this.level ? this.draw() : void this.load()));
    // Typing is an answer, too: a suggestion may be taken, or left, without going on to another field.
    this.form.addEventListener("input", (event) => {
      if (!(event.target as Element).matches("[name=player], [name=q]")) return;
      clearTimeout(this.typing);
      this.typing = setTimeout(() => void this.load(), SETTLED_MS);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.load();
    });
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    void this.load();
  }

  private query(): URLSearchParams {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && value !== "") query.append(name, value);
    return query;
  }

  private async load(): Promise<void> {
    clearTimeout(this.typing);
    const turn = ++this.turn;
    const query = this.query();
    history.replaceState(null, "", `?${query}`);
    this.note.textContent = "Counting…";
    try {
      const name = query.get("map") ?? "";
      const floor = await this.floorOf(name);
      await ask(`${this.config.data}?${query}`, (sent) => {
        if (turn !== this.turn) return false;
        [this.floor, this.sent] = [floor, sent];
        this.note.textContent = sent.note;
        this.recordings.href = sent.recordings;
        this.canvas.setAttribute("aria-label", `Heat map of ${name}`);
        this.draw();
        return true;
      });
    } catch (error) {
      if (turn === this.turn) this.note.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  private floorOf(name: string): Promise<Floor> {
    const known = this.floors.get(name);
    if (known) return known;
    const place = this.config.maps[name];
    const made = (async (): Promise<Floor> => {
      const radar = await Radar.load(place?.radar ?? null);
      const ground = place?.ground ? new Ground(await fetchJson<SentGround>(place.ground)) : null;
      return { radar, ground };
    })();
    this.floors.set(name, made);
    return made;
  }

  private bounds({ ground, radar }: Floor): Bounds {
    const walked: Bounds = ground?.sent.bounds ?? [-2048, -2048, 2048, 2048];
    if (radar) return radar.bounds(walked);
    const { sent } = this;
    if (!sent || sent.total === 0) return walked;
    const { cell, left, bottom, width, height } = sent;
    const counted = [left * cell, bottom * cell, (left + width) * cell, (bottom + height) * cell];
    return [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(walked[side] ?? 0, counted[side] ?? 0)) as Bounds;
  }

  /** The chosen level, or the one where more was counted. */
  private shownLevel(): Level {
    const { value } = this.level;
    if (value === "upper" || value === "lower") return value;
    const [upper, lower] = (this.sent?.levels ?? []).map((level) => level.reduce((sum, one, place) => sum + (place % 2 ? one : 0), 0));
    return (lower ?? 0) > (upper ?? 0) ? "lower" : "upper";
  }

  private draw(): void {
    const { canvas, floor, sent } = this;
    const context = canvas.getContext("2d");
    if (!context || !floor || canvas.clientWidth === 0) return;
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
    const [x0, y0, x1, y1] = this.bounds(floor);
    const scale = Math.min((canvas.width - 2 * MARGIN) / (x1 - x0), (canvas.height - 2 * MARGIN) / (y1 - y0));
    const [left, top] = [(canvas.width - (x1 - x0) * scale) / 2 - x0 * scale, (canvas.height - (y1 - y0) * scale) / 2 + y1 * scale];
    const put = (image: CanvasImageSource, [a, b, c, d]: Bounds): void => context.drawImage(image, left + a * scale, top - d * scale, (c - a) * scale, (d - b) * scale);
    const hasLevels = floor.radar ? floor.radar.hasLevels : (floor.ground?.hasLevels ?? false);
    for (const part of [this.level, document.querySelector<HTMLElement>("#level-label")]) if (part) part.hidden = !hasLevels;
    const level: Level = hasLevels ? this.shownLevel() : "upper";
    const image = floor.radar?.images[level];
    if (image && floor.radar) {
      const { pos_x, pos_y, scale: unit, size } = floor.radar.place;
      context.globalAlpha = 0.6;
      put(image, [pos_x, pos_y - size * unit, pos_x + size * unit, pos_y]);
      context.globalAlpha = 1;
    } else if (floor.ground) {
      const { cell, left: column, bottom, width, height } = floor.ground.sent;
      put(floor.ground.picture(level), [column * cell, bottom * cell, (column + width) * cell, (bottom + height) * cell]);
    }
    const heat = sent && picture(sent, level === "lower" ? 1 : 0);
    if (heat && sent) put(heat, [sent.left * sent.cell, sent.bottom * sent.cell, (sent.left + sent.width) * sent.cell, (sent.bottom + sent.height) * sent.cell]);
  }
}
