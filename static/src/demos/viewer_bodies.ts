// The players on the map: a disc with the key that follows them, their health around it, their name beside it.
import { Container, type Graphics, Sprite, Text, type Texture } from "pixi.js";
import { at, FLAG, type Pack } from "./pack";
import { blindness, deathFrame, has, heldSince, isAlive, positionAt, step } from "./moment";
import type { Camera } from "./viewer_camera";
import { COLOUR, ELSEWHERE, INK, type View } from "./viewer_view";
import type { Level } from "./pack";

const [ROOM, FURTHEST] = [17, 9]; // pixels between two numbers, and from where somebody is
const CROSS_S = 4; // a cross is bright for a moment and stays faint
const FONT = '"Inter Variable", system-ui, sans-serif';
const DEFUSE_S = { kit: 5, none: 10 };

interface Body {
  disc: Sprite;
  key: Text;
  name: Text;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Bodies {
  readonly layer = new Container();
  private readonly discs = new Container();
  private readonly labels = new Container();
  private bodies: Body[] = [];
  private places = new Map<number, [number, number]>(); // on the screen
  private spots: { player: number; x: number; y: number; radius: number }[] = [];

  constructor(
    private readonly texture: Texture,
    rings: Graphics,
  ) {
    this.layer.addChild(this.discs, rings, this.labels);
    this.rings = rings;
  }

  private readonly rings: Graphics;

  /** `keys` says which key follows whom, "" for none. */
  begin(pack: Pack, keys: string[]): void {
    for (const child of [...this.discs.removeChildren(), ...this.labels.removeChildren()]) child.destroy();
    this.bodies = pack.players.map((who) => {
      const disc = new Sprite(this.texture);
      disc.anchor.set(0.5);
      const key = label(keys[who.index] ?? "", 11, 700, INK.dark, 0);
      const name = label(who.name, 12, 550, INK.light, 3);
      key.anchor.set(0.5);
      this.discs.addChild(disc);
      this.labels.addChild(key, name);
      return { disc, key, name };
    });
  }

  /** Whose disc is at a place of the screen; the nearest one. */
  hit(x: number, y: number): number | null {
    const near = this.spots
      .map((spot) => ({ ...spot, far: Math.hypot(spot.x - x, spot.y - y) }))
      .filter(({ far, radius }) => far <= radius + 6)
      .sort((a, b) => a.far - b.far);
    return near[0]?.player ?? null;
  }

  draw(pack: Pack, frame: number, view: View, camera: Camera, levelOf: (z: number) => Level): void {
    this.spots = [];
    this.places = spread(pack, frame, view, camera);
    const taken: Box[] = [];
    const order = pack.players.map((_, player) => player).sort((a, b) => Number(b === view.followed) - Number(a === view.followed));
    for (const player of order) {
      if (!view.names || !isAlive(pack, player, frame)) continue;
      const [x, y] = this.places.get(player) ?? [0, 0]; // a name covers nobody
      taken.push({ x: x - 9, y: y - 9, width: 18, height: 18 });
    }
    for (const player of order) {
      const body = this.bodies[player];
      if (!body) continue;
      const alive = isAlive(pack, player, frame);
      body.disc.visible = body.key.visible = alive;
      body.name.visible = alive && view.names;
      if (alive) this.drawAlive(pack, player, frame, view, camera, levelOf, body, taken);
      else if (has(pack, player, frame, FLAG.present)) this.drawDead(pack, player, frame, view, camera, levelOf);
    }
  }

  private drawAlive(
    pack: Pack, player: number, frame: number, view: View, camera: Camera, levelOf: (z: number) => Level, body: Body, taken: Box[],
  ): void {
    const place = positionAt(pack, player, frame, view.tick);
    const [x, y] = this.places.get(player) ?? [camera.x(place.x), camera.y(place.y)];
    const isHere = view.level === null || levelOf(place.z) === view.level;
    const chosen = player === view.followed;
    const radius = (chosen ? 11 : 9) * (camera.width < 500 ? 0.85 : 1);
    const alpha = isHere ? 1 : ELSEWHERE;
    const colour = COLOUR[pack.players[player]?.side ?? "CT"];
    const blind = blindness(pack, player, view.tick);
    body.disc.position.set(x, y);
    body.disc.width = body.disc.height = 2 * radius;
    body.disc.tint = blind ? mixed(colour, 0xffffff, Math.min(1, 0.35 + blind.left / 3)) : colour;
    body.disc.alpha = body.key.alpha = alpha;
    body.key.position.set(x, y);
    const health = Math.min(Math.max(step(pack, "health", player, frame), 0), 100) / 100;
    const { rings } = this;
    rings.circle(x, y, radius + 2.5).stroke({ width: 3.5, color: INK.dark, alpha: 0.85 * alpha });
    const start = -Math.PI / 2;
    rings.moveTo(x, y - radius - 2.5).arc(x, y, radius + 2.5, start, start + health * 2 * Math.PI);
    rings.stroke({ width: 2.5, color: health > 0.5 ? INK.good : health > 0.25 ? 0xf2c14e : INK.bad, alpha });
    if (chosen) rings.circle(x, y, radius + 6).stroke({ width: 1.5, color: 0xffffff, alpha: 0.9 });
    const turn = (-place.yaw * Math.PI) / 180; // yaw turns from east towards north; the screen's y runs down
    const [nose, wing] = [radius + 9, radius + 3.5];
    rings
      .poly([
        x + Math.cos(turn) * nose, y + Math.sin(turn) * nose,
        x + Math.cos(turn - 0.45) * wing, y + Math.sin(turn - 0.45) * wing,
        x + Math.cos(turn + 0.45) * wing, y + Math.sin(turn + 0.45) * wing,
      ])
      .fill({ color: colour, alpha });
    if (blind) {
      rings.moveTo(x, y - radius - 6.5).arc(x, y, radius + 6.5, start, start + Math.min(1, blind.left / Math.max(blind.whole, 0.1)) * 2 * Math.PI);
      rings.stroke({ width: 2, color: 0xffffff, alpha: 0.9 * alpha });
    }
    if (has(pack, player, frame, FLAG.bomb)) rings.roundRect(x + radius - 3, y - radius - 5, 9, 9, 2).fill({ color: INK.bomb, alpha }).stroke({ width: 1.5, color: INK.dark, alpha });
    if (has(pack, player, frame, FLAG.defusing)) {
      const whole = has(pack, player, frame, FLAG.kit) ? DEFUSE_S.kit : DEFUSE_S.none;
      const done = Math.min((view.tick - heldSince(pack, player, frame, FLAG.defusing)) / pack.tick_rate / whole, 1);
      rings.moveTo(x, y - radius - 10).arc(x, y, radius + 10, start, start + done * 2 * Math.PI);
      rings.stroke({ width: 3.5, color: 0x6fe3ff, alpha });
    }
    this.spots.push({ player, x, y, radius });
    const isOff = x < 0 || y < 0 || x > camera.width || y > camera.height;
    if (isOff) body.name.visible = false;
    else if (view.names) placeName(body.name, x, y, radius, chosen, alpha, camera, taken);
  }

  private drawDead(pack: Pack, player: number, frame: number, view: View, camera: Camera, levelOf: (z: number) => Level): void {
    const death = deathFrame(pack, player, frame);
    const tick = at(pack.ticks, death);
    const place = positionAt(pack, player, Math.max(death - 1, 0), at(pack.ticks, Math.max(death - 1, 0)));
    const age = death === 0 ? 1 : Math.min((view.tick - tick) / pack.tick_rate / CROSS_S, 1);
    const isHere = view.level === null || levelOf(place.z) === view.level;
    const [x, y, size] = [camera.x(place.x), camera.y(place.y), 5];
    this.rings.moveTo(x - size, y - size).lineTo(x + size, y + size).moveTo(x + size, y - size).lineTo(x - size, y + size);
    this.rings.stroke({ width: 2.5, color: COLOUR[pack.players[player]?.side ?? "CT"], alpha: (1 - 0.55 * age) * (isHere ? 1 : ELSEWHERE) });
  }
}

/** Where the living are drawn: where they are, but for a few pixels by which those in a heap make room for each other's
 * numbers. */
function spread(pack: Pack, frame: number, view: View, camera: Camera): Map<number, [number, number]> {
  const there = pack.players.filter(({ index }) => isAlive(pack, index, frame)).map(({ index }) => {
    const place = positionAt(pack, index, frame, view.tick);
    return { index, x: camera.x(place.x), y: camera.y(place.y), dx: 0, dy: 0 };
  });
  for (let round = 0; round < 6; round++) {
    for (const [place, one] of there.entries()) {
      for (const other of there.slice(place + 1)) {
        const [x, y] = [one.x + one.dx - other.x - other.dx, one.y + one.dy - other.y - other.dy];
        const far = Math.hypot(x, y);
        if (far >= ROOM) continue;
        const push = (ROOM - far) / 2;
        const [ux, uy] = far > 0.5 ? [x / far, y / far] : [Math.cos(place), Math.sin(place)];
        one.dx += ux * push;
        one.dy += uy * push;
        other.dx -= ux * push;
        other.dy -= uy * push;
      }
    }
    for (const one of there) {
      const far = Math.hypot(one.dx, one.dy);
      if (far > FURTHEST) [one.dx, one.dy] = [(one.dx / far) * FURTHEST, (one.dy / far) * FURTHEST];
    }
  }
  const half = (value: number): number => Math.round(value * 2) / 2;
  return new Map(there.map(({ index, x, y, dx, dy }) => [index, [half(x + dx), half(y + dy)]]));
}

function label(text: string, size: number, weight: number, colour: number, edge: number): Text {
  return new Text({
    text,
    resolution: Math.max(window.devicePixelRatio || 1, 1) * (edge ? 1.5 : 2),
    style: {
      fontFamily: FONT,
      fontSize: size,
      fontWeight: String(weight) as "700",
      fill: colour,
      ...(edge ? { stroke: { color: INK.dark, width: edge, join: "round" as const } } : {}),
    },
  });
}

/** Put a name below its player, or wherever it hides no other name; players in a heap keep what room there is. */
function placeName(name: Text, x: number, y: number, radius: number, chosen: boolean, alpha: number, camera: Camera, taken: Box[]): void {
  const [w, h, gap] = [name.width, name.height - 3, radius + 6];
  const places: [number, number][] = [
    [x - w / 2, y + gap],
    [x - w / 2, y - gap - h],
    [x + gap + 2, y - h / 2],
    [x - gap - 2 - w, y - h / 2],
    [x - w / 2, y + gap + h],
  ];
  const boxes = places.map(([left, top]) => ({
    x: Math.min(Math.max(left, 2), camera.width - w - 2), y: Math.min(Math.max(top, 2), camera.height - h - 2), width: w, height: h,
  }));
  const free = boxes.find((box) => !taken.some((other) => overlap(box, other))) ?? (chosen ? boxes[0] : undefined);
  name.visible = free !== undefined;
  if (!free) return;
  taken.push(free);
  name.position.set(Math.round(free.x), Math.round(free.y));
  name.alpha = Math.max(alpha, 0.5);
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function mixed(a: number, b: number, share: number): number {
  const channel = (shift: number): number => Math.round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share) << shift;
  return channel(16) | channel(8) | channel(0);
}
