// The few pictures the map is put together from, drawn once.
import { Texture } from "pixi.js";

const SIDE = 64;

function drawn(draw: (context: CanvasRenderingContext2D) => void): Texture {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  if (context) draw(context);
  return Texture.from(canvas);
}

/** A white disc, to be tinted. */
export function disc(): Texture {
  return drawn((context) => {
    context.fillStyle = "#fff";
    context.beginPath();
    context.arc(SIDE / 2, SIDE / 2, SIDE / 2 - 1, 0, 2 * Math.PI);
    context.fill();
  });
}

/** White that fades out from the middle: what a view cone is filled with. */
export function glow(): Texture {
  return drawn((context) => {
    const fade = context.createRadialGradient(SIDE / 2, SIDE / 2, 0, SIDE / 2, SIDE / 2, SIDE / 2);
    fade.addColorStop(0, "rgba(255, 255, 255, 0.55)");
    fade.addColorStop(0.35, "rgba(255, 255, 255, 0.26)");
    fade.addColorStop(1, "rgba(255, 255, 255, 0.03)");
    context.fillStyle = fade;
    context.fillRect(0, 0, SIDE, SIDE);
  });
}

/** A cloud: dense in the middle, soft at its rim. */
export function cloud(): Texture {
  return drawn((context) => {
    const fade = context.createRadialGradient(SIDE / 2, SIDE / 2, 0, SIDE / 2, SIDE / 2, SIDE / 2);
    fade.addColorStop(0, "rgba(255, 255, 255, 0.85)");
    fade.addColorStop(0.75, "rgba(255, 255, 255, 0.7)");
    fade.addColorStop(1, "rgba(255, 255, 255, 0)");
    context.fillStyle = fade;
    context.fillRect(0, 0, SIDE, SIDE);
  });
}
