// The library's drop zone: files go up one after another, each with its bar and its sentence.
import "../../css/pages/demos_library.css";
import { setUpLibrary } from "../demos/library";

interface Result {
  name: string;
  outcome: "accepted" | "duplicate" | "rejected";
  message: string;
  url: string;
}

const form = document.querySelector<HTMLFormElement>("#upload");
if (form) setUp(form);
setUpLibrary();

function setUp(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("#recordings");
  const list = form.querySelector<HTMLUListElement>("#uploads");
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  if (!input || !list || !button) return;
  let queue: Promise<void> = Promise.resolve();

  const add = (files: Iterable<File>): void => {
    for (const file of files) {
      const row = new Row(file.name, list);
      queue = queue.then(() => send(form, file, row));
    }
    void queue.then(refreshList);
  };

  button.hidden = true; // choosing files is enough here
  input.required = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    add([...(event.dataTransfer?.files ?? [])]);
  });
  window.addEventListener("beforeunload", (event) => {
    if (list.querySelector("[data-busy]")) event.preventDefault();
  });
}

class Row {
  private readonly item = document.createElement("li");
  private readonly bar = document.createElement("progress");
  private readonly number = document.createElement("span");
  private readonly message = document.createElement("span");

  constructor(name: string, list: HTMLUListElement) {
    const title = document.createElement("span");
    title.className = "upload-name";
    title.textContent = name;
    this.number.className = "number quiet";
    this.message.className = "upload-message";
    this.message.textContent = "Waiting for its turn.";
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Upload of ${name}`);
    this.item.append(title, this.number, this.bar, this.message);
    this.item.dataset.busy = "";
    list.append(this.item);
  }

  progress(fraction: number): void {
    this.bar.value = fraction * 100;
    this.number.textContent = `${Math.floor(fraction * 100)} %`;
    this.message.textContent = fraction < 1 ? "Uploading." : "Checking.";
  }

  done(result: Pick<Result, "outcome" | "message" | "url">): void {
    delete this.item.dataset.busy;
    this.item.classList.add(result.outcome);
    this.bar.hidden = true;
    this.number.textContent = "";
    this.message.textContent = `${result.message} `;
    if (!result.url) return;
    const link = document.createElement("a");
    link.href = result.url;
    link.textContent = "Open it";
    this.message.append(link);
  }
}

function send(form: HTMLFormElement, file: File, row: Row): Promise<void> {
  const body = new FormData();
  body.append("recordings", file);
  const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
  return new Promise((resolve) => {
    const fail = (message: string): void => row.done({ outcome: "rejected", message, url: "" });
    request.upload.onprogress = (event) => row.progress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      const answer = read(request.responseText);
      const result = request.status === 200 ? answer.results?.[0] : undefined;
      if (result) row.done(result);
      else fail(answer.error ?? `The server refused the upload (${request.status}). Nothing was kept; reload the page and try again.`);
    };
    request.onerror = () => fail("The connection broke. Nothing was kept; try again.");
    request.onloadend = () => resolve();
    request.send(body);
  });
}

function read(text: string): { results?: Result[]; error?: string } {
  try {
    return JSON.parse(text) as { results?: Result[]; error?: string };
  } catch {
    return {};
  }
}

function refreshList(): void {
  document.querySelector("#library-list")?.dispatchEvent(new CustomEvent("changed"));
}
