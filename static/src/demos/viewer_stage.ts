// The map on WebGL: what lies below, then clouds, cones, players, lines. Drawn only when asked.
import "pixi.js/unsafe-eval"; // our pages forbid eval; this makes PixiJS do without it
import { Container, Graphics, Sprite, Texture, WebGLRenderer } from "pixi.js";
import type { Ground } from "./ground";
import { frameAt, type Level, type Pack } from "./pack";
import type { Radar } from "./radar";
import { Bodies } from "./viewer_bodies";
import { Camera } from "./viewer_camera";
import { Cones } from "./viewer_cones";
import { Effects } from "./viewer_effects";
import { cloud, disc, glow } from "./viewer_textures";
import type { View } from "./viewer_view";

const MARGIN = 30; // pixels around the whole map: a marker at its edge, and the name below it
const RADAR_ALPHA = 0.72; // the players are what one looks at

export interface HeatImage {
  canvas: HTMLCanvasElement;
  bounds: [number, number, number, number];
}

export class Stage {
  readonly camera: Camera;
  private readonly root = new Container();
  private readonly floors: Record<Level, Sprite>;
  private readonly heat = new Sprite();
  private heatBounds: HeatImage["bounds"] | null = null;
  private readonly rings = new Graphics();
  private readonly under = new Graphics();
  private readonly over = new Graphics();
  private readonly cones = new Cones(glow());
  private readonly bodies = new Bodies(disc(), this.rings);
  private readonly effects = new Effects(cloud(), this.under, this.over);

  private constructor(
    private readonly renderer: WebGLRenderer,
    private readonly ground: Ground,
    private readonly radar: Radar | null,
    onChange: () => void,
  ) {
    const bounds = radar ? radar.bounds(ground.sent.bounds) : ground.sent.bounds;
    this.camera = new Camera(bounds, MARGIN, onChange);
    const floor = (level: Level): Sprite => new Sprite(Texture.from(radar?.images[level] ?? ground.picture(level)));
    this.floors = { upper: floor("upper"), lower: floor("lower") };
    if (radar) this.floors.upper.alpha = this.floors.lower.alpha = RADAR_ALPHA;
    const { floors, heat, effects, cones, over, bodies } = this;
    this.root.addChild(floors.upper, floors.lower, heat, effects.below, cones.layer, over, bodies.layer);
  }

  /** A stage that draws into `canvas`. Fails where the browser has no WebGL. */
  static async make(canvas: HTMLCanvasElement, ground: Ground, radar: Radar | null, onChange: () => void): Promise<Stage> {
    const renderer = new WebGLRenderer();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    await renderer.init({ canvas, antialias: true, resolution: ratio, autoDensity: true, backgroundAlpha: 0, width: 16, height: 16 });
    return new Stage(renderer, ground, radar, onChange);
  }

  get hasLevels(): boolean {
    return this.radar ? this.radar.hasLevels : this.ground.hasLevels;
  }

  readonly levelOf = (z: number): Level => (this.radar?.hasLevels ? this.radar.levelOf(z) : this.ground.levelOf(z));

  begin(pack: Pack, keys: string[]): void {
    this.cones.begin(pack);
    this.bodies.begin(pack, keys);
  }

  resize(width: number, height: number): void {
    this.renderer.resize(width, height);
    this.camera.resize(width, height);
  }

  setHeat(image: HeatImage | null): void {
    this.heatBounds = image?.bounds ?? null;
    this.heat.visible = image !== null;
    if (!image) return;
    const old = this.heat.texture;
    this.heat.texture = Texture.from(image.canvas, true);
    if (old !== Texture.EMPTY) old.destroy(true);
  }

  hit(x: number, y: number): number | null {
    return this.bodies.hit(x, y);
  }

  draw(pack: Pack, view: View): void {
    const { camera, ground } = this;
    const frame = frameAt(pack, view.tick);
    for (const graphics of [this.rings, this.under, this.over]) graphics.clear();
    this.drawFloor(view.level ?? "upper");
    this.effects.draw(pack, ground, view, camera, this.levelOf);
    this.cones.draw(pack, frame, view, camera, ground, this.levelOf);
    this.bodies.draw(pack, frame, view, camera, this.levelOf);
    this.renderer.render(this.root);
  }

  private drawFloor(level: Level): void {
    this.floors.upper.visible = level === "upper";
    this.floors.lower.visible = level === "lower";
    const put = (sprite: Sprite, x0: number, y0: number, x1: number, y1: number): void => {
      sprite.position.set(this.camera.x(x0), this.camera.y(y1));
      sprite.width = (x1 - x0) * this.camera.scale;
      sprite.height = (y1 - y0) * this.camera.scale;
    };
    const shown = this.floors[level];
    if (this.radar) {
      const { pos_x, pos_y, scale, size } = this.radar.place;
      put(shown, pos_x, pos_y - size * scale, pos_x + size * scale, pos_y);
    } else {
      const { cell, left, bottom, width, height } = this.ground.sent;
      put(shown, left * cell, bottom * cell, (left + width) * cell, (bottom + height) * cell);
    }
    if (this.heatBounds) put(this.heat, ...this.heatBounds);
  }
}
