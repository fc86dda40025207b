#!/usr/bin/env bash
# Checks the types of everything that is built for Windows, on Debian.
# usage: packaging/windows/check.sh [DIR]   (DIR, by default target/windows, keeps the tools between runs)
# Ends with status 2 where the source of this compiler is not to be had.
set -euo pipefail
repository=$(realpath "$(dirname "$0")/../..")
dir=$(realpath -m "${1:-$repository/target/windows}")
. "$repository/packaging/windows/tools.sh" "$dir"
cargo check --release -p gradphoto-cli -Zbuild-std=std,panic_abort --target "$target" --target-dir "$dir/check" \
    --manifest-path "$repository/Cargo.toml"
