// The coach: frames out, an answer in (or two, side by side), shown while the model still writes.
import "../../css/pages/coach_live.css";
import { Column, type Message } from "../coach/column";
import { listen, TakeKey, type Keys } from "../coach/keys";
import { Models } from "../coach/models";
import { memory, part, post } from "../coach/page";
import { Sharing } from "../coach/share";
import { Speech } from "../coach/speech";
import { MOST, Tray } from "../coach/tray";
import { watchWays } from "../coach/ways";
import type { Status } from "../coach/verdict";
import { openSocket } from "../socket";

const OPEN = "coach.open"; // the questions this tab waits for, so that a reload finds them again

const form = part<HTMLFormElement>("ask");
const askButton = part<HTMLButtonElement>("ask-button");
const cancelButton = part<HTMLButtonElement>("cancel");
let upload: AbortController | null = null;

const wishes = {
  start: (id: string) => socket.send({ start: id }),
  failover: (column: Column, by: string) => (answered(column) ? models.failover(column.prefix === "" ? 0 : 1, by) : ""),
  ended,
};
const columns = [new Column("", wishes)];
const tray = new Tray(refuse);
const speech = new Speech();
const models = new Models(compare);
watchWays((files) => {
  if (files.length === 0) return;
  refuse("");
  tray.add(files);
}, refuse);
const sharing = new Sharing({
  take: (frame, before, at) => {
    tray.add([frame], Math.min(before, MOST - 1));
    if (at === "clock" || part<HTMLInputElement>("at-once").checked) void ask();
  },
  busy,
  say: refuse,
});
const socket = openSocket("/ws/coach/", {
  onOpen: () => columns.forEach((column) => void column.catchUp()),
  onMessage: (message) => hear(message as Message),
  onClosed: (again) => {
    if (again === null) return refuse("You are not signed in any more, or may not use the coach. Reload the page.");
    columns.forEach((column) => column.lost());
  },
});

// Other tabs of the same person list what this one asked, shared or judged.
const tabs = new BroadcastChannel("coach");
tabs.addEventListener("message", rereadHistory);

function rereadHistory(): void {
  part("history").dispatchEvent(new CustomEvent("reread"));
}

function refuse(sentence: string): void {
  part("ask-error").textContent = sentence;
  if (sentence && document.body.hasAttribute("data-second")) columns[0]?.verdict.sentence(sentence); // the form is hidden
}

/** Whether a model wrote its answer to the end; of a failure the sentence that says why stays. */
function answered(column: Column): boolean {
  return ["complete", "invalid"].includes(column.root.dataset.status ?? "");
}

function busy(): boolean {
  return upload !== null || asked().some((column) => column.busy);
}

function compare(compares: boolean): void {
  if (compares && columns.length === 1) {
    part("answers").append(part<HTMLTemplateElement>("beside").content.cloneNode(true));
    columns.push(new Column("b-", wishes));
  }
  part("answers").toggleAttribute("data-compare", compares);
}

function asked(): Column[] {
  return columns.slice(0, models.compares ? 2 : 1);
}

function settle(): void {
  askButton.disabled = busy();
  cancelButton.disabled = !busy();
  remember(asked().flatMap((column) => (column.waits && column.id ? [column.id] : [])));
}

async function ask(): Promise<void> {
  if (busy()) return;
  if (tray.blobs.length === 0) return refuse("Drop, paste or choose a screenshot first.");
  refuse("");
  speech.stop();
  const waiting = asked();
  waiting.forEach((column, index) => column.startOver(models.name(index as 0 | 1)));
  scrollToAnswer();
  const body = new FormData(form);
  body.delete("image");
  for (const blob of tray.blobs) body.append("image", blob, "frame");
  upload = new AbortController();
  settle();
  try {
    const answer = await post<{ ids: string[] }>(form.action, body, upload.signal);
    tray.markAsked();
    waiting.forEach((column, index) => column.await(answer.ids[index] ?? ""));
    socket.send({ start: answer.ids });
  } catch (error) {
    const stopped = upload.signal.aborted;
    if (!stopped) tray.markAsked(); // what was refused is not sent again with the next frame
    waiting.forEach((column) => column.fail(stopped ? "cancelled" : "empty"));
    refuse(stopped ? "" : (error as Error).message);
  }
  upload = null;
  settle();
}

function cancel(): void {
  speech.stop();
  upload?.abort();
  for (const column of columns) if (column.busy && column.id) socket.send({ cancel: column.id });
}

function hear(message: Message): void {
  if (message.id === undefined) {
    if (message.sentence) refuse(message.sentence);
    return;
  }
  for (const column of columns) if (column.id === message.id && column.busy) column.hear(message);
}

function ended(column: Column, status: Status): void {
  settle();
  if (status === "complete" && column.prefix === "") speech.say(column.answer);
  if (status === "failed") void models.look();
  rereadHistory();
  tabs.postMessage("ended");
}

// On a phone the answer lies below the form; beside it, there is nothing to scroll to.
function scrollToAnswer(): void {
  const cards = part("answers");
  if (cards.offsetTop > form.offsetTop + form.offsetHeight / 2) cards.scrollIntoView({ block: "start" });
}

function remember(ids: string[]): void {
  try {
    if (ids.length > 0) sessionStorage.setItem(OPEN, ids.join(" "));
    else sessionStorage.removeItem(OPEN);
  } catch {
    // Only a reload would have used it.
  }
}

function resume(): void {
  let ids: string[] = [];
  try {
    ids = (sessionStorage.getItem(OPEN) ?? "").split(" ").filter(Boolean);
  } catch {
    return; // nothing was remembered
  }
  ids.slice(0, asked().length).forEach((id, index) => void columns[index]?.resume(id).catch(() => undefined).finally(settle));
}

// "Ask again": the frames of an earlier question come back into the tray as they were stored.
async function askAgain(): Promise<void> {
  const urls = JSON.parse(part("again").textContent ?? "[]") as string[];
  if (urls.length === 0) return;
  try {
    const answers = await Promise.all(urls.map((url) => fetch(url)));
    if (answers.some((answer) => !answer.ok)) throw new Error();
    tray.add(await Promise.all(answers.map((answer) => answer.blob())));
  } catch {
    refuse("The frames of that question are not kept any more. Add one to ask again.");
  }
}

function showBig(on: boolean): void {
  document.body.toggleAttribute("data-second", on);
  part("second").setAttribute("aria-pressed", String(on));
  part("second-word").textContent = on ? "Whole page" : "Second monitor";
  memory.set("second", on ? "on" : "off");
  if (on) window.scrollTo(0, 0);
}

/** Keys mean the answer in which the focus is, else the first. */
function press(name: string): void {
  const root = asked().map((column) => column.root).find((one) => one.contains(document.activeElement)) ?? part("answer");
  root.querySelector<HTMLButtonElement>(`[data-after] [data-do=${name}]:not(:disabled)`)?.click();
}

const toggleBig = (): void => showBig(!document.body.hasAttribute("data-second"));
const help = part<HTMLDialogElement>("help");
const keys: Keys = {
  Enter: () => void ask(),
  Escape: () => (busy() ? cancel() : document.body.hasAttribute("data-second") ? showBig(false) : speech.stop()),
  "?": () => help.showModal(),
  m: toggleBig,
  v: () => speech.toggle(),
  w: () => void sharing.toggle(),
  f: () => part("image").click(),
  t: () => part("context").focus(),
  "+": () => press("good"),
  "-": () => press("bad"),
  c: () => press("fix"),
  s: () => press("share"),
  "/": () => part("history-search").focus(),
};
const takeKey = new TakeKey(new Set(Object.keys(keys)));
listen(keys, {
  key: () => takeKey.key,
  act: () => {
    if (!sharing.on) return false;
    void sharing.take("key");
    return true;
  },
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
cancelButton.addEventListener("click", cancel);
part("second").addEventListener("click", toggleBig);
part("help-button").addEventListener("click", () => help.showModal());
window.addEventListener("pagehide", () => speech.stop());
showBig(memory.get("second") === "on");
resume();
settle();
void askAgain();
