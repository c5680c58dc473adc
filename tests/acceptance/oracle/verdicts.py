"""What a report must say of a part: the rules of the medicine, written without a look at the protocol's sentences.

Each function gives the kinds of sentence that are right; `GAP` is a visible gap. More than one kind is right only
where the rules leave a choice.
"""

from __future__ import annotations

from tests.acceptance.oracle.advice import another_lineage, high_grade, pending, stop_a4, stop_a5, unclear_keratin
from tests.acceptance.oracle.plain import CORE, UNDETERMINED, Part, Truth, all_of, any_of

GAP, NONE, OWN = "gap", "none", "own words"
SURFACE_SMOOTH, SURFACE_SPINDLE, SPINDLE = "surface of smooth muscle", "surface of spindle cell", "spindle cell"
ENTITY, NO_RESIDUAL = "entity", "no residual"
THOSE_OF, SO_FAR, COMPATIBLE, SHOWN_BEFORE = "those of", "those of, so far", "compatible", "shown before"
BOTH_REASONS, REMOVAL, COMPLETE = "re-excision for both reasons", "re-excision for removal", "complete excision"


def one(kind: str) -> frozenset[str]:
    """One kind alone is right."""
    return frozenset({kind})


def stopped(part: Part) -> Truth:
    """A raised stop, acknowledged or not."""
    if part.residual == "not identified":
        return stop_a5(part)
    return any_of(stop_a4(part), stop_a5(part))


def core_positive(part: Part) -> bool:
    """Smooth muscle differentiation is shown by one of the core stains."""
    return part.positive(*CORE)


def immunophenotype_unmet(part: Part) -> bool:
    """All core stains were answered and none is positive."""
    return all(part.stain(name) in ("negative", "equivocal") for name in CORE)


UNMET = {
    "epicenter": ("subcutis", "deeper"),
    "growth": ("circumscribed",),
    "fascicles": ("no",),
    "subcutis": ("extensive",),
}


def criterion_unmet(part: Part) -> Truth:
    """An essential criterion is not met. What cannot be determined is not unmet; other words leave it open."""
    judged = [
        False if part.said(path) in UNDETERMINED else part.is_in(path, *answers) for path, answers in UNMET.items()
    ]
    return any_of(*judged, immunophenotype_unmet(part))


def histology_met(part: Part) -> Truth:
    """Dermal epicenter, infiltrative growth, fascicles, at most limited involvement of the subcutis."""
    limited = part.is_in("subcutis", "not identified", "focal")
    if part.said("subcutis") == "not represented":
        # A biopsy that does not reach the subcutis cannot show more; an excision must show it.
        limited = True if part.kind == "biopsy" else None
    return all_of(
        part.is_in("epicenter", "dermis"),
        part.is_in("growth", "infiltrative", "mixed"),
        part.is_in("fascicles", "yes", "partly"),
        limited,
    )


def fascia_or_muscle(part: Part) -> Truth:
    """Fascia or muscle is involved. What cannot be judged is not involved, as far as anybody knows."""
    if part.said("deep_tissue") in (None, *UNDETERMINED):
        return False
    return part.is_in("deep_tissue", "present")


def elsewhere(part: Part) -> bool:
    """The specimen is not skin."""
    return part.said("organ") == "other"


def atypical(part: Part) -> Truth:
    """Some grade of atypia."""
    return part.is_in("atypia.grade", "mild", "moderate", "severe")


def headline(part: Part) -> frozenset[str]:
    """The first line of the diagnosis."""
    if part.override("diagnosis"):
        return one(OWN)
    if part.residual == "not identified" and stopped(part) is False and part.override("interpretation"):
        return frozenset({NO_RESIDUAL, GAP})
    if part.override("interpretation") or part.residual is None:
        return one(GAP)
    if part.residual == "not identified":
        if not part.has("metastasis"):
            return frozenset({NO_RESIDUAL, GAP})
        return one(GAP) if stopped(part) is not False else one(NO_RESIDUAL)
    gates = (stopped(part), elsewhere(part), criterion_unmet(part), fascia_or_muscle(part))
    if any(gate is not False for gate in gates):
        return one(GAP)
    if another_lineage(part):
        return frozenset({SPINDLE, SURFACE_SPINDLE, GAP})
    deep = part.said("margins.deep")
    if part.kind is None or (part.kind == "biopsy" and deep in (None, "other")):
        return one(GAP)
    found = _composed(part, surface=part.kind == "biopsy" and deep in ("involved", "cannot be assessed"))
    # Nothing says what a biopsy is called whose deep edge another part settles.
    free = part.kind == "biopsy" and deep == "see part"
    return found | one(GAP) if free or leaves_a_choice(part) else found


def _composed(part: Part, *, surface: bool) -> frozenset[str]:
    """The headline that the answers license, where nothing withholds it."""
    if core_positive(part):
        return one(SURFACE_SMOOTH) if surface else one(ENTITY) if named(part) else one(GAP)
    if confirmed_before(part):
        free = frozenset({SPINDLE, SURFACE_SPINDLE, GAP})
        return one(ENTITY) | (free if repeated(part) else one(ENTITY)) if named(part) else free
    if part.is_in("fascicles", "yes", "partly") is None:
        return one(GAP)
    return one(SURFACE_SPINDLE if surface else SPINDLE)


def named(part: Part) -> bool:
    """Whether histology, atypia and depth allow the entity to be named."""
    withheld = any_of(
        stopped(part), elsewhere(part), criterion_unmet(part), fascia_or_muscle(part), another_lineage(part)
    )
    return all_of(histology_met(part), atypical(part), None if withheld is None else not withheld) is True


def core_negative(part: Part) -> bool:
    """One of the core stains is negative."""
    return any(part.stain(name) == "negative" for name in CORE)


def repeated(part: Part) -> bool:
    """A core stain of this specimen says, or will say, something of its own."""
    return any(part.stain(name) in ("negative", "equivocal", "pending") for name in CORE)


def leaves_a_choice(part: Part) -> bool:
    """Where the rules allow the sentence and the gap: fascia, core stains or another lineage were not made clear."""
    unclear = part.said("deep_tissue") in (None, *UNDETERMINED) or not any(part.stain(name) for name in CORE)
    above = any(part.said(path) == "other" for path in ("melanoma_in_situ", "lymphoid_aggregates"))
    return unclear or (above and not part.negative("S100", "SOX10")) or unclear_keratin(part)


def confirmed_before(part: Part) -> bool:
    """Smooth muscle differentiation was shown in the prior specimen, and this one holds the rest of it."""
    return part.residual == "present" and part.said("prior.immunophenotype") == "confirmed on prior case"


def interpretation(part: Part) -> frozenset[str]:
    """The sentence that names the entity in the comment."""
    if part.override("comment"):
        return one(NONE)
    if part.override("interpretation"):
        return one(OWN)
    if part.residual == "not identified":
        return frozenset({NONE, GAP}) if part.override("diagnosis") or stopped(part) is not False else one(NONE)
    if part.override("diagnosis") or part.residual is None or not named(part):
        return one(GAP)
    found = _interpreted(part)
    return found | one(GAP) if part.kind is None or leaves_a_choice(part) else found


def _interpreted(part: Part) -> frozenset[str]:
    """What the findings are said to be, where the entity may be named."""
    if core_positive(part):
        return one(SO_FAR if pending(part) else THOSE_OF)
    if confirmed_before(part):
        return frozenset({SHOWN_BEFORE, COMPATIBLE, GAP}) if repeated(part) else one(SHOWN_BEFORE)
    return one(GAP) if core_negative(part) or part.positive("S100") else one(COMPATIBLE)


def recommendation(part: Part) -> frozenset[str]:
    """The sentence that recommends something."""
    if part.override("comment"):
        return one(NONE)
    if part.override("recommendation"):
        return one(OWN)
    if part.residual == "not identified":
        free = part.override("diagnosis") or part.override("interpretation") or stopped(part) is not False
        return frozenset({NONE, GAP}) if free else one(NONE)
    if part.override("diagnosis") or part.override("interpretation") or part.residual is None:
        return one(GAP)
    gates = (stopped(part), elsewhere(part), criterion_unmet(part), fascia_or_muscle(part), another_lineage(part))
    if True in gates:
        return one(GAP)
    # A draft may say what the margin asks for before everything is entered; nothing is said past other words.
    if in_other_words(part):
        return one(GAP)
    free = None in gates or part.kind in (None, "debulking") or leaves_a_choice(part)
    return by_margins(part) | one(GAP) if free else by_margins(part)


def in_other_words(part: Part) -> bool:
    """Whether an answer that a stop or a criterion hangs on was given in other words."""
    read = ["metastasis", "deep_tissue", *UNMET]
    if stop_a4(part) is None:
        read += ["necrosis", *(["pleomorphism", "atypia.grade"] if high_grade(part) is None else [])]
    return any(part.said(path) == "other" for path in read)


def by_margins(part: Part) -> frozenset[str]:
    """What the edges or margins ask for."""
    deep, peripheral, kind = part.said("margins.deep"), part.said("margins.peripheral"), part.kind
    if kind == "debulking":
        return one(NONE)
    if deep == "see part":  # the other part decides, unless the periphery asks for something or leaves it open
        return one(NONE) if peripheral in ("uninvolved", "see part") else one(GAP)
    if deep in ("involved", "cannot be assessed"):
        return one(BOTH_REASONS)
    if deep != "uninvolved" or peripheral in (None, "other"):
        return one(GAP)
    if peripheral == "involved":
        return one(REMOVAL)
    if kind is None:
        return one(GAP)
    if kind == "biopsy":
        return one(COMPLETE)
    return one(GAP) if peripheral == "cannot be assessed" else one(NONE)
