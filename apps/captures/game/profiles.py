"""HUD profiles: what the console is told so that a played-back frame looks like the player's own screen.

Playback shows the spectator's HUD; other players' health and money on it are leakage (pitfall 13). The profile's name
is kept with every frame.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class HudProfile:
    name: str
    title: str
    commands: tuple[str, ...]
    capture: str  # console command; {name} is the image's name without its ending
    spec_modes: tuple[int, ...] = (1, 2, 4)  # first person: CS2, some builds, CS:GO; probed in this order


_CLEAN = (
    "cl_drawhud true",
    "hidehud 0",
    "cl_teamcounter_playercount_instead_of_avatars true",
    "cl_show_equipment_value false",
    "spec_show_xray 0",
    "cl_showtextmsg false",
    "cl_spec_show_bindings false",
    "cl_trueview_show_status 0",
    "cl_show_observer_crosshair 0",
    "tv_nochat true",
    "demo_ui_mode 0",
)
PROFILES = {
    profile.name: profile
    for profile in (
        HudProfile("simulated", "Simulated client", _CLEAN, "jpeg {name} 92"),
        HudProfile("cs2-clean", "CS2, spectator HUD cleaned by console", _CLEAN, "jpeg {name} 92"),
    )
}
