// What the map shows: the choices a person made, and the colours they are shown in.
import type { Level, Side } from "./pack";

export interface View {
  tick: number;
  followed: number | null; // index into the pack's players
  level: Level | null; // null: the map has only one
  cones: boolean;
  names: boolean;
  trails: boolean;
}

export const COLOUR: Record<Side, number> = { CT: 0x6fb1ff, T: 0xf2c14e };
export const INK = { dark: 0x090c11, light: 0xe8edf4, bad: 0xff7b72, good: 0x5fce8b, fire: 0xff8a3d, smoke: 0xb9c4d0, bomb: 0xff6b5e };
export const ELSEWHERE = 0.3; // opacity of those on the other level
export const REDUCED_MOTION = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
