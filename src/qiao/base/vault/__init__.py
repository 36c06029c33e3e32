"""The vault: what is sensitive lies in the database as ciphertext only, and is found again through a keyed hash.

A value is sealed with XChaCha20-Poly1305 (libsodium) for one *context*: its purpose and its row. Copied into another
field or another person's row it does not open. A fingerprint is a keyed BLAKE2b hash, one per purpose: equal values
can be searched, and nobody without the key can try numbers out. docs/algorithms/encryption.md says it at length.
"""

from __future__ import annotations

from qiao.base.vault.cipher import (
    WillNotOpen,
    fingerprint,
    fingerprint_many,
    fingerprints,
    key_id_of,
    seal,
    seal_many,
    unseal,
    unseal_many,
)
from qiao.base.vault.fields import EncryptedTextField, FingerprintField, Sealed
from qiao.base.vault.ring import KeyFault, Ring, add_key, check_ring, create_ring, current_ring, ring_path

__all__ = [
    "EncryptedTextField",
    "FingerprintField",
    "KeyFault",
    "Ring",
    "Sealed",
    "WillNotOpen",
    "add_key",
    "check_ring",
    "create_ring",
    "current_ring",
    "fingerprint",
    "fingerprint_many",
    "fingerprints",
    "key_id_of",
    "ring_path",
    "seal",
    "seal_many",
    "unseal",
    "unseal_many",
]
