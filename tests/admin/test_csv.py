"""Lists as CSV files: shown before anything is stored, refused line by line, and safe in any spreadsheet."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estimates.models import RateCard, RateCardAssumption, RateTier
from labeling.models import Project, Tier, Vendor, WorkPackageAssumption
from tests.admin.filling import errors_of, form_of

pytestmark = pytest.mark.django_db
TIERS = "/admin/labeling/tier/"
INPUTS = "/admin/labeling/workpackageassumption/"
CARDS = "/admin/estimates/ratecard/"
KINDS = {
    "labeling/project": "slug,name,summary,starts_on,deadline",
    "labeling/workpackage": "project,slug,name,position,task_type,settings,tier,effort_kind",
    "labeling/workpackageassumption": "project,package,name,law,low,mode,high,mean,weight,point,source,source_url,evidence,key",
    "labeling/tier": "slug,name,description",
    "labeling/vendor": "slug,name,description",
    "estimates/budget": "project,currency,limit,discount_rate,estimate_class",
    "estimates/ratecard": "slug,name,vendor,tier,currency,basis,pricing,valid_from,valid_until,volume_pricing,"
    "rework_paid_by,gold_paid_by,training_paid_by,idle_billed",
    "estimates/ratecardassumption": "rate_card,name,law,low,mode,high,mean,weight,point,source,source_url,evidence,key",
    "estimates/ratetier": "rate_card,starts_at,rate",
    "estimates/inhouseteam": "slug,name,currency",
    "estimates/inhouseteamassumption": "team,name,law,low,mode,high,mean,weight,point,source,source_url,evidence,key",
    "estimates/scenarioassumption": "project,scenario,name,law,low,mode,high,mean,weight,point,source,source_url,evidence,key",
    "estimates/exchangerate": "from_currency,to_currency,on,rate,source,source_url",
}


def upload(door, address, content):
    data = content if isinstance(content, bytes) else content.encode()
    return door.post(
        f"{address}import/",
        {"import_file": SimpleUploadedFile("list.csv", data, "text/csv"), "format": "0", "resource": ""},
    )


def confirm(door, address, preview):
    return door.post(f"{address}process_import/", form_of(preview), follow=True)


def exported(door, address):
    form = form_of(door.get(f"{address}export/"))
    return door.post(f"{address}export/", form).content.decode()


def test_lines_are_shown_before_they_are_stored(door):
    preview = upload(door, TIERS, "slug,name,description\nphd,Doctors,\ncoder,Coders,Write code\n")
    assert "Doctors" in errors_of(preview)
    assert not Tier.objects.exists()
    assert "Imported: 2 new." in errors_of(confirm(door, TIERS, preview))
    assert Tier.objects.get(slug="coder").description == "Write code"
    assert str(Tier.objects.get(slug="phd").history.get().history_user) == "Ada"


def test_a_line_with_a_known_address_changes_that_row(door):
    Tier.objects.create(slug="phd", name="PhD")
    Tier.objects.create(slug="coder", name="Coder")
    preview = upload(door, TIERS, "slug,name\nphd,Doctors\ncoder,Coder\n")
    assert "Imported: 1 update, 1 as before." in errors_of(confirm(door, TIERS, preview))
    assert Tier.objects.get(slug="phd").name == "Doctors"
    assert Tier.objects.get(slug="coder").history.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_comes_back_as_it_was(kind, door, project):
    card = RateCard.objects.get()
    card.volume_pricing = "graduated"
    card.save()
    RateTier.objects.create(rate_card=card, starts_at=100, rate=15)
    address = f"/admin/{kind}/"
    text = exported(door, address)
    assert text.splitlines()[0] == KINDS[kind]
    if len(text.splitlines()) > 1:
        answered = errors_of(confirm(door, address, upload(door, address, text)))
        assert f"Imported: {len(list(csv.reader(io.StringIO(text)))) - 1} as before." in answered


WHOLE_FILES = {
    "no text": (b"\xff\xfe\x00s", "NUL characters"),
    "latin-1": ("slug,name\nphd,Ärzte\n".encode("latin-1"), "Line 2 is not in UTF-8"),
    "empty": (b"", "empty"),
    "a header alone": (b"slug,name\n", "no line below its first"),
    "semicolons": (b"slug;name\nphd;Doctors\n", "separated by semicolons"),
    "an unknown column": (
        b"slug,name,colour\nphd,Doctors,red\n",
        "Unknown column: colour. Known are: slug, name",
    ),
    "a column twice": (b"slug,slug\nphd,phd\n", "names a column twice: slug"),
    "no key": (b"name\nDoctors\n", "lacks the column: slug"),
    "a cell too many": (b"slug,name\nphd,Doctors\nmd,Physicians, surgeons\n", "Line 3 has 3 cells"),
    "an open quotation": (b'slug,name\nphd,"Doctors\n', "Line 2 cannot be read"),
    "a large file": (b"slug,name\n" + b"a,b\n" * 300_000, "at most 1,000,000 are read"),
    "too many lines": (b"slug,name\n" + b"a,b\n" * 6_000, "more than 5,000 lines"),
}


@pytest.mark.parametrize("kind", WHOLE_FILES)
def test_a_file_that_cannot_be_read_says_why(kind, door):
    content, words = WHOLE_FILES[kind]
    answered = upload(door, TIERS, content)
    assert answered.status_code == 200
    assert words in errors_of(answered)
    assert not Tier.objects.exists()


def test_the_mark_that_spreadsheets_put_first_is_no_part_of_the_file(door):
    preview = upload(door, TIERS, "\ufeffslug,name\nphd,Ärzte\n")
    assert "Imported: 1 new." in errors_of(confirm(door, TIERS, preview))


WRONG_LINES = {
    "1,000": "is not a number",
    "NaN": "is not a number",
    "Infinity": "is not a number",
    "1e308": "too large",
    "-4": "must not be negative",
    "0": "must be above 0",
    "": "cannot be null",
    "=1+1": "is not a number",
}


@pytest.mark.parametrize("number", WRONG_LINES)
def test_a_wrong_number_is_refused_by_line_and_field(number, door, project):
    line = f'chat,answers,guideline_hours,number,5,ours,assumption\nchat,answers,hours,number,"{number}",ours,assumption'
    answered = upload(door, INPUTS, f"project,package,name,law,point,source,evidence\n{line}\n")
    words = errors_of(answered)
    assert "Line 3" in words
    assert "point" in words
    assert WRONG_LINES[number] in words
    assert WorkPackageAssumption.objects.get().point == 1000
    assert "process_import" not in answered.content.decode()


def card_line(**cells):
    row = {
        "slug": "card", "name": "Card", "vendor": "northwind", "tier": "generalist", "currency": "USD", "basis": "hour",
        "pricing": "billed", "valid_from": "2027-01-01", "valid_until": "", "volume_pricing": "flat",
        "rework_paid_by": "buyer", "gold_paid_by": "buyer", "training_paid_by": "buyer", "idle_billed": "no",
    } | cells  # fmt: skip
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerows([row.keys(), row.values()])
    return written.getvalue()


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"vendor": "nobody"}, "vendor", "There is no vendor with the address “nobody”"),
        ({"vendor": ""}, "vendor", "must not be empty"),
        ({"currency": "ZZZ"}, "currency", "is not a currency"),
        ({"basis": "label"}, "basis", "not a valid choice"),
        ({"valid_from": "01/02/2027"}, "valid_from", "write it as 2027-01-31"),
        ({"valid_from": ""}, "valid_from", "cannot be null"),
        ({"valid_until": "2026-01-01"}, "", "must not lie before the first"),
        ({"idle_billed": "perhaps"}, "idle_billed", "neither yes nor no"),
        ({"basis": "item", "idle_billed": "yes"}, "", "only where the price is by the hour"),
        ({"name": "x" * 90_000}, "name", "at most 200 characters"),
        ({"slug": "not a slug"}, "slug", "valid “slug”"),
    ],
)
def test_a_wrong_line_names_its_field(cells, field, words, door, project):
    answered = errors_of(upload(door, CARDS, card_line(**cells)))
    assert "Line 2" in answered
    assert field in answered
    assert words in answered
    assert RateCard.objects.count() == 1


def test_one_wrong_line_keeps_all_others_out(door):
    answered = upload(door, TIERS, "slug,name\nphd,Doctors\nnot a slug,Coders\n")
    assert "Line 3" in errors_of(answered)
    assert not Tier.objects.exists()


def test_an_input_may_leave_its_point_to_the_law_and_its_key_to_the_names(door, project):
    head = "project,package,name,law,low,high,source,evidence"
    preview = upload(door, INPUTS, f"{head}\nchat,answers,guideline_hours,range,4,9,ours,assumption\n")
    confirm(door, INPUTS, preview)
    stored = WorkPackageAssumption.objects.get(name="guideline_hours")
    assert (stored.point, stored.key) == (6, "chat.answers.guideline-hours")


def test_an_imported_input_counts_its_owner_s_version_up(door, project):
    text = exported(door, "/admin/estimates/ratecardassumption/").replace(",20,", ",25,")
    confirm(
        door,
        "/admin/estimates/ratecardassumption/",
        upload(door, "/admin/estimates/ratecardassumption/", text),
    )
    assert RateCardAssumption.objects.get().point == 25
    assert RateCard.objects.get().version == 2


def test_what_somebody_has_changed_since_the_preview_is_not_overwritten(door):
    tier = Tier.objects.create(slug="phd", name="PhD")
    preview = upload(door, TIERS, "slug,name\nphd,Doctors\n")
    tier.name = "Theirs"
    tier.save()
    assert "changed these rows since the preview" in errors_of(confirm(door, TIERS, preview))
    assert Tier.objects.get().name == "Theirs"


def test_a_preview_that_was_altered_is_turned_away(door):
    preview = form_of(upload(door, TIERS, "slug,name\nphd,Doctors\n"))
    for name in ("import_file_name", "seen"):
        answered = door.post(
            f"{TIERS}process_import/", preview | {name: preview[name][:-2] + "xx"}, follow=True
        )
        assert "too old or was altered" in errors_of(answered)
    door.post(f"{TIERS}process_import/", preview | {"import_file_name": "/etc/passwd"})
    assert not Tier.objects.exists()


def test_an_archived_project_is_not_changed_by_a_file(door, project):
    Project.objects.update(archived_at="2026-06-01T12:00Z")
    text = exported(door, INPUTS).replace(",1000,", ",1200,")
    assert "is archived" in errors_of(upload(door, INPUTS, text))


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=1+1", "'tis", "-5"]
)
def test_no_exported_cell_is_a_formula_and_all_come_back(name, door):
    Vendor.objects.create(slug="bad", name=name)
    text = exported(door, "/admin/labeling/vendor/")
    cell = next(csv.DictReader(io.StringIO(text)))["name"]
    assert cell == "-5" or not cell.startswith(("=", "+", "-", "@", "\t"))
    Vendor.objects.update(name="changed")
    confirm(door, "/admin/labeling/vendor/", upload(door, "/admin/labeling/vendor/", text))
    assert Vendor.objects.get().name == name


def test_others_may_neither_import_nor_export(client, project):
    from tests.factories import person

    client.force_login(person())
    for page in ("import/", "export/", "process_import/"):
        assert client.post(f"{TIERS}{page}", {}).status_code == 404
