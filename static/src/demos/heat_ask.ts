// Asks the server for a heat map until every recording is counted.
import type { SentHeat } from "./heat";
import { fetchJson } from "./viewer_packs";

const MOST_TIMES = 60;

/** `onPart` gets each answer, the last one being whole; it says whether the question still stands. */
export async function ask(address: string, onPart: (sent: SentHeat) => boolean): Promise<void> {
  for (let times = 0; times < MOST_TIMES; times++) {
    const sent = await fetchJson<SentHeat>(address);
    if (!onPart(sent) || sent.left_to_count === 0) return;
  }
}
