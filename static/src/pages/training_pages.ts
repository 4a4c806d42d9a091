// On every training page of the admin: live state, the launch form, and forms that are sent once.
import "../../css/pages/training_pages.css";
import { watchLiveElements } from "../live";

interface State {
  status: string;
  message: string;
  progress: number;
  stopping: boolean;
}

const OVER = ["succeeded", "stopped", "failed", "errored"];

function watchState(section: HTMLElement): void {
  if (OVER.includes(section.dataset.status ?? "")) {
    delete section.dataset.live;
    return;
  }
  const message = section.querySelector<HTMLElement>("[data-part=message]");
  const bar = section.querySelector<HTMLProgressElement>("[data-part=progress]");
  const look = async (): Promise<void> => {
    const answer = await fetch(section.dataset.url ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const state = (await answer.json()) as State;
    if (state.status !== section.dataset.status) {
      location.reload();
      return;
    }
    if (message && message.textContent !== state.message) message.textContent = state.message;
    if (bar) bar.value = state.progress;
  };
  section.addEventListener("changed", () => void look());
  setInterval(() => void look(), 3000); // a lost hint costs three seconds
  void look();
}

// A form's own fields shadow its properties (one is called "dataset"): attributes are read by name.
function sendOnce(form: HTMLFormElement): void {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button) button.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button) button.disabled = false;
  });
}

function launchForm(form: HTMLFormElement): void {
  const line = form.querySelector<HTMLElement>("[data-part=memory]");
  const address = form.getAttribute("data-memory") ?? "";
  let asked = 0;
  const estimate = async (): Promise<void> => {
    const number = ++asked;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") query.append(name, value);
    query.delete("csrfmiddlewaretoken");
    const answer = await fetch(`${address}?${query}`);
    if (!answer.ok || number !== asked || !line) return;
    const { text, problem } = (await answer.json()) as { text: string; problem: string };
    line.textContent = problem || text;
    line.classList.toggle("wrong", problem !== "");
  };
  const choose = (): void => {
    const method = new FormData(form).get("method");
    for (const group of form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-method]")) {
      group.hidden = group.dataset.method !== method;
      group.disabled = group.hidden;
    }
  };
  form.addEventListener("input", () => {
    choose();
    void estimate();
  });
  choose();
  void estimate();
}

document.querySelectorAll<HTMLElement>("[data-state]").forEach(watchState);
document.querySelectorAll<HTMLFormElement>("form[data-once]").forEach(sendOnce);
document.querySelectorAll<HTMLFormElement>("form[data-launch]").forEach(launchForm);
watchLiveElements();
