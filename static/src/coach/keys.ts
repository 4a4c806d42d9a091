// The coach's keyboard: one table of keys, the key that takes a frame, and who takes them.
import { memory, part } from "./page";

export type Keys = Record<string, () => void>;

/** Call the entry of a pressed key, unless somebody types or the focused control wants it. */
export function listen(keys: Keys, take: { key: () => string; act: () => boolean }): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    if (target.closest("dialog[open]")) return;
    const typing = target.matches("textarea, select, input:not([type=file])");
    if (event.key === "Escape") {
      if (typing) target.blur();
      return keys.Escape?.();
    }
    if (event.key === "Enter") {
      const acts = target.closest("a, button, summary, select, label, input"); // Enter has its own meaning there
      if (acts || event.shiftKey) return;
      event.preventDefault();
      target.blur(); // out of the text, so that the answer's keys mean the answer
      return keys.Enter?.();
    }
    if (typing) return;
    if (event.key === " " && target.matches("button, a, summary, input")) return;
    const pressed = nameOf(event);
    if (pressed === take.key() && take.act()) return event.preventDefault();
    const act = keys[pressed];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** The key that takes a frame; a person may choose another. */
export class TakeKey {
  private chosen = memory.get("take-key") ?? " ";

  constructor(taken: Set<string>) {
    const button = part<HTMLButtonElement>("take-key");
    button.addEventListener("click", () => {
      button.textContent = "press a key";
      button.addEventListener("keydown", (event) => this.choose(event, taken), { once: true });
    });
    button.addEventListener("blur", () => this.show());
    this.show();
  }

  get key(): string {
    return this.chosen;
  }

  private choose(event: KeyboardEvent, taken: Set<string>): void {
    event.preventDefault();
    event.stopPropagation();
    const name = nameOf(event);
    const free = !taken.has(name) && !["Escape", "Enter", "Tab", "Shift", "Control", "Alt", "Meta"].includes(name);
    if (free) {
      this.chosen = name;
      memory.set("take-key", name);
    } else if (name !== "Escape") part("share-said").textContent = "That key already means something here; choose another.";
    this.show();
  }

  private show(): void {
    part("take-key").textContent = part("take-shown").textContent = this.chosen === " " ? "Space" : this.chosen.toUpperCase();
  }
}

function nameOf(event: KeyboardEvent): string {
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
