"""A page as a program reads it: headings, links, and controls with or without a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_EMPTY = frozenset(("br", "hr", "img", "input", "link", "meta", "source", "wbr"))
_CONTROLS = frozenset(("a", "button", "input", "select", "textarea"))
_LEADS = ("href", "hx-get", "src", "data-bulk-url", "data-more")


@dataclass(slots=True)
class Element:
    """An element with all the text inside it."""

    tag: str
    attrs: dict[str, str]
    labelled: bool = False
    text: str = ""

    @property
    def named(self) -> bool:
        named = any(self.attrs.get(name, "").strip() for name in ("aria-label", "aria-labelledby", "title"))
        return named or self.labelled or bool(self.text.strip())

    def __str__(self) -> str:
        return f"<{self.tag} {self.attrs}>"


@dataclass(slots=True)
class _Found:
    headings: list[str] = field(default_factory=list)
    controls: list[Element] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    ids: Counter[str] = field(default_factory=Counter)
    leads: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)


class Html(HTMLParser):
    """What is on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self._open: list[Element] = []
        self._found = _Found()
        self.feed(text)
        self.close()

    @property
    def whole(self) -> bool:
        """Whether this is a page of its own, not a part of one."""
        return self.text.lstrip()[:9].lower() == "<!doctype"

    @property
    def headings(self) -> list[str]:
        """The texts of all headings of the first rank."""
        return [" ".join(text.split()) for text in self._found.headings]

    @property
    def controls(self) -> list[Element]:
        """Links, buttons and fields."""
        return list(self._found.controls)

    @property
    def unnamed(self) -> list[str]:
        """Controls that a screen reader could not name."""
        return [
            str(element)
            for element in self._found.controls
            if not element.named and element.attrs.get("id") not in self._found.labels
        ]

    @property
    def repeated(self) -> list[str]:
        """Ids that stand on more than one element."""
        return [name for name, count in self._found.ids.items() if count > 1]

    @property
    def addresses(self) -> list[str]:
        """Every address as it stands on the page."""
        return list(self._found.leads)

    @property
    def inline(self) -> list[str]:
        """Scripts and styles that stand in the page itself, where the policy forbids them."""
        return self._found.inline

    def links(self, base: str) -> set[str]:
        """Every address on this site that the page leads to or fetches."""
        found = (urlsplit(urljoin(base, lead)) for lead in self._found.leads)
        return {
            url._replace(fragment="").geturl()
            for url in found
            if not url.scheme
            and not url.netloc
            and url.path.startswith("/")
            and not url.path.startswith("/static/")
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._note(tag, attrs)
        if tag not in _EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while any(element.tag == tag for element in self._open):
            element = self._open.pop()
            if element.tag == "h1":
                self._found.headings.append(element.text)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def _note(self, tag: str, pairs: list[tuple[str, str | None]]) -> Element:
        attrs = {name: value or "" for name, value in pairs}
        element = Element(tag, attrs, labelled=any(outer.tag == "label" for outer in self._open))
        if "id" in attrs:
            self._found.ids[attrs["id"]] += 1
        if element.tag == "label" and "for" in attrs:
            self._found.labels.add(attrs["for"])
        if (
            element.tag in _CONTROLS
            and attrs.get("type") != "hidden"
            and (element.tag != "a" or "href" in attrs)
        ):
            self._found.controls.append(element)
        if element.tag not in ("link", "script", "use", "img"):
            self._found.leads += [attrs[name] for name in _LEADS if attrs.get(name)]
        script = element.tag == "script" and "src" not in attrs and "json" not in attrs.get("type", "")
        if (
            script
            or element.tag == "style"
            or "style" in attrs
            or any(name.startswith("on") for name in attrs)
        ):
            self._found.inline.append(str(element))
        return element
