"""Safe targets of redirects: this site and the services, nothing else."""

from urllib.parse import urlsplit

from shared.program.settings import SiteSettings
from shared.web.http.security import base_urls

HOME = "/"
LONGEST = 2000
"""Characters of a redirect's target."""


def safe_next(target: str | None, settings: SiteSettings) -> str:
    """`target` if it is ours, else the home page. Browsers read `\\` as `/` and drop control characters."""
    if (
        not target
        or len(target) > LONGEST
        or "\\" in target
        or any(ord(char) <= 32 or ord(char) == 127 for char in target)
    ):
        return HOME
    try:
        parts = urlsplit(target)
    except ValueError:
        return HOME
    if not parts.scheme and not parts.netloc:
        return target if target.startswith("/") and not target.startswith("//") else HOME
    origin = f"{parts.scheme}://{parts.netloc}"
    ours = {(url.scheme, url.netloc) for url in map(urlsplit, base_urls(settings).values())}
    return target if (parts.scheme, parts.netloc) in ours and target.startswith(origin) else HOME
