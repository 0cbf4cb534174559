# SPDX-License-Identifier: Apache-2.0
"""The citizen's cabinet in a real browser, on the real server: a mother, a father, a birth.

The console must be built: `./dev test` does. KSTATI_SKIP_BROWSER=1 skips the walk (exit code 77).
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
    if os.environ.get("KSTATI_SKIP_BROWSER") == "1":
        print("skipped: KSTATI_SKIP_BROWSER is set")
        return 77
    if not (CONSOLE / "dist/index.html").exists() or not (CONSOLE / "node_modules").exists():
        print("the console is not built: run ./dev test, or set KSTATI_SKIP_BROWSER=1 to go without")
        return 1
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
