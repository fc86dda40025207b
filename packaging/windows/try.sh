#!/usr/bin/env bash
# Tries the portable zip under Wine as a clerk would: unpacked into a Chinese folder, an empty prefix, no network.
# usage: packaging/windows/try.sh ZIP DIR [GRADPHOTO]   (GRADPHOTO: the command of this machine, whose verdicts must be the same)
set -euo pipefail
zip=$(realpath "$1")
native=${3:+$(realpath "$3")}
repository=$(realpath "$(dirname "$0")/../..")
rm -rf "$2"; mkdir -p "$2"
cd "$2"
export WINEPREFIX="$PWD/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LANG=C.UTF-8
python3 -m zipfile -e "$zip" 程序
exe=$(find "$PWD/程序" -name gradphoto.exe)
(cd "$(dirname "$exe")" && sha256sum --quiet -c SHA256SUMS.txt)

win() { env -u GRADPHOTO_ONNXRUNTIME -u ORT_DYLIB_PATH wine "$exe" "$@"; }
step() { printf '\n== %s\n' "$*"; }
until_true() { for _ in $(seq 200); do eval "$1" && return; sleep 0.3; done; cat said >&2; echo "never: $1" >&2; exit 1; }
is() { [ "$1" = "$2" ] || { echo "expected $2, got $1" >&2; exit 1; }; }

step "Photos in a folder with a Chinese name, and a long path"
long=照片/$(printf '长%.0s' $(seq 60))/$(printf '名%.0s' $(seq 60))
mkdir -p "$long"
cp "$repository/tests/samples/blue.jpg" "$long/张三.jpg"
cp "$repository/tests/samples/low-quality.jpg" 照片/李四.jpg
cp "$repository/tests/conformance/comp_clean_005_0.jpg" 照片/王五.jpg
status=0; win check 照片 --format jsonl > jsonl 2> said || status=$?
is "$status" 1
is "$(grep -c '"verdict":' jsonl)" 3
for name in 张三 李四 王五; do grep -q "$name" jsonl; done
grep -q onnxruntime jsonl

step "The verdicts are those of this machine, on both engines"
verdicts() { python3 -c 'import json, sys; print(sorted((json.loads(line)["photo"][-6:], json.loads(line)["verdict"]) for line in sys.stdin))'; }
status=0; win check 照片 --engine tract --format jsonl > tract || status=$?
is "$status" 1
is "$(verdicts < tract)" "$(verdicts < jsonl)"
if [ -n "$native" ]; then
    status=0; "$native" check 照片 --format jsonl > here || status=$?
    is "$status" 1
    is "$(verdicts < here)" "$(verdicts < jsonl)"
fi

step "Results, and once more: nothing is looked at again"
status=0; win check 照片 --output 结果 > /dev/null || status=$?
is "$status" 1
for file in report.jsonl report.html report.csv report.xlsx batch.json gradphoto.sqlite; do test -s "结果/$file"; done
cp 结果/report.jsonl first
status=0; win check 照片 --output 结果 --resume > /dev/null || status=$?
is "$status" 1
cmp first 结果/report.jsonl

step "The same into a path of more than a thousand characters"
deep=结果/$(printf '深%.0s' $(seq 80))/$(printf '长%.0s' $(seq 80))/$(printf '远%.0s' $(seq 80))/$(printf '久%.0s' $(seq 80))
status=0; win check 照片/王五.jpg --output "$deep" > /dev/null || status=$?
test "$status" -lt 2 && test -s "$deep/gradphoto.sqlite"

step "A folder with a blank and a backslash before the quotation mark, as PowerShell completes it"
mkdir 'my photos'
cp 照片/王五.jpg 'my photos/1.jpg'
# What a shell of Windows passes on as it was typed.
export GP="Z:${exe//\//\\}"
printf '"%%GP%%" check "my photos\\" --output "my results" --jobs 2\r\n' > typed.bat
wine cmd /c typed.bat > said 2>&1 || true
test -s 'my results/report.html'

step "A table that is open in Excel is told before any photo is looked at"
mkdir empty
printf '"%%GP%%" watch empty < "my results\\report.xlsx"\r\n' > typed.bat
wine cmd /c typed.bat > said 2>&1 &
until_true 'grep -q "empty，" said'
status=0; win check 'my photos' --output 'my results' --overwrite --lang zh > /dev/null 2> held || status=$?
is "$status" 2
grep -q 'report.xlsx.*请关闭' held
test ! -e 'my results/report.jsonl.part'
# Ends what runs in this prefix.
wineserver -k || true

step "Copies for upload"
status=0; win prepare 照片/王五.jpg --output 上传 > said || status=$?
is "$status" 0
test -s 上传/王五.jpg && test -s 上传/index.csv

step "A folder that cannot be written to is told in words"
status=0; win check 照片 --output 'Z:\proc\结果' --lang zh > /dev/null 2> said || status=$?
is "$status" 2
grep -q '无法新建或写入文件夹' said

step "A camera's folder is watched"
mkdir 现场
win watch 现场 --output 看 > said 2>&1 &
pid=$!
until_true 'grep -q 现场 said'
cp "$repository/tests/conformance/comp_clean_005_0.jpg" 现场/0001.jpg
until_true 'grep -q 0001.jpg 看/report.jsonl 2> /dev/null'
kill $pid || true

step "A folder dropped on the program opens the page"
win "$(winepath -w "$PWD/照片" 2>/dev/null || wine winepath -w "$PWD/照片")" --no-open > said &
pid=$!
until_true 'grep -q http said'
address=$(grep -o 'http://[^ ]*/' said | tr -d '\r' | head -n 1)
until_true 'curl -s "${address}api/changes" > changes && grep -q "\"state\":\"done\"" changes'
is "$(python3 -c 'import json; print(len(json.load(open("changes"))["rows"]))')" 3
curl -s "${address}" | grep -q 毕业照自查
curl -s "${address}api/folders?path=C:%5C" | grep -q '"path":"Z:'
kill $pid || true

step "Without the engine's library it works all the same, and says that it is slower"
rm "$(dirname "$exe")/onnxruntime.dll"
mkdir 多张
for number in $(seq 100); do cp 照片/李四.jpg "多张/$number.jpg"; done
status=0; win check 照片 --format jsonl > alone || status=$?
is "$status" 1
is "$(verdicts < alone)" "$(verdicts < jsonl)"
status=0; win check 多张 --lang zh > /dev/null 2> said || status=$?
is "$status" 1
grep -q '没有找到 ONNX Runtime' said
echo; echo "the zip works under Wine"
