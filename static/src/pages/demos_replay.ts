// The 2D replay of a round: fetch its pack once, then play, scrub and step through it.
import "../../css/pages/demos_replay.css";
import { MapView } from "../demos/map";
import { markKills } from "../demos/marks";
import { frameAt, type Level, type Pack } from "../demos/pack";
import { Panel } from "../demos/panel";
import { Radar } from "../demos/radar";

const root = document.querySelector<HTMLElement>("#replay");
if (root) void start(root);

function part<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element as T;
}

async function start(root: HTMLElement): Promise<void> {
  const message = part("replay-message");
  try {
    const response = await fetch(root.dataset.pack ?? "", { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const pack = (await response.json()) as Pack;
    if (pack.ticks.length === 0) throw new Error("no positions were recorded in it");
    const radar = await Radar.load(pack.radar);
    message.hidden = true;
    new Replay(pack, radar);
  } catch (error) {
    message.textContent = `This round cannot be shown: ${error instanceof Error ? error.message : String(error)}. Reload the page to try again.`;
  }
}

class Replay {
  private readonly first: number;
  private readonly last: number;
  private tick: number;
  private speed = 1;
  private playing = false;
  private before = 0;
  private watched: number | null = null;
  private readonly map: MapView;
  private readonly panel: Panel;
  private readonly scrub = part<HTMLInputElement>("scrub");
  private readonly play = part<HTMLButtonElement>("play");

  private readonly level = part<HTMLSelectElement>("level");

  constructor(
    private readonly pack: Pack,
    private readonly radar: Radar | null,
  ) {
    this.first = pack.ticks[0] ?? 0;
    this.last = pack.ticks[pack.ticks.length - 1] ?? 0;
    const wanted = Number(new URLSearchParams(location.search).get("t") ?? NaN);
    this.tick = Number.isFinite(wanted) ? this.clamp(wanted) : this.first;
    this.panel = new Panel(part("players"), pack, (player) => {
      this.watched = player;
      this.show();
    });
    this.map = new MapView(part<HTMLCanvasElement>("map"), pack, radar, () => requestAnimationFrame(() => this.show()));
    this.setUpControls();
    this.show();
  }

  private clamp(tick: number): number {
    return Math.min(Math.max(tick, this.first), this.last);
  }

  private setUpControls(): void {
    this.scrub.min = String(this.first);
    this.scrub.max = String(this.last);
    this.scrub.disabled = this.play.disabled = false;
    this.scrub.addEventListener("input", () => this.seek(Number(this.scrub.value)));
    this.play.addEventListener("click", () => this.toggle());
    const speed = part<HTMLSelectElement>("speed");
    speed.addEventListener("change", () => (this.speed = Number(speed.value)));
    this.level.addEventListener("change", () => this.show());
    for (const id of ["level-box", "level-key"]) part(id).hidden = !this.radar?.hasLevels;
    markKills(part("marks"), this.pack, (tick) => this.seek(tick));
    const link = part<HTMLButtonElement>("link");
    link.addEventListener("click", () => void this.copyLink(link));
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    if (event.key === " " && target.matches("button, a")) return; // the focused control takes it
    const steps: Record<string, () => void> = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.tick - 2 * this.pack.tick_rate),
      ArrowRight: () => this.seek(this.tick + 2 * this.pack.tick_rate),
      ",": () => this.step(-1),
      ".": () => this.step(1),
      l: () => this.nextLevel(),
    };
    const step = steps[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  private step(by: number): void {
    this.pause();
    const frame = frameAt(this.pack, this.tick) + by;
    this.seek(this.pack.ticks[Math.min(Math.max(frame, 0), this.pack.ticks.length - 1)] ?? this.tick);
  }

  private nextLevel(): void {
    if (!this.radar?.hasLevels) return;
    this.level.selectedIndex = (this.level.selectedIndex + 1) % this.level.options.length;
    this.show();
  }

  /** The level to show, null where the map has one only; says it beside the choice “automatic”. */
  private shownLevel(frame: number): Level | null {
    if (!this.radar?.hasLevels) return null;
    const busiest = this.radar.busiestLevel(this.pack, frame, this.watched);
    text("level-auto", `Auto: ${busiest} level`);
    return this.level.value === "upper" || this.level.value === "lower" ? this.level.value : busiest;
  }

  private seek(tick: number): void {
    this.tick = this.clamp(tick);
    this.show();
  }

  private toggle(): void {
    if (this.playing) return this.pause();
    if (this.tick >= this.last) this.tick = this.first;
    this.playing = true;
    this.play.textContent = "Pause";
    this.before = performance.now();
    requestAnimationFrame((now) => this.advance(now));
  }

  private pause(): void {
    this.playing = false;
    this.play.textContent = "Play";
  }

  private advance(now: number): void {
    if (!this.playing) return;
    this.tick = this.clamp(this.tick + ((now - this.before) / 1000) * this.pack.tick_rate * this.speed);
    this.before = now;
    this.show();
    if (this.tick >= this.last) this.pause();
    else requestAnimationFrame((next) => this.advance(next));
  }

  private show(): void {
    const { pack } = this;
    const frame = frameAt(pack, this.tick);
    this.map?.draw({ tick: this.tick, watched: this.watched, level: this.shownLevel(frame) });
    this.panel.show(frame);
    this.scrub.value = String(Math.round(this.tick));
    this.scrub.setAttribute("aria-valuetext", `tick ${Math.round(this.tick)}`);
    text("tick", String(Math.round(this.tick)));
    text("clock", clockText(pack.clock[frame] ?? null, pack.phase[frame] ?? null, (this.tick - this.first) / pack.tick_rate));
    text("phase", phaseText(pack.phase[frame] ?? null));
    text("score-ct", String(pack.score[frame]?.[0] ?? "–"));
    text("score-t", String(pack.score[frame]?.[1] ?? "–"));
  }

  private async copyLink(button: HTMLButtonElement): Promise<void> {
    const here = new URL(location.href);
    here.searchParams.set("t", String(Math.round(this.tick)));
    history.replaceState(null, "", here);
    try {
      await navigator.clipboard.writeText(here.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "In the address bar"; // no clipboard without https
    }
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }
}

function text(id: string, value: string): void {
  const element = part(id);
  if (element.textContent !== value) element.textContent = value;
}

function clockText(clock: number | null, phase: string | null, elapsed: number): string {
  if (clock === null && phase === "planted") return "bomb";
  const seconds = clock === null ? elapsed : Math.ceil(clock);
  const sign = clock === null ? "+" : "";
  return `${sign}${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function phaseText(phase: string | null): string {
  const words: Record<string, string> = {
    warmup: "warm-up",
    freeze: "freeze time",
    live: "live",
    planted: "bomb planted",
    over: "round over",
  };
  return phase === null ? "clock unknown: time since the first tick" : (words[phase] ?? phase);
}
