"""Targets with the chain they came down: source, each change, its reason, and what the base said."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from qiao.org.coverage.choices import TargetState
from qiao.org.coverage.models import Target, TargetVersion


@dataclass(frozen=True, slots=True)
class TargetView:
    """One target with its versions, oldest first; ``now`` is the one in force, ``asked`` the one that waits."""

    target: Target
    versions: tuple[TargetVersion, ...]

    @property
    def now(self) -> TargetVersion | None:
        """The version in force."""
        return next((version for version in self.versions if version.state == TargetState.APPLIED), None)

    @property
    def waiting(self) -> TargetVersion | None:
        """The version that is not in force yet and not withdrawn."""
        open_states = (TargetState.ASKED, TargetState.CONSENTED, TargetState.DECLINED)
        return next((version for version in reversed(self.versions) if version.state in open_states), None)


def target_by_code(code: str) -> TargetView | None:
    """The target with this code."""
    target = Target.objects.select_related("unit", "above").filter(code=code).order_by("pk").first()
    return _views([target])[0] if target else None


def targets_at(path: str, *, below: bool = False) -> list[TargetView]:
    """Targets of a unit itself and, where ``below``, of the units beneath, in tree order."""
    condition = Q(unit__path__startswith=path) if below else Q(unit__path=path)
    found = Target.objects.filter(condition).select_related("unit", "above").order_by("unit__path", "code")[:200]
    return _views(list(found))


def chain_of(target: Target) -> list[TargetView]:
    """From the source down to this target, and what it was passed down to."""
    line = [target]
    while line[0].above_id:
        above = Target.objects.select_related("unit").get(pk=line[0].above_id)
        line.insert(0, above)
    below = Target.objects.filter(above=target).select_related("unit").order_by("unit__path")[:200]
    return _views([*line, *below])


def waiting_versions(paths: tuple[str, ...]) -> list[TargetVersion]:
    """Versions that wait for the answer of these very units."""
    return list(
        TargetVersion.objects.filter(state=TargetState.ASKED, target__unit__path__in=paths)
        .select_related("target", "target__unit")
        .order_by("set_at")[:50]
    )


def _views(targets: list[Target]) -> list[TargetView]:
    versions: dict[int, list[TargetVersion]] = {}
    for version in (
        TargetVersion.objects.filter(target__in=targets)
        .select_related("set_by", "answered_by")
        .order_by("target_id", "number")
    ):
        versions.setdefault(version.target_id, []).append(version)
    return [TargetView(target, tuple(versions.get(target.pk, ()))) for target in targets]
