// Whether a shared picture changed, told by two shrunken grey copies of it. Nothing leaves the page for that.
export const WIDE = 64;
export const HIGH = 36;
// A clock that counts or a flickering light moves a few cells a little; a step, a turn or a new screen moves many.
const CELL = 12; // of 255: what a cell must differ by to count
const SHARE = 0.02; // of the cells

export type Grey = Uint8Array;

/** Luma of a picture's RGBA bytes, one byte a pixel (ITU-R BT.601). */
export function grey(rgba: Uint8ClampedArray): Grey {
  const out = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < out.length; i++) out[i] = 0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!;
  return out;
}

export function changed(before: Grey | null, now: Grey): boolean {
  if (before === null || before.length !== now.length) return true;
  let cells = 0;
  for (let i = 0; i < now.length; i++) if (Math.abs(now[i]! - before[i]!) > CELL) cells++;
  return cells > SHARE * now.length;
}
