// The keyboard: one table of keys, and who takes them.
export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Call the entry of a pressed key, unless somebody types or the focused control wants it. */
export function listen(keys: Keys): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.closest("dialog[open]") || target.matches("select, textarea, input:not([type=range], [type=checkbox])")) return;
    if (event.key === " " && target.matches("button, a, input[type=checkbox], summary")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
