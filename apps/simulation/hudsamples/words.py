"""Words that stand on a HUD: the places of the maps in play, and names of weapon finishes."""

# Place names as the maps' own nav meshes call them (awpy's ``place_name``); the HUD writes them by ``places.place_name``.
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
    "Cold Blooded", "Emerald Dragon", "Teardown", "Death by Kitty", "Shallow Grave", "Judgement of Anubis", "High Roller",
    "Osiris", "Blue Streak", "Carbon Fiber", "Night Ops", "Embargo", "Photic Zone", "Antique", "Water Sigil", "Astrolabe",
    "Candy Apple", "Groundwater", "High Beam", "Reactor", "Weasel", "Water Elemental", "Bullet Queen", "Vogue",
    "Snack Attack", "Dragon Tattoo", "Brass", "Guardian", "Serum", "Royal Blue", "Orion", "Caiman", "Cortex", "Ticket to Hell",
    "Monster Mashup", "Fire Elemental", "Granite Marbleized", "Amber Fade", "Ossian", "Coral Bloom", "Chalice",
    "Muertos", "Asterion", "Supernova", "See Ya Later", "Visions", "Mehndi", "Valence", "Gunsmoke", "Steel Disruption",
    "Sand Spray", "Blueprint", "Cobalt Disruption", "Conspiracy", "Directive", "Kumicho Dragon", "Mecha", "Code Red",
    "Light Rail", "Ocean Drive", "Crimson Web", "Midnight Storm", "Sunset Storm", "Meteorite", "Naga", "Pilot",
)  # fmt: skip
