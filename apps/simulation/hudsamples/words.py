"""Words that stand on a HUD: the places of the maps in play, places that no map has, and names of weapon finishes."""

import random
import re

# Place names as the maps' own nav meshes call them (awpy's ``place_name``); ``places.place_name`` tells what is shown.
PLACES = (
    "CTSpawn", "TSpawn", "BombsiteA", "BombsiteB", "ExtendedA", "TopofMid", "SideAlley", "UnderA", "BDoors", "LongA",
    "LongDoors", "ShortStairs", "OutsideTunnel", "OutsideLong", "UpperTunnel", "LowerTunnel", "TunnelStairs", "Tunnel",
    "MidDoors", "Middle", "Catwalk", "ARamp", "Pit", "Short", "Hole", "Ramp", "Apartments", "BackAlley", "Balcony",
    "Banana", "BackofA", "BackofB", "Arch", "Boiler", "Bridge", "Canal", "Church", "Cave", "Cubby", "Construction",
    "Connector", "Control", "Courtyard", "Crane", "Decon", "Deck", "Donut", "Dumpster", "Elbow", "Electric", "Fountain",
    "Garage", "Garden", "Graveyard", "Heaven", "Hell", "Hut", "HutRoof", "House", "Ivy", "Jungle", "Kitchen", "Ladder",
    "LadderRoom", "Library", "Lobby", "LockerRoom", "LowerPark", "UpperPark", "Mini", "Observation", "Offices",
    "Outside", "PalaceAlley", "PalaceInterior", "Palace", "Playground", "PopDog", "Quad", "Rafters", "Radio",
    "Restroom", "River", "Roof", "Ruins", "SecondMid", "Secret", "Scaffolding", "Sewers", "Shop", "SideEntrance",
    "SideHall", "Silo", "SnipersNest", "Snipers", "Squeaky", "Stairs", "StorageRoom", "Street", "Streetside", "Temple",
    "TicketBooth", "TopofRamp", "Trench", "Trophy", "TruckBay", "Truck", "TStairs", "TRamp", "Tunnels", "Turbine",
    "Underpass", "UpperMid", "LowerMid", "Vending", "Vents", "Walkway", "Walkways", "Warehouse", "Water", "WaterCave",
    "Window", "Yard", "Alley", "AlleyB", "ASite", "BSite", "AMain", "BMain", "Big", "Cage", "CTRamp", "Main",
    "NinjaCorner", "Pillar", "Platform", "RedRoom", "Roundhouse", "Showers", "Sandbags", "Ticket", "Toxic", "Water2",
    "2ndMid", "1stMid", "Entrance", "Cinema", "Metro", "Barrels", "Pipe", "Chicken", "Attic", "Basement",
)  # fmt: skip
_WORDS = sorted({word for place in PLACES for word in re.findall(r"[A-Z]?[a-z]{2,}|[A-Z](?![a-z])", place)})
_ONSETS = (
    "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "bl", "br", "ch", "cl", "cr",
    "dr", "fl", "gr", "pl", "pr", "sh", "sk", "sl", "st", "th", "tr",
)  # fmt: skip
_RHYMES = (
    "a", "e", "i", "o", "u", "ai", "ea", "oo", "an", "en", "in", "on", "ar", "er", "or", "ack", "eck", "ill", "and",
    "ane", "ide", "ome", "all", "ell", "ing", "ast", "est",
)  # fmt: skip


def unheard_place(dice: random.Random) -> str:
    """As ``PLACES``, of one to three words: those of other places put together anew, or none that there is."""
    count = dice.choice((1, 2, 2, 2, 3))
    words = [dice.choice(_WORDS) if dice.random() < 0.6 else _no_word(dice) for _ in range(count)]
    return "".join(word[0].upper() + word[1:] for word in words)[:18]


def _no_word(dice: random.Random) -> str:
    return "".join(dice.choice(_ONSETS) + dice.choice(_RHYMES) for _ in range(dice.choice((1, 1, 2))))


FINISHES = (
    "Phobos", "Chopper", "Asiimov", "Redline", "Neon Rider", "Hyper Beast", "Printstream", "The Empress", "Vulcan",
    "Bloodsport", "Fade", "Doppler", "Slaughter", "Kill Confirmed", "Cyrex", "Mecha Industries", "Nightmare",
    "Desolate Space", "Neo-Noir", "The Emperor", "Dragon King", "Howl", "Golden Coil", "Hot Rod", "Knight", "Basilisk",
    "Icarus Fell", "Nitro", "Boreal Forest", "Safari Mesh", "Sand Dune", "Urban DDPAT", "Forest DDPAT", "Predator",
    "Elite Build", "Point Disarray", "Fuel Injector", "Legion of Anubis", "Ice Coaled", "Head Shot", "Nightwish",
    "Inheritance", "Wild Lotus", "Fire Serpent", "Case Hardened", "Jaguar", "Wasteland Rebel", "Frontside Misty",
    "Aquamarine Revenge", "Safety Net", "Baroque Purple", "Uncharted", "Rat Rod", "Slate", "Phantom Disruptor",
    "Worm God", "Sun in Leo", "Corticera", "Electric Hive", "Man-o'-war", "Mortis", "Exo", "Paw", "Exoskeleton",
    "Capillary", "Wildfire", "Oni Taiji", "Containment Breach", "Chromatic Aberration", "Duality", "Graphite",
    "Lightning Strike", "BOOM", "Gungnir", "Medusa", "Dragon Lore", "Pink DDPAT", "Snake Camo", "Pit Viper",
    "Acheron", "Atheris", "Crakow!", "Black Nile", "LongDog", "Trigon", "Module", "Grim", "Shapewood", "Virus",
    "Cold Blooded", "Emerald Dragon", "Teardown", "Death by Kitty", "Shallow Grave", "Judgement of Anubis",
    "High Roller",
    "Osiris", "Blue Streak", "Carbon Fiber", "Night Ops", "Embargo", "Photic Zone", "Antique", "Water Sigil",
    "Astrolabe",
    "Candy Apple", "Groundwater", "High Beam", "Reactor", "Weasel", "Water Elemental", "Bullet Queen", "Vogue",
    "Snack Attack", "Dragon Tattoo", "Brass", "Guardian", "Serum", "Royal Blue", "Orion", "Caiman", "Cortex",
    "Ticket to Hell",
    "Monster Mashup", "Fire Elemental", "Granite Marbleized", "Amber Fade", "Ossian", "Coral Bloom", "Chalice",
    "Muertos", "Asterion", "Supernova", "See Ya Later", "Visions", "Mehndi", "Valence", "Gunsmoke", "Steel Disruption",
    "Sand Spray", "Blueprint", "Cobalt Disruption", "Conspiracy", "Directive", "Kumicho Dragon", "Mecha", "Code Red",
    "Light Rail", "Ocean Drive", "Crimson Web", "Midnight Storm", "Sunset Storm", "Meteorite", "Naga", "Pilot",
)  # fmt: skip
