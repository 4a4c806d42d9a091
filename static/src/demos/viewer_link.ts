// The address of a moment: ?part=3&t=42.5, and &slot=4 through whose eyes. A round's number moves when one before it is excluded, its place does not.
import type { RoundInfo } from "./viewer_clock";

const QUIET_MS = 250; // browsers refuse more than a few changes of the address a second

let waiting: ReturnType<typeof setTimeout> | undefined;

export function address(page: string, round: RoundInfo, seconds: number, slot: number | null): string {
  const there = new URL(page, location.href);
  there.searchParams.set("part", String(round.ordinal));
  there.searchParams.set("t", String(Math.round(seconds * 10) / 10));
  if (slot !== null) there.searchParams.set("slot", String(slot));
  return there.href;
}

/** Put an address into the browser's bar, soon and without a new entry in its history. */
export function show(make: () => string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, "", make()), QUIET_MS);
}

export function showNow(there: string): void {
  clearTimeout(waiting);
  history.replaceState(null, "", there);
}

/** The moment the page was opened at, in seconds; null where the address names none. */
export function wanted(): number | null {
  return number("t");
}

/** Whom the page was opened to follow; null where the address names nobody. */
export function wantedSlot(): number | null {
  return number("slot");
}

function number(name: string): number | null {
  const text = new URLSearchParams(location.search).get(name);
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
