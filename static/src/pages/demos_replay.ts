// The 2D viewer of a recording: reads what the page was told, and starts.
import "../../css/pages/demos_replay.css";
import { Viewer } from "../demos/viewer";
import { type Config, reason, say } from "../demos/viewer_page";

const told = document.getElementById("viewer-config");
if (told) void start(JSON.parse(told.textContent ?? "{}") as Config);

async function start(config: Config): Promise<void> {
  try {
    await new Viewer(config).start();
  } catch (error) {
    say(`This recording cannot be shown: ${reason(error)}. Reload the page to try again.`);
  }
}
