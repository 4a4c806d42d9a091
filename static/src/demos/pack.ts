// The pack of a stretch as the server sends it (apps/demos/parsing/viewing/pack.py says what is what), decoded into typed arrays.
export type Side = "CT" | "T";
export type Level = "upper" | "lower";

type Steps = number[];
type Columns<Names extends string> = Record<Names, number[]>;

export interface Sent {
  version: number;
  ordinal: number;
  tick_rate: number;
  start: number;
  freeze_end: number | null;
  end: number;
  last: number;
  words: string[];
  ticks: number[];
  players: { slot: number[]; steamid: string[]; name: string[]; side: Side[]; bot: boolean[] };
  moves: Record<"x" | "y" | "z" | "yaw", number[][]>;
  steps: Record<StepName, Steps[]>;
  game: { phase: Steps; bomb: Steps; clock: number[] };
  shots: Columns<"tick" | "player" | "yaw">;
  damages: Columns<"tick" | "attacker" | "victim" | "weapon" | "health" | "armor" | "ax" | "ay" | "vx" | "vy">;
  kills: Columns<"tick" | "attacker" | "victim" | "assister" | "weapon" | "flags" | "ax" | "ay" | "az" | "vx" | "vy" | "vz">;
  blinds: Columns<"tick" | "attacker" | "victim" | "ms">;
  grenades: Columns<"type" | "player" | "start" | "end" | "points" | "dt" | "x" | "y" | "z">;
  smokes: Columns<"start" | "end" | "player" | "x" | "y" | "z">;
  fires: Columns<"start" | "end" | "player" | "x" | "y" | "z">;
  bomb: Columns<"tick" | "event" | "player" | "site" | "x" | "y" | "z">;
  purchases: Columns<"tick" | "player" | "item" | "cost">;
}

export const STEPS = ["health", "armor", "money", "equipment", "clip", "weapon", "primary", "secondary", "place", "utility", "flags"] as const;
export type StepName = (typeof STEPS)[number];
export const PHASES = ["warmup", "freeze", "live", "planted", "over"] as const;
export const BOMB = ["carried", "dropped", "planted", "defused", "exploded"] as const;
export const FLAG = { present: 1, helmet: 2, kit: 4, bomb: 8, scoped: 16, defusing: 32, crouched: 64, walking: 128, reloading: 256 };
export const KILL = { headshot: 1, noscope: 2, smoke: 4, flash: 8, trade: 16, wallbang: 32 };

export interface Player {
  index: number;
  slot: number;
  steamid: string;
  name: string;
  side: Side;
  bot: boolean;
}

export interface Path {
  type: string;
  player: number;
  start: number;
  end: number;
  ticks: Int32Array;
  x: Int32Array;
  y: Int32Array;
  z: Int32Array;
}

export interface Pack extends Omit<Sent, "players" | "ticks" | "moves" | "steps" | "game" | "shots" | "grenades"> {
  players: Player[];
  ticks: Int32Array;
  moves: Record<"x" | "y" | "z" | "yaw", Int32Array[]>;
  steps: Record<StepName, Int32Array[]>;
  phase: Int32Array;
  bombState: Int32Array;
  clock: Int32Array; // tenths of a second, −1 unknown
  shots: { tick: Int32Array; player: number[]; yaw: number[] };
  grenades: Path[];
}

export function decode(sent: Sent): Pack {
  const ticks = summed(sent.ticks);
  const { players } = sent;
  const held = (steps: Steps): Int32Array => spread(steps, ticks.length);
  return {
    ...sent,
    ticks,
    players: players.slot.map((slot, index) => ({
      index,
      slot,
      steamid: players.steamid[index] ?? "0",
      name: isolated(players.name[index] || "(no name)"),
      side: players.side[index] === "T" ? "T" : "CT",
      bot: players.bot[index] ?? false,
    })),
    moves: {
      x: sent.moves.x.map(summed),
      y: sent.moves.y.map(summed),
      z: sent.moves.z.map(summed),
      yaw: sent.moves.yaw.map(summed),
    },
    steps: Object.fromEntries(STEPS.map((name) => [name, sent.steps[name].map(held)])) as Pack["steps"],
    phase: held(sent.game.phase),
    bombState: held(sent.game.bomb),
    clock: summed(sent.game.clock),
    shots: { ...sent.shots, tick: summed(sent.shots.tick) },
    grenades: paths(sent),
  };
}

/** A name whose letters run from right to left, or that says so, must not turn the words beside it around. */
export function isolated(name: string): string {
  return /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufeff]/.test(name) ? `\u2068${name}\u2069` : name;
}

function summed(deltas: number[]): Int32Array {
  const values = new Int32Array(deltas.length);
  let sum = 0;
  for (let index = 0; index < deltas.length; index++) values[index] = sum += deltas[index] ?? 0;
  return values;
}

function spread(steps: Steps, length: number): Int32Array {
  const values = new Int32Array(length);
  for (let index = 0; index + 1 < steps.length; index += 2) values.fill(steps[index + 1] ?? 0, steps[index], steps[index + 2] ?? length);
  return values;
}

function paths({ grenades, words }: Sent): Path[] {
  let at = 0;
  return grenades.points.map((count, index) => {
    const part = (name: "x" | "y" | "z"): Int32Array => summed(grenades[name].slice(at, at + count));
    const start = grenades.start[index] ?? 0;
    const ticks = summed(grenades.dt.slice(at, at + count)).map((since) => since + start);
    const path = { x: part("x"), y: part("y"), z: part("z"), ticks, start };
    at += count;
    return { ...path, type: words[grenades.type[index] ?? -1] ?? "", player: grenades.player[index] ?? -1, end: grenades.end[index] ?? start };
  });
}

/** Index of the last value at or before `wanted` in ascending `values`; −1 before the first. */
export function lastAt(values: ArrayLike<number>, wanted: number): number {
  let low = -1;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function frameAt(pack: Pack, tick: number): number {
  return Math.max(lastAt(pack.ticks, tick), 0);
}

/** Seconds since the end of freeze time, or since the start where that was not recorded. */
export function secondsAt(pack: Pack, tick: number): number {
  return (tick - (pack.freeze_end ?? pack.start)) / pack.tick_rate;
}

export function tickAt(pack: Pack, seconds: number): number {
  return (pack.freeze_end ?? pack.start) + seconds * pack.tick_rate;
}

/** The value of a column, `missing` outside it. */
export function at(values: ArrayLike<number> | undefined, index: number, missing = 0): number {
  return values?.[index] ?? missing;
}

/** The word behind an index of the pack, "" for none. */
export function word(pack: Pick<Pack, "words">, index: number): string {
  return pack.words[index] ?? "";
}
