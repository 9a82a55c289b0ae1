"""Where imports go, what they are called, and when none is needed."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from llm_lint.fixes.edits import Offsets, apply
from llm_lint.fixes.imports import Wanted, ensure
from llm_lint.syntax.source import source_from_bytes

OS = Wanted("os")
TRACK = Wanted("llm_lint.runtime", "track")
CACHED = Wanted("llm_lint.runtime", "cached")
OWN = Wanted("app.llm_runtime", "track")


def imported(text: str, wanted: Wanted = OS) -> tuple[str, str]:
    """The text with the import that ``use()`` needs, and its name there; or the reason why not."""
    source = source_from_bytes(text.encode(), "app.py")
    use = next(
        node
        for node in ast.walk(source.tree())
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "use"
    )
    result = ensure(source, wanted, use, frozenset({"app"}))
    if isinstance(result, str):
        return text, result
    offsets = Offsets(source)
    return apply(text, [offsets.change(edit) for edit in result.edits]), result.expression


def lines(text: str) -> str:
    """``a;b`` as two lines, to keep the tables short."""
    return text.replace(";", "\n") + "\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("use()", "import os;;use()"),
        ('"""Doc.""";use()', '"""Doc.""";;import os;use()'),
        ('"""Doc.""";;use()', '"""Doc.""";;import os;;use()'),
        ("def f():;    use()", "import os;;;def f():;    use()"),
        ("from __future__ import annotations;;use()", "from __future__ import annotations;;import os;;use()"),
        ("import sys;;use()", "import os;import sys;;use()"),
        ("import abc;;use()", "import abc;import os;;use()"),
        ("import abc;import sys;use()", "import abc;import os;import sys;use()"),
        ("from abc import ABC;;use()", "import os;from abc import ABC;;use()"),
        ("import openai;;use()", "import os;;import openai;;use()"),
        ("import abc;;import openai;;use()", "import abc;import os;;import openai;;use()"),
        ("#!/usr/bin/env python;use()", "#!/usr/bin/env python;import os;;use()"),
        ("# -*- coding: utf-8 -*-;import sys;use()", "# -*- coding: utf-8 -*-;import os;import sys;use()"),
        ("x = 1;;# about y;y = use()", "import os;;x = 1;;# about y;y = use()"),
        ("import abc;# about sys;import sys;use()", "import abc;import os;# about sys;import sys;use()"),
        ("import abc  # noqa;import sys;use()", "import abc  # noqa;import os;import sys;use()"),
        ("import sys;import abc;use()", "import sys;import abc;import os;use()"),
    ],
)
def test_a_module_is_imported_where_isort_would(before: str, after: str) -> None:
    assert imported(lines(before)) == (lines(after), "os")


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        (TRACK, "import openai;;use()", "import openai;from llm_lint.runtime import track;;use()"),
        (TRACK, "import os;use()", "import os;;from llm_lint.runtime import track;use()"),
        (TRACK, "import os;;from openai import OpenAI;use()",
         "import os;;from llm_lint.runtime import track;from openai import OpenAI;use()"),
        (TRACK, "import os;from openai import OpenAI;use()",
         "import os;from llm_lint.runtime import track;from openai import OpenAI;use()"),
        (OWN, "import openai;;from app.zebra import z;use()",
         "import openai;;from app.llm_runtime import track;from app.zebra import z;use()"),
        (OWN, "import openai;;from . import z;use()",
         "import openai;;from app.llm_runtime import track;;from . import z;use()"),
        (OWN, "import openai;use()", "import openai;;from app.llm_runtime import track;use()"),
    ],
)  # fmt: skip
def test_a_name_goes_into_the_section_of_its_module(wanted: Wanted, before: str, after: str) -> None:
    assert imported(lines(before), wanted) == (lines(after), "track")


@pytest.mark.parametrize(
    ("wanted", "before", "after"),
    [
        (CACHED, "from llm_lint.runtime import track", "from llm_lint.runtime import cached, track"),
        (TRACK, "from llm_lint.runtime import cached", "from llm_lint.runtime import cached, track"),
        (TRACK, "from llm_lint.runtime import (cached)", "from llm_lint.runtime import (cached, track)"),
        (TRACK, "from llm_lint.runtime import zoo, abc", "from llm_lint.runtime import zoo, abc, track"),
        (TRACK, "from llm_lint.runtime import (;    cached,;)",
         "from llm_lint.runtime import (;    cached,;    track,;)"),
        (CACHED, "from llm_lint.runtime import (;    track,  # why;)",
         "from llm_lint.runtime import (;    cached,;    track,  # why;)"),
        (TRACK, "from llm_lint.runtime import (;    cached,  # why;)",
         "from llm_lint.runtime import (;    cached,  # why;    track,;)"),
        (TRACK, "from llm_lint.runtime import (;    cached;)",
         "from llm_lint.runtime import (;    cached,;    track;)"),
    ],
)  # fmt: skip
def test_a_name_joins_the_import_of_its_module(wanted: Wanted, before: str, after: str) -> None:
    assert imported(lines(f"{before};use()"), wanted) == (lines(f"{after};use()"), wanted.local)


@pytest.mark.parametrize(
    ("before", "expression"),
    [
        ("import os;use()", "os"),
        ("import os as system;use()", "system"),
        ("import os, sys;use()", "os"),
        ("def f():;    use();import os", "os"),
        ("try:;    import os;except ImportError:;    os = None;use()", "os"),
    ],
)
def test_an_import_that_is_there_is_used(before: str, expression: str) -> None:
    assert imported(lines(before)) == (lines(before), expression)


@pytest.mark.parametrize(
    "before",
    [
        "os = 'linux';use()",
        "def f(os):;    use()",
        "from system import *;use()",
        "if TYPE_CHECKING:;    import os;use()",
        "def f():;    use();    import os",
        "for os in range(3):;    use()",
        "class os:;    pass;use()",
        "import sys as os;use()",
    ],
)
def test_a_taken_name_is_avoided(before: str) -> None:
    after, expression = imported(lines(before))
    assert expression == "_os"
    assert "import os as _os\n" in after
    ast.parse(after)


def test_an_alias_that_is_taken_too_is_avoided() -> None:
    assert imported("os = _os = 1\nuse()\n")[1] == "_os_2"


def test_an_import_must_have_run_before_it_is_used() -> None:
    after, expression = imported("x = use()\nimport sys\n")
    assert (after, expression) == ("import os\n\nx = use()\nimport sys\n", "os")


@pytest.mark.parametrize("text", ["import sys; use()\n", '"""Doc."""; use()\n'])
def test_imports_that_share_their_line_with_code_are_left_alone(text: str) -> None:
    after, reason = imported(text)
    assert after == text
    assert "share" in reason


def test_line_ends_are_those_of_the_file() -> None:
    assert imported("import abc\r\n\r\nuse()\r\n")[0] == "import abc\r\nimport os\r\n\r\nuse()\r\n"


def test_isort_agrees(tmp_path: Path) -> None:
    ruff = shutil.which("ruff")
    assert ruff is not None
    (tmp_path / "app").mkdir()
    heads = lines(
        "import abc;from abc import ABC;import openai;from openai import OpenAI;from app.zebra import z"
        ";from app.aardvark import a;from llm_lint.runtime import budget"
    ).splitlines()
    for mask in range(1 << len(heads)):
        body = "".join(f"{head}\n" for bit, head in enumerate(heads) if mask >> bit & 1) + "\nuse()\n"
        (tmp_path / f"t{mask}.py").write_text(body)
    for module in ("__init__", "zebra", "aardvark", "llm_runtime"):
        (tmp_path / "app" / f"{module}.py").write_text("")
    command = [ruff, "check", "--isolated", "--select", "I", "-q"]
    subprocess.run([*command, "--fix", "."], cwd=tmp_path, check=True)
    for path in tmp_path.glob("t*.py"):
        for wanted in (OS, OWN, CACHED):
            after, _ = imported(path.read_text(), wanted)
            (tmp_path / f"{path.stem}_{wanted.local}_{len(wanted.module)}.py").write_text(after)
    ran = subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
