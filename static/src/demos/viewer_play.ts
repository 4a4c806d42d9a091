// Time in the viewer: where it stands, how fast it runs, what is told when it moves.
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class Play {
  tick = 0;
  playing = false;
  speed = 1;
  private first = 0;
  private last = 0;
  private rate = 64;
  private before = 0;

  /** `onMove` is called whenever the tick changed, `onState` when playing began or stopped, `onEnd` at the last tick. */
  constructor(
    private readonly onMove: () => void,
    private readonly onState: () => void,
    private readonly onEnd: () => void,
  ) {}

  begin(first: number, last: number, rate: number, tick: number): void {
    [this.first, this.last, this.rate] = [first, last, rate];
    this.tick = this.clamp(tick);
  }

  private clamp(tick: number): number {
    return Math.min(Math.max(tick, this.first), this.last);
  }

  seek(tick: number): void {
    this.tick = this.clamp(tick);
    this.onMove();
  }

  by(seconds: number): void {
    this.seek(this.tick + seconds * this.rate);
  }

  faster(places: number): void {
    const place = SPEEDS.indexOf(this.speed) + places;
    this.speed = SPEEDS[Math.min(Math.max(place, 0), SPEEDS.length - 1)] ?? 1;
    this.onState();
  }

  toggle(): void {
    if (this.playing) return this.pause();
    if (this.tick >= this.last) this.tick = this.first;
    this.playing = true;
    this.before = performance.now();
    this.onState();
    requestAnimationFrame((now) => this.advance(now));
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.onState();
  }

  private advance(now: number): void {
    if (!this.playing) return;
    const passed = Math.min(Math.max(now - this.before, 0), 250); // a tab that slept goes on where it was
    this.tick = this.clamp(this.tick + (passed / 1000) * this.rate * this.speed);
    this.before = now;
    this.onMove();
    if (this.tick >= this.last) {
      this.pause();
      this.onEnd();
    } else requestAnimationFrame((next) => this.advance(next));
  }
}
