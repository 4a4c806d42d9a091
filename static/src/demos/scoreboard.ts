// The scoreboard: sorted by any column, for all rounds or those of one side.

function valueOf(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.dataset["value"] ?? "";
}

function sortBody(body: HTMLTableSectionElement, column: number, ascending: boolean): void {
  const sign = ascending ? 1 : -1;
  const rows = [...body.rows].sort((one, other) =>
    column === 0
      ? sign * valueOf(one, 0).localeCompare(valueOf(other, 0))
      : sign * (Number(valueOf(one, column)) - Number(valueOf(other, column))),
  );
  body.append(...rows);
}

// Numbers come largest first, names from A; choosing the same column again turns it round.
function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const before = head.getAttribute("aria-sort");
  const first = head.cellIndex === 0 ? "ascending" : "descending";
  const order = before === null ? first : before === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  for (const body of table.tBodies) sortBody(body, head.cellIndex, order === "ascending");
}

function showSide(side: string): void {
  for (const body of document.querySelectorAll<HTMLElement>(".sortable tbody")) body.hidden = body.dataset["side"] !== side;
}

export function startScoreboard(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>(".sortable")) {
    table.tHead?.addEventListener("click", (event) => {
      const head = (event.target as Element).closest(".sorter")?.closest("th");
      if (head) sortBy(table, head);
    });
    const sorted = table.querySelector<HTMLTableCellElement>("th[aria-sort]");
    for (const body of table.tBodies) if (sorted) sortBody(body, sorted.cellIndex, sorted.getAttribute("aria-sort") === "ascending");
  }
  const choice = document.querySelector("#board-side");
  choice?.addEventListener("change", (event) => showSide((event.target as HTMLInputElement).value));
  const chosen = choice?.querySelector<HTMLInputElement>("input:checked");
  if (chosen) showSide(chosen.value); // browsers keep the choice over a reload
}
