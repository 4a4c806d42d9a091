"""What can go wrong with a game client. Every message is a sentence for the person who watches the job."""


class GameStopped(Exception):
    """The run cannot go on: the game is gone, answers nothing or cannot write. What was verified is kept."""


class GameEnded(GameStopped):
    """The game's process has ended; a fresh one may do better."""


class ConsoleLost(Exception):
    """The connection broke or nothing came back; connecting again may help."""


class Unverified(Exception):
    """This attempt gave no frame that can be vouched for; ``fatal`` says that the next target will fare no better."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.fatal = fatal


class SameFrame(Unverified):
    """The picture is the previous frame once more; the game may be one picture behind."""


class TargetFailed(Exception):
    """Every attempt at a target went unverified; the message is the last one's."""
