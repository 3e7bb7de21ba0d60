"""What a colleague does is announced on the pages that are open."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.exhibits import NEED
from tests.journey.people import People


def test_a_check_that_a_colleague_takes_is_announced(enter: Enter, people: People) -> None:
    made = people.do("requester-gier", "request", "/demandes/api/requests", NEED, key="watched")
    case = f"/instruction/dossiers/{made['case_id']}/functional"
    watching, colleague = enter("reviewer-functional"), enter("reviewer-functional-2")
    colleague.awaits("review", case, "Ce volet n’est pris par personne.")
    with watching.page.expect_response("**/instruction/flux?dossier=*"):
        watching.open("review", case)
    colleague.presses("Prendre ce volet")
    colleague.reads("Le volet est à vous.")
    expect(watching.page.locator(".live")).to_contain_text("collègue")
    watching.follows("Recharger la page")
    watching.reads("Ce volet est pris par")
