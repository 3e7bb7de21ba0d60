"""Why the review service says no: a slug for programs, a French sentence that says what to do."""

from shared.basics.errors import Forbidden, Refusal


class OwnRequest(Forbidden):
    """Nobody studies, or arbitrates, what they asked for."""

    slug = "own-request"
    public = "Cette demande est la vôtre : un collègue doit l’instruire."


class OtherQueue(Forbidden):
    """The check belongs to a queue that this person does not work."""

    slug = "other-queue"
    public = "Ce volet relève d’une autre file que les vôtres."


class HeldByAnother(Refusal):
    """Somebody else has the check."""

    slug = "held-by-another"
    public = "Ce volet est pris par un collègue. Demandez à la coordination de vous le réaffecter."


class CheckClosed(Refusal):
    """The opinion is given, or the review is over."""

    slug = "check-closed"
    public = "Ce volet est clos. Revenez au dossier pour voir son avis."


class ReviewWithdrawn(Refusal):
    """The requester gave the request up."""

    slug = "request-withdrawn"
    public = "Le demandeur a retiré cette demande : il n’y a plus rien à instruire."


class UnknownItem(Refusal):
    """The answers name items that do not concern this request."""

    slug = "unknown-item"
    public = "Certaines réponses portent sur des points qui ne concernent pas cette demande."
    status = 422


class ItemsUnanswered(Refusal):
    """The opinion needs every item answered."""

    slug = "items-unanswered"
    public = "Des points attendent une réponse. Répondez-y, puis donnez votre avis."
    status = 422


class NotFavourable(Refusal):
    """Something stands against an opinion without conditions."""

    slug = "not-favourable"
    public = "Un avis favorable demande que tous les points soient levés. Donnez un avis favorable avec réserves."
    status = 422


class NoCondition(Refusal):
    """An opinion with conditions that names none."""

    slug = "no-condition"
    public = "Écrivez au moins une réserve, ou donnez un avis favorable."
    status = 422


class ConditionsForbidden(Refusal):
    """Conditions only go with an opinion that carries them."""

    slug = "conditions-forbidden"
    public = "Seul un avis favorable avec réserves porte des réserves."
    status = 422


class CommentMissing(Refusal):
    """Words are due."""

    slug = "comment-missing"
    public = "Un avis défavorable s’explique : écrivez pourquoi."
    status = 422


class EvidenceMissing(Refusal):
    """Items were said to be met, without saying how that is known: neither at the item nor in the opinion."""

    slug = "evidence-missing"
    public = "Dites sur quoi repose votre constat : il vaudra preuve pour tous les points restants."
    status = 422


class UnknownReuse(Refusal):
    """Only the functional check judges the software that came with the need."""

    slug = "unknown-reuse"
    public = "Seul le volet fonctionnel juge les logiciels déjà en service que cite la demande."
    status = 422


class QuestionOpen(Refusal):
    """One question at a time and check."""

    slug = "question-open"
    public = "Une question attend déjà la réponse du demandeur sur ce volet."


class OpinionAwaited(Refusal):
    """No arbitration replaces the opinions that a favourable decision cannot do without."""

    slug = "opinion-awaited"
    public = "Une décision favorable attend d’abord des avis dont personne d’autre ne peut tenir lieu."


class NothingToOverrule(Refusal):
    """There is no opinion yet."""

    slug = "nothing-to-overrule"
    public = "Aucun avis n’est encore rendu : il n’y a rien à arbitrer."


class SameVerdict(Refusal):
    """The decision already says that."""

    slug = "same-verdict"
    public = "La décision est déjà celle-là."


class UnfitReviewer(Refusal):
    """The chosen colleague may not work this check."""

    slug = "unfit-reviewer"
    public = "Cette personne ne peut pas instruire ce volet : choisissez-en une autre dans la liste."
    status = 422


class AbsenceOverlaps(Refusal):
    """The reviewer has another absence in these days."""

    slug = "absence-overlaps"
    public = "Une absence est déjà notée sur ces jours pour cette personne : supprimez-la d’abord."
