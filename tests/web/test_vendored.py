"""What runs in the browser and is not ours is what the manifest says."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import qiao.web

FOLDER = Path(qiao.web.__file__).parent / "static" / "vendor"


def test_every_vendored_file_is_the_one_that_was_looked_at() -> None:
    entries = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["file"] for entry in entries}
    assert {path.name for path in FOLDER.glob("*.js")} == listed
    for entry in entries:
        content = (FOLDER / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert len(content) == entry["bytes"]
        assert not re.search(rb"https?://", content), "nothing is fetched from elsewhere"
        texts = (FOLDER / f"{Path(entry['file']).stem}.licences.txt").read_text(encoding="utf-8")
        for package in entry["packages"]:
            assert f"{package['name']} {package['version']}" in texts
            # Where a package leaves the choice, one of those we may choose is among them.
            offered = set(re.split(r" OR ", package["licence"].strip("()")))
            assert offered & {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Unlicense"}
