"""Refusals: a rule forbids what was asked. Each has a slug for programs, a French sentence for people, details for the log."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a form or of a JSON body; `field` is a dotted path, `message` a French sentence."""

    field: str
    message: str


class Refusal(Exception):
    """A rule forbids it. Nothing was changed; the sentence says what to do."""

    slug: ClassVar[str] = "refused"
    public: str = "Cette action n’est pas possible."
    status: ClassVar[int] = 409

    def __init__(self, public: str | None = None, *, errors: tuple[FieldError, ...] = (), **detail: Any) -> None:
        if public is not None:
            self.public = public
        self.errors = errors
        self.detail = detail
        super().__init__(self.public)


class Invalid(Refusal):
    """The input is incomplete or cannot be understood."""

    slug = "invalid"
    public = "Certaines informations manquent ou ne conviennent pas. Corrigez les champs signalés, puis recommencez."
    status = 422


class NotFound(Refusal):
    """There is no such thing, or this person may not see it: the answer is the same for both."""

    slug = "not-found"
    public = "Cette page ou ce dossier n’existe pas, ou n’est pas ouvert à votre compte."
    status = 404


class Forbidden(Refusal):
    """The person's role or establishment does not allow it."""

    slug = "forbidden"
    public = "Votre rôle ne permet pas cette action."
    status = 403


class TooMuchText(Refusal):
    """The event of this decision would exceed Kafka's message size."""

    slug = "too-much-text"
    public = "Ce dossier porte trop de texte pour être transmis. Raccourcissez ce que vous écrivez, puis recommencez."
    status = 413


class Unavailable(Refusal):
    """The database did not answer: the outcome is unknown, and sending the same command again is safe."""

    slug = "unavailable"
    public = "Le service ne répond pas en ce moment. Votre saisie n’est pas perdue : réessayez dans une minute."
    status = 503
