#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# pictures: the timelines of a site as PNG, for what shows a link to a page: it
# takes no SVG. A page whose picture cannot be made keeps its SVG.
#
#   harness/scripts/pictures.sh SITE KEPT
#
# KEPT has those of the last time, which are good while the SVG is the same: by
# Chromium each takes seconds. rsvg-convert is quicker, where it is there.
set -u
site=$1 kept=$2 made=0
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
mkdir -p "$kept" || exit 4

# png SVG PNG
png() {
    if command -v rsvg-convert >/dev/null; then
        rsvg-convert --width 1200 --height 630 --output "$2" "$1"
    else
        HOME=$work chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
            --user-data-dir="$work/profile" --window-size=1200,630 --hide-scrollbars \
            --screenshot="$2" "file://$(realpath "$1")"
    fi >/dev/null 2>&1 && [ -s "$2" ]
}

for svg in "$site"/*.svg; do
    name=${svg##*/} name=${name%.svg}
    cmp -s "$svg" "$kept/$name.svg" || png "$svg" "$kept/$name.png" || continue
    cp "$svg" "$kept/" && cp "$kept/$name.png" "$site/" || exit 4
    sed -i "/og:image/s/$name\.svg/$name.png/" "$site/$name.html"
    made=$((made + 1))
done
echo "$made pictures for links, as PNG"
