"""Published reading and writing speeds and customary times to decide: one list, for every door.

Speeds have a source with its year. Times to decide have none that is published, and say so. The reference
catalogue holds neither, so that no input links to it for them.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def published() -> dict[str, Any]:
    """Speeds in words a minute and times in minutes: low, high, point, source and evidence of each."""
    document: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return document
