// The coach: one frame out, one answer in, shown while the model still writes.
import "../../css/pages/coach_live.css";
import { showAnswer, type Answer } from "../coach/cards";
import { watchFrame } from "../coach/frame";
import { watchServer } from "../coach/server";
import { showEnding, showProblems, showProgress, showSentence, showStatus, type Ending, type Status } from "../coach/verdict";
import { openSocket } from "../socket";

type Message = { id?: string; type: string; text?: string; answer?: Answer; sentence?: string } & Partial<Ending>;
type State = Ending & { text: string; answer: Answer; error: string };

const OVER: Status[] = ["complete", "invalid", "cancelled", "failed"];
const REREAD_MS = 1_000;

const coach = document.getElementById("coach") as HTMLElement;
const cards = document.getElementById("answer") as HTMLElement;
const form = document.getElementById("ask") as HTMLFormElement;
const askButton = document.getElementById("ask-button") as HTMLButtonElement;
const cancelButton = document.getElementById("cancel") as HTMLButtonElement;
const errorLine = document.getElementById("ask-error") as HTMLElement;
const raw = document.getElementById("raw-text") as HTMLElement;
const nobody = "00000000-0000-0000-0000-000000000000";

let current: string | null = null; // the question being answered
let upload: AbortController | null = null;
let tokens = 0;
let startedAt = 0;
let firstMs: number | null = null;

const lookAtServer = watchServer();
const frame = watchFrame(
  () => refuse(""),
  (sentence) => refuse(sentence),
);
const socket = openSocket("/ws/coach/", {
  onOpen: () => void catchUp(),
  onMessage: (message) => hear(message as Message),
  onClosed: (again) => {
    if (again === null) return refuse("You are not signed in any more, or may not use the coach. Reload the page.");
    if (current) showSentence("The connection was lost; connecting again.");
  },
});

function refuse(sentence: string): void {
  errorLine.textContent = sentence;
}

function busy(yes: boolean): void {
  askButton.disabled = yes;
  cancelButton.disabled = !yes;
}

function startOver(): void {
  tokens = 0;
  firstMs = null;
  startedAt = performance.now();
  raw.textContent = "";
  (document.getElementById("raw") as HTMLDetailsElement).open = false;
  showAnswer(cards, {});
  showProblems([]);
  showSentence("");
  showProgress(null, null, null);
  (document.getElementById("model") as HTMLElement).textContent = "";
}

async function ask(): Promise<void> {
  if (askButton.disabled) return;
  const image = frame.current();
  if (!image) return refuse("Drop, paste or choose a screenshot first.");
  refuse("");
  busy(true);
  startOver();
  showStatus("sending");
  // On a phone the answer lies below the form; beside it, there is nothing to scroll to.
  if (cards.offsetTop > form.offsetTop + form.offsetHeight / 2) cards.scrollIntoView({ block: "start" });
  const body = new FormData(form);
  body.set("image", image, "frame");
  upload = new AbortController();
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: upload.signal });
    const answer = (await response.json().catch(() => ({}))) as { id?: string; error?: string };
    if (!response.ok || !answer.id) throw new Error(answer.error ?? `The frame was not taken (${response.status}). Reload the page and try again.`);
    current = answer.id;
    showStatus("queued");
    socket.send({ start: current });
  } catch (error) {
    const stopped = upload.signal.aborted;
    showStatus(stopped ? "cancelled" : "empty");
    refuse(stopped ? "" : error instanceof TypeError ? "The frame could not be sent. Is Chimera still running?" : (error as Error).message);
    busy(false);
  }
}

function cancel(): void {
  if (current) socket.send({ cancel: current });
  else upload?.abort();
}

function hear(message: Message): void {
  if (message.id !== current) {
    if (message.id === undefined && message.sentence) refuse(message.sentence);
    return;
  }
  if (message.type === "token") addToken(message.text ?? "");
  else if (message.type === "fields") showAnswer(cards, message.answer ?? {});
  else if (message.type === "error") showSentence(message.sentence ?? "");
  else if (message.type === "done") end(message as Ending);
}

function addToken(text: string): void {
  firstMs ??= performance.now() - startedAt;
  if (tokens === 0) showStatus("streaming");
  tokens += 1;
  raw.append(text);
  showProgress(firstMs, performance.now() - startedAt, tokens);
}

function end(ending: Ending): void {
  current = null;
  // Times as the person felt them where this page saw them, else as the server measured them.
  const felt = firstMs === null ? {} : { first_token_ms: firstMs, total_ms: performance.now() - startedAt };
  showEnding({ ...ending, ...felt });
  busy(false);
  if (ending.status === "failed") lookAtServer();
  document.getElementById("history")?.dispatchEvent(new CustomEvent("reread"));
}

// After the socket was away the database knows how it went; the server stops an answer nobody listens to.
async function catchUp(): Promise<void> {
  const id = current;
  if (!id) return;
  try {
    const response = await fetch((coach.dataset.stateUrl ?? "").replace(nobody, id));
    if (!response.ok) throw new Error(String(response.status));
    const state = (await response.json()) as State;
    if (current !== id) return;
    if (state.status === "queued") return socket.send({ start: id });
    raw.textContent = state.text;
    showAnswer(cards, state.answer);
    showSentence(state.error);
    if (OVER.includes(state.status)) return end(state);
  } catch {
    showSentence("The connection was lost; connecting again.");
  }
  setTimeout(() => void catchUp(), REREAD_MS);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
cancelButton.addEventListener("click", cancel);
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat) return;
  if (event.key === "Escape" && !cancelButton.disabled) cancel();
  const target = event.target as HTMLElement;
  const acts = target.closest("a, button, summary, select, input[type=file], label"); // Enter has its own meaning there
  if (event.key === "Enter" && !event.shiftKey && !acts) {
    event.preventDefault();
    void ask();
  }
});
