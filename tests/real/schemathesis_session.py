"""Plays schemathesis over the REST API as one person: schemathesis_session.py CONFIG ORIGIN EXAMPLES [COOKIE].

CONFIG is a schemathesis.toml with the ids that paths take. Ends with 0 if no answer is a server error and none breaks the
description; prints what schemathesis says otherwise.
"""

import sys

from schemathesis.cli import schemathesis

config, origin, examples, *cookie = sys.argv[1:]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# These end the session with which the others are played, or the seat that it has.
ENDS = r"^(sign_out|end_session|leave_account|sign_in|change_password|become_operator|accept_invitation|confirm_.*)$"
arguments = [
    "--config-file", config, "run", f"{origin}/api/v1/openapi.json",
    "--checks", CHECKS, "--phases", "examples,fuzzing", "--max-examples", examples,
    "--mode", "all", "--seed", "20261122", "--workers", "1", "--request-timeout", "30",
    "--suppress-health-check", "all", "--warnings", "off", "--generation-database", "none",
    "--exclude-operation-id-regex", ENDS, "--header", "Sec-Fetch-Site: same-origin",
]
for line in cookie:
    arguments += ["--header", f"Cookie: {line}"]
schemathesis(arguments)
