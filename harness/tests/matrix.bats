# SPDX-License-Identifier: MIT
#
# matrix: the table of what labs do on other systems (harness/matrix.tsv), what pages
# say of it, and what `make matrix` says where it cannot run. Making the systems takes
# minutes and a network: no test does it.

# The helper sets out, err, tmp and status.
# shellcheck disable=SC2154,SC2012
load helper

@test "matrix: each row has its columns, a lab that is there, and runs" {
    status=0
    : >"$out"
    : >"$err"
    is "$(head -n 1 harness/matrix.tsv | tr '\t' ' ')" \
        'lab which system libc compiler kernel arch outcome verdict runs date' columns
    is "$(sed 1d harness/matrix.tsv | awk -F '\t' 'NF != 11 || $2 !~ /^(lab|solution)$/ ||
        $4 !~ /^(glibc|musl) [0-9]/ || $8 !~ /^(hazard|safe|broken|skip)(, [0-9]+ [a-z]+)*$/ ||
        $9 == "" || $10 !~ /^[1-9][0-9]*$/ || $10 < 5 && $8 != "skip" ||
        $11 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/')" '' 'rows that are none'
    is "$(sed 1d harness/matrix.tsv | cut -f 1-4,7 | sort | uniq -d)" '' 'rows that stand twice'
    is "$(comm -23 <(sed 1d harness/matrix.tsv | cut -f 1 | sort -u) \
        <(ls labs | sed -n 's/^\([0-9][0-9]\)-.*\.md$/\1/p' | sort -u))" '' 'labs that are not there'
}

@test "matrix: what is missing is said once, with status 3, and nothing is made" {
    mkdir "$tmp/bin"
    ln -s "$(command -v id)" "$tmp/bin/id"
    status=0
    PATH=$tmp/bin ON='trixie sid' "$BASH" harness/matrix/matrix.sh >"$out" 2>"$err" \
        </dev/null 3>&- || status=$?
    rm -r "${tmp:?}/bin"
    is "$status" 3 status
    is "$(grep -c 'mmdebstrap: make setup matrix' "$err")" 1 'how often mmdebstrap is missed'
    is "$(grep -c '^error: ' "$err")" 1 'how many errors'
    is "$(<"$out")" '' stdout
}

@test "matrix: no mirror has a name in the scripts" {
    status=0
    : >"$out"
    : >"$err"
    is "$(grep -nE 'https?://|deb\.debian|snapshot\.' harness/matrix/*)" '' mirrors
}

# row LAB WHICH SYSTEM LIBC KERNEL OUTCOME VERDICT RUNS DATE: into $table.
row() {
    printf '%s\t%s\t%s\t%s\tgcc 14\t%s\tx86_64\t%s\t%s\t%s\t%s\n' "$@" >>"$table"
}

# An example: four labs, on three systems.
example() {
    status=0
    : >"$out"
    : >"$err"
    export table=$BATS_TEST_TMPDIR/matrix.tsv notes=$BATS_TEST_TMPDIR/notes.tsv
    head -n 1 harness/matrix.tsv >"$table"
    printf 'lab\twhich\tsystem\tlibc\twhy\n' >"$notes"
    row 31 lab trixie 'glibc 2.41' 6.18.44 hazard 'HANG (proved)' 20 2026-11-29
    row 31 lab old 'glibc 2.9' 6.1.0 hazard 'HANG (proved)' 5 2025-11-28
    row 31 solution trixie 'glibc 2.41' 6.18.44 safe 'EXIT 0' 20 2026-11-29
    row 31 solution old 'glibc 2.9' 6.1.0 safe 'EXIT 0' 5 2025-11-29
    row 41 lab trixie 'glibc 2.41' 6.18.44 hazard 'EXIT 0' 20 2026-11-29
    row 41 lab trixie 'musl 1.2.5' 6.18.44 hazard 'HANG (proved)' 20 2026-11-29
    row 41 lab sid 'glibc 2.43' 6.18.44 hazard 'HANG (proved)' 20 2026-11-29
    row 41 solution sid 'glibc 2.43' 6.18.44 'safe, 2 broken' 'EXIT 0' 20 2026-11-29
    row 33 lab trixie 'musl 1.2.5' 6.18.44 safe 'EXIT 0' 20 2026-11-29
    row 33 solution trixie 'musl 1.2.5' 6.18.44 safe 'EXIT 0' 20 2026-11-29
    row 20 lab sid 'glibc 2.43' 6.18.44 skip none 1 2026-11-29
    row 20 solution sid 'glibc 2.43' 6.18.44 skip none 1 2026-11-29
}

# says WHAT TEXT: what pages.sh prints of the example.
says() {
    # shellcheck disable=SC2086  # "page 31"
    is "$(harness/matrix/pages.sh $1)" "$2" "$1"
}

@test "matrix: a page has a line for each outcome; what is a year old has its date" {
    example
    says 'page 31' 'glibc 2.9 (2025-11-28), 2.41, Linux 6.1, 6.18, x86_64: hangs. The solution: safe. 5 to 20 runs each, 2026-11-29.'
    says 'page 41' '- glibc 2.43, musl 1.2.5, Linux 6.18, x86_64: hangs
- glibc 2.41, Linux 6.18, x86_64: shows its hazard

The solution: 18 safe, 2 broken of 20 runs. 20 runs each, 2026-11-29.'
    says 'page 33' 'musl 1.2.5, Linux 6.18, x86_64: safe: cured. The solution: safe. 20 runs each, 2026-11-29.'
    says 'page 20' 'glibc 2.43, Linux 6.18, x86_64: not run. The solution: not run. Measured 2026-11-29.'
    # shellcheck disable=SC2016
    says 'page 1' 'Not measured yet: `make matrix LAB=01`.'
    says differing '| lab | what it does |
|---|---|
| 41 | glibc 2.43, musl 1.2.5, Linux 6.18, x86_64: hangs; glibc 2.41, Linux 6.18, x86_64: shows its hazard |'
    says summary 'Measured with glibc 2.9, 2.41, 2.43; musl 1.2.5; Linux 6.1, 6.18; x86_64: 9
of 10 cells are as wanted (a cell is a lab or a solution on one system, with
one C library); 2 more were not run: what they need is not there.'
}

@test "matrix: what is not as wanted needs a note, and a note such a cell" {
    example
    says unknown '41 solution on sid with glibc 2.43: safe, 2 broken, and no note says why'
    printf '41\tsolution\t*\tglibc 2.43\tit is slow\n' >>"$notes"
    says unknown ''
    says 'page 41' '- glibc 2.43, musl 1.2.5, Linux 6.18, x86_64: hangs
- glibc 2.41, Linux 6.18, x86_64: shows its hazard

The solution: 18 safe, 2 broken of 20 runs: it is slow. 20 runs each, 2026-11-29.'
    is "$(harness/matrix/pages.sh unwanted | tail -n 1)" \
        '| 41 | solution | sid | glibc 2.43 | 20 | safe, 2 broken | it is slow |' unwanted
    printf '31\t*\ttrixie\t*\tx\n' >>"$notes"
    says unknown 'note 2 (lab 31): there is no such cell'
    row 01 lab trixie 'glibc 2.41' 6.18.44 safe 'EXIT 0' 20 2026-11-29
    row 16 lab trixie 'musl 1.2.5' 6.18.44 safe 'EXIT 0' 20 2026-11-29
    says unknown '01 lab on trixie with glibc 2.41: safe, and no note says why
16 lab on trixie with musl 1.2.5: safe, and no note says why
note 2 (lab 31): there is no such cell'
}

# The text of part $2 in file $1.
written() {
    sed -n "/^<!-- $2:begin -->\$/,/^<!-- $2:end -->\$/p" "$1" | sed '1d; $d'
}

@test "matrix: pages, README and labs/SYSTEMS.md are what the table says" {
    status=0
    : >"$out"
    : >"$err"
    is "$(harness/matrix/pages.sh unknown)" '' 'cells that nobody has explained'
    is "$(for page in labs/[0-9][0-9]-*.md; do
        echo "${page:5:2}"
        written "$page" matrix
    done)" "$(harness/matrix/pages.sh all)" 'what the pages say'
    is "$(written README.md systems-summary)" "$(harness/matrix/pages.sh summary)" README.md
    for part in table differing unwanted; do
        is "$(written labs/SYSTEMS.md "systems-$part")" "$(harness/matrix/pages.sh "$part")" \
            "labs/SYSTEMS.md: $part"
    done
}
