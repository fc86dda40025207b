#!/usr/bin/env bash
# Makes our nets that anybody may use, from scratch, from the sources of sources.toml alone:
#
#     models/training/open.sh DATA PYTHON PYTHON_WITH_MEDIAPIPE [WORKERS]
#
# DATA holds photos/ and open/; WORKERS processes (4) draw beside each training. A clock ends every training: with a GPU and as many
# cores the whole takes three quarters of an hour and reaches the steps that the cards state; without one give `train.py` more --seconds and
# smaller batches: two hours of two cores (--batch 24 --seconds 7200) make a parsing net within the spread that its card states.
set -euo pipefail
data=$(realpath "$1") python=$2 mediapipe=$3 workers=${4:-4}
cd "$(dirname "$0")"
mkdir -p "$data/work"
"$python" train.py list "$data" --open
"$mediapipe" face_landmarks.py --rows "$data/work/paths.csv" --out "$data/work/landmarks.npz"
"$mediapipe" person_masks.py --rows "$data/work/paths.csv" --out "$data/work/persons.npz"
"$python" train.py masks "$data" --open
"$python" train.py crops "$data" --open
"$python" train.py eye_state "$data" --open
"$python" train.py ear_state "$data" --open --workers "$workers"
"$python" train.py face_parsing "$data" --open --workers "$workers"
"$python" train.py heads "$data" --open
