#!/usr/bin/env bash
# Makes the portable zip for Windows on Debian with packages of Debian and PyPI alone, and runs it under Wine.
# usage: packaging/windows/build.sh [DIR]   (DIR, by default target/windows, keeps the tools between runs)
# A build on a Windows runner with the msvc target and `-C target-feature=+crt-static` is what a release should ship;
# this one shows that the program, its page and its engine work there.
set -euo pipefail
repository=$(realpath "$(dirname "$0")/../..")
dir=$(realpath -m "${1:-$repository/target/windows}")
target=x86_64-win7-windows-gnu
mkdir -p "$dir"

tools() {
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends wine64 wine libz-mingw-w64 gcc-mingw-w64-x86-64-win32 mingw-w64-x86-64-dev curl > /dev/null
    # Tier 3: the standard library is compiled from the source of this very compiler.
    local rust uri lists version
    rust=$(rustc --version | cut -d' ' -f2)
    if [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then
        cp -al "$(rustc --print sysroot)" "$dir/toolchain"
    else
        uri=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -v security | sed -n 1p | tr -d ' ' || true)
        test -n "$uri" || { echo "no Debian archive in apt's sources: rustup component add rust-src" >&2; exit 2; }
        lists="$dir/apt"
        mkdir -p "$lists/lists/partial" "$lists/cache/archives/partial" "$dir/src"
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri trixie-backports main" > "$lists/sources.list"
        local options=(-o Dir::Etc::SourceList="$lists/sources.list" -o Dir::Etc::SourceParts=/nonexistent -o Dir::State::Lists="$lists/lists" -o Dir::Cache="$lists/cache")
        apt-get "${options[@]}" update -qq
        version=$(apt-cache "${options[@]}" madison rust-src | awk '{print $3}' | grep "^$rust" | sed -n 1p)
        test -n "$version" || { echo "no source of rustc $rust: rustup component add rust-src" >&2; exit 2; }
        (cd "$dir/src" && apt-get "${options[@]}" download -qq "rust-src=$version" && dpkg -x rust-src_*.deb .)
        cp -al "$(rustc --print sysroot)" "$dir/toolchain"
        mkdir -p "$dir/toolchain/lib/rustlib/src"
        ln -sfn "$dir/src/usr/src/rustc-$rust" "$dir/toolchain/lib/rustlib/src/rust"
    fi
    touch "$dir/tools-ready"
}
[ -e "$dir/tools-ready" ] || tools

export PATH="$dir/toolchain/bin:$PATH" RUSTC="$dir/toolchain/bin/rustc" RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc-win32
export CC_x86_64_win7_windows_gnu=x86_64-w64-mingw32-gcc-win32 AR_x86_64_win7_windows_gnu=x86_64-w64-mingw32-ar
export WINEPREFIX="$dir/wine" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
cargo build --release -p gradphoto-cli -Zbuild-std=std,panic_abort --target "$target" --target-dir "$dir/target" \
    --manifest-path "$repository/Cargo.toml"

"$repository/packaging/windows/zip.sh" "$dir/target/$target/release/gradphoto.exe" "$dir"
"$repository/packaging/windows/try.sh" "$dir/gradphoto-windows-x64.zip" "$dir/tried"
