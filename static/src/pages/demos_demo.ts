// A recording's page: ask before deleting, and show the result once its import is over.
import "../../css/pages/demos_demo.css";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}

// The job card re-reads itself; when it comes back as succeeded, so does the page with the recording's data.
const importing = document.querySelector("#import");
if (importing) {
  const isDone = (): boolean => importing.querySelector(".job")?.getAttribute("data-status") === "succeeded";
  if (!isDone()) document.addEventListener("htmx:afterSettle", () => { if (isDone()) location.reload(); });
}
