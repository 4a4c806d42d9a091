// The run page: curves, sample completions and checkpoints, read again whenever the run says that it changed.
import { watchLiveElements } from "../live";
import { drawChart, type Line } from "../training/chart";
import { drawCheckpoints, drawCompletions, type Checkpoint, type Completion } from "../training/lists";

interface RunData {
  status: string;
  message: string;
  progress: number;
  stopping: boolean;
  step: number;
  steps: number;
  curves: Record<string, [number, number | null][]>;
  completions: Completion[];
  checkpoints: Checkpoint[];
}

const OVER = ["succeeded", "stopped", "failed", "errored"];
const root = document.getElementById("run");

function part<T extends HTMLElement>(name: string): T | null {
  return root?.querySelector<T>(`[data-part="${name}"]`) ?? null;
}

// Which figures share a chart; what is not there is not drawn.
function charts(curves: RunData["curves"]): { title: string; note: string; lines: Line[]; unit: boolean }[] {
  const line = (name: string, label: string, tone: string): Line[] => {
    const points = curves[name];
    return points && points.some(([, value]) => value !== null) ? [{ label, tone, points }] : [];
  };
  const signals = Object.keys(curves)
    .map((name) => /^signal\/(.+)\/mean$/.exec(name)?.[1])
    .filter((name): name is string => name !== undefined);
  return [
    { title: "Loss", note: "", lines: line("loss", "loss", "a"), unit: false },
    {
      title: "Reward",
      note: "weighted total, and its spread within groups",
      lines: [...line("reward", "mean", "a"), ...line("reward_group_std", "spread within groups", "b")],
      unit: true,
    },
    {
      title: "Gate and groups",
      note: "answers that are usable; groups that teach nothing",
      lines: [...line("gate_rate", "passes the gate", "good"), ...line("zero_spread", "groups without spread", "bad")],
      unit: true,
    },
    ...signals.map((name) => ({
      title: `Signal: ${name}`,
      note: "",
      lines: [
        ...line(`signal/${name}/mean`, "mean", "a"),
        ...line(`signal/${name}/group_std`, "spread within groups", "b"),
        ...line(`signal/${name}/share`, "share of the gradient", "quiet"),
      ],
      unit: true,
    })),
    { title: "Token accuracy", note: "of the answer", lines: line("token_accuracy", "accuracy", "good"), unit: true },
    { title: "Answer length", note: "tokens", lines: line("completion_length", "mean", "a"), unit: false },
    { title: "KL", note: "from the start model", lines: line("kl", "KL", "a"), unit: false },
    { title: "Learning rate", note: "", lines: line("learning_rate", "learning rate", "quiet"), unit: false },
  ].filter((chart) => chart.lines.length > 0);
}

function drawCharts(data: RunData): void {
  const place = part("charts");
  if (!place) return;
  const wanted = charts(data.curves);
  const empty = part("no-curves");
  if (empty) empty.hidden = wanted.length > 0;
  for (const chart of wanted) {
    let figure = place.querySelector<HTMLElement>(`figure[data-chart="${CSS.escape(chart.title)}"]`);
    if (!figure) {
      figure = document.createElement("figure");
      figure.className = "tr-card tr-chart";
      figure.dataset.chart = chart.title;
      place.append(figure);
    }
    drawChart(figure, { ...chart, steps: OVER.includes(data.status) ? Math.max(data.step, 2) : data.steps });
  }
}

function show(data: RunData): void {
  if (!root) return;
  const over = OVER.includes(data.status);
  if (data.status !== root.dataset.status && (over || root.dataset.status === "queued")) {
    location.reload(); // badges, evaluations and the log come from the server
    return;
  }
  const message = part("message");
  if (message && message.textContent !== data.message) message.textContent = data.message;
  const steps = part("steps");
  if (steps) steps.textContent = `${data.step} / ${data.steps}`;
  const bar = part<HTMLProgressElement>("progress");
  if (bar) bar.value = data.progress;
  const evaluate = part("evaluate");
  if (evaluate) evaluate.hidden = data.checkpoints.length === 0;
  const onward = part<HTMLAnchorElement>("continue");
  const newest = data.checkpoints[0];
  if (onward && newest) {
    onward.href = newest.continue;
    onward.hidden = !over;
  }
  drawCharts(data);
  drawCheckpoints(part("checkpoints"), data.checkpoints);
  const section = part("completions-section");
  if (section) section.hidden = data.completions.length === 0;
  drawCompletions(part("completions"), data.completions);
}

let reading = false;
let again = false;
async function read(): Promise<void> {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const answer = await fetch(root?.dataset.url ?? "", { headers: { Accept: "application/json" } });
    if (answer.ok) show((await answer.json()) as RunData);
  } finally {
    reading = false;
  }
  if (again) {
    again = false;
    void read();
  }
}

if (root) {
  root.addEventListener("changed", () => void read());
  if (!OVER.includes(root.dataset.status ?? "")) setInterval(() => void read(), 3000);
  watchLiveElements();
  void read();
}
