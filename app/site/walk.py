"""The way of a translator through an edition: one thing with open texts after the other, in the order of the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.site.matrix import Subject, Text
from app.site.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Walk:
    wanted: tuple[Subject, ...]
    """What the list shows, each thing once."""
    everything: tuple[Subject, ...]
    """All there is, so that one finds on from a place that the list no longer shows."""

    @classmethod
    def of(cls, texts: Sequence[Text], sieve: Sieve) -> "Walk":
        shown = dict.fromkeys(text.key.subject for text in sieve.sifted(texts))
        return cls(tuple(shown), tuple(dict.fromkeys(text.key.subject for text in texts)))

    @property
    def first(self) -> Subject | None:
        return self.wanted[0] if self.wanted else None

    def after(self, subject: Subject) -> Subject | None:
        """The next one of the list behind this; None at its end."""
        behind = self.everything[self._place(subject) + 1 :]
        return next((other for other in behind if other in set(self.wanted)), None)

    def number(self, subject: Subject) -> int | None:
        """The how manieth of the list this is; None where it is not in it."""
        return self.wanted.index(subject) + 1 if subject in self.wanted else None

    def _place(self, subject: Subject) -> int:
        return self.everything.index(subject) if subject in self.everything else -1
