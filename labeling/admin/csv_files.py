"""Lists as CSV files: read with care, shown line by line before anything is stored, written so that no
spreadsheet takes a cell for a formula."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm
from import_export.tmp_storages import BaseStorage
from tablib import Dataset
from unfold.contrib.import_export.forms import ImportForm, SelectableFieldsExportForm

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_CELL = 100_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PREVIEW_SECONDS = 3600


def is_plain_number(cell: str) -> bool:
    try:
        return cell.isascii() and float(cell) == float(cell)
    except ValueError:
        return False


def neutral(cell: str) -> str:
    """The cell as text to any spreadsheet: what would start a formula gets an apostrophe before it."""
    if cell.startswith(FORMULA_STARTS):
        return cell if is_plain_number(cell) else f"'{cell}"
    return f"'{cell}" if cell.startswith("'") and neutral(cell[1:]) != cell[1:] else cell


def as_meant(cell: str) -> str:
    """The cell without the apostrophe that `neutral` has put before it."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell


class CsvError(ValueError):
    """What is wrong with a file as a whole, in a sentence."""


def text_of(data: bytes) -> str:
    """The text of a file. CsvError when it is too large or no text in UTF-8."""
    if len(data) > MAX_BYTES:
        raise CsvError(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read at once. Split it.")
    if b"\x00" in data:
        raise CsvError(
            "The file holds NUL characters: it is no CSV file, or one in UTF-16. Save it as CSV UTF-8."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CsvError(
            f"Line {line} is not in UTF-8. Save the file as “CSV UTF-8” and choose it again."
        ) from None


class Table(Dataset):
    """The cells of a file, with the line on which each row starts."""

    lines: list[int]


def table_of(text: str) -> Table:
    """The rows of a CSV file. CsvError names the line that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(MAX_BYTES)
    table = Table()
    table.lines = []
    starts = 1
    try:
        for cells in reader:
            if table.headers is None:
                table.headers = header_of(cells)
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(table.headers):
                    raise CsvError(
                        f"Line {starts} has {len(cells)} cells and the first line {len(table.headers)}. "
                        "Put quotation marks around text with commas in it."
                    )
                if any(len(cell) > MAX_CELL for cell in cells):
                    raise CsvError(f"Line {starts} has a cell of more than {MAX_CELL:,} characters.")
                table.append([as_meant(cell.strip()) for cell in cells])
                table.lines.append(starts)
                if len(table.lines) > MAX_ROWS:
                    raise CsvError(f"The file has more than {MAX_ROWS:,} lines; split it.")
            starts = reader.line_num + 1
    except csv.Error as error:
        raise CsvError(f"Line {starts} cannot be read: {error}.") from None
    if not table.lines:
        raise CsvError("The file has no line below its first, which names the columns.")
    return table


def header_of(cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) == 1 and ";" in names[0]:
        raise CsvError("The columns are separated by semicolons: save the file with commas.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CsvError(f"The first line names a column twice: {', '.join(twice)}.")
    return names


class Csv(base_formats.CSV):
    """The one format there is."""

    def get_title(self) -> str:
        return "CSV"

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Table:
        return table_of(in_stream if isinstance(in_stream, str) else text_of(in_stream))

    def export_data(self, dataset: Any, **kwargs: Any) -> str:
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        writer.writerow(dataset.headers)
        for row in dataset:
            writer.writerow([neutral("" if cell is None else str(cell)) for cell in row])
        return written.getvalue()


class SignedStorage(BaseStorage):
    """Keeps the file between preview and import in the page, signed: no process and no disk holds it."""

    def save(self, data: bytes) -> None:
        self.name = signing.dumps(text_of(data), salt="labeling.csv", compress=True)

    def read(self) -> str:
        return str(signing.loads(self.name, salt="labeling.csv", max_age=PREVIEW_SECONDS))

    def remove(self) -> None:
        """Nothing was put anywhere."""


class CsvImportForm(ImportForm):
    """A file whose columns are known; whatever is wrong with it as a whole is said at the field."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        self.resources = resources
        self.fields["import_file"].label = "CSV file"
        self.fields["import_file"].widget.attrs["accept"] = ".csv,text/csv"

    def clean_import_file(self) -> Any:
        chosen = self.cleaned_data["import_file"]
        try:
            if chosen.size > MAX_BYTES:
                raise CsvError(
                    f"The file has {chosen.size:,} bytes; at most {MAX_BYTES:,} are read at once. Split it."
                )
            headers = table_of(text_of(chosen.read())).headers
            chosen.seek(0)
            check_columns(headers, self.resources[0]())
        except CsvError as error:
            raise forms.ValidationError(str(error)) from None
        return chosen


def check_columns(headers: list[str], resource: Any) -> None:
    known = [field.column_name for field in resource.get_import_fields()]
    unknown = [name or "(empty)" for name in headers if name not in known]
    if unknown:
        raise CsvError(f"Unknown column: {', '.join(unknown)}. Known are: {', '.join(known)}.")
    missing = [name for name in resource.KEYS if name not in headers]
    if missing:
        raise CsvError(f"The file lacks the column: {', '.join(missing)}.")


class CsvConfirmForm(ConfirmImportForm):
    """Carries the file and the versions that the preview was made from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class CsvDoor(ImportExportMixin):
    """A list with import and export. Mixed in before the page's own class."""

    formats = [Csv]
    from_encoding = "utf-8"
    tmp_storage_class = SignedStorage
    import_form_class = CsvImportForm
    confirm_form_class = CsvConfirmForm
    export_form_class = SelectableFieldsExportForm

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_module_permission(request))

    has_export_permission = has_import_permission

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        request = kwargs["request"]
        request.import_seen = {}
        return {"seen": request.import_seen, "owners": {}, "sets": {}, "rollback_on_validation_errors": True}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["seen"] = signing.dumps(request.import_seen, salt="labeling.csv-seen")  # type: ignore[attr-defined]
        return initial

    def write_to_tmp_storage(self, import_file: Any, input_format: Any) -> SignedStorage:
        import_file.seek(0)
        storage = SignedStorage()
        storage.save(import_file.read())
        return storage

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        form.add_error("import_file", str(e) if isinstance(e, CsvError) else "The file cannot be read.")

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Store what was previewed, all of it or nothing, unless somebody was at it in between."""
        if not self.has_import_permission(request) or request.method != "POST":
            return HttpResponseRedirect(self.import_address)
        form = self.create_confirm_form(request)
        problem = None
        result = None
        try:
            if not form.is_valid():
                raise signing.BadSignature
            table = table_of(SignedStorage(name=form.cleaned_data["import_file_name"]).read())
            seen = signing.loads(form.cleaned_data["seen"], salt="labeling.csv-seen", max_age=PREVIEW_SECONDS)
        except signing.BadSignature:
            problem = "This preview is too old or was altered. Choose the file again."
        else:
            with transaction.atomic():
                result = self.process_dataset(table, form, request)
                if result.has_errors() or result.has_validation_errors():
                    problem = (
                        "A line no longer fits what is stored. Nothing was imported: choose the file anew."
                    )
                elif request.import_seen != seen:  # type: ignore[attr-defined]
                    problem = (
                        "Somebody has changed these rows since the preview. Nothing was imported: choose the "
                        "file again to see what it would change now."
                    )
                if problem:
                    transaction.set_rollback(True)
        if problem:
            messages.error(request, problem)
            return HttpResponseRedirect(self.import_address)
        return self.process_result(result, request)

    @property
    def import_address(self) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_import")

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        said = [f"{number} {word}" for word, number in result.totals.items() if number and word != "skip"]
        unchanged = result.totals.get("skip", 0)
        if unchanged:
            said.append(f"{unchanged} as before")
        messages.success(request, f"Imported: {', '.join(said) or 'nothing'}.")
