"""Fills the admin's forms as a browser does: what stands in them, and what a person changes."""

from html.parser import HTMLParser


class Controls(HTMLParser):
    """Names and values of the controls inside a page's forms."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "select" and name:
            self.select = name
            if "multiple" not in given:
                self.values[name] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given.get("value") or ""
        elif tag == "textarea" and name:
            self.area, self.values[name] = name, ""
        elif tag == "input" and name and given.get("type") not in {"submit", "file"}:
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self.values[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data.removeprefix("\n")


def form_of(response) -> dict[str, str]:
    """What a browser would send of the page's form, untouched."""
    controls = Controls()
    controls.feed(response.content.decode())
    unwanted = ("__prefix__", "csrfmiddlewaretoken", "_save", "_continue", "_addanother")
    return {
        name: value for name, value in controls.values.items() if not any(word in name for word in unwanted)
    }


def errors_of(response) -> str:
    """The text of an answered page, to look for what it says."""
    parts: list[str] = []

    class Text(HTMLParser):
        def handle_data(self, data):
            parts.append(data.strip())

    Text(convert_charrefs=True).feed(response.content.decode())
    return " ".join(part for part in parts if part)


def errors_at(response, control: str) -> list[str]:
    """What an answered page says is wrong at one control, named as it is sent: "packages-0-name"."""
    found: list[str] = []

    def look(formsets):
        for formset in formsets:
            for form in formset.forms:
                for name, errors in form.errors.items():
                    if form.add_prefix(name) == control:
                        found.extend(errors)
                look([nested.formset for nested in getattr(form, "nested_formsets", [])])

    look([inline.formset for inline in response.context["inline_admin_formsets"]])
    return found


def add_row(form: dict[str, str], prefix: str, **values: str) -> dict[str, str]:
    """One row more in the formset `prefix`."""
    number = int(form[f"{prefix}-TOTAL_FORMS"])
    form[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    form |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return form


def add_input(form: dict[str, str], prefix: str, **values: str) -> dict[str, str]:
    """One input more, with a source as anybody must name one."""
    return add_row(
        form, prefix, **{"source": "A test's own figure", "evidence": "assumption", "law": "number", **values}
    )
