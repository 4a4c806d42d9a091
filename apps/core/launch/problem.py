class LaunchProblem(Exception):
    """Something stands in the way of starting; the message is one sentence that says what to do about it."""
