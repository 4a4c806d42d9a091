// The pack of a round as the server sends it (apps/demos/parsing/pack.py says what is what), and moments between frames.
export type Side = "CT" | "T";
type Values = (number | null)[][];

export type Level = "upper" | "lower";

export interface RadarPlace {
  pos_x: number;
  pos_y: number;
  scale: number;
  size: number;
  lower_z: number | null;
  upper: string;
  lower: string | null;
}

export interface Kill {
  tick: number;
  attacker_name?: string | null;
  victim_name?: string | null;
  victim_side?: string | null;
  weapon?: string | null;
  headshot?: boolean | null;
}

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
  kills: Kill[];
  radar: RadarPlace | null;
}

export const HELMET = 1;
export const DEFUSER = 2;
export const BOMB = 4;

export interface Position {
  x: number;
  y: number;
  z: number | null;
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

/** The frame in which a player who is dead at `frame` was first seen dead. */
export function deathFrame(pack: Pack, player: number, frame: number): number {
  const health = pack.health[player] ?? [];
  let death = frame;
  while (death > 0 && (health[death - 1] ?? 0) <= 0) death--;
  return death;
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
  const { z } = here;
  return { x: here.x + (next.x - here.x) * share, y: here.y + (next.y - here.y) * share, z, yaw: here.yaw + turn * share };
}

function read(pack: Pack, player: number, frame: number): Position | null {
  const x = pack.x[player]?.[frame];
  const y = pack.y[player]?.[frame];
  if (x === null || x === undefined || y === null || y === undefined) return null;
  return { x, y, z: pack.z[player]?.[frame] ?? null, yaw: pack.yaw[player]?.[frame] ?? 0 };
}
