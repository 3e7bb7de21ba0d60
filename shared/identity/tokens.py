"""Signed session tokens (JWT, HS256), shared by the three services as cookie and as bearer token."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.identity.person import Person, Role

ISSUER = "convergence"
ALGORITHM = "HS256"
REMEMBERED = 4096
"""Verified tokens kept in memory: more than the people at work at one time."""


class TokenRefused(Exception):
    """The token is expired, forged, or not ours."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and its expiry."""

    token: str
    expires_at: datetime


class Tokens:
    """Issues and verifies tokens; verified tokens are cached, their expiry is checked every time."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        if len(secret) < 32:
            raise ValueError("the session secret must have at least 32 characters")
        self._key = OctKey.import_key(secret)
        self._clock = clock
        # lru_cache does not keep exceptions, so garbage cannot evict real sessions.
        self._verified = lru_cache(maxsize=REMEMBERED)(self._verify)

    def issue(self, person: Person, lifetime: int) -> Issued:
        """Sign a token for the person, valid for `lifetime` seconds."""
        now = int(self._clock())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": person.id,
            "iat": now,
            "exp": now + lifetime,
            "title": person.title,
            "roles": sorted(person.roles),
            "establishment": person.establishment,
            "department": person.department,
            "establishments": sorted(person.establishments),
        }
        token = jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])
        return Issued(token, datetime.fromtimestamp(now + lifetime, UTC))

    def read(self, token: str) -> Person:
        """The person of a token; raises `TokenRefused`."""
        person, expires = self._verified(token)
        if self._clock() >= expires:
            raise TokenRefused("expired")
        return person

    def _verify(self, token: str) -> tuple[Person, int]:
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            if claims["iss"] != ISSUER:
                raise TokenRefused("issued by somebody else")
            person = Person(
                id=claims["sub"],
                title=claims["title"],
                roles=frozenset(Role(role) for role in claims["roles"]),
                establishment=claims["establishment"],
                department=claims["department"],
                establishments=frozenset(claims["establishments"]),
            )
            return person, int(claims["exp"])
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from error
