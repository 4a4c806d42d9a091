// On every page: htmx, the socket that says what changed, and a question before anything is deleted.
import htmx from "htmx.org";
import { watchLiveElements } from "./live";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Going back reads the page from the server: a kept copy would have no listeners, and old rows.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
watchLiveElements();

// A button with data-copy="#id" copies what that element says.
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("button[data-copy]");
  const text = document.querySelector(button?.dataset.copy ?? ":not(*)")?.textContent ?? "";
  if (button && text) void copied(text.trim()).then((done) => (button.textContent = done ? "Copied" : "Select it and copy it by hand"));
});

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text); // only there over TLS and on this machine
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
});
