// On every page: htmx, and the socket that says what changed.
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
watchLiveElements();
