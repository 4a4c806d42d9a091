// From a moment to other pages: its address, a capture of it, the coach's opinion, samples of its round.
import type { RoundInfo } from "./viewer_clock";
import { showNow } from "./viewer_link";
import { type Config, part } from "./viewer_page";

/** Let the links above the map take this moment along. */
export function tell(config: Config, info: RoundInfo, tick: number, context: string): void {
  const when = String(Math.round(tick));
  aim("capture", config.capture, { tick: when });
  aim("coach", config.coach, { demo: String(config.demo), tick: when, context });
  aim("samples", info.number === null ? "" : config.samples, { demo: String(config.demo), round: String(info.number) });
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
