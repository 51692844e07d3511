"""Every check that relief makes, read off its source; and the taking away of one of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType

import pytest

import services.relief
from services.relief import rules

SOURCE = Path(services.relief.__file__).parent
RULES = {node.name for node in ast.parse(Path(rules.__file__).read_text()).body if isinstance(node, ast.ClassDef)}
"""The refusals that more than one part of relief knows. Those of one part alone are tried beside it."""


@dataclass(frozen=True)
class Check:
    """In this function of that module a check is asked, or one of the common refusals raised without one."""

    module: str
    function: str
    refuses: str

    def __str__(self) -> str:
        return f"{self.module}.{self.function}-{self.refuses}"


def checks() -> list[Check]:
    """All there are. A check is a function that answers nothing and may refuse."""
    trees = {name: ast.parse(path.read_text()) for name, path in _modules()}
    known = {function.name for tree in trees.values() for function in _functions(tree) if _only_refuses(function)}
    return [
        Check(module, function.name, refuses)
        for module, tree in trees.items()
        for function in _functions(tree)
        if not _only_refuses(function)
        for refuses in dict.fromkeys(filter(None, (_refuses(node, known) for node in ast.walk(function))))
    ]


def take_away(monkeypatch: pytest.MonkeyPatch, check: Check) -> None:
    """Let the function do without the check from now on."""
    path = SOURCE / f"{check.module.replace('.', '/')}.py"
    without = ast.fix_missing_locations(_Without(check).visit(ast.parse(path.read_text())))
    codes = [const for const in compile(without, str(path), "exec").co_consts if isinstance(const, CodeType)]
    (code,) = (code for code in codes if code.co_name == check.function)
    function = getattr(import_module(f"services.relief.{check.module}"), check.function)
    assert code.co_code != function.__code__.co_code
    monkeypatch.setattr(function, "__code__", code)


class _Without(ast.NodeTransformer):
    """The same source with nothing in the places where the check stood."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.generic_visit(node) if node.name == self.check.function else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return self._nothing_or(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return self._nothing_or(node)

    def _nothing_or(self, node: ast.stmt) -> ast.AST:
        return ast.Pass() if _refuses(node, {self.check.refuses}) == self.check.refuses else node


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "migrations" not in parts and parts[-1] != "__init__":
            yield ".".join(parts), path


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def _only_refuses(function: ast.FunctionDef) -> bool:
    nothing = isinstance(function.returns, ast.Constant) and function.returns.value is None
    return nothing and any(isinstance(node, ast.Raise) for node in ast.walk(function))


def _refuses(node: ast.AST, known: set[str]) -> str | None:
    """The check that a statement asks, or the common refusal that it raises."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in known:
            return name
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in RULES:
            return name
        case _:
            return None
