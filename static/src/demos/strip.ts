// The round strip: what is known of the round under the pointer or the focus stands below it.

export function startStrip(): void {
  const line = document.querySelector<HTMLElement>("#round-detail");
  if (!line) return;
  const hint = line.textContent;
  const show = (event: Event): void => {
    const round = (event.target as Element).closest<HTMLElement>("[data-detail]");
    if (round) line.textContent = round.dataset["detail"] ?? "";
  };
  for (const strip of document.querySelectorAll(".strip")) {
    strip.addEventListener("pointerover", show);
    strip.addEventListener("focusin", show);
    strip.addEventListener("pointerleave", () => { line.textContent = hint; });
  }
}
