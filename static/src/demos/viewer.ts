// The viewer: one stretch at a time, at one moment of it; puts time, map, panels and controls together.
import { Ground, type SentGround } from "./ground";
import { seenDead } from "./moment";
import { at, frameAt, type Pack, secondsAt, tickAt } from "./pack";
import { Radar } from "./radar";
import { clockAt, type RoundInfo, signed } from "./viewer_clock";
import { inFull, oneLine } from "./viewer_describe";
import { beforeLeaving, copy, tell } from "./viewer_elsewhere";
import { Feed } from "./viewer_feed";
import { Heat } from "./viewer_heat";
import { listen } from "./viewer_keys";
import { address, show as showAddress, wanted, wantedSlot } from "./viewer_link";
import { MapPart } from "./viewer_map";
import { fetchJson, Packs } from "./viewer_packs";
import { type Config, part, reason, say, write } from "./viewer_page";
import { Play } from "./viewer_play";
import { Scrub } from "./viewer_scrub";
import { Strip, title } from "./viewer_strip";
import { keys, order, Teams } from "./viewer_teams";

const LEAD_S = 2; // before play begins: where a round is entered
const WORDS_MS = 400;
const MEASURED = 120; // frames, for `data-frame-ms`

export class Viewer {
  private pack: Pack | null = null;
  private ground: Ground | null = null;
  private info: RoundInfo;
  private followed: { player: number; slot: number } | null = null;
  private readonly wantedSlot = wantedSlot(); // until somebody is followed, or nobody any more, by hand
  private followsByHand = false;
  private spent: number[] = [];
  private panels = "";
  private hasWords = false;
  private saidAt = -Infinity;
  private readonly packs: Packs;
  private readonly strip: Strip;
  private readonly play = new Play(() => this.moved(), () => this.stateChanged(), () => this.ended());
  private readonly map = new MapPart(() => this.draw(), (player) => this.follow(player), () => this.moved());
  private readonly scrub = new Scrub(part("scrub"), part("marks"), part("hint"), part("bar"), (tick) => this.play.seek(tick));
  private readonly teams = new Teams({ CT: part("mates-ct"), T: part("mates-t") }, { CT: part("total-ct"), T: part("total-t") }, (player) => this.follow(player));
  private readonly feed = new Feed(part("feed"));
  private readonly heat: Heat;

  constructor(private readonly config: Config) {
    const info = config.rounds.find(({ ordinal }) => ordinal === config.first);
    if (!info) throw new Error("it has no rounds");
    this.info = info;
    this.packs = new Packs(config.packs);
    this.strip = new Strip(part("rounds"), config.rounds, (ordinal) => void this.open(ordinal, null));
    const level = (): "upper" | "lower" => (this.pack ? this.map.shownLevel(this.pack, this.play.tick, this.followed?.player ?? null) : null) ?? "upper";
    this.heat = new Heat(part("heat"), part("heat-note"), config.heat, (image) => this.map.setHeat(image), level);
  }

  async start(): Promise<void> {
    this.controls();
    const opened = this.open(this.info.ordinal, wanted());
    const [sent, radar] = await Promise.all([fetchJson<SentGround>(this.config.ground), Radar.load(this.config.radar)]);
    this.ground = new Ground(sent);
    await Promise.all([opened, this.map.start(this.ground, radar, this.config.known)]);
    if (!this.pack) return;
    this.begin(this.pack);
    this.moved();
  }

  /** Show a stretch, at `seconds` since the end of its freeze time; null: just before play begins. */
  private async open(ordinal: number, seconds: number | null): Promise<void> {
    const { config } = this;
    const place = config.rounds.findIndex((round) => round.ordinal === ordinal);
    const info = config.rounds[place];
    if (!info) return;
    const wasPlaying = this.play.playing;
    this.info = info;
    this.strip.choose(ordinal);
    if (ordinal !== config.first) document.getElementById("missing")?.remove();
    let pack: Pack;
    try {
      pack = await this.packs.get(ordinal);
    } catch (error) {
      if (this.info !== info) return;
      this.play.pause();
      say(`This round cannot be shown: ${reason(error)}. Reload the page to try again.`);
      return;
    }
    if (this.info !== info) return; // meanwhile another one was chosen
    this.pack = pack;
    if (this.map.isThere) say("");
    const [first, last] = [at(pack.ticks, 0), at(pack.ticks, pack.ticks.length - 1)];
    const entry = Math.max((pack.freeze_end ?? first) - LEAD_S * pack.tick_rate, first);
    this.play.begin(first, last, pack.tick_rate, seconds === null ? entry : tickAt(pack, seconds));
    this.begin(pack);
    this.moved();
    if (wasPlaying && !this.play.playing) this.play.toggle();
    this.packs.prefetch(config.rounds[place + 1]?.ordinal);
  }

  private begin(pack: Pack): void {
    const whom = this.followsByHand ? this.followed?.slot : (this.followed?.slot ?? this.wantedSlot);
    const same = pack.players.find(({ slot }) => slot === whom);
    this.followed = same ? { player: same.index, slot: same.slot } : null;
    this.map.begin(pack, keys(pack));
    this.teams.begin(pack);
    this.panels = ""; // they are new
    this.scrub.begin(pack);
    part<HTMLButtonElement>("play").disabled = false;
    const { info, config } = this;
    const roster = info.ct_roster ?? 0;
    write(part("team-ct"), config.teams[roster] || "Counter-terrorists");
    write(part("team-t"), config.teams[1 - roster] || "Terrorists");
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
    const who = player === null || player === this.followed?.player ? undefined : this.pack?.players[player];
    this.followed = who ? { player: who.index, slot: who.slot } : null;
    this.followsByHand = true;
    this.moved();
  }

  private nextKill(): void {
    const { pack } = this;
    const next = pack?.kills.tick.map((_, index) => seenDead(pack, index)).find((tick) => tick > this.play.tick + 1);
    if (next !== undefined) this.play.seek(next);
  }

  private step(by: number): void {
    const { pack, play } = this;
    if (!pack) return;
    play.pause();
    const frame = frameAt(pack, play.tick);
    const target = by < 0 && at(pack.ticks, frame) < play.tick ? frame : frame + by;
    play.seek(at(pack.ticks, Math.min(Math.max(target, 0), pack.ticks.length - 1)));
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
    const won = (side: string): number => Number(play.tick > pack.end && info.number !== null && info.winner_side === side);
    write(part("score-ct"), String(info.score_ct + won("CT")));
    write(part("score-t"), String(info.score_t + won("T")));
    write(part("time"), `${signed(secondsAt(pack, play.tick))} · tick ${Math.round(play.tick)}`);
    this.scrub.show(play.tick);
    const panels = `${info.ordinal}:${frame}:${this.followed?.player}:${play.playing}`;
    if (panels !== this.panels) this.teams.show(pack, play.tick, frame, this.followed?.player ?? null);
    this.panels = panels; // they change with the frames of the pack, 16 a second, not with every picture
    this.feed.show(pack, play.tick);
    if (this.heat.isOn) this.heat.draw();
    this.draw();
    this.note(performance.now() - began);
    showAddress(() => this.address());
    this.words();
    if (!play.playing) this.tell();
  }

  /** Let the links to other pages know the moment. */
  private tell(): void {
    const { pack, ground, play, info, config } = this;
    if (!pack || !ground) return;
    const frame = frameAt(pack, play.tick);
    const words = oneLine(pack, config.map, info, clockAt(pack, ground, info, play.tick, frame), frame);
    tell(config, info, play.tick, this.followed?.slot ?? null, words);
  }

  private draw(): void {
    if (this.pack) this.map.draw(this.pack, this.play.tick, this.followed?.player ?? null);
  }

  private address(): string {
    return address(this.config.page, this.info, this.pack ? secondsAt(this.pack, this.play.tick) : 0, this.followed?.slot ?? null);
  }

  private note(spent: number): void {
    this.spent.push(spent);
    if (this.spent.length > MEASURED) this.spent.shift();
    const { dataset } = part("replay");
    dataset.tick = String(Math.round(this.play.tick));
    dataset.round = String(this.info.ordinal);
    dataset.frameMs = (this.spent.reduce((sum, one) => sum + one, 0) / this.spent.length).toFixed(2);
  }

  private stateChanged(): void {
    write(part("play"), this.play.playing ? "Pause" : "Play");
    part<HTMLSelectElement>("speed").value = String(this.play.speed);
    if (!this.play.playing) this.moved();
  }

  /** Open or close the moment in words. */
  private describe(): void {
    this.hasWords = !this.hasWords;
    part("describe").setAttribute("aria-expanded", String(this.hasWords));
    if (!this.hasWords) write(part("moment"), "");
    this.saidAt = -Infinity;
    this.words();
  }

  /** Keep the words at the moment that is shown: at once when it stands still, a few times a second in play. */
  private words(): void {
    const { pack, ground, info, play } = this;
    if (!this.hasWords || !pack || !ground) return;
    if (play.playing && performance.now() - this.saidAt < WORDS_MS) return;
    this.saidAt = performance.now();
    const frame = frameAt(pack, play.tick);
    part("moment").setAttribute("aria-live", play.playing ? "off" : "polite");
    write(part("moment"), inFull(pack, this.config.map, info, clockAt(pack, ground, info, play.tick, frame), frame));
  }

  private toggleHeat(): void {
    void this.heat.toggle();
    part("heat-toggle").setAttribute("aria-pressed", String(this.heat.isOn));
  }

  private controls(): void {
    const { play, map } = this;
    const help = part<HTMLDialogElement>("help");
    const speed = part<HTMLSelectElement>("speed");
    const click = (id: string, act: () => void): void => part(id).addEventListener("click", act);
    click("play", () => play.toggle());
    click("link", () => void copy(this.address()));
    click("fit", () => map.fit());
    click("describe", () => this.describe());
    click("heat-toggle", () => this.toggleHeat());
    click("help-open", () => help.showModal());
    beforeLeaving(() => this.tell());
    speed.addEventListener("change", () => (play.speed = Number(speed.value)));
    const follow = (place: number): void => {
      const who = this.pack ? order(this.pack)[place] : undefined;
      if (who) this.follow(who.index);
    };
    listen({
      " ": () => play.toggle(),
      ArrowLeft: ({ shiftKey }) => play.by(shiftKey ? -10 : -2),
      ArrowRight: ({ shiftKey }) => play.by(shiftKey ? 10 : 2),
      Home: () => play.seek(-Infinity),
      End: () => play.seek(Infinity),
      ",": () => this.step(-1),
      ".": () => this.step(1),
      "[": () => play.faster(-1),
      "]": () => play.faster(1),
      n: () => this.neighbour(1),
      p: () => this.neighbour(-1),
      k: () => this.nextKill(),
      l: () => map.nextLevel(),
      h: () => this.toggleHeat(),
      c: () => map.flipCones(),
      f: () => map.fit(),
      d: () => this.describe(),
      "+": () => map.zoom(1.4),
      "-": () => map.zoom(1 / 1.4),
      "?": () => help.showModal(),
      Escape: () => this.follow(null),
      ...Object.fromEntries(Array.from({ length: 10 }, (_, place) => [String((place + 1) % 10), () => follow(place)])),
    });
  }
}
