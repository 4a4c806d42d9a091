// Kills on the scrub bar: a tick each, which a click or the keyboard jumps to.
import type { Kill, Pack } from "./pack";

/** Fill `list` with the kills of the pack; it stays empty where none was recorded. */
export function markKills(list: HTMLElement, pack: Pack, onSeek: (tick: number) => void): void {
  const first = pack.ticks[0] ?? 0;
  const span = Math.max((pack.ticks[pack.ticks.length - 1] ?? first) - first, 1);
  for (const kill of pack.kills) {
    const seconds = Math.floor((kill.tick - first) / pack.tick_rate);
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = kill.victim_side === "CT" || kill.victim_side === "T" ? `side-${kill.victim_side}` : "";
    mark.title = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${sentence(kill)}`;
    mark.setAttribute("aria-label", `Go to: ${mark.title}`);
    mark.addEventListener("click", () => onSeek(kill.tick));
    const item = document.createElement("li");
    item.style.left = `${((kill.tick - first) / span) * 100}%`;
    item.append(mark);
    list.append(item);
  }
  list.hidden = pack.kills.length === 0;
}

function sentence({ attacker_name, victim_name, weapon, headshot }: Kill): string {
  const victim = victim_name ?? "somebody";
  const how = `${weapon ? ` (${weapon}${headshot ? ", headshot" : ""})` : ""}`;
  return attacker_name ? `${attacker_name} killed ${victim}${how}` : `${victim} died${how}`;
}
