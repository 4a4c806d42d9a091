// The few shapes a replay is drawn with.
export function beam(context: CanvasRenderingContext2D, x: number, y: number, angle: number, length: number, colour: string): void {
  const fade = context.createRadialGradient(x, y, 0, x, y, length);
  fade.addColorStop(0, `${colour}aa`);
  fade.addColorStop(1, `${colour}00`);
  context.beginPath();
  context.moveTo(x, y);
  context.arc(x, y, length, angle - 0.5, angle + 0.5);
  context.closePath();
  context.fillStyle = fade;
  context.fill();
}

export function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number, colour: string): void {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.lineWidth = 2.5;
  context.strokeStyle = colour;
  context.stroke();
}

export function square(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.fillStyle = "#ff7b72";
  context.fillRect(x - 3.5, y - 3.5, 7, 7);
}
