# SPDX-License-Identifier: MIT
#
# matrix: the table of what labs do on other systems (harness/matrix.tsv), what pages
# say of it, and what `make matrix` says where it cannot run. Making the systems takes
# minutes and a network: no test does it.

# The helper sets out, err, tmp and status.
# shellcheck disable=SC2154,SC2012
load helper

# A place for stand-ins, which goes when the test does.
away=${BATS_TEST_TMPDIR-}/away

@test "matrix: each row has its columns, a lab that is there, and runs" {
    status=0
    : >"$out"
    : >"$err"
    is "$(head -n 1 harness/matrix.tsv | tr '\t' ' ')" \
        'lab which system libc compiler kernel arch outcome verdict runs date' columns
    is "$(sed 1d harness/matrix.tsv | awk -F '\t' '
        BEGIN { least[0] = 20; least[1] = 1 } # an emulated processor is slow
        NF != 11 || $2 !~ /^(lab|solution)$/ ||
        $4 !~ /^(glibc|musl) [0-9]/ || $8 !~ /^(hazard|safe|broken|skip)(, [0-9]+ [a-z]+)*$/ ||
        $9 == "" || $10 !~ /^[1-9][0-9]*$/ || $10 < least[$3 ~ /^(linux-|arm64$)/] && $8 != "skip" ||
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

# measured ON [NAME=VALUE...]: matrix.sh with stand-ins for all that makes a system:
# its directories come from mmdebstrap; what the machine does is said by $away/machine,
# with $rows, a shell script.
measured() {
    local on=$1 tool
    shift
    mkdir -p "$away/bin"
    for tool in depmod modprobe unshare; do
        printf '#!/bin/sh\nexit 0\n' >"$away/bin/$tool"
    done
    printf '#!/bin/sh\necho 0\n' >"$away/bin/id"
    printf '#!/bin/sh\necho http://mirror.invalid/debian/\n' >"$away/bin/apt-get"
    printf '#!/bin/sh\ncat >/dev/null\n' >"$away/bin/cpio"
    cat >"$away/bin/mmdebstrap" <<'END'
#!/usr/bin/env bash
root=${*: -2:1}
mkdir -p "$root"/{etc,bin,boot,lib/modules/6.1.0,usr/bin,usr/share/base-passwd}
touch "$root/bin/busybox" "$root/boot/vmlinuz-6.1.0" \
    "$root/usr/share/base-passwd/"{passwd,group}.master
END
    cat >"$away/bin/qemu-system-x86_64" <<'END'
#!/usr/bin/env bash
all=$*
rows=${all##*local,path=}
rows=${rows%%,*}
echo "$$" >"$away/pid"
. "$away/machine"
END
    cp "$away/bin/qemu-system-x86_64" "$away/bin/qemu-system-aarch64"
    chmod +x "$away/bin/"*
    status=0
    env PATH="$away/bin:$PATH" ON="$on" away="$away" below="$away/matrix" \
        table="$away/table" "$@" bash harness/matrix/matrix.sh >"$out" 2>"$err" \
        </dev/null 3>&- || status=$?
}

# running PID: its state, but for one that has only to be reaped.
running() {
    sed -n '/^State:.[^Z]/p' "/proc/$1/status" 2>/dev/null || true
}

# A row of lab 31 on that system: outcome and date.
row_of_31() {
    printf '31\tlab\t%s\tglibc 2.36\tgcc 12.2.0\t6.1.0\tx86_64\t%s\tHANG (proved)\t5\t%s\n' "$@"
}

@test "matrix: a kernel that is not there is a mistake of the user's" {
    measured linux-5.4
    is "$status" 2 status
    is "$(<"$err")" 'error: there is no linux-5.4 here; kernels are: linux-6.1 linux-6.12 arm64' stderr
    is "$(ls "$away/matrix" 2>/dev/null)" '' 'what was made'
}

@test "matrix: what QEMU needs is said beside the rest" {
    mkdir -p "$away/bin"
    ln -s "$(command -v id)" "$away/bin/id"
    status=0
    PATH=$away/bin ON='arm64 trixie' "$BASH" harness/matrix/matrix.sh >"$out" 2>"$err" \
        </dev/null 3>&- || status=$?
    is "$status" 3 status
    is "$(grep -c 'qemu-system-aarch64: make setup matrix' "$err")" 1 'how often QEMU is missed'
    is "$(grep -c '^error: ' "$err")" 1 'how many errors'
}

@test "matrix: the rows of a machine replace its older ones, and no others" {
    mkdir "$away"
    { echo columns; row_of_31 linux-6.1 broken 2026-01-01; row_of_31 bookworm hazard 2026-01-01; } >"$away/table"
    row_of_31 linux-6.1 hazard 2026-02-02 >"$away/new"
    # shellcheck disable=SC2016  # for the machine
    echo 'mkdir -p "$rows/glibc"; cp "$away/new" "$rows/glibc/31-lab.row"
        touch "$rows/started" "$rows/doctor" "$rows/done"' >"$away/machine"
    measured linux-6.1
    is "$status" 0 status
    is "$(sed 1d "$away/table")" "$(row_of_31 bookworm hazard 2026-01-01; row_of_31 linux-6.1 hazard 2026-02-02)" rows
}

@test "matrix: a machine that is out of time has its rows, and says that some are missing" {
    mkdir "$away"
    row_of_31 linux-6.12 hazard 2026-02-02 >"$away/new"
    # shellcheck disable=SC2016
    echo 'mkdir -p "$rows/glibc"; touch "$rows/started" "$rows/doctor"; sleep 1.1
        cp "$away/new" "$rows/glibc/31-lab.row"; exec sleep 60' >"$away/machine"
    measured linux-6.12 LIMIT=8
    is "$status" 1 status
    is "$(sed 1d "$away/table")" "$(<"$away/new")" rows
    is "$(grep -c 'linux-6.12: out of time after 1 rows; the same command goes on' "$err")" 1 said
    is "$(running "$(<"$away/pid")")" '' 'the machine'
}

@test "matrix: a machine that never answers is given up, and nothing of it is left" {
    mkdir "$away"
    echo columns >"$away/table"
    echo 'echo "no such console"; trap "" TERM; while :; do sleep 1; done' >"$away/machine"
    measured arm64 BOOT=2
    is "$status" 1 status
    is "$(grep -c 'arm64: it has not started within 2 s' "$err")" 1 said
    is "$(grep -c 'no such console' "$err")" 1 'the end of its console'
    is "$(running "$(<"$away/pid")")" '' 'the machine'
}

# inner COMMAND...: inside.sh on a project of one lab, whose runner is a stand-in.
inner() {
    FORKLAB=$away/project ROWS=$away/rows sh "$PWD/harness/matrix/inside.sh" "$@"
}

@test "matrix: runs are counted, until the lab or a header of it changes" {
    local project=$away/project
    mkdir -p "$project"/{labs,solutions,build/labs}
    touch "$project"/{labs,solutions}/31-x.c "$project"/labs/{31-x.md,lab.h,other.h}
    echo 'build/labs/31-x: labs/31-x.c labs/lab.h' >"$project/build/labs/31-x.d"
    cat >"$project/build/forklab" <<'END'
#!/bin/sh
case $* in *--solution*) outcome=safe ;; *) outcome=hazard ;; esac
printf '"outcome":"%s",\n"verdict_title":"EXIT 0",\n' $outcome
printf '"machine": {\n"libc":"glibc 2.36",\n"kernel":"6.1.0-50-x",\n"arch":"aarch64"\n}\n'
END
    chmod +x "$project/build/forklab"
    status=0
    inner run arm64 glibc 2 1 '' 31 >"$out" 2>"$err"
    is "$(cut -f 1-4,6-10 "$away/rows/glibc/31-lab.row" | tr '\t' '|')" \
        '31|lab|arm64|glibc 2.36|6.1.0|aarch64|hazard|EXIT 0|2' row
    is "$(inner left glibc 2)" '' 'left of 2'
    is "$(inner left glibc 3)" 31 'left of 3'
    inner run arm64 glibc 3 1 '' 31 >"$out" 2>"$err"
    is "$(cut -f 10 "$away/rows/glibc/31-solution.row")" 3 runs
    echo '/* */' >"$project/labs/other.h"
    is "$(inner left glibc 3)" '' "left after a change of another lab's header"
    echo '/* */' >"$project/labs/lab.h"
    is "$(inner left glibc 3)" 31 'left after a change of its header'
}
