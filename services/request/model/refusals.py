"""What this service refuses, in sentences that tell the person what to do."""

from shared.basics.errors import Refusal


class RequestIncomplete(Refusal):
    """The form lacks something that the review needs."""

    slug = "request-incomplete"
    public = "Il manque des informations pour envoyer votre demande. Complétez les champs signalés."
    status = 422


class KeyUsedForAnother(Refusal):
    """The idempotency key came with another content before."""

    slug = "idempotency-key-reused"
    public = "Cette clé d’envoi a déjà servi pour une autre demande. Prenez une nouvelle clé."


class KeyTaken(Exception):
    """The idempotency key made a request before: it is looked up, and answered again."""


class AlreadySubmitted(Refusal):
    """The form is frozen once it is sent."""

    slug = "request-already-submitted"
    public = "Cette demande est déjà envoyée : elle ne se modifie plus. Retirez-la si elle n’a plus lieu d’être."


class AlreadyWithdrawn(Refusal):
    """Nothing more happens to a withdrawn request."""

    slug = "request-withdrawn"
    public = "Cette demande a été retirée. Écrivez-en une nouvelle si le besoin est revenu."


class TooLateToWithdraw(Refusal):
    """The case is closed."""

    slug = "too-late-to-withdraw"
    public = "Ce dossier est déjà décidé : il ne se retire plus. Parlez-en à la coordination de la DSI."


class NoSuchQuestion(Refusal):
    """The question was never asked about this case."""

    slug = "no-such-question"
    public = "Cette question n’existe pas dans ce dossier. Revenez au dossier pour voir ses questions."
    status = 404


class AlreadyAnswered(Refusal):
    """The question has another answer."""

    slug = "question-already-answered"
    public = "Cette question a déjà une réponse. Revenez au dossier pour la lire."


class ReviewOver(Refusal):
    """The review was decided without the answer."""

    slug = "review-over"
    public = "L’étude de ce volet est terminée : cette question n’attend plus de réponse."


class NotTheAuthor(Refusal):
    """Only the author acts on a request."""

    slug = "not-the-author"
    public = "Seule la personne qui a écrit cette demande peut le faire."
    status = 403


class FileRefused(Refusal):
    """An attachment that cannot be kept; the sentence says why."""

    slug = "file-refused"
    status = 422


class UnknownCase(Refusal):
    """An event about a case that never was a request here: it is parked for an operator."""

    slug = "unknown-case"
    public = "Ce dossier n’est pas connu du service des demandes."
