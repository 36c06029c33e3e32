"""`qiao keys` as an operator runs it: processes of their own, one killed half way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from qiao.base.vault.ring import KeyUse
from qiao.base.vault.services import usage
from qiao.org.people.models import Contact

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = str(Path(sys.executable).with_name("qiao"))
NUMBER = 4_000
FILL = f"""
import django
django.setup()
from qiao.base.clock import now
from qiao.org.people.models import Contact, Person
people = Person.objects.bulk_create([Person(name="人") for _ in range({NUMBER})])
Contact.objects.bulk_create([
    Contact(person=person, kind="mobile", value=f"138{{place:08}}", found_by=f"138{{place:08}}", entered=now().date())
    for place, person in enumerate(people)
], batch_size=1000)
"""
READ = """
import django
django.setup()
from qiao.org.people.models import Contact
values = sorted(str(row.value) for row in Contact.objects.all())
print(len(values), values[0], values[-1])
"""


def environment(home: Path) -> dict[str, str]:
    given = connection.settings_dict
    user = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    host = str(given["HOST"])
    place = (
        f"{user}@/{given['NAME']}?host={host}"
        if host.startswith("/")
        else (f"{user}@{host}:{given['PORT'] or 5432}/{given['NAME']}")
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QIAO_", "DATABASE_"))}
    return {
        **kept, "QIAO_HOME": str(home), "DATABASE_URL": f"postgresql://{place}",
        "DJANGO_SETTINGS_MODULE": "qiao.config.settings.base",
    }  # fmt: skip


def _call(home: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=environment(home), capture_output=True, text=True, timeout=120, check=False,
        cwd=settings.PACKAGE,
    )  # fmt: skip


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return _call(home, [sys.executable, *words])


def keys(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return _call(home, [PROGRAM, "keys", *words])


def sealed() -> dict[int, int]:
    return {number: count for (use, number), count in usage().items() if use == KeyUse.SEAL}


def test_a_ring_is_made_turned_killed_half_way_and_retired(tmp_path: Path) -> None:
    made = keys(tmp_path, "init")
    assert (made.returncode, "is made" in made.stdout) == (0, True), made.stderr
    assert "sound" in keys(tmp_path, "init").stdout
    filled = run(tmp_path, "-c", FILL)
    assert filled.returncode == 0, filled.stderr
    assert sealed() == {1: NUMBER}

    turning = subprocess.Popen(
        [PROGRAM, "keys", "rotate", "--batch", "20"],
        env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=settings.PACKAGE,
    )  # fmt: skip
    end = time.monotonic() + 90
    while sealed().get(2, 0) < 200:
        assert turning.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.01)
    turning.send_signal(signal.SIGKILL)
    assert turning.wait(timeout=30) == -signal.SIGKILL
    half = sealed()
    assert sum(half.values()) == NUMBER
    assert half[1] > 0
    assert run(tmp_path, "-c", READ).stdout.split() == [str(NUMBER), "13800000000", f"138{NUMBER - 1:08}"]

    # What a row needs is never dropped, however it is asked.
    assert "None dropped" in keys(tmp_path, "retire", "--at-once").stdout
    resumed = keys(tmp_path, "rotate", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert f"{half[1]:,} values" in resumed.stdout
    assert sealed() == {2: NUMBER}
    assert "Dropped: 1" in keys(tmp_path, "retire", "--at-once").stdout
    listed = keys(tmp_path, "list").stdout
    assert f"{NUMBER:,}" in listed
    assert run(tmp_path, "-c", READ).stdout.split()[0] == str(NUMBER)
    assert Contact.objects.count() == NUMBER
