// A moment in words: for screen readers, and as context for the coach.
import { FLAG, type Pack, type Side, word } from "./pack";
import { has, isAlive, step } from "./moment";
import { bombWord, type Clock, type RoundInfo } from "./viewer_clock";

/** One line: "de_nuke, round 7, 3–2 (CT–T), 1:12 left, 4 against 3, bomb carried." */
export function oneLine(pack: Pack, map: string, info: RoundInfo, clock: Clock, frame: number): string {
  const bomb = bombWord(pack, frame);
  const when = clock.isBomb ? `bomb planted${info.bomb_site ? ` at ${info.bomb_site}` : ""}, ${clock.text} s left` : `${clock.phase}, clock ${clock.text}`;
  const name = info.number === null ? info.why : `round ${info.number}`;
  const alive = `${living(pack, "CT", frame).length} CT against ${living(pack, "T", frame).length} T`;
  return `${[map, name, `${info.score_ct}–${info.score_t} (CT–T)`, when, alive].join(", ")}${bomb && !clock.isBomb ? `, bomb ${bomb}` : ""}.`;
}

/** The line above, then every living player: name, health, weapon, place. */
export function inFull(pack: Pack, map: string, info: RoundInfo, clock: Clock, frame: number): string {
  const person = (player: number): string => {
    const place = word(pack, step(pack, "place", player, frame));
    const parts = [
      `${step(pack, "health", player, frame)} health`,
      word(pack, step(pack, "weapon", player, frame)),
      place ? `at ${placeWords(place)}` : "",
      has(pack, player, frame, FLAG.bomb) ? "has the bomb" : "",
      has(pack, player, frame, FLAG.defusing) ? "defusing" : "",
    ];
    return `${pack.players[player]?.name ?? "?"} ${parts.filter(Boolean).join(", ")}`;
  };
  const sides = (["CT", "T"] as const).map((side) => `${side}: ${living(pack, side, frame).map(person).join("; ") || "nobody lives"}.`);
  return [oneLine(pack, map, info, clock, frame), ...sides].join(" ");
}

/** "BombsiteA" → "Bombsite A", "CTSpawn" → "CT Spawn": as the game's own head-up display parts them. */
export function placeWords(place: string): string {
  return place.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
}

function living(pack: Pack, side: Side, frame: number): number[] {
  return pack.players.filter((who) => who.side === side && isAlive(pack, who.index, frame)).map((who) => who.index);
}
