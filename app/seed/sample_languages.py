"""Second thoughts about the texts of an invented edition, whose translations are still to follow."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from app.database import DbSession
from app.editions.models import Edition
from app.seed.reading import read
from app.seed.sample_words import INVENTED
from app.site.matrix import Subject
from app.site.texts import texts_of
from app.site.translating import Pen, put
from app.values.actor import Actor
from app.values.language import Translated


def think_again(db: DbSession, edition: Edition, *, actor: Actor, now: datetime) -> None:
    """As far as the edition has these texts: which sessions it has is drawn by lot."""
    changed: dict[Subject, dict[str, Translated]] = defaultdict(dict)
    for text in texts_of(db, [edition.id]).get(edition.id, []):
        for thought in read(INVENTED / "second_thoughts.toml")["thought"]:
            if thought["was"] in text.text.en:
                english = text.text.en.replace(thought["was"], thought["now"])
                changed[text.key.subject][text.key.field] = replace(text.text, en=english)
    put(Pen(db, edition.id, actor, now), changed)
