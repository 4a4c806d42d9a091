// A recording's page: show the result once its import is over.
import "../../css/pages/demos_demo.css";

// The job card re-reads itself; when it comes back as succeeded, so does the page with the recording's data.
const importing = document.querySelector("#import");
if (importing) {
  const isDone = (): boolean => importing.querySelector(".job")?.getAttribute("data-status") === "succeeded";
  if (!isDone()) document.addEventListener("htmx:afterSettle", () => { if (isDone()) location.reload(); });
}
