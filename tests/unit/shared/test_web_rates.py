"""Rates: a person, an address without a session, sign-in attempts; in bounded memory, in the words of who asks."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from shared.identity.demo import DEMO_ACCOUNTS
from shared.identity.tokens import Tokens
from shared.program.settings import SiteSettings
from shared.web.app import create_app
from shared.web.http.access import SESSION_COOKIE
from shared.web.http.buckets import BURST_SECONDS, Buckets
from shared.web.http.origin import Origins
from tests.helpers.limited_server import ask, header, serving, status

SECRET = "s" * 40
CLOSE = "connection: close\r\n\r\n"
# Slow enough that a bucket does not fill up again while a test runs: 10 at once, then one in a second.
SLOW = {"rate_person": 1.0, "rate_address": 1.0, "rate_sign_in": 0.2, "trusted_proxies": "127.0.0.1"}


class Clock:
    """Stands still until told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(buckets: Buckets, key: str) -> int:
    """How many in a row are given."""
    count = 0
    while not buckets.take(key):
        count += 1
    return count


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets(5.0, clock)
    assert taken(buckets, "a") == 5 * BURST_SECONDS
    clock.now += 1
    assert taken(buckets, "a") == 5
    assert buckets.take("a") == pytest.approx(0.2)
    clock.now += 3600
    assert taken(buckets, "a") == 5 * BURST_SECONDS


def test_buckets_are_apart_and_their_memory_is_bounded() -> None:
    buckets = Buckets(1.0, Clock(), most=3)
    assert [taken(buckets, key) for key in "abc"] == [10, 10, 10]
    assert taken(buckets, "d") == 10  # `a` is forgotten for it
    assert taken(buckets, "c") == 0
    assert taken(buckets, "a") == 10
    assert len(buckets._full_at) == 3


FORWARDED = {
    "the edge names the caller": ("10.0.0.4", b"192.0.2.7", "192.0.2.7"),
    "the caller invents the left end": ("10.0.0.4", b"8.8.8.8, 192.0.2.7", "192.0.2.7"),
    "two proxies of ours": ("10.0.0.4", b"192.0.2.7, 10.0.0.5", "192.0.2.7"),
    "nobody is named": ("10.0.0.4", b"", None),
    "no address": ("10.0.0.4", b"unknown", None),
    "a stranger's header is not read": ("192.0.2.9", b"8.8.8.8", "192.0.2.9"),
    "loopback is no edge unless told": ("127.0.0.1", b"8.8.8.8", None),
    "IPv6 counts by its network": ("2001:db8:1:2:3:4:5:6", b"", "2001:db8:1:2::/64"),
    "IPv4 inside IPv6": ("::ffff:192.0.2.9", b"", "192.0.2.9"),
    "no address at all": (None, b"", None),
}


@pytest.mark.parametrize("call", FORWARDED.values(), ids=FORWARDED)
def test_the_address_is_the_one_that_a_trusted_proxy_saw(call: tuple[str | None, bytes, str | None]) -> None:
    peer, forwarded, expected = call
    assert Origins("10.0.0.0/24, 10.9.9.9").of_request(peer, [(b"x-forwarded-for", forwarded)]) == expected


def test_connections_of_the_edge_are_not_counted_as_one_caller() -> None:
    origins = Origins("10.0.0.0/24")
    assert [origins.of_peer(host) for host in ("10.0.0.4", "127.0.0.1", "::1", "192.0.2.9")] == [None] * 3 + [
        "192.0.2.9"
    ]


def site(**changes: Any) -> Any:
    return create_app(
        "request", SiteSettings(**{"mode": "local", "kafka": "k:1", "session_secret": SECRET, **SLOW, **changes})
    )


def call(port: int, path: str, *headers: str, method: str = "GET", source: str = "192.0.2.1", body: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", f"x-forwarded-for: {source}", *headers]
    return ask(port, ("\r\n".join([*lines, f"content-length: {len(body)}"]) + "\r\n" + CLOSE + body).encode())


def token(account: str) -> str:
    return Tokens(SECRET).issue(DEMO_ACCOUNTS[account].person, 3600).token


def until_refused(*arguments: Any, **named: Any) -> tuple[int, bytes]:
    for count in range(60):
        if status(said := call(*arguments, **named)) == 429:
            return count, said
    raise AssertionError("never refused")


def test_a_person_is_limited_apart_from_others_and_told_when_to_come_back() -> None:
    with serving(site()) as port:
        rssi, buyer = (f"authorization: Bearer {token(account)}" for account in ("rssi", "buyer"))
        count, refused = until_refused(port, "/demandes/api/me", rssi)
        assert count >= 10
        assert header(refused, "content-type") == "application/problem+json"
        assert 0 < int(header(refused, "retry-after") or 0) <= BURST_SECONDS
        problem = json.loads(refused.partition(b"\r\n\r\n")[2])
        assert (problem["status"], problem["slug"]) == (429, "too-many-requests")
        assert problem["detail"].startswith("Trop d’actions en peu de temps.")
        assert status(call(port, "/demandes/api/me", rssi, source="192.0.2.2")) == 429
        assert status(call(port, "/demandes/api/me", buyer)) == 200
        assert status(call(port, "/health/live")) == 404  # this site has no probes: it was not refused


def test_pages_say_it_in_a_page() -> None:
    with serving(site()) as port:
        _, refused = until_refused(port, "/", f"cookie: {SESSION_COOKIE}={token('rssi')}")
        text = refused.partition(b"\r\n\r\n")[2].decode()
        assert header(refused, "content-type") == "text/html; charset=utf-8"
        assert header(refused, "content-security-policy")
        assert int(header(refused, "retry-after") or 0) > 0
        assert "<h1>Trop de demandes à la fois</h1>" in text
        assert re.search(r"Se déconnecter", text)  # the whole page, with who is signed in


def test_without_a_session_the_address_counts_and_a_forged_token_is_none() -> None:
    with serving(site()) as port:
        count, _ = until_refused(port, "/demandes/api/accounts", "authorization: Bearer x")
        assert count >= 10
        assert status(call(port, "/connexion")) == 429
        assert status(call(port, "/connexion", source="192.0.2.2")) == 200


@pytest.mark.parametrize("path", ["/connexion", "//connexion/", "/demandes/api/sessions"])
def test_sign_in_attempts_have_a_smaller_bucket(path: str) -> None:
    with serving(site()) as port:
        count, refused = until_refused(port, path, "content-type: application/json", method="POST", body="{}")
        assert 2 <= count <= 5
        assert "Trop de tentatives de connexion" in refused.decode()
        assert status(call(port, "/connexion")) == 200


def test_loopback_and_rates_of_zero_are_not_limited() -> None:
    headers = ["authorization: Bearer x"]
    with serving(site(trusted_proxies="")) as port:
        assert {status(call(port, "/demandes/api/me", *headers)) for _ in range(30)} == {401}
    with serving(site(rates=0)) as port:
        known = [f"authorization: Bearer {token('rssi')}"]
        assert {status(call(port, "/demandes/api/me", *known)) for _ in range(30)} == {200}


def test_networks_that_are_none_are_told_at_start_up() -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        site(trusted_proxies="10.0.0.4, the edge")


def test_a_form_that_breaks_off_is_no_fault_of_ours() -> None:
    """Else every caller who leaves, or is too slow, would put a traceback into the log."""
    with capture_logs() as logs, serving(site(), body_seconds=0.3) as port:
        csrf = re.search(r"convergence_csrf=([0-9a-f]+)", call(port, "/connexion").decode())
        assert csrf
        form = f"_csrf_token={csrf[1]}&account="
        lines = ["POST /connexion HTTP/1.1", "host: localhost", f"cookie: convergence_csrf={csrf[1]}",
                 "content-type: application/x-www-form-urlencoded", "content-length: 1000", "", form]  # fmt: skip
        refused = ask(port, "\r\n".join(lines).encode())
        assert status(refused) == 408
        assert "Vérifiez votre connexion" in refused.decode()
    assert "request_failed" not in {entry["event"] for entry in logs}
