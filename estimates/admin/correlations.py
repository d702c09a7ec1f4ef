"""Pairs of inputs that move together, inside their project."""

from typing import Any

from estimates.models import Correlation
from estimates.models.correlations import MOST_PAIRS
from estimates.selectors import load_plan
from estimates.services.correlations import key_problem, keys_in_use
from labeling.admin.base import InlineFormSet, RowForm, TableRows


class CorrelationForm(RowForm):
    """One pair, by the keys of two uncertain inputs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))


class CorrelationFormSet(InlineFormSet):
    """The pairs of a project, each once, of inputs that the stored plan has."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if self._is_kept(form)]
        changed = [form for form in kept if form.has_changed()]
        keys = keys_in_use(load_plan(self.instance)) if changed and self.instance.pk else {}
        for form in changed:
            for name in ("key", "other"):
                problem = key_problem(form.cleaned_data.get(name, ""), keys)
                if problem and name not in form.errors:
                    form.add_error(name, problem)
        seen: set[frozenset[Any]] = set()
        for form in kept:
            pair = frozenset((form.cleaned_data.get("key"), form.cleaned_data.get("other")))
            if pair in seen:
                form.add_error("other", "This pair is stated twice: remove one of the two.")
            seen.add(pair)

    @staticmethod
    def _is_kept(form: Any) -> bool:
        said = getattr(form, "cleaned_data", {})
        return bool(said) and not said.get("DELETE")


class CorrelationRows(TableRows):
    """Which inputs of a project move together."""

    model = Correlation
    form = CorrelationForm
    formset = CorrelationFormSet
    fields = ("key", "other", "rho", "source", "source_url", "evidence")
    verbose_name = "pair of inputs that move together"
    verbose_name_plural = "correlations"
    max_num = MOST_PAIRS
    hide_title = True
    tab = True
