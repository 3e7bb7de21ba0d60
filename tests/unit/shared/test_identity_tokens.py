"""A token is believed only if we signed it, the way we sign, and before it ends."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import TokenRefused, Tokens

SECRET = "a secret of the tests, long enough to sign"
LIFETIME = 10 * 3600
BUYER = DEMO_ACCOUNTS["buyer"].person


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(SECRET, clock)


def forged(tokens: Tokens, **changes: object) -> str:
    """A token of ours, opened, changed, and closed again without the key."""
    header, payload, signature = tokens.issue(BUYER, LIFETIME).token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(claims | changes).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def test_a_token_gives_back_the_person(tokens: Tokens) -> None:
    assert tokens.read(tokens.issue(BUYER, LIFETIME).token) == BUYER


def test_an_expired_token_is_refused_even_if_it_was_verified_before(tokens: Tokens, clock: Clock) -> None:
    token = tokens.issue(BUYER, LIFETIME).token
    tokens.read(token)
    clock.now += LIFETIME
    with pytest.raises(TokenRefused):
        tokens.read(token)


def test_a_tampered_token_is_refused(tokens: Tokens) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(forged(tokens, roles=["operator"]))


def test_a_token_signed_with_another_secret_is_refused(tokens: Tokens, clock: Clock) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(Tokens(SECRET + "!", clock).issue(BUYER, LIFETIME).token)


def test_a_token_without_signature_is_refused(tokens: Tokens) -> None:
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    payload = tokens.issue(BUYER, LIFETIME).token.split(".")[1]
    with pytest.raises(TokenRefused):
        tokens.read(f"{none}.{payload}.")


def test_another_algorithm_is_refused_though_the_key_is_right(tokens: Tokens) -> None:
    claims = {"iss": "convergence", "sub": "buyer", "exp": 1_900_000_000}
    token = jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(SECRET), algorithms=["HS512"])
    with pytest.raises(TokenRefused):
        tokens.read(token)


@pytest.mark.parametrize("changes", [{"iss": "somebody"}, {"roles": ["emperor"]}, {"sub": None}])
def test_a_signed_token_that_is_not_ours_is_refused(tokens: Tokens, clock: Clock, changes: dict[str, object]) -> None:
    payload = tokens.issue(BUYER, LIFETIME).token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | changes
    if changes.get("sub", "") is None:
        del claims["sub"]
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
    with pytest.raises(TokenRefused):
        tokens.read(token)


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "é.é.é", "." * 2000])
def test_garbage_is_refused(tokens: Tokens, garbage: str) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(garbage)


def test_a_short_secret_does_not_sign() -> None:
    with pytest.raises(ValueError, match="32"):
        Tokens("short")
