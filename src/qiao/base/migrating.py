"""Migrating an empty database in seconds: what migrations add is added to the rendered models, not rendered anew.

Django's executor holds the models of every step as classes. When a model gains a field, an index or a constraint, or is
new, it makes the classes of all models anew that are connected with it by references; here that is nearly every one, a
thousand times over. Three kinds of steps only add something that PostgreSQL's schema editor reads from the step itself,
and need nothing but the addition. All others go Django's way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field


def _add_model(state: ProjectState, model_state: ModelState) -> None:
    """Render the new model alone: its references register themselves with the models that are there."""
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    inner: Any = state
    if inner._relations is not None:
        inner.resolve_model_relations(key)
    if "apps" in state.__dict__:
        inner.apps.render_multiple([model_state])


def _add_field(
    state: ProjectState, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
) -> None:
    """Add the field to the rendered class."""
    if not preserve_default:
        field = field.clone()
        field.default = NOT_PROVIDED
    key = app_label, model_name
    inner: Any = state
    inner.models[key].fields[name] = field
    if inner._relations is not None:
        inner.resolve_model_field_relations(key, name, field)
    if "apps" in state.__dict__:
        model = inner.apps.get_model(app_label, model_name)
        with inner.apps.bulk_update():
            field.clone().contribute_to_class(model, name)


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: object) -> None:
    """Name the index or constraint in the options of the rendered class."""
    inner: Any = state
    options = inner.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in state.__dict__:
        meta = inner.apps.get_model(app_label, model_name)._meta
        setattr(meta, option_name, [*getattr(meta, option_name), added])


@contextmanager
def additions_in_place() -> Iterator[None]:
    """Within this block states of migrations take additions without rendering what is connected anew."""
    ours = {"add_model": _add_model, "add_field": _add_field, "_append_option": _append_option}
    kept = {name: getattr(ProjectState, name) for name in ours}
    for name, method in ours.items():
        setattr(ProjectState, name, method)
    try:
        yield
    finally:
        for name, method in kept.items():
            setattr(ProjectState, name, method)
