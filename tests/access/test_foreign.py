"""A thing of one edition is not there under the address of another, whoever asks."""

from flask import Flask

from tests.access.world import ADMINISTRATOR, FOREIGN, THERE, World, address_of, of_the_organisers
from tests.factories.accounts import sign_in

OWN_THINGS = {"session", "room", "track", "speaker", "correction", "registration", "subject", "interpreter", "slides"}
"""Arguments that name something of one edition. A release's number is counted anew in each."""


def test_a_thing_of_another_edition_is_404_even_for_the_administrator(app: Flask, world: World) -> None:
    client = sign_in(app.test_client(), world.accounts[ADMINISTRATOR])
    wrong, walked = [], set()
    for rule, method, _audience in of_the_organisers(app):
        of_one = rule.arguments & OWN_THINGS
        if "edition" not in rule.arguments or not of_one:
            continue
        walked |= of_one
        address = address_of(app, rule, {**world.there, "edition": world.here["edition"]})
        code = client.open(address, method=method).status_code
        if code != 404:
            wrong.append((method, address, code))
    assert wrong == []
    assert walked == OWN_THINGS


def test_the_same_things_are_there_under_their_own_edition(app: Flask, world: World) -> None:
    """Otherwise the walk above would prove nothing."""
    client = sign_in(app.test_client(), world.accounts[ADMINISTRATOR])
    for rule, method, _audience in of_the_organisers(app):
        if "edition" in rule.arguments and rule.arguments & OWN_THINGS and method == "GET":
            address = address_of(app, rule, world.there)
            assert client.get(address, buffered=True).status_code == 200, address


def test_mails_of_another_edition_are_not_shown(app: Flask, world: World) -> None:
    here = sign_in(app.test_client(), world.accounts["registration_desk"])
    there = sign_in(app.test_client(), world.accounts[FOREIGN])
    own, others = f"/organise/mail/{world.here['mail']}", f"/organise/mail/{world.there['mail']}"
    assert [client.get(address).status_code for client in (here, there) for address in (own, others)] == [
        200, 404, 404, 200,
    ]  # fmt: skip
    assert [client.post(f"{others}/retry").status_code for client in (here,)] == [404]
    listed = here.get("/organise/mail").get_data(as_text=True)
    assert (f"guest@{world.here['edition']}" in listed, f"guest@{THERE}" in listed) == (True, False)


def test_lists_and_exports_hold_nothing_of_another_edition(app: Flask, world: World) -> None:
    client = sign_in(app.test_client(), world.accounts[ADMINISTRATOR])
    found = 0
    for rule, method, _audience in of_the_organisers(app):
        if method != "GET" or rule.arguments != {"edition"}:
            continue
        text = client.get(address_of(app, rule, world.here)).get_data().decode(errors="replace")  # a PDF, too
        for foreign in (f"Guest of {THERE}", f"guest@{THERE}", f"Talk {THERE}"):
            assert foreign not in text, (rule.rule, foreign)
        found += "Guest of 2027-haikou" in text or "Talk 2027-haikou" in text
    assert found >= 3


def test_searching_finds_only_what_one_may_see(app: Flask, world: World) -> None:
    client = sign_in(app.test_client(), world.accounts[FOREIGN])
    for word, of_there, of_here in (
        ("Talk", f"Talk {THERE}", "Talk 2027-haikou"),
        ("guest", f"Guest of {THERE}", "Guest of 2027-haikou"),
    ):
        page = client.get("/organise/find", query_string={"q": word}).get_data(as_text=True)
        assert (of_there in page, of_here in page) == (True, False)
