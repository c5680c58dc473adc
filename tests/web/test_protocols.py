"""The page of a protocol that is being written, asked as a browser asks, and looked at in one."""

from __future__ import annotations

import html
import os
import re
import tempfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from reportgen.laboratory.read import load_laboratory
from tests.web.asgi import HOST, Visitor, ask, snapshot, visitor
from tests.web.browser import CHROMIUM, cases, page_at, served, until
from tests.web.test_drafts import FILE, edit, laboratory_at

SCENARIOS = "protocols/basal/scenarios.yaml"
GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOCATION = re.compile(r"(?:href|src|value)=\"([^\"]*)\"")


class Written(Visitor):
    """A desk with a profile that brings one protocol."""

    def __init__(self, place: Path) -> None:
        self.lab = laboratory_at(place / "lab")
        (place / "cases").mkdir()
        super().__init__(place / "cases", load_laboratory(self.lab))

    def page(self, scenario: str = "", *, report: bool = False) -> str:
        """The page, or the report on it, of a scenario by its name."""
        found = re.search(rf'value="(\w*)"[^>]*>{re.escape(scenario)}', self.get("/protocols/basal").text)
        assert found or not scenario
        chosen = f"?scenario={found.group(1)}" if found and scenario else ""
        answer = self.get(f"/protocols/basal{'/report' if report else ''}{chosen}")
        assert answer.status == 200
        return answer.text


@pytest.fixture
def desk(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_the_work_list_leads_to_the_protocols_of_the_laboratory(desk: Written, tmp_path: Path) -> None:
    (desk.lab / "protocols/d é%").mkdir()
    said = desk.get("/").text
    assert "Protocols of this laboratory" in said
    assert '<a href="/protocols/basal">Basal cell carcinoma (basal)</a>' in said
    assert '<a href="/protocols/d%20%C3%A9%25">d é% (new)</a>' in said
    assert desk.get("/protocols/d%20%C3%A9%25").status == 200
    assert "Protocols of this laboratory" not in visitor(tmp_path / "others").get("/").text
    assert desk.get("/protocols/aismn").status == desk.get("/protocols/zzz/report").status == 404


def test_the_page_shows_files_form_and_what_becomes_of_them(desk: Written) -> None:
    said = desk.page()
    for line in ("id: basal", "title: &#34;Basal cell carcinoma&#34;", "when: feature == &#39;not identified&#39;"):
        assert line in said
    assert "The protocol is in order. 6 scenarios, 0 failed." in " ".join(said.split())
    assert "Cases use the protocol as it was when the desk began; start it again to use this one." in said
    assert 'name="answer parts.A.feature"' in said
    assert not re.search(r'name="answer parts.A.feature"[^>]* checked', said)
    assert "Diagnosis" in desk.page(report=True)


def test_nothing_can_be_entered_or_sent(desk: Written) -> None:
    before = snapshot(desk.folder.parent)
    said = desk.page("the feature is present")
    outside = said[: said.index("<fieldset")] + said[said.index("</fieldset>") :]
    assert re.search(r"<fieldset[^>]* disabled", said)
    assert re.findall(r"<(?:input|select|textarea|form)\b[^>]*", outside) == [
        '<select id="scenario" autocomplete="off" data-live',
        '<input type="checkbox" id="whole" autocomplete="off"',
    ]
    assert "hx-" not in said.replace("htmx-config", "")
    assert desk.post("/protocols/basal", path="x").status == 405
    assert snapshot(desk.folder.parent) == before


def test_a_scenario_is_shown_with_its_answers_its_report_and_whether_it_holds(desk: Written) -> None:
    said = desk.page("the feature is present")
    assert re.search(r'name="answer parts.A.feature" value="present"[^>]* checked', said)
    assert re.search(r"holds</strong> the feature is present", said)
    assert "<dt>comment</dt><dd>The example feature is present (focal).</dd>" in said
    assert "The lesion measures 12\u00a0mm." in html.unescape(desk.page("the feature is present", report=True))
    assert "<dd>large: note</dd>" in desk.page("an unusual size")
    edit(desk.lab / SCENARIOS, "measures 12 mm", "measures 13 mm")
    failing = desk.page("the feature is present")
    assert "fails</strong> the feature is present" in failing
    assert "6 scenarios, 1 failed." in failing
    assert failing.count("the report says &#34;The lesion measures 12 mm.&#34;") == 3  # the list, the line, the verdict
    assert "correct the protocol; or correct the scenario" in failing


def test_a_save_is_seen_and_cases_keep_the_protocol_that_they_have(desk: Written) -> None:
    name = desk.desk.create("S26-1", "basal")
    case = desk.folder / name
    case.write_text(case.read_text() + "  feature: present\n  size: 5 mm\n")
    revision = re.search(r'data-revision="(\w+)"', desk.page())
    assert revision
    address = f"/protocols/basal/watch/{revision.group(1)}"
    assert desk.get(address).status == 204
    edit(desk.lab / FILE, "The lesion measures", "Its size is")
    assert desk.get(address).status == 200
    assert "Its size is 12" in html.unescape(desk.page("the feature is present", report=True))
    report = html.unescape(desk.get(f"{desk.case(name)}/report").text)
    assert "The lesion measures 5" in report
    assert "Its size is" not in report


def test_a_finding_is_at_its_line_and_form_and_report_stay(desk: Written) -> None:
    edit(desk.lab / FILE, "{{ size }}", "{{ sise }}")
    said = desk.page("the feature is present")
    number = 1 + ["{{ sise }}" in line for line in (desk.lab / FILE).read_text(encoding="utf-8").splitlines()].index(
        True
    )
    line = said[said.index(f'<li id="wording.yaml:{number}"') :].partition("</li>")[0]
    assert "uses sise, which is not defined" in line
    assert "did you mean &#34;size&#34;?" in line
    assert f'data-line="{number}" data-in="wording.yaml">wording.yaml, line {number}</a>' in said
    words = "The form and the report are of the last state that was in order."
    assert "The protocol is not in order." in said
    assert said.count(words) == 2
    assert "not run</strong> the feature is present" in said
    assert re.search(r'name="answer parts.A.feature" value="present"[^>]* checked', said)
    report = html.unescape(desk.page("the feature is present", report=True))
    assert words in report
    assert "The lesion measures 12\u00a0mm." in report


def test_what_is_wrong_elsewhere_is_named_with_its_file(desk: Written) -> None:
    desk.page()
    with (desk.lab / "lab.yaml").open("a") as file:
        file.write("nonsense: 1\n")
    said = desk.page()
    assert "lab.yaml, line 4" in said
    assert 'data-in="lab.yaml"' not in said
    edit(desk.lab / "lab.yaml", "nonsense: 1\n", "")
    edit(desk.lab / SCENARIOS, "never: [measures]", "nevr: [measures]")
    said = desk.page()
    assert "The protocol is in order, and scenarios.yaml is not." in said
    assert "nevr" in said
    assert "the feature is present</option>" in said


def test_a_protocol_that_never_was_in_order_has_a_page_too(tmp_path: Path) -> None:
    laboratory_at(tmp_path / "lab")
    edit(tmp_path / "lab/protocols/basal/protocol.yaml", "id: basal", "id: bcd")
    desk = Visitor(tmp_path, load_laboratory(tmp_path / "lab"))
    never = "The protocol has not been in order since the desk began."
    said = desk.get("/protocols/basal").text
    for words in (never, "has an id other than the name of its folder", "id: bcd", "There is no form yet."):
        assert words in said
    assert never in desk.get("/protocols/basal/report").text


def test_addresses_tell_nothing_of_a_scenario_and_strangers_see_nothing(desk: Written) -> None:
    found = LOCATION.findall(desk.page("the feature is present").partition("<fieldset")[0])
    assert len([each for each in found if re.fullmatch("[0-9a-f]{24}", each)]) == 6
    assert [each for each in found if "feature" in each or "present" in each] == []
    for address in ("/protocols/basal", "/protocols/basal/report", "/protocols/basal/watch/x"):
        assert ask(desk.guard, "GET", address, [("host", HOST)]).status == 403
        own, page = desk.get(address), desk.get("/")
        kept = ("cache-control", "cross-origin-resource-policy", "referrer-policy", "x-frame-options")
        assert [own.header(name) for name in kept] == [page.header(name) for name in kept]
    assert desk.get("/protocols/basal").header("content-security-policy") == desk.get("/").header(
        "content-security-policy"
    )


def test_markup_in_a_file_is_text(desk: Written) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    edit(desk.lab / FILE, "The lesion measures", hostile)
    edit(desk.lab / SCENARIOS, "name: the feature is present", f'name: "{hostile}"')
    edit(desk.lab / SCENARIOS, "about: ", f"about: {hostile} ")
    edit(desk.lab / "protocols/basal/protocol.yaml", "title: Example feature", f"title: '{hostile}'")
    (desk.lab / f"protocols/{hostile.replace('/', '')}").mkdir()
    said = [
        desk.get("/").text,
        desk.page(),
        desk.page(html.escape(hostile)),
        desk.page(html.escape(hostile), report=True),
    ]
    edit(desk.lab / FILE, "{{ size }}", f"{{{{ {hostile} }}}}")
    edit(desk.lab / SCENARIOS, "never: [measures]", f'"{hostile}": [measures]')
    for text in (*said, desk.page()):
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("protocol.yaml", "wording.yaml", "scenarios.yaml")),
    st.binary(max_size=60) | st.text().map(str.encode),
)
def test_whatever_a_file_holds_the_page_is_shown(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        desk = Written(Path(place))
        (desk.lab / f"protocols/basal/{name}").write_bytes(content)
        assert "Cases use the protocol" in desk.page()
        desk.page(report=True)


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium")
def test_a_page_follows_the_files_and_stays_where_it_is(shared_browser: Browser, tmp_path: Path) -> None:
    lab, folder = laboratory_at(tmp_path / "lab"), cases(tmp_path / "cases", ())
    axe, passing = Axe(), ("Applying inline style",)
    with served(folder, "--lab", str(lab)) as desk, page_at(shared_browser, desk.address, passing) as page:
        page.get_by_role("link", name="Basal cell carcinoma").click()
        page.get_by_role("button", name="scenarios.yaml").click()
        page.get_by_label("Form and report of").select_option(label="the feature cannot be determined")
        page.locator("#verdict", has_text="(fragmented)").wait_for()
        frame = "document.getElementById('report').contentWindow"
        until(page, f"{frame}.document.body?.innerText.includes('(fragmented)')")
        page.evaluate(f"() => {{ document.getElementById('scenarios.yaml').scrollTop = 200; {frame}.scrollTo(0, 90) }}")

        edit(lab / FILE, "The lesion measures", "Its size is")
        page.get_by_text("6 scenarios, 1 failed.").wait_for()
        until(page, f"{frame}.document.body?.innerText.includes('Its size is')")
        until(page, f"{frame}.scrollY === 90")
        assert page.evaluate("document.getElementById('scenarios.yaml').scrollTop") == 200
        assert (
            page.get_by_label("Form and report of")
            .evaluate("(e) => e.selectedOptions[0].text")
            .startswith("the feature cannot be")
        )
        assert page.get_by_role("button", name="scenarios.yaml").get_attribute("aria-pressed") == "true"

        edit(lab / FILE, "{{ size }}", "{{ sise }}")
        page.locator("#findings a", has_text="wording.yaml").click()
        assert page.evaluate("document.activeElement.innerText.includes('did you mean \"size\"?')")
        assert "Its size is" in page.frame_locator("#report").locator("body").inner_text()
        for scheme, rules in (("light", GUIDELINES), ("dark", {"type": "rule", "values": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            found = axe.run(page, options={"runOnly": rules})
            assert found.violations_count == 0, found.generate_report()
