"""The public pages that compose: the series, its editions, people and organisations over all of them, search."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.editions import queries as editions
from app.editions.rules import Claim, OrganisationPart
from app.extensions import database
from app.people.rules import Name
from app.publishing import queries as publishing
from app.publishing import words
from app.publishing.content import Content
from app.search import queries as search
from app.search.models import SearchEntry
from app.search.rules import LONGEST_QUERY, Kind
from app.site import clocks, plots, queries
from app.values.language import Language, Translated
from app.web.access import public, visitor
from app.web.languages import accepted
from app.web.published import as_of

bp = Blueprint("site", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "claims": Claim,
        "parts": OrganisationPart,
        "words": words,
        "is_past": lambda edition: queries.is_past(edition, as_of()),
    }


@bp.get("/")
@visitor
def home() -> ResponseReturnValue:
    """To the reader's language; the one address whose answer depends on the browser's wishes."""
    answer = redirect(url_for(".series", lang=accepted()), 302)
    answer.headers["Vary"] = "Accept-Language"
    return answer


@bp.get("/<language:lang>/")
@public()
def series(lang: Language) -> ResponseReturnValue:
    db = database.session()
    found = editions.public_editions(db)
    coming = editions.next_edition(db, as_of())
    content = publishing.current_content(db, coming.id) if coming else None
    editions.with_record(db, found)
    return render_template(
        "site/series.html",
        series=editions.the_series(db),
        edition=coming,
        opening=clocks.opening_of(content or Content()),
        has_agenda=content is not None,
        registering=queries.registering(db, coming, as_of()) if coming else None,
        story=queries.story(db, [edition for edition in found if edition is not coming]),
        plot=plots.by_place(queries.held(found, as_of(), lang)),
        is_night=clocks.is_night,
        behind=clocks.behind,
    )


@bp.get("/<language:lang>/editions/<edition>")
@public()
def edition(lang: Language, edition: str) -> ResponseReturnValue:
    db = database.session()
    found = editions.public_edition(db, edition)
    before, after = queries.beside(db, found)
    return render_template(
        "site/edition.html",
        edition=found,
        record=queries.record_of(db, found),
        registering=queries.registering(db, found, as_of()),
        before=before,
        after=after,
    )


@bp.get("/<language:lang>/people")
@public()
def people(lang: Language) -> ResponseReturnValue:
    return render_template("site/people.html", listed=queries.everybody(database.session(), lang))


@bp.get("/<language:lang>/people/<person>")
@public()
def person(lang: Language, person: str) -> ResponseReturnValue:
    life = queries.life_of(database.session(), person)
    family = Name(life.person.family_name, second=life.person.second_family_name)
    return render_template("site/person.html", life=life, family=family.shown(lang))


@bp.get("/<language:lang>/organisations")
@public()
def organisations(lang: Language) -> ResponseReturnValue:
    return render_template("site/organisations.html", houses=queries.houses(database.session(), lang))


@bp.get("/<language:lang>/organisations/<organisation>")
@public()
def organisation(lang: Language, organisation: str) -> ResponseReturnValue:
    house = queries.house_of(database.session(), organisation, lang)
    return render_template("site/organisation.html", house=house)


@bp.get("/<language:lang>/search", endpoint="search")
@visitor
def find(lang: Language) -> ResponseReturnValue:
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    found = search.find(database.session(), typed) if typed else []
    return render_template("site/search.html", typed=typed, found=found, address_of=_address)


def _address(entry: SearchEntry) -> str:
    lang = request.view_args["lang"] if request.view_args else Language.EN
    if entry.kind is Kind.SESSION:
        edition, session = entry.key.split("/", 1)
        return url_for("publishing.session", lang=lang, edition=edition, session=session)
    named: dict[str, Any] = {entry.kind.value: entry.key}
    return url_for(f".{entry.kind}", lang=lang, **named)


@bp.get("/<language:lang>/imprint")
@public()
def imprint(lang: Language) -> ResponseReturnValue:
    return _text("imprint")


@bp.get("/<language:lang>/privacy")
@public()
def privacy(lang: Language) -> ResponseReturnValue:
    return _text("privacy")


@bp.get("/<language:lang>/contact")
@public()
def contact(lang: Language) -> ResponseReturnValue:
    return _text("contact")


def _text(name: str) -> str:
    text: Translated = getattr(editions.the_series(database.session()), name)
    return render_template("site/text.html", name=name, text=text)


@bp.get("/portraits/<digest>.webp")
@public()
def portrait(digest: str) -> Response:
    """Its address changes with the picture, so what a browser has stays right."""
    found = queries.public_portrait(database.session(), digest)
    answer = Response(found.image, mimetype="image/webp")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
