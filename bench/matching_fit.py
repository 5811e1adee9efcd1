"""`python -m bench.matching_fit`: fit what evidence is worth to one half of the pairs; writes `providers/matching/weights.py`.

Needs what `bench.matching` needs. Weights come from softmax regression over the candidates of each title; a title whose label
the fit itself finds absurd is left out of its last rounds, since many labels are wrong. Confidence comes from logistic
regression over the best candidates. The other half of the pairs is not looked at.

Measure with `bench.matching` before keeping a new fit.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.matching import Pair, is_tuning, pairs_file, pairs_read
from bench.report import say
from tests.services.processes import ROOT

if TYPE_CHECKING:
    from providers.matching.scoring import Found

Floats = NDArray[np.float64]
Row = tuple[int, "Found"]

SET_BY_HAND = {
    "OWN_TITLE": 0.0, "TITLE_SHARED": 0.0, "SEASON_SAME": 3.0,
    "YEAR_SAME": 1.3, "YEAR_NEAR": -0.2, "YEAR_DIFFERS": -2.0, "YEAR_EXTRA": 0.0,
    "GIVEN_YEAR_SAME": 1.5, "GIVEN_YEAR_NEAR": -0.4, "GIVEN_YEAR_DIFFERS": -3.0,
    "GIVEN_KIND_SAME": 0.8, "GIVEN_KIND_DIFFERS": -2.5,
    "GIVEN_EPISODES_SAME": 1.0, "GIVEN_EPISODES_DIFFER": -1.5,
    "COVER_SAME": 5.0, "COVER_ALIKE": 2.5,
}  # fmt: skip
"""Years in titles are labelled wrongly too often to learn from, the pairs know nothing beside titles, and what a title that
is one anime's alone is, is a rule.
"""
SHIFTS_BY_HAND = {
    "OWN_TITLE": 0.4, "TITLE_SHARED": -1.0, "SEASON_SAME": -0.5,
    "GIVEN_YEAR_DIFFERS": -1.5, "GIVEN_KIND_DIFFERS": -1.5, "GIVEN_EPISODES_DIFFER": -1.0,
    "GIVEN_YEAR_SAME": 0.3, "GIVEN_KIND_SAME": 0.1, "GIVEN_EPISODES_SAME": 0.3, "COVER_SAME": 1.0, "COVER_ALIKE": 0.5,
}  # fmt: skip
EPOCHS, RATE, DECAY = 300, 0.05, 1e-4
TRIMS = (0.05, 0.2)
"""Labels less likely than this are left out, round by round."""
CALIBRATION_DECAY = 5.0
FOLDS = 3
"""The confidence is fitted to scores of titles that the weights have not seen."""
TARGET = Path(ROOT) / "providers" / "matching" / "weights.py"


class Groups:
    """The candidates of many titles as one matrix: rows of evidence, by title."""

    def __init__(self, candidates: list[list[Row]], labels: Sequence[int], width: int) -> None:
        kept = [
            (rows, label) for rows, label in zip(candidates, labels, strict=True) if any(r[0] == label for r in rows)
        ]
        sizes = [len(rows) for rows, _ in kept]
        self.matrix: Floats = np.zeros((sum(sizes), width))
        self.is_right: Floats = np.zeros(sum(sizes))
        self.owner = np.repeat(np.arange(len(kept)), sizes)
        place = 0
        for rows, label in kept:
            for mal_id, found in rows:
                for piece, amount in found:
                    self.matrix[place, piece] += amount
                self.is_right[place] = mal_id == label
                place += 1

    def likelihood(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """(of each row, of each row among the right ones, of the label by title)."""
        scores = self.matrix @ weights
        starts = np.flatnonzero(np.r_[True, np.diff(self.owner) > 0])
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[self.owner])
        whole, right = np.add.reduceat(powers, starts), np.add.reduceat(powers * self.is_right, starts) + 1e-12
        return powers / whole[self.owner], powers * self.is_right / right[self.owner], right / whole


def weights_fit(groups: Groups, fixed: dict[int, float]) -> Floats:
    """Maximum likelihood of any row of the labelled anime, by Adam."""
    weights = np.zeros(groups.matrix.shape[1])
    weights[list(fixed)] = list(fixed.values())
    used = np.ones(groups.owner[-1] + 1, dtype=bool)
    for threshold in (*TRIMS, None):
        first, second = np.zeros_like(weights), np.zeros_like(weights)
        rows = used[groups.owner]
        for step in range(1, EPOCHS + 1):
            every, right, _ = groups.likelihood(weights)
            slope = groups.matrix.T @ ((every - right) * rows) / used.sum() + DECAY * weights
            slope[list(fixed)] = 0
            first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope * slope
            rate = RATE * (1 - 0.9 * step / EPOCHS)
            weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        if threshold is not None:
            used = groups.likelihood(weights)[2] > threshold
    return weights


def confidence_fit(features: Floats, is_right: Floats) -> Floats:
    """Logistic regression by Newton's method."""
    weights = np.zeros(features.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -50, 50)))
        slope = features.T @ (chance - is_right) + CALIBRATION_DECAY * weights
        curve = features.T @ (features * (chance * (1 - chance))[:, None]) + CALIBRATION_DECAY * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def candidates_of(pairs: list[Pair]) -> list[list[Row]]:
    """(MAL id, evidence) of every way to every candidate, by pair."""
    from providers.matching.following import Follower

    catalogue = Follower().catalogue()
    return [
        [
            (search.index.facts[lead.anime_id].mal_id or 0, lead.evidence)
            for search, leads in catalogue.search(str(pair["provider_title"]))
            for lead in leads
        ]
        for pair in pairs
    ]


def best_of(rows: list[Row], weights: Floats) -> tuple[float, float, int, "Found"]:
    """(score, margin to the second anime, MAL id, evidence) of the best candidate."""
    from providers.matching.matcher import ALONE

    best: dict[int, tuple[float, Found]] = {}
    for mal_id, found in rows:
        score = sum(float(weights[piece]) * amount for piece, amount in found)
        if mal_id not in best or score > best[mal_id][0]:
            best[mal_id] = score, found
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    mal_id, (score, found) = ranked[0]
    return score, score - ranked[1][1][0] if len(ranked) > 1 else ALONE, mal_id, found


def features_of(score: float, margin: float, found: "Found", width: int) -> Floats:
    """What the confidence is made of; the same as in `providers.matching.decision`."""
    from providers.matching.decision import MARGIN_FIRST_LIMIT, MARGIN_LIMIT

    row = np.zeros(4 + width)
    row[:4] = 1, min(margin, MARGIN_LIMIT), min(margin, MARGIN_FIRST_LIMIT), score / 10
    for piece, amount in found:
        row[4 + piece] += amount
    return row


def weights_write(weights: Floats, confidence: Floats) -> None:
    """The module of weights, as code."""
    from providers.matching.evidence import Evidence

    bias, margin, first, score = confidence[:4]
    shifts = {piece: float(confidence[4 + piece]) for piece in Evidence}
    shifts |= {Evidence[name]: value for name, value in SHIFTS_BY_HAND.items()}
    lines = [
        '"""What evidence is worth, fitted by `python -m bench.matching_fit` to one half of real pairs; edit that instead."""',
        "",
        "from providers.matching.evidence import Evidence",
        "",
        "WEIGHTS: dict[Evidence, float] = {",
        *(f"    Evidence.{piece.name}: {weights[piece] + 0:.2f}," for piece in Evidence),
        "}",
        '"""By natural logarithms of odds."""',
        "",
        f"BIAS, MARGIN, MARGIN_FIRST, SCORE = {bias:.2f}, {margin:.2f}, {first:.2f}, {score / 10:.3f}",
        "SHIFTS: dict[Evidence, float] = {",
        *(f"    Evidence.{piece.name}: {value:.2f}," for piece, value in shifts.items() if abs(value) >= 0.01),
        "}",
        '"""What makes the best candidate more or less sure than its score does."""',
        "",
    ]
    TARGET.write_text("\n".join(lines))


def main() -> int:
    """Fit and write; exit code 2 without the pairs."""
    path = pairs_file()
    if path is None:
        sys.stderr.write("bench.matching_fit needs providers/title-pairs.jsonl.gz in HIROBA_DATA.\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from providers.matching.evidence import Evidence

    pairs = [pair for pair in pairs_read(path) if is_tuning(int(pair["mal_id"]))]
    labels, candidates = [int(pair["mal_id"]) for pair in pairs], candidates_of(pairs)
    fixed = {int(Evidence[name]): value for name, value in SET_BY_HAND.items()}
    features, is_right = [], []
    for fold in range(FOLDS):
        own = [label % FOLDS == fold for label in labels]
        rest = [(rows, label) for rows, label, mine in zip(candidates, labels, own, strict=True) if not mine]
        weights = weights_fit(Groups([rows for rows, _ in rest], [label for _, label in rest], len(Evidence)), fixed)
        for rows, label, mine in zip(candidates, labels, own, strict=True):
            if mine and rows:
                score, margin, mal_id, found = best_of(rows, weights)
                features.append(features_of(score, margin, found, len(Evidence)))
                is_right.append(float(mal_id == label))
    say(f"best candidate right in folds not fitted to: {100 * sum(is_right) / len(pairs):.2f} %")
    weights = weights_fit(Groups(candidates, labels, len(Evidence)), fixed)
    weights_write(weights, confidence_fit(np.array(features), np.array(is_right)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
