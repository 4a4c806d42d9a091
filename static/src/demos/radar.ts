// The installed radar images of a map: which levels there are, where they lie in the world, which one to show.
import type { Level, Pack, RadarPlace } from "./pack";

const OPAQUE = 40; // of 255: below that a pixel is margin
const PROBE = 128; // pixels on a side; enough to find the margins

export class Radar {
  private constructor(
    private readonly place: RadarPlace,
    private readonly images: Record<Level, HTMLImageElement | null>,
  ) {}

  /** The images, or null where none is installed or the upper one cannot be read: then the ground is drawn instead. */
  static async load(place: RadarPlace | null): Promise<Radar | null> {
    if (!place) return null;
    const [upper, lower] = await Promise.all([picture(place.upper), place.lower_z === null ? null : picture(place.lower)]);
    return upper ? new Radar(place, { upper, lower }) : null;
  }

  get hasLevels(): boolean {
    return this.images.lower !== null;
  }

  /** The level of a height in game units. */
  levelOf(z: number | null): Level {
    const { lower_z } = this.place;
    return this.hasLevels && lower_z !== null && z !== null && z < lower_z ? "lower" : "upper";
  }

  /** The level of the watched player, or of most who live; the upper one when they are as many. */
  busiestLevel(pack: Pack, frame: number, watched: number | null): Level {
    const counted = watched === null ? pack.players.map((_, player) => player) : [watched];
    let balance = 0;
    for (const player of counted) {
      const z = pack.z[player]?.[frame] ?? null;
      if (z === null || (watched === null && (pack.health[player]?.[frame] ?? 0) <= 0)) continue;
      balance += this.levelOf(z) === "lower" ? 1 : -1;
    }
    return balance > 0 ? "lower" : "upper";
  }

  /** What of the world is worth showing: the drawn part of the image, and wherever anybody walked. */
  bounds([x0, y0, x1, y1]: Pack["bounds"]): Pack["bounds"] {
    const { pos_x, pos_y, scale, size } = this.place;
    const side = size * scale;
    const [left, top, right, bottom] = this.images.upper ? drawnPart(this.images.upper) : [0, 0, 1, 1];
    return [
      Math.min(x0, pos_x + left * side),
      Math.min(y0, pos_y - bottom * side),
      Math.max(x1, pos_x + right * side),
      Math.max(y1, pos_y - top * side),
    ];
  }

  /** Draw a level; `left` and `top` are where the world's origin is on the canvas, `scale` its pixels per unit. */
  draw(context: CanvasRenderingContext2D, level: Level, left: number, top: number, scale: number): void {
    const image = this.images[level];
    if (!image) return;
    const side = this.place.size * this.place.scale * scale;
    context.globalAlpha = 0.65; // the players are what one looks at
    context.drawImage(image, left + this.place.pos_x * scale, top - this.place.pos_y * scale, side, side);
    context.globalAlpha = 1;
  }
}

async function picture(address: string | null): Promise<HTMLImageElement | null> {
  if (!address) return null;
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image;
  } catch {
    return null; // removed or damaged since the pack was made
  }
}

/** Left, top, right and bottom of what is not transparent, as shares of the image. */
function drawnPart(image: HTMLImageElement): [number, number, number, number] {
  const probe = document.createElement("canvas");
  probe.width = probe.height = PROBE;
  const context = probe.getContext("2d", { willReadFrequently: true });
  if (!context) return [0, 0, 1, 1];
  context.drawImage(image, 0, 0, PROBE, PROBE);
  const { data } = context.getImageData(0, 0, PROBE, PROBE);
  let [left, top, right, bottom] = [PROBE, PROBE, 0, 0];
  for (let y = 0; y < PROBE; y++) {
    for (let x = 0; x < PROBE; x++) {
      if ((data[(y * PROBE + x) * 4 + 3] ?? 0) < OPAQUE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right > left ? [left / PROBE, top / PROBE, right / PROBE, bottom / PROBE] : [0, 0, 1, 1];
}
