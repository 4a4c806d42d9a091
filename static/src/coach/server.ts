// The line that says whether the model server answers. While it is away it is asked again every few seconds.
const WHILE_AWAY_MS = 4_000;
const WHILE_UP_MS = 60_000;

export function watchServer(): () => void {
  const line = document.getElementById("server") as HTMLElement;
  let timer = 0;
  let asking = false;

  function show(state: string, sentence: string): void {
    if (line.dataset.state === state && line.textContent === sentence) return;
    line.dataset.state = state;
    line.textContent = sentence;
  }

  async function look(): Promise<void> {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    let up = false;
    try {
      const response = await fetch(line.dataset.url ?? "", { headers: { Accept: "application/json" } });
      const body = (await response.json()) as { up: boolean; sentence: string };
      up = body.up;
      show(up ? "up" : "away", up ? body.sentence : `${body.sentence} Looking again by itself.`);
    } catch {
      show("away", "This page cannot reach Chimera. Looking again by itself.");
    }
    asking = false;
    timer = window.setTimeout(() => void look(), up ? WHILE_UP_MS : WHILE_AWAY_MS);
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void look();
  });
  void look();
  return () => void look();
}
