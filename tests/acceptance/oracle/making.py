"""Invented cases over all answers: other words, "cannot be determined", pending stains, missing answers, several parts.

Odds favor the answers that let the entity be named, since a case drawn at random is withheld for three reasons at once.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.acceptance.oracle.plain import Data

BIOPSIES = ("shave biopsy", "punch biopsy", "incisional biopsy")
EXCISIONS = ("excisional biopsy", "excision", "wide local excision", "re-excision", "Mohs debulking")
STAINS = (
    "CD10", "CD68", "S100", "SOX10", "MelanA", "HMB45", "FXIIIa", "pankeratin", "p63", "p40", "CD34", "ERG", "Ki-67",
)  # fmt: skip
OTHER = "other"


class Maker:
    """Makes cases from one seed; the same seed makes the same cases."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def case(self) -> Data:
        """A case of one to three parts. Each of its answers is possible; together they may be refused."""
        count = self.random.choice((1, 1, 1, 2, 3))
        return {
            "protocol": "aismn",
            "accession": "S26-00777",
            "patient": {
                "name": "Invented, Ida", "mrn": "000777", "sex": "female",
                "birth_date": self.random.choice(("1961-04-02", "1980-12-31", "2010-06-01", "1932-01-01")),
            },
            "collected": "2026-11-16",
            "received": "2026-11-17",
            "reported": "2026-11-20",
            "laboratory": {"name": "Invented Laboratory", "address": "1 Invented Way"},
            "parts": [self.part(label, "ABC"[:count]) for label in "ABC"[:count]],
        }  # fmt: skip

    def part(self, label: str, labels: str) -> Data:
        """One part."""
        part: Data = {"label": label, "site": "forearm", "laterality": "not specified"}
        part["procedure"] = self._procedure()
        if self._happens(0.03):
            del part["procedure"]
        if self._happens(0.03):
            part["organ"] = {"result": OTHER, "text": "lung"}
        residual = self._prior(part)
        if residual != "not identified":
            self._neoplasm(part)
            self._margins(part, labels)
            self._stains(part)
        elif self._happens(0.9):
            part["procedure_site"] = self._one("dermal scar", "healing biopsy site changes", "not identified")
        self._put(part, "metastasis", self._choice(("none known", 30), ("suspected", 1), ("confirmed", 1), (OTHER, 1)))
        if isinstance(part.get("metastasis"), str) and part["metastasis"] != "none known":
            part["metastasis"] = {"result": part["metastasis"], "site": "liver"}
        if self._happens(0.1):
            part["history"] = {
                "multiplicity": self._one("single", "multiple"),
                "syndrome": self._one("none known", "Li-Fraumeni"),
            }
        if self._happens(0.06):
            named = self._one(
                ("diagnosis",), ("interpretation",), ("recommendation",), ("diagnosis", "interpretation"),
                ("interpretation", "recommendation"), ("comment",), ("diagnosis", "comment"),
            )  # fmt: skip
            part["override"] = {name: f"Own words for the {name}." for name in named}
        return part

    def _procedure(self) -> Any:
        if self._happens(0.06):
            return {"result": OTHER, "text": "saucerization", "counts_as": self._one("biopsy", "excision")}
        return self._one(*(BIOPSIES if self._happens(0.5) else EXCISIONS))

    def _prior(self, part: Data) -> str | None:
        """The prior case and what is left of its neoplasm; answers whether anything is."""
        said = part.get("procedure")
        follows = said == "re-excision" or (said in EXCISIONS and self._happens(0.25))
        if not follows:
            return None
        part["prior"] = {
            "accession": self._one("S26-00100", "S26-00101", {"result": "cannot be determined", "reason": "outside"}),
            "diagnosis": self._one(
                "Atypical intradermal smooth muscle neoplasm", "Surface of smooth muscle neoplasm",
                "Spindle cell neoplasm", "Leiomyoma", "Cutaneous leiomyosarcoma", "Basal cell carcinoma",
            ),
            "date": "2026-10-01",
        }  # fmt: skip
        if self._happens(0.4):
            part["prior"]["immunophenotype"] = self._one("confirmed on prior case", "not known")
        residual: str | None = self._choice(("present", 6), ("not identified", 3), (None, 1))
        self._put(part, "residual", residual)
        return residual

    def _neoplasm(self, part: Data) -> None:
        unknown = {"result": "cannot be determined", "reason": "fragmented"}
        self._put(part, "size", self._one("6 mm", "9 x 4 mm", unknown))
        draws = {
            "epicenter": (("dermis", 20), ("subcutis", 1), ("deeper", 1), (OTHER, 1), (unknown, 1)),
            "growth": (("infiltrative", 14), ("mixed", 4), ("circumscribed", 1), (OTHER, 1), (unknown, 1)),
            "fascicles": (("yes", 14), ("partly", 4), ("no", 1), (OTHER, 1), (unknown, 1)),
            "deep_tissue": (("not identified", 12), ("present", 1), ("not represented", 6), (OTHER, 1), (unknown, 1)),
            "pleomorphism": (("none", 4), ("focal", 6), ("moderate", 5), ("marked", 4), (OTHER, 1)),
            "necrosis": (("not identified", 12), ("present", 4), (OTHER, 1), (unknown, 1)),
            "perineural": (("not identified", 12), ("present", 1), (OTHER, 1), (unknown, 1)),
        }
        for path, odds in draws.items():
            self._put(part, path, self._choice(*odds))
        if part.get("deep_tissue") and self._happens(0.3) and part.get("procedure") in BIOPSIES:
            del part["deep_tissue"]
        self._subcutis(part, unknown)
        grade = self._choice(("none", 2), ("mild", 6), ("moderate", 6), ("severe", 3), (OTHER, 1))
        if grade is not None and self._happens(0.97):
            part["atypia"] = {"grade": self._other_words(grade)}
            if grade != "none" and self._happens(0.95):
                features = ("hyperchromasia", "nuclear enlargement", "multinucleated giant cells")
                part["atypia"]["features"] = self._one(
                    ["none specified"], self.random.sample(features, self.random.choice((1, 2, 3)))
                )
        counts = ("0", "1", "3", "5", "6", "13", "20", "21", "28", "29", ">=18", ">20", "<5", ">=6")
        self._put(part, "mitoses", self._choice((f"{self._one(*counts)} per 10 HPF", 12), (unknown, 1)))
        for path in (
            "lymphovascular",
            "ulceration",
            "solar_elastosis",
            "melanoma_in_situ",
            "lymphoid_aggregates",
            "collagen_trapping",
            "epidermal_induction",
        ):
            if self._happens(0.2):
                part[path] = self._other_words(self._choice(("not identified", 4), ("present", 2), (OTHER, 1)))

    def _subcutis(self, part: Data, unknown: Data) -> None:
        said = self._choice(
            ("not identified", 8), ("focal", 5), ("extensive", 1), ("not represented", 6), (OTHER, 1), (unknown, 1)
        )
        if said in ("focal", "extensive"):
            part["subcutis"] = {"result": said}
            self._put(part["subcutis"], "depth", self._one("0.2 mm", "1 mm", "4 mm", "4.1 mm", "12 mm", unknown))
        else:
            self._put(part, "subcutis", said)

    def _margins(self, part: Data, labels: str) -> None:
        margins: Data = {}
        part["margins"] = margins
        others = [label for label in labels if label != part["label"]]
        for edge in ("deep", "peripheral"):
            reason = {"result": "cannot be assessed", "reason": "curled"}
            see = [({"result": "see part", "part": others[0]}, 1)] if others else []
            said = self._choice(("involved", 6), ("uninvolved", 7), (reason, 2), (OTHER, 1), *see)
            if said == "uninvolved":
                said = {"result": said}
                if self._happens(0.7):
                    said["distance"] = self._one(
                        "0.1 mm", "3 mm", {"result": "cannot be determined", "reason": "oblique"}
                    )
            self._put(margins, edge, said)
        if not margins:
            del part["margins"]

    def _stains(self, part: Data) -> None:
        stains: Data = {}
        usual = self._happens(0.6)  # a panel as it is wanted, or anything
        for name in ("SMA", "desmin", "caldesmon"):
            odds = (("positive", 12 if usual else 3), ("focally positive", 2), ("negative", 2 if usual else 5))
            self._put(
                stains, name, self._choice(*odds, ("equivocal", 1), ("pending", 1), ("not performed", 1), (None, 2))
            )
        for name in STAINS:
            if self._happens(0.25):
                odds = (("positive", 1 if usual else 3), ("focally positive", 1), ("negative", 12 if usual else 5))
                stains[name] = self._choice(*odds, ("equivocal", 1), ("pending", 1), ("not performed", 1))
        if self._happens(0.1):
            stains["other"] = [{"name": "EMA", "result": self._one("positive", "negative", "pending")}]
        if stains:
            part["stains"] = stains

    def _happens(self, odds: float) -> bool:
        return self.random.random() < odds

    def _one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def _choice(self, *odds: tuple[Any, int]) -> Any:
        return self.random.choices([value for value, _ in odds], [weight for _, weight in odds])[0]

    def _other_words(self, said: Any) -> Any:
        return {"result": OTHER, "text": "as drawn below"} if said == OTHER else said

    def _put(self, node: Data, key: str, said: Any) -> None:
        """Enter an answer; one of thirty is left out."""
        if said is not None and self._happens(0.97):
            node[key] = self._other_words(said)
