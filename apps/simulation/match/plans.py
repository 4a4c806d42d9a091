"""What a side means to do in a round, and who gets which part of it."""

from apps.simulation.match.people import Player, Role
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team

T_PLANS = ("rush_a", "rush_b", "default", "split_a", "split_b", "fake_a", "fake_b", "save")
CT_PLANS = ("default", "stack_a", "stack_b", "push", "save")


def choose_t(world: World, buy: str, wits: float) -> str:
    """Rushes with little money, slower plans with rifles; the witty vary more."""
    rng = world.rng
    if buy == "eco":
        weights = (0.26, 0.26, 0.14, 0.05, 0.05, 0.04, 0.04, 0.16)
    elif buy in ("pistol", "force", "half"):
        weights = (0.2, 0.2, 0.28, 0.1, 0.1, 0.06, 0.06, 0.0)
    else:
        bold = 0.10 * (1.0 - wits)
        weights = (0.06 + bold, 0.06 + bold, 0.46 - 2 * bold, 0.13, 0.13, 0.08, 0.08, 0.0)
    return str(rng.choice(T_PLANS, p=[weight / sum(weights) for weight in weights]))


def choose_ct(world: World, buy: str, wits: float) -> str:
    armed = (0.62 + 0.1 * wits, 0.1, 0.1, 0.18 - 0.1 * wits, 0.0)
    weights = (0.3, 0.26, 0.26, 0.08, 0.1) if buy == "eco" else armed
    return str(world.rng.choice(CT_PLANS, p=[weight / sum(weights) for weight in weights]))


def share_out(world: World, terrain: Terrain) -> None:
    """Homes for everybody, the site and the moment for the Ts."""
    plan_t, plan_ct = world.round.plan[Team.T], world.round.plan[Team.CT]
    state = world.round.plan_state
    live = world.round.freeze_end
    _t_homes(world.side(Team.T), plan_t)
    site = plan_t[-1].upper() if plan_t[-2:] in ("_a", "_b") else ""
    if plan_t.startswith("fake"):
        site = "B" if site == "A" else "A"  # fake_a shows at A and goes to B
    state["site"] = {"A": 0.0, "B": 1.0}.get(site, -1.0)
    seconds = {"rush": 0.0, "default": 36.0, "split": 24.0, "fake": 34.0, "save": 50.0}[plan_t.split("_")[0]]
    state["go_at"] = live + 64 * (seconds + float(world.rng.uniform(0.0, 16.0 if seconds else 1.0)))
    state["gathered"] = 0.0
    roamer = str(world.rng.choice(("middle", "A", "B"), p=(0.3, 0.35, 0.35)))
    _ct_homes(world.side(Team.CT), plan_ct, roamer)


def _t_homes(people: list[Player], plan: str) -> None:
    kind = plan.split("_")[0]
    target = plan[-1].upper() if plan[-2:] in ("_a", "_b") else "A"
    away = "B" if target == "A" else "A"
    for place, player in enumerate(sorted(people, key=lambda one: one.index)):
        if kind == "rush":
            player.home = target
        elif kind == "split":
            player.home = target if place < 3 else f"{target}2"
        elif kind == "fake":
            player.home = target if player.role in (Role.SUPPORT, Role.LURKER) else away
        elif kind == "save":
            player.home = "middle" if place < 2 else "A"
        else:
            player.home = {Role.ENTRY: "A", Role.AWPER: "middle", Role.SUPPORT: "A", Role.LURKER: "B"}.get(
                player.role, "B"
            )


def _ct_homes(people: list[Player], plan: str, roamer: str) -> None:
    """Two for each site; the awper is at ``roamer``."""
    homes = {
        Role.ENTRY: "A",
        Role.AWPER: roamer,
        Role.SUPPORT: "A",
        Role.LURKER: "B",
        Role.ANCHOR: "B",
    }
    for player in people:
        player.home = homes[player.role]
        if plan == "stack_a" and player.role in (Role.AWPER, Role.LURKER):
            player.home = "A"
        elif plan == "stack_b" and player.role in (Role.AWPER, Role.ENTRY):
            player.home = "B"
        elif plan == "push" and player.role is Role.ENTRY:
            player.home = "A2"


def site_of(home: str) -> str:
    return home[0] if home and home[0] in "AB" else ""


def spot_for(terrain: Terrain, player: Player, side: Team) -> int:
    """The area in which a player waits: Ts short of the site, CTs with a view of where Ts come from."""
    site = terrain.sites.get(site_of(player.home))
    if site is None:
        return terrain.middle_t if side == Team.T else terrain.middle_ct
    if side == Team.T:
        return site.staging[-1] if player.home.endswith("2") else site.staging[0]
    if player.home.endswith("2"):
        return site.entries[0]
    return site.holds[(player.index * 2 + (player.role is Role.ANCHOR)) % len(site.holds)]
