// The two team panels: one row per player, rewritten only where its text changes.
import { at, FLAG, KILL, type Pack, type Player, type Side, word } from "./pack";
import { blindness, has, isAlive, step, utility } from "./moment";
import { write } from "./viewer_page";

interface Row {
  player: number;
  item: HTMLLIElement;
  button: HTMLButtonElement;
  parts: Record<(typeof PARTS)[number], HTMLElement>;
}

const PARTS = ["bar", "name", "kd", "hp", "armour", "kit", "money", "primary", "secondary", "gear", "state"] as const;
const SHORT: Record<string, string> = { Flash: "F", Smoke: "S", HE: "HE", Fire: "M", Decoy: "D", Zeus: "Z" };

/** Players in the order of the panels, and so of the keys 1–9 and 0: counter-terrorists first. */
export function order(pack: Pack): Player[] {
  const of = (side: Side): Player[] => pack.players.filter((who) => who.side === side);
  return [...of("CT"), ...of("T")];
}

/** The key of each player, by index; "" beyond ten. */
export function keys(pack: Pack): string[] {
  const names = pack.players.map(() => "");
  order(pack).forEach((who, place) => (names[who.index] = place < 10 ? String((place + 1) % 10) : ""));
  return names;
}

export class Teams {
  private rows: Row[] = [];

  constructor(
    private readonly lists: Record<Side, HTMLElement>,
    private readonly totals: Record<Side, HTMLElement>,
    private readonly onFollow: (player: number) => void,
  ) {}

  begin(pack: Pack): void {
    const names = keys(pack);
    this.rows = [];
    for (const side of ["CT", "T"] as const) this.lists[side].replaceChildren();
    for (const who of order(pack)) this.lists[who.side].append(this.row(who, names[who.index] ?? ""));
  }

  private row(who: Player, key: string): HTMLLIElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mate";
    button.setAttribute("aria-pressed", "false");
    if (key) button.setAttribute("aria-keyshortcuts", key);
    const parts = Object.fromEntries(PARTS.map((name) => [name, span(name)])) as Row["parts"];
    const badge = span("key");
    badge.textContent = key;
    badge.setAttribute("aria-hidden", "true");
    parts.name.textContent = who.name;
    parts.name.title = who.name;
    const top = line(badge, parts.name, parts.state, parts.kd, parts.hp);
    button.append(parts.bar, top, line(parts.primary, parts.secondary, parts.money), line(parts.gear, parts.kit, parts.armour));
    button.addEventListener("click", () => this.onFollow(who.index));
    item.append(button);
    this.rows.push({ player: who.index, item, button, parts });
    return item;
  }

  show(pack: Pack, tick: number, frame: number, followed: number | null): void {
    const score = tally(pack, tick);
    const alive: Record<Side, number> = { CT: 0, T: 0 };
    const worth: Record<Side, number> = { CT: 0, T: 0 };
    for (const { player, item, button, parts } of this.rows) {
      const lives = isAlive(pack, player, frame);
      const health = lives ? step(pack, "health", player, frame) : 0;
      const side = pack.players[player]?.side ?? "CT";
      const armour = step(pack, "armor", player, frame);
      if (lives) {
        alive[side]++;
        worth[side] += step(pack, "equipment", player, frame);
      }
      item.classList.toggle("dead", !lives);
      item.classList.toggle("absent", !has(pack, player, frame, FLAG.present));
      if (button.getAttribute("aria-pressed") !== String(followed === player)) button.setAttribute("aria-pressed", String(followed === player));
      const width = `${Math.min(health, 100)}%`;
      if (parts.bar.style.width !== width) parts.bar.style.width = width;
      write(parts.hp, lives ? String(health) : "–");
      write(parts.armour, lives && armour > 0 ? String(armour) : "");
      parts.armour.classList.toggle("helmet", has(pack, player, frame, FLAG.helmet));
      parts.armour.title = has(pack, player, frame, FLAG.helmet) ? "armour and helmet" : "armour";
      write(parts.kit, lives ? (has(pack, player, frame, FLAG.bomb) ? "C4" : has(pack, player, frame, FLAG.kit) ? "kit" : "") : "");
      write(parts.money, `$${step(pack, "money", player, frame)}`);
      const [primary, secondary, hand] = (["primary", "secondary", "weapon"] as const).map((name) => word(pack, step(pack, name, player, frame)));
      const clip = step(pack, "clip", player, frame);
      write(parts.primary, lives ? (primary ?? "") + (primary && primary === hand && clip >= 0 ? ` ${clip}` : "") : "");
      write(parts.secondary, lives ? (secondary ?? "") + (secondary === hand && clip >= 0 ? ` ${clip}` : "") : "");
      parts.primary.classList.toggle("in-hand", primary !== "" && primary === hand);
      parts.secondary.classList.toggle("in-hand", secondary !== "" && secondary === hand);
      showGear(parts.gear, lives ? step(pack, "utility", player, frame) : 0);
      write(parts.kd, `${at(score.kills, player)}/${at(score.deaths, player)}`);
      write(parts.state, lives ? stateWord(pack, player, tick, frame) : "");
    }
    for (const side of ["CT", "T"] as const) write(this.totals[side], `${alive[side]} alive · $${worth[side].toLocaleString("en")} in hand`);
  }
}

function stateWord(pack: Pack, player: number, tick: number, frame: number): string {
  if (has(pack, player, frame, FLAG.defusing)) return "defusing";
  if (blindness(pack, player, tick)) return "flashed";
  return has(pack, player, frame, FLAG.reloading) ? "reloading" : "";
}

/** Kills and deaths of the stretch up to a tick, by player. */
export function tally(pack: Pack, tick: number): { kills: number[]; deaths: number[] } {
  const kills = pack.players.map(() => 0);
  const deaths = pack.players.map(() => 0);
  pack.kills.tick.forEach((when, index) => {
    if (when > tick) return;
    const [attacker, victim] = [at(pack.kills.attacker, index, -1), at(pack.kills.victim, index, -1)];
    if (victim >= 0) deaths[victim] = at(deaths, victim) + 1;
    if (attacker >= 0 && pack.players[attacker]?.side !== pack.players[victim]?.side) kills[attacker] = at(kills, attacker) + 1;
  });
  return { kills, deaths };
}

/** A kill's words: what it was done with, and how. */
export function how(pack: Pack, index: number): string {
  const flags = at(pack.kills.flags, index);
  const marks: [number, string][] = [
    [KILL.headshot, "headshot"],
    [KILL.wallbang, "through a wall"],
    [KILL.noscope, "no scope"],
    [KILL.smoke, "through smoke"],
  ];
  const weapon = word(pack, at(pack.kills.weapon, index, -1));
  return [weapon, ...marks.filter(([flag]) => flags & flag).map(([, name]) => name)].filter(Boolean).join(", ");
}

function showGear(element: HTMLElement, packed: number): void {
  if (element.dataset.packed === String(packed)) return;
  element.dataset.packed = String(packed);
  element.replaceChildren(
    ...utility(packed).map(({ kind, count }) => {
      const pip = span(`pip ${kind.toLowerCase()}`);
      pip.textContent = (SHORT[kind] ?? kind) + (count > 1 ? `×${count}` : "");
      pip.title = `${count} × ${kind}`;
      return pip;
    }),
  );
}

function line(...parts: HTMLElement[]): HTMLElement {
  const element = span("line");
  element.append(...parts);
  return element;
}

function span(name: string): HTMLElement {
  const element = document.createElement("span");
  element.className = name;
  return element;
}
