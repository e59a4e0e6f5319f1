#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# po: what a translator must leave as it is. Prints a line for each translation
# that lacks a code, a link or a number of its text, or has another one (numbers
# may be added: a language may count with digits what English says in words);
# status 1 if there is one, 2 if nothing was looked at.
#
#   harness/tests/po.py FILE.po       as harness/scripts/po.sh writes it: no
#                                     text is wrapped
import ast
import re
import sys

CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"\]\([^)]*\)")
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def entries(lines):
    text = None
    for line in lines:
        if line.startswith("msgid "):
            text = ast.literal_eval(line[6:])
        elif line.startswith("msgstr ") and text:
            yield text, ast.literal_eval(line[7:])


def apart(text):
    """Codes and links, and the numbers of the rest."""
    fixed = sorted(CODE.findall(text) + LINK.findall(text))
    rest = LINK.sub("", CODE.sub("", text))
    return fixed, NUMBER.findall(rest)


def complaints(text, translation):
    fixed, numbers = apart(text)
    theirs, their_numbers = apart(translation)
    if fixed != theirs:
        yield f"codes or links differ: {text!r}"
    for number in numbers:
        if numbers.count(number) > their_numbers.count(number) \
                and "%" not in text:
            yield f"{number} is missing: {text!r}"
    if translation.count("**") % 2:
        yield f"a ** is left alone: {text!r}"


def main(path):
    found, seen = [], 0
    with open(path, encoding="utf-8") as file:
        for text, translation in entries(file):
            if translation:
                seen += 1
                found += complaints(text, translation)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0 if seen else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
