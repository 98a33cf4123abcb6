"""`python -m datasets.lanes.make_set --data DATA --out SET.npz ...`: a training set that `datasets.lanes.train` takes.

Drawn roads and photos as `train` draws them itself, parts of outlined training photos, and parts of rendered training
scenes, whose truth is told from their plan, without Blender.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from datasets.lanes.outlines import outlined
from datasets.lanes.rendered import rendered
from datasets.lanes.samples import make, stacked, vehicle_boxes
from datasets.scenes.render_store import SAMPLES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--roads", type=int, default=0)
    parser.add_argument("--photos", type=int, default=0)
    parser.add_argument("--boxes", type=Path, help="vehicle boxes of datasets.pseudo")
    parser.add_argument("--outlined", type=int, default=0, help="parts of each outlined photo")
    parser.add_argument("--scenes", type=Path, nargs="*", default=[], help="lists of training scenes")
    parser.add_argument("--cache", type=Path, help="their finished pictures")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="as they were rendered")
    parser.add_argument("--rendered", type=int, default=4, help="parts of each rendered picture")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random = np.random.default_rng(args.seed)
    boxes = vehicle_boxes(args.boxes) if args.boxes else {}
    found = list(make(args.data, args.roads, args.photos, args.seed, boxes)) if args.roads + args.photos else []
    found += outlined(args.data, args.outlined, random)
    if args.cache:
        found += rendered(args.scenes, args.cache, args.rendered, random, args.samples)
    pixels, lines, light = stacked(found)
    np.savez(args.out, pixels=pixels, lines=lines, light=light)
    print(f"{args.out.name}: {len(pixels)} pictures")


if __name__ == "__main__":
    main()
