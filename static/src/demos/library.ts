// The library's list: filters that keep the address short, rows by keyboard, ticks that outlive a re-read list.
import "../../css/pages/demos_filters.css";
import "../../css/pages/demos_library_list.css";

const ticked = new Set<string>();
let openFailures = false; // whether a person opened what could not be imported: a re-read list keeps it open

function list(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#library-list");
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("#library-list input[name=demo]")];
}

function links(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#library-list a.row-link")];
}

export function setUpLibrary(): void {
  const bulk = document.querySelector<HTMLFormElement>("#bulk");
  const filters = document.querySelector<HTMLFormElement>("#filters");
  if (!bulk || !filters) return;
  setUpBulk(bulk);
  document.addEventListener("keydown", (event) => key(event, filters));
  // An address names only the filters that are set.
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, elt } = (event as CustomEvent<{ parameters: FormData; elt: Element }>).detail;
    if (elt !== filters) return;
    for (const name of [...parameters.keys()]) if (parameters.get(name) === "") parameters.delete(name);
  });
  // At once, so that a button pressed right then finds them ticked; and again once attributes have settled.
  for (const moment of ["htmx:afterSwap", "htmx:afterSettle"]) document.addEventListener(moment, () => restore(bulk));
  document.addEventListener("click", (event) => {
    const box = (event.target as HTMLElement).closest<HTMLDetailsElement>("#not-imported:has(> summary)");
    if (box && (event.target as HTMLElement).closest("summary")) openFailures = !box.open;
  });
  // What the browser puts back into the form after going back belongs to another address.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

function setUpBulk(bulk: HTMLFormElement): void {
  const action = bulk.querySelector<HTMLSelectElement>("[name=action]");
  const value = bulk.querySelector<HTMLElement>("#bulk-value");
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches(".tick-all")) tickAll(box);
    else if (!box.matches("#library-list input[name=demo]")) return;
    remember();
    show(bulk);
  });
  const button = bulk.querySelector<HTMLButtonElement>("button[type=submit]");
  const fit = (): void => {
    if (!value || !action) return;
    value.hidden = action.value === "recording" || action.value === "delete";
    // The button says what it does; what is asked about first ends in dots.
    if (button) button.textContent = `${action.selectedOptions[0]?.text ?? ""}${value.hidden ? " …" : ""}`;
  };
  action?.addEventListener("change", fit);
  fit();
  bulk.addEventListener("submit", () => {
    const query = bulk.querySelector<HTMLInputElement>("[name=query]");
    if (query) query.value = location.search;
  });
  bulk.querySelector("#bulk-clear")?.addEventListener("click", () => clear(bulk));
  restore(bulk);
}

function tickAll(all: HTMLInputElement): void {
  for (const box of all.closest("table")?.querySelectorAll<HTMLInputElement>("input[name=demo]") ?? []) {
    box.checked = all.checked;
  }
}

function remember(): void {
  for (const box of boxes()) {
    if (box.checked) ticked.add(box.value);
    else ticked.delete(box.value);
  }
}

// After the list was read again: only what is still shown stays ticked, so that nothing unseen is ever changed.
function restore(bulk: HTMLFormElement): void {
  const failures = document.querySelector<HTMLDetailsElement>("#not-imported");
  if (failures && openFailures) failures.open = true;
  const shown = boxes();
  for (const box of shown) box.checked ||= ticked.has(box.value);
  const here = new Set(shown.map((box) => box.value));
  for (const value of [...ticked]) if (!here.has(value)) ticked.delete(value);
  remember();
  show(bulk);
}

function show(bulk: HTMLFormElement): void {
  bulk.hidden = ticked.size === 0;
  const count = bulk.querySelector("#bulk-count");
  if (count) count.textContent = ticked.size === 1 ? "1 recording ticked" : `${ticked.size} recordings ticked`;
  for (const all of document.querySelectorAll<HTMLInputElement>("#library-list .tick-all")) {
    const own = [...(all.closest("table")?.querySelectorAll<HTMLInputElement>("input[name=demo]") ?? [])];
    all.checked = own.length > 0 && own.every((box) => box.checked);
    all.indeterminate = !all.checked && own.some((box) => box.checked);
  }
}

function clear(bulk: HTMLFormElement): void {
  for (const box of boxes()) box.checked = false;
  ticked.clear();
  show(bulk);
}

function key(event: KeyboardEvent, filters: HTMLFormElement): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("dialog[open]")) return;
  const search = filters.querySelector<HTMLInputElement>("#q");
  if (target === search && event.key === "ArrowDown") return move(event, 1);
  if (target.matches("input:not([type=checkbox]), select, textarea, summary, button, [contenteditable]")) return;
  const inList = list()?.contains(target) ?? false;
  switch (event.key) {
    case "/":
      event.preventDefault();
      search?.focus();
      search?.select();
      return;
    case "?":
      event.preventDefault();
      document.querySelector<HTMLDialogElement>("#help")?.showModal();
      return;
    case "j":
      return move(event, 1);
    case "k":
      return move(event, -1);
    case "ArrowDown":
      return inList ? move(event, 1) : undefined;
    case "ArrowUp":
      return inList ? move(event, -1) : undefined;
    case "x":
      return tick(target);
    case "Escape": {
      const bulk = document.querySelector<HTMLFormElement>("#bulk");
      if (bulk) clear(bulk);
    }
  }
}

function move(event: KeyboardEvent, step: number): void {
  const rows = links();
  if (rows.length === 0) return;
  event.preventDefault();
  const row = document.activeElement?.closest("#library-list tr")?.querySelector<HTMLElement>("a.row-link");
  const next = row ? Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1) : step > 0 ? 0 : rows.length - 1;
  rows[next]?.focus();
  rows[next]?.closest("tr")?.scrollIntoView({ block: "nearest" });
}

function tick(target: HTMLElement): void {
  target.closest("#library-list tr")?.querySelector<HTMLInputElement>("input[name=demo]")?.click();
}
