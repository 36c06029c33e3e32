"""What lies in the database while a round is open: answers as ciphertext, under a key that ends with the round."""

from __future__ import annotations

from django.db import models

from qiao.base.vault import EncryptedTextField
from qiao.hear.surveys.models.rounds import Round


class RoundKey(models.Model):
    """The key (XChaCha20-Poly1305, base64) of one round's answers, itself sealed by the vault. Deleted at closing.

    What backups, old row versions and the write-ahead log still hold of an open round then opens no more.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, primary_key=True, related_name="+")
    #: Which key it is. Whoever stores an answer names it: one sealed under a key that is not here is not taken.
    mark = models.UUIDField()
    secret = EncryptedTextField(bind=("round_id", "mark"))

    def __str__(self) -> str:
        return f"key of round {self.round_id}"


class SealedAnswer(models.Model):
    """One answer while its round is open: padded ciphertext and the coarse design columns. Deleted at closing.

    ``id`` is a keyed hash of who sent what: the same answer sent twice is the same row. That its transaction number
    leads to an invitation tells who has answered, which the invitation says anyway, and never what.
    """

    id = models.UUIDField(primary_key=True)
    # No constraint and no index, as with answers: the one statement that stores it reads the round itself.
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="sealed_answers", db_constraint=False, db_index=False
    )
    stratum = models.CharField(max_length=60, blank=True, db_default="")
    cluster = models.CharField(max_length=20, blank=True, db_default="")
    employment = models.CharField(max_length=60, blank=True, db_default="")
    mode = models.CharField(max_length=5, blank=True, db_default="")
    flagged = models.BooleanField(default=False, db_default=False)
    content = models.BinaryField()

    def __str__(self) -> str:
        return "a sealed answer"
