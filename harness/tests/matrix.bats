# SPDX-License-Identifier: MIT
#
# matrix: the table of what labs do on other systems (harness/matrix.tsv), and what
# `make matrix` says where it cannot run. Making the systems takes minutes and a
# network: no test does it.

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
        $9 == "" || $10 !~ /^[1-9][0-9]*$/ || $10 < 20 && $8 != "skip" ||
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
