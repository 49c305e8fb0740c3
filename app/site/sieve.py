"""Which of an edition's texts somebody wants to see, as the address of the list says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from app.people.rules import Name
from app.search.rules import terms
from app.site.matrix import Text, TextKind
from app.translation.rules import TextState
from app.values.language import Language
from app.values.text import folded

EVERYTHING = "all"
STATES = (TextState.MISSING.value, TextState.STALE.value, EVERYTHING)
"""What may be asked for beside what is open, which is asked for by saying nothing."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What it does not know it ignores."""

    kind: str = ""
    person: str = ""
    """The id of a person whose texts and sessions these are."""
    language: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Sieve":
        asked = {name: arguments.get(name, "").strip()[:200] for name in cls.__dataclass_fields__}
        known: dict[str, Sequence[str]] = {"kind": list(TextKind), "language": list(Language), "state": STATES}
        return cls(**{name: value for name, value in asked.items() if value in known.get(name, [value])})

    @property
    def arguments(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changed: str) -> dict[str, str]:
        return replace(self, **changed).arguments

    def sifted(self, texts: Iterable[Text]) -> list[Text]:
        wanted = terms(self.q)
        return [text for text in texts if self._fits(text) and self._holds(text, wanted)]

    @property
    def languages(self) -> tuple[Language, ...]:
        return (Language(self.language),) if self.language else tuple(Language)

    def asks_for(self, state: TextState) -> bool:
        """Whether a translation that stands like this is what is wanted."""
        wanted = {"": (TextState.MISSING, TextState.STALE), EVERYTHING: tuple(TextState)}
        return state in wanted.get(self.state, (self.state,))

    def _fits(self, text: Text) -> bool:
        return (
            self.kind in ("", text.kind)
            and (not self.person or self.person in {str(person) for person in text.people})
            and any(self.asks_for(text.state(language)) for language in self.languages)
        )

    def _holds(self, text: Text, wanted: tuple[str, ...] | list[str]) -> bool:
        """Every word of the search, in any of the languages or in the name of what it belongs to."""
        if not wanted:
            return True
        name = [text.of.written, text.of.second] if isinstance(text.of, Name) else text.of.as_dict().values()
        words = folded(" ".join([*text.text.as_dict().values(), *name]))
        return all(term in f" {words} " for term in wanted)
