from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from app.database import DbSession, house
from app.editions.models import Edition, Series
from app.errors import NotFound
from app.registrations.models import Category, Registration
from app.registrations.rules import Answer, Seat
from app.registrations.tokens import hashed

PUBLICITY = (Edition.slug, Edition.state, Edition.state_before, Edition.was_announced)
WRITTEN = (
    Edition.slug, Edition.state, Edition.state_before, Edition.was_announced, Edition.zone, Edition.title, Edition.venue, Edition.city,
    Edition.starts_on, Edition.ends_on,
)  # fmt: skip
"""Of an edition, what registering asks for and writes into a mail; its long texts stay where they are."""


def locked_category(db: DbSession, category_id: int) -> Category:
    """The category as it is now, and nobody else's to change until the transaction ends.

    Without the lock only in the negative control of the race test.
    """
    lock = {"of": Category} if house(db).seat_lock else None
    category = db.get(
        Category,
        category_id,
        options=[joinedload(Category.edition, innerjoin=True).load_only(*WRITTEN)],
        with_for_update=lock,
        populate_existing=True,
    )
    if category is None:
        raise NotFound
    return category


def category_of(db: DbSession, edition_slug: str) -> Category | None:
    """The edition's category (one, for now) with its edition; drafts too."""
    return db.scalar(
        select(Category)
        .join(Category.edition)
        .where(Edition.slug == edition_slug)
        .options(contains_eager(Category.edition))
    )


def public_category(db: DbSession, edition_slug: str) -> Category:
    """Raises `NotFound` unless the public may know of the edition and it has registration."""
    category = category_of(db, edition_slug)
    if category is None or not category.edition.is_public:
        raise NotFound
    return category


def at_the_door(db: DbSession, edition_slug: str) -> Category:
    """As `public_category`, with only so much of the edition as says whether one may register."""
    category = db.scalar(
        select(Category)
        .join(Category.edition)
        .where(Edition.slug == edition_slug)
        .options(contains_eager(Category.edition).load_only(*PUBLICITY))
    )
    if category is None or not category.edition.is_public:
        raise NotFound
    return category


def open_to_public(db: DbSession, edition_slug: str) -> tuple[int, str]:
    """The category's id and the version of the text to consent to, in one light query: what a form sent in needs.

    Raises `NotFound` as `public_category` does.
    """
    row = db.execute(
        select(Category.id, Series.privacy_version, Edition)
        .join(Category.edition)
        .join(Edition.series)
        .where(Edition.slug == edition_slug)
        .options(load_only(*PUBLICITY))
    ).one_or_none()
    if row is None or not row.Edition.is_public:
        raise NotFound
    return row.id, row.privacy_version


def category_of_edition(db: DbSession, edition_id: int) -> Category | None:
    return db.scalar(select(Category).where(Category.edition_id == edition_id).options(joinedload(Category.edition)))


def signed_up(db: DbSession, edition_id: int) -> int | None:
    """How many have a seat; None where nobody can register with us, and nobody knows how many come."""
    return db.scalar(select(Category.taken).where(Category.edition_id == edition_id))


def living_registration(db: DbSession, category_id: int, email: str) -> Registration | None:
    return db.scalar(
        select(Registration).where(
            Registration.category_id == category_id,
            Registration.email == email,
            Registration.seat != Seat.CANCELLED,
        )
    )


def by_submission(db: DbSession, submission: str) -> Registration | None:
    return db.scalar(select(Registration).where(Registration.submission == submission))


def by_token(db: DbSession, token: str) -> Registration:
    """With category and edition. Raises `NotFound`, the same for a wrong token and for none at all."""
    registration = db.scalar(
        select(Registration)
        .where(Registration.token_hash == hashed(token))
        .options(joinedload(Registration.category, innerjoin=True).joinedload(Category.edition, innerjoin=True))
    )
    if registration is None:
        raise NotFound
    return registration


def of_edition(db: DbSession, registration_id: int, edition_id: int) -> Registration:
    """Raises `NotFound` for one of another edition."""
    registration = db.scalar(
        select(Registration)
        .join(Registration.category)
        .where(Registration.id == registration_id, Category.edition_id == edition_id)
        .options(contains_eager(Registration.category).joinedload(Category.edition))
    )
    if registration is None:
        raise NotFound
    return registration


def locked_registration(db: DbSession, registration_id: int) -> Registration:
    """With its category locked first, always in this order, so that two who act on one category never wait crosswise."""
    category_id = db.scalar(select(Registration.category_id).where(Registration.id == registration_id))
    if category_id is None:
        raise NotFound
    locked_category(db, category_id)
    registration = db.get(Registration, registration_id, populate_existing=True)
    if registration is None:
        raise NotFound
    return registration


def head_of_queue(db: DbSession, category_id: int, count: int) -> Sequence[Registration]:
    return db.scalars(
        select(Registration)
        .where(Registration.category_id == category_id, Registration.seat == Seat.WAITING)
        .order_by(Registration.position)
        .limit(count)
    ).all()


def place_of(db: DbSession, registration: Registration) -> int | None:
    """Its place in the queue, 1 being the head; None for whoever does not wait."""
    if registration.seat is not Seat.WAITING:
        return None
    return db.scalar(
        select(func.count()).where(
            Registration.category_id == registration.category_id,
            Registration.seat == Seat.WAITING,
            Registration.position <= registration.position,
        )
    )


def answer_of(db: DbSession, registration: Registration) -> Answer:
    return Answer(registration.seat, place_of(db, registration))


def in_order(db: DbSession, category_id: int) -> Iterator[tuple[Registration, int | None]]:
    """Everyone in order of arrival, with the place in the queue of those who wait."""
    place = 0
    for registration in db.scalars(
        select(Registration)
        .where(Registration.category_id == category_id)
        .order_by(Registration.position)
        .execution_options(yield_per=1000)
    ):
        waits = registration.seat is Seat.WAITING
        place += waits
        yield registration, place if waits else None
