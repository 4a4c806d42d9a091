"""Slows down guessing of passwords: failed tries are counted per account and address, in Redis.

Counting per account alone would let anybody lock everybody else out of an account.
"""

import hashlib
import logging
from math import ceil

import redis
from django.conf import settings

logger = logging.getLogger(__name__)
TRIES = 5  # wrong passwords one after the other
WAIT_S = 300  # from the first of them on


def minutes_to_wait(name: str, address: str) -> int:
    """Count one try to sign in as ``name`` from ``address``, made before the password is looked at so that tries sent
    at once are counted too.

    Returns:
        0 where the try may be made, else the minutes after which the next may (at least 1).
    """
    key = _key(name, address)
    try:
        with _redis().pipeline() as pipe:
            pipe.set(key, 0, ex=WAIT_S, nx=True)
            pipe.incr(key)
            pipe.ttl(key)
            _, tries, left_s = pipe.execute()
    except (redis.RedisError, OSError) as error:
        # People who know their password come in without Redis too.
        logger.warning("A try to sign in was not counted, since Redis is away: %s", error)
        return 0
    return max(1, ceil(left_s / 60)) if tries > TRIES else 0


def minutes_after_wrong_token(address: str) -> int:
    """Count one unknown API token sent from ``address``.

    A right one is never made to wait: it cannot be guessed, and others behind the same address have theirs.

    Returns:
        0 for the first few, else the minutes after which the next is looked at (at least 1).
    """
    return minutes_to_wait(" token", address)  # no account's name begins with a space


def forget_tries(name: str, address: str) -> None:
    """The password was right: what came before were slips."""
    try:
        _redis().delete(_key(name, address))
    except (redis.RedisError, OSError) as error:
        logger.warning("Tries to sign in were not forgotten, since Redis is away: %s", error)


def _key(name: str, address: str) -> str:
    """A hash, so that Redis does not hold what people type into the wrong field."""
    return f"sign-in:{hashlib.sha256(f'{address} {name}'.encode()).hexdigest()}"


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
