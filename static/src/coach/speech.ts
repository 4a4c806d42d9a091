// Reads an answer aloud: what to say to the team, then what to do. Off until somebody wants it.
import { at, type Answer } from "./cards";
import { memory, part } from "./page";

const NAME = "aloud";

export class Speech {
  private on = memory.get(NAME) === "on";
  private readonly voice: SpeechSynthesis | undefined = window.speechSynthesis;

  constructor() {
    const button = part<HTMLButtonElement>("aloud");
    button.addEventListener("click", () => this.toggle());
    if (!this.voice) {
      button.disabled = true;
      button.title = "This browser cannot speak.";
    }
    this.show();
  }

  toggle(): void {
    if (!this.voice) return;
    this.on = !this.on;
    memory.set(NAME, this.on ? "on" : "off");
    if (!this.on) this.stop();
    this.show();
  }

  stop(): void {
    this.voice?.cancel();
  }

  say(answer: Answer): void {
    if (!this.on || !this.voice) return;
    this.stop();
    for (const name of ["callout", "primary_action"]) {
      const words = at(answer, `advice.${name}`);
      if (typeof words === "string" && words.trim()) this.voice.speak(this.utterance(words));
    }
  }

  private utterance(words: string): SpeechSynthesisUtterance {
    const said = new SpeechSynthesisUtterance(words.slice(0, 400));
    said.lang = "en";
    return said;
  }

  private show(): void {
    part("aloud").setAttribute("aria-pressed", String(this.on && Boolean(this.voice)));
  }
}
