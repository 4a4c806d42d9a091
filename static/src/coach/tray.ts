// The frames of the next question: up to three, oldest first; shown, taken out and put in another order.
import { part } from "./page";

export const MOST = 3;

interface Kept {
  blob: Blob;
  url: string;
}

export class Tray {
  private frames: Kept[] = [];
  private shown = 0; // which one is large
  private asked = false; // a frame after a question begins the next one
  private readonly slots = [...part("frames").children] as HTMLElement[];

  constructor(private readonly say: (sentence: string) => void) {
    for (const [index, slot] of this.slots.entries()) this.listen(slot, index);
    this.draw();
  }

  get blobs(): Blob[] {
    return this.frames.map((frame) => frame.blob);
  }

  /** Add frames, the newest last. `keep`: how many of those here stay; else those of the question being prepared. */
  add(blobs: Blob[], keep = this.asked ? 0 : MOST - 1): void {
    if (blobs.length === 0) return;
    const fresh = blobs.slice(0, MOST).map((blob) => ({ blob, url: URL.createObjectURL(blob) }));
    const room = Math.min(keep, MOST - fresh.length);
    const gone = this.frames.splice(0, Math.max(0, this.frames.length - room));
    if (blobs.length > MOST) this.say(`Three frames go with a question; the first three of the ${blobs.length} were taken.`);
    else if (gone.length > 0 && !this.asked && keep === MOST - 1) this.say("Three frames go with a question: the oldest one made room.");
    for (const frame of gone) URL.revokeObjectURL(frame.url);
    this.frames.push(...fresh);
    this.asked = false;
    this.shown = this.frames.length - 1;
    this.draw();
  }

  markAsked(): void {
    this.asked = true;
  }

  remove(index: number): void {
    const [gone] = this.frames.splice(index, 1);
    if (!gone) return;
    URL.revokeObjectURL(gone.url);
    this.shown = Math.max(0, Math.min(this.shown, this.frames.length - 1));
    this.draw();
    this.tell(this.frames.length === 0 ? "No frame is left." : `Removed; ${this.frames.length} left.`);
  }

  move(index: number, by: -1 | 1): number {
    const to = index + by;
    const here = this.frames[index];
    const there = this.frames[to];
    if (!here || !there) return index;
    [this.frames[index], this.frames[to]] = [there, here];
    this.shown = to;
    this.draw();
    this.tell(`Now frame ${to + 1} of ${this.frames.length}, oldest first.`);
    return to;
  }

  private listen(slot: HTMLElement, index: number): void {
    const thumb = control(slot, "thumb");
    slot.querySelector("img")?.addEventListener("error", () => {
      if (!this.frames[index]) return;
      this.remove(index);
      this.say("That file cannot be read as a picture. Take a screenshot and try again.");
    });
    thumb.addEventListener("click", () => {
      this.shown = index;
      this.draw();
    });
    thumb.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as -1 | 1 | undefined;
      if (step) this.focus(this.move(index, step), "thumb");
      else if (event.key === "Delete" || event.key === "Backspace") this.take(index);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    control(slot, "earlier").addEventListener("click", () => this.focus(this.move(index, -1), "earlier"));
    control(slot, "later").addEventListener("click", () => this.focus(this.move(index, 1), "later"));
    control(slot, "remove").addEventListener("click", () => this.take(index));
  }

  private take(index: number): void {
    this.remove(index);
    if (this.frames.length === 0) part("image").focus();
    else this.focus(Math.min(index, this.frames.length - 1), "thumb");
  }

  private focus(index: number, name: string): void {
    const slot = this.slots[index];
    if (!slot) return;
    const wanted = control(slot, name);
    (wanted.disabled ? control(slot, "thumb") : wanted).focus();
  }

  private tell(sentence: string): void {
    part("frames-said").textContent = sentence;
  }

  private draw(): void {
    const count = this.frames.length;
    for (const [index, slot] of this.slots.entries()) {
      const frame = this.frames[index];
      slot.toggleAttribute("data-empty", !frame);
      const image = slot.querySelector("img") as HTMLImageElement;
      if (frame) image.src = frame.url;
      else image.removeAttribute("src");
      for (const name of ["thumb", "earlier", "later", "remove"]) control(slot, name).disabled = !frame;
      control(slot, "earlier").disabled ||= index === 0;
      control(slot, "later").disabled ||= index >= count - 1;
      control(slot, "thumb").setAttribute("aria-pressed", String(Boolean(frame) && index === this.shown));
    }
    const large = part<HTMLImageElement>("preview");
    const shown = this.frames[this.shown];
    if (shown) large.src = shown.url;
    else large.removeAttribute("src");
    large.hidden = !shown;
    part("drop-hint").hidden = Boolean(shown);
  }
}

function control(slot: HTMLElement, name: string): HTMLButtonElement {
  return slot.querySelector(`[data-do=${name}]`) as HTMLButtonElement;
}
