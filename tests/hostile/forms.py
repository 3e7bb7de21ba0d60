"""The forms that stand on a page, as a browser without JavaScript would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TOKEN = "_csrf_token"


@dataclass
class HtmlForm:
    """Where a form goes, and its fields with what they hold."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._open: HtmlForm | None = None
        self.found: list[HtmlForm] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(said.get("href", ""))
        if tag == "form" and said.get("method", "get").lower() == "post":
            self._open = HtmlForm(said.get("action") or self._page)
            self.found.append(self._open)
        if self._open is not None:
            self._field(tag, said)
        if tag == "button" and said.get("formaction") and self._open is not None:
            self.found.append(HtmlForm(said["formaction"], self._open.fields))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _field(self, tag: str, said: dict[str, str]) -> None:
        name = said.get("name")
        if self._open is None or not name or tag not in ("input", "textarea", "select", "button"):
            return
        if said.get("type") == "file":
            self._open.files.add(name)
        else:
            self._open.fields.setdefault(name, said.get("value", ""))


def forms_of(page: str, html: str) -> tuple[list[HtmlForm], list[str]]:
    """The forms that a page posts, and the addresses that it links to."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.found, reader.links
