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

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) event.preventDefault();
});
