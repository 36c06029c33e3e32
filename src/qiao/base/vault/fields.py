"""Fields of models that hold sealed values and fingerprints. A rotation finds them by their class, in any app."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from qiao.base.vault.cipher import seal, unseal


class Sealed(bytes):
    """A sealed value as it lies in the database; printing or logging it shows nothing."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class _OpensWhenRead(DeferredAttribute):
    """Opens the value when somebody reads it, not when the row is fetched: a list that shows no contact opens none."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            field = cast("EncryptedTextField", self.field)
            return unseal(value, context=field.context_of(instance))
        return value

    def __set__(self, instance: models.Model, value: str | bytes | None) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field[Any, Any]):
    """A text kept as ciphertext. ``bind`` names the fields of the row that the value is tied to.

    Together they should tell the row from every other and be set before it is saved, such as ("person_id", "kind").
    Reading the attribute opens it and raises WillNotOpen for a value that was changed or moved here. It cannot be
    searched (keep a fingerprint beside it) nor written by ``update()`` with a plain text.
    """

    descriptor_class = _OpensWhenRead

    def __init__(self, *args: Any, bind: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.bind = tuple(bind)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bind": self.bind}

    def get_internal_type(self) -> str:
        """Bytes in the database."""
        return "BinaryField"

    def context_of(self, instance: models.Model) -> str:
        """What a value of this row is tied to. Raises ValueError where a field it is bound to is not set yet."""
        parts = [getattr(instance, name) for name in self.bind]
        if not parts or any(part is None for part in parts):
            raise ValueError(f"{self.model._meta.label}.{self.name}: {self.bind} must be set before the text is sealed")
        return context_text(self, parts)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: ARG002
        """Seal what was set as text; a value that was only fetched is written back as it was."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        sealed = Sealed(seal(str(value), context=self.context_of(model_instance)))
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def get_prep_value(self, value: Any) -> bytes | None:
        """Bytes only. Raises TypeError for a text: plain text never reaches the database."""
        if value is None:
            return None
        if not isinstance(value, bytes):
            raise TypeError(f"{self.name}: a plain text must not reach the database")
        return bytes(value)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:  # noqa: ARG002
        """What the database holds, still sealed."""
        return None if value is None else Sealed(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value can be asked."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        """For serialised copies: still sealed."""
        value = obj.__dict__.get(self.attname)
        return base64.b64encode(value).decode() if isinstance(value, Sealed) else ""


class FingerprintField(models.Field[Any, Any]):
    """A keyed hash by which a value is found; ``purpose`` as given to `fingerprint`."""

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_internal_type(self) -> str:
        """Bytes in the database."""
        return "BinaryField"

    def from_db_value(self, value: Any, expression: object, connection: object) -> bytes | None:  # noqa: ARG002
        """Plain bytes whatever the driver gives."""
        return None if value is None else bytes(value)


def context_text(field: EncryptedTextField, parts: list[Any]) -> str:
    """The context of a value: the model, the field, and what the row is known by."""
    return f"{field.model._meta.label_lower}.{field.name}:" + ":".join(str(part) for part in parts)


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """Every encrypted field of every app."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield field


def fingerprint_fields() -> Iterator[FingerprintField]:
    """Every fingerprint field of every app."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FingerprintField):
                yield field
