// Correct what the model saw, in place: a control of the field's own kind, as the answer schema has it.
import { at, words, type Answer } from "./cards";

export interface Kind {
  path: string;
  label: string;
  kind: "choice" | "whole" | "yesno" | "counts" | "text";
  options?: string[];
  least?: number;
  most?: number;
  pattern?: string;
}

const UNSEEN = "not visible";

export class Fixing {
  possible = false;
  private answer: Answer = {};
  private readonly kinds: Kind[];
  private form: HTMLFormElement | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly send: (field: string, value: unknown) => Promise<void>,
  ) {
    this.kinds = JSON.parse(document.getElementById("field-kinds")?.textContent ?? "[]") as Kind[];
    for (const kind of this.kinds) this.button(kind)?.addEventListener("click", () => this.ask(kind));
  }

  open(answer: Answer, corrections: Record<string, unknown>): void {
    this.answer = answer;
    this.possible = false;
    for (const kind of this.kinds) {
      const known = at(answer, kind.path) !== undefined;
      this.possible ||= known;
      const button = this.button(kind);
      if (button) button.hidden = !known;
      if (Object.hasOwn(corrections, kind.path)) this.show(kind, corrections[kind.path]);
    }
  }

  close(): void {
    this.leave();
    for (const kind of this.kinds) {
      const button = this.button(kind);
      if (button) button.hidden = true;
      const slot = this.slot(kind);
      slot?.removeAttribute("data-fixed");
      slot?.removeAttribute("title");
    }
  }

  /** Go to the first field, so that the keyboard reaches the rest by Tab. */
  first(): void {
    this.root.querySelector<HTMLButtonElement>("button.fix:not([hidden])")?.focus();
  }

  private ask(kind: Kind): void {
    this.leave();
    const slot = this.slot(kind);
    if (!slot) return;
    const form = document.createElement("form");
    form.className = "fix-form";
    form.noValidate = false;
    form.setAttribute("aria-label", `Correct ${kind.label}`);
    const fields = controls(kind, at(this.answer, kind.path));
    const save = button("Save", "submit");
    save.className = "primary";
    const leave = button("Leave", "button");
    const said = document.createElement("p");
    said.className = "bad-word";
    said.setAttribute("role", "alert");
    const meant = document.createElement("p");
    meant.className = "meant";
    meant.textContent = document.getElementById("coach")?.dataset.consent ?? "";
    form.append(...fields, ...this.offer(slot, form), row(save, leave), meant, said);
    leave.addEventListener("click", () => this.leave(kind));
    form.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the page's own keys mean something else
      if (event.key === "Escape") this.leave(kind);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save(kind, form, said);
    });
    slot.append(form);
    this.form = form;
    form.querySelector<HTMLElement>("input, select")?.focus();
  }

  /** What the embedded model reads there, to be taken over by one press instead of typed. */
  private offer(slot: HTMLElement, form: HTMLFormElement): HTMLElement[] {
    const read = slot.querySelector<HTMLElement>(".reader:not([hidden])")?.dataset.read;
    if (!read) return [];
    const take = button(`Take the reader’s: ${read}`, "button");
    take.className = "take-read";
    take.addEventListener("click", () => {
      const control = form.elements.namedItem("value");
      if (control instanceof HTMLSelectElement) control.value = [...control.options].find((one) => one.text === read)?.value ?? control.value;
      else if (control instanceof HTMLInputElement) control.value = read === UNSEEN ? "" : read;
      form.querySelector<HTMLButtonElement>("[type=submit]")?.focus();
    });
    return [take];
  }

  private async save(kind: Kind, form: HTMLFormElement, said: HTMLElement): Promise<void> {
    const value = read(kind, form);
    try {
      await this.send(kind.path, value);
      this.show(kind, value);
      this.leave(kind);
    } catch (error) {
      said.textContent = (error as Error).message;
    }
  }

  private show(kind: Kind, value: unknown): void {
    const slot = this.slot(kind);
    const text = slot?.querySelector<HTMLElement>("[data-field]");
    if (!slot || !text) return;
    slot.title = `The model said: ${words(at(this.answer, kind.path))}`;
    slot.dataset.fixed = "";
    text.textContent = words(value);
    text.toggleAttribute("data-unseen", value === null);
    const mark = slot.querySelector<HTMLElement>(".reader");
    if (mark) mark.hidden = !mark.dataset.read || mark.dataset.read === words(value); // corrected to what it reads: both agree
  }

  private leave(kind?: Kind): void {
    this.form?.remove();
    this.form = null;
    if (kind) this.button(kind)?.focus();
  }

  private slot(kind: Kind): HTMLElement | null {
    return this.root.querySelector(`[data-slot="${kind.path}"]`);
  }

  private button(kind: Kind): HTMLButtonElement | null {
    return this.slot(kind)?.querySelector("button.fix") ?? null;
  }
}

function controls(kind: Kind, value: unknown): HTMLElement[] {
  if (kind.kind === "counts") return (kind.options ?? []).map((option) => counter(option, Array.isArray(value) ? value : []));
  const label = document.createElement("label");
  label.textContent = kind.label;
  label.append(kind.kind === "choice" || kind.kind === "yesno" ? choice(kind, value) : typed(kind, value));
  return [label];
}

function counter(option: string, held: unknown[]): HTMLElement {
  const label = document.createElement("label");
  label.className = "count";
  label.textContent = option;
  const input = document.createElement("input");
  Object.assign(input, { type: "number", name: option, min: "0", max: "5", value: String(held.filter((one) => one === option).length) });
  label.append(input);
  return label;
}

function choice(kind: Kind, value: unknown): HTMLSelectElement {
  const select = document.createElement("select");
  select.name = "value";
  const options: [string, string][] = kind.kind === "yesno" ? [["true", "yes"], ["false", "no"]] : (kind.options ?? []).map((one) => [one, one]);
  for (const [name, text] of [...options, ["", UNSEEN]] as [string, string][]) select.add(new Option(text, name));
  select.value = value === null || value === undefined ? "" : String(value);
  return select;
}

function typed(kind: Kind, value: unknown): HTMLInputElement {
  const input = document.createElement("input");
  input.name = "value";
  input.value = value === null || value === undefined ? "" : String(value);
  input.placeholder = UNSEEN;
  input.autocomplete = "off";
  if (kind.kind === "whole") {
    input.type = "number";
    input.step = "1";
    if (kind.least !== undefined) input.min = String(kind.least);
    if (kind.most !== undefined) input.max = String(kind.most);
  } else {
    input.maxLength = 60;
    if (kind.pattern) input.pattern = kind.pattern.replace(/^\^|\$$/g, "");
  }
  return input;
}

function read(kind: Kind, form: HTMLFormElement): unknown {
  const data = new FormData(form);
  if (kind.kind === "counts") return (kind.options ?? []).flatMap((option) => Array<string>(Number(data.get(option)) || 0).fill(option));
  const text = String(data.get("value") ?? "").trim();
  if (text === "") return null;
  if (kind.kind === "whole") return Number(text);
  return kind.kind === "yesno" ? text === "true" : text;
}

function button(text: string, type: "submit" | "button"): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = type;
  made.textContent = text;
  return made;
}

function row(...parts: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "row";
  made.append(...parts);
  return made;
}
