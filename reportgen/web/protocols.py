"""The page of a protocol that is being written: its files, its form, and the report of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from reportgen.findings import Finding, counted
from reportgen.laboratory.own_protocols import FOLDER
from reportgen.protocols.load import load_protocol
from reportgen.reading.source import plain
from reportgen.scenarios.model import EXPECTATIONS, Scenario
from reportgen.web import views
from reportgen.web.cases import notice
from reportgen.web.document import Data
from reportgen.web.drafts import Draft, Drafts
from reportgen.web.evaluation import Evaluation, document, evaluate, revision_of, written
from reportgen.web.pages import Values, fill, framed, page
from reportgen.web.requests import now, one, query
from reportgen.web.states import states

_CASE = "case.yaml"
_NEVER = "The protocol has not been in order since the desk began."
_OUTDATED = "The form and the report are of the last state that was in order."


class ProtocolPages:
    """The answers about a protocol that a profile brings."""

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = drafts

    def show(self, request: Request) -> Response:
        """The page; where the address names no scenario of the protocol, with an empty case."""
        id, draft, scenario = self._asked(request)
        listed = tuple(_finding(each, id, draft) for each in draft.findings)
        failed = sum(map(bool, draft.failures.values())) if draft.failures is not None else 0
        values = {
            "quoted": views.quoted(id), "folder": f"{draft.profile.resolve().name}/{FOLDER}/{id}",
            "title": load_protocol(id, draft.laboratory).protocol.title if draft.laboratory else id,
            "revision": draft.revision, "read": f"{now():%H:%M:%S}", "findings": listed, "outdated": _outdated(draft),
            "run": draft.failures is not None, "tried": counted(len(draft.scenarios), "scenario"), "failed": failed,
            "files": tuple(
                {"name": name, "lines": lines, "count": sum(each["file"] == name for each in listed)}
                for name, lines in draft.lines.items()
            ),
            "scenarios": tuple(
                {"id": _key(each), "name": each.name, "on": each is scenario, "fails": bool(draft.failures_of(each))}
                for each in draft.scenarios
            ),
            "verdict": _verdict(scenario, id, draft) if scenario else {}, "tabs": _form(id, draft, scenario),
        }  # fmt: skip
        return page("protocol.html", values)

    def report(self, request: Request) -> Response:
        """The report of the same case."""
        id, draft, scenario = self._asked(request)
        evaluation = _evaluation(id, draft, scenario, drawn=True)
        if draft.laboratory is None or not evaluation.report:
            said = views.refused(evaluation.errors) if draft.laboratory else ({"path": "", "words": _NEVER},)
            return framed(fill("noreport.html", {"elsewhere": said}))
        return framed(evaluation.html, " ".join(filter(None, (_outdated(draft), notice(evaluation)))))

    def watch(self, request: Request) -> Response:
        """Nothing while the files are what the page shows; 200 after one was saved."""
        return Response(status_code=204 if self.drafts.revision() == request.path_params["revision"] else 200)

    def _asked(self, request: Request) -> tuple[str, Draft, Scenario | None]:
        id, chosen = request.path_params["id"], one(query(request), "scenario")
        draft = self.drafts.draft(id)
        return id, draft, next((each for each in draft.scenarios if _key(each) == chosen), None)


def _key(scenario: Scenario) -> str:
    """What an address calls a scenario: no word of it."""
    return revision_of(scenario.name.encode("utf-8", "replace"))


def _outdated(draft: Draft) -> str:
    """What is said of a form and a report that are not of the files as they are now."""
    return "" if draft.in_order else _OUTDATED if draft.laboratory else _NEVER


def _finding(finding: Finding, id: str, draft: Draft) -> Values:
    """A finding; `file` is the one of the page that has its line, "" if none has."""
    shown, line = finding.place.file.removeprefix(f"{draft.profile}/"), finding.place.line
    name = shown.removeprefix(f"{FOLDER}/{id}/")
    return {
        "code": finding.code, "path": finding.about, "step": finding.step, "line": line,
        "words": finding.message, "where": f"{name}, line {line}" if line else shown,
        "file": name if 0 < line <= len(draft.lines.get(name, ())) else "",
    }  # fmt: skip


def _verdict(scenario: Scenario, id: str, draft: Draft) -> Values:
    """What a scenario expects, under the keys of its file, and whether it holds."""
    failures = draft.failures_of(scenario)
    expected = (entry for entry in scenario.source if entry.key in EXPECTATIONS)
    return {
        "state": "not run" if draft.failures is None else "fails" if failures else "holds",
        "name": scenario.name,
        "about": scenario.expected.about,
        "failures": tuple(_finding(each, id, draft) for each in failures),
        "expected": tuple({"name": each.key, "words": tuple(_words(plain(each.value)))} for each in expected),
    }


def _words(node: object) -> Iterator[str]:
    """What is expected under one key, line by line."""
    if isinstance(node, dict):
        yield from (f"{key}: {', '.join(_words(value))}" for key, value in node.items())
    elif isinstance(node, list):
        yield from [", ".join(_words(each)) for each in node] or ["nothing"]
    else:
        yield str(node)


def _form(id: str, draft: Draft, scenario: Scenario | None) -> tuple[Values, ...]:
    """The parts as the form asks them, then the head of the case; empty if the protocol never was in order."""
    evaluation = _evaluation(id, draft, scenario)
    if draft.laboratory is None or evaluation.data is None:
        return ()
    made = document(evaluation.data, draft.laboratory)
    head, *parts = views.tabs(evaluation, made, states(evaluation, made))
    return (*parts, head)


def _evaluation(id: str, draft: Draft, scenario: Scenario | None, *, drawn: bool = False) -> Evaluation:
    """The case of a scenario, or an empty one, by the last state of the protocol that was in order."""
    empty: Data = {"protocol": id, "parts": [{"label": "A"}]}
    case = plain(scenario.case) if scenario else empty
    return evaluate(written(case if isinstance(case, dict) else empty, _CASE), _CASE, draft.laboratory, drawn=drawn)
