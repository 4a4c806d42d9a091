// Fetches packs once and keeps them; the next one is asked for while this one is watched.
import { decode, type Pack, type Sent } from "./pack";

const KEPT = 8;

export class Packs {
  private readonly known = new Map<number, Promise<Pack>>();

  /** `pattern` is the address of pack 0. */
  constructor(private readonly pattern: string) {}

  get(ordinal: number): Promise<Pack> {
    const known = this.known.get(ordinal);
    if (known) {
      this.known.delete(ordinal); // and in again, as the latest
      this.known.set(ordinal, known);
      return known;
    }
    const pack = fetchJson<Sent>(this.pattern.replace("/0.json", `/${ordinal}.json`)).then((sent) => {
      const decoded = decode(sent);
      if (decoded.ticks.length === 0) throw new Error("no positions were recorded in it");
      return decoded;
    });
    this.known.set(ordinal, pack);
    pack.catch(() => this.known.delete(ordinal)); // another try may do better
    for (const oldest of this.known.keys()) {
      if (this.known.size <= KEPT) break;
      this.known.delete(oldest);
    }
    return pack;
  }

  prefetch(ordinal: number | undefined): void {
    if (ordinal !== undefined) this.get(ordinal).catch(() => undefined); // asked for in earnest, it is said
  }
}

export async function fetchJson<T>(address: string): Promise<T> {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    const said = (await response.json().catch(() => null)) as { error?: string } | null;
    throw new Error(said?.error ?? `the server answered ${response.status}`);
  }
  return (await response.json()) as T;
}
