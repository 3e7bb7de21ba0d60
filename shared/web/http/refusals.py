"""What is said to a caller who goes beyond a limit of the process."""

from typing import ClassVar

from shared.basics.errors import Refusal


class OverLimit(Refusal):
    """A limit of the process; `retry_after` is in seconds, 0 where trying again changes nothing."""

    retry_after: ClassVar[int] = 0


class HeadTooLarge(OverLimit):
    """More headers, or longer ones, than any browser sends."""

    slug = "headers-too-large"
    public = (
        "Votre navigateur joint trop d’informations à cette demande. Effacez les cookies de ce site, puis recommencez."
    )
    status = 431


class AddressTooLong(OverLimit):
    """A path and query longer than any link of ours."""

    slug = "address-too-long"
    public = "Cette adresse est trop longue. Revenez à la page précédente et recommencez avec moins de critères."
    status = 414


class TooSlow(OverLimit):
    """The request did not arrive in full within its time."""

    slug = "too-slow"
    public = "L’envoi s’est interrompu avant la fin. Vérifiez votre connexion au réseau, puis recommencez."
    status = 408


class Full(OverLimit):
    """All connections are taken."""

    slug = "too-many-connections"
    public = "Le service reçoit trop de connexions en ce moment. Réessayez dans quelques secondes."
    status = 503
    retry_after = 5


class TooManyFromHere(OverLimit):
    """All connections of one address are taken."""

    slug = "too-many-connections-from-here"
    public = "Votre réseau a ouvert trop de connexions à la fois. Réessayez dans quelques secondes."
    status = 503
    retry_after = 5


class TooManyAtOnce(OverLimit):
    """More requests sent ahead on one connection than are kept waiting."""

    slug = "too-many-at-once"
    public = "Trop de demandes ont été envoyées à la fois. Patientez quelques secondes, puis recommencez."
    status = 429
    retry_after = 1


class TooManyRequests(OverLimit):
    """A person, or an address without a session, asks faster than the rate."""

    slug = "too-many-requests"
    public = "Trop d’actions en peu de temps. Patientez quelques secondes, puis recommencez : cette action n’a pas été faite."
    status = 429


class TooManySignIns(OverLimit):
    """Sign-in attempts of one address beyond the rate."""

    slug = "too-many-sign-ins"
    public = "Trop de tentatives de connexion depuis votre réseau. Patientez quelques secondes, puis recommencez."
    status = 429
