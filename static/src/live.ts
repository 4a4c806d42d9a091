// An element with data-live="topic" gets a "changed" event when that topic changes; htmx then re-reads it.
// Hints may be lost, so every reconnect counts as a change of everything.
import { openSocket, type Socket } from "./socket";

let socket: Socket | null = null;
const known = new Set<string>();

function liveElements(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live]")];
}

function announce(topic: string): void {
  for (const element of liveElements()) {
    if (element.dataset.live === topic) element.dispatchEvent(new CustomEvent("changed", { bubbles: false }));
  }
}

function subscribe(topics: string[]): void {
  if (topics.length > 0) socket?.send({ subscribe: topics });
}

function lookForTopics(): void {
  const fresh = [...new Set(liveElements().map((element) => element.dataset.live ?? ""))].filter(
    (topic) => topic !== "" && !known.has(topic),
  );
  if (fresh.length === 0) return;
  for (const topic of fresh) known.add(topic);
  socket ??= openSocket("/ws/updates/", {
    onOpen: () => subscribe([...known]),
    onMessage: (message) => announce(String((message as { topic: string }).topic)),
  });
  subscribe(fresh);
}

export function watchLiveElements(): void {
  document.addEventListener("DOMContentLoaded", lookForTopics);
  document.addEventListener("htmx:afterSettle", lookForTopics);
  lookForTopics();
}
