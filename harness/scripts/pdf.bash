# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# pdf: what the scripts share that make a PDF, handout.sh and book.sh, which
# source it: which program makes it here, and how it is called. Both are in the
# directory of the project, and have set -eu.
export LC_ALL=C.UTF-8

give_up() {
    printf '%s: %s\n' "$(basename "$0" .sh)" "$2" >&2
    exit "$1"
}

# pdf_begin OUT: sets out, maker, and work, a directory that goes at the end.
pdf_begin() {
    local program
    out=$1 maker=''
    for program in weasyprint chromium chromium-browser google-chrome; do
        [ -n "$maker" ] || maker=$(command -v "$program" || true)
    done
    [ -n "$maker" ] ||
        give_up 3 'it needs weasyprint or chromium, and there is neither: make setup check'
    mkdir -p "${out%/*}" 2>/dev/null || [ "${out%/*}" = "$out" ] ||
        give_up 3 "cannot make the directory ${out%/*}"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
}

# pdf_make NAME: $work/NAME.html as $work/NAME.pdf.
pdf_make() {
    case ${maker##*/} in
    weasyprint) "$maker" "$work/$1.html" "$work/$1.pdf" ;;
    *)
        HOME=$work "$maker" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
            --user-data-dir="$work/profile" --no-pdf-header-footer \
            --generate-pdf-document-outline --print-to-pdf="$work/$1.pdf" \
            "file://$work/$1.html"
        ;;
    esac >"$work/log" 2>&1 </dev/null || give_up 3 "$maker failed: $(tail -n 1 "$work/log")"
    [ -s "$work/$1.pdf" ] || give_up 3 "$maker wrote nothing: $(tail -n 1 "$work/log")"
}

# pdf_end NAME: puts it where it was asked for.
pdf_end() {
    mv "$work/$1.pdf" "$out" || give_up 3 "cannot write $out"
}
