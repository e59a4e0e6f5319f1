# SPDX-License-Identifier: MIT
#
# formats.py DIR: are the five files that `make grade` writes what their
# readers ask for, and do they say the same? Prints "N of M: 31 hazard, ..." or
# what is wrong.

import json
import pathlib
import sys
import xml.etree.ElementTree

import jsonschema

here = pathlib.Path(__file__).parent
directory = pathlib.Path(sys.argv[1])
schemas = json.loads((here / "formats.schema.json").read_text())["definitions"]
data = {}
for name, schema in schemas.items():
    data[name] = json.loads((directory / name).read_bytes().decode("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(data[name], schema)

tests = data["results.json"]["tests"]
scored = [test for test in tests if "score" in test]
passed = sum(test["score"] for test in scored)
assert data["results.json"]["score"] == passed

classroom = data["classroom.json"]
assert classroom["max_score"] == len(scored) == len(classroom["tests"])
assert sum(test["score"] for test in classroom["tests"]) == passed
assert (classroom["status"] == "pass") == (passed == len(scored))

exercism = data["exercism.json"]["tests"]
assert sum(test["status"] == "pass" for test in exercism) == passed
assert all((test["message"] is None) == (test["status"] == "pass")
           for test in exercism)

suite = xml.etree.ElementTree.parse(directory / "junit.xml").getroot()[0]
cases = suite.findall("testcase")
bad = [case for case in cases
       if case.find("failure") is not None or case.find("error") is not None]
skipped = [case for case in cases if case.find("skipped") is not None]
assert int(suite.get("tests")) == len(cases) == len(tests)
assert int(suite.get("failures")) + int(suite.get("errors")) == len(bad)
assert len(cases) - len(bad) - len(skipped) == passed

lines = (directory / "results.tap").read_text(encoding="utf-8").split("\n")
assert lines[0] == "TAP version 13" and lines[1] == f"1..{len(tests)}"
ok = [line for line in lines if line.startswith("ok ")]
not_ok = [line for line in lines if line.startswith("not ok ")]
assert len(ok) + len(not_ok) == len(tests)
assert len(ok) - sum(" # SKIP " in line for line in ok) == passed

started = [f"{test['number']} {test['tags'][0]}" for test in tests
           if test["tags"][0] != "not started"]
print(f"{passed} of {len(scored)}: {', '.join(started)}")
