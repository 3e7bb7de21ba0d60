"""Local sign-in with demo accounts: pages and API, in local mode only."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import JSONBody, QueryParameter
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from pydantic import BaseModel, ConfigDict, Field

from shared.basics.errors import FieldError, Invalid
from shared.identity.demo import DEMO_ACCOUNTS, ESTABLISHMENTS
from shared.identity.person import Person
from shared.identity.tokens import Issued, Tokens
from shared.program.settings import SiteSettings
from shared.web.api.openapi import PUBLIC
from shared.web.http.access import SESSION_COOKIE, SignedIn, session_cookie
from shared.web.http.redirects import safe_next
from shared.web.pages.forms import Form
from shared.web.pages.home import home
from shared.web.pages.page import Page, see_other


class DemoSignInOutsideLocalMode(RuntimeError):
    """Demo accounts have no password: they must never exist on a real site."""


class PersonView(BaseModel):
    """The person of a token."""

    id: str
    title: str = Field(description="French title; people have no names here")
    roles: list[str]
    establishment: str = Field(description="FINESS code (entité juridique)")
    department: str
    establishments: list[str] = Field(description="FINESS codes whose cases the person may see; `*` for all")


class AccountView(BaseModel):
    """A demo account; give its `account` to POST /demandes/api/sessions."""

    account: str
    does: str = Field(description="What one can do with it, in French")
    person: PersonView


class AccountList(BaseModel):
    """Every demo account of local mode."""

    accounts: list[AccountView]


class OpenSession(BaseModel):
    """Sign in with a demo account."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"account": "buyer"}]})
    account: str = Field(description="Slug of a demo account, see GET /demandes/api/accounts", examples=["buyer"])


class Session(BaseModel):
    """A bearer token: send it as `Authorization: Bearer <token>`, to any of the three services."""

    token: str
    expires_at: datetime
    person: PersonView


def view(person: Person) -> PersonView:
    """A person as shown by the API."""
    return PersonView(
        id=person.id, title=person.title, roles=sorted(person.roles), establishment=person.establishment,
        department=person.department, establishments=person.scope.split(","),
    )  # fmt: skip


def _issue(state: State, account: str) -> tuple[Person, Issued]:
    chosen = DEMO_ACCOUNTS.get(account)
    if chosen is None:
        raise Invalid(
            errors=(
                FieldError(
                    "account",
                    "Ce compte n’existe pas : choisissez-en un dans la liste.",
                ),
            )
        )
    settings: SiteSettings = state.settings
    tokens: Tokens = state.tokens
    return chosen.person, tokens.issue(chosen.person, settings.session_hours * 3600)


@get("/accounts", summary="Demo accounts (local mode)", tags=["Sessions"], security=PUBLIC)
async def api_accounts() -> AccountList:
    """Accounts to sign in with; they exist in local mode only."""
    listed = [AccountView(account=slug, does=a.does, person=view(a.person)) for slug, a in DEMO_ACCOUNTS.items()]
    return AccountList(accounts=listed)


@post("/sessions", summary="Open a session (local mode)", tags=["Sessions"], security=PUBLIC)
async def api_open_session(state: State, data: JSONBody[OpenSession]) -> Session:
    """A bearer token for a demo account, valid for the three services."""
    person, issued = _issue(state, data.account)
    return Session(token=issued.token, expires_at=issued.expires_at, person=view(person))


@get("/me", summary="Who am I", tags=["Sessions"])
async def api_me(person: SignedIn) -> PersonView:
    """The person of the bearer token."""
    return view(person)


def _choices() -> list[tuple[str, list[dict[str, str]]]]:
    rows = (
        {
            "id": slug, "title": a.person.title, "does": a.does, "group": a.group,
            "where": ESTABLISHMENTS.get(a.person.establishment, a.person.establishment),
        }
        for slug, a in DEMO_ACCOUNTS.items()
    )  # fmt: skip
    return [(group, list(members)) for group, members in groupby(rows, key=lambda row: row["group"])]


@get("/connexion")
async def sign_in_page(
    state: State,
    back: Annotated[str | None, QueryParameter(name="next")] = None,
) -> Page:
    """Choose a demo account."""
    return Page("sign_in.html", {"groups": _choices(), "next": safe_next(back, state.settings)})


@post("/connexion", status_code=303)
async def sign_in(request: Request[Any, Any, Any], state: State) -> Redirect:
    """Open a session, then redirect to the page that asked for it."""
    form = await Form.read(request)
    _, issued = _issue(state, form.get("account"))
    redirect = see_other(safe_next(form.get("next"), state.settings))
    redirect.set_cookie(session_cookie(state.settings, issued))
    return redirect


@post("/deconnexion", status_code=303)
async def sign_out() -> Redirect:
    """Close the session of this browser."""
    redirect = see_other("/connexion", flash="Vous êtes déconnecté.")
    redirect.delete_cookie(SESSION_COOKIE)
    return redirect


def sign_in_handlers(
    settings: SiteSettings,
) -> tuple[Sequence[ControllerRouterHandler], Sequence[ControllerRouterHandler]]:
    """The home page, then page and API handlers of demo sign-in; raises `DemoSignInOutsideLocalMode`."""
    if settings.mode != "local":
        raise DemoSignInOutsideLocalMode(
            "Sign-in with demo accounts exists in local mode only (CONVERGENCE_MODE=local), "
            "and OpenID Connect is not connected yet: this program does not start in production mode."
        )
    return [home, sign_in_page, sign_in, sign_out], [api_accounts, api_open_session, api_me]
