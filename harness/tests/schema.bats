# SPDX-License-Identifier: MIT
#
# All reports that the tests before this one have made, against the schema.

load helper

@test "every report of these tests matches harness/run.schema.json" {
    # Not one report would be no test.
    ls build/tests/json/*.json >/dev/null
    with_jsonschema - harness/run.schema.json build/tests/json/*.json <<'END'
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
bad = 0
for name in sys.argv[2:]:
    for error in jsonschema.Draft7Validator(schema).iter_errors(
            json.load(open(name))):
        print(f"{name}: {'/'.join(map(str, error.path))}: {error.message}")
        bad += 1
sys.exit(bad > 0)
END
}
