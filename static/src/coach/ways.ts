// Takes screenshots by dropping, pasting or choosing.
import { part } from "./page";

const TYPES = ["image/jpeg", "image/png", "image/webp"];

export function watchWays(onChosen: (files: File[]) => void, onRefused: (sentence: string) => void): void {
  const input = part<HTMLInputElement>("image");
  const drop = part("drop");
  const maxBytes = Number(input.dataset.maxBytes);

  function choose(files: Iterable<File>): void {
    const all = [...files];
    const images = all.filter((file) => TYPES.includes(file.type));
    const small = images.filter((file) => file.size <= maxBytes);
    if (small.length < images.length) onRefused(`That file is larger than ${maxBytes / 1024 ** 2} MB. Send a normal screenshot.`);
    else if (images.length < all.length) onRefused("That is not a JPEG, PNG or WebP image. Take a screenshot and try again.");
    onChosen(small);
  }

  input.addEventListener("change", () => {
    choose(input.files ?? []);
    input.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => {
    const images = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (images.length === 0) return;
    event.preventDefault();
    choose(images);
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
    choose(event.dataTransfer?.files ?? []);
  });
}
