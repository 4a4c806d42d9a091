// From a moment to other pages: its address, a capture of it, the coach's opinion, samples of its round.
import type { RoundInfo } from "./viewer_clock";
import { showNow } from "./viewer_link";
import { type Config, part } from "./viewer_page";

/** Let the links above the map take this moment along; `slot`: through whose eyes, null where nobody is followed. */
export function tell(config: Config, info: RoundInfo, tick: number, slot: number | null, context: string): void {
  const when = String(Math.round(tick));
  const whose: Record<string, string> = slot === null ? {} : { slot: String(slot) };
  aim("capture", config.capture, { tick: when });
  aim("coach", config.coach, { demo: String(config.demo), tick: when, ...whose, context });
  aim("samples", info.number === null ? "" : config.samples, { demo: String(config.demo), round: String(info.number) });
}

/** Call `now` just before one of the links is followed or copied: in play they tell of an earlier moment. */
export function beforeLeaving(now: () => void): void {
  for (const id of ["capture", "coach", "samples"])
    for (const kind of ["click", "auxclick", "contextmenu"]) part(id).addEventListener(kind, now);
}

function aim(id: string, base: string, query: Record<string, string>): void {
  const link = part<HTMLAnchorElement>(id);
  link.hidden = base === "";
  if (base) link.href = `${base}${base.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
}

/** Copy the address of the moment; the browser's bar then says the same. */
export async function copy(address: string): Promise<void> {
  const button = part<HTMLButtonElement>("link");
  showNow(address);
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = "Copied";
  } catch {
    button.textContent = "In the address bar"; // no clipboard without https
  }
  setTimeout(() => (button.textContent = "Copy link"), 2000);
}
