import time

from flask.testing import FlaskClient
from flask_security.utils import hash_password
from itsdangerous import URLSafeTimedSerializer

from app.accounts import actions, queries
from app.accounts.models import Account
from app.database import DbSession
from app.values.actor import COMMAND, Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW

PASSWORD = "correct horse battery staple"
CSRF = "of this browser, only for tests"


def make_account(
    db: DbSession,
    email: str = "anna@forum.test",
    role: Role | None = None,
    *,
    edition_id: int | None = None,
    name: str = "Anna Löwenstein",
    language: Language = Language.EN,
    password: str | None = None,
) -> Account:
    """Someone who may sign in, with one role for an edition or the series. A password costs a hash; most need none."""
    account = actions.create_account(db, email, name=name, language=language, actor=COMMAND, now=NOW)
    if role is not None:
        actions.grant(db, account.id, role, edition_id=edition_id, actor=COMMAND, now=NOW)
    if password is not None:
        account.password = hash_password(password)
        db.flush()
    return account


def sign_in(client: FlaskClient, account_id: int) -> FlaskClient:
    """This client is signed in as that account, and sends the CSRF token with everything it posts.

    Without going through the form, which would hash a password. For a post without a token:
    `del client.environ_base["HTTP_X_CSRFTOKEN"]`.
    """
    app = client.application
    with app.app_context(), transaction() as db:
        token = actions.begin_sign_in(db, account_id, now=NOW)
        uniquifier = queries.account_by_id(db, account_id).fs_uniquifier
    with client.session_transaction("/organise/") as session:
        session.update(sign_in=token, csrf_token=CSRF, fs_paa=time.time(), _user_id=uniquifier, _fresh=True)
    signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
    client.environ_base["HTTP_X_CSRFTOKEN"] = str(signer.dumps(CSRF))
    return client
