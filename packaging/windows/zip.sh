#!/usr/bin/env bash
# Makes the portable zip of a program built for Windows: the program, the engine with its notices, how to use them, checksums.
# usage: packaging/windows/zip.sh GRADPHOTO.EXE DIR   (makes DIR/gradphoto-windows-x64.zip)
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
exe=$1
dir=$2
name=gradphoto-windows-x64
python=$(command -v python3 || command -v python)
rm -rf "${dir:?}/$name" "$dir/wheel" "$dir/$name.zip"
mkdir -p "$dir/$name/许可" "$dir/wheel"
cp "$exe" "$dir/$name/gradphoto.exe"
"$python" -m pip download --quiet --no-deps --only-binary :all: --platform win_amd64 --python-version 3.12 --dest "$dir/wheel" "onnxruntime>=1.24.2"
"$python" -m zipfile -e "$dir/wheel/"onnxruntime-*.whl "$dir/wheel"
cp "$dir/wheel/onnxruntime/capi/onnxruntime.dll" "$dir/$name/"
cp "$dir/wheel/onnxruntime/LICENSE" "$dir/$name/许可/onnxruntime-LICENSE.txt"
cp "$dir/wheel/onnxruntime/ThirdPartyNotices.txt" "$dir/$name/许可/onnxruntime-ThirdPartyNotices.txt"
cp -r "$repository/models/LICENSES" "$dir/$name/许可/models"
cp "$repository/LICENSE-MIT" "$repository/LICENSE-APACHE" "$dir/$name/许可/"
cp "$repository/packaging/windows/使用说明.html" "$dir/$name/"
mkdir "$dir/$name/图"
cp "$repository/docs/page/"*.jpg "$dir/$name/图/"
(cd "$dir/$name" && find . -type f ! -name SHA256SUMS.txt -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS.txt)
(cd "$dir" && "$python" -m zipfile -c "$name.zip" "$name")
