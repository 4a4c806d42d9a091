"""The pieces that advice is put together from. Slots in braces are filled with what the frame or the context says.

Keys of ``MOVES`` are the screen's situation, movement and objective: ``t`` and ``ct`` before a plant, ``post`` for Ts
and ``retake`` for CTs after it.
"""

MOVES: dict[tuple[str, int, int], tuple[str, ...]] = {
    ("t", 1, 1): (
        "Push to the site{out}", "Move up to the site{out}", "Go forward to the site{out}", "Press on to the site{out}",
    ),
    ("t", 1, 0): ("Press forward{out}", "Advance on them{out}", "Close in on them{out}", "Step up{out}"),
    ("t", 1, -1): ("Push them{out} and leave the site aside", "Advance{out} away from the site"),
    ("t", 0, 1): ("Walk quietly to the site{out}, keep your distance", "Sneak to the site{out}, keep your distance"),
    ("t", 0, 0): (
        "Hold {here}", "Hold {here} with the {gun}", "Stay {at}", "Stay {at} with the {gun}", "Keep your position {at}",
    ),
    ("t", 0, -1): ("Move away from the site{out}, keep your distance", "Shift away from the site{out}, stay covered"),
    ("t", -1, 1): ("Drop back to the site{out}", "Fall back to the site{out}"),
    ("t", -1, 0): ("Fall back{out}", "Give up ground and drop back{out}", "Pull back{out}"),
    ("t", -1, -1): ("Leave the site and fall back{out}", "Fall back{out} and get away from the site"),
    ("ct", 1, 1): ("Move up to the site{out}", "Push to the site{out}", "Step up and run to the site{out}"),
    ("ct", 1, 0): ("Push out{out}", "Step up{out}", "Press forward{out}", "Challenge them{out}"),
    ("ct", 1, -1): ("Push out{out} and leave the site aside", "Advance{out} away from the site"),
    ("ct", 0, 1): ("Rotate to the site{out}, keep your distance", "Walk to the site{out}, keep your distance"),
    ("ct", 0, 0): (
        "Hold {here}", "Hold {here} with the {gun}", "Anchor {here}", "Anchor {here} with the {gun}",
        "Watch your angle {at}",
    ),
    ("ct", 0, -1): ("Shift away from the site{out}, keep your distance", "Move off from the site{out}, stay covered"),
    ("ct", -1, 1): ("Drop back to the site{out}", "Fall back to the site{out}", "Pull back to the site{out}"),
    ("ct", -1, 0): ("Fall back{out}", "Give up ground and drop back{out}", "Pull back{out}"),
    ("ct", -1, -1): ("Leave the site and fall back{out}", "Fall back{out} and get away from the site"),
    ("post", 1, 1): ("Push to the bomb{out}", "Move up to the bomb{out}", "Close in and get to the bomb{out}"),
    ("post", 1, 0): ("Push them{out}", "Step up{out}", "Advance on them{out}"),
    ("post", 1, -1): ("Push them{out} and get away from the bomb", "Advance{out} away from the bomb"),
    ("post", 0, 1): ("Walk to the bomb{out}, keep your distance", "Sneak to the bomb{out}, keep your distance"),
    ("post", 0, 0): (
        "Hold {here} and watch the bomb", "Stay {at} and cover the bomb", "Guard the bomb with the {gun}, hold {here}",
    ),
    ("post", 0, -1): ("Move away from the bomb{out}, keep your distance", "Stay covered, away from the bomb{out}"),
    ("post", -1, 1): ("Drop back to the bomb{out}", "Fall back to the bomb{out}"),
    ("post", -1, 0): ("Fall back{out}", "Pull back{out}"),
    ("post", -1, -1): ("Fall back{out} and get away from the bomb", "Pull back{out}, away from the bomb"),
    ("retake", 1, 1): ("Retake: push to the bomb{out}", "Push to the bomb{out}", "Move up and retake the site{out}"),
    ("retake", 1, 0): ("Push them{out}", "Advance on them{out}", "Close in on them{out}"),
    ("retake", 1, -1): ("Push them{out} and get away from the bomb", "Advance{out} away from the bomb"),
    ("retake", 0, 1): ("Go to the bomb{out}, keep your distance", "Sneak to the bomb{out}, keep your distance"),
    ("retake", 0, 0): (
        "Hold {here} with the {gun}", "Hold {here}", "Stay {at} with the {gun}", "Stay {at}",
    ),
    ("retake", 0, -1): ("Move away from the bomb{out}, keep your distance", "Stay covered, away from the bomb{out}"),
    ("retake", -1, 1): ("Drop back to the bomb{out}", "Fall back to the bomb{out}"),
    ("retake", -1, 0): ("Fall back{out}", "Pull back{out}"),
    ("retake", -1, -1): ("Fall back{out} and get away from the bomb", "Pull back{out}, away from the bomb"),
}  # fmt: skip
ON_SITE = {  # towards the objective for somebody who is at the site already
    1: ("Push deeper onto the site", "Move up and take the site", "Press on across the site"),
    0: ("Walk deeper onto the site, keep your distance", "Sneak to the middle of the site, keep your distance"),
    -1: ("Drop back deeper onto the site", "Fall back to the middle of the site"),
}
SNIPER = ("Watch the long line {at} with the {gun}", "Anchor {here} with the {gun}", "Hold {here} with the {gun}")
EMPTY = ("Reload: the magazine is empty.", "Reload behind cover.")
RELOAD = ("Reload before that.", "Mind the magazine: {clip} rounds.")
SAVE = ("Save the {gun}{out}", "Save the {gun} and fall back{out}")
DEFUSE = ("Go and defuse the bomb{out}", "Defuse at once{out}")
CARRY = ("Push to the site with the bomb{out}", "Move up and plant{out}", "Go forward to the site{out} and plant")
FETCH = ("Push to the dropped bomb{out}", "Go forward and pick up the bomb{out}")
WAITING = ("Wait six seconds, then ", "Give it six seconds and then ")
STARTING = ("At the start: ", "First move: ")
CARRY_STARTING = ("Push to the site with the bomb{out}", "Move up to the site with the bomb{out}")

# What the move is for; the first whose case applies (see ``advice_words``).
AIMS = {
    "save": ("too little is left to win here", "this round is as good as gone"),
    "defuse": ("nobody is left to stop it", "the bomb is all that matters"),
    "bomb_ticks": ("the bomb will not wait", "every second is the bomb's"),
    "time_yours": ("the bomb works for you", "time is on your side"),
    "clock_short": ("the clock leaves no more time", "it is now or never"),
    "clock_yours": ("the clock plays for you", "they have to come"),
    "numbers": ("use the numbers", "trade every duel"),
    "down": ("you need a pick", "one duel at a time"),
    "even": ("win the first duel", "play the trade"),
    "alone": ("play for one duel", "use your sound"),
    "hurt": ("your health allows no duel", "stay out of sight"),
    "calm": ("gather information", "see what they show"),
}
FIGHTS = {
    "soon": ("Take the first shot.", "Open the fight yourself.", "Shoot first."),
    "later": ("Wait six seconds, then take the first shot.", "Wait six seconds, then open the fight."),
    "back": ("Let them start the fight.", "Leave the first shot to them.", "Do not start the fight."),
    "none": ("Avoid a fight.", "Stay out of every duel."),
}

REASONS = {
    "lead": "You are {lead} up",
    "even": "It is even, {own} against {enemies}",
    "behind": "You are {behind} down",
    "clock_short": "{seconds} s leave no time to wait",
    "bomb_ticks": "the bomb ticks for them",
    "time_yours": "they have to come to the bomb",
    "clock_yours": "they must come before the clock ends",
    "strong": "{health} health takes a duel",
    "hurt": "{health} health is too little for a duel",
    "unarmoured": "without armour every hit counts",
    "keep_gun": "the {gun} counts more next round",
    "mates": "{mates} of yours can trade",
    "mate": "a teammate can trade",
    "mate_at": "a teammate is at {mate_place}",
    "alone": "nobody can trade you",
}
FALLBACKS = {
    "push_team": (
        "If it stalls, drop back and trade with your team.",
        "If it fails, regroup with your {mates_counted}.",
    ),
    "push_alone": ("If it stalls, drop back behind cover.", "If they are ready, play one duel at a time."),
    "hold_ct": ("If they come in numbers, drop back and wait for help.", "If they get past, retake with your team."),
    "hold_t": ("If nothing opens, go with the last 25 s.", "If they push, trade from cover."),
    "hold_alone": ("If they find you, take one duel at a time.", "If they come close, change the angle."),
    "hold_post": ("If they defuse, push them off the bomb.", "If they come together, call the last position."),
    "retake": ("If it fails, save the {gun}.", "If time runs out, save the {gun}."),
    "retake_bare": ("If it fails, make the bomb cost them a kill.", "If it fails, hunt for an exit kill."),
    "back": ("If they follow, shoot from cover.", "If they cut you off, fight with the {gun}."),
    "back_bare": ("If they follow, stay hidden.", "If they cut you off, take one with you."),
}
CALLS = {1: ("going in", "pushing"), 0: ("holding", "staying"), -1: ("falling back", "backing off")}
CALLS_ASIDE = {1: ("on the way to the {goal}",), -1: ("leaving the {goal}",)}

SUMMARIES = ("{own} against {enemies}", "You and {mates_counted} against {enemies}")
MATES = ("1 teammate", "{mates} mates")
PHASES = {
    "freeze": "before the start",
    "planted": "the bomb is planted",
    "planted_at": "the bomb is planted at {site}",
    "carries": "you hold the bomb",
    "dropped": "the bomb is down",
    "left": "{seconds} s left",
}
CHANCES = ("nearly lost", "behind", "open", "ahead", "nearly won")
ECONOMY = {
    "rich": "${money}: the next buy is safe.",
    "half": "${money}: a half buy next round.",
    "poor": "${money}: the next buy hangs on this round.",
    "start": "${money} kept after buying.",
    "menu": "${money} to spend.",
}
THREATS = {
    "hurt": "one hit ends it at {health} health",
    "outnumbered": "outnumbered by {behind}",
    "clip": "only {clip} rounds loaded",
    "empty": "an empty magazine",
    "bomb": "the bomb's timer",
    "retake": "a retake from several sides",
    "clock": "only {seconds} s on the clock",
    "awp": "their AWP has killed already",
    "unarmoured": "no armour",
    "execute": "a late execute",
    "early": "an early rush",
    "split": "an attack from two sides",
    "crossfire": "crossfires on the site",
}
OPPORTUNITIES = {
    "free": "nobody guards the bomb",
    "numbers": "{lead} more alive than they have",
    "trade": "a teammate close enough to trade",
    "sound": "alone you hear every step",
    "clock": "time works for you",
}

UNKNOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "menu": {
        "situation_summary": ("The buy menu covers the screen.", "The buy menu is open and hides the rest."),
        "primary_action": (
            "Finish buying and close the menu: the situation cannot be seen behind it.",
            "Buy with the ${money} and close the menu: nothing else can be seen yet.",
        ),
        "reasoning": ("Health, place and ammunition are covered by the menu.",),
        "fallback": ("Send a frame without the menu for advice.",),
        "callout": ("still buying",),
    },
    "watching": {
        "situation_summary": ("You are dead and watching a teammate.", "You are out and see a teammate's screen."),
        "primary_action": (
            "You are out of this round: tell your {mates_counted} what you see.",
            "Nothing to play for you now: name the {enemies} enemies you see to your team.",
        ),
        "reasoning": ("Health and weapons on this screen belong to somebody else.",),
        "fallback": ("Plan the next buy with your ${money}.",),
        "callout": ("{enemies} enemies left",),
    },
    "over": {
        "situation_summary": ("The round is over.", "This round is decided."),
        "primary_action": (
            "The round is decided: nothing is left to advise in it.",
            "No advice for a round that is over: get ready for the next one.",
        ),
        "reasoning": ("The banner says that the round has ended.",),
        "fallback": ("Plan the next buy with your ${money}.",),
        "callout": ("round over",),
    },
    "none": {
        "situation_summary": ("No HUD can be read in this frame.", "This frame shows no HUD."),
        "primary_action": (
            "No advice without a HUD: the situation cannot be known from this frame.",
            "The situation cannot be told from this frame: send one with the HUD.",
        ),
        "reasoning": ("Neither health nor clock nor score can be seen.",),
        "fallback": ("Send a frame of the game with its HUD.",),
        "callout": ("no HUD in view",),
    },
}
WATCHING_LAST = ("The whole team is out: nothing is left to play in this round.",)
