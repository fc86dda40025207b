#!/usr/bin/env bash
# Tries the portable zip under Wine as a clerk would: unpacked into a Chinese folder, an empty prefix, no network.
# usage: packaging/windows/try.sh ZIP DIR   (WINEPREFIX and friends as build.sh sets them)
set -euo pipefail
zip=$(realpath "$1")
repository=$(realpath "$(dirname "$0")/../..")
rm -rf "$2"; mkdir -p "$2"
cd "$2"
export WINEPREFIX="$PWD/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LANG=C.UTF-8
python3 -m zipfile -e "$zip" 程序
exe=$(find "$PWD/程序" -name gradphoto.exe)
(cd "$(dirname "$exe")" && sha256sum --quiet -c SHA256SUMS.txt)

step() { printf '\n== %s\n' "$*"; }
is() { [ "$1" = "$2" ] || { echo "expected $2, got $1" >&2; exit 1; }; }

step "Photos in a folder with a Chinese name, and a long path"
long=照片/$(printf '长%.0s' $(seq 60))/$(printf '名%.0s' $(seq 60))
mkdir -p "$long"
cp "$repository/tests/samples/blue.jpg" "$long/张三.jpg"
cp "$repository/tests/samples/low-quality.jpg" 照片/李四.jpg
status=0; wine "$exe" check 照片 --format jsonl > jsonl || status=$?
is "$status" 1
is "$(grep -c '"verdict":' jsonl)" 2
grep -q 张三 jsonl && grep -q 李四 jsonl

step "The verdicts are those of this machine"
status=0; wine "$exe" check 照片 --engine tract --format jsonl > tract || status=$?
is "$status" 1
verdicts() { python3 -c 'import json, sys; print([json.loads(line)["verdict"] for line in sys.stdin])'; }
is "$(verdicts < tract)" "$(verdicts < jsonl)"

step "Copies for upload, results, a folder that cannot be written to"
wine "$exe" prepare 照片 --output 上传 || true
status=0; wine "$exe" check 照片 --output 结果 > /dev/null || status=$?
is "$status" 1
test -s 结果/report.html && test -s 结果/report.xlsx

step "A folder dropped on the program opens the page"
wine "$exe" "$(winepath -w "$PWD/照片" 2>/dev/null || wine winepath -w "$PWD/照片")" --no-open > said &
pid=$!
for _ in $(seq 100); do grep -q http said 2>/dev/null && break; sleep 0.3; done
address=$(grep -o 'http://[^ ]*/' said | tr -d '\r' | head -n 1)
for _ in $(seq 100); do
    curl -s "${address}api/changes" > changes && python3 -c 'import json, sys; sys.exit(json.load(open("changes"))["run"]["state"] != "done")' && break
    sleep 0.3
done
is "$(python3 -c 'import json; print(len(json.load(open("changes"))["rows"]))')" 2
curl -s "${address}" | grep -q 毕业照自查
kill $pid || true

step "Without the engine's library it works all the same"
rm "$(dirname "$exe")/onnxruntime.dll"
status=0; wine "$exe" check 照片 --format jsonl > alone || status=$?
is "$status" 1
is "$(verdicts < alone)" "$(verdicts < jsonl)"
echo; echo "the zip works under Wine"
