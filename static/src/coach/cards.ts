// Writes what is known of an answer into the cards. Text nodes only: a model's words are never markup.
export type Answer = Record<string, unknown>;

// The same words as apps/coach/cards.py.
export function words(value: unknown): string {
  if (value === null) return "not visible";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.map(words).join(", ") || "none";
  if (typeof value === "object")
    return Object.entries(value as object)
      .map(([key, item]) => `${key}: ${words(item)}`)
      .join(", ");
  return String(value);
}

export function at(answer: Answer, path: string): unknown {
  let here: unknown = answer;
  for (const name of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Answer)[name];
  }
  return here;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text; // untouched text keeps selection and screen readers calm
}

function showList(list: HTMLElement, value: unknown): void {
  const items = Array.isArray(value) ? value.map(words) : [];
  while (list.children.length > items.length) list.lastElementChild?.remove();
  items.forEach((item, index) => {
    const entry = list.children[index] ?? list.appendChild(document.createElement("li"));
    setText(entry as HTMLElement, item);
  });
}

/** Marks the values of which the embedded model read something else on the HUD; `read` has words by path. */
export function showReader(root: HTMLElement, read: Record<string, string>): void {
  for (const slot of root.querySelectorAll<HTMLElement>("[data-slot]")) {
    const mark = slot.querySelector<HTMLElement>(".reader");
    const words = read[slot.dataset.slot ?? ""];
    if (!mark) continue;
    mark.textContent = words === undefined ? "" : `reader: ${words}`;
    mark.dataset.read = words ?? "";
    mark.hidden = words === undefined;
  }
}

export function showAnswer(root: HTMLElement, answer: Answer): void {
  for (const slot of root.querySelectorAll<HTMLElement>("[data-field]")) {
    const value = at(answer, slot.dataset.field ?? "");
    setText(slot, value === undefined ? "" : words(value));
    slot.toggleAttribute("data-unseen", value === null);
    if (slot.closest("dd")) slot.title = slot.textContent ?? ""; // a value longer than its room is cut there
  }
  for (const list of root.querySelectorAll<HTMLElement>("[data-list]")) showList(list, at(answer, list.dataset.list ?? ""));
}
