"""Limits of one process, on raw connections to a real server: no stranger stops it, and each refusal says why in French."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.web.http.origin import Origins
from tests.helpers.limited_server import DEADLINE, ask, connect, header, read_all, send_all, serving, status

LIVE = b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
API, PAGE = b"GET /x/api/echo HTTP/1.1\r\nhost: x\r\n", b"GET /page HTTP/1.1\r\nhost: x\r\n"
POST = b"POST /x/api/echo HTTP/1.1\r\nhost: x\r\n"
CLOSE = b"connection: close\r\n\r\n"
SHORT = {"head_seconds": 0.3, "body_seconds": 0.3}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


def read_page(connection: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\r\n\r\npage"):
        piece = connection.recv(4096)
        assert piece, said
        said += piece
    return said


def assert_problem(answer: bytes, number: int, slug: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(answer) == number, head
    assert header(answer, "content-type") == "application/problem+json"
    assert header(answer, "connection") == "close"
    problem = json.loads(body)
    assert (problem["status"], problem["slug"], problem["type"]) == (number, slug, f"/problems/{slug}")
    assert problem["detail"].endswith(".")
    assert int(header(answer, "content-length") or 0) == len(body)


def assert_page(answer: bytes, number: int, words: str) -> None:
    assert status(answer) == number
    assert header(answer, "content-type") == "text/html; charset=utf-8"
    text = answer.partition(b"\r\n\r\n")[2].decode()
    assert '<html lang="fr">' in text
    assert "<title>Erreur" in text
    assert words in text


ONE_LARGE = b"x-large: " + b"a" * 50_000_000
A_MILLION = b"".join(b"x%d: 1\r\n" % number for number in range(1_000_000))
LONG_TRAILER = POST + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + ONE_LARGE
MANY_TRAILERS = POST + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + A_MILLION
LONG_EXTENSION = POST + b"transfer-encoding: chunked\r\n\r\n1;" + b"e" * 5_000_000
FLOODS = {
    "one header of 50 MB": (API + ONE_LARGE, 431, "headers-too-large"),
    "a million headers": (API + A_MILLION, 431, "headers-too-large"),
    "a million empty lines": (b"\r\n" * 1_000_000, 431, "headers-too-large"),
    "a header name of 5 MB": (API + b"n" * 5_000_000, 431, "headers-too-large"),
    "an address of 5 MB": (b"GET /x/api/" + b"a" * 5_000_000, 414, "address-too-long"),
    "a trailer of 50 MB": (LONG_TRAILER, 431, "headers-too-large"),
    "a million trailers": (MANY_TRAILERS, 431, "headers-too-large"),
    "a chunk extension of 5 MB": (LONG_EXTENSION, 431, "headers-too-large"),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_refused_as_soon_as_it_is_one(port: int, flood: tuple[bytes, int, str]) -> None:
    said, number, slug = flood
    assert_problem(ask(port, said), number, slug)


def test_others_are_answered_while_headers_flood(port: int) -> None:
    """Senders that read no refusal are held back, then cut off: probes that began after them end before them."""
    ended: list[str] = []

    def flood(connection: socket.socket) -> None:
        send_all(connection, API + ONE_LARGE)
        ended.append("flood")

    with ExitStack() as open_ones:
        connections = [open_ones.enter_context(connect(port)) for _ in range(4)]
        threads = [threading.Thread(target=flood, args=(connection,), daemon=True) for connection in connections]
        for thread in threads:
            thread.start()
        for connection in connections:
            assert status(connection.recv(4096)) == 431
        for _ in range(3):
            assert ask(port, LIVE).endswith(b"alive")
            ended.append("probe")
        for thread in threads:
            thread.join(DEADLINE)
    assert ended == ["probe"] * 3 + ["flood"] * 4


def test_the_cost_of_a_header_ends_at_its_limit(port: int) -> None:
    def spent(size: int) -> float:
        began = time.process_time()
        with connect(port) as connection:
            send_all(connection, API + b"x: " + b"a" * size)
            assert status(connection.recv(4096)) == 431
        return time.process_time() - began

    spent(40_000)
    assert spent(900_000) < 0.5


@pytest.mark.parametrize("extra", [0, 1])
def test_the_bounds_are_exact(port: int, extra: int) -> None:
    begun = PAGE + CLOSE[:-2] + b"x: "
    sized = begun + b"a" * (32_768 - len(begun) - 4 + extra) + b"\r\n\r\n"
    assert status(ask(port, sized)) == (431 if extra else 200)
    counted = PAGE + b"x: 1\r\n" * (98 + extra) + CLOSE
    assert status(ask(port, counted)) == (431 if extra else 200)
    addressed = b"GET /page?" + b"a" * (8192 - 6 + extra) + b" HTTP/1.1\r\nhost: x\r\n" + CLOSE
    assert status(ask(port, addressed)) == (414 if extra else 200)


def test_bytes_one_by_one_are_counted_too(port: int) -> None:
    with connect(port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in PAGE + CLOSE:
            connection.send(bytes([byte]))
        assert status(read_all(connection)) == 200


def test_requests_after_each_other_have_each_their_own_count(port: int) -> None:
    once = PAGE + b"x: " + b"a" * 20_000 + b"\r\n\r\n"
    with connect(port) as connection:
        for _ in range(5):
            connection.sendall(once)
            assert status(read_page(connection)) == 200


def test_a_large_body_is_not_taken_for_a_head(port: int) -> None:
    body = b"b" * 5_000_000
    whole = ask(port, POST + b"content-length: %d\r\n" % len(body) + CLOSE + body)
    assert whole.endswith(body)
    chunks = b"".join(b"3e8\r\n" + b"c" * 1000 + b"\r\n" for _ in range(1000)) + b"0\r\n\r\n"
    assert ask(port, POST + b"transfer-encoding: chunked\r\n" + CLOSE + chunks).endswith(b"c" * 1_000_000)


@pytest.mark.parametrize("extra", [0, 1])
def test_only_so_many_requests_are_sent_ahead(port: int, extra: int) -> None:
    many = PAGE + b"\r\n"
    answers = ask(port, many * (16 + extra * 500) + PAGE + CLOSE)
    assert answers.count(b"200 OK") == (0 if extra else 17)


def test_pages_refuse_in_a_page(port: int) -> None:
    assert_page(ask(port, PAGE + ONE_LARGE[:100_000]), 431, "Effacez les cookies de ce site")
    assert_page(ask(port, b"GET /page?" + b"a" * 10_000 + b" HTTP/1.1\r\n\r\n"), 414, "Cette adresse est trop longue")
    assert_page(ask(port, PAGE + b"no colon\r\n\r\n"), 400, "Revenez en arrière")


def test_what_is_no_http_is_a_problem_document(port: int) -> None:
    assert_problem(ask(port, b"\x16\x03\x01 hello\r\n\r\n"), 400, "bad-request")


def test_a_request_that_does_not_arrive_ends_by_itself() -> None:
    with serving(**SHORT) as port:
        assert ask(port, b"") == b""  # nothing was asked, nothing is answered
        assert_problem(ask(port, API + b"x: 1\r\n"), 408, "too-slow")
        assert_page(ask(port, PAGE + b"x: 1\r\n"), 408, "Vérifiez votre connexion")
        assert_problem(ask(port, POST + b"content-length: 10\r\n\r\nhalf"), 408, "too-slow")
        assert_problem(ask(port, POST + b"transfer-encoding: chunked\r\n\r\n5\r\nhal"), 408, "too-slow")


def test_a_head_that_trickles_is_late_as_a_whole() -> None:
    with serving(head_seconds=0.5) as port, connect(port) as connection:
        connection.sendall(PAGE + b"x: ")
        connection.settimeout(0.05)
        answer = b""
        for _ in range(int(DEADLINE / 0.05)):
            try:
                answer = connection.recv(4096)
            except TimeoutError:
                send_all(connection, b"a")
            else:
                break
        assert status(answer) == 408


def test_after_an_answer_the_next_request_has_its_time_again() -> None:
    with serving(head_seconds=1.0) as port, connect(port) as connection:
        for _ in range(4):
            time.sleep(0.6)
            connection.sendall(PAGE + b"\r\n")
            assert status(read_page(connection)) == 200
        connection.sendall(b"\r\n")  # begins no request, and does not keep the connection either
        assert read_all(connection) == b""


def test_a_body_that_keeps_arriving_has_more_time() -> None:
    with serving(body_seconds=0.5, body_rate=1000) as port, connect(port) as connection:
        connection.sendall(POST + b"content-length: 3000\r\n" + CLOSE)
        for _ in range(6):
            connection.sendall(b"b" * 500)
            time.sleep(0.25)
        assert read_all(connection).endswith(b"b" * 3000)


def test_who_does_not_take_the_answer_is_let_go() -> None:
    with serving(answer_seconds=0.5) as port, connect(port) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nhost: x\r\n" + CLOSE)
        time.sleep(1.5)
        assert len(read_all(connection)) < 20_000_000


def test_connections_have_a_bound_and_a_probe_gets_through() -> None:
    with serving(connections=20) as port, ExitStack() as open_ones:
        silent = [open_ones.enter_context(connect(port)) for _ in range(20)]
        assert_problem(ask(port, API + b"\r\n"), 503, "too-many-connections")
        answer = ask(port, PAGE + b"\r\n")
        assert_page(answer, 503, "Réessayez dans quelques secondes")
        assert int(header(answer, "retry-after") or 0) > 0
        assert ask(port, LIVE).endswith(b"alive")
        silent.pop().close()
        assert _until_200(port)


def test_beyond_the_spare_ones_a_connection_is_refused_at_once() -> None:
    with serving(connections=5) as port, ExitStack() as open_ones:
        for _ in range(5 + 64):
            open_ones.enter_context(connect(port))
        with connect(port) as one_more:
            assert_problem(read_all(one_more), 503, "too-many-connections")


def test_silent_connections_free_their_places() -> None:
    with serving(connections=5, head_seconds=0.3) as port, ExitStack() as open_ones:
        for _ in range(5 + 64):
            open_ones.enter_context(connect(port))
        assert _until_200(port)


def test_one_address_does_not_take_everybody_s_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Origins, "of_peer", lambda _, host: host)  # loopback addresses counted like any others
    with serving(connections_per_address=3) as port, ExitStack() as open_ones:
        silent = [open_ones.enter_context(connect(port, "127.0.0.2")) for _ in range(3)]
        assert_problem(ask(port, API + b"\r\n", "127.0.0.2"), 503, "too-many-connections-from-here")
        assert status(ask(port, PAGE + CLOSE)) == 200
        for one in silent:
            one.close()
        assert _until_200(port, "127.0.0.2")


def test_loopback_is_many_callers(port: int) -> None:
    with ExitStack() as open_ones:
        for _ in range(250):
            open_ones.enter_context(connect(port))
        assert status(ask(port, PAGE + CLOSE)) == 200


def _until_200(port: int, source: str = "127.0.0.1") -> bool:
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        if status(ask(port, PAGE + CLOSE, source)) == 200:
            return True
        time.sleep(0.05)
    return False
