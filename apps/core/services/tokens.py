"""Tokens of the REST API: made once, shown once, kept as a hash, revoked by deleting them."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from apps.core.models import ApiToken, User

START = "chimera_"  # so that people and scanners of leaked secrets know one when they see it
PREFIX_CHARS = len(START) + 6
NAME_CHARS, AT_MOST = 60, 20
NOTE_EVERY = timedelta(minutes=1)  # how often its last use is written down


class Refused(Exception):
    """No token was made; the message says why."""


def make(user: User, name: str, *, days: int | None) -> tuple[ApiToken, str]:
    """A new token of a person and its text, which nobody can read again; ``days`` it holds, None without end.

    Raises:
        Refused: it has no name, or the person has too many.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:NAME_CHARS]
    if not shown:
        raise Refused("Give the token a name that says what it is for. No token was made.")
    if user.api_tokens.count() >= AT_MOST:
        raise Refused(f"You have {AT_MOST} tokens already. Revoke one that is not used any more. No token was made.")
    text = START + secrets.token_urlsafe(32)
    expires = None if days is None else timezone.now() + timedelta(days=days)
    row = ApiToken.objects.create(
        user=user, name=shown, prefix=text[:PREFIX_CHARS], sha256=_digest(text), expires_at=expires
    )
    return row, text


def user_of(text: str) -> User | None:
    """Whose token this is; None where it is none, has run out, or its person may not sign in any more."""
    row = ApiToken.objects.select_related("user").filter(sha256=_digest(text)).first()
    now = timezone.now()
    if row is None or not row.user.is_active or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.last_used_at is None or row.last_used_at < now - NOTE_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row.user


def revoke(user: User, token_id: int) -> str | None:
    """Delete a person's token; its name, or None where it was gone or is somebody else's."""
    row = ApiToken.objects.filter(user=user, pk=token_id).first()
    if row is None:
        return None
    row.delete()
    return row.name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
