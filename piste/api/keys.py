"""Making keys for programs, and finding whose key a request carries."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from piste.accounts.models import User
from piste.api.models import ApiKey

logger = logging.getLogger(__name__)

#: Keys begin with it, so that programs that look for lost secrets know them.
MARK = "piste_"
BYTES = 32
SHOWN = len(MARK) + 6
#: How long a key lives where nobody says otherwise.
DAYS = 365


def digest(secret: str) -> str:
    """What is kept of a secret. One round is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_key(*, user: User, scope: str, name: str = "", days: int | None = None) -> str:
    """Make a key in the name of the user. The secret is returned here and nowhere else."""
    secret = MARK + secrets.token_urlsafe(BYTES)
    now = timezone.now()
    key = ApiKey(
        owner=user,
        name=name,
        scope=scope,
        digest=digest(secret),
        prefix=secret[:SHOWN],
        created_at=now,
        expires_at=now + timedelta(days=days or DAYS),
    )
    key.full_clean(validate_unique=False)
    key.save()
    logger.info("api key made", extra={"key": key.prefix, "owner": user.pk, "scope": scope})
    return secret


def withdraw(key: ApiKey, *, at: datetime) -> None:
    """Let the key open nothing from the next request on; there is no way back."""
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    logger.info("api key withdrawn", extra={"key": key.prefix, "owner": key.owner_id})


def find_key(secret: str, *, at: datetime) -> ApiKey | None:
    """The usable key with this secret, with its owner as they are at this moment."""
    key = ApiKey.opening(digest(secret), at=at)
    if key is None:
        logger.warning("api key refused", extra={"key": secret[:SHOWN] if secret.startswith(MARK) else ""})
    elif key.note_use(at=at):
        logger.info("api key used", extra={"key": key.prefix, "owner": key.owner_id})
    return key
