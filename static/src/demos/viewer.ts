// The viewer: puts time, map, panels and controls together. Everything on the page is named in templates/demos/replay.html.
import { Ground, type SentGround } from "./ground";
import { at, frameAt, type Level, type Pack, secondsAt, tickAt } from "./pack";
import { isAlive, positionAt } from "./moment";
import { Radar, type RadarPlace } from "./radar";
import { clockAt, type RoundInfo, signed } from "./viewer_clock";
import { inFull, oneLine } from "./viewer_describe";
import { Feed } from "./viewer_feed";
import { Heat } from "./viewer_heat";
import { listen } from "./viewer_keys";
import { address, show as showAddress, showNow, wanted } from "./viewer_link";
import { fetchJson, Packs } from "./viewer_packs";
import { Play } from "./viewer_play";
import { Scrub } from "./viewer_scrub";
import type { HeatImage, Stage } from "./viewer_stage";
import { Strip, title } from "./viewer_strip";
import { keys, order, Teams, write } from "./viewer_teams";
import type { View } from "./viewer_view";

export interface Config {
  map: string;
  demo: number;
  name: string;
  page: string;
  packs: string;
  ground: string;
  heat: string;
  radar: RadarPlace | null;
  teams: [string, string];
  rounds: RoundInfo[];
  first: number;
  capture: string;
  coach: string;
  samples: string;
}

export function part<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element as T;
}

const SIGHT_WORDS = {
  walked: "View cones end where nobody of this recording walked or shot.",
  mesh: "View cones end at the map’s walls (awpy’s collision mesh).",
  open: "View cones do not end at walls: too little of the map was walked on in this recording.",
};

export class Viewer {
  private pack: Pack | null = null;
  private ground: Ground | null = null;
  private stage: Stage | null = null;
  private info: RoundInfo;
  private followed: number | null = null;
  private followedSlot: number | null = null;
  private dirty = false;
  private readonly packs: Packs;
  private readonly play: Play;
  private readonly strip: Strip;
  private readonly scrub: Scrub;
  private readonly teams: Teams;
  private readonly feed = new Feed(part("feed"));
  private readonly heat: Heat;
  private readonly level = part<HTMLSelectElement>("level");
  private readonly options = { cones: part<HTMLInputElement>("cones"), names: part<HTMLInputElement>("names"), trails: part<HTMLInputElement>("trails") };
  private spent: number[] = []; // milliseconds of the last frames, for `data-frame-ms`

  constructor(private readonly config: Config) {
    const info = config.rounds.find(({ ordinal }) => ordinal === config.first);
    if (!info) throw new Error("it has no rounds");
    this.info = info;
    this.packs = new Packs(config.packs);
    this.play = new Play(() => this.moved(), () => this.stateChanged(), () => this.ended());
    this.strip = new Strip(part("rounds"), config.rounds, (ordinal) => void this.open(ordinal, null));
    this.scrub = new Scrub(part("scrub"), part("marks"), part("hint"), part("bar"), (tick) => this.play.seek(tick));
    this.teams = new Teams({ CT: part("mates-ct"), T: part("mates-t") }, { CT: part("total-ct"), T: part("total-t") }, (player) => this.follow(player));
    const onHeat = (image: HeatImage | null): void => {
      this.stage?.setHeat(image);
      this.draw();
    };
    this.heat = new Heat(part("heat"), part("heat-note"), config.heat, onHeat, () => this.shownLevel() ?? "upper");
  }

  async start(): Promise<void> {
    this.controls();
    const [sent, radar] = await Promise.all([fetchJson<SentGround>(this.config.ground), Radar.load(this.config.radar)]);
    this.ground = new Ground(sent);
    const opened = this.open(this.info.ordinal, wanted());
    await Promise.all([opened, this.makeStage(this.ground, radar)]);
    if (this.pack) this.begin(this.pack);
    this.moved();
  }

  /** The map; where the browser has no WebGL, everything but it goes on. */
  private async makeStage(ground: Ground, radar: Radar | null): Promise<void> {
    const canvas = part<HTMLCanvasElement>("map");
    write(part("sight"), `${radar ? "" : "No radar image is installed: the map is drawn from where players walked. "}${SIGHT_WORDS[ground.sent.sight]}`);
    try {
      const { Stage } = await import("./viewer_stage");
      this.stage = await Stage.make(canvas, ground, radar, () => this.draw());
    } catch {
      part("map-message").textContent = "This browser offers no WebGL, so the map cannot be drawn. Time, players, kills and links work.";
      return;
    }
    const stage = this.stage;
    const box = part("map-box");
    const fit = (): void => {
      if (box.clientWidth === 0) return;
      stage.resize(box.clientWidth, box.clientHeight);
      this.draw();
    };
    stage.camera.listen(canvas, (x, y) => this.follow(stage.hit(x, y)), () => this.follow(null));
    new ResizeObserver(fit).observe(box);
    fit();
    part("map-message").hidden = true;
    part("level-box").hidden = !stage.hasLevels;
  }

  /** Show a stretch, at `seconds` since the end of its freeze time; null: where play begins. */
  private async open(ordinal: number, seconds: number | null): Promise<void> {
    const info = this.config.rounds.find((round) => round.ordinal === ordinal);
    if (!info) return;
    const wasPlaying = this.play.playing;
    this.info = info;
    this.strip.choose(ordinal);
    let pack: Pack;
    try {
      pack = await this.packs.get(ordinal);
    } catch (error) {
      if (this.info !== info) return;
      this.play.pause();
      part("map-message").hidden = false;
      part("map-message").textContent = `This round cannot be shown: ${error instanceof Error ? error.message : String(error)}. Reload the page to try again.`;
      return;
    }
    if (this.info !== info) return; // meanwhile another one was chosen
    this.pack = pack;
    if (this.stage) part("map-message").hidden = true;
    const [first, last] = [at(pack.ticks, 0), at(pack.ticks, pack.ticks.length - 1)];
    const start = seconds === null ? Math.max((pack.freeze_end ?? first) - 2 * pack.tick_rate, first) : tickAt(pack, seconds);
    this.play.begin(first, last, pack.tick_rate, start);
    this.begin(pack);
    this.moved();
    if (wasPlaying && !this.play.playing) this.play.toggle();
    const place = this.config.rounds.indexOf(info);
    this.packs.prefetch(this.config.rounds[place + 1]?.ordinal);
  }

  private begin(pack: Pack): void {
    const same = pack.players.find(({ slot }) => slot === this.followedSlot);
    this.followed = same?.index ?? null;
    this.stage?.begin(pack, keys(pack));
    this.teams.begin(pack);
    this.scrub.begin(pack);
    part<HTMLButtonElement>("play").disabled = false;
    const { info, config } = this;
    const roster = info.ct_roster ?? 0;
    write(part("team-ct"), config.teams[roster] || "Counter-terrorists");
    write(part("team-t"), config.teams[1 - roster] || "Terrorists");
    write(part("score-ct"), String(info.score_ct));
    write(part("score-t"), String(info.score_t));
    write(part("title"), info.number === null ? `Not counted: ${info.why}` : `Round ${info.number}`);
    document.title = `${title(info)} · ${config.name} · Chimera`;
    part("map").setAttribute("aria-label", `Map of ${config.map} with the players. ${title(info)}`);
  }

  private neighbour(by: number): void {
    const next = this.config.rounds[this.config.rounds.indexOf(this.info) + by];
    if (next) void this.open(next.ordinal, null);
  }

  private ended(): void {
    const next = this.config.rounds.slice(this.config.rounds.indexOf(this.info) + 1).find(({ number }) => number !== null);
    if (!part<HTMLInputElement>("advance").checked || !next) return;
    void this.open(next.ordinal, null).then(() => this.play.playing || this.play.toggle());
  }

  private follow(player: number | null): void {
    this.followed = player === this.followed ? null : player;
    this.followedSlot = this.followed === null ? null : (this.pack?.players[this.followed]?.slot ?? null);
    this.moved();
  }

  private nextKill(): void {
    const { pack, play } = this;
    if (!pack) return;
    const next = pack.kills.tick.find((tick) => tick > play.tick + 1);
    if (next !== undefined) play.seek(next);
  }

  private step(by: number): void {
    const { pack, play } = this;
    if (!pack) return;
    play.pause();
    const frame = frameAt(pack, play.tick);
    const target = by < 0 && at(pack.ticks, frame) < play.tick ? frame : frame + by;
    play.seek(at(pack.ticks, Math.min(Math.max(target, 0), pack.ticks.length - 1)));
  }

  private nextLevel(): void {
    if (!this.stage?.hasLevels) return;
    this.level.selectedIndex = (this.level.selectedIndex + 1) % this.level.options.length;
    this.moved();
  }

  /** The level to show, null where the map has one only: the chosen one, the followed player's, or most players'. */
  private shownLevel(): Level | null {
    const { stage, pack, followed } = this;
    if (!stage?.hasLevels || !pack) return null;
    const frame = frameAt(pack, this.play.tick);
    const counted = followed === null ? pack.players.map(({ index }) => index).filter((player) => isAlive(pack, player, frame)) : [followed];
    const balance = counted.reduce((sum, player) => sum + (stage.levelOf(at(pack.moves.z[player], frame)) === "lower" ? 1 : -1), 0);
    const busiest = balance > 0 ? "lower" : "upper";
    write(part("level-auto"), `Auto: ${busiest} level`);
    return this.level.value === "upper" || this.level.value === "lower" ? this.level.value : busiest;
  }

  /** The tick changed, or something that is shown with it. */
  private moved(): void {
    const { pack, ground, play, info } = this;
    if (!pack || !ground) return;
    const began = performance.now();
    const frame = frameAt(pack, play.tick);
    const clock = clockAt(pack, ground, info, play.tick, frame);
    write(part("clock"), clock.text);
    part("clock").classList.toggle("bomb", clock.isBomb);
    write(part("phase"), clock.phase);
    write(part("time"), `${signed(secondsAt(pack, play.tick))} · tick ${Math.round(play.tick)}`);
    this.scrub.show(play.tick);
    this.teams.show(pack, play.tick, frame, this.followed);
    this.feed.show(pack, play.tick);
    if (this.heat.isOn) this.heat.draw();
    this.drawNow();
    this.note(performance.now() - began);
    showAddress(() => this.address());
    if (!play.playing) this.tellOthers(frame);
  }

  private address(): string {
    const { pack } = this;
    return address(this.config.page, this.info, pack ? secondsAt(pack, this.play.tick) : 0);
  }

  /** Links that take this moment along. */
  private tellOthers(frame: number): void {
    const { pack, ground, config, info, play } = this;
    if (!pack || !ground) return;
    const tick = String(Math.round(play.tick));
    const set = (id: string, base: string, query: Record<string, string>): void => {
      const link = part<HTMLAnchorElement>(id);
      link.hidden = base === "";
      if (base) link.href = `${base}${base.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
    };
    set("capture", config.capture, { tick });
    const context = oneLine(pack, config.map, info, clockAt(pack, ground, info, play.tick, frame), frame);
    set("coach", config.coach, { demo: String(config.demo), tick, context });
    set("samples", info.number === null ? "" : config.samples, { demo: String(config.demo), round: String(info.number) });
  }

  private note(spent: number): void {
    this.spent.push(spent);
    if (this.spent.length > 120) this.spent.shift();
    const root = part("replay");
    root.dataset.tick = String(Math.round(this.play.tick));
    root.dataset.round = String(this.info.ordinal);
    root.dataset.frameMs = (this.spent.reduce((sum, one) => sum + one, 0) / this.spent.length).toFixed(2);
  }

  private draw(): void {
    if (this.dirty) return;
    this.dirty = true;
    requestAnimationFrame(() => this.dirty && this.drawNow());
  }

  private drawNow(): void {
    this.dirty = false;
    const { stage, pack, followed, play, options } = this;
    if (!stage || !pack) return;
    if (followed !== null) {
      const place = positionAt(pack, followed, frameAt(pack, play.tick), play.tick);
      stage.camera.follow(place.x, place.y);
    }
    part("map").style.touchAction = stage.camera.isFitted ? "pan-y" : "none";
    const view: View = { tick: play.tick, followed, level: this.shownLevel(), cones: options.cones.checked, names: options.names.checked, trails: options.trails.checked };
    stage.draw(pack, view);
  }

  private stateChanged(): void {
    const { play } = this;
    write(part("play"), play.playing ? "Pause" : "Play");
    part<HTMLSelectElement>("speed").value = String(play.speed);
    if (!play.playing) this.moved();
  }

  private describe(): void {
    const { pack, ground, info, play } = this;
    if (!pack || !ground) return;
    const frame = frameAt(pack, play.tick);
    part("moment").textContent = inFull(pack, this.config.map, info, clockAt(pack, ground, info, play.tick, frame), frame);
  }

  private async copyLink(): Promise<void> {
    const button = part<HTMLButtonElement>("link");
    showNow(this.address());
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "In the address bar"; // no clipboard without https
    }
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }

  private flip(box: HTMLInputElement): void {
    box.checked = !box.checked;
    this.moved();
  }

  private controls(): void {
    const { play, options } = this;
    const click = (id: string, act: () => void): void => part(id).addEventListener("click", act);
    click("play", () => play.toggle());
    click("link", () => void this.copyLink());
    click("fit", () => this.stage?.camera.fit());
    click("describe", () => this.describe());
    click("heat-toggle", () => void this.toggleHeat());
    const help = part<HTMLDialogElement>("help");
    click("help-open", () => help.showModal());
    const speed = part<HTMLSelectElement>("speed");
    speed.addEventListener("change", () => (play.speed = Number(speed.value)));
    for (const box of Object.values(options)) box.addEventListener("change", () => this.moved());
    this.level.addEventListener("change", () => this.moved());
    const follow = (place: number): void => {
      const who = this.pack ? order(this.pack)[place] : undefined;
      if (who) this.follow(who.index);
    };
    const digits = Object.fromEntries(Array.from({ length: 10 }, (_, place) => [String((place + 1) % 10), () => follow(place)]));
    listen({
      " ": () => play.toggle(),
      ArrowLeft: (event) => play.by(event.shiftKey ? -10 : -2),
      ArrowRight: (event) => play.by(event.shiftKey ? 10 : 2),
      Home: () => play.seek(-Infinity),
      End: () => play.seek(Infinity),
      ",": () => this.step(-1),
      ".": () => this.step(1),
      "[": () => play.faster(-1),
      "]": () => play.faster(1),
      n: () => this.neighbour(1),
      p: () => this.neighbour(-1),
      k: () => this.nextKill(),
      l: () => this.nextLevel(),
      h: () => void this.toggleHeat(),
      c: () => this.flip(options.cones),
      f: () => this.stage?.camera.fit(),
      d: () => this.describe(),
      "+": () => this.stage?.camera.zoomBy(1.4),
      "-": () => this.stage?.camera.zoomBy(1 / 1.4),
      "?": () => help.showModal(),
      Escape: () => this.follow(null),
      ...digits,
    });
  }

  private async toggleHeat(): Promise<void> {
    await this.heat.toggle();
    part("heat-toggle").setAttribute("aria-pressed", String(this.heat.isOn));
  }
}

