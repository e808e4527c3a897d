"""Lines of code, by folder: the picture in docs/architecture.md, and the size of the core.

A line counts when it holds code.  Blank lines, comments, docstrings and imports do
not count, nor does the ``if TYPE_CHECKING:`` around imports for types.  The core is
``authkit/core/`` and ``authkit/login/`` without words and configuration: without
the modules messages, status_messages, keyring_hints, render and config, without the form of
`user configure` (``login/form.py``, which `login` shares), without the table of effects, which
no module of the core imports (docs/decisions/a-recording-is-a-story.md), and without what the
rows of RULES say (`meaning` and `hint`).
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIMULATOR = ROOT / "fakes" / "sts-simulator" / "sts_simulator"

# The folders of the picture: what each is called there, where it is, and what it is for.
FOLDERS = (
    ("authkit/", ROOT / "authkit", "the command line: words in, exit status out"),
    ("  core/", ROOT / "authkit" / "core", "what authkit knows and decides; pure"),
    ("  codes/", ROOT / "authkit" / "codes", "where MFA codes and devices come from"),
    ("  login/", ROOT / "authkit" / "login", "the loop, and what it works with"),
    ("  kinds/", ROOT / "authkit" / "kinds", "what a distribution needs to bring a kind"),
    ("  recording/", ROOT / "authkit" / "recording", "what a command did, as a scenario file"),
    ("  aws_files/", ROOT / "authkit" / "aws_files", "AWS's own files: read, and edited in place"),
    ("  doctor/", ROOT / "authkit" / "doctor", "what is wrong on a machine: checks and findings"),
    ("  importing/", ROOT / "authkit" / "importing", "what `import` finds, plans and writes"),
    ("  commands/", ROOT / "authkit" / "commands", "one file a command"),
    ("  adapters/", ROOT / "authkit" / "adapters", "the real world behind the ports"),
    ("fakes/", ROOT / "fakes", "authkit in the simulator's shell"),
    ("  sts-simulator/", SIMULATOR, "sts_simulator, a distribution of its own"),
    ("    account/", SIMULATOR / "account", "what STS and IAM answer, and why"),
    ("      oidc/", SIMULATOR / "account" / "oidc", "OpenID Connect tokens"),
    ("      saml/", SIMULATOR / "account" / "saml", "SAML responses"),
    ("    wire/", SIMULATOR / "wire", "the same as bytes"),
    ("    server/", SIMULATOR / "server", "the same over HTTP, with the control interface"),
    ("    play/", SIMULATOR / "play", "a shell to try it in"),
    ("  world/", ROOT / "fakes" / "world", "fakes behind authkit's ports"),
    ("scenarios/replay/", ROOT / "scenarios" / "replay", ""),
    ("  story/", ROOT / "scenarios" / "replay" / "story", "what a scenario file says"),
    ("  stages/", ROOT / "scenarios" / "replay" / "stages", "the levels at which it is played"),
    ("  presentation/", ROOT / "scenarios" / "replay" / "presentation", "a replay shown: pages"),
    ("  runner/", ROOT / "scenarios" / "replay" / "runner", "compare, report, update, collect"),
    ("  coverage/", ROOT / "scenarios" / "replay" / "coverage", "what stories show; new stories"),
    ("  revisions/", ROOT / "scenarios" / "replay" / "revisions", "two revisions side by side"),
)
WORDS = {
    *("messages.py", "status_messages.py", "keyring_hints.py", "render.py"),
    *("config.py", "form.py", "effects.py"),
}
LARGEST_CORE = 1480  # lines, beside the rows of RULES: a new error case needs no room elsewhere
SAID_BY_ROWS = {"meaning", "hint"}


def code_lines(path: Path) -> int:
    """Return how many lines of a module hold code."""
    source = path.read_text(encoding="utf-8")
    return len(_lines_with_tokens(source) - _not_counted(ast.parse(source)))


def in_folder(folder: Path) -> int:
    """Return the lines of code of the modules that stand in this folder itself."""
    return sum(code_lines(path) for path in folder.glob("*.py"))


def core() -> int:
    """Return the lines of code of the core, without words and configuration."""
    folders = (ROOT / "authkit" / "core", ROOT / "authkit" / "login")
    return sum(code_lines(p) for f in folders for p in f.glob("*.py") if p.name not in WORDS)


def of_rows() -> int:
    """Return the lines of code of the rows of RULES."""
    source = (ROOT / "authkit" / "core" / "rules.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    rows = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    of_rows = {
        line
        for row in rows
        if ast.unparse(row.func) == "Rule"
        for line in range(row.lineno, (row.end_lineno or row.lineno) + 1)
    }
    return len((_lines_with_tokens(source) & of_rows) - _not_counted(tree))


def picture() -> str:
    """Return the folders with their lines of code, as a block of text."""
    rows = [f"{name:<18}{in_folder(path) or '':>6}   {about}" for name, path, about in FOLDERS]
    lines = "\n".join(row.rstrip() for row in rows)
    return f"```text\n{lines}\n```\n\nThe core, without words and configuration: {core()} lines."


def _lines_with_tokens(source: str) -> set[int]:
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    found = set[int]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in {*empty, tokenize.ENDMARKER}:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def _not_counted(tree: ast.Module) -> set[int]:
    found = set[int]()
    for node in ast.walk(tree):
        for part in _skipped(node):
            found.update(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    return found


def _skipped(node: ast.AST) -> list[ast.stmt | ast.expr]:
    """Return the parts of a node that do not count: docstring, imports, the words of a row."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [node]
    if isinstance(node, ast.Assign) and ast.unparse(node) == "TYPE_CHECKING = False":
        return [node]
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return [node.test]
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
        return [node.body[0]]
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "Rule":
        return [keyword.value for keyword in node.keywords if keyword.arg in SAID_BY_ROWS]
    return []
