# Makes Debian able to build for Windows, with its packages alone; to be sourced with the folder that keeps what it brings:
# . packaging/windows/tools.sh DIR [wine]   (wine: to run what was built, too)
# Sets `target` and what cargo needs to build for it. Returns 2 where the source of this very compiler is not to be had.
windows_tools=$1
target=x86_64-win7-windows-gnu
mkdir -p "$windows_tools"

packages() {
    local wanted=(libz-mingw-w64 gcc-mingw-w64-x86-64-win32 mingw-w64-x86-64-dev) missing=()
    [ "${1:-}" = wine ] && wanted+=(wine64 wine curl)
    for package in "${wanted[@]}"; do
        dpkg -s "$package" 2> /dev/null | grep -q '^Status: .* installed' || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends "${missing[@]}" > /dev/null
    fi
}

# Tier 3: the standard library is compiled from the source of this very compiler.
toolchain() {
    local dir=$windows_tools rust uri version
    rust=$(rustc --version | cut -d' ' -f2)
    [ "$(cat "$dir/tools-ready" 2> /dev/null)" = "$rust" ] && return
    rm -rf "$dir/toolchain"
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then
        uri=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2> /dev/null | grep -v security | sed -n 1p | tr -d ' ' || true)
        mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/src"
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${uri:-none} trixie-backports main" > "$dir/apt/sources.list"
        local options=(-o Dir::Etc::SourceList="$dir/apt/sources.list" -o Dir::Etc::SourceParts=/nonexistent
                       -o Dir::State::Lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache")
        apt-get "${options[@]}" update -qq || true
        version=$(apt-cache "${options[@]}" madison rust-src | awk '{print $3}' | grep "^$rust" | sed -n 1p || true)
        if [ -z "$version" ]; then
            echo "no source of rustc $rust: rustup component add rust-src" >&2
            return 2
        fi
        (cd "$dir/src" && apt-get "${options[@]}" download -qq "rust-src=$version" && dpkg -x rust-src_*.deb .)
    fi
    cp -al "$(rustc --print sysroot)" "$dir/toolchain"
    if [ -d "$dir/src/usr/src/rustc-$rust" ]; then
        mkdir -p "$dir/toolchain/lib/rustlib/src"
        ln -sfn "$dir/src/usr/src/rustc-$rust" "$dir/toolchain/lib/rustlib/src/rust"
    fi
    echo "$rust" > "$dir/tools-ready"
}

packages "${2:-}"
toolchain || return
export PATH="$windows_tools/toolchain/bin:$PATH" RUSTC="$windows_tools/toolchain/bin/rustc" RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc-win32
export CC_x86_64_win7_windows_gnu=x86_64-w64-mingw32-gcc-win32 AR_x86_64_win7_windows_gnu=x86_64-w64-mingw32-ar
