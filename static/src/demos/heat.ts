// A heat map as the server counts it, as a picture to lay over a map.
export interface SentHeat {
  cell: number;
  left: number;
  bottom: number;
  width: number;
  height: number;
  levels: number[][]; // upper, lower: index, count, index, count …
  total: number;
  demos: number;
  left_to_count: number;
  note: string;
  recordings: string; // address of those that fit, in the library
}

const SHADES: [number, number, number, number][] = [
  [59, 76, 192, 0],
  [68, 130, 230, 110],
  [70, 200, 160, 150],
  [240, 200, 80, 190],
  [235, 70, 50, 225],
];

/** One pixel per quarter cell, smoothed; null where there is nothing to show. */
export function picture(sent: SentHeat, level: number, spread = 1): HTMLCanvasElement | null {
  const counts = sent.levels[level] ?? [];
  if (counts.length === 0) return null;
  const { width, height } = sent;
  const values = new Float32Array(width * height);
  for (let index = 0; index + 1 < counts.length; index += 2) values[counts[index] ?? 0] = counts[index + 1] ?? 0;
  const smooth = blurred(values, width, height, spread);
  const most = Math.max(...smooth);
  if (!(most > 0)) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context) return null;
  const image = context.createImageData(width, height);
  smooth.forEach((value, cell) => {
    const row = height - 1 - Math.floor(cell / width);
    image.data.set(shade(Math.sqrt(value / most)), (row * width + (cell % width)) * 4);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function shade(share: number): [number, number, number, number] {
  if (share < 0.04) return [0, 0, 0, 0];
  const place = share * (SHADES.length - 1);
  const [a, b] = [SHADES[Math.floor(place)] ?? [0, 0, 0, 0], SHADES[Math.ceil(place)] ?? [0, 0, 0, 0]];
  const mix = (channel: number): number => Math.round((a[channel] ?? 0) + ((b[channel] ?? 0) - (a[channel] ?? 0)) * (place % 1));
  return [mix(0), mix(1), mix(2), mix(3)];
}

/** A Gaussian of `spread` cells, along both axes one after the other. */
function blurred(values: Float32Array, width: number, height: number, spread: number): Float32Array {
  const reach = Math.ceil(spread * 2.5);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, place) => Math.exp(-((place - reach) ** 2) / (2 * spread ** 2)));
  const pass = (source: Float32Array, along: number, length: number, across: number, lines: number): Float32Array => {
    const target = new Float32Array(source.length);
    for (let line = 0; line < lines; line++) {
      for (let place = 0; place < length; place++) {
        let sum = 0;
        for (let offset = -reach; offset <= reach; offset++) {
          const other = place + offset;
          if (other >= 0 && other < length) sum += (source[line * across + other * along] ?? 0) * (weights[offset + reach] ?? 0);
        }
        target[line * across + place * along] = sum;
      }
    }
    return target;
  };
  return pass(pass(values, 1, width, width, height), width, height, 1, width);
}
