// What may be done with an answer once it is there: rate it, share it, correct what the model saw.
import { at, type Answer } from "./cards";
import { Fixing } from "./fixing";
import { post } from "./page";

const NOBODY = "00000000-0000-0000-0000-000000000000";

interface Known {
  rating?: number | null;
  shared?: boolean;
  corrections?: Record<string, unknown>;
}

export class After {
  private id = "";
  private sending: Promise<unknown> = Promise.resolve(); // one after the other: the last word holds, however fast it came
  private readonly bar: HTMLElement;
  private readonly fixing: Fixing;

  constructor(
    root: HTMLElement,
    private readonly say: (sentence: string) => void,
  ) {
    this.bar = root.querySelector("[data-after]") as HTMLElement;
    this.fixing = new Fixing(root, (field, value) => this.correct(field, value));
    for (const worth of [1, -1]) this.button(worth === 1 ? "good" : "bad").addEventListener("click", () => void this.rate(worth));
    this.button("share").addEventListener("click", () => void this.share());
    this.button("fix").addEventListener("click", () => this.fixing.first());
  }

  /** The answer is over: its buttons work now. What comes of a live answer is not known to anybody yet. */
  open(id: string, answer: Answer, known: Known): void {
    this.id = id;
    for (const control of this.bar.querySelectorAll("button")) control.disabled = false;
    const advised = at(answer, "advice.primary_action") !== undefined; // where nothing was advised nothing is good or bad
    this.button("good").disabled = this.button("bad").disabled = !advised && !known.rating;
    const link = this.bar.querySelector<HTMLAnchorElement>("[data-do=open]");
    if (link) {
      link.href = this.url(link);
      link.removeAttribute("aria-disabled");
      link.removeAttribute("role"); // with an address it is one by itself
    }
    this.showRating(known.rating ?? null);
    this.showShared(known.shared ?? false);
    this.fixing.open(answer, known.corrections ?? {});
    this.button("fix").disabled = !this.fixing.possible;
  }

  close(): void {
    for (const control of this.bar.querySelectorAll("button")) control.disabled = true;
    const link = this.bar.querySelector<HTMLAnchorElement>("[data-do=open]");
    link?.removeAttribute("href");
    link?.setAttribute("aria-disabled", "true");
    link?.setAttribute("role", "link");
    this.showRating(null);
    this.showShared(false);
    this.fixing.close();
  }

  private async rate(worth: number): Promise<void> {
    const before = this.rating();
    const wanted = before === worth ? 0 : worth; // a second press takes it back
    this.showRating(wanted || null);
    try {
      await this.inTurn(this.button("good"), { rating: String(wanted) });
    } catch (error) {
      this.showRating(before);
      this.say((error as Error).message);
    }
  }

  private async share(): Promise<void> {
    const button = this.button("share");
    const wanted = button.getAttribute("aria-pressed") !== "true";
    try {
      await this.inTurn(button, { shared: wanted ? "1" : "" });
      this.showShared(wanted);
      this.say(wanted ? "Everybody with a role here can read this question and see its frames now." : "Only you can read this question now; reviewers see what you correct.");
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private async correct(field: string, value: unknown): Promise<void> {
    await this.inTurn(this.button("fix"), { field, value: JSON.stringify(value) });
    this.say("Thank you. A reviewer sees the frame and your correction next.");
  }

  private inTurn(button: HTMLElement, told: Record<string, string>): Promise<unknown> {
    const url = this.url(button); // of this question, whichever is shown when its turn comes
    const sent = this.sending.catch(() => undefined).then(() => post(url, told));
    this.sending = sent;
    return sent;
  }

  private rating(): number | null {
    if (this.button("good").getAttribute("aria-pressed") === "true") return 1;
    return this.button("bad").getAttribute("aria-pressed") === "true" ? -1 : null;
  }

  private showRating(rating: number | null): void {
    this.button("good").setAttribute("aria-pressed", String(rating === 1));
    this.button("bad").setAttribute("aria-pressed", String(rating === -1));
  }

  private showShared(shared: boolean): void {
    this.button("share").setAttribute("aria-pressed", String(shared));
    (this.button("share").querySelector("[data-word]") as HTMLElement).textContent = shared ? "Shared" : "Share";
  }

  private button(name: string): HTMLButtonElement {
    return this.bar.querySelector(`[data-do=${name}]`) as HTMLButtonElement;
  }

  private url(of: HTMLElement): string {
    return (of.dataset.url ?? "").replace(NOBODY, this.id);
  }
}
