// The strip of rounds above the map: from one to another without another page.
import { reasonWords, type RoundInfo } from "./viewer_clock";

export class Strip {
  private readonly buttons = new Map<number, HTMLButtonElement>();

  constructor(
    private readonly list: HTMLElement,
    rounds: RoundInfo[],
    onChoose: (ordinal: number) => void,
  ) {
    let before: RoundInfo | null = null;
    for (const round of rounds) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `round${round.number === null ? " uncounted" : ""}${round.winner_side ? ` won-${round.winner_side}` : ""}`;
      const number = part("number", round.number === null ? "" : String(round.number));
      if (round.number === null) number.dataset.letter = (round.why[0] ?? "–").toUpperCase(); // its name says it in full
      button.append(number);
      button.append(round.end_reason ? drawing(round.icon) : part("reason", round.is_partial ? "…" : "·"));
      button.title = title(round);
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", () => onChoose(round.ordinal));
      const item = document.createElement("li");
      const isOther = before !== null && round.number !== null && before.overtime !== round.overtime;
      if (isOther) item.dataset.overtime = `OT ${round.overtime}`;
      if (before && before.ct_roster !== null && round.ct_roster !== null && before.ct_roster !== round.ct_roster) item.className = "turn";
      if (isOther) item.className = "overtime";
      if (round.number !== null) before = round;
      item.append(button);
      list.append(item);
      this.buttons.set(round.ordinal, button);
    }
  }

  choose(ordinal: number): void {
    for (const [other, button] of this.buttons) {
      if (other === ordinal) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const chosen = this.buttons.get(ordinal);
    if (chosen) this.list.scrollLeft = chosen.offsetLeft - this.list.clientWidth / 2;
  }
}

export function title(round: RoundInfo): string {
  const name = round.number === null ? `Does not count: ${round.why}` : `Round ${round.number}`;
  const result = round.winner_side ? `, ${round.winner_side} won, ${reasonWords(round.end_reason)}` : round.is_partial ? ", recorded in part" : "";
  return name + result + (round.overtime ? ", overtime" : "");
}

/** How a round ended, as the recording's page draws it. */
function drawing(icon: string): Element {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "reason icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${icon}`);
  svg.append(use);
  return svg;
}

function part(name: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
