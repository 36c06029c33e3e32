"""`qiao messages`: keep the message catalogues, without gettext on the machine.

Texts are English in the code; every app keeps its Simplified Chinese catalogue in ``locale/zh_Hans``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import typer

from qiao.cli.app import app

commands = typer.Typer(no_args_is_help=True, help="Extract, check and compile translations (for developers).")
app.add_typer(commands, name="messages")

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_Hans"
#: What marks a text: Django's functions, and our located errors, whose first argument and hint are messages.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Problem": None,
    "StatsError": None,
}


def catalogue_homes() -> list[Path]:
    """The folders that keep a catalogue: every app; base keeps those of the statistics kernels too."""
    return sorted({path.parent for path in PACKAGE.rglob("apps.py")})


def _home_of(file: Path, homes: list[Path]) -> Path | None:
    return max((home for home in homes if home in file.parents), key=lambda home: len(home.parts), default=None)


def sources(home: Path) -> Iterator[Path]:
    """The files whose messages belong to this home's catalogue."""
    homes = catalogue_homes()
    yield from sorted(
        file
        for pattern in ("*.py", "*.html", "*.txt")
        for file in home.rglob(pattern)
        if "migrations" not in file.parts and "static" not in file.parts and _home_of(file, homes) == home
    )
    if home.name == "base":
        yield from sorted((PACKAGE.parent / "qiao_stats").rglob("*.py"))


def extract(home: Path) -> dict[tuple[str | None, str], str]:
    """Messages of one home: (context, msgid) to plural ("" where there is none)."""
    import django
    from babel.messages.extract import extract_python
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: dict[tuple[str | None, str], str] = {}
    for file in sources(home):
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            # Read as Python afterwards, where an indent would mean something.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
        # However a file calls Django's functions.
        renamed = {name: function for function, name in re.findall(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)", text)}
        try:
            rows = list(extract_python(io.BytesIO(text.encode()), [*KEYWORDS, *renamed], [], {"encoding": "utf-8"}))
        except (SyntaxError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"{file}: {error}") from error
        for _line, called, given, _comments in rows:
            function = renamed.get(called, called)
            parts = given if isinstance(given, tuple) else (given,)
            if function in {"pgettext", "pgettext_lazy"} and len(parts) > 1 and parts[0] and parts[1]:
                found.setdefault((parts[0], parts[1]), "")
            elif function in {"npgettext"} and len(parts) > 2:
                found[(parts[0], str(parts[1]))] = str(parts[2])
            elif function in {"ngettext", "ngettext_lazy"}:
                if len(parts) > 1 and parts[0] and parts[1]:
                    found[(None, parts[0])] = parts[1]
            elif parts and parts[0]:
                found.setdefault((None, parts[0]), "")
        if file.suffix == ".py":
            for hint in re.findall(r"\bhint=((?:\"(?:[^\"\\\n]|\\.)*\"\s*)+)", text):
                found.setdefault((None, "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', hint))), "")
    found.pop((None, ""), None)
    return found


def _catalogue(home: Path) -> Path:
    return home / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


@commands.command()
def update(path: str = typer.Argument("", help="Only apps whose folder contains this text.")) -> None:
    """Bring every catalogue up to the code: new texts in, dead ones out, translations kept."""
    import polib

    for home in catalogue_homes():
        if path not in str(home):
            continue
        wanted = extract(home)
        file = _catalogue(home)
        if not wanted and not file.exists():
            continue
        old = polib.pofile(str(file)) if file.exists() else polib.POFile()
        known = {(entry.msgctxt, entry.msgid): entry for entry in old}
        new = polib.POFile(wrapwidth=0)
        new.metadata = {
            "Language": LANGUAGE,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
        for (context, text), plural in sorted(wanted.items(), key=lambda item: (item[0][1], item[0][0] or "")):
            before = known.get((context, text))
            entry = polib.POEntry(msgctxt=context, msgid=text)
            if plural:
                entry.msgid_plural = plural
                kept = before.msgstr_plural.get(0) or before.msgstr if before else ""
                entry.msgstr_plural = {0: kept}
            elif before:
                entry.msgstr = before.msgstr or before.msgstr_plural.get(0, "")
            if "%" in text:
                entry.flags.append("python-format")
            new.append(entry)
        file.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(file))
        missing = sum(1 for entry in new if not (entry.msgstr or entry.msgstr_plural.get(0)))
        typer.echo(f"{home.relative_to(PACKAGE)}: {len(new)} texts, {missing} untranslated")


@commands.command()
def check(path: str = typer.Argument("", help="Only apps whose folder contains this text.")) -> None:
    """Fail where a text has no translation, a catalogue holds a dead text, or a placeholder was lost."""
    import polib

    faults: list[str] = []
    for home in catalogue_homes():
        if path not in str(home):
            continue
        wanted = extract(home)
        file = _catalogue(home)
        entries = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(file))} if file.exists() else {}
        name = file.relative_to(PACKAGE)
        for key in wanted:
            entry = entries.get(key)
            done = entry and (entry.msgstr_plural.get(0) if wanted[key] else entry.msgstr)
            if not done:
                faults.append(f"{name}: not translated: {key[1]!r}")
        faults.extend(f"{name}: no longer in the code: {key[1]!r}" for key in entries if key not in wanted)
        for entry in entries.values():
            told = entry.msgstr or entry.msgstr_plural.get(0, "")
            asked = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + (entry.msgid_plural or "")))
            if told and not asked >= set(re.findall(r"%\(\w+\)[sd]", told)):
                faults.append(f"{name}: unknown placeholder in the translation of {entry.msgid!r}")
            if told and asked - set(re.findall(r"%\(\w+\)[sd]", told)):
                faults.append(f"{name}: placeholder lost in the translation of {entry.msgid!r}")
    faults.extend(_quarrels())
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        typer.echo(f"{len(faults)} faults: run “qiao messages update”, then translate", err=True)
        raise typer.Exit(1)
    typer.echo("messages: all translated")


def _quarrels() -> list[str]:
    """Texts that two catalogues translate differently: Django merges all, so one of them would be shown wrongly."""
    import polib

    told: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for home in catalogue_homes():
        file = _catalogue(home)
        for entry in polib.pofile(str(file)) if file.exists() else ():
            text = entry.msgstr or entry.msgstr_plural.get(0, "")
            if text:
                told.setdefault((entry.msgctxt, entry.msgid), {}).setdefault(text, []).append(
                    str(home.relative_to(PACKAGE))
                )
    return [
        f"{key[1]!r} is translated differently: "
        + "; ".join(f"{text} in {', '.join(homes)}" for text, homes in texts.items())
        + " (agree on one, or give one of them a context with pgettext)"
        for key, texts in told.items()
        if len(texts) > 1
    ]


@commands.command("compile")
def compile_all() -> None:
    """Compile every catalogue to the form Django reads; a process that has read the old ones reads these."""
    import polib
    from django.utils.translation.reloader import translation_file_changed

    for home in catalogue_homes():
        file = _catalogue(home)
        if file.exists():
            target = file.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
                polib.pofile(str(file)).save_as_mofile(str(target))
                translation_file_changed(None, target)
