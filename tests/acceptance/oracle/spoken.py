"""What kind of sentence a report printed: the only place that knows words of the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reportgen.reports.model import Sentence
from tests.acceptance.oracle import verdicts

HEADLINES = {
    r"Residual smooth muscle neoplasm, surface": verdicts.SURFACE_SMOOTH,
    r"Residual spindle cell neoplasm, surface": verdicts.SURFACE_SPINDLE,
    r"(Residual )?[Ss]urface of smooth muscle neoplasm": verdicts.SURFACE_SMOOTH,
    r"(Residual )?[Ss]urface of spindle cell neoplasm": verdicts.SURFACE_SPINDLE,
    r"(Residual )?[Ss]pindle cell neoplasm": verdicts.SPINDLE,
    r"(Residual )?[Aa]typical intradermal smooth muscle neoplasm": verdicts.ENTITY,
    r"No residual .*": verdicts.NO_RESIDUAL,
}
INTERPRETATIONS = {
    r".*results so far are those of an atypical.*": verdicts.SO_FAR,
    r".*compatible with an atypical.*": verdicts.COMPATIBLE,
    r".*(in|on|of) the prior (specimen|case).*": verdicts.SHOWN_BEFORE,
    r".*are those of an atypical.*": verdicts.THOSE_OF,
}
RECOMMENDATIONS = {
    r"Re-excision is recommended.*exclude.*": verdicts.BOTH_REASONS,
    r"Re-excision is recommended.*": verdicts.REMOVAL,
    r"Complete excision is recommended.*": verdicts.COMPLETE,
}


def kind(sentences: Sequence[Sentence], patterns: Mapping[str, str]) -> str:
    """The kind of the one sentence that a statement printed; `NONE` where it printed nothing."""
    if not sentences:
        return verdicts.NONE
    (sentence,) = sentences
    if sentence.gap:
        return verdicts.GAP
    if ".override" in sentence.clause:
        return verdicts.OWN
    text = sentence.text.removesuffix(" (see comment)")
    found = [name for pattern, name in patterns.items() if re.fullmatch(pattern, text)]
    assert found, f"the oracle does not know these words: {sentence.text}"
    return found[0]
