"""`python -m datasets.calibrate ROLE --data DATA [--write]`: from scores to chances, fitted on validation photos only.

Detectors and the plate reader get one curve (scale and shift of the logit, Platt 1999), classifiers a temperature a
head (Guo 2017). With ``--write`` the numbers go into the metadata of the role's ONNX file, and the file's new hash
into its card; what is in the graph stays byte for byte. Repeating it starts from the raw scores again. Prints what
becomes of each limit that is held against such a score, so that no decision changes silently: those of
`vision/standards/limits.toml` and the constants in the code are then set by hand to what is printed, and the role is
evaluated anew: a card has no numbers until then.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import onnx

from datasets.evaluation import as_json, colours, damage, framing, parts, vehicles, views
from datasets.evaluation.calibration import Floats, Judged, ece, fit_platt, fit_temperature
from datasets.evaluation.kept import keep_in
from datasets.evaluation.plate_scores import scored as plates_scored
from datasets.lanes import evaluate as lanes
from vision.models.calibration import Platt, tempered
from vision.models.card import WEIGHTS, Card, card_of, sha256_of
from vision.standard import shared_limits

Curve = Callable[[float], float]
CURVES: dict[str, Callable[[Path, str], Judged]] = {
    "damage": damage.scored,
    "parts": parts.scored,
    "vehicle": vehicles.scored,
    "plate_reader": plates_scored,
    "lane": lanes.scored,
}
"""Role of one curve -> raw scores of its answers and whether each is right: (data folder, split)."""
HEADS = {"view": ("view",), "photo": ("framing", "turn"), "colour": ("colour",)}
SCORED: dict[str, Callable[[Path, str], tuple[tuple[Floats, np.ndarray], ...]]] = {
    "view": lambda data, split: (views.scored(data, split),),
    "photo": framing.scored,
    "colour": lambda data, split: (colours.scored(data, split),),
}
"""Role of a classifier -> raw chances and truths of each of its heads."""
LIMITS: dict[str, tuple[str, ...]] = {
    "damage": ("damage_score", "damage_doubt", "damage_sure"),
    "vehicle": ("vehicle_score", "vehicle_doubt"),
    "view": ("view_score", "view_doubt"),
    "framing": ("framing_score",),
    "plate_reader": ("plate_score",),
    "lane": ("lane_score", "lane_doubt"),
    "colour": ("colour_score",),
}
"""Which shared limits are held against which score. `damage_any` is held against several at once: with a new curve of
damage it is chosen anew."""


def put(role: str, metadata: dict[str, object], folder: Path = WEIGHTS) -> Card:
    """Writes metadata (as JSON, keys that are there are replaced) into the role's file and its hash into the card.

    The card's numbers go with the old file: kept beside the new hash they would be told of a file that nobody measured.
    """
    file, told = folder / f"{role}.onnx", folder / f"{role}.card.json"
    model = onnx.load(file)
    kept = {prop.key: prop.value for prop in model.metadata_props}
    onnx.helper.set_model_props(model, kept | {key: json.dumps(value) for key, value in metadata.items()})
    fresh = file.with_suffix(".fresh")
    onnx.save(model, fresh)
    os.replace(fresh, file)
    card = Card.model_validate_json(told.read_bytes())
    card = card.model_copy(update={"sha256": sha256_of(file), "metrics": {}, "missed": []})
    told.write_text(as_json(card.model_dump()), encoding="utf-8")
    return card


def metadata_of(role: str) -> dict[str, str]:
    return {prop.key: prop.value for prop in onnx.load(card_of(role).path).metadata_props}


def same_share(before: Floats, after: Floats, limit: float) -> float:
    """The limit that as many of the new scores pass as did the old one of the old scores."""
    passed = int((before >= limit).sum())
    order = np.sort(after)[::-1]
    if passed in (0, len(order)):
        return limit
    return float((order[passed - 1] + order[passed]) / 2)


def tell_limits(score: str, to: Curve) -> None:
    """Prints what becomes of the limits on a score whose meaning changed by ``to``."""
    limits = shared_limits()[1]
    for name in LIMITS.get(score, ()):
        print(f"  {name}: {limits[name]:g} -> {to(limits[name]):.4f}")
    print("  any other: " + ", ".join(f"{k / 20:.2f} -> {to(k / 20):.3f}" for k in range(1, 20)))


def curve(role: str, data: Path) -> dict[str, object]:
    """Fits the curve of a detector or the reader, prints the errors before and after, gives its metadata."""
    answers = CURVES[role](data, "val")
    scores, right = answers.scores, answers.right
    fitted = fit_platt(scores, right)
    before = platt_now(role)
    print(f"{role}: scale {fitted.scale}, shift {fitted.shift} from {len(scores)} answers, {right.mean():.3f} right")
    errors = [
        f"{name} {ece(c(scores), right):.4f}"
        for name, c in (("raw", Platt()), ("as it ships", before), ("fitted", fitted))
    ]
    print("  calibration error on val: " + ", ".join(errors))

    def to(limit: float) -> float:
        # From the score as it ships back to the raw one, and up the new curve.
        raw = Platt(1 / before.scale, -before.shift / before.scale)(limit)
        return float(fitted(raw))

    tell_limits(role, to)
    told: dict[str, object] = {"calibration": [fitted.scale, fitted.shift]}
    if role == "plate_reader":
        told["abstain_below"] = round(to(float(json.loads(metadata_of(role)["abstain_below"]))), 4)
    return told


def platt_now(role: str) -> Platt:
    return Platt(*json.loads(metadata_of(role).get("calibration", "[1.0, 0.0]")))


def temperatures(role: str, data: Path) -> dict[str, object]:
    """Fits a temperature a head, prints the errors before and after, gives the metadata."""
    heads = SCORED[role](data, "val")
    now = json.loads(metadata_of(role).get("temperatures", json.dumps([1.0] * len(heads))))
    fitted = []
    for name, (raw, truth), old in zip(HEADS[role], heads, now, strict=True):
        t, right = fit_temperature(raw, truth), raw.argmax(1) == truth
        if ece(tempered(raw, t).max(1), right) >= ece(raw.max(1), right):
            print(f"{name}: temperature {t} makes the calibration error no smaller: left as it is")
            t = 1.0
        fitted.append(t)
        tops = {key: tempered(raw, at).max(1) for key, at in (("raw", 1.0), ("as it ships", old), ("fitted", t))}
        print(f"{name}: temperature {t} from {len(truth)} answers, {right.mean():.3f} right")
        print("  calibration error on val: " + ", ".join(f"{k} {ece(s, right):.4f}" for k, s in tops.items()))
        tell_limits(name, partial(same_share, tops["as it ships"], tops["fitted"]))
    return {"temperatures": fitted}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=(*CURVES, *HEADS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="folder in which raw answers are kept, as in kuaizheng evaluate")
    parser.add_argument("--write", action="store_true", help="into the ONNX file and its card; else only print")
    args = parser.parse_args()
    keep_in(args.keep)
    told = curve(args.role, args.data) if args.role in CURVES else temperatures(args.role, args.data)
    print(f"  metadata: {json.dumps(told)}")
    if args.write:
        print(f"  {args.role}.onnx is now sha256:{put(args.role, told).sha256}")


if __name__ == "__main__":
    main()
