"""A simulated CS2 client: opens a recording, answers the game's console over TCP, writes frames with a true HUD."""
