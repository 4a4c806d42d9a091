// Takes a screenshot by dropping, pasting or choosing, and shows it.
const TYPES = ["image/jpeg", "image/png", "image/webp"];

export interface FramePicker {
  current(): File | null;
}

export function watchFrame(onChosen: () => void, onRefused: (sentence: string) => void): FramePicker {
  const input = document.getElementById("image") as HTMLInputElement;
  const drop = document.getElementById("drop") as HTMLElement;
  const preview = document.getElementById("preview") as HTMLImageElement;
  const hint = document.getElementById("drop-hint") as HTMLElement;
  const maxBytes = Number(input.dataset.maxBytes);
  let chosen: File | null = null;

  function choose(file: File | undefined | null): void {
    if (!file) return;
    if (!TYPES.includes(file.type)) return onRefused("That is not a JPEG, PNG or WebP image. Take a screenshot and try again.");
    if (file.size > maxBytes) return onRefused(`That file is larger than ${maxBytes / 1024 ** 2} MB. Send a normal screenshot.`);
    chosen = file;
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(file);
    preview.hidden = false;
    hint.hidden = true;
    onChosen();
  }

  input.addEventListener("change", () => choose(input.files?.[0]));
  document.addEventListener("paste", (event) => {
    const image = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (!image) return;
    event.preventDefault();
    choose(image);
  });
  // The whole page takes the drop: missing the box must not make the browser leave the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.dataset.over = "";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete drop.dataset.over;
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    delete drop.dataset.over;
    choose(event.dataTransfer?.files[0]);
  });
  return { current: () => chosen };
}
