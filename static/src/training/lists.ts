// Checkpoints and sample completions of a run, as text nodes only: what a model writes is never markup.
import { short } from "./chart";

export interface Checkpoint {
  id: number;
  step: number;
  size: number;
  sha256: string;
  url: string;
  continue: string;
}

export interface Completion {
  step: number;
  number: number;
  screenshot_id: number | null;
  frame: string | null;
  page: string | null;
  text: string;
  rewards: Record<string, number | null>;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function link(href: string, text: string): HTMLAnchorElement {
  const made = element("a", "", text);
  made.href = href;
  return made;
}

export function drawCheckpoints(list: HTMLElement | null, checkpoints: Checkpoint[]): void {
  if (!list || checkpoints.length === 0) return;
  list.replaceChildren(
    ...checkpoints.map((row) => {
      const item = element("li");
      item.append(
        link(row.url, `Step ${row.step}`),
        element("small", "tr-quiet", `${(row.size / 1e6).toFixed(1)} MB · ${row.sha256.slice(0, 12)}`),
      );
      return item;
    }),
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

function drawCompletion(row: Completion): HTMLElement {
  const card = element("article", "tr-card tr-completion");
  card.dataset.key = `${row.step}.${row.number}`;
  if (row.frame && row.page) {
    const image = element("img");
    image.src = `${row.frame}?small`;
    image.alt = `Frame ${row.screenshot_id}`;
    image.width = 320;
    image.height = 180;
    image.loading = "lazy";
    const around = link(row.page, "");
    around.append(image);
    card.append(around);
  }
  const body = element("div");
  const head = element("p", "tr-row");
  head.append(element("strong", "", `Step ${row.step}`), element("small", "tr-quiet", `frame ${row.screenshot_id ?? "gone"}`));
  const rewards = element("ul", "tr-rewards");
  for (const [name, value] of Object.entries(row.rewards)) {
    rewards.append(element("li", name === "total" ? "total" : "", `${name} ${value === null ? "–" : short(value)}`));
  }
  body.append(head, rewards, element("pre", "", pretty(row.text)));
  card.append(body);
  return card;
}

const SHOWN = 6;
let everything = false;

// Newest first; what is already there stays, so that nothing jumps under the reader.
export function drawCompletions(place: HTMLElement | null, rows: Completion[]): void {
  if (!place) return;
  const known = new Map([...place.querySelectorAll<HTMLElement>("[data-key]")].map((card) => [card.dataset.key, card]));
  const shown = everything ? rows : rows.slice(0, SHOWN);
  const cards = shown.map((row) => known.get(`${row.step}.${row.number}`) ?? drawCompletion(row));
  if (shown.length === rows.length) {
    place.replaceChildren(...cards);
    return;
  }
  const more = element("button", "tr-button tr-more", `Show ${rows.length - shown.length} older ones`);
  more.type = "button";
  more.addEventListener("click", () => {
    everything = true;
    drawCompletions(place, rows);
  });
  place.replaceChildren(...cards, more);
}
