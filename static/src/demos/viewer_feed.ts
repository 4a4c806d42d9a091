// The kill feed over the map: the last kills up to the moment, newest below.
import { at, KILL, type Pack, word } from "./pack";

const [SHOWN, SHOWN_S] = [6, 12];

export class Feed {
  private shown = "";

  constructor(private readonly list: HTMLElement) {}

  show(pack: Pack, tick: number): void {
    const { kills } = pack;
    const recent = kills.tick
      .map((when, index) => ({ when, index }))
      .filter(({ when }) => when <= tick && tick - when <= SHOWN_S * pack.tick_rate)
      .slice(-SHOWN);
    const key = `${pack.ordinal}:${recent.map(({ index }) => index).join()}`;
    if (key === this.shown) return;
    this.shown = key;
    this.list.replaceChildren(...recent.map(({ index }) => this.item(pack, index)));
  }

  private item(pack: Pack, index: number): HTMLLIElement {
    const item = document.createElement("li");
    const { kills } = pack;
    const flags = at(kills.flags, index);
    const attacker = at(kills.attacker, index, -1);
    const victim = at(kills.victim, index, -1);
    const assister = at(kills.assister, index, -1);
    if (attacker >= 0 && attacker !== victim) item.append(name(pack, attacker));
    if (assister >= 0) item.append(plain(flags & KILL.flash ? "+ flash" : "+", "quiet"), name(pack, assister));
    item.append(plain(word(pack, at(kills.weapon, index, -1)) || "died", "weapon"));
    const marks: [number, string, string][] = [
      [KILL.headshot, "HS", "headshot"],
      [KILL.wallbang, "WB", "through a wall"],
      [KILL.noscope, "NS", "no scope"],
      [KILL.smoke, "SM", "through smoke"],
      [KILL.trade, "TR", "a trade"],
    ];
    for (const [flag, short, title] of marks) {
      if (!(flags & flag)) continue;
      const mark = plain(short, "mark");
      mark.title = title;
      item.append(mark);
    }
    if (victim >= 0) item.append(name(pack, victim));
    return item;
  }
}

function name(pack: Pack, player: number): HTMLElement {
  const who = pack.players[player];
  return plain(who?.name ?? "somebody", who ? `side-${who.side}` : "");
}

function plain(text: string, kind: string): HTMLElement {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}
