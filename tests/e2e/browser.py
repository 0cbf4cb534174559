# SPDX-License-Identifier: Apache-2.0
"""The citizen's cabinet in a real browser, on the real server: a mother, a father, a birth.

Exit code 77 (skipped) when the console is not built: `./dev test` builds it.
"""

import os
import pathlib
import subprocess
import sys

CONSOLE = pathlib.Path(os.environ["KSTATI_SOURCE"]) / "console"
os.environ["KSTATI_PAGES"] = str(CONSOLE / "dist")

MOTHER, FATHER, CHILD = "000000000017", "000000000018", "000000000019"


def populate(client, town):
    events = [town.registration(MOTHER, town.TODAY.replace(year=1995), "female"),
              town.registration(FATHER, town.TODAY.replace(year=1993), "male")]
    for person in (MOTHER, FATHER):
        events.append(town.event("mvd_pass", f"residence-{person}", person, facts={
            "person.citizenship_rf": True, "person.lives_in_rf": True,
            "person.region_code": "77", "person.registered_at_residence": True,
            "doc.passport_rf": True}))
    client.submitEvents(town.ENGLISH, events)
    client.grantConsent(town.ENGLISH, town.grant(MOTHER))
    receipts = client.submitEvents(town.ENGLISH, [town.birth(CHILD, MOTHER, FATHER)])
    assert receipts[0].cases, receipts


def main():
    if not (CONSOLE / "dist/index.html").exists() or not (CONSOLE / "node_modules").exists():
        print("skipped: the console is not built")
        return 77
    import town
    server = town.Server()
    try:
        with server.client() as client:
            populate(client, town)
        environment = dict(os.environ, KSTATI_URL=server.http, KSTATI_CITIZEN=MOTHER)
        return subprocess.run(["npm", "run", "--silent", "e2e"], cwd=CONSOLE, env=environment).returncode
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
