"""Which advisories a part must raise, and at which level: the table of advisories, written down a second time."""

from __future__ import annotations

from datetime import date

from tests.acceptance.oracle.plain import Part, Truth, all_of, any_of

NOTE, WARNING, STOP = "note", "warning", "stop"
Raised = dict[str, str]


def high_grade(part: Part) -> Truth:
    """Marked pleomorphism or severe atypia."""
    return any_of(part.is_in("pleomorphism", "marked"), part.is_in("atypia.grade", "severe"))


def too_many_mitoses(part: Part) -> Truth:
    """Above the limit, or not known to be at or below it; nothing is known of a count that was not entered."""
    if not part.has("mitoses"):
        return None
    return True if part.above("mitoses", 20) is None else part.above("mitoses", 20)


def stop_a4(part: Part) -> Truth:
    """High-grade appearance."""
    return all_of(high_grade(part), part.is_in("necrosis", "present"), too_many_mitoses(part))


def stop_a5(part: Part) -> Truth:
    """Metastasis."""
    return part.is_in("metastasis", "suspected", "confirmed")


def advisories(part: Part) -> Raised:
    """The level of each advisory that the answers raise for certain."""
    raised: Raised = {}
    if part.residual != "not identified":
        _of_the_neoplasm(part, raised)
        _of_the_stains(part, raised)
    if stop_a5(part):
        raised["A5"] = STOP
    if part.optional("history.multiplicity", "multiple") or part.optional(
        "history.syndrome", "Li-Fraumeni", "familial leiomyomatosis"
    ):
        raised["A16"] = NOTE
    age = _age(part)
    if age is not None and (age < 22 or age > 90):
        raised["A17"] = NOTE
    if part.residual == "not identified" and part.is_in("procedure_site", "not identified"):
        raised["A18"] = WARNING
    return raised


def _of_the_neoplasm(part: Part, raised: Raised) -> None:
    if high_grade(part):
        raised["A1"] = WARNING
    if part.is_in("necrosis", "present"):
        raised["A2"] = WARNING
    for limit, level in ((20, WARNING), (5, NOTE)):
        if part.above("mitoses", limit):
            raised.setdefault("A3", level)
    if stop_a4(part):
        raised["A4"] = STOP
    deep = (
        part.is_in("subcutis", "extensive"),
        part.above("subcutis.depth", 4),
        part.is_in("epicenter", "subcutis", "deeper"),
        part.is_in("deep_tissue", "present"),
    )
    if any_of(*deep):
        raised["A6"] = WARNING
    features = part.node("atypia.features") or []
    names = [each.get("result") if isinstance(each, dict) else each for each in features]
    if "multinucleated giant cells" in names or all_of(
        part.optional("ulceration", "present"), part.optional("solar_elastosis", "present")
    ):
        raised["A13"] = NOTE
    if part.is_in("atypia.grade", "none"):
        raised["A14"] = WARNING
    if part.is_in("growth", "circumscribed") or part.is_in("fascicles", "no"):
        raised["A15"] = WARNING
    elif part.is_in("growth", "mixed") or part.is_in("fascicles", "partly"):
        raised["A15"] = NOTE
    if part.optional("perineural", "present") or part.optional("lymphovascular", "present"):
        raised["A23"] = NOTE


def _of_the_stains(part: Part, raised: Raised) -> None:
    without = part.negative("desmin", "caldesmon")
    if part.positive("CD10"):
        raised["A7"] = WARNING if without else NOTE
    if part.positive("CD68"):
        raised["A8"] = NOTE
    if part.positive("S100", "SOX10"):
        raised["A9"] = WARNING
    if part.optional("melanoma_in_situ", "present") or part.optional("lymphoid_aggregates", "present"):
        raised["A10"] = WARNING if "A9" in raised else NOTE
    # Desmin or caldesmon is what makes keratin a known finding of this entity; diffuse keratin alone is none.
    diffuse = part.stain("pankeratin") == "positive" and not part.positive("desmin", "caldesmon")
    if part.positive("p63", "p40") or (part.positive("pankeratin") and without) or diffuse:
        raised["A11"] = WARNING
    elif part.positive("pankeratin"):
        raised["A11"] = NOTE
    if part.positive("FXIIIa"):
        raised["A12"] = WARNING if without else NOTE
    if part.positive("SMA") and without:
        raised["A20"] = WARNING
    if part.positive("HMB45", "MelanA"):
        raised["A21"] = WARNING
    if part.positive("ERG") or (part.positive("CD34") and not part.positive("desmin", "caldesmon")):
        raised["A22"] = WARNING


def unclear_keratin(part: Part) -> bool:
    """Keratin is focally positive, and desmin and caldesmon are neither positive nor both negative: note or warning."""
    smooth = part.positive("desmin", "caldesmon") or part.negative("desmin", "caldesmon")
    focal = part.stain("pankeratin") == "focally positive"
    return focal and not smooth and not part.positive("p63", "p40")


LINEAGES = ("A7", "A10", "A11", "A12", "A21", "A22")


def another_lineage(part: Part) -> bool:
    """Whether the stains speak for another lineage, so loudly that the entity must not be named."""
    raised = advisories(part)
    return part.positive("SOX10") or any(raised.get(id) == WARNING for id in LINEAGES)


def pending(part: Part) -> bool:
    """Whether any stain is still to come, whatever it is called."""
    stains = part.node("stains") or {}
    named = [part.stain(name) for name in stains if name != "other"]
    added = [each.get("result") for each in stains.get("other", ())]
    return "pending" in [each if isinstance(each, str) else (each or {}).get("result") for each in (*named, *added)]


def _age(part: Part) -> int | None:
    born, collected = part.case["patient"].get("birth_date"), part.case.get("collected")
    if not born or not collected:
        return None
    born, then = date.fromisoformat(born), date.fromisoformat(collected)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))
