// Draws a moment of a round: the walked ground, then the players. Sharp on any screen, drawn only when asked.
import { BOMB, frameAt, positionAt, type Pack, type Side } from "./pack";

const COLOURS: Record<Side, string> = { CT: "#6fb1ff", T: "#f2c14e" };
const GROUND = "#1f2a38";
const LINE = 14; // height of a name, CSS pixels

interface Label {
  x: number;
  y: number;
  radius: number;
  text: string;
  chosen: boolean;
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export class MapView {
  private readonly context: CanvasRenderingContext2D;
  private ground: HTMLCanvasElement | null = null;
  private scale = 1;
  private left = 0;
  private top = 0;
  private labels: Label[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly pack: Pack,
    private readonly onResize: () => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser has no canvas.");
    this.context = context;
    new ResizeObserver(() => this.fit()).observe(canvas);
    this.fit();
  }

  private fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const [x0, y0, x1, y1] = this.pack.bounds;
    const margin = 28;
    this.scale = Math.min((width - 2 * margin) / (x1 - x0), (height - 2 * margin) / (y1 - y0));
    this.left = (width - (x1 - x0) * this.scale) / 2 - x0 * this.scale;
    this.top = (height - (y1 - y0) * this.scale) / 2 + y1 * this.scale; // north is up: y grows upwards
    this.ground = this.drawGround(ratio);
    this.onResize();
  }

  private drawGround(ratio: number): HTMLCanvasElement {
    const ground = document.createElement("canvas");
    ground.width = this.canvas.width;
    ground.height = this.canvas.height;
    const context = ground.getContext("2d");
    if (!context) return ground;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
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
    return ground;
  }

  /** Draw the moment `tick`; the player at index `chosen` is emphasised. */
  draw(tick: number, chosen: number | null): void {
    const { context, pack } = this;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.ground) context.drawImage(this.ground, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = frameAt(pack, tick);
    const isDead = (player: number): boolean => (pack.health[player]?.[frame] ?? 0) <= 0;
    const order = pack.players.map((_, player) => player).sort((a, b) => Number(isDead(b)) - Number(isDead(a)));
    this.labels = [];
    for (const player of order) this.drawPlayer(player, frame, tick, isDead(player), player === chosen);
    const chosenFirst = [...this.labels].sort((a, b) => Number(b.chosen) - Number(a.chosen));
    const taken: Box[] = [];
    for (const label of chosenFirst) this.drawName(label, taken);
  }

  private drawPlayer(player: number, frame: number, tick: number, dead: boolean, chosen: boolean): void {
    const { context, pack } = this;
    const place = positionAt(pack, player, frame, tick);
    const who = pack.players[player];
    if (!place || !who) return;
    const x = this.left + place.x * this.scale;
    const y = this.top - place.y * this.scale;
    const colour = COLOURS[who.side];
    if (dead) {
      context.globalAlpha = 0.55;
      cross(context, x, y, 5, colour);
      context.globalAlpha = 1;
      return;
    }
    const angle = (-place.yaw * Math.PI) / 180; // yaw turns from east towards north; the screen's y runs down
    const radius = chosen ? 10 : 8;
    beam(context, x, y, angle, radius * 3.6, colour);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = chosen ? 3 : 1.5;
    context.strokeStyle = chosen ? "#ffffff" : "#090c11";
    context.stroke();
    if ((pack.flags[player]?.[frame] ?? 0) & BOMB) square(context, x, y);
    this.labels.push({ x, y, radius, text: `${who.name ?? "?"} ${pack.health[player]?.[frame] ?? ""}`, chosen });
  }

  /** Write a name below its player, or wherever it hides no other name; players in a heap keep what room there is. */
  private drawName({ x, y, radius, text, chosen }: Label, taken: Box[]): void {
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
    context.textAlign = "left";
    context.textBaseline = "top";
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = "rgba(9, 12, 17, 0.85)";
    context.strokeText(text, free.left, free.top);
    context.fillStyle = "#e8edf4";
    context.fillText(text, free.left, free.top);
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

function beam(context: CanvasRenderingContext2D, x: number, y: number, angle: number, length: number, colour: string): void {
  const fade = context.createRadialGradient(x, y, 0, x, y, length);
  fade.addColorStop(0, `${colour}aa`);
  fade.addColorStop(1, `${colour}00`);
  context.beginPath();
  context.moveTo(x, y);
  context.arc(x, y, length, angle - 0.5, angle + 0.5);
  context.closePath();
  context.fillStyle = fade;
  context.fill();
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.lineWidth = 2.5;
  context.strokeStyle = colour;
  context.stroke();
}

function square(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.fillStyle = "#ff7b72";
  context.fillRect(x - 3.5, y - 3.5, 7, 7);
}
