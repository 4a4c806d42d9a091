// What is true of the players at one moment of a pack.
import { at, FLAG, frameAt, type Pack, type StepName } from "./pack";

const JUMP = 400; // units between two frames: a respawn, not a walk

export interface Position {
  x: number;
  y: number;
  z: number;
  yaw: number; // degrees, from east towards north
}

export function step(pack: Pack, name: StepName, player: number, frame: number): number {
  return at(pack.steps[name][player], frame);
}

export function has(pack: Pack, player: number, frame: number, flag: number): boolean {
  return (step(pack, "flags", player, frame) & flag) !== 0;
}

export function isAlive(pack: Pack, player: number, frame: number): boolean {
  return has(pack, player, frame, FLAG.present) && step(pack, "health", player, frame) > 0;
}

/** Where a player is at `tick`, between `frame` and the next one. */
export function positionAt(pack: Pack, player: number, frame: number, tick: number): Position {
  const { x, y, z, yaw } = pack.moves;
  const [xs, ys, zs, yaws] = [x[player], y[player], z[player], yaw[player]];
  const here = { x: at(xs, frame), y: at(ys, frame), z: at(zs, frame), yaw: at(yaws, frame) };
  const next = frame + 1;
  if (next >= pack.ticks.length) return here;
  const from = at(pack.ticks, frame);
  const span = at(pack.ticks, next) - from;
  const share = span > 0 ? Math.min(Math.max((tick - from) / span, 0), 1) : 0;
  const [dx, dy] = [at(xs, next) - here.x, at(ys, next) - here.y];
  if (Math.abs(dx) + Math.abs(dy) > JUMP) return here;
  return { x: here.x + dx * share, y: here.y + dy * share, z: here.z, yaw: here.yaw + (at(yaws, next) - here.yaw) * share };
}

/** The frame at which whoever is dead at `frame` was first seen dead. */
export function deathFrame(pack: Pack, player: number, frame: number): number {
  let death = frame;
  while (death > 0 && !isAlive(pack, player, death - 1)) death--;
  return death;
}

/** The first tick at or after a kill at which its victim is shown dead; the kill's own where no frame soon after says so. */
export function seenDead(pack: Pack, kill: number): number {
  const [tick, victim] = [at(pack.kills.tick, kill), at(pack.kills.victim, kill, -1)];
  if (victim < 0) return tick;
  const latest = tick + pack.tick_rate / 2;
  for (let frame = frameAt(pack, tick); frame < pack.ticks.length && at(pack.ticks, frame) <= latest; frame++) {
    if (!isAlive(pack, victim, frame)) return Math.max(at(pack.ticks, frame), tick);
  }
  return tick;
}

/** How many seconds the player goes on being blinded, and for how long altogether; null for who sees. */
export function blindness(pack: Pack, player: number, tick: number): { left: number; whole: number } | null {
  const { blinds } = pack;
  for (let index = blinds.tick.length - 1; index >= 0; index--) {
    if (blinds.victim[index] !== player || at(blinds.tick, index) > tick) continue;
    const whole = at(blinds.ms, index) / 1000;
    const left = whole - (tick - at(blinds.tick, index)) / pack.tick_rate;
    return left > 0 ? { left, whole } : null;
  }
  return null;
}

/** Since which tick a player holds `flag` without a break, up to `frame`. */
export function heldSince(pack: Pack, player: number, frame: number, flag: number): number {
  let since = frame;
  while (since > 0 && has(pack, player, since - 1, flag)) since--;
  return at(pack.ticks, since);
}

const UTILITY = ["Flash", "Smoke", "HE", "Fire", "Decoy", "Zeus"] as const;
export type Utility = (typeof UTILITY)[number];

/** What is thrown and zapped with, by kind; only what is there. */
export function utility(packed: number): { kind: Utility; count: number }[] {
  return UTILITY.map((kind, place) => ({ kind, count: (packed >> (3 * place)) & 7 })).filter(({ count }) => count > 0);
}
