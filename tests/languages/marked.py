"""What the templates mark for translation, and what they forgot to mark."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import Engine, Template
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

TEMPLATES = Path(settings.BASE_DIR) / "sapr" / "templates"
# A text handed to a filter or to another template: _("…") inside a tag.
HANDED_ON = re.compile(r"_\(\"([^\"]+)\"\)")
# What stands in a page in every language: names of systems, forms and signs.
NAMES = frozenset({"SAPR", "CATCH", "SHA-256", "UTC", "MINIMAL", "PDF", "CSV"})
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder", "aria-description")
NOT_READ = ("script", "style", "pre", "code")


def templates() -> list[Path]:
    """Every template of ours."""
    return sorted(TEMPLATES.rglob("*.html"))


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """(text, its plural or '') of everything that one template marks."""
    source = path.read_text()
    for node in _nodes(Template(source, engine=Engine.get_default())):
        if isinstance(node, TranslateNode):
            yield str(node.filter_expression.var.literal), ""
        elif isinstance(node, BlockTranslateNode):
            one, many = (node.render_token_list(part)[0] for part in (node.singular, node.plural))
            yield (trim_whitespace(one), trim_whitespace(many)) if node.trimmed else (one, many)
    yield from ((text, "") for text in HANDED_ON.findall(source))


def _nodes(template: Template) -> list[Node]:
    return template.nodelist.get_nodes_by_type(Node)


def unmarked(source: str) -> list[str]:
    """Words of a template that stand outside every mark: a page in another language would keep them English."""
    source = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    for name in NOT_READ:
        source = re.sub(rf"<{name}\b.*?</{name}>", "", source, flags=re.DOTALL)
    found = [value for name in SPOKEN_ATTRIBUTES for value in re.findall(rf"\b{name}=\"([^\"]*)\"", source)]
    found += re.split(r"<[^>]*>", source)
    plain = (re.sub(r"&#?\w+;", "", each).strip() for each in found)
    return [each for each in plain if re.search(r"[^\W\d_]", each) and not _named(each)]


def _named(text: str) -> bool:
    return all(word in NAMES or not re.search(r"[^\W\d_]", word) for word in re.split(r"[\s·:,.()]+", text))
