"""FULL_TRANSITIVE compatibility: present readers can read every released version, and released readers the present one.

Compared are the JSON Schemas of one event type. A reader ignores unknown fields and fills missing ones with their
default; so a field may be added or removed only while it is optional, and its type never changes.
A breaking change is a new version: a new event type, and an upcaster from the former one.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaking_changes(released: Schema, present: Schema) -> list[str]:
    """What breaks a reader, each as a sentence; empty where the two are fully compatible."""
    return list(_compare("", released, present, released, present))


def _compare(where: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterator[str]:
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    if "properties" in old or "properties" in new:
        yield from _objects(where, old, new, old_root, new_root)
        return
    for branches in ("anyOf", "prefixItems"):
        if branches in old or branches in new:
            pairs = list(zip(old.get(branches, []), new.get(branches, []), strict=False))
            if len(old.get(branches, [])) != len(new.get(branches, [])):
                yield f"{where or 'data'}: the alternatives are not the same"
            for i, (a, b) in enumerate(pairs):
                yield from _compare(f"{where}|{i}", a, b, old_root, new_root)
            return
    if "items" in old and "items" in new:
        yield from _compare(f"{where}[]", old["items"], new["items"], old_root, new_root)
    for keyword in ("type", "format", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength"):
        if old.get(keyword) != new.get(keyword):
            yield f"{where or 'data'}: {keyword} was {old.get(keyword)!r} and is {new.get(keyword)!r}"


def _objects(where: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() - after.keys():
        if name in old.get("required", []):
            yield f"{where}.{name}: a required field was removed"
    for name in after.keys() - before.keys():
        if name in new.get("required", []):
            yield f"{where}.{name}: a new field is required"
    for name in before.keys() & after.keys():
        if (name in old.get("required", [])) != (name in new.get("required", [])):
            yield f"{where}.{name}: required in one version only"
        yield from _compare(f"{where}.{name}", before[name], after[name], old_root, new_root)


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema
