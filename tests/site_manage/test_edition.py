"""One edition: its facts, two who write at once, its way through the states, who stands behind it."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.audit import queries as audit
from app.editions import actions
from app.editions import queries as editions
from app.editions.models import Edition
from app.editions.rules import OrganisationPart, State
from app.extensions import database
from app.values.actor import COMMAND, Role
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.people import make_organisation
from tests.site_manage.conftest import Two, typed


def stored(app: Flask, slug: str = "2027-haikou") -> Edition:
    found = editions.edition_by_slug(database.session(), slug)
    assert found is not None
    return found


def test_the_form_comes_back_with_everything_that_is_stored(app: Flask, two: Two) -> None:
    sent = typed(revision="1", number="7", **{
        "theme-zh": "新主题", "venue-en": "Sample Centre", "topics-en": "Batteries\nCharging", "topics-zh": "–\n充电",
        "parent_name-en": "Congress", "parent_starts_on": "2027-09-20", "latitude": "20.01", "title_translated": ["de"],
    })  # fmt: skip
    assert two.organiser_of_a.post(f"/organise/editions/{two.a}/edit", data=sent).status_code == 303
    page = two.organiser_of_a.get(f"/organise/editions/{two.a}/edit").text
    for text in (
        'value="新主题"',
        'value="Sample Centre"',
        "Batteries\nCharging",
        "–\n充电",
        'value="20.01"',
        'value="7"',
    ):
        assert text in page, text
    with app.app_context():
        edition = stored(app)
        assert [topic.text.as_dict() for topic in edition.topics] == [
            {"en": "Batteries", "de": "", "zh": ""}, {"en": "Charging", "de": "", "zh": "充电"},
        ]  # fmt: skip
        assert (edition.parent_starts_on, edition.parent_ends_on) == (date(2027, 9, 20), date(2027, 9, 20))
        assert edition.title_translated == ("de",)
        assert edition.venue.de == ""


@pytest.mark.parametrize("field", ["starts_on", "ends_on", "parent_starts_on", "parent_ends_on"])
@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2201-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused_beside_the_field(two: Two, field: str, day: str) -> None:
    address = f"/organise/editions/{two.a}"
    two.organiser_of_a.post(f"{address}/step", data={"to": "announced"})
    answer = two.organiser_of_a.post(f"{address}/edit", data=typed(revision="1", **{field: day}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "The year must be between 1990 and 2200." in answer.text


def test_two_organisers_edit_one_edition_and_the_second_sees_both_versions(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        other = make_account(db, "w@forum.test", Role.ORGANISER, edition_id=stored(app).id, name="Łukasz Wrzesiński").id
    second = sign_in(app.test_client(), other)
    address = f"/organise/editions/{two.a}/edit"
    first = typed(revision="1", **{"theme-de": "Thema der Ersten"})
    assert two.organiser_of_a.post(address, data=first).status_code == 303

    late = second.post(address, data=typed(revision="1", **{"theme-de": "Thema des Zweiten", "venue-zh": "会展中心"}))

    assert late.status_code == 409
    assert "Thema der Ersten" in late.text
    assert 'value="Thema des Zweiten"' in late.text
    assert "Anna Löwenstein" in late.text
    assert 'value="会展中心"' in late.text
    assert '<th scope="row">City' not in late.text
    assert 'name="revision" type="hidden" value="2"' in late.text
    with app.app_context():
        assert stored(app).theme.de == "Thema der Ersten"

    again = second.post(address, data=typed(revision="2", **{"theme-de": "Thema des Zweiten"}))
    assert again.status_code == 303
    with app.app_context():
        assert stored(app).theme.de == "Thema des Zweiten"


def test_an_organiser_of_one_edition_does_not_know_of_another(two: Two) -> None:
    pages = ("overview", "edit", "organisations", "languages")
    posts = ("edit", "step", "organisations")
    assert [two.organiser_of_b.get(f"/organise/editions/{two.a}/{page}").status_code for page in pages] == [404] * 4
    assert [
        two.organiser_of_b.post(f"/organise/editions/{two.a}/{page}", data=typed(revision="1")).status_code
        for page in posts
    ] == [404] * 3
    assert [two.organiser_of_a.get(f"/organise/editions/{two.a}/{page}").status_code for page in pages] == [200] * 4
    assert two.organiser_of_a.get("/organise/editions/no-such/overview").status_code == 404


def test_a_viewer_sees_the_overview_and_changes_nothing(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        viewer_id = make_account(db, "v@forum.test", Role.VIEWER, edition_id=stored(app).id).id
    viewer = sign_in(app.test_client(), viewer_id)
    page = viewer.get(f"/organise/editions/{two.a}/overview")
    assert page.status_code == 200
    assert "Announce it" not in page.text
    assert viewer.get(f"/organise/editions/{two.a}/edit").status_code == 404
    assert viewer.post(f"/organise/editions/{two.a}/step", data={"to": "announced"}).status_code == 404


def test_a_step_is_taken_back_and_the_overview_says_what_that_means(app: Flask, two: Two) -> None:
    address = f"/organise/editions/{two.a}/step"
    assert two.organiser_of_a.post(address, data={"to": "announced"}).status_code == 303
    page = two.organiser_of_a.get(f"/organise/editions/{two.a}/overview").text
    assert "The public no longer sees anything of it" in page
    with app.app_context():
        assert stored(app).state is State.ANNOUNCED
    assert two.organiser_of_a.post(address, data={"to": "draft"}).status_code == 303
    with app.app_context():
        assert stored(app).state is State.DRAFT


def test_a_step_that_is_not_possible_is_refused(app: Flask, two: Two) -> None:
    answer = two.organiser_of_a.post(f"/organise/editions/{two.a}/step", data={"to": "archived"})
    assert answer.status_code == 409
    assert two.organiser_of_a.post(f"/organise/editions/{two.a}/step", data={"to": "nonsense"}).status_code == 422
    with app.app_context():
        assert stored(app).state is State.DRAFT


def test_cancelling_needs_a_reason_and_can_be_taken_back(app: Flask, two: Two) -> None:
    address = f"/organise/editions/{two.a}/step"
    two.organiser_of_a.post(address, data={"to": "announced"})
    assert two.organiser_of_a.post(address, data={"to": "cancelled"}).status_code == 422
    sent = {"to": "cancelled", "reason-en": "The venue burnt down.", "reason-zh": "会场失火。"}
    assert two.organiser_of_a.post(address, data=sent).status_code == 303
    with app.app_context():
        assert (stored(app).state, stored(app).reason.zh) == (State.CANCELLED, "会场失火。")
    assert "The venue burnt down." in two.organiser_of_a.get(f"/organise/editions/{two.a}/overview").text
    assert two.organiser_of_a.post(address, data={"to": "announced"}).status_code == 303
    with app.app_context():
        assert stored(app).state is State.ANNOUNCED


def test_postponed_is_announced_without_dates(app: Flask, two: Two) -> None:
    address = f"/organise/editions/{two.a}/step"
    two.organiser_of_a.post(address, data={"to": "announced"})
    sent = {"postponed": "1", "revision": "1", "reason-en": "A typhoon."}
    assert two.organiser_of_a.post(address, data=sent).status_code == 303
    with app.app_context():
        edition = stored(app)
        assert (edition.state, edition.postponed, edition.starts_on) == (State.ANNOUNCED, True, None)
    assert two.organiser_of_a.get(f"/organise/editions/{two.a}/overview").status_code == 200


def test_once_announced_the_address_stays(app: Flask, two: Two) -> None:
    two.organiser_of_a.post(f"/organise/editions/{two.a}/step", data={"to": "announced"})
    page = two.organiser_of_a.get(f"/organise/editions/{two.a}/edit").text
    assert "Cannot change any more" in page
    answer = two.organiser_of_a.post(f"/organise/editions/{two.a}/edit", data=typed(revision="1", slug="2027-other"))
    assert answer.status_code == 409


def test_in_a_draft_the_address_may_change_and_the_answer_leads_to_the_new_one(two: Two) -> None:
    answer = two.organiser_of_a.post(f"/organise/editions/{two.a}/edit", data=typed(revision="1", slug="2027-sanya"))
    assert answer.location == "/organise/editions/2027-sanya/edit"


def test_hosts_are_added_ordered_removed_and_put_back(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        vda, sae = make_organisation(db, "VDA").id, make_organisation(db, "China SAE", zh="中国汽车工程学会").id
    address = f"/organise/editions/{two.a}/organisations"

    def act(name: str, organisation: int, **more: str) -> str:
        with app.app_context():
            revision = stored(app).revision
        data = {"act": name, "part": "host", "organisation": str(organisation), "revision": str(revision), **more}
        answer = two.organiser_of_a.post(address, data=data)
        assert answer.status_code == 303
        return answer.location

    def hosts() -> list[int]:
        with app.app_context():
            return [o.id for o in stored(app).organisations_as(OrganisationPart.HOST)]

    assert "China SAE" in two.organiser_of_a.get(f"{address}?q=工程").text
    act("add", vda)
    act("add", sae)
    act("up", sae)
    assert hosts() == [sae, vda]
    act("down", sae)
    assert hosts() == [vda, sae]
    after = act("remove", vda)
    assert hosts() == [sae]
    page = two.organiser_of_a.get(after).text
    assert "VDA was removed." in page
    assert 'name="place" value="0"' in page
    act("add", vda, place="0")
    assert hosts() == [vda, sae]


def test_a_list_of_hosts_that_somebody_changed_meanwhile_is_shown_anew(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        vda = make_organisation(db, "VDA").id
        edition = stored(app)
        actions.set_organisations(
            db, edition.id, [(OrganisationPart.PARTNER, vda)], revision=edition.revision, actor=COMMAND, now=NOW
        )
    data = {"act": "add", "part": "host", "organisation": str(vda), "revision": "1"}
    answer = two.organiser_of_a.post(f"/organise/editions/{two.a}/organisations", data=data)
    assert answer.status_code == 409
    nonsense = {"act": "add", "part": "king", "organisation": str(vda), "revision": "2"}
    assert two.organiser_of_a.post(f"/organise/editions/{two.a}/organisations", data=nonsense).status_code == 422
    unknown = {"act": "add", "part": "host", "organisation": "999", "revision": "2"}
    assert two.organiser_of_a.post(f"/organise/editions/{two.a}/organisations", data=unknown).status_code == 422


def test_a_change_is_in_the_audit_with_who_did_it(app: Flask, two: Two) -> None:
    two.organiser_of_a.post(f"/organise/editions/{two.a}/edit", data=typed(revision="1", **{"theme-en": "New"}))
    with app.app_context():
        entry = audit.latest(database.session(), edition_id=stored(app).id, limit=1)[0]
        assert (entry.actor_name, entry.verb) == ("Anna Löwenstein", "edition_changed")
    assert (
        "<b>Anna Löwenstein</b> changed the facts of"
        in two.organiser_of_a.get(f"/organise/editions/{two.a}/overview").text
    )


def test_a_post_without_a_token_changes_nothing(two: Two) -> None:
    browser: FlaskClient = two.organiser_of_a
    del browser.environ_base["HTTP_X_CSRFTOKEN"]
    assert browser.post(f"/organise/editions/{two.a}/edit", data=typed(revision="1")).status_code == 400
