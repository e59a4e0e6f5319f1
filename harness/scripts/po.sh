#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# po: brings labs/po/*.po up to date with the texts that they translate, those of
# the pages (build/messages) and those of the C sources (tr() and N_(), see
# harness/base/tongue.h), by the tools of gettext(1).
#
#   harness/scripts/po.sh [FILE...]          writes what has changed
#   harness/scripts/po.sh --check [FILE...]  only says so; status 1 if there is
#
# Says of each how much is translated. A text that has changed keeps its old
# translation, marked "fuzzy": it is in English until somebody has looked at it.
set -u -o pipefail
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
export LC_ALL=C.UTF-8
unset LANGUAGE
check=
[ "${1-}" != --check ] || { check=1 && shift; }
[ $# -gt 0 ] || set -- labs/po/*.po

for tool in xgettext msgcat msgmerge msgfmt; do
    command -v "$tool" >/dev/null || {
        echo "error: po needs $tool; install it:  make setup check" >&2
        exit 3
    }
done
[ -x build/messages ] || {
    echo "error: build/messages is missing; make it:  make build/messages" >&2
    exit 4
}
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT

head='msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
'
{ echo "$head" && build/messages; } >"$work/labs.raw" &&
    msguniq --use-first -o "$work/labs.pot" "$work/labs.raw" || exit 4

# take NAME OPTION... FILE...: what xgettext(1) finds, as $work/NAME.pot.
take() {
    xgettext --from-code=UTF-8 --add-location=file --force-po -o - "${@:2}" |
        sed 's/CHARSET/UTF-8/' >"$work/$1.pot"
}
mapfile -t sources < <(find harness -name '*.c' ! -path 'harness/tests/*' |
    LC_ALL=C sort)
# The labels of a page's rows are translated where they are printed.
take c --keyword --keyword=tr --keyword=N_ "${sources[@]}" &&
    take rows --keyword --keyword=row:2 --keyword=add_where:2 \
        --keyword=add_facts:2 --keyword=sheet_add_rows:3 \
        harness/print/page.c &&
    take headings --keyword --keyword=section:3 harness/site/lab.c || exit 4
# The names of locks stand in tables, among names of functions, which say nothing
# but by their names; the warning is of an empty one.
take names --extract-all harness/autopsy/recognise.c 2>/dev/null &&
    msggrep --msgid -e "^the " -e "^a " -e "'s " -o "$work/locks.pot" \
        "$work/names.pot" &&
    msgcat --use-first -o "$work/all.pot" "$work/labs.pot" "$work/c.pot" \
        "$work/rows.pot" "$work/headings.pot" "$work/locks.pot" || exit 4

status=0
for file; do
    msgmerge --quiet --previous --add-location=file --no-wrap \
        -o "$work/new.po" "$file" "$work/all.pot" &&
        msgattrib --no-obsolete --no-wrap -o "$work/kept.po" "$work/new.po" &&
        grep -v '^"POT-Creation-Date:' "$work/kept.po" >"$work/new.po" ||
        exit 4
    msgfmt --check -o /dev/null "$work/new.po" || status=1
    if ! cmp -s "$work/new.po" "$file"; then
        if [ -n "$check" ]; then
            echo "$file is not up to date: harness/scripts/po.sh"
            status=1
        else
            cat "$work/new.po" >"$file"
            echo "$file"
        fi
    fi
    # "N translated messages, N fuzzy translations, N untranslated messages."
    read -r -a part < <(msgfmt --statistics -o /dev/null "$file" 2>&1 |
        tr -cd '0-9a-z ,\n' | awk -F', *' '{
            for (i = 1; i <= NF; i++) { split($i, w, " "); n[w[2]] += w[1] }
            print n["translated"] + 0, n["translated"] + n["fuzzy"] + n["untranslated"] }')
    echo "${file##*/}: ${part[0]} of ${part[1]} translated"
done
exit $status
