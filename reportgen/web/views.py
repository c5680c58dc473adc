"""What the pages show, as plain values: the work list, the form of a case, what is beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from reportgen.assessment.model import AdvisoryState
from reportgen.cases.element_path import ElementPath
from reportgen.cases.given import Given
from reportgen.cases.model import part_prefix
from reportgen.findings import Finding, counted
from reportgen.formats.registry import FORMATS
from reportgen.reports.open_items import PENDING, WORDS
from reportgen.web import wording
from reportgen.web.batches import Batch
from reportgen.web.choosing import protocols
from reportgen.web.desk import Desk
from reportgen.web.document import Document
from reportgen.web.evaluation import Evaluation, document
from reportgen.web.fields import Drawing, own_words, received_as
from reportgen.web.listing import ROWS, Line, Shown, Status
from reportgen.web.pages import Values, when
from reportgen.web.states import TWIN, States, given_answers, states
from reportgen.web.tabs import called, copies, listed
from reportgen.web.tidying import GONE, Changed, Tidied

_NUMBERS = {
    "cases": "cases", "refused": "refused", "with_warnings": "with warnings", "rendered": "rendered",
    "failed": "failed",
}  # fmt: skip
_SAME = {"accession": "Accession", "patient.mrn": "Record number"}
_TONES = {
    Status.refused: "bad", Status.stopped: "bad", Status.draft: "open", Status.complete: "good",
    Status.finalized: "fixed", Status.changed: "bad",
}  # fmt: skip


def work_list(shown: Shown, now: datetime) -> Values:
    """A page of the work list."""
    view = shown.view
    first = view.page * ROWS
    return {
        "rows": tuple(_row(line, now) for line in shown.lines),
        "found": shown.found,
        "first": first + 1,
        "last": first + len(shown.lines),
        "page": view.page,
        "before": str(view.page - 1) if view.page else "",
        "after": str(view.page + 1) if view.page + 1 < shown.pages else "",
        "words": view.words,
        "sort": view.sort,
        "unknown": shown.unknown,
        "filtered": bool(view.words.split() or view.status),
        "statuses": tuple(
            {"id": str(each), "number": shown.counts.get(each, 0), "on": view.status == each}
            for each in _TONES
            if shown.counts.get(each) or view.status == each
        ),
        "others": tuple({"id": id, "name": name} for id, name in shown.others),
    }


def _row(line: Line, now: datetime) -> Values:
    return {
        "id": line.id, "name": line.name, "accession": line.accession, "patient": line.patient,
        "titles": _counted(line.titles), "status": str(line.status), "tone": _TONES.get(line.status, "quiet"),
        "open": line.open, "warnings": line.warnings + len(line.twins), "changed": when(line.changed, now),
        "twins": tuple(twin(each) for each in line.twins),
    }  # fmt: skip


def twin(finding: Finding) -> str:
    """What two cases have in common, in a few words."""
    return f"{_SAME.get(finding.path, finding.path)} {finding.message}"


def _counted(titles: tuple[str, ...]) -> str:
    """`General × 2, …` for the parts of a case."""
    once = dict.fromkeys(titles)
    return ", ".join(f"{title} × {titles.count(title)}" if titles.count(title) > 1 else title for title in once)


def own_protocols(desk: Desk, ids: Iterable[str]) -> tuple[dict[str, str], ...]:
    """The protocols with these ids, which the profile brings; one that the desk did not begin with has no title yet."""
    titles = {each["id"]: each["title"] for each in protocols(desk.laboratory)}
    return tuple({"quoted": quoted(id), "id": id, "title": titles.get(id, f"{id} (new)")} for id in ids)


def quoted(protocol: str) -> str:
    """The id of a protocol as the address of its page has it."""
    return quote(protocol, safe="", errors="replace")


def batch_list(batches: Iterable[Batch]) -> tuple[Values, ...]:
    """The batches that this desk started."""
    return tuple({"id": batch.id, "name": batch.name, "phase": batch.phase} for batch in batches)


def batch(one: Batch) -> Values:
    """One batch and how far it is."""
    counts = one.counts
    checking = one.phase == "checking"
    total = counts.get("cases", 0) if checking else counts.get("to_render", 0)
    done = counts.get("checked", 0) if checking else counts.get("rendered", 0) + counts.get("failed", 0)
    own_folder = f"{one.folder}/"
    findings = tuple(
        {key: str(each.get(key, "")) for key in ("code", "path", "heading", "message", "next_step")}
        | {"where": str(each.get("place") or each.get("cell") or each.get("line", "")).removeprefix(own_folder)}
        | {"more": f" and {each['count'] - 1} more" if each.get("count", 1) > 1 else ""}
        for each in one.findings
    )
    raised = tuple(each | {"place": each["place"].removeprefix(own_folder)} for each in one.raised)
    return {
        "id": one.id, "name": one.name, "phase": one.phase, "running": one.running,
        "total": total, "done": done, "findings": findings, "raised": raised, "said": one.said,
        "numbers": tuple({"name": name, "number": counts[key]} for key, name in _NUMBERS.items() if key in counts),
        "folder": f"batches/{one.name}/reports",
        "has_summary": (one.output / "summary.html").is_file(),
    }  # fmt: skip


def case(desk: Desk, name: str, evaluation: Evaluation) -> Values:
    """Everything on the page of one case."""
    assert evaluation.data is not None  # noqa: S101 - the page of a file that cannot be read is another
    made = document(evaluation.data, desk.laboratory)
    state = states(evaluation, made)
    return {
        **beside(desk, name, evaluation, made, state),
        "tabs": tabs(evaluation, made, state),
        "protocols": protocols(desk.laboratory),
        "downloads": tuple({"name": each.name, "button": each.button} for each in FORMATS.values() if each.button),
        "removed": (),
        "fixed": _fixed(desk, name, evaluation),
    }


def tabs(evaluation: Evaluation, made: Document, state: States) -> tuple[Values, ...]:
    """The form of a case: its head, then each part."""
    empty: Values = {"path": "", "title": "", "sections": (), "words": (), "said": (), "specimen": "", "diagnosis": ""}
    found = [empty | {"label": "Case", "sections": Drawing(made.header, made, state, "").sections()}]
    parts = called(evaluation, made)
    for number, (label, part) in enumerate(zip(made.labels, made.parts, strict=True)):
        form, prefix = made.protocol_of(number), part_prefix(label)
        tab = empty | {"label": label, "path": prefix, **parts[label]._asdict()}
        if form is None:
            tab["title"] = str(part.get("protocol", ""))
        else:
            tab["title"] = form.protocol.title
            tab["sections"] = Drawing(form, made, state, prefix).sections()
            tab["words"] = own_words(form, made, prefix)
            tab["said"] = (received_as(made, prefix),)
        found.append(tab)
    return tuple(found)


def _fixed(desk: Desk, name: str, evaluation: Evaluation) -> Values:
    """What was finalized of a case; empty for a case that may be changed."""
    fixed = desk.fixed(name)
    if fixed is None:
        return {}
    documents = tuple({"name": each, "ending": each.rpartition(".")[2]} for each in fixed.documents)
    same = fixed.is_of(evaluation.revision)
    return {"by": fixed.by, "at": fixed.at.replace("T", " "), "documents": documents, "same": same}


def beside(desk: Desk, name: str, evaluation: Evaluation, made: Document, state: States) -> Values:
    """What changes with every entry: the bar, the side panel, the states of the fields."""
    answered, required = evaluation.counted()
    titles = wording.titles(made)
    twins: dict[str, list[str]] = {}
    for each in evaluation.findings:
        if each.code == TWIN:
            twins.setdefault(each.path, []).append(each.message.removeprefix("is "))
    return {
        "id": desk.folder.id_of(name),
        "revision": evaluation.revision,
        "accession": _said(made, "accession"),
        "patient": _said(made, "patient.name"),
        "answered": answered,
        "required": required,
        "progress": tuple("on" if n < answered else "off" for n in range(required)),
        "missing": tuple(
            _item(item.path, item.name, pending=item.state == PENDING, words=item.state == WORDS)
            for item in evaluation.missing()
        ),
        "wrong": tuple(
            _item(path, wording.title(path, titles, path), words=words, do=", ".join(twins.get(path, ("mend",))))
            for path, words in state.errors.items()
        ),
        "fixed": {},
        "stops": tuple(_called(label, each) for label, each in evaluation.stopped),
        "holding": tuple(_called(label, each) for label, each in evaluation.holding),
        "warnings": counted(evaluation.warnings, "warning") if evaluation.warnings else "",
        "elsewhere": state.elsewhere,
        "unsettled": tuple(
            _item(each.path, wording.title(each.path, titles, each.path), words=wording.words(each, titles))
            for each in evaluation.unsettled
            if each.path not in state.errors
        ),
        "copies": tuple(
            {"parts": listed(each), "number": len(each), "first": each[0], "last": each[-1]} for each in copies(made)
        ),
        "parts": tuple(_judged(evaluation, made, state)),
        "stopped": bool(evaluation.stopped),
        "in_order": evaluation.in_order,
        "complete": evaluation.complete,
        "can_undo": desk.can_undo(name, evaluation.revision),
        "state": json.dumps({"revision": evaluation.revision, "called": called(evaluation, made), **state.as_data()}),
    }


def _item(path: str, name: str, **more: object) -> Values:
    """One entry by its name and its part."""
    return {"path": path, "name": name, "part": ElementPath.parse(path).part, **more}


def _called(label: str, one: AdvisoryState) -> Values:
    """What is named above the form until it is acknowledged."""
    path = f"parts.{label}.acknowledge.{one.id}"
    return _item(path, one.title, level=str(one.level), look=one.level.look, say=one.say)


def tidied(path: str, changed: Changed) -> str:
    """What was tidied of an entry, for the page's script; "" for most entries."""
    texts = [
        {"name": name, "text": text, "changes": [_change(each) for each in changes]}
        for name, (text, changes) in changed.items()
    ]
    return json.dumps({"path": path, "texts": texts}) if texts else ""


def _change(one: Tidied) -> Values:
    return {"at": one.at, "gone": one.now == GONE, "words": str(one)}


def _judged(evaluation: Evaluation, made: Document, state: States) -> Iterator[Values]:
    """The criteria and remarks of each part."""
    checked = evaluation.checked
    if checked is None or checked.case is None:
        return
    for part, judged in zip(checked.case.parts, checked.assessments, strict=True):
        asked = f"{part.prefix}acknowledge."
        titles = {each.id: each.title for each in part.protocol.protocol.advisories}
        raised = {each.id for each in judged.advisories if each.warns}
        refused = [path.removeprefix(asked) for path in state.errors if path.startswith(asked)]
        yield {
            "label": part.label,
            "criteria": tuple(
                {**each._asdict(), "path": f"{part.prefix}{each.used[0]}" if each.used else ""}
                for each in judged.criteria
            ),
            "remarks": tuple(
                _remark(asked + each.id, each, made, state)
                for each in sorted(judged.advisories, key=lambda each: -each.level.loudness)
            ),
            "needless": tuple(
                {
                    "path": asked + id,
                    "title": titles.get(id, id),
                    "reason": _said(made, asked + id),
                    "wrong": state.errors.get(asked + id, ""),
                }
                for id in dict.fromkeys([*part.acknowledged, *refused])
                if id not in raised
            ),
        }


def _remark(path: str, one: AdvisoryState, made: Document, state: States) -> Values:
    return {
        **one._asdict(),
        "path": path,
        "look": one.level.look,
        "asks": one.warns,
        "blocks": one.blocks,
        "reason": one.acknowledged or (_said(made, path) if one.warns else ""),
        "wrong": state.errors.get(path, ""),
    }


def _said(made: Document, path: str) -> str:
    value = made.get(path)
    return value if isinstance(value, str) else ""


def why(evaluation: Evaluation, made: Document, clause: str, text: str) -> Values:
    """Why a sentence is in the report: its clause, the answers that it rests on, its source."""
    wanted = "".join(text.split())
    found = [
        sentence
        for sentence in (evaluation.report.sentences() if evaluation.report else ())
        if sentence.clause == clause and "".join(sentence.text.split()) == wanted
    ]
    if not found:
        return {"found": False, "jump": ""}
    titles, given = wording.titles(made), given_answers(evaluation, made)
    paths = list(dict.fromkeys(used.path for sentence in found for used in sentence.answers))
    return {
        "found": True,
        "text": found[0].text,
        "clause": clause,
        "gap": found[0].gap,
        "sources": found[0].source,
        "answers": tuple(
            {"path": path, "title": wording.title(path, titles, path), "part": ElementPath.parse(path).part,
             "value": _given(given[path]) if path in given else _value(made.get(path) if path in titles else None)}
            for path in paths
        ),
        "jump": paths[0] if paths else "",
    }  # fmt: skip


def _given(given: Given) -> str:
    """An answer of a macro or a profile in a few words."""
    return f"{', '.join(given.answers)} ({given.by})"


def _value(node: object) -> str:
    """An entry in a few words."""
    if isinstance(node, dict):
        main = node.get("result") or node.get("count")
        more = [node.get(key) for key in ("per", "text", "reason")]
        return ", ".join(_value(each) for each in (main, *more) if each)
    if isinstance(node, list):
        return ", ".join(filter(None, map(_value, node)))
    return node if isinstance(node, str) else ""


def refused(findings: Iterable[Finding], made: Document | None = None) -> tuple[Values, ...]:
    """Findings for a page; with the case, elements go by their titles."""
    known: Mapping[str, str] = wording.titles(made) if made else {}
    return tuple(
        {
            "path": wording.title(each.path, known) if each.path else "",
            "words": wording.words(each, known),
            "line": str(each.place.line or ""),
        }
        for each in findings
    )
