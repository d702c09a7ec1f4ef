"""Forms as a browser reads them from a page and sends them, for tests without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

SENT_BY_BUTTONS = {"submit", "button", "image", "reset"}


@dataclass
class Control:
    """One control of a form: what it is called, what it holds, and what it could be set to."""

    name: str
    kind: str
    id: str = ""
    value: str = ""
    checked: bool = True
    options: list[str] = field(default_factory=list)


class FormReader(HTMLParser):
    """Collects the controls of the form that has a class, or of the first that posts."""

    def __init__(self, of_class: str = "") -> None:
        super().__init__()
        self.of_class = of_class
        self.controls: list[Control] = []
        self.ids: set[str] = set()
        self.inside = self.done = False
        self.area: Control | None = None
        self.select: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.ids.add(said["id"])
        if tag == "form" and not self.done and said.get("method") == "post":
            self.inside = not self.of_class or self.of_class in said.get("class", "").split()
        if not self.inside or ("name" not in said and tag != "option"):
            return
        if tag == "input" and said.get("type") not in SENT_BY_BUTTONS:
            kind = "number" if said.get("inputmode") in {"decimal", "numeric"} else said.get("type", "text")
            ticked = kind not in {"radio", "checkbox"} or "checked" in said
            value = said.get("value", "on" if kind == "checkbox" else "")
            self.controls.append(Control(said["name"], kind, said.get("id", ""), value, ticked))
        elif tag == "textarea":
            self.area = Control(said["name"], "textarea", said.get("id", ""))
            self.controls.append(self.area)
        elif tag == "select":
            self.select = Control(said["name"], "select", said.get("id", ""))
            self.controls.append(self.select)
        elif tag == "option" and self.select is not None:
            self.select.options.append(said.get("value", ""))
            if "selected" in said or len(self.select.options) == 1:
                self.select.value = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            # A browser leaves out the newline that follows the tag.
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form" and self.inside:
            self.inside, self.done = False, True


def read_form(page: Any, of_class: str = "entry") -> list[Control]:
    """The controls of the page's form."""
    reader = FormReader(of_class)
    reader.feed(page.content.decode())
    assert reader.controls, "the page has no such form"
    return reader.controls


def ids_of(page: Any) -> set[str]:
    reader = FormReader()
    reader.feed(page.content.decode())
    return reader.ids


def answers_of(controls: list[Control]) -> dict[str, list[str]]:
    """What a browser would send."""
    sent: dict[str, list[str]] = {}
    for control in controls:
        if control.checked:
            sent.setdefault(control.name, []).append(control.value)
    return sent


def send(client: Any, address: str, changes: dict[str, Any] | None = None, *, of_class: str = "entry") -> Any:
    """Open the page, change some answers, send it."""
    answers: dict[str, Any] = answers_of(read_form(client.get(address), of_class))
    return post(client, address, {**answers, **(changes or {})})


def post(client: Any, address: str, answers: dict[str, Any]) -> Any:
    """Send answers as a browser does."""
    return client.post(
        address, urlencode(answers, doseq=True), content_type="application/x-www-form-urlencoded"
    )
