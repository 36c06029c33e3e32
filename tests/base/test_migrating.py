"""What migrations add in place equals what Django would have rendered."""

from __future__ import annotations

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState, StateApps

from qiao.base.migrating import additions_in_place


def _shape(model: Any) -> dict[str, Any]:
    """All that the schema editor may ask of a model."""
    meta = model._meta
    deep: Any = MigrationAutodetector(ProjectState(), ProjectState()).deep_deconstruct
    return {
        "table": meta.db_table,
        "fields": {field.name: (deep(field), field.column, field.model is model) for field in meta.local_fields},
        "many": {field.name: field.remote_field.through._meta.db_table for field in meta.local_many_to_many},
        "constraints": [deep(constraint) for constraint in meta.constraints],
        "indexes": [deep(index) for index in meta.indexes],
        "pointed_at_by": sorted(
            f"{found.related_model._meta.label}.{found.field.name}"
            for found in meta.get_fields(include_hidden=True)
            if found.auto_created and not found.concrete
        ),
        "points_at": {
            field.name: field.related_model._meta.label
            for field in meta.local_fields
            if field.is_relation and not isinstance(field.related_model, str)
        },
    }


def test_additions_in_place_equal_models_rendered_at_once() -> None:
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=set(loader.unmigrated_apps))
    assert isinstance(state.apps, StateApps)
    steps = 0
    with additions_in_place():
        seen: set[tuple[str, str]] = set()
        for leaf in loader.graph.leaf_nodes():
            for key in loader.graph.forwards_plan(leaf):
                if key not in seen:
                    seen.add(key)
                    steps += len(loader.graph.nodes[key].operations)
                    state = loader.graph.nodes[key].mutate_state(state, preserve=False)
    assert steps > 500
    grown: Any = state.apps
    rendered: Any = StateApps(list(state.real_apps), state.models)
    labels = {model._meta.label for model in rendered.get_models(include_auto_created=True)}
    assert {model._meta.label for model in grown.get_models(include_auto_created=True)} == labels
    for label in sorted(labels):
        assert _shape(grown.get_model(label)) == _shape(rendered.get_model(label)), label


def test_django_is_as_before_afterwards() -> None:
    before = (ProjectState.add_model, ProjectState.add_field)
    with additions_in_place():
        assert ProjectState.add_model is not before[0]
    assert (ProjectState.add_model, ProjectState.add_field) == before
