"""`python -m datasets.cut_vehicle --init COCO.pt --out FILE.pt`: the COCO detector with a head for vehicles only."""

from __future__ import annotations

import argparse
from pathlib import Path

from datasets.train import open_yolo
from datasets.training.coco_vehicles import cut


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--init", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    cut(open_yolo(args.init)).save(str(args.out))


if __name__ == "__main__":
    main()
