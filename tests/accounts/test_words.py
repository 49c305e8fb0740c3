"""Flask-Security speaks our sentences, in the reader's language."""

from flask import Flask

from app.accounts.sign_in import MESSAGES
from app.values.language import Language
from app.web.languages import speak


def test_what_we_do_not_say_comes_from_its_own_catalogue_in_chinese_too(app: Flask) -> None:
    said = {}
    for language in Language:
        with app.test_request_context("/organise/"):
            speak(language)
            said[language] = app.extensions["security"].i18n_domain.gettext("Change Password")
    assert said[Language.EN] == "Change Password"
    assert said[Language.DE] != "Change Password"
    assert said[Language.ZH] != "Change Password"


def test_our_sentences_replace_its_own(app: Flask) -> None:
    with app.test_request_context("/organise/"):
        for code, (text, kind) in MESSAGES.items():
            assert app.config[f"SECURITY_MSG_{code}"] == (text, kind)
