"""Secrets made once and kept in the data folder, for whoever sets none."""

import json
import secrets
from pathlib import Path

from portal.embedded import runtime
from portal.embedded.folder import write_private

NAMES = ("SECRET_KEY", "FIELD_KEYS")


def generated(root: Path) -> dict[str, str]:
    """SECRET_KEY and FIELD_KEYS of this folder, without those that the environment sets."""
    path = root / "keys.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in NAMES if name not in kept]
    if missing:
        kept |= {name: secrets.token_urlsafe(48) for name in missing}
        write_private(path, json.dumps(kept))
    return {name: kept[name] for name in NAMES if not runtime.is_set(name)}
