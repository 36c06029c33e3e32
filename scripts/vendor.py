"""Renew what runs in the browser and is not ours: src/qiao/web/static/vendor/, from packages of npm.

    python scripts/vendor.py            # needs node and npm, and a network; nothing else of the project does

Each file there is bundled from the packages named below with exact versions and stands in ``manifest.json`` with their
names, versions, licences and its own SHA-256, which a test holds it to. Their licence texts lie beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "qiao" / "web" / "static" / "vendor"
BUNDLER = "esbuild@0.28.2"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file for the browser: what it is made of, and the lines that say what it offers under which name."""

    name: str
    packages: tuple[str, ...]
    entry: str
    why: str


BUNDLES = (
    Bundle(
        name="sealedbox.js",
        packages=("tweetnacl@1.0.3", "blakejs@1.2.1", "tweetnacl-sealedbox-js@1.2.0"),
        entry='import { seal } from "tweetnacl-sealedbox-js";\nglobalThis.qiaoSealedBox = { seal };\n',
        why="sealed boxes of libsodium, in plain script: our policy bars WebAssembly, an old phone lacks BigInt",
    ),
    Bundle(
        name="blindrsa.js",
        packages=("@cloudflare/blindrsa-ts@0.4.4", "sjcl@1.0.8"),
        entry="""import { RSABSSA } from "@cloudflare/blindrsa-ts";

const KEY = { name: "RSA-PSS", hash: "SHA-384" };
const suite = RSABSSA.SHA384.PSS.Randomized();
const keyOf = (issuer) => crypto.subtle.importKey("spki", issuer, KEY, true, ["verify"]);
// A random beginning of 32 bytes and the message, blinded for the issuer; "finish" takes the blinding off and checks.
const blind = async (issuer, message) => {
  const token = suite.prepare(message);
  const { blindedMsg, inv } = await suite.blind(await keyOf(issuer), token);
  return { token, blinded: blindedMsg, inverse: inv };
};
const finish = async (issuer, { token, inverse }, signed) =>
  suite.finalize(await keyOf(issuer), token, signed, inverse);
globalThis.qiaoBlind = { blind, finish };
""",
        why="credentials signed blindly (RFC 9474): arithmetic of sjcl in plain script, for phones without BigInt",
    ),
)


def build(bundle: Bundle, folder: Path) -> dict[str, object]:
    """Fetch the packages into ``folder``, bundle them into the product and return the manifest's entry."""
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    wanted = [*bundle.packages, BUNDLER]
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-package-lock", "--silent", *wanted], cwd=folder, check=True
    )
    (folder / "entry.js").write_text(bundle.entry, encoding="utf-8")
    target = FOLDER / bundle.name
    subprocess.run(
        ["node_modules/.bin/esbuild", "entry.js", "--bundle", "--minify", "--format=iife", "--target=es2017",
         "--legal-comments=none", "--log-level=error", f"--outfile={target}"],
        cwd=folder, check=True,
    )  # fmt: skip
    made_of, texts = [], []
    for package in bundle.packages:
        name, version = package.rsplit("@", 1)
        place = folder / "node_modules" / name
        about = json.loads((place / "package.json").read_text(encoding="utf-8"))
        if about["version"] != version:
            raise SystemExit(f"{name}: wanted {version}, got {about['version']}")
        made_of.append({"name": name, "version": version, "licence": about["license"]})
        licence = next(path for path in sorted(place.iterdir()) if path.stem.upper().startswith(("LICENSE", "LICENCE")))
        texts.append(f"{name} {version}\n\n{licence.read_text(encoding='utf-8').strip()}\n")
    (FOLDER / f"{target.stem}.licences.txt").write_text("\n\n".join(texts), encoding="utf-8")
    content = target.read_bytes()
    return {
        "file": bundle.name, "why": bundle.why, "packages": made_of, "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip


def main() -> None:
    """Build every bundle and write the manifest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    entries = []
    for bundle in BUNDLES:
        folder = Path(tempfile.mkdtemp(prefix="qiao-vendor-"))
        try:
            entries.append(build(bundle, folder))
        finally:
            shutil.rmtree(folder)
    (FOLDER / "manifest.json").write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    for entry in entries:
        print(f"{entry['file']}: {entry['bytes']:,} bytes, SHA-256 {entry['sha256']}")


if __name__ == "__main__":
    main()
