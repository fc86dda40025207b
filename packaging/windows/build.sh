#!/usr/bin/env bash
# Makes the portable zip for Windows on Debian with packages of Debian and PyPI alone, and runs it under Wine.
# usage: packaging/windows/build.sh [DIR]   (DIR, by default target/windows, keeps the tools between runs)
# A build on a Windows runner with the msvc target and `-C target-feature=+crt-static` is what a release should ship;
# this one shows that the program, its page and its engine work there.
set -euo pipefail
repository=$(realpath "$(dirname "$0")/../..")
dir=$(realpath -m "${1:-$repository/target/windows}")
# The command of this machine, whose verdicts must be the same.
cargo build --release --bin gradphoto --manifest-path "$repository/Cargo.toml"

. "$repository/packaging/windows/tools.sh" "$dir" wine
cargo build --release -p gradphoto-cli -Zbuild-std=std,panic_abort --target "$target" --target-dir "$dir/target" \
    --manifest-path "$repository/Cargo.toml"

"$repository/packaging/windows/zip.sh" "$dir/target/$target/release/gradphoto.exe" "$dir"
"$repository/packaging/windows/try.sh" "$dir/gradphoto-windows-x64.zip" "$dir/tried" "${CARGO_TARGET_DIR:-$repository/target}/release/gradphoto"
