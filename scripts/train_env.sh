#!/usr/bin/env bash
# The training environment: train_env.sh PYTHON FOLDER (about a minute, 1.6 GB).
# By pip, not uv: where a machine's own index offers a CPU build of torch, pip finds it; a plain torch brings gigabytes of
# CUDA. torch therefore has no hash (its builds differ); all else is pinned with hashes. torchvision's wheel is linked to
# CUDA: datasets/torchvision_cpu.py makes it importable beside a CPU torch.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 folder=$2
"$python" -m venv "$folder"
pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" --require-hashes -r requirements/train.txt
"${pip[@]}" torch==2.13.0
"${pip[@]}" --require-hashes --no-deps -r requirements/train-nodeps.txt
YOLO_OFFLINE=true YOLO_AUTOINSTALL=false "$folder/bin/python" -c '
import datasets.torchvision_cpu
import datasets.export
from ultralytics import YOLO
YOLO("yolo11n.yaml", verbose=False)
print("training environment ready")'
