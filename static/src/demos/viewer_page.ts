// What the page tells the viewer, and the named parts of the page (templates/demos/replay_viewer.html).
import type { RadarPlace } from "./radar";
import type { RoundInfo } from "./viewer_clock";

export interface Config {
  map: string;
  demo: number;
  name: string;
  page: string;
  packs: string;
  ground: string;
  heat: string;
  known: boolean;
  radar: RadarPlace | null;
  teams: [string, string];
  rounds: RoundInfo[];
  first: number;
  capture: string;
  coach: string;
  samples: string;
}

export function part<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element as T;
}

export function write(element: HTMLElement | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

/** A sentence over the map; "" removes it. */
export function say(sentence: string): void {
  const message = part("map-message");
  message.hidden = sentence === "";
  write(message, sentence);
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
