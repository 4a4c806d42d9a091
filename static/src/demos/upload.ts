// The library's way in: a drop zone, and the list of what goes up, is unpacked, and is imported.
import "../../css/pages/demos_upload.css";
import { droppedFiles, looksWanted } from "./upload_files";
import { Row } from "./upload_row";
import { previousOf, Sending } from "./upload_sending";

const AT_ONCE = 2;

interface Entry {
  row: Row;
  key: string;
  url: string; // of the upload, once it has one
  sending?: Sending;
}

export function setUpUploads(): void {
  const form = document.querySelector<HTMLFormElement>("#upload");
  if (form) new Uploads(form).begin();
}

class Uploads {
  private readonly input = find<HTMLInputElement>("#recordings");
  private readonly folder = find<HTMLInputElement>("#folder");
  private readonly box = find<HTMLElement>("#uploads");
  private readonly list = find<HTMLUListElement>("#upload-rows");
  private readonly summary = find<HTMLElement>("#uploads-summary");
  private readonly pauseAll = find<HTMLButtonElement>("#uploads-pause");
  private readonly clear = find<HTMLButtonElement>("#uploads-clear");
  private readonly endpoint: string;
  private readonly token: string;
  private entries: Entry[] = [];
  private earlier: Promise<void> = Promise.resolve(); // what is begun here must not be listed as begun before

  constructor(private readonly form: HTMLFormElement) {
    this.endpoint = form.dataset.uploads ?? "";
    this.token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  begin(): void {
    const submit = this.form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (submit) submit.hidden = true; // choosing files is enough here
    this.input.required = false;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("change", () => this.take(this.input, () => true));
    this.folder.addEventListener("change", () => this.take(this.folder, (file) => looksWanted(file.name)));
    const choose = find<HTMLButtonElement>("#choose-folder");
    choose.hidden = !("webkitdirectory" in this.folder);
    choose.addEventListener("click", () => this.folder.click());
    this.pauseAll.addEventListener("click", () => this.pauseOrGoOn());
    this.clear.addEventListener("click", () => this.clearFinished());
    this.listenForDrops();
    window.addEventListener("online", () => this.reconnect());
    window.addEventListener("beforeunload", (event) => {
      if (this.entries.some(({ row }) => row.state === "sending")) event.preventDefault();
    });
    document.addEventListener("htmx:afterSettle", () => this.look());
    this.earlier = this.showEarlier();
  }

  private listenForDrops(): void {
    for (const kind of ["dragenter", "dragover"]) {
      this.form.addEventListener(kind, (event) => {
        event.preventDefault();
        this.form.classList.add("over");
      });
    }
    this.form.addEventListener("dragleave", (event) => {
      if (!this.form.contains(event.relatedTarget as Node | null)) this.form.classList.remove("over");
    });
    this.form.addEventListener("drop", (event) => {
      event.preventDefault();
      this.form.classList.remove("over");
      if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => this.add(files));
    });
  }

  private take(input: HTMLInputElement, wanted: (file: File) => boolean): void {
    void this.add([...(input.files ?? [])].filter(wanted));
    input.value = "";
  }

  private async add(files: File[]): Promise<void> {
    if (files.length === 0) this.summary.textContent = "No recordings were found there.";
    await this.earlier;
    for (const file of files) await this.addOne(file);
    this.refresh();
    this.next();
  }

  private async addOne(file: File): Promise<void> {
    const key = [file.webkitRelativePath, file.name, file.size, file.lastModified].join("|");
    if (this.entries.some((entry) => entry.key === key && entry.row.state !== "over" && entry.row.state !== "whole")) return;
    const previous = await previousOf(file, this.endpoint);
    const known = this.entries.find(({ row, url }) => row.state === "unfinished" && previous?.uploadUrl?.endsWith(url));
    if (known) this.remove(known);
    const entry: Entry = { key, url: "", row: this.newRow(file.name, file.size, () => entry) };
    entry.sending = new Sending(
      file,
      this.endpoint,
      this.token,
      {
        started: () => entry.row.become("sending"),
        sent: (bytes) => this.sent(entry, bytes),
        lost: () => entry.row.become("lost"),
        whole: (url) => this.whole(entry, url),
        refused: (sentence) => this.refused(entry, sentence),
      },
      previous,
    );
    this.entries.push(entry);
  }

  private newRow(name: string, size: number, entry: () => Entry): Row {
    const row = new Row(name, size, {
      pause: () => this.pause(entry()),
      go: () => this.goOn(entry()),
      cancel: () => void this.cancel(entry()),
    });
    this.list.append(row.item);
    this.box.hidden = false;
    return row;
  }

  /** Begin as many as may go at once. */
  private next(): void {
    const moving = this.entries.filter(({ row }) => row.state === "sending" || row.state === "lost").length;
    const waiting = this.entries.filter(({ row }) => row.state === "waiting");
    for (const entry of waiting.slice(0, Math.max(0, AT_ONCE - moving))) entry.sending?.start();
    this.refresh();
  }

  private sent(entry: Entry, bytes: number): void {
    if (entry.row.state === "lost") entry.row.become("sending");
    if (entry.row.state === "sending") entry.row.progress(bytes);
  }

  private whole(entry: Entry, url: string): void {
    entry.url = new URL(url, location.href).pathname;
    entry.row.become("whole");
    void window.htmx.ajax("get", entry.url, { target: entry.row.account, swap: "innerHTML" });
    this.next();
  }

  private refused(entry: Entry, sentence: string): void {
    entry.row.refused = true;
    entry.row.become("failed", sentence);
    this.next();
  }

  private pause(entry: Entry): void {
    entry.sending?.pause();
    entry.row.become("paused");
    this.next();
  }

  private goOn(entry: Entry): void {
    entry.row.refused = false;
    entry.row.become("waiting");
    this.next();
  }

  private async cancel(entry: Entry): Promise<void> {
    this.remove(entry);
    await entry.sending?.cancel();
    if (entry.url !== "" && !entry.sending) {
      const headers = { "X-CSRFToken": this.token, "Tus-Resumable": "1.0.0" };
      await fetch(entry.url, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
    }
    this.next();
  }

  private pauseOrGoOn(): void {
    const moving = this.entries.filter(({ row }) => ["waiting", "sending", "lost"].includes(row.state));
    if (moving.length > 0) moving.forEach((entry) => this.pauseQuietly(entry));
    else this.entries.filter(({ row }) => row.state === "paused").forEach(({ row }) => row.become("waiting"));
    this.next();
  }

  private pauseQuietly(entry: Entry): void {
    if (entry.row.state !== "waiting") entry.sending?.pause();
    entry.row.become("paused");
  }

  private reconnect(): void {
    for (const entry of this.entries.filter(({ row }) => row.state === "lost")) {
      entry.sending?.pause();
      entry.sending?.start();
    }
  }

  private clearFinished(): void {
    for (const entry of this.entries.filter(({ row }) => row.state === "over" || row.refused)) this.remove(entry);
    this.refresh();
    this.input.focus();
  }

  private remove(entry: Entry): void {
    entry.row.item.remove();
    this.entries = this.entries.filter((other) => other !== entry);
    this.refresh();
  }

  /** Uploads this person began earlier, here or elsewhere, and those whose recordings are being imported. */
  private async showEarlier(): Promise<void> {
    const answer = await fetch(this.endpoint, { signal: AbortSignal.timeout(8000) }).catch(() => undefined);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
    for (const told of page.querySelectorAll<HTMLElement>("li[data-url]")) this.showOne(told.dataset);
    this.refresh();
  }

  private showOne(told: DOMStringMap): void {
    const url = told.url ?? "";
    if (this.entries.some((entry) => entry.url === url)) return;
    const size = Number(told.size);
    const entry: Entry = { key: url, url, row: this.newRow(told.name ?? "", size, () => entry) };
    this.entries.push(entry);
    if (told.state === "unfinished") {
      entry.row.become("unfinished", "Not all of it arrived. Choose the same file again to go on where it stopped.");
      entry.row.progress(Number(told.offset));
    } else this.whole(entry, url);
  }

  /** After the server's account of a row was read anew: whether that row is over, and no card twice on the page. */
  private look(): void {
    for (const { row } of this.entries) {
      const account = row.account.querySelector(".upload-results");
      if (row.state !== "whole" || !account || "open" in (account as HTMLElement).dataset) continue;
      row.become("over");
      row.refused = account.querySelector("[data-outcome=rejected], [data-outcome=failed]") !== null;
    }
    hideTwins();
    this.refresh();
  }

  private refresh(): void {
    const count = (states: string[]): number => this.entries.filter(({ row }) => states.includes(row.state)).length;
    const moving = count(["waiting", "sending", "lost"]);
    const paused = count(["paused"]);
    const refused = this.entries.filter(({ row }) => row.refused).length;
    this.box.hidden = this.entries.length === 0;
    hideTold();
    this.pauseAll.hidden = moving + paused === 0;
    const label = moving > 0 ? "Pause all" : "Resume all";
    if (this.pauseAll.textContent !== label) this.pauseAll.textContent = label;
    this.clear.hidden = count(["over"]) + refused === 0;
    const parts = [
      `${count(["whole", "over"])} of ${this.entries.length} uploaded`,
      count(["whole"]) > 0 ? `${count(["whole"])} being imported` : "",
      refused > 0 ? `${refused} rejected` : "",
    ];
    const text = `${parts.filter((part) => part !== "").join(", ")}.`;
    if (this.entries.length > 0 && this.summary.textContent !== text) this.summary.textContent = text;
  }
}

/** An import shown in a row of the uploads needs no card of its own beside it. */
function hideTwins(): void {
  const shown = new Set([...document.querySelectorAll<HTMLElement>("#uploads [data-job]")].map((one) => `job-${one.dataset.job}`));
  for (const grid of document.querySelectorAll<HTMLElement>(".imports")) {
    const cards = [...grid.querySelectorAll<HTMLElement>("article.job")];
    for (const card of cards) card.hidden = shown.has(card.id);
    const empty = cards.length > 0 && cards.every((card) => card.hidden);
    grid.hidden = empty;
    if (grid.previousElementSibling?.tagName === "H2") (grid.previousElementSibling as HTMLElement).hidden = empty;
  }
}

/** What a row of the uploads tells already is not told again below it. */
function hideTold(): void {
  const told = new Set([...document.querySelectorAll<HTMLElement>("#uploads [data-upload]")].map((one) => one.dataset.upload));
  const entries = [...document.querySelectorAll<HTMLElement>("#not-imported [data-entry-of]")];
  for (const entry of entries) entry.hidden = told.has(entry.dataset.entryOf);
  const left = entries.filter((entry) => !entry.hidden).length;
  const box = document.querySelector<HTMLElement>("#not-imported");
  const count = document.querySelector<HTMLElement>("#not-imported-count");
  if (box) box.hidden = left === 0;
  if (count) count.textContent = String(left);
}

function find<T extends HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`${selector} is not on this page`);
  return found;
}
