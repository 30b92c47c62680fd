"""What the site file becomes: rules for the dispatcher, hours for the menus, codes for the switch."""

from datetime import date, datetime
from pathlib import Path

import pytest

from acd.core.model import Ring
from ivr.config import hours, load_site, policy, public_holidays, timezone
from ivr.core.hours import is_open
from ivr.finding import has_errors
from ivr.flow_file import load_flow, load_flows
from ivr.site import Site
from tests.ivr.small_site import in_menu, in_site, written

TODAY = date(2026, 11, 22)


def small(folder: Path) -> Site:
    site, findings = load_site(written(folder))
    assert site is not None
    assert findings == []
    return site


def test_topics_become_rings_that_relax(tmp_path: Path) -> None:
    rules = policy(small(tmp_path), "v7")
    assert rules.version == "v7"
    assert rules.topics["medical"].rings == (Ring(0, {"medicine": 3}), Ring(10, {"medicine": 2}))
    assert rules.topics["general"].rings == (Ring(0, {"talking": 1}),)
    assert (rules.ageing, rules.wanted_operator_for) == (60, 30)


def test_lines_and_operators_keep_their_times_and_skills(tmp_path: Path) -> None:
    rules = policy(small(tmp_path), "v7")
    assert (rules.lines["first"].ring_timeout, rules.lines["first"].wrap_up) == (8, 3)
    assert rules.operators["op2"].lines == ("second",)
    assert rules.operators["op2"].skills == {"talking": 1}
    assert rules.operators["op1"].languages == ()


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2026-11-23 07:59", False),
        ("2026-11-23 08:00", True),
        ("2026-11-21 12:30", False),  # Saturday's lunch
        ("2026-11-21 13:00", True),
        ("2026-11-04 12:00", False),  # a public holiday on a Wednesday
        ("2026-12-31 12:00", False),  # closed by name
        ("2027-01-04 12:00", True),  # open by name, although a holiday
        ("2027-01-04 16:00", False),
    ],
)
def test_reception_is_open_when_the_file_says_so(tmp_path: Path, at: str, opened: bool) -> None:
    site = small(tmp_path)
    reception = hours(site.hours["reception"], TODAY)
    assert is_open(reception, datetime.fromisoformat(at).replace(tzinfo=timezone(site))) is opened


def test_days_off_that_a_government_moves_are_holidays() -> None:
    assert date(2026, 12, 31) in public_holidays("RU", [2026])


def test_a_country_without_a_calendar_is_an_error() -> None:
    with pytest.raises(NotImplementedError):
        public_holidays("XX", [2026])


def test_codes_numbers_and_accounts_are_given_flat(tmp_path: Path) -> None:
    site = small(tmp_path)
    assert site.feature_codes() == {"*10": "sign_in", "*11": "sign_out", "*12": "ready", "*21": "pause:lunch"}
    assert site.transfer_codes() == {"*72": "line:second"}
    assert site.menus() == {"1000": "main"}
    assert site.endpoints() == {"op1": "op1", "op2": "op2"}
    assert site.recorded_folder() == tmp_path / "prompts"


def test_an_operator_may_have_a_phone_of_another_name(tmp_path: Path) -> None:
    site, _ = load_site(written(tmp_path, in_site("", "id: op2,", "id: борис, phone: op2,", "", ())))
    assert site is not None
    assert site.endpoints() == {"op1": "op1", "борис": "op2"}


def test_the_version_changes_with_the_content_and_only_with_it(tmp_path: Path) -> None:
    first = small(tmp_path).version
    assert small(tmp_path).version == first
    changed, _ = load_site(written(tmp_path, in_site("", "code: 1", "code: 4", "", ())))
    assert changed is not None
    assert changed.version != first


def test_a_site_with_a_wrong_value_is_not_given_out(tmp_path: Path) -> None:
    site, findings = load_site(
        written(tmp_path, in_site("", "expected_calls: 30", "expected_calls: x", "", ()))
    )
    assert site is None
    assert has_errors(findings)


def test_flows_are_named_by_their_files_and_versioned_by_their_text(tmp_path: Path) -> None:
    flows, findings = load_flows(small(tmp_path))
    assert findings == []
    assert list(flows) == ["main"]
    assert flows["main"].start == "greeting"
    before = flows["main"].version
    written(tmp_path, in_menu("", "en: Hello}", "en: Hi}", "", ()))
    flow, _ = load_flow(tmp_path / "menus/main.yaml")
    assert flow is not None
    assert flow.version != before


def test_a_menu_with_a_wrong_value_is_left_out(tmp_path: Path) -> None:
    site = small(tmp_path)
    written(tmp_path, in_menu("", "en: Hello}", "en: 5}", "", ()))
    flows, findings = load_flows(site)
    assert flows == {}
    assert [one.code for one in findings] == ["wrong-type"]
