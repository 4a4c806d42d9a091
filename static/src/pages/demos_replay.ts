// The 2D viewer of a recording: reads what the page was told, and starts.
import "../../css/pages/demos_replay.css";
import { type Config, part, Viewer } from "../demos/viewer";

const told = document.getElementById("viewer-config");
if (told) void start(JSON.parse(told.textContent ?? "{}") as Config);

async function start(config: Config): Promise<void> {
  try {
    await new Viewer(config).start();
  } catch (error) {
    const message = part("map-message");
    message.hidden = false;
    message.textContent = `This recording cannot be shown: ${error instanceof Error ? error.message : String(error)}. Reload the page to try again.`;
  }
}
