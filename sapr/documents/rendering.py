"""From content to a tagged PDF (PDF/UA-1). Nothing is written to disk and nothing is fetched.

The compiler is one wheel that brings its fonts (typst). WeasyPrint would have needed Pango and its kin on every host.
What people typed reaches a template as JSON values, never as source, so no character of it can be markup.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from .printable import printable

_TEMPLATES = Path(__file__).parent


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts of the compiler: a document looks the same on every host and tells nothing about it."""
    return typst.Fonts(include_system_fonts=False)


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The document that `template` (the name of a .typ file here, without its ending) makes of `data`.

    `data`: JSON values; `title` is demanded, since a tagged document must have one. Texts pass `printable`. The same
    data give the same bytes: no time, no machine, no person is written into it. Only the web process calls this.
    """
    source = _TEMPLATES / f"{template}.typ"
    return typst.compile(
        source,
        root=_TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(printable(data))},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=0,
    )
