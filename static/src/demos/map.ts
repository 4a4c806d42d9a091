// Draws a moment of a round: the radar image or the walked ground, then the players. Sharp on any screen, drawn only when
// asked.
import { BOMB, deathFrame, frameAt, positionAt, type Level, type Pack, type Position, type Side } from "./pack";
import type { Radar } from "./radar";
import { beam, cross, square } from "./shapes";

const COLOURS: Record<Side, string> = { CT: "#6fb1ff", T: "#f2c14e" };
const GROUND = "#1f2a38";
const ELSEWHERE = 0.35; // opacity of those on the other level
const CROSS_S = 4; // a cross is bright for a moment and stays faint
const NARROW = 500; // CSS pixels: a phone, where players are drawn smaller
const LINE = 14; // height of a name, CSS pixels

interface Label {
  x: number;
  y: number;
  radius: number;
  text: string;
  chosen: boolean;
  alpha: number;
}

/** What a moment looks like: the tick, who is emphasised, and the level (null: there are no two). */
export interface View {
  tick: number;
  watched: number | null;
  level: Level | null;
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export class MapView {
  private readonly context: CanvasRenderingContext2D;
  private readonly grounds = new Map<Level, HTMLCanvasElement>();
  private readonly bounds: Pack["bounds"];
  private scale = 1;
  private left = 0;
  private top = 0;
  private labels: Label[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly pack: Pack,
    private readonly radar: Radar | null,
    private readonly onResize: () => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser has no canvas.");
    this.context = context;
    this.bounds = radar ? radar.bounds(pack.bounds) : pack.bounds;
    new ResizeObserver(() => this.fit()).observe(canvas);
    this.fit();
  }

  private fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const [x0, y0, x1, y1] = this.bounds;
    const margin = this.radar ? 8 : 28;
    this.scale = Math.min((width - 2 * margin) / (x1 - x0), (height - 2 * margin) / (y1 - y0));
    this.left = (width - (x1 - x0) * this.scale) / 2 - x0 * this.scale;
    this.top = (height - (y1 - y0) * this.scale) / 2 + y1 * this.scale; // north is up: y grows upwards
    this.grounds.clear();
    this.onResize();
  }

  /** What lies below the players, drawn once for every size and level. */
  private ground(level: Level): HTMLCanvasElement {
    const known = this.grounds.get(level);
    if (known) return known;
    const ground = document.createElement("canvas");
    this.grounds.set(level, ground);
    ground.width = this.canvas.width;
    ground.height = this.canvas.height;
    const context = ground.getContext("2d");
    if (!context) return ground;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.radar) this.radar.draw(context, level, this.left, this.top, this.scale);
    else this.drawWalked(context);
    return ground;
  }

  private drawWalked(context: CanvasRenderingContext2D): void {
    context.fillStyle = GROUND;
    const { cell, walked } = this.pack;
    const radius = Math.max(cell * this.scale * 0.75, 7);
    for (let index = 0; index + 1 < walked.length; index += 2) {
      const x = this.left + ((walked[index] ?? 0) + 0.5) * cell * this.scale;
      const y = this.top - ((walked[index + 1] ?? 0) + 0.5) * cell * this.scale;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }

  draw(view: View): void {
    const { context, pack } = this;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.ground(view.level ?? "upper"), 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = frameAt(pack, view.tick);
    const isDead = (player: number): boolean => (pack.health[player]?.[frame] ?? 0) <= 0;
    const order = pack.players.map((_, player) => player).sort((a, b) => Number(isDead(b)) - Number(isDead(a)));
    this.labels = [];
    for (const player of order) {
      if (isDead(player)) this.drawDead(player, frame, view);
      else this.drawPlayer(player, frame, view);
    }
    const chosenFirst = [...this.labels].sort((a, b) => Number(b.chosen) - Number(a.chosen));
    const taken: Box[] = [];
    for (const label of chosenFirst) this.drawName(label, taken);
  }

  private alpha(place: Position, { level }: View): number {
    return level === null || this.radar?.levelOf(place.z) === level ? 1 : ELSEWHERE;
  }

  private drawDead(player: number, frame: number, view: View): void {
    const { context, pack } = this;
    const death = deathFrame(pack, player, frame);
    const tick = pack.ticks[death] ?? view.tick;
    const place = positionAt(pack, player, death, tick);
    const who = pack.players[player];
    if (!place || !who) return;
    const age = death === 0 ? 1 : Math.min((view.tick - tick) / pack.tick_rate / CROSS_S, 1);
    context.globalAlpha = (1 - 0.6 * age) * this.alpha(place, view);
    cross(context, this.left + place.x * this.scale, this.top - place.y * this.scale, 6, COLOURS[who.side]);
    context.globalAlpha = 1;
  }

  private drawPlayer(player: number, frame: number, view: View): void {
    const { context, pack } = this;
    const place = positionAt(pack, player, frame, view.tick);
    const who = pack.players[player];
    if (!place || !who) return;
    const chosen = player === view.watched;
    const alpha = this.alpha(place, view);
    const x = this.left + place.x * this.scale;
    const y = this.top - place.y * this.scale;
    const colour = COLOURS[who.side];
    const angle = (-place.yaw * Math.PI) / 180; // yaw turns from east towards north; the screen's y runs down
    const radius = (chosen ? 10 : 8) * (this.canvas.clientWidth < NARROW ? 0.75 : 1);
    context.globalAlpha = alpha;
    beam(context, x, y, angle, radius * 3.6, colour);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = chosen ? 3 : 1.5;
    context.strokeStyle = chosen ? "#ffffff" : "#090c11";
    context.stroke();
    if ((pack.flags[player]?.[frame] ?? 0) & BOMB) square(context, x, y);
    context.globalAlpha = 1;
    this.labels.push({ x, y, radius, text: `${who.name ?? "?"} ${pack.health[player]?.[frame] ?? ""}`, chosen, alpha });
  }

  /** Write a name below its player, or wherever it hides no other name; players in a heap keep what room there is. */
  private drawName({ x, y, radius, text, chosen, alpha }: Label, taken: Box[]): void {
    const { context } = this;
    context.font = `${chosen ? 650 : 450} 12px "Inter Variable", system-ui, sans-serif`;
    const width = context.measureText(text).width;
    const places: [number, number][] = [
      [x - width / 2, y + radius + 3],
      [x - width / 2, y - radius - 3 - LINE],
      [x + radius + 5, y - LINE / 2],
      [x - radius - 5 - width, y - LINE / 2],
      [x - width / 2, y + radius + 3 + LINE],
      [x - width / 2, y - radius - 3 - 2 * LINE],
    ];
    const limit = this.canvas.clientWidth - width - 2;
    const boxes = places.map(([left, top]) => ({ left: Math.min(Math.max(left, 2), limit), top, width, height: LINE }));
    const free = boxes.find((box) => !taken.some((other) => overlap(box, other))) ?? (chosen ? boxes[0] : undefined);
    if (!free) return;
    taken.push(free);
    context.globalAlpha = Math.max(alpha, 0.5);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = "rgba(9, 12, 17, 0.85)";
    context.strokeText(text, free.left, free.top);
    context.fillStyle = "#e8edf4";
    context.fillText(text, free.left, free.top);
    context.globalAlpha = 1;
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}
