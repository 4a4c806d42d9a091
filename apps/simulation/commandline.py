"""Reading a line as the console does: commands, words, numbers."""

import re


def split_commands(line: str) -> list[list[str]]:
    """``a "b c"; d // e`` → ``[["a", "b c"], ["d"]]``: quotes, semicolons and comments as the console reads them."""
    commands: list[list[str]] = [[]]
    for match in re.finditer(r'"([^"]*)"?|//.*|(;)|((?:(?!//)[^\s;"])+)', line):
        quoted, semicolon, word = match.groups()
        if semicolon:
            commands.append([])
        elif quoted is not None:
            commands[-1].append(quoted)
        elif word is not None:
            commands[-1].append(word)
    return [command for command in commands if command]


def number(args: list[str], default: float | None = None) -> float | None:
    try:
        value = float(args[0])
    except (IndexError, ValueError):
        return default
    return value if abs(value) < 1e9 else default  # also false for nan
