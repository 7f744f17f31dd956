"""Lesson text: Markdown with teaching containers, to HTML that cannot harm.

Raw HTML in the source is shown as text; the result passes nh3's allowlist all the same.
The containers are documented in docs/course-pack.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import nh3
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

CALLOUTS = ("objectives", "example", "law", "note", "speaker", "summary")
TAGS = {
    *("p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "img", "br", "hr"),
    *("section", "div", "details", "summary", "video", "audio", "track"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "video": {"src", "controls", "preload", "aria-label"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "track": {"src", "kind", "srclang", "label", "default"},
}
CLASSES = {
    "section": {"callout", "check", *CALLOUTS},
    "p": {"callout-title", "check-answer"},
    "div": {"table-scroll"},
}


class Shown(Protocol):
    """A file that a lesson shows."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def content_type(self) -> str:
        """What it is."""


def render(source: str, media: Mapping[str, Shown] | None = None) -> str:
    """Return safe HTML for a lesson's Markdown.

    ``media`` maps names inside the course (images/x.svg) to its files; one that is not
    there is left out, with its text kept.
    """
    html = _parser().render(source, {"media": media or {}})
    # The corner above the row names heads nothing, so it must not be read out as a heading.
    return sanitize(html).replace("<th></th>", "<td></td>")


def sanitize(html: str) -> str:
    """Return the HTML with everything outside the allowlist taken out."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name in CALLOUTS:
        container_plugin(parser, name, render=_render_callout)
    container_plugin(parser, "check", render=_render_check)
    parser.core.ruler.push("check", _mark_checks)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("table_open", lambda *_a: '<div class="table-scroll"><table>\n')
    parser.add_render_rule("table_close", lambda *_a: "</table></div>\n")
    return parser


def _callout_titles() -> dict[str, str]:
    return {
        "objectives": _("After this lesson you can"),
        "example": _("Example"),
        "law": _("What the law says"),
        "note": _("Please note"),
        "speaker": _("What the speaker says"),
        "summary": _("To remember"),
    }


def _render_callout(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    token = tokens[index]
    if token.nesting < 0:
        return "</section>\n"
    name, _sep, given = token.info.strip().partition(" ")
    title = _callout_titles()[name]
    if given:
        title = f"{title}: {given}" if name == "example" else given
    return f'<section class="callout {name}"><p class="callout-title">{_escape(title)}</p>\n'


def _render_check(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any
) -> str:
    if tokens[index].nesting < 0:
        return "</section>\n"
    title = _("Quick check")  # outside the f-string, where Babel finds it
    return f'<section class="check"><p class="callout-title">{_escape(title)}</p>\n'


def _render_image(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:
    token = tokens[index]
    name, text = str(token.attrs.get("src", "")), _escape(token.content)
    file = env["media"].get(name)
    if file is None:
        return text
    kind = file.content_type.partition("/")[0]
    if kind in ("video", "audio"):
        return _render_player(kind, name, text, env["media"])
    address = _escape(file.url)
    if kind == "image":
        return f'<img src="{address}" alt="{text}">'
    return f'<a href="{address}">{text or _escape(name)}</a>'


def _render_player(kind: str, name: str, text: str, media: Mapping[str, Shown]) -> str:
    """Return a player in the text. The address leads to the lightest version that is good."""
    source = f"{_escape(media[name].url)}?best=480p"
    tracks = "".join(
        f'<track kind="captions" srclang="{code}" label="{label}" src="{_escape(captions.url)}">'
        for code, label in (("vi", "Tiếng Việt"), ("en", "English"))
        if (captions := media.get(f"{name.rpartition('.')[0]}.{code}.vtt")) is not None
    )
    opening = f'<{kind} src="{source}" controls="" preload="metadata" aria-label="{text}">'
    return f"{opening}{tracks if kind == 'video' else ''}</{kind}>"


def _mark_checks(state: StateCore) -> None:
    """Hide each quick check's answer behind a disclosure that needs no script."""
    inside = False
    right: list[str] = []
    for index, token in enumerate(state.tokens):
        if token.type == "container_check_open":
            inside, right = True, []
        elif token.type == "container_check_close":
            inside = False
        elif inside and token.type == "inline":
            right += _take_mark(token)
        elif inside and token.type == "blockquote_open":
            state.tokens[index] = _html(_answer_opening(right))
        elif inside and token.type == "blockquote_close":
            state.tokens[index] = _html("</details>\n")


def _take_mark(token: Token) -> list[str]:
    """Take ``[x]`` or ``[ ]`` off an option; return its text when it is a right one."""
    mark, text = token.content[:3].lower(), token.content[3:].strip()
    if mark not in ("[x]", "[ ]") or not token.children:
        return []
    token.content = text
    token.children[0].content = token.children[0].content[3:].lstrip()
    # What is read, not how it is written: an option may hold emphasis and escapes.
    read = "".join(child.content for child in token.children)
    return [read] if mark == "[x]" else []


def _answer_opening(right: Sequence[str]) -> str:
    answer = _("Answer: %(text)s", text="; ".join(right))
    summary = _("Show the answer")
    return (
        f"<details><summary>{_escape(summary)}</summary>"
        f'<p class="check-answer">{_escape(answer)}</p>\n'
    )


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)


def _escape(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
