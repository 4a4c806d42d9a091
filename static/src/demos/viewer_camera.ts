// Which part of the world the map shows: fitted, zoomed by wheel and pinch, moved by drag.
import type { Bounds } from "./ground";

const CLOSEST = 8; // times as close as the whole map
const STILL = 4; // pixels: less than that is a click, not a drag

export class Camera {
  scale = 1; // pixels a unit
  left = 0; // where the world's origin is on the screen
  top = 0;
  width = 1;
  height = 1;
  private zoom = 1;
  private middle: [number, number] | null = null; // of the world; null: the whole map's
  private readonly fingers = new Map<number, { x: number; y: number }>();
  private moved = 0;

  constructor(
    private readonly bounds: Bounds,
    private readonly margin: number,
    private readonly onChange: () => void,
  ) {}

  get isFitted(): boolean {
    return this.zoom === 1;
  }

  resize(width: number, height: number): void {
    [this.width, this.height] = [width, height];
    this.place();
  }

  fit(): void {
    this.zoom = 1;
    this.middle = null;
    this.place();
    this.onChange();
  }

  /** Keep a place of the world in the middle; does nothing while the whole map is shown. */
  follow(x: number, y: number): void {
    if (this.isFitted) return;
    this.middle = [x, y];
    this.place();
  }

  x(x: number): number {
    return this.left + x * this.scale;
  }

  y(y: number): number {
    return this.top - y * this.scale; // north is up: y grows upwards
  }

  private place(): void {
    const [x0, y0, x1, y1] = this.bounds;
    const { width, height, margin } = this;
    const fitting = Math.min((width - 2 * margin) / (x1 - x0), (height - 2 * margin) / (y1 - y0));
    this.scale = Math.max(fitting, 1e-4) * this.zoom;
    const [x, y] = this.middle ?? [(x0 + x1) / 2, (y0 + y1) / 2];
    this.left = width / 2 - x * this.scale;
    this.top = height / 2 + y * this.scale;
  }

  zoomBy(factor: number, atX = this.width / 2, atY = this.height / 2): void {
    const [x, y] = [(atX - this.left) / this.scale, (this.top - atY) / this.scale];
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), CLOSEST);
    if (this.zoom < 1.02) return this.fit();
    this.place();
    this.middle = [x - (atX - this.width / 2) / this.scale, y + (atY - this.height / 2) / this.scale];
    this.place();
    this.onChange();
  }

  moveBy(x: number, y: number): void {
    if (this.isFitted) return;
    this.middle = [(this.width / 2 - this.left - x) / this.scale, (this.top + y - this.height / 2) / this.scale];
    this.place();
    this.onChange();
  }

  /** Listen to wheel, mouse and fingers; `onClick` gets clicks that moved nothing, `onGrab` the beginning of a move. */
  listen(element: HTMLElement, onClick: (x: number, y: number) => void, onGrab: () => void): void {
    const place = (event: MouseEvent): { x: number; y: number } => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { x, y } = place(event);
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), x, y);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, place(event));
      if (this.fingers.size === 1) this.moved = 0;
    });
    element.addEventListener("pointermove", (event) => {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      const now = place(event);
      const others = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
      this.fingers.set(event.pointerId, now);
      this.moved += Math.hypot(now.x - before.x, now.y - before.y);
      if (this.moved > STILL && !this.isFitted) onGrab();
      const [other] = others;
      if (other) {
        const apart = (finger: { x: number; y: number }): number => Math.max(Math.hypot(finger.x - other.x, finger.y - other.y), 1);
        this.zoomBy(apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      } else if (this.moved > STILL) this.moveBy(now.x - before.x, now.y - before.y);
    });
    const onUp = (event: PointerEvent): void => {
      const finger = this.fingers.get(event.pointerId);
      this.fingers.delete(event.pointerId);
      if (finger && event.type === "pointerup" && this.moved <= STILL && this.fingers.size === 0) onClick(finger.x, finger.y);
    };
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
    element.addEventListener("dblclick", () => this.fit());
  }
}
