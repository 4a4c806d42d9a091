// What happens on the map: shots, hits, kills, everything thrown, the bomb.
import { Container, type Graphics, Sprite, Text, type Texture } from "pixi.js";
import type { Ground } from "./ground";
import { frameAt, lastAt, type Level, type Pack, type Path, word } from "./pack";
import { at } from "./pack";
import { positionAt } from "./moment";
import type { Camera } from "./viewer_camera";
import { COLOUR, INK, REDUCED_MOTION, type View } from "./viewer_view";

const [TRACER_S, HIT_S, KILL_S, BURST_S, TRAIL_S] = [0.14, 0.5, 2.5, 0.5, 1.2];
const TRACER = 2500; // units
const SMOKE_RADIUS = 144;
const FIRE_RADIUS = 125;
const RADIUS: Record<string, number> = { he: 350, flashbang: 220 };
const PATH: Record<string, number> = { smoke: 0xb9c4d0, flashbang: 0xffffff, he: 0xff7b72, molotov: 0xff8a3d, incendiary: 0xff8a3d, decoy: 0x9aa7b8 };

export class Effects {
  readonly below = new Container(); // clouds, under the players
  private readonly clouds = new Container();
  private readonly times = new Container();

  constructor(
    private readonly texture: Texture,
    private readonly under: Graphics,
    private readonly over: Graphics,
  ) {
    this.below.addChild(this.clouds, under, this.times);
  }

  draw(pack: Pack, ground: Ground, view: View, camera: Camera, levelOf: (z: number) => Level): void {
    const seconds = (ticks: number): number => ticks / pack.tick_rate;
    let cloud = 0;
    const drawCloud = (kind: "smokes" | "fires", radius: number, colour: number, alpha: number): void => {
      const table = pack[kind];
      table.start.forEach((start, index) => {
        const end = at(table.end, index);
        if (view.tick < start || view.tick > end) return;
        const [x, y] = [camera.x(at(table.x, index)), camera.y(at(table.y, index))];
        const grown = REDUCED_MOTION ? 1 : Math.min(1, 0.35 + seconds(view.tick - start) / 0.8);
        const left = seconds(end - view.tick);
        const size = radius * camera.scale * grown;
        const sprite = this.sprite(cloud);
        sprite.position.set(x, y);
        sprite.width = sprite.height = 2 * size;
        sprite.tint = colour;
        sprite.alpha = alpha * Math.min(1, left / 1.5 + 0.2);
        const side = pack.players[at(table.player, index, -1)]?.side;
        const angle = -Math.PI / 2;
        this.under.moveTo(x, y - size).arc(x, y, size, angle, angle + (left / Math.max(seconds(end - start), 0.1)) * 2 * Math.PI);
        this.under.stroke({ width: 2, color: side ? COLOUR[side] : colour, alpha: 0.8 });
        const time = this.time(cloud++);
        const text = String(Math.ceil(left));
        if (time.text !== text) time.text = text;
        time.position.set(x, y);
      });
    };
    drawCloud("smokes", SMOKE_RADIUS, INK.smoke, 0.62);
    drawCloud("fires", FIRE_RADIUS, INK.fire, 0.6);
    for (let index = cloud; index < this.clouds.children.length; index++) {
      this.sprite(index).visible = false;
      this.time(index).visible = false;
    }
    for (const path of pack.grenades) this.drawPath(pack, path, view, camera);
    this.drawBomb(pack, ground, view, camera);
    this.drawShots(pack, ground, view, camera, levelOf);
    this.drawHits(pack, view, camera);
  }

  private sprite(index: number): Sprite {
    const known = this.clouds.children[index] as Sprite | undefined;
    if (known) known.visible = true;
    if (known) return known;
    const sprite = new Sprite(this.texture);
    sprite.anchor.set(0.5);
    return this.clouds.addChild(sprite);
  }

  private time(index: number): Text {
    const known = this.times.children[index] as Text | undefined;
    if (known) known.visible = true;
    if (known) return known;
    const style = { fontFamily: '"Inter Variable", sans-serif', fontSize: 12, fontWeight: "700" as const, fill: 0x0d1117 };
    const text = new Text({ text: "", style, resolution: 2 });
    text.anchor.set(0.5);
    return this.times.addChild(text);
  }

  private drawPath(pack: Pack, path: Path, view: View, camera: Camera): void {
    const after = (view.tick - path.end) / pack.tick_rate;
    if (view.tick < path.start || after > TRAIL_S) return;
    const colour = PATH[path.type] ?? INK.light;
    const now = Math.max(lastAt(path.ticks, view.tick), 0);
    const alpha = after > 0 ? 1 - after / TRAIL_S : 1;
    if (view.trails && path.ticks.length > 1) {
      this.over.moveTo(camera.x(at(path.x, 0)), camera.y(at(path.y, 0)));
      for (let point = 1; point <= now; point++) this.over.lineTo(camera.x(at(path.x, point)), camera.y(at(path.y, point)));
      this.over.stroke({ width: 1.5, color: colour, alpha: 0.55 * alpha });
    }
    const [x, y] = [camera.x(at(path.x, now)), camera.y(at(path.y, now))];
    if (after <= 0) {
      const side = pack.players[path.player]?.side;
      this.over.circle(x, y, 4).fill({ color: colour }).stroke({ width: 1.5, color: side ? COLOUR[side] : INK.dark });
    } else {
      const radius = RADIUS[path.type];
      if (!radius || after > BURST_S) return;
      const grown = REDUCED_MOTION ? 1 : 0.4 + 0.6 * (after / BURST_S);
      const fade = 1 - after / BURST_S;
      this.over.circle(x, y, radius * camera.scale * grown).fill({ color: colour, alpha: 0.35 * fade }).stroke({ width: 2, color: colour, alpha: fade });
    }
  }

  private drawBomb(pack: Pack, ground: Ground, view: View, camera: Camera): void {
    const { bomb } = pack;
    const last = lastAt(bomb.tick, view.tick);
    if (last < 0) return;
    const event = word(pack, at(bomb.event, last, -1));
    const plant = bomb.event.findIndex((name, index) => index <= last && /finish_plant|planted|^plant$/.test(word(pack, name)));
    const at_ = plant >= 0 ? plant : last;
    if (plant < 0 && event !== "drop" && event !== "dropped") return; // somebody carries it: on the carrier
    const [x, y] = [camera.x(at(bomb.x, at_)), camera.y(at(bomb.y, at_))];
    const since = (view.tick - at(bomb.tick, at_)) / pack.tick_rate;
    const ended = plant >= 0 && /defuse|explode|deton/.test(event) && !/start|begin|abort/.test(event);
    const isDefused = ended && event.startsWith("defuse");
    const beat = plant >= 0 && !ended && !REDUCED_MOTION ? 0.75 + 0.25 * Math.cos(since * 2 * Math.PI) : 1;
    this.over.roundRect(x - 6, y - 6, 12, 12, 3).fill({ color: isDefused ? INK.good : INK.bomb, alpha: beat }).stroke({ width: 2, color: INK.dark });
    if (plant < 0 || ended) {
      const after = (view.tick - at(bomb.tick, last)) / pack.tick_rate;
      if (ended && !isDefused && after < 1.5) {
        const radius = (REDUCED_MOTION ? 1 : 0.3 + after) * 500 * camera.scale;
        this.over.circle(x, y, radius).fill({ color: INK.fire, alpha: 0.35 * (1 - after / 1.5) });
      }
      return;
    }
    const left = Math.max(0, 1 - since / ground.sent.bomb_s);
    const angle = -Math.PI / 2;
    this.over.moveTo(x, y - 12).arc(x, y, 12, angle, angle + left * 2 * Math.PI);
    this.over.stroke({ width: 3, color: INK.bomb });
  }

  private drawShots(pack: Pack, ground: Ground, view: View, camera: Camera, levelOf: (z: number) => Level): void {
    const { shots } = pack;
    for (let index = lastAt(shots.tick, view.tick); index >= 0; index--) {
      const tick = at(shots.tick, index);
      const age = (view.tick - tick) / pack.tick_rate;
      if (age > TRACER_S) break;
      const player = at(shots.player, index, -1);
      if (player < 0) continue;
      const place = positionAt(pack, player, frameAt(pack, tick), tick);
      const angle = (at(shots.yaw, index) * Math.PI) / 180;
      const far = ground.distance(levelOf(place.z), place.x, place.y, angle, TRACER);
      this.over.moveTo(camera.x(place.x), camera.y(place.y)).lineTo(camera.x(place.x + Math.cos(angle) * far), camera.y(place.y + Math.sin(angle) * far));
      this.over.stroke({ width: 1.5, color: COLOUR[pack.players[player]?.side ?? "CT"], alpha: REDUCED_MOTION ? 0.7 : 0.85 * (1 - age / TRACER_S) });
    }
  }

  private drawHits(pack: Pack, view: View, camera: Camera): void {
    const line = (table: Pack["damages"] | Pack["kills"], index: number): void => {
      this.over.moveTo(camera.x(at(table.ax, index)), camera.y(at(table.ay, index)));
      this.over.lineTo(camera.x(at(table.vx, index)), camera.y(at(table.vy, index)));
    };
    for (let index = lastAt(pack.damages.tick, view.tick); index >= 0; index--) {
      const age = (view.tick - at(pack.damages.tick, index)) / pack.tick_rate;
      if (age > HIT_S) break;
      line(pack.damages, index);
      this.over.stroke({ width: 1.5, color: INK.bad, alpha: 0.9 * (1 - age / HIT_S) });
    }
    for (let index = lastAt(pack.kills.tick, view.tick); index >= 0; index--) {
      const age = (view.tick - at(pack.kills.tick, index)) / pack.tick_rate;
      if (age > KILL_S) break;
      const side = pack.players[at(pack.kills.attacker, index, -1)]?.side;
      line(pack.kills, index);
      this.over.stroke({ width: 2.5, color: side ? COLOUR[side] : INK.light, alpha: 0.9 * (1 - age / KILL_S) });
      const [x, y] = [camera.x(at(pack.kills.vx, index)), camera.y(at(pack.kills.vy, index))];
      this.over.circle(x, y, 12).stroke({ width: 2, color: INK.bad, alpha: 1 - age / KILL_S });
    }
  }
}
