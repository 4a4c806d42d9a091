// The installed radar images of a map: which levels there are, where they lie in the world.
import type { Bounds } from "./ground";
import type { Level } from "./pack";

export interface RadarPlace {
  pos_x: number;
  pos_y: number;
  scale: number;
  size: number;
  lower_z: number | null;
  upper: string;
  lower: string | null;
}

const OPAQUE = 40; // of 255: below that a pixel is margin
const PROBE = 128; // pixels on a side; enough to find the margins

export class Radar {
  private constructor(
    readonly place: RadarPlace,
    readonly images: Record<Level, HTMLImageElement | null>,
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

  levelOf(z: number): Level {
    const { lower_z } = this.place;
    return this.hasLevels && lower_z !== null && z < lower_z ? "lower" : "upper";
  }

  /** What of the world is worth showing: the drawn part of the image, and wherever anybody walked. */
  bounds([x0, y0, x1, y1]: Bounds): Bounds {
    const { pos_x, pos_y, scale, size } = this.place;
    const side = size * scale;
    const drawn = Object.values(this.images).flatMap((image) => (image ? [drawnPart(image)] : []));
    const least = (place: 0 | 1): number => Math.min(...drawn.map((one) => one[place]));
    const most = (place: 2 | 3): number => Math.max(...drawn.map((one) => one[place]));
    const [left, top, right, bottom] = drawn.length > 0 ? [least(0), least(1), most(2), most(3)] : [0, 0, 1, 1];
    return [
      Math.min(x0, pos_x + left * side),
      Math.min(y0, pos_y - bottom * side),
      Math.max(x1, pos_x + right * side),
      Math.max(y1, pos_y - top * side),
    ];
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
    return null; // removed or damaged since the page was made
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
