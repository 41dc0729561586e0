"""What a person is handed: one encrypted file, or a box of several. Nothing here is in clear."""

import io
import zipfile
from typing import NamedTuple

# The same for every file: when it was made is nobody's business who finds it.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class File(NamedTuple):
    name: str
    kind: str
    content: bytes


def packed(parts: list[bytes], kind: str, form: str) -> File:
    """One part as it is (`lines.csv.age`), several in a zip without compression, each opened by itself."""
    end = form + ".age"
    if len(parts) == 1:
        return File(kind + "." + end, "application/octet-stream", parts[0])
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_STORED) as files:
        for number, part in enumerate(parts, start=1):
            files.writestr(zipfile.ZipInfo(f"{kind}-{number:03}.{end}", FIRST_DAY), part)
    return File(kind + ".zip", "application/zip", box.getvalue())
