// The map of the viewer: made when PixiJS has arrived, fitted to its box, on the level that is looked at.
import type { Ground } from "./ground";
import { at, frameAt, type Level, type Pack } from "./pack";
import { isAlive, positionAt } from "./moment";
import type { Radar } from "./radar";
import { part, say, write } from "./viewer_page";
import type { HeatImage, Stage } from "./viewer_stage";

const DRAWN = "No radar image is installed: the map is drawn from where players walked. ";
const HOW = "An administrator gets the game’s images by “uv run awpy get maps”, or puts them into the maps folder. ";

/** Which walls the view cones end at. */
function sightWords({ sight, recordings = 1 }: Ground["sent"]): string {
  if (sight === "mesh") return "View cones end at the map’s walls (awpy’s collision mesh).";
  if (sight === "open") return "View cones do not end at walls: too little of the map was walked on to know them.";
  const where = recordings === 1 ? "this recording" : `the ${recordings} recordings of this map`;
  return `View cones end where nobody walked or shot in ${where}.`;
}

export class MapPart {
  private stage: Stage | null = null;
  private waiting = false;
  private readonly level = part<HTMLSelectElement>("level");
  private readonly options = { cones: part<HTMLInputElement>("cones"), names: part<HTMLInputElement>("names"), trails: part<HTMLInputElement>("trails") };

  /** `again` draws the present moment once more; `onPick` gets whoever was clicked on, null where nobody is. */
  constructor(
    private readonly again: () => void,
    private readonly onPick: (player: number | null) => void,
    onOption: () => void,
  ) {
    for (const box of [...Object.values(this.options), this.level]) box.addEventListener("change", onOption);
  }

  /** Begin drawing; `isKnown`: images of the map exist, whether or not they are installed. Where the browser has no WebGL it says so, and everything but the map goes on. */
  async start(ground: Ground, radar: Radar | null, isKnown: boolean): Promise<void> {
    const canvas = part<HTMLCanvasElement>("map");
    write(part("sight"), (radar ? "" : DRAWN + (isKnown ? HOW : "")) + sightWords(ground.sent));
    let stage: Stage;
    try {
      const { Stage } = await import("./viewer_stage");
      stage = await Stage.make(canvas, ground, radar, () => this.soon());
    } catch {
      say("This browser offers no WebGL, so the map cannot be drawn. Time, players, kills and links work.");
      return;
    }
    this.stage = stage;
    const box = part("map-box");
    const fit = (): void => {
      if (box.clientWidth === 0) return;
      stage.resize(box.clientWidth, box.clientHeight);
      this.soon();
    };
    stage.camera.listen(canvas, (x, y) => this.onPick(stage.hit(x, y)), () => this.onPick(null));
    new ResizeObserver(fit).observe(box);
    fit();
    say("");
    part("level-box").hidden = !stage.hasLevels;
  }

  get isThere(): boolean {
    return this.stage !== null;
  }

  begin(pack: Pack, keys: string[]): void {
    this.stage?.begin(pack, keys);
  }

  private soon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.waiting && this.again());
  }

  draw(pack: Pack, tick: number, followed: number | null): void {
    this.waiting = false;
    const { stage, options } = this;
    if (!stage) return;
    if (followed !== null) {
      const place = positionAt(pack, followed, frameAt(pack, tick), tick);
      stage.camera.follow(place.x, place.y);
    }
    part("map").style.touchAction = stage.camera.isFitted ? "pan-y" : "none";
    const [cones, names, trails] = [options.cones.checked, options.names.checked, options.trails.checked];
    stage.draw(pack, { tick, followed, level: this.shownLevel(pack, tick, followed), cones, names, trails });
  }

  /** The level to show, null where the map has one only: the chosen one, the followed player's, or most players'. */
  shownLevel(pack: Pack, tick: number, followed: number | null): Level | null {
    const { stage } = this;
    if (!stage?.hasLevels) return null;
    const frame = frameAt(pack, tick);
    const living = pack.players.map(({ index }) => index).filter((player) => isAlive(pack, player, frame));
    const balance = (followed === null ? living : [followed]).reduce(
      (sum, player) => sum + (stage.levelOf(at(pack.moves.z[player], frame)) === "lower" ? 1 : -1),
      0,
    );
    const busiest = balance > 0 ? "lower" : "upper";
    write(part("level-auto"), `Auto: ${busiest} level`);
    return this.level.value === "upper" || this.level.value === "lower" ? this.level.value : busiest;
  }

  nextLevel(): void {
    if (!this.stage?.hasLevels) return;
    this.level.selectedIndex = (this.level.selectedIndex + 1) % this.level.options.length;
    this.again();
  }

  flipCones(): void {
    this.options.cones.checked = !this.options.cones.checked;
    this.again();
  }

  setHeat(image: HeatImage | null): void {
    this.stage?.setHeat(image);
    this.soon();
  }

  zoom(factor: number): void {
    this.stage?.camera.zoomBy(factor);
  }

  fit(): void {
    this.stage?.camera.fit();
  }
}
