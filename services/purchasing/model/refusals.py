"""Every refusal of purchasing: what a rule says no to, and what the person does about it."""

from shared.basics.errors import Forbidden, Invalid, Refusal


class NotABuyer(Forbidden):
    """Only the buyer of the support establishment acts on a purchase."""

    public = "Seul l’acheteur de l’établissement support peut faire cela."


class OwnRequest(Forbidden):
    """A buyer who asked for the software."""

    slug = "own-request"
    public = "Cette demande est la vôtre : un autre acheteur doit la traiter."


class UnknownVerdict(Refusal):
    """A later version of the review says a verdict that this one does not know: the message waits for the upgrade."""

    slug = "unknown-verdict"

    def __init__(self, verdict: str, label: str) -> None:
        said = f"« {label} » ({verdict})" if label else f"« {verdict} »"
        super().__init__(
            f"La décision d’instruction {said} n’est pas connue de cette version des achats : mettez-la à jour, puis"
            " rejouez le message."
        )


class NotOpened(Refusal):
    """No favourable verdict, no route."""

    slug = "purchase-not-open"
    public = "Ce dossier n’a pas d’avis favorable en cours : aucune voie d’achat ne peut être retenue."


class AlreadyDecided(Refusal):
    """Somebody decided in the meantime."""

    slug = "route-already-decided"
    public = "La voie de ce dossier est déjà décidée. Revenez au dossier pour la voir."


class NotQualified(Refusal):
    """Facts are missing and nobody entered them."""

    slug = "purchase-not-qualified"
    public = "Qualifiez d’abord l’achat : des informations manquent, et la voie pourrait changer."


class ProposalMoved(Refusal):
    """What the GHT knows changed since the proposal was made."""

    slug = "proposal-moved"
    public = (
        "La table propose maintenant une autre voie, ou un autre accord-cadre."
        " Revenez au dossier pour voir pourquoi, puis décidez."
    )


class PurchaseMoved(Refusal):
    """The purchase changed since it was shown, or a command arrived after a later one of the same person."""

    slug = "purchase-moved"
    public = (
        "Ce dossier a changé depuis que vous l’avez ouvert. Revenez au dossier, voyez ce qui y est, puis recommencez."
    )


class RouteNotAllowed(Refusal):
    """The route has no legal ground here; the sentence says what is missing."""

    slug = "route-not-allowed"


class CensusOpen(Refusal):
    """The members of the GHT are being asked."""

    slug = "census-open"
    public = "Le recensement du GHT est en cours : attendez sa clôture pour changer ce dossier."


class CensusClosed(Refusal):
    """Answers come until it closes."""

    slug = "census-closed"
    public = "Ce recensement est clos : votre réponse ne peut plus être enregistrée. Écrivez à l’acheteur du GHT."


class NotInvited(Forbidden):
    """A member answers for its own establishment, and only where it is asked."""

    slug = "not-invited"
    public = "Vous répondez pour votre établissement seulement, et il n’est pas interrogé pour ce dossier."


class NothingToAward(Refusal):
    """The route is not decided, or it buys nothing."""

    slug = "nothing-to-award"
    public = "Ce dossier n’a pas de voie d’achat décidée : aucun marché ne peut y être enregistré."


class CeilingExceeded(Refusal):
    """Another order took what was left of the agreement, or it was withdrawn."""

    slug = "agreement-ceiling-exceeded"
    public = (
        "Une autre commande vient d’atteindre le plafond de cet accord-cadre, ou il vient d’être retiré."
        " Revenez au dossier pour voir la nouvelle voie."
    )


class AgreementMoved(Refusal):
    """Somebody else, or an order, changed it meanwhile."""

    slug = "agreement-moved"
    public = "Cet accord-cadre a changé pendant que vous le modifiiez. Ouvrez-le de nouveau depuis la liste, puis recommencez."


class PolicyExists(Refusal):
    """One policy per establishment and day."""

    slug = "policy-exists"
    public = "Une politique commence déjà ce jour-là pour cet établissement : choisissez un autre jour."


class BadRoutingTable(Invalid):
    """The table would not route every case in exactly one way; each error says where, and what to change."""

    slug = "bad-routing-table"
    public = "Cette table de décision ne peut pas être publiée. Corrigez les points signalés, puis recommencez."


class VersionPublished(Refusal):
    """A version number and a first day are used once."""

    slug = "routing-version-published"
    public = "Cette version, ou une version qui commence ce jour-là, est déjà publiée : changez le numéro ou la date."
