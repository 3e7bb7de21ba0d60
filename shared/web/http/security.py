"""Security headers, and the CSRF settings of pages."""

import hashlib

from litestar.config.csrf import CSRFConfig
from litestar.types import Message, Scope

from shared.program.registry import HOME, SERVICES
from shared.program.settings import SiteSettings
from shared.web.http.addresses import is_api, is_static

CSRF_COOKIE = "convergence_csrf"
NOT_STORED = (b"cache-control", b"no-store")
_COMMON = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


def base_urls(settings: SiteSettings) -> dict[str, str]:
    """Public base URL of each service, without trailing slash."""
    return {service: settings.address_of(service) for service in SERVICES}


def is_https(settings: SiteSettings) -> bool:
    """Whether people reach the site over TLS: cookies are then marked Secure."""
    return settings.address_of(HOME).startswith("https:")


def csrf_config(settings: SiteSettings) -> CSRFConfig:
    """Double-submit cookie; its key is derived, so that a CSRF token is never a valid session signature."""
    secret = hashlib.sha256(b"csrf:" + settings.session_secret.get_secret_value().encode()).hexdigest()
    return CSRFConfig(
        secret=secret, cookie_name=CSRF_COOKIE, cookie_httponly=True, cookie_secure=is_https(settings),
        cookie_samesite="lax",
    )  # fmt: skip


def content_security_policy(settings: SiteSettings) -> bytes:
    """No inline script or style; forms may redirect to any of the services."""
    forms = " ".join(["'self'", *base_urls(settings).values()])
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {forms}"
    ).encode()


class SecurityHeaders:
    """Adds the headers to every response, errors included; Litestar calls it before each message."""

    def __init__(self, settings: SiteSettings) -> None:
        self._api = _COMMON
        self._page = (
            *_COMMON,
            (b"content-security-policy", content_security_policy(settings)),
        )

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            path = scope["path"]
            headers += self._api if is_api(path) else self._page
            if not is_static(path):
                headers.append(NOT_STORED)
            message["headers"] = headers
