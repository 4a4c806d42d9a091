// The clock, the score and the words for the phase above the map.
import { at, BOMB, PHASES, type Pack, word } from "./pack";
import type { Ground } from "./ground";

export interface RoundInfo {
  ordinal: number;
  number: number | null;
  not_counted: string;
  why: string;
  start_tick: number;
  freeze_end_tick: number | null;
  end_tick: number;
  is_partial: boolean;
  overtime: number;
  winner_side: string;
  ct_roster: number | null;
  end_reason: string;
  icon: string; // see templates/demos/demo_icons.html
  score_ct: number;
  score_t: number;
  plant_tick: number | null;
  bomb_site: string;
}

const PHASE_WORDS: Record<string, string> = { warmup: "warm-up", freeze: "freeze time", live: "live", planted: "bomb planted", over: "round over" };
const REASONS: Record<string, string> = {
  target_bombed: "bomb exploded",
  bomb_defused: "bomb defused",
  ct_win: "terrorists eliminated",
  terrorists_win: "counter-terrorists eliminated",
  target_saved: "time ran out",
  hostages_rescued: "hostages rescued",
};

export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

export function phaseAt(pack: Pack, frame: number): string {
  return PHASES[at(pack.phase, frame, -1)] ?? "";
}

/** When the bomb was planted, up to `tick`; null before. */
export function plantTick(pack: Pack, tick: number): number | null {
  const index = pack.bomb.event.findIndex((event, place) => at(pack.bomb.tick, place) <= tick && /finish_plant|planted|^plant$/.test(word(pack, event)));
  return index < 0 ? null : at(pack.bomb.tick, index);
}

export interface Clock {
  text: string;
  phase: string;
  isBomb: boolean;
}

/** What the clock shows at a tick: time left, the bomb's time, or time since the start where no clock is known. */
export function clockAt(pack: Pack, ground: Ground, info: RoundInfo, tick: number, frame: number): Clock {
  const isOver = !info.is_partial && tick > pack.end;
  const planted = plantTick(pack, tick);
  const phase = isOver ? "over" : planted !== null ? "planted" : phaseAt(pack, frame);
  const words = isOver && info.winner_side ? `${info.winner_side} win: ${reasonWords(info.end_reason)}` : (PHASE_WORDS[phase] ?? "clock unknown: time since the start");
  if (isOver) return { text: `+${minutes((tick - pack.end) / pack.tick_rate)}`, phase: words, isBomb: false };
  if (planted !== null) {
    const left = Math.max(0, ground.sent.bomb_s - (tick - planted) / pack.tick_rate);
    return { text: left.toFixed(1), phase: words, isBomb: true };
  }
  const tenths = at(pack.clock, frame, -1);
  if (tenths >= 0) return { text: minutes(Math.ceil(tenths / 10)), phase: words, isBomb: false };
  if (pack.freeze_end !== null && tick < pack.freeze_end) return { text: minutes(Math.ceil((pack.freeze_end - tick) / pack.tick_rate)), phase: PHASE_WORDS.freeze ?? "", isBomb: false };
  return { text: `+${minutes((tick - (pack.freeze_end ?? pack.start)) / pack.tick_rate)}`, phase: words, isBomb: false };
}

export function bombWord(pack: Pack, frame: number): string {
  return BOMB[at(pack.bombState, frame, -1)] ?? "";
}

export function minutes(seconds: number): string {
  const whole = Math.floor(Math.max(seconds, 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "+0:42" after the end of freeze time, "−0:05" before. */
export function signed(seconds: number): string {
  return `${seconds < 0 ? "−" : ""}${minutes(Math.abs(seconds))}`;
}
