// One answer on the page: its cards while the model writes, and what may be done with it afterwards.
import { After } from "./after";
import { showAnswer, showReader, type Answer } from "./cards";
import { part } from "./page";
import { OVER, Verdict, type Ending, type Status } from "./verdict";

export type Message = { id?: string; type: string; text?: string; answer?: Answer; sentence?: string; position?: number } & Partial<Ending>;
export type State = Ending & { id: string; text: string; answer: Answer; error: string; rating?: number | null; shared?: boolean; corrections?: Record<string, unknown> };

const REREAD_MS = 1_000;
const NOBODY = "00000000-0000-0000-0000-000000000000";
const LOST = "The connection was lost; connecting again. What arrives meanwhile is read from the database.";

interface Wishes {
  start: (id: string) => void;
  /** Why another model than the preferred one answered; "" when it did not. */
  failover: (column: Column, answeredBy: string) => string;
  ended: (column: Column, status: Status) => void;
}

export class Column {
  id: string | null = null; // the question being answered
  answer: Answer = {};
  readonly verdict: Verdict;
  readonly root: HTMLElement;
  private readonly after: After;
  private readonly raw: HTMLElement;
  private tokens = 0;
  private startedAt = 0;
  private firstMs: number | null = null;
  private resuming = false;
  private saw = false; // this page saw the whole answer, so the times it measured are the person's

  constructor(
    readonly prefix: "" | "b-",
    private readonly wishes: Wishes,
  ) {
    this.verdict = new Verdict(prefix);
    this.root = part(`${prefix}answer`);
    this.raw = part(`${prefix}raw-text`);
    this.after = new After(this.root, (sentence) => this.verdict.sentence(sentence));
  }

  get busy(): boolean {
    return ["sending", "queued", "streaming"].includes(this.root.dataset.status ?? "");
  }

  /** Whether the end of a question is not known here yet. */
  get waits(): boolean {
    return this.busy || this.resuming;
  }

  startOver(name: string): void {
    this.id = null;
    this.answer = {};
    this.tokens = 0;
    this.firstMs = null;
    this.saw = true;
    this.startedAt = performance.now();
    this.raw.textContent = "";
    part<HTMLDetailsElement>(`${this.prefix}raw`).open = false;
    showAnswer(this.root, {});
    showReader(this.root, {});
    this.after.close();
    this.verdict.problems([]);
    this.verdict.sentence("");
    this.verdict.progress(null, null, null);
    this.verdict.model("");
    part(`${this.prefix}asked`).textContent = name;
    this.verdict.status("sending");
  }

  /** The question is stored: from now on it has an id. */
  await(id: string): void {
    this.id = id;
    this.verdict.status("queued");
  }

  hear(message: Message): void {
    if (message.type === "token") this.addToken(message.text ?? "");
    else if (message.type === "fields") this.show(message.answer ?? {});
    else if (message.type === "error") this.trouble(message.sentence ?? "");
    else if (message.type === "queued") this.wait(message.sentence ?? "");
    else if (message.type === "done") this.end(message as Ending);
  }

  fail(status: "empty" | "cancelled"): void {
    this.id = null;
    this.verdict.status(status);
  }

  lost(): void {
    if (this.id && this.busy) this.verdict.sentence(LOST);
  }

  /** After the socket was away the database knows how it went; the server stops an answer nobody listens to. */
  async catchUp(): Promise<void> {
    const id = this.id;
    if (!id || !this.busy) return;
    try {
      const state = await this.read(id);
      if (this.id !== id || !this.busy) return;
      if (state.status === "queued") return this.wishes.start(id);
      this.saw = false;
      this.raw.textContent = state.text;
      this.show(state.answer);
      this.verdict.sentence(state.error);
      if (OVER.includes(state.status)) return this.end(state);
      this.verdict.status("streaming");
    } catch {
      this.verdict.sentence(LOST);
    }
    setTimeout(() => void this.catchUp(), REREAD_MS);
  }

  /** Show a question of before as the database knows it, and follow it if it is still being answered. */
  async resume(id: string): Promise<void> {
    this.id = id;
    this.resuming = true;
    const state = await this.read(id).finally(() => (this.resuming = false));
    if (this.id !== id) return;
    if (OVER.includes(state.status)) {
      this.saw = false;
      this.raw.textContent = state.text;
      this.show(state.answer);
      this.verdict.sentence(state.error);
      return this.end(state);
    }
    this.verdict.status("queued");
    await this.catchUp();
  }

  private async read(id: string): Promise<State> {
    const response = await fetch((part("coach").dataset.stateUrl ?? "").replace(NOBODY, id), { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()) as State;
  }

  /** Its end follows, unless somebody else answers this question: then the database will know. */
  private trouble(sentence: string): void {
    this.verdict.sentence(sentence);
    if (this.root.dataset.status === "queued") setTimeout(() => void this.catchUp(), REREAD_MS);
  }

  private wait(sentence: string): void {
    this.verdict.status("queued");
    this.verdict.sentence(sentence);
  }

  private addToken(text: string): void {
    if (this.firstMs === null) {
      this.firstMs = performance.now() - this.startedAt;
      this.verdict.status("streaming");
      this.verdict.sentence("");
    }
    this.tokens += 1;
    this.raw.append(text);
    this.verdict.progress(this.firstMs, performance.now() - this.startedAt, this.tokens);
  }

  private show(answer: Answer): void {
    this.answer = answer;
    showAnswer(this.root, answer);
  }

  private end(ending: Ending & Partial<State>): void {
    // Times as the person felt them where this page saw them, else as the server measured them.
    const felt = this.firstMs === null || !this.saw ? {} : { first_token_ms: this.firstMs, total_ms: performance.now() - this.startedAt };
    this.verdict.end({ ...ending, ...felt });
    showReader(this.root, ending.reader ?? {});
    const other = this.wishes.failover(this, ending.answered_by ?? "");
    if (other && !ending.error) this.verdict.sentence(other);
    if (this.id) this.after.open(this.id, this.answer, ending);
    letScroll(this.root);
    this.wishes.ended(this, ending.status);
  }
}

/** Texts that are longer than their room can be scrolled by keyboard. */
function letScroll(root: HTMLElement): void {
  for (const text of root.querySelectorAll<HTMLElement>(".primary-action, .callout-line, .reasoning, .summary, .aside dd")) {
    if (text.scrollHeight > text.clientHeight + 1) text.tabIndex = 0;
    else text.removeAttribute("tabindex");
  }
}
