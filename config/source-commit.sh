#!/bin/sh
# Prints the commit that this source is at, with -dirty where tracked files differ from it; nothing where git is missing or
# the source is no repository of its own (an unpacked archive).
root=$(cd "$(dirname "$0")/.." && pwd -P)
top=$(git -C "$root" rev-parse --show-toplevel 2>/dev/null) || exit 0
[ "$top" = "$root" ] || exit 0
git -C "$root" describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null || exit 0
