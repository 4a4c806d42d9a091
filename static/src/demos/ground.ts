// The ground of a recording (apps/demos/parsing/viewing/pack_ground.py): where one walked, and how far one sees.
import type { Level } from "./pack";

export interface SentGround {
  bounds: Bounds;
  cell: number;
  left: number;
  bottom: number;
  width: number;
  height: number;
  lower_z: number | null;
  sight: "walked" | "mesh" | "open";
  recordings?: number; // that the ground is put together from
  levels: { walked: string; east: string; north: string }[];
  bomb_s: number;
}

export type Bounds = [number, number, number, number];
const EAST = 1;
const NORTH = 2;

interface Grid {
  walked: Uint8Array;
  passages: Uint8Array; // EAST, NORTH: one sees into that neighbour
}

export class Ground {
  readonly grids: Grid[];

  constructor(readonly sent: SentGround) {
    this.grids = sent.levels.map(({ walked, east, north }) => {
      const passages = this.cells(east, EAST);
      this.cells(north, NORTH).forEach((bit, cell) => (passages[cell] = (passages[cell] ?? 0) | bit));
      return { walked: this.cells(walked, 1), passages };
    });
  }

  private cells(text: string, value: number): Uint8Array {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const cells = new Uint8Array(this.sent.width * this.sent.height);
    for (let cell = 0; cell < cells.length; cell++) if ((bytes[cell >> 3] ?? 0) & (128 >> (cell & 7))) cells[cell] = value;
    return cells;
  }

  get hasLevels(): boolean {
    return this.grids.length > 1 && (this.grids[1]?.walked.includes(1) ?? false);
  }

  levelOf(z: number): Level {
    return this.hasLevels && this.sent.lower_z !== null && z < this.sent.lower_z ? "lower" : "upper";
  }

  grid(level: Level): Grid | undefined {
    return this.grids[level === "lower" ? 1 : 0] ?? this.grids[0];
  }

  /** How far, up to `range` units, one sees from (x, y) at `angle` (radians from east to north). Walks from cell to cell. */
  distance(level: Level, x: number, y: number, angle: number, range: number): number {
    const grid = this.grid(level);
    if (!grid || this.sent.sight === "open") return range;
    const { cell, left, bottom, width, height } = this.sent;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    let column = Math.floor(x / cell) - left;
    let row = Math.floor(y / cell) - bottom;
    const [right, up] = [dx > 0 ? 1 : -1, dy > 0 ? 1 : -1];
    const [perX, perY] = [Math.abs(cell / dx), Math.abs(cell / dy)];
    let toX = ((dx > 0 ? (column + 1 + left) * cell - x : x - (column + left) * cell) / cell) * perX;
    let toY = ((dy > 0 ? (row + 1 + bottom) * cell - y : y - (row + bottom) * cell) / cell) * perY;
    for (;;) {
      const isAcross = toX < toY;
      const far = isAcross ? toX : toY;
      if (far >= range) return range;
      if (column < 0 || row < 0 || column >= width || row >= height) return far;
      const gate = isAcross ? row * width + column - (right < 0 ? 1 : 0) : (row - (up < 0 ? 1 : 0)) * width + column;
      const isOpen = ((grid.passages[gate] ?? 0) & (isAcross ? EAST : NORTH)) !== 0;
      if (!isOpen && far > cell) return far; // whoever stands off the grid still sees a step far
      if (isAcross) {
        column += right;
        toX += perX;
      } else {
        row += up;
        toY += perY;
      }
    }
  }

  /** A picture of the walked ground, `scale` pixels a cell, its upper left corner the grid's north-west one. */
  picture(level: Level, scale = 6): HTMLCanvasElement {
    const { width, height } = this.sent;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const context = canvas.getContext("2d");
    const walked = this.grid(level)?.walked;
    if (!context || !walked) return canvas;
    const layer = (grow: number, colour: string): void => {
      context.fillStyle = colour;
      walked.forEach((is, cell) => {
        if (!is) return;
        const [column, row] = [cell % width, height - 1 - Math.floor(cell / width)];
        context.beginPath();
        context.arc((column + 0.5) * scale, (row + 0.5) * scale, scale * grow, 0, 2 * Math.PI);
        context.fill();
      });
    };
    layer(1.35, "#3a4a60"); // the edge, which the ground then covers but for a rim
    layer(1.05, "#1c2634");
    return canvas;
  }
}
