// A small line chart in SVG: one axis, a few lines, the last values in the legend.
export interface Line {
  label: string;
  tone: string; // colour by class: a, b, good, bad, quiet
  points: [number, number | null][];
}

interface Chart {
  title: string;
  note: string;
  lines: Line[];
  steps: number; // how long the run will be: the width does not jump while it grows
  unit: boolean; // values lie in 0..1
}

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 420;
const HEIGHT = 150;
const EDGE = { left: 50, right: 10, top: 8, bottom: 22 };

function svg(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}

export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000 || size < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

function tick(value: number): string {
  const size = Math.abs(value);
  return value === 0 || (size >= 0.01 && size < 1000) ? String(Number(value.toPrecision(2))) : value.toExponential(0);
}

function range(chart: Chart): [number, number] {
  const values = chart.lines.flatMap((line) => line.points.map(([, value]) => value).filter((v) => v !== null));
  const low = Math.min(0, ...values);
  const high = chart.unit ? Math.max(1, ...values) : Math.max(...values);
  return high > low ? [low, high] : [low, low + 1];
}

// One path per line; a missing value leaves a gap.
function path(line: Line, x: (step: number) => number, y: (value: number) => number): string {
  let pen = "M";
  let drawn = "";
  for (const [step, value] of line.points) {
    if (value === null) {
      pen = "M";
      continue;
    }
    drawn += `${pen}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  }
  return drawn;
}

export function drawChart(figure: HTMLElement, chart: Chart): void {
  const [low, high] = range(chart);
  const last = Math.max(chart.steps, ...chart.lines.flatMap((line) => line.points.map(([step]) => step)), 2);
  const x = (step: number): number => EDGE.left + ((step - 1) / (last - 1)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value: number): number =>
    HEIGHT - EDGE.bottom - ((value - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": chart.title });
  for (const value of [low, (low + high) / 2, high]) {
    drawing.append(
      svg("line", { class: "grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(value), y2: y(value) }),
      svg("text", { class: "tick end", x: EDGE.left - 6, y: y(value) + 4 }, tick(value)),
    );
  }
  drawing.append(
    svg("text", { class: "tick", x: EDGE.left, y: HEIGHT - 4 }, "1"),
    svg("text", { class: "tick end", x: WIDTH - EDGE.right, y: HEIGHT - 4 }, `step ${last}`),
  );
  const legend = document.createElement("ul");
  for (const line of chart.lines) {
    drawing.append(svg("path", { class: `line ${line.tone}`, d: path(line, x, y) }));
    const known = line.points.filter((point): point is [number, number] => point[1] !== null);
    const end = known[known.length - 1];
    const item = document.createElement("li");
    item.className = line.tone;
    item.textContent = `${line.label} ${end ? short(end[1]) : "–"}`;
    legend.append(item);
    if (end) drawing.append(svg("circle", { class: `dot ${line.tone}`, cx: x(end[0]), cy: y(end[1]), r: 3 }));
  }
  const caption = document.createElement("figcaption");
  const title = document.createElement("strong");
  title.textContent = chart.title;
  const note = document.createElement("small");
  note.textContent = chart.note;
  caption.append(title, note);
  figure.replaceChildren(caption, drawing, legend);
}
