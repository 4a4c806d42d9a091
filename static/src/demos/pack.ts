// The pack of a round as the server sends it (apps/demos/parsing/pack.py says what is what), and moments between frames.
export type Side = "CT" | "T";
type Values = (number | null)[][];

export interface Pack {
  tick_rate: number;
  ticks: number[];
  players: { slot: number; name: string | null; side: Side; bot: boolean }[];
  weapons: string[];
  x: Values;
  y: Values;
  z: Values;
  yaw: Values;
  health: Values;
  armor: Values;
  money: Values;
  weapon: Values;
  flags: Values;
  phase: (string | null)[];
  clock: (number | null)[];
  score: [number | null, number | null][];
  bomb: (string | null)[];
  cell: number;
  walked: number[];
  bounds: [number, number, number, number];
}

export const HELMET = 1;
export const DEFUSER = 2;
export const BOMB = 4;

export interface Position {
  x: number;
  y: number;
  yaw: number;
}

/** Index of the last frame at or before `tick`. */
export function frameAt(pack: Pack, tick: number): number {
  let low = 0;
  let high = pack.ticks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pack.ticks[middle] ?? 0) <= tick) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a player is at `tick`, between two frames; null when absent. */
export function positionAt(pack: Pack, player: number, frame: number, tick: number): Position | null {
  const here = read(pack, player, frame);
  const next = read(pack, player, frame + 1);
  if (!here || !next) return here;
  const from = pack.ticks[frame] ?? 0;
  const span = (pack.ticks[frame + 1] ?? from) - from;
  const share = span > 0 ? Math.min(Math.max((tick - from) / span, 0), 1) : 0;
  if (Math.hypot(next.x - here.x, next.y - here.y) > 400) return here; // a respawn, not a walk
  const turn = ((next.yaw - here.yaw + 540) % 360) - 180;
  return { x: here.x + (next.x - here.x) * share, y: here.y + (next.y - here.y) * share, yaw: here.yaw + turn * share };
}

function read(pack: Pack, player: number, frame: number): Position | null {
  const x = pack.x[player]?.[frame];
  const y = pack.y[player]?.[frame];
  if (x === null || x === undefined || y === null || y === undefined) return null;
  return { x, y, yaw: pack.yaw[player]?.[frame] ?? 0 };
}
