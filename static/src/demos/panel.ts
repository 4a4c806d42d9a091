// The table beside the map: one row per player, cells rewritten only when their text changes.
import { DEFUSER, HELMET, type Pack, type Side } from "./pack";

interface Row {
  player: number;
  element: HTMLTableRowElement;
  button: HTMLButtonElement;
  cells: HTMLTableCellElement[];
}

const SIDES: [Side, string][] = [
  ["CT", "Counter-terrorists"],
  ["T", "Terrorists"],
];

export class Panel {
  private readonly rows: Row[] = [];
  private pinned: number | null = null;

  /** `onWatch` is told whom the person looks at: by a click on the name, until the next one; else by pointing. */
  constructor(
    body: HTMLElement,
    private readonly pack: Pack,
    private readonly onWatch: (player: number | null) => void,
  ) {
    for (const [side, title] of SIDES) {
      body.append(heading(title, side));
      pack.players.forEach((who, player) => {
        if (who.side !== side) return;
        const row = this.makeRow(player, who.name ?? "?");
        row.element.addEventListener("mouseenter", () => this.onWatch(player));
        row.element.addEventListener("mouseleave", () => this.onWatch(this.pinned));
        body.append(row.element);
      });
    }
  }

  private makeRow(player: number, name: string): Row {
    const element = document.createElement("tr");
    const cells = ["", "value", "value", "value", "weapon"].map((kind) => {
      const cell = document.createElement("td");
      cell.className = kind;
      element.append(cell);
      return cell;
    });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "name";
    button.textContent = button.title = name;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => this.pin(player));
    cells[0]?.append(button);
    const row = { player, element, button, cells };
    this.rows.push(row);
    return row;
  }

  private pin(player: number): void {
    this.pinned = this.pinned === player ? null : player;
    for (const row of this.rows) row.button.setAttribute("aria-pressed", String(row.player === this.pinned));
    this.onWatch(this.pinned);
  }

  show(frame: number): void {
    const { pack } = this;
    for (const { player, element, cells } of this.rows) {
      const health = pack.health[player]?.[frame] ?? null;
      const flags = pack.flags[player]?.[frame] ?? 0;
      const armour = pack.armor[player]?.[frame] ?? 0;
      const money = pack.money[player]?.[frame] ?? null;
      const extras = `${armour}${flags & HELMET ? " +h" : ""}${flags & DEFUSER ? " kit" : ""}`;
      write(cells[1], health === null ? "–" : String(health));
      write(cells[2], extras);
      write(cells[3], money === null ? "–" : `$${money}`);
      write(cells[4], pack.weapons[pack.weapon[player]?.[frame] ?? -1] ?? "–");
      element.classList.toggle("dead", health !== null && health <= 0);
    }
  }
}

function heading(title: string, side: Side): HTMLTableRowElement {
  const row = document.createElement("tr");
  row.className = "team";
  const cell = document.createElement("th");
  cell.colSpan = 5;
  cell.scope = "rowgroup";
  cell.className = `side-${side}`;
  cell.textContent = title;
  row.append(cell);
  return row;
}

function write(cell: HTMLElement | undefined, text: string): void {
  if (cell && cell.textContent !== text) cell.textContent = text;
}
