"""The editor's document is our Markdown: what goes in comes out, and shows the same."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from courses.lesson_text import normalise
from courses.markdown import CALLOUTS, render

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lms" / "seed" / "content").glob("*/lessons/*.md"))
HERE = Path(__file__).parent

#: What trainers write by hand in ways that the editor itself would not.
ODD = (
    "",
    "một dòng\nhai dòng\n\n\n\nđoạn khác",
    "Đề mục\n=====\n\nnhỏ hơn\n---\n\n# một\n\n##### năm\n\n## hai ##",
    "* sao\n* sao\n\n- gạch\n- gạch\n\n+ cộng",
    "3. ba\n4. bốn\n\n1) một\n2) hai",
    "- a\n\n  đoạn hai\n- b\n\n      mã trong danh sách",
    "1. a\n   - b\n     1. c\n        > d",
    "[x]: https://a.vn\n\nTheo [x] và [y][x].\n\n[y]: https://b.vn 'Tên'",
    "<b>không chạy</b> &amp; &copy; <https://a.vn> a < b & c",
    "```python\nprint(':::')\n```\n\n    mã thụt\n\n~~~\n```\n~~~",
    "::: note\n```\n:::\n```\n:::",
    "::: note\n- a\n\n:::: law\nb\n::::\n:::",
    ":::: law Luật *Bình đẳng giới*\n::: note\ntrong\n:::\n::::",
    "::: check\nHỏi?\n- [ ] **a** b\n- [X] c\n- thường\n> vì\n:::",
    "::: check\nHỏi?\n\n1. một\n2. hai\n\n> vì\n>\n> - sao\n:::",
    "::: check\n- [x] chỉ một\n:::\n\n::: summary\n:::",
    "::: khac\nkhông phải khung\n:::",
    "::: note\nkhông đóng",
    "| a | b |\n|:--|--:|\n| `x \\| y` | **đậm** |\n| thiếu |\n\n|chỉ tên|\n|-|",
    '![](images/a.png) ![Có *sao* \\] và "nháy"](images/b.png "Tên") ![c](<images/c d.png>)',
    "![Phim](media/x.mp4)\n\n[![hình](images/a.svg)](https://a.vn)",
    "**đậm *nghiêng***, *nghiêng **đậm***, ***cả hai***, **a**b, *a*b*c*, `mã` ``m`ã``",
    "dòng  \nmới\\\nnữa",
    "\\*không nghiêng\\* \\# 1\\. \\[a\\] snake_case _nghiêng_ \\_",
    "- \n- b\n-\n\n> \n> a\n>> b",
    "***\n\n---\n\n___\n\n- - -",
    "a\n- b\n> c\n1. d",
)

INLINE = st.sampled_from(
    [
        *("giới", "bình đẳng", " ", "**đậm**", "*nghiêng*", "`mã`", "[nối](https://a.vn/?a=1&b=2)"),
        *("![hình](images/a.svg)", "\\*", "_", "1.", "#", "- ", "> ", "|", "[ ]", "[x]", ":::"),
        *(
            "<",
            "&",
            "&amp;",
            "~~~",
            "***",
            "**",
            "`",
            "\\\\",
            "\n",
            "  \n",
            "!",
            "(",
            ")",
            "Điều 21",
        ),
    ]
)
TEXT = st.lists(INLINE, min_size=1, max_size=8).map("".join)
BLOCK = st.one_of(
    TEXT,
    TEXT.map("## {}".format),
    st.lists(TEXT, min_size=1, max_size=3).map(lambda texts: "\n".join(f"- {t}" for t in texts)),
    st.lists(TEXT, min_size=1, max_size=3).map(lambda texts: "\n\n".join(f"2. {t}" for t in texts)),
    TEXT.map("> {}".format),
    st.tuples(st.sampled_from([*CALLOUTS, "check"]), TEXT).map("::: {0[0]}\n{0[1]}\n:::".format),
    st.lists(TEXT, min_size=2, max_size=2).map("::: check\n{0[0]}\n- [x] {0[1]}\n:::".format),
    st.lists(TEXT, min_size=2, max_size=2).map("| {0[0]} | {0[1]} |\n|---|---|\n| a |".format),
    TEXT.map("```\n{}\n```".format),
    TEXT.map("    {}".format),
)
SOURCE = st.lists(BLOCK, max_size=5).map(lambda blocks: normalise("\n\n".join(blocks)))


@pytest.fixture(scope="module")
def node() -> str:
    path = shutil.which("node")
    assert path, "node is not installed; see .ci/setup-node"
    return path


def edit(node: str, sources: list[str]) -> list[dict[str, Any]]:
    """Return what the editor makes of each text."""
    return run(node, "editor_round_trip.mjs", given=json.dumps(sources))


def run(node: str, driver: str, *words: str, given: str = "") -> list[dict[str, Any]]:
    """Return what a driver beside this file answers."""
    answer = subprocess.run(
        [node, str(HERE / driver), *words],
        check=False,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    return list(json.loads(answer.stdout))


def shown(app: Flask, source: str) -> str:
    """Return what the reader sees, but for white space that nobody does."""
    with app.test_request_context():
        html = render(source)
    squeezed = re.sub(r"> <", "><", re.sub(r"\s+", " ", html))
    return re.sub(r"(<li>|<p>) | (?=</code>)", r"\1", squeezed).strip()


def test_every_starter_lesson_comes_out_as_it_went_in(shared_app: Flask, node: str) -> None:
    sources = [normalise(path.read_text().split("---\n", 2)[2]) for path in LESSONS]
    assert len(sources) > 20
    for source, edited in zip(sources, edit(node, sources), strict=True):
        assert edited["kept"] == source
        assert edited["raw"] == 0
        assert shown(shared_app, edited["anew"]) == shown(shared_app, source)
        assert edited["again"] == edited["anew"]


def test_what_is_written_by_hand_survives_the_editor(shared_app: Flask, node: str) -> None:
    for source, edited in zip(ODD, edit(node, list(ODD)), strict=True):
        assert edited["kept"] == source
        assert shown(shared_app, edited["anew"]) == shown(shared_app, source), source


@given(st.lists(SOURCE, min_size=30, max_size=30))
# Each example is a whole process: nothing is tried again to make it smaller.
@settings(max_examples=4, phases=(Phase.generate,))
def test_any_markdown_survives_the_editor(shared_app: Flask, node: str, sources: list[str]) -> None:
    for source, edited in zip(sources, edit(node, sources), strict=True):
        assert edited["kept"].strip() == source.strip()
        assert shown(shared_app, edited["anew"]) == shown(shared_app, source), (
            source,
            edited["anew"],
        )


def test_what_a_careless_writer_makes_is_read_back_with_the_same_letters(node: str) -> None:
    written = run(node, "editor_documents.mjs", "7", "400")
    for document in written:
        if not document["raw"]:
            assert document["back"] == document["letters"], document["written"]
    assert sum(1 for document in written if document["raw"]) < 20
