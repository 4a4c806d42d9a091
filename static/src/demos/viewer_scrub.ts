// The bar below the map: every moment of the stretch, the events on it, and the time under the pointer.
import { seenDead } from "./moment";
import { at, type Pack, secondsAt, word } from "./pack";
import { signed } from "./viewer_clock";
import { how } from "./viewer_teams";

interface Mark {
  tick: number;
  kind: string;
  text: string;
}

const BOMB_WORDS: [RegExp, string, string][] = [
  [/finish_plant|planted|^plant$/, "plant", "The bomb was planted"],
  [/^defused?$/, "defuse", "The bomb was defused"],
  [/explode|deton/, "explode", "The bomb exploded"],
];

export class Scrub {
  private first = 0;
  private last = 1;

  constructor(
    private readonly range: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly hint: HTMLElement,
    private readonly phases: HTMLElement,
    private readonly onSeek: (tick: number) => void,
  ) {
    range.addEventListener("input", () => onSeek(Number(range.value)));
    const box = range.parentElement;
    box?.addEventListener("pointermove", (event) => this.hover(event));
    box?.addEventListener("pointerleave", () => (hint.hidden = true));
  }

  private pack: Pack | null = null;

  begin(pack: Pack): void {
    this.pack = pack;
    this.first = at(pack.ticks, 0);
    this.last = Math.max(at(pack.ticks, pack.ticks.length - 1), this.first + 1);
    this.range.min = String(this.first);
    this.range.max = String(this.last);
    this.range.disabled = false;
    this.list.replaceChildren(...marks(pack).map((mark) => this.item(pack, mark)));
    this.list.hidden = this.list.children.length === 0;
    const share = (tick: number | null): string => `${(((tick ?? this.first) - this.first) / (this.last - this.first)) * 100}%`;
    this.phases.style.setProperty("--live", share(pack.freeze_end));
    this.phases.style.setProperty("--end", share(Math.min(pack.end, this.last)));
  }

  show(tick: number): void {
    const value = String(Math.round(tick));
    if (this.range.value !== value) this.range.value = value;
    if (this.pack) this.range.setAttribute("aria-valuetext", `${signed(secondsAt(this.pack, tick))} after freeze time`);
  }

  private item(pack: Pack, { tick, kind, text }: Mark): HTMLLIElement {
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = `mark ${kind}`;
    mark.title = `${signed(secondsAt(pack, tick))} ${text}`;
    mark.setAttribute("aria-label", `Go to: ${mark.title}`);
    mark.addEventListener("click", () => this.onSeek(tick));
    const item = document.createElement("li");
    item.style.left = `${((tick - this.first) / (this.last - this.first)) * 100}%`;
    item.append(mark);
    return item;
  }

  private hover(event: PointerEvent): void {
    if (!this.pack || event.pointerType === "touch") return;
    const box = this.range.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left - 8) / Math.max(box.width - 16, 1), 0), 1);
    const tick = this.first + share * (this.last - this.first);
    this.hint.hidden = false;
    this.hint.textContent = signed(secondsAt(this.pack, tick));
    this.hint.style.left = `${event.clientX - box.left}px`;
  }
}

/** Kills and what became of the bomb, in order. */
export function marks(pack: Pack): Mark[] {
  const who = (player: number): string => pack.players[player]?.name ?? "somebody";
  const kills = pack.kills.tick.map((_, index) => {
    const [attacker, victim] = [at(pack.kills.attacker, index, -1), at(pack.kills.victim, index, -1)];
    const words = how(pack, index);
    const text = attacker >= 0 && attacker !== victim ? `${who(attacker)} killed ${who(victim)}` : `${who(victim)} died`;
    return { tick: seenDead(pack, index), kind: `kill side-${pack.players[victim]?.side ?? ""}`, text: words ? `${text} (${words})` : text };
  });
  const bomb = pack.bomb.tick.flatMap((tick, index) => {
    const found = BOMB_WORDS.find(([pattern]) => pattern.test(word(pack, at(pack.bomb.event, index, -1))));
    return found ? [{ tick, kind: found[1], text: found[2] }] : [];
  });
  return [...kills, ...bomb].sort((a, b) => a.tick - b.tick);
}
