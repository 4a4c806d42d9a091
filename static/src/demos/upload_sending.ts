// One file on its way up by the tus protocol; a broken connection, a reload or a restart of the server only delays it.
import { Upload, type DetailedError, type PreviousUpload } from "tus-js-client";

const CHUNK = 64 * 1024 * 1024; // what a killed server would have to be sent again
const RETRIES = [0, 1000, 2000, 4000, 8000, ...new Array<number>(40).fill(15000)];
const STALLED_MS = 45000; // a connection may be dead without a word
const OUTDATED = "This page is out of date, or you have signed out. Reload it and choose the file again: the upload goes on where it stopped.";
const UNKNOWN = "The server did not take the file. What was sent is kept for a while; try again.";

export interface Listener {
  started(): void;
  sent(bytes: number): void;
  lost(): void;
  whole(url: string): void;
  refused(sentence: string): void;
}

export class Sending {
  private readonly upload: Upload;
  private moved = 0; // when something last went up
  private watch: number | undefined;

  constructor(file: File, endpoint: string, token: string, private readonly listener: Listener, previous?: PreviousUpload) {
    this.upload = new Upload(file, {
      endpoint,
      chunkSize: CHUNK,
      retryDelays: RETRIES,
      headers: { "X-CSRFToken": token },
      metadata: { filename: file.name },
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => {
        const again = mayRetry(error);
        if (again) listener.lost();
        return again;
      },
      onProgress: (sent) => {
        this.moved = Date.now();
        listener.sent(sent);
      },
      onSuccess: () => {
        window.clearInterval(this.watch);
        listener.whole(this.upload.url ?? "");
      },
      onError: (error) => {
        window.clearInterval(this.watch);
        listener.refused(sentence(error));
      },
    });
    if (previous) this.upload.resumeFromPreviousUpload(previous);
  }

  start(): void {
    this.listener.started();
    this.moved = Date.now();
    window.clearInterval(this.watch);
    this.watch = window.setInterval(() => this.restartIfStalled(), 5000);
    this.upload.start();
  }

  pause(): void {
    window.clearInterval(this.watch);
    void this.upload.abort();
  }

  private restartIfStalled(): void {
    if (Date.now() - this.moved < STALLED_MS) return;
    this.moved = Date.now();
    void this.upload.abort().then(() => this.upload.start());
  }

  /** Stop for good; what the server has of it goes too. */
  async cancel(): Promise<void> {
    window.clearInterval(this.watch);
    await this.upload.abort(this.upload.url !== null).catch(() => undefined);
  }
}

/** What this browser remembers of an upload of the same file. */
export async function previousOf(file: File, endpoint: string): Promise<PreviousUpload | undefined> {
  const found = await new Upload(file, { endpoint }).findPreviousUploads().catch(() => []);
  return found.sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime))[0];
}

/** Ask again where asking again may help: no connection, another writer, a server in trouble (but not a full disk). */
function mayRetry(error: Error | DetailedError): boolean {
  const status = statusOf(error);
  return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
}

function statusOf(error: Error | DetailedError): number {
  return "originalResponse" in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

function sentence(error: Error | DetailedError): string {
  const status = statusOf(error);
  if (status === 403) return OUTDATED;
  const said = "originalResponse" in error ? (error.originalResponse?.getBody() ?? "") : "";
  if (said !== "" && !said.startsWith("<") && said.length < 400) return said;
  return status === 0 ? "There is no connection. What was sent is kept; try again when it is back." : UNKNOWN;
}
