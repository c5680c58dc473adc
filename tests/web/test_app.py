"""The addresses: what reading them does, what they tell, and that no word of a client becomes a path.

Source: threats 17, 30 and 31 of the project's threat list.
"""

from __future__ import annotations

import html
import itertools
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from reportgen.findings import CATALOGUE, Finding, Place
from reportgen.web.app import desk_app
from reportgen.web.batches import Batch
from reportgen.web.listing import Status
from reportgen.web.wording import words
from tests.cli.program import MARK, SAMPLES, edited, loaded
from tests.web.asgi import Answer, Visitor, lines, snapshot, visitor

ADDRESS = re.compile(r"(?:href|src|action|formaction|data-case|hx-[a-z]+)=[\"']([^\"']*)")
SAID = ("ZZ", "zz")


@pytest.fixture
def at_desk(tmp_path: Path) -> Visitor:
    """A desk whose every case and file says `ZZPHI`, with one finalized case, one that is broken, and one batch."""
    folder = tmp_path / "cases"
    folder.mkdir()
    names = ("Draft, Dorothea", f"{MARK}, {MARK}"), ("S26-01909", f"{MARK}-1"), ('"000190"', f'"{MARK}-2"')
    edited(folder / f"{MARK}-1.yaml", *names)
    done = ("Sample, Alexandra", f"{MARK}, {MARK}"), ("S26-01234", f"{MARK}-3"), ('"000123"', f'"{MARK}-4"')
    edited(folder / f"{MARK}-3.yaml", *done, name="shave-biopsy")
    (folder / f"{MARK}-broken.yaml").write_text(f"accession: {MARK}\naccession: {MARK}\n")
    made = visitor(folder)
    made.desk.finalize(f"{MARK}-3.yaml", made.revision(f"{MARK}-3.yaml"), "Dr. Example", "2026-11-22T10:00+00:00")
    batch = Batch("b" * 18, "2026-11-22-100000-abcd", folder / "batches" / "2026-11-22-100000-abcd", phase="done")
    batch.output.mkdir(parents=True)
    (batch.output / "summary.html").write_text(f"<html><head></head><body>{MARK}</body></html>")
    (batch.output / "results.csv").write_text(f"{MARK}\n")
    made.batches._batches[batch.id] = batch
    return made


def routes(made: Visitor) -> list[Route]:
    app = desk_app(made.desk, made.batches)
    assert isinstance(app, Starlette)
    return [route for route in app.routes if isinstance(route, Route)]


def addresses(made: Visitor, method: str) -> list[str]:
    """Every address of the application, for every case and batch, also for some that there are not."""
    cases = [made.desk.folder.id_of(name) for name in made.desk.folder.names()]
    found = []
    for route in routes(made):
        if method not in (route.methods or ()):
            continue
        ids = [*cases, "none"] if route.path.startswith("/cases") else ["b" * 18, "none"]
        values = itertools.product(ids, ("docx", "pdf", "html", "txt", "exe"), ("desk.css", "x"))
        for id, format, name in values:
            address = route.path.replace("{id}", id).replace("{format}", format).replace("{name}", name)
            found.append(address.replace("{revision}", "0" * 24))
    return list(dict.fromkeys(found))


def test_no_reading_of_any_address_has_an_effect(at_desk: Visitor) -> None:
    before = snapshot(at_desk.folder)
    asked = [*addresses(at_desk, "GET"), "/cases", "/search", "/batches", "/batches/" + "b" * 18 + "/stop"]
    statuses = {}
    for address in asked:
        words = f"?name=Dr.+X&revision={at_desk.revision(f'{MARK}-1.yaml')}&path=laboratory.name&number=1&value=x"
        statuses[address] = at_desk.get(address + words).status
    assert {address for address, status in statuses.items() if status == 500} == set()
    assert len(statuses) > 40
    assert snapshot(at_desk.folder) == before


def test_looking_at_the_head_of_an_address_has_no_effect_either(at_desk: Visitor) -> None:
    before = snapshot(at_desk.folder)
    for address in addresses(at_desk, "GET"):
        if address.endswith(("finalize", "watch/" + "0" * 24, "/")):
            assert at_desk.ask("HEAD", address, (("sec-fetch-site", "same-origin"),)).status != 500
    assert snapshot(at_desk.folder) == before


def test_what_changes_something_is_only_posted(at_desk: Visitor) -> None:
    reading = {route.path for route in routes(at_desk) if "GET" in (route.methods or ())}
    doing = {route.path for route in routes(at_desk) if "POST" in (route.methods or ())}
    assert reading & doing == {"/cases/{id}/finalize"}
    for word in ("entries", "undo", "rows", "parts", "reopen", "stop"):
        assert [path for path in doing if path.endswith(word)]
        assert not [path for path in reading if path.endswith(f"/{word}")]


def told(answer: Answer) -> list[str]:
    """Every address that an answer leads to."""
    led = [answer.header(name) for name in ("location", "hx-redirect", "hx-push-url", "hx-location", "refresh", "link")]
    page = answer.text if answer.header("content-type").startswith("text/html") else ""
    return [*filter(None, led), *ADDRESS.findall(page)]


def test_no_address_tells_a_word_of_a_case(at_desk: Visitor) -> None:
    name = f"{MARK}-1.yaml"
    case, fixed = at_desk.case(name), at_desk.case(f"{MARK}-3.yaml")
    answers = [at_desk.get(address) for address in addresses(at_desk, "GET") if not address.endswith((".docx", ".pdf"))]
    answers += [
        at_desk.post("/search", words=MARK),
        at_desk.post("/cases", accession=f"{MARK} 9", protocol="aismn"),
        at_desk.post("/cases", accession=f"{MARK}-1", protocol="aismn"),
        at_desk.post(f"{case}/parts", do="duplicate", part="1", revision=at_desk.revision(name)),
        at_desk.post(f"{case}/entries", path="patient.name", value=MARK, revision=at_desk.revision(name)),
        at_desk.post(f"{case}/undo", revision=at_desk.revision(name)),
        at_desk.post(f"{fixed}/entries", path="patient.name", value=MARK, revision="x"),
        at_desk.post(f"{fixed}/reopen", name=MARK),
        at_desk.get("/cases/x/"),
    ]
    found = [address for answer in answers for address in told(answer)]
    assert len(set(found)) > 15
    assert sum(MARK in answer.text for answer in answers) > 10  # they do tell it, but not where they lead to
    assert [address for address in found if any(word in address for word in (*SAID, "Dr.", ".yaml"))] == []
    outside = [address for address in found if re.match(r"[a-z]+:|//", address) and not address.startswith("data:")]
    assert {address for address in outside if not address.startswith("http://127.0.0.1:8765/")} == set()


@pytest.mark.parametrize(
    "word",
    [
        "..", "../outside", "%2e%2e", "%2e%2e%2foutside", "..%2f..%2foutside", "/etc/passwd", "%2fetc%2fpasswd",
        "outside.yaml", "../outside.yaml", "..%5coutside", "%00", "a%00.yaml", "%FF", "%C3%A9", "shave-biopsy",
        "shave-biopsy.yaml", ".", "%20", "a" * 5_000, "x%0d%0aset-cookie:a=b", "%7B%7B7*7%7D%7D",
    ],
)  # fmt: skip
def test_a_word_of_the_client_never_becomes_a_path(tmp_path: Path, word: str) -> None:
    (tmp_path / "outside.yaml").write_text(MARK)
    made = visitor(tmp_path / "cases", "shave-biopsy")
    before = snapshot(tmp_path)
    own = made.case("shave-biopsy.yaml")
    for address in (
        f"/cases/{word}", f"/cases/{word}/report.docx", f"{own}/report.{word}", f"{own}/finalized.{word}",
        f"{own}/watch/{word}", f"{own}/row?path={word}&number=1", f"/batches/{word}", f"/batches/{word}/summary",
        f"/batches/{word}/results.csv", f"/static/{word}", f"/{word}",
    ):  # fmt: skip
        answer = made.get(address)
        assert answer.status in (200 if "watch" in address else 404, 404, 422), address
        assert MARK not in answer.text
        assert "root:" not in answer.text
        assert answer.header("set-cookie") == ""
    for address in (f"/cases/{word}/entries", f"/cases/{word}/finalize", f"/batches/{word}/stop"):
        assert made.post(address, path=word, value="x", name="X").status == 404
    assert snapshot(tmp_path) == before


def test_a_case_that_cannot_be_read_is_not_asked_whether_to_finalize_it(at_desk: Visitor) -> None:
    assert at_desk.get(f"{at_desk.case(f'{MARK}-broken.yaml')}/finalize").status != 500


def test_what_is_nowhere_is_said_to_be_nowhere(at_desk: Visitor) -> None:
    for address in ("/docs", "/openapi.json", "/favicon.ico", "/robots.txt", "/cases", "/static", "/static/guard.py"):
        answer = at_desk.get(address)
        assert answer.status in (404, 405)
        assert "There is nothing at this address" in answer.text


def test_a_copy_of_a_part_is_called_one_until_an_entry_of_it_differs(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "shave-biopsy")
    case, name = made.case("shave-biopsy.yaml"), "shave-biopsy.yaml"
    assert made.post(f"{case}/parts", do="duplicate", part="1", revision=made.revision(name)).status == 200
    words = "Part B says the same as part A in every entry."
    assert words in made.get(case).text
    made.post(f"{case}/entries", path="parts.B.received_as", value="skin", revision=made.revision(name))
    assert words in made.get(case).text
    path = "parts.B.necrosis"
    assert words not in made.post(f"{case}/entries", path=path, answer="present", revision=made.revision(name)).text


def test_an_answer_that_a_stain_of_the_panel_does_not_know_is_shown_beside_it(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "shave-biopsy")
    path = made.folder / "shave-biopsy.yaml"
    said = path.read_text(encoding="utf-8").replace("S100: {result: negative", "S100: {result: perhaps")
    said = said.replace("intensity: strong", "intensity: blazing", 1)
    path.write_text(said, encoding="utf-8")
    shown = made.get(made.case(path.name)).text
    assert "In the file: “perhaps”" in shown
    assert "In the file: “blazing”" in shown


def test_the_report_of_a_finalized_case_is_shown_as_it_was_finalized(at_desk: Visitor) -> None:
    case = at_desk.case(f"{MARK}-3.yaml")
    shown = at_desk.get(f"{case}/report").text
    assert "DRAFT" not in shown
    assert "Dr. Example" in shown
    assert "desk-left-out" in shown  # with the marks of a report that can be clicked
    assert "DRAFT" in at_desk.get(f"{at_desk.case(f'{MARK}-1.yaml')}/report").text


def test_a_stop_is_called_above_the_form_and_stands_before_the_other_remarks(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "q2-metastatic")
    case = made.case("q2-metastatic.yaml")
    shown = made.get(case).text
    assert 'data-jump="parts.A.acknowledge.A4"' in shown
    looks = re.findall(r'<div class="remark (\w+)">', shown)
    assert looks == sorted(looks, key=["bad", "open", "plain"].index)
    assert set(looks) >= {"bad", "open"}
    said = "the stops “High-grade appearance” of part A and “Metastasis” of part A are not acknowledged"
    assert said in made.get(f"{case}/report").text


def warned(folder: Path) -> tuple[Visitor, str]:
    """A desk with one case that is complete and raises a warning."""
    folder.mkdir()
    edited(folder / "warned.yaml", ("S100: negative", "S100: positive"), name="q1-excision")
    made = Visitor(folder)
    return made, made.case("warned.yaml")


def test_a_warning_is_shown_in_the_list_above_the_form_and_before_finalizing(tmp_path: Path) -> None:
    made, case = warned(tmp_path / "cases")
    holding = made.desk.evaluation("warned.yaml").holding
    assert holding
    (line,) = lines(made.desk)
    assert (line.status, line.warnings) == (Status.complete, len(holding))
    assert f'<td class="count">{len(holding)}</td>' in made.get("/").text
    shown, asked = made.get(case).text, made.get(f"{case}/finalize").text
    for label, each in holding:
        path = f"parts.{label}.acknowledge.{each.id}"
        assert f'data-jump="{path}"' in shown
        assert f'name="reason.{path}"' in asked
        assert html.escape(each.title) in asked
        assert not re.search(rf">[^<]*\b{each.id}\b", shown + asked)


def test_finalizing_asks_for_reasons_in_words_and_keeps_them_in_the_case(tmp_path: Path) -> None:
    made, case = warned(tmp_path / "cases")
    holding = made.desk.evaluation("warned.yaml").holding
    before = snapshot(made.folder)
    paths = [f"reason.parts.{label}.acknowledge.{each.id}" for label, each in holding]
    for reason in ("", "ok", "… … …"):
        values = {"revision": made.revision("warned.yaml"), "name": "Dr. Example", **dict.fromkeys(paths, reason)}
        answer = made.post(f"{case}/finalize", **values)
        assert answer.status == 422
        assert html.escape(holding[0][1].title) in answer.text
        assert "--" not in re.sub("<[^>]*>", "", answer.text)
        assert snapshot(made.folder) == before
    values = {"revision": made.revision("warned.yaml"), "name": "Dr. Example", **dict.fromkeys(paths, "seen and known")}
    assert made.post(f"{case}/finalize", **values).status in (200, 204, 303)
    (part,) = loaded(made.folder / "warned.yaml")["parts"]
    assert part["acknowledge"] == {each.id: "seen and known" for _, each in holding}
    assert lines(made.desk)[0].status is Status.finalized
    assert "seen and known" in made.get(f"{case}/report").text


def test_a_reason_that_says_too_little_is_shown_where_it_was_entered(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "q2-metastatic")
    case = made.case("q2-metastatic.yaml")
    revision = made.revision("q2-metastatic.yaml")
    shown = made.post(f"{case}/entries", revision=revision, path="parts.A.acknowledge.A5", value="ok").text
    assert re.search(r'value="ok"[^>]*>\s*<p class="error">Says too little', shown)
    assert "parts.A" not in re.sub("<[^>]*>", "", shown)


def test_a_finding_that_nobody_knows_yet_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE, "W399", CATALOGUE["W302"])
    finding = Finding("W399", Place("warned.yaml"), "parts.A.none", "is odd", "use --odd or `odd: yes`")
    assert words(finding, {}) == "Is odd."


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.yaml")))
def test_the_page_of_every_sample_opens(name: str, tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", name)
    case = made.case(f"{name}.yaml")
    assert [made.get(address).status for address in (case, f"{case}/report", f"{case}/finalize")] == [200] * 3


def test_two_cases_of_one_number_are_told_in_the_list_and_before_finalizing(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    edited(folder / "one.yaml", name="shave-biopsy")
    edited(folder / "two.yaml", ("000123", "000777"), ("Sample, Alexandra", "Other, Olga"), name="shave-biopsy")
    made = Visitor(folder)
    case = made.case("one.yaml")
    assert "Accession is also in two.yaml" in made.get("/").text
    words = "Is also in two.yaml: correct the wrong one, or keep one of the files."
    assert words in html.unescape(made.get(case).text)
    asked = made.get(f"{case}/finalize").text
    assert words in html.unescape(asked)
    assert "cannot be finalized yet" in asked
    answer = made.post(f"{case}/finalize", revision=made.revision("one.yaml"), name="Dr. Example")
    assert answer.status == 422
    assert "two.yaml" in answer.text
