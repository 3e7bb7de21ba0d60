"""Values that no honest form holds, and where a JSON body may carry them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

SCRIPT = "<script>alert('convergence')</script>"
TEMPLATE = "{{ 7 * 1234567 }}{% for x in [] %}"
RENDERED = "8641969"

TEXTS: tuple[str, ...] = (
    "a\x00b",
    "\ud800",
    "\u202eécrit à l’envers",
    "\u2028\ufeff",
    "\x1b[31m\x07",
    "'; DROP TABLE request; --",
    "\" OR ''='",
    SCRIPT,
    TEMPLATE,
    "${jndi:ldap://exemple}",
    "../../../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "",
    "   ",
    "A" * 900_000,
    "é" * 6_000,
    "2026-13-45",
    "0000-01-01",
    "9999-12-31T23:59:59.999999Z",
    "-1",
    "１２３",
)
OTHERS: tuple[Any, ...] = (
    None, True, -1, 0, 0.5, -0.0, 2**31, 2**63, -(2**63) - 1, 10**40, float("nan"), float("inf"), [], {}, [[[[]]]],
    ["x"] * 1_000, {"a": {"b": {"c": []}}}, {"__class__": "x", "$ref": "#"},
)  # fmt: skip
NESTED = b"[" * 50_000 + b"]" * 50_000
BODIES: tuple[tuple[bytes, str], ...] = (
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"null", "application/json"),
    (b'"x"', "application/json"),
    (b"12", "application/json"),
    (b"[]", "application/json"),
    (b"1e400", "application/json"),
    (b'{"a":1,"a":2}', "application/json"),
    (b"\xff\xfe\x00", "application/json"),
    (NESTED, "application/json"),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "application/json"),
    (b"[" + b"0," * 99_999 + b"0]", "application/json"),
    (b'{"reason":"' + b"x" * 1_100_000 + b'"}', "application/json"),
    (b'{"conditions":[' + b"0," * 320_000 + b"0]}", "application/json"),
    (json.dumps({f"f{n}": n for n in range(50_000)}).encode(), "application/json"),
    (b'{"' + b"x" * 900_000 + b'":1}', "application/json"),
    (b"reason=x", "application/x-www-form-urlencoded"),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ncaf\xe9\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: text/plain; charset=nope\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (b"--b\r\n\r\n", "multipart/form-data; boundary=b"),
    (b"<a/>", "application/xml"),
    (b"{}", "text/plain; charset=nope"),
)
"""Whole bodies, with what they say they are."""
IN_ADDRESS: tuple[str, ...] = (
    "%00", "%ED%A0%80", "%27%3B--", "..%2F..", "-1", "0", "99999999999999999999999999", "NaN", "%3Cscript%3E",
    "00000000-0000-0000-0000-000000000000", "x" * 3_000, "%F0%9F%92%A9", "2026-02-30", "null", "[]",
)  # fmt: skip
"""As they stand in a path or a query."""


def text_of(body: Any) -> bytes:
    """JSON as a careless program writes it: NaN, infinity and halves of surrogate pairs included."""
    return json.dumps(body).encode()


def valid(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Something that a schema accepts: its example where there is one."""
    if "$ref" in schema:
        return valid(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return valid(schema[key][0], schemas)
    return _by_type(schema, schemas)


def _by_type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {name: valid(field, schemas) for name, field in schema.get("properties", {}).items()}
    if kind == "array":
        return [valid(schema.get("items", {}), schemas)]
    by_format = {"uuid": "01900000-0000-7000-8000-000000000000", "date": "2027-01-31", "date-time": "2026-12-31T12:00Z"}
    plain = {"string": "Une phrase assez longue pour servir de motif.", "integer": 3, "number": 3, "boolean": True}
    return by_format.get(schema.get("format", ""), plain.get(str(kind)))


def spoilt(body: Any, extra: bool = True) -> Iterator[tuple[str, Any]]:
    """The body with each of its values replaced by each hostile one, and with a field too many."""
    for path in _places(body):
        for value in (*TEXTS, *OTHERS):
            yield ".".join(map(str, path)), _put(body, path, value)
    if extra and isinstance(body, dict):
        yield "inattendu", {**body, "inattendu": 1}


def _places(body: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if here:
        yield here
    if isinstance(body, dict):
        for name, value in body.items():
            yield from _places(value, (*here, name))
    elif isinstance(body, list) and body:
        yield from _places(body[0], (*here, 0))


def _put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    first, *rest = path
    changed = dict(body) if isinstance(body, dict) else list(body)
    changed[first] = _put(body[first], tuple(rest), value) if rest else value
    return changed
