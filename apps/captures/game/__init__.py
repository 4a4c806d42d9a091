"""Driving a game client over its network console. Pure: a TCP port and a folder where images appear."""
