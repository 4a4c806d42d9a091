// Parts of the coach's pages by their id, what a browser remembers, and posting to the server.
export function part<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** What this browser remembers between visits; without storage (private windows) nothing is. */
export const memory = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`coach.${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`coach.${name}`, value);
    } catch {
      // Not remembered, and nothing else is lost.
    }
  },
};

function token(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Post and read the JSON that comes back. Throws an Error whose message is a sentence for people. */
export async function post<T>(url: string, body: FormData | Record<string, string>, signal?: AbortSignal): Promise<T> {
  const data = body instanceof FormData ? body : new URLSearchParams(body);
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  let response: Response;
  try {
    // A word about an answer arrives although the page is left at once; frames are too big for that.
    response = await fetch(url, { method: "POST", body: data, headers, signal: signal ?? null, keepalive: data !== body });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error("Chimera could not be reached; nothing was sent. Is it still running?");
  }
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `That was refused (${response.status}). Reload the page and try again.`);
  return answer;
}
