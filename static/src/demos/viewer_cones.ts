// View cones: a fan of rays, each as long as one sees that way.
import { Container, Mesh, MeshGeometry, type Texture } from "pixi.js";
import type { Ground } from "./ground";
import { FLAG, type Level, type Pack } from "./pack";
import { has, isAlive, positionAt } from "./moment";
import type { Camera } from "./viewer_camera";
import { COLOUR, ELSEWHERE, type View } from "./viewer_view";

const RAYS = 36;
const HALF = Math.PI / 4; // of the angle one looks at with some attention; the screen shows a little more
const SCOPED = Math.PI / 10;
const RANGE = 1500; // units

export class Cones {
  readonly layer = new Container();
  private meshes: Mesh[] = [];

  constructor(private readonly texture: Texture) {}

  begin(pack: Pack): void {
    for (const mesh of this.meshes) mesh.destroy({ children: true });
    this.meshes = pack.players.map(({ side }) => {
      const indices = new Uint32Array(RAYS * 3);
      for (let ray = 0; ray < RAYS; ray++) indices.set([0, ray + 1, ray + 2], ray * 3);
      const geometry = new MeshGeometry({
        positions: new Float32Array((RAYS + 2) * 2),
        uvs: new Float32Array((RAYS + 2) * 2),
        indices,
      });
      const mesh = new Mesh({ geometry, texture: this.texture });
      mesh.tint = COLOUR[side];
      this.layer.addChild(mesh);
      return mesh;
    });
  }

  draw(pack: Pack, frame: number, view: View, camera: Camera, ground: Ground, levelOf: (z: number) => Level): void {
    this.layer.visible = view.cones;
    if (!view.cones) return;
    this.meshes.forEach((mesh, player) => {
      mesh.visible = isAlive(pack, player, frame);
      if (!mesh.visible) return;
      const place = positionAt(pack, player, frame, view.tick);
      const level = levelOf(place.z);
      const half = has(pack, player, frame, FLAG.scoped) ? SCOPED : HALF;
      const from = (place.yaw * Math.PI) / 180 - half;
      const { positions, uvs } = mesh.geometry as MeshGeometry;
      positions[0] = camera.x(place.x);
      positions[1] = camera.y(place.y);
      uvs[0] = uvs[1] = 0.5;
      for (let ray = 0; ray <= RAYS; ray++) {
        const angle = from + (2 * half * ray) / RAYS;
        const far = ground.distance(level, place.x, place.y, angle, RANGE);
        const [dx, dy] = [Math.cos(angle) * far, Math.sin(angle) * far];
        positions[2 * ray + 2] = camera.x(place.x + dx);
        positions[2 * ray + 3] = camera.y(place.y + dy);
        uvs[2 * ray + 2] = 0.5 + dx / RANGE / 2;
        uvs[2 * ray + 3] = 0.5 - dy / RANGE / 2;
      }
      const { geometry } = mesh as Mesh<MeshGeometry>;
      geometry.getBuffer("aPosition").update();
      geometry.getBuffer("aUV").update();
      const isHere = view.level === null || level === view.level;
      mesh.alpha = (view.followed === null || view.followed === player ? 1 : 0.45) * (isHere ? 1 : ELSEWHERE);
    });
  }
}
