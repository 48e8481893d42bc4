"""Mutants of a Python source: an operator, a number or a truth value is another one, a condition is turned around."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.mutation.mutant import Mutant, another

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
}

NOT = re.compile(r"not\b\s*")


def mutants(source: str) -> Iterator[Mutant]:
    """All mutants, in order of the tree. Annotations are left alone: no test can tell them."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    encoded = source.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        # ast counts bytes of UTF-8.
        return lines[line - 1] + len(encoded[line - 1].encode()[:column].decode())

    def begin(node: ast.expr) -> int:
        return place(node.lineno, node.col_offset)

    def end(node: ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return place(node.end_lineno, node.end_col_offset)

    def between(left: ast.expr, right: ast.expr, before: str, after: str) -> Iterator[Mutant]:
        pattern = re.compile(r"\b" + before.replace(" ", r"\s+") + r"\b" if before.isalpha() else re.escape(before))
        found = pattern.search(source, end(left), begin(right))
        if found:
            yield Mutant(found.start(), found.end(), after)

    for node in _walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            for left, kind, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                yield from between(left, right, *COMPARISONS[type(kind)])
        elif isinstance(node, ast.BoolOp):
            pair = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from between(left, right, *pair)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            yield from between(node.left, node.right, *ARITHMETIC[type(node.op)])
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            # Only the word: its operand may stand in parentheses.
            found = NOT.match(source, begin(node))
            assert found is not None
            yield Mutant(found.start(), found.end(), "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield Mutant(begin(node), end(node), str(not node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield Mutant(begin(node), end(node), str(another(node.value)))
        elif isinstance(node, ast.IfExp | ast.If) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield Mutant(begin(node.test), end(node.test), f"not ({source[begin(node.test) : end(node.test)]})")


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child)
