"""Tables of the shared mechanisms."""

from __future__ import annotations

from django.db import models


class AuditRow(models.Model):
    """Who did what to which object, when and why. Triggers refuse UPDATE, and DELETE of what is not six years old."""

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    action = models.CharField(max_length=64)
    code = models.CharField(max_length=32, blank=True)
    unit_path = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["code", "at"]),
            models.Index(fields=["at"]),
            models.Index(
                fields=["account_id", "-at"],
                condition=models.Q(account_id__isnull=False),
                name="auditrow_of_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.code}"


class Link(models.Model):
    """One arrow of the lineage: ``target`` came out of ``source``. Both are public codes."""

    source = models.CharField(max_length=32)
    target = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_not_to_itself"),
        ]
        indexes = [models.Index(fields=["target"])]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class LedgerLeaf(models.Model):
    """One entry of the append-only log. ``payload`` is the canonical JSON text that was hashed, byte for byte."""

    index = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=48)
    code = models.CharField(max_length=32, db_index=True)
    payload = models.TextField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.kind} {self.code}"


class LedgerNode(models.Model):
    """The hash over a complete subtree of the log: 2^level leaves from position·2^level on. Leaves are level 0."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="ledgernode_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class TreeHead(models.Model):
    """A signed statement: the log had ``size`` entries and this root at this time (RFC 9162, section 4.10)."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    root = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=64)

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root_hex[:16]}"

    @property
    def root_hex(self) -> str:
        """The root, hex."""
        return bytes(self.root).hex()


class Receipt(models.Model):
    """What a person holds for whatever they did: a number that tells the state without signing in.

    ``code`` is the object the person's piece belongs to; ``reference`` finds the piece itself and stays empty
    where the piece must not be found again (secret votes, survey answers).
    """

    number = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    reference = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    day = models.DateField()
    promised = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "reference"])]

    def __str__(self) -> str:
        return self.number


class Throttle(models.Model):
    """Tries of one thing by one key, of which only a keyed hash is kept; see ``qiao.base.throttle``."""

    name = models.CharField(max_length=32)
    key = models.BinaryField(max_length=32)
    tries = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    refused = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="throttle_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.tries}"
