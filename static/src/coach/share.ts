// A window or screen shared with the page: a frame on a key, or every few seconds when the picture changed.
import { memory, part } from "./page";
import { changed, grey, HIGH, WIDE, type Grey } from "./picture";

const LONGEST = 1920; // more is shrunk by the server anyway
const QUALITY = 0.92;
const NOT_HERE = "This browser shares no window here: that needs a desktop browser, and https or localhost.";

interface Wishes {
  /** A frame to ask about, with how many earlier ones stay beside it. */
  take: (frame: Blob, before: number, at: "key" | "clock") => void;
  busy: () => boolean;
  say: (sentence: string) => void;
}

export class Sharing {
  private stream: MediaStream | null = null;
  private timer = 0;
  private last: Grey | null = null; // the picture that was last taken
  private readonly video = part<HTMLVideoElement>("screen");
  private readonly how = part<HTMLSelectElement>("share-how");
  private readonly every = part<HTMLInputElement>("share-every");
  private readonly before = part<HTMLSelectElement>("share-before");
  private readonly small = new OffscreenCanvas(WIDE, HIGH).getContext("2d", { willReadFrequently: true });

  constructor(private readonly wishes: Wishes) {
    part("share").addEventListener("click", () => void this.toggle());
    part("take").addEventListener("click", () => void this.take("key"));
    for (const control of [this.how, this.every, this.before]) {
      control.value = memory.get(control.id) ?? control.value;
      control.addEventListener("change", () => {
        memory.set(control.id, control.value);
        this.settle();
      });
    }
    if (!this.possible) {
      part<HTMLButtonElement>("share").disabled = true;
      part("share-said").textContent = NOT_HERE;
    }
    this.settle();
  }

  get on(): boolean {
    return this.stream !== null;
  }

  private get possible(): boolean {
    return typeof navigator.mediaDevices?.getDisplayMedia === "function";
  }

  async toggle(): Promise<void> {
    if (this.stream) return this.stop("Not shared any more.");
    if (!this.possible) return;
    try {
      this.stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 10 }, audio: false });
    } catch {
      part("share-said").textContent = "Nothing was shared.";
      return;
    }
    this.stream.getVideoTracks()[0]?.addEventListener("ended", () => this.stop("The window is not shared any more."));
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => undefined);
    this.last = null;
    this.settle();
    part("take").focus(); // Space on the button that was just clicked would stop sharing
  }

  stop(because: string): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.settle();
    part("share-said").textContent = because;
  }

  /** A frame now, whatever it shows. */
  async take(at: "key" | "clock"): Promise<void> {
    const picture = this.shrunken();
    if (!picture) return;
    this.last = picture;
    const frame = await this.frame();
    if (frame) this.wishes.take(frame, Number(this.before.value), at);
  }

  /** Put timer, buttons and words right. */
  private settle(): void {
    clearInterval(this.timer);
    const clock = this.how.value === "clock";
    part("share-every-row").hidden = !clock;
    part("share-key-row").hidden = clock;
    part("share").setAttribute("aria-pressed", String(this.on));
    part("share-word").textContent = this.on ? "Stop sharing" : "Share window";
    part<HTMLButtonElement>("take").disabled = !this.on;
    part("sharing").toggleAttribute("data-on", this.on);
    if (!this.on) return;
    const seconds = Math.min(60, Math.max(1, Number(this.every.value) || 5));
    part("share-said").textContent = clock ? `Looking every ${seconds} s.` : "Shared.";
    if (clock) this.timer = window.setInterval(() => void this.look(), 1000 * seconds);
  }

  private async look(): Promise<void> {
    if (this.wishes.busy()) {
      part("share-said").textContent = "An answer is being written; the next look follows it.";
      return;
    }
    const now = this.shrunken();
    if (!now) return;
    const isNew = changed(this.last, now);
    part("share-said").textContent = isNew ? "The picture changed: asking." : "The picture has not changed.";
    if (isNew) await this.take("clock");
  }

  private shrunken(): Grey | null {
    if (!this.small || !this.on || this.video.videoWidth === 0) return null;
    this.small.drawImage(this.video, 0, 0, WIDE, HIGH);
    return grey(this.small.getImageData(0, 0, WIDE, HIGH).data);
  }

  private async frame(): Promise<Blob | null> {
    const { videoWidth: wide, videoHeight: high } = this.video;
    const scale = Math.min(1, LONGEST / Math.max(wide, high));
    const canvas = new OffscreenCanvas(Math.round(wide * scale), Math.round(high * scale));
    canvas.getContext("2d")?.drawImage(this.video, 0, 0, canvas.width, canvas.height);
    try {
      return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    } catch {
      this.wishes.say("The shared window gave no picture. Share it again.");
      return null;
    }
  }
}
