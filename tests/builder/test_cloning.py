"""A module made like another one: it is sound at once and nothing of it is the source's."""

from pathlib import Path

import pytest

from portal import paths
from portal.builder.cloning.making import Clone, make_clone
from portal.builder.cloning.naming import (
    ClonePlan,
    FormPlan,
    copy_of,
    letters_of,
    proposed_key,
    proposed_letters,
    renamed,
    with_letters,
)
from portal.builder.cloning.renaming import own_keys, with_new_keys
from portal.definitions.checking import check_module
from portal.definitions.folders import Offers, module_folders, offers_of, read_folder
from portal.definitions.json_source import read_source
from portal.forms.texts import Text

FOLDERS = module_folders(paths.DEFINITIONS)
OF_THE_COMPANY = ("sheet", "health")
OFFERS = offers_of(FOLDERS)
TAKEN = frozenset(key for _kind, key in OFFERS.owners)


def plan_for(folder: Path, *, has_postings: bool = True, key: str = "") -> ClonePlan:
    forms = {
        name.removesuffix(".form.json"): FormPlan(
            copy_of(Text("Form", "表单")), "ZZ" if "numbering" in text else ""
        )
        for name, text in read_folder(folder).items()
        if name.endswith(".form.json")
    }
    return ClonePlan(
        key or f"other_{folder.name}", Text("Other", "另一"), forms, has_postings, TAKEN
    )


def cloned(folder: Path, **more: bool) -> Clone:
    plan = plan_for(folder, **more)
    return make_clone(folder.name, read_folder(folder), plan, OFFERS.known(plan.key))


@pytest.mark.parametrize("has_postings", [True, False], ids=["posting", "silent"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_clone_of_every_shipped_module_is_sound_with_its_examples(
    folder: Path, has_postings: bool
) -> None:
    made = cloned(folder, has_postings=has_postings)
    assert made.errors == ()
    report = check_module(made.files, known=OFFERS.known(f"other_{folder.name}"))
    assert [str(one) for one in report.findings] == []
    source, clone = (
        {name.split(".", 1)[1] for name in one} for one in (read_folder(folder), made.files)
    )
    assert source - {"postings.json", "sheet.json", "health.json"} == clone - {"postings.json"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_of_a_clone_is_owned_by_its_source(folder: Path) -> None:
    offers = Offers()
    offers.add("clone", cloned(folder).files)
    assert not offers.owners.keys() & OFFERS.owners.keys()
    owned = [kind for (kind, _), owner in OFFERS.owners.items() if owner == folder.name]
    assert len(offers.owners) == sum(kind not in OF_THE_COMPANY for kind in owned)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_under_its_own_names_a_module_stays_to_the_byte(folder: Path) -> None:
    files = read_folder(folder)
    titles = {
        name: Text(**read_source(text).value.get("title", {})) for name, text in files.items()
    }
    forms = {
        name.removesuffix(".form.json"): FormPlan(title)
        for name, title in titles.items()
        if name.endswith(".form.json")
    }
    plan = ClonePlan(folder.name, titles["module.json"], forms)
    assert with_new_keys(files, {key: key for key in own_keys(files)}, plan) == files


def test_links_within_the_clone_follow_and_others_stay() -> None:
    made = cloned(paths.DEFINITIONS / "payment")
    form = read_source(made.files["other_payment.form.json"]).value
    voucher = read_source(made.files["other_payment_voucher.form.json"]).value
    fields = voucher["data"]["properties"]
    assert form["form"] == "other_payment"
    assert fields["application"]["x-field"]["target"] == "other_payment"
    assert fields["contract"]["x-field"]["target"] == "contract"
    assert form["data"]["properties"]["vouchers"]["x-field"]["form"] == "other_payment_voucher"
    module = read_source(made.files["module.json"]).value
    made_forms = [one["form"] for one in module["forms"]]
    assert made_forms[:2] == ["other_payment", "other_payment_voucher"]
    assert all(one.startswith("other_") for one in made_forms)
    assert (
        module["requires"]
        == read_source(read_folder(paths.DEFINITIONS / "payment")["module.json"]).value["requires"]
    )
    assert form["numbering"] == "ZZ-{project.code}-{yyyy}-{seq:4}"


def test_what_a_ledger_takes_from_the_source_alone_is_left_out_and_counted() -> None:
    made = cloned(paths.DEFINITIONS / "contracts")
    assert made.rules == 4
    assert not any(name.endswith(".postings.json") for name in made.files)
    assert ("other_contracts_contract", "payments") in made.fields
    assert '"payments"' not in made.files["other_contracts_contract.form.json"]


def test_a_clone_may_leave_the_postings_out() -> None:
    made = cloned(paths.DEFINITIONS / "payment", has_postings=False)
    assert not any(name.endswith(".postings.json") for name in made.files)
    assert '"postings"' not in made.files["other_payment.cases.json"]


def test_keys_follow_the_name_and_make_way_for_those_that_exist() -> None:
    plan = ClonePlan("advance", Text("Advance"), {}, taken=frozenset({"advance_voucher"}))
    assert renamed(["voucher", "payment", "payment_voucher"], "payment", plan) == {
        "payment": "advance",
        "payment_voucher": "advance_voucher_2",
        "voucher": "advance_voucher_3",
    }


def test_a_key_is_never_too_long() -> None:
    plan = ClonePlan("a" * 41, Text("A"), {}, taken=frozenset({"a" * 41}))
    made = renamed(["payment", "payment_voucher", "x"], "payment", plan)
    assert len(set(made.values())) == 3
    assert all(len(one) <= 41 for one in made.values())


def test_proposals() -> None:
    assert proposed_key("Advance payments", "payment", {"advance_payments"}) == "advance_payments_2"
    assert proposed_key("预付款", "payment", {"payment"}) == "payment_2"
    assert letters_of("PAY-{project.code}-{seq:4}") == "PAY"
    assert letters_of(None) == ""
    assert proposed_letters("PAY", {"PAY2"}) == "PAY3"
    assert with_letters("PAY-{seq:4}", "AP") == "AP-{seq:4}"
    assert with_letters("{project.code}/{seq:4}", "AP") == "AP-{project.code}/{seq:4}"
