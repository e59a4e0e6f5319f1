# SPDX-License-Identifier: MIT
#
# rules: what rules.tsv says, and what follows from it and from the evidence that
# a tool has left below build/tools/. Nothing is run here; a verdict is a function
# of these files. Sourced by tools.sh and by the tests, in the project's directory.
# shellcheck shell=bash disable=SC2034  # it sets what others read
rules=${rules:-harness/tools/rules.tsv}
evidence=${evidence:-build/tools}

# The tools, in the order of the table; `plain` is the program without one.
all_tools() {
    awk -F '\t' '$1 == "*" && $2 != "plain" { print $2 }' "$rules"
}

# rule LAB TOOL: sets command and tells, of that lab, or else of all labs. In a
# row of a lab "=" is the command of all labs.
rule() {
    local lab tool given pattern
    command='' tells=''
    while IFS=$'\t' read -r lab tool given pattern; do
        [ "$tool" = "$2" ] || continue
        case $lab in
        '*') command=$given tells=$pattern ;;
        "$1")
            [ "$given" = = ] || command=$given
            tells=$pattern
            ;;
        esac
    done <"$rules"
    [ -n "$command" ]
}

# load FILE: sets stdout, stderr and end, the parts of a file of evidence; end is
# "status N", "asleep" or "not run: reason". No process: there are many files.
load_evidence() {
    local text
    IFS= read -r -d '' text <"$1"
    end=${text##*$'\n%% end: '}
    end=${end%%$'\n'*}
    text=${text%$'\n%% end: '*}
    stderr=${text#*$'\n%% stderr\n'}
    stdout=${text%%$'\n%% stderr\n'*}
    stdout=${stdout#*$'\n%% stdout\n'}
}

# match: is there, in what was loaded, what counts as telling? Sets matched to the
# line of it, with its numbers of processes and addresses taken out.
match() {
    local text=$stdout$'\n'$stderr line
    matched=''
    [ "$tells" != - ] || return 1
    text=${text//"$PWD/"/}
    [[ $text =~ $tells ]] || return 1
    line=${BASH_REMATCH[0]%%$'\n'*}
    matched=$(grep -F -m 1 -e "$line" <<<"$text" |
        sed -E 's/==[0-9]+==/==/; s/\(?pid[ =]*[0-9]+\)?|0x[0-9a-fA-F]+/./g; s/\t/ /g; s/^ *//' |
        cut -c 1-100)
}

# work TEXT: what a program has written, whatever the order, its numbers blotted out.
work() {
    sed -E 's/[0-9]+(\.[0-9]+)?/N/g; /^$/d' <<<"$1" | sort -u
}

# verdict LAB TOOL: sets says and why.
#   not run            one of both could not be run
#   breaks the cure    the solution does not do under the tool what it does alone
#   tells              there is what counts as telling of the lab, not of the cure
#   false alarm        there is, of both
#   silent             there is not
verdict() {
    local lab=$evidence/$1/$2.lab cure=$evidence/$1/$2.cure
    local plain=$evidence/$1/plain.cure stdout stderr end alone ended
    rule "$1" "$2" || return
    says='' why=''
    [ -e "$lab" ] && [ -e "$cure" ] || return 1
    if [[ $command == *'{program}'* ]]; then
        [ -e "$plain" ] || return 1
        load_evidence "$plain"
        not_run && return
        alone=$stdout ended=$end
    fi
    load_evidence "$lab"
    not_run && return
    match && says=tells why=$matched
    load_evidence "$cure"
    not_run && return
    if [[ $command == *'{program}'* ]] && broken; then
        says='breaks the cure'
    elif match; then
        [ -n "$says" ] || matched+=' (only of the cure)'
        says='false alarm' why=$matched
    else
        says=${says:-silent}
    fi
}

not_run() {
    [[ $end == "not run: "* ]] && says='not run' why=${end#not run: }
}

# broken: does the loaded solution end, and write, otherwise than alone? Sets why.
broken() {
    if [ "${end%% *}" != "${ended%% *}" ]; then
        why="under it the solution ends otherwise ($end; alone: $ended)"
    elif [ "$stdout" != "$alone" ] && [ "$(work "$stdout")" != "$(work "$alone")" ]; then
        why="under it the solution does not print what it prints alone"
    else
        return 1
    fi
}
