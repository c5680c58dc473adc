"""The nodes of a file to a form; whatever is not understood is listed as lost, never passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reportgen.findings import did_you_mean, refuse
from reportgen.sdc.model import Answer, Code, Form, Item, Kind, Loss, Response
from reportgen.sdc.xml_text import Node

NO_TEXT = "{no text}"
FILLED = "another form of the file, with answers"
_DESIGNS = ("formdesign", "demogformdesign")
_PARTS = ("header", "body", "footer")
_KINDS = {"section": Kind.section, "question": Kind.question, "displayeditem": Kind.note}
_ITEMS = (*_KINDS, "injectform")
_SILENT = frozenset({  # attributes that say nothing of what is asked or printed, or that belong to one filled copy
    "order", "name", "styleclass", "type", "baseuri", "sguid", "instanceguid", "parentguid", "repeat", "newdata",
    "changeddata", "x_responsetypeenum", "x_responsestatusenum", "mustimplement", "ordered", "coltextdelimiter",
    "storedcol", "id", "title",
})  # fmt: skip
_OF_FORM = frozenset({
    "lineage", "version", "fulluri", "filename", "formtitle", "basedonuri", "prevversionuri", "forminstanceuri",
    "forminstanceversionuri", "formpreviousinstanceversionuri", "approvalstatus", "completionstatus", "instanceid",
    "instanceversionuri", "instanceversion",
})  # fmt: skip
_NAMED = frozenset({"property", "codedvalue", "childitems"})
_SHOWN = frozenset({"showinreport", "reporttext", "visible", "enabled"})
_HELP = ("popuptext", "instruction", "tooltip", "help", "helptext")
_RULES = frozenset({
    "rules", "onevent", "onenter", "onexit", "onselect", "ondeselect", "onclick", "afterchange", "activateif",
    "deactivateif", "selectif", "deselectif", "callsetvalue", "setvalue", "illegallistitempairings",
    "illegalcoselectedlistitems", "beforeloadform", "beforeloaddata", "beforeshowform", "beforedatasubmit",
    "beforecloseform", "selectionactivatesitems", "selectionselectslistitems",
})  # fmt: skip
_FURTHER = re.compile(r"(__|\.\.)[0-9]+$")  # what a filled form puts behind the ids of a further entry


def read_form(top: Node, wanted: str = "") -> Form:
    """The form in a file, alone or in a package.

    Args:
        top: the top of the file.
        wanted: the id of the form to read; empty: the first that does not ask for demographic data alone.

    Raises:
        FindingsError: E024 where the file holds no form, or none of that id.
    """
    designs = list(_designs(top))
    named = {each.get("id"): each for each in reversed(designs)}
    if not designs:
        raise refuse("E024", "holds no FormDesign", top.place)
    if wanted and wanted not in named:
        hint = did_you_mean(wanted, named, otherwise=f"it holds {', '.join(id or 'one without an id' for id in named)}")
        raise refuse("E024", f"holds no form {wanted}", top.place, hint=hint)
    main = next((each for each in designs if each.tag == _DESIGNS[0]), designs[0])
    chosen = named[wanted] if wanted else main
    reader = _FormReader()
    for each in designs:
        if each is not chosen:
            what = FILLED if _is_filled(each) else "another form of the file"
            reader.lose(each, what, f"not read; name it with --form {each.get('id')}")
    return reader.form(chosen)


def _is_filled(node: Node) -> bool:
    own = node.is_on("selected") or any(each.get("val") for every in node.below("response") for each in every.children)
    return own or any(map(_is_filled, node.children))


def _designs(node: Node) -> Iterator[Node]:
    if node.tag in _DESIGNS:
        yield node
    elif node.tag != "injectform":
        for child in node.children:
            yield from _designs(child)


class _FormReader:
    """Reads one form; collects what is lost, by the id of what it belongs to."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self.owner = ""  # the id of the item that is being read

    def lose(self, node: Node, what: str, outcome: str = "", *, lost: bool = True) -> None:
        self.losses.append(Loss(node.get("id") or self.owner, node.place, what, outcome, lost))

    def rest(self, node: Node, attributes: Iterable[str] = (), tags: Iterable[str] = ()) -> None:
        """List what a node has beside the attributes and children that are read."""
        for name, value in node.attributes.items():
            if name in _RULES:
                self.lose(node, f"rule: {name}", "write it as applies_when, or as an advisory")
            elif name not in _SILENT and name not in attributes and value.strip():
                self.lose(node, f"attribute: {name}", value)
        for child in node.children:
            if child.tag in _RULES:
                self.lose(child, f"rule: {child.tag}", "write it as applies_when, or as an advisory")
            elif child.tag not in tags:
                self.lose(child, f"element: {child.tag}", "not understood")
        if node.text:
            self.lose(node, f"text: inside {node.tag}", "not understood")

    def form(self, design: Node) -> Form:
        self.owner = id = design.get("id") or design.get("lineage")
        self.rest(design, _OF_FORM, ("property", *_PARTS))
        properties = [(_name_of(each), each.get("val")) for each in design.below("property")]
        parts = [self.part(each) for each in design.below(*_PARTS)]
        titles = [design.get("formtitle"), *(value for name, value in properties if name.lower() == "officialname")]
        titles += [part.title for part in parts if part.title]
        return Form(
            id=id,
            place=design.place,
            title=self.without_braces(design, next(filter(None, titles), id or "Form")),
            version=design.get("version"),
            properties=tuple((name, value) for name, value in properties if value),
            parts=tuple(parts),
            losses=tuple(self.losses),
        )

    def without_braces(self, design: Node, title: str) -> str:
        """The title as the header line of a report can print it."""
        words = title.replace("{", "(").replace("}", ")")
        if words != title:
            self.lose(design, f"title: {title}", f'printed as "{words}"', lost=False)
        return words

    def part(self, node: Node) -> Item:
        self.owner = node.get("id")
        self.rest(node, ("mincard", "maxcard", *_SHOWN), _NAMED)
        for each in node.below("property"):
            self.lose(each, f"property: {_name_of(each)}", each.get("val"))
        title = node.get("title")
        needed = node.get("mincard") != "0"
        return Item(kind=Kind.section, id=node.get("id"), place=node.place, title=title, below=self.below(node, needed))

    def below(self, node: Node, needed: bool) -> tuple[Item, ...]:
        """The items under a node; `needed` is whether the form requires what is above them."""
        found: list[tuple[str, Item]] = []
        for children in node.below("childitems"):
            self.rest(children, (), (*_ITEMS, "buttonaction"))
            for child in children.children:
                for item in self.items(child, needed):
                    self.add(found, child, item)
        return tuple(item for _, item in found)

    def add(self, found: list[tuple[str, Item]], node: Node, item: Item) -> None:
        """Add an item, or take it as a further entry of the one before it."""
        base = base_id(item.id)
        before = found[-1] if found else None
        if before and item.repeats and item.id and base == before[0] and item.kind is before[1].kind:
            found[-1] = base, replace(before[1], further=(*before[1].further, item))
        else:
            found.append((base, item))

    def items(self, node: Node, needed: bool) -> Iterator[Item]:
        owner, self.owner = self.owner, node.get("id")
        if node.tag in _KINDS:
            yield self.item(node, _KINDS[node.tag], needed)
        elif node.tag == "injectform":
            self.lose(node, "injected form", "import it as a protocol of its own")
            for inner in [each for child in node.children for each in _injected(child)]:
                yield from self.items(inner, needed)
        elif node.tag == "buttonaction":
            self.lose(node, "button", "left out")
        self.owner = owner

    def item(self, node: Node, kind: Kind, needed: bool) -> Item:
        fields = ("listfield", "responsefield") if kind is Kind.question else ()
        self.rest(node, ("mincard", "maxcard", "readonly", *_SHOWN), (*_NAMED, *fields))
        hidden = not (node.is_on("visible", otherwise=True) and node.is_on("enabled", otherwise=True))
        needed = needed and node.get("mincard") != "0" and not hidden
        if hidden:
            self.lose(node, "hidden until a rule shows it", "always asked, and never required", lost=False)
        repeats = node.get("maxcard") not in ("", "1")
        if repeats and node.get("maxcard") != "0":
            self.lose(
                node, f"limit: at most {node.get('maxcard')} entries", "any number of entries is taken", lost=False
            )
        lists, responses = node.below("listfield"), node.below("responsefield")
        services = [each for field in lists for each in field.below("list", "lookupendpoint")]
        if kind is Kind.question and not (services or responses or node.below("childitems")):
            self.lose(node, "question without a field", "asked as a text", lost=False)
        if node.is_on("readonly"):
            self.lose(node, "read-only", "asked like any other question; nothing is entered beforehand", lost=False)
        if node.get("mincard") not in ("", "0", "1"):
            self.lose(node, f"limit: at least {node.get('mincard')} entries", "one entry is required", lost=False)
        title, report, shown, help, codes = self.named(node)
        answers, more = self.answers(lists[0]) if lists else ((), ())
        return Item(
            kind=kind,
            id=node.get("id"),
            place=node.place,
            title=title,
            report=report,
            shown=shown,
            help=(*help, *more),
            codes=codes,
            needed=needed,
            repeats=repeats,
            answers=answers,
            multiple=bool(lists) and lists[0].get("maxselections") not in ("", "1"),
            response=self.response(responses[0]) if responses else _looked_up(lists),
            below=self.below(node, needed),
        )

    def named(self, node: Node) -> tuple[str, str | None, bool, tuple[str, ...], tuple[Code, ...]]:
        """Title, words of the report, whether the report shows it, remarks and codes."""
        report: str | None = node.get("reporttext") or None
        help = []
        for each in node.below("property"):
            name, value = _name_of(each), each.get("val")
            self.rest(each, ("val", "propname", "propclass"))
            if name.lower() == "reporttext":
                report = value or report
            elif name.lower() in _HELP:
                help.append(value)
            elif value:
                self.lose(each, f"property: {name}", value)
        if report is not None:
            report = "" if report.lower() == NO_TEXT else report.removeprefix("]").strip()  # "]" marks it as edited
        shown = node.get("showinreport").lower() not in ("false", "0")
        codes = tuple(code for each in node.below("codedvalue") for code in self.code(each))
        return node.get("title"), report, shown, tuple(filter(None, help)), codes

    def code(self, node: Node) -> Iterator[Code]:
        said = {each.tag: each.get("val") for each in node.children}
        systems = [inner.get("val") for each in node.below("codesystem") for inner in each.children]
        system, code = next(filter(None, systems), ""), said.get("code", "")
        if system and code:
            yield Code(system, code, said.get("codetext", "")[:120])
        else:
            self.lose(node, "code", "it names no code, or no system")

    def answers(self, field: Node) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
        """The answers of a list, and the remarks that belong to none of them."""
        known = ("maxselections", "minselections", "numcols", "defaultlistitemdatatype")
        self.rest(field, known, ("list", "listheadertext", "defaultcodesystem", "lookupendpoint"))
        help = [each.get("val") for each in field.below("listheadertext")]
        for each in field.below("lookupendpoint"):
            self.lose(each, "look-up", "its answers come from a service; asked as a text")
            self.rest(each, tags=("responsevalue",))
        if field.get("maxselections") not in ("", "0", "1"):
            what = f"limit: at most {field.get('maxselections')} answers"
            self.lose(field, what, "any number of answers is taken", lost=False)
        if field.get("minselections") not in ("", "0", "1"):
            what = f"limit: at least {field.get('minselections')} answers"
            self.lose(field, what, "one answer is enough", lost=False)
        answers: list[Answer] = []
        for child in [each for every in field.below("list") for each in every.children]:
            if child.tag == "listitem":
                answers.append(self.answer(child, tuple(filter(None, help))))
                help = []
            elif child.tag == "displayeditem":
                self.rest(child, _SHOWN, _NAMED)
                title, report, *_ = self.named(child)
                help.append(title)
                if report and title:
                    self.lose(child, "note between answers", "shown on the form, and not printed", lost=False)
            else:
                self.lose(child, f"element: {child.tag}", "not understood")
        return tuple(answers), tuple(filter(None, help))

    def answer(self, node: Node, remarks: tuple[str, ...]) -> Answer:
        owner, self.owner = self.owner, node.get("id")
        own = ("selected", "selectiondeselectssiblings", "selectiondisableschildren", "omitwhenselected")
        self.rest(node, (*own, "associatedvalue", "associatedvaluetype", *_SHOWN), (*_NAMED, "listitemresponsefield"))
        title, report, shown, help, codes = self.named(node)
        fields = node.below("listitemresponsefield")
        made = Answer(
            id=node.get("id"),
            place=node.place,
            title=title,
            report=report,
            shown=shown,
            help=(*remarks, *help),
            codes=codes,
            exclusive=node.is_on("selectiondeselectssiblings"),
            omits=node.is_on("omitwhenselected") or not shown,
            closes=node.is_on("selectiondisableschildren"),
            response=self.response(fields[0]) if fields else None,
            value=node.get("associatedvalue"),
            selected=node.is_on("selected"),
            below=self.below(node, needed=True),
        )
        self.owner = owner
        return made

    def response(self, node: Node) -> Response:
        self.rest(node, ("responserequired",), ("response", "textafterresponse", "responseunits"))
        for each in node.below("textafterresponse", "responseunits"):
            self.rest(each, ("val", "unitsystem"))
        types = [each for response in node.below("response") for each in response.children]
        typed = types[0] if types else Node("string", node.place, {})
        limits = {name: value for name, value in typed.attributes.items() if name not in _SILENT}
        value = limits.pop("val", "")
        return Response(
            place=node.place,
            type=typed.tag,
            unit=next((each.get("val") for each in node.below("responseunits")), ""),
            after=next((each.get("val") for each in node.below("textafterresponse")), ""),
            limits=limits,
            required=node.is_on("responserequired") or node.tag == "responsefield",
            value=value.strip() or typed.text.strip(),
        )


def base_id(id: str) -> str:
    """The id of an item without what a filled form adds to it in a further entry."""
    return _FURTHER.sub("", id)


def _name_of(node: Node) -> str:
    return node.get("propname") or node.get("type") or node.get("name")


def _looked_up(lists: list[Node]) -> Response | None:
    """The field of a question whose answers come from a service, with what was chosen there."""
    services = [service for each in lists for service in each.below("lookupendpoint")]
    chosen = [{inner.tag: inner.get("val") for inner in each.children} for every in services for each in every.children]
    value = "; ".join(filter(None, (said.get("codetext") or said.get("code") for said in chosen)))
    return Response(place=services[0].place, type="string", value=value) if services else None


def _injected(node: Node) -> list[Node]:
    """The items that are written out inside an injected form."""
    if node.tag in ("section", "question"):
        return [node]
    bodies = node.below(*_PARTS) if node.tag in _DESIGNS else []
    return [item for body in bodies for children in body.below("childitems") for item in children.children]
