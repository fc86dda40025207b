"""The documents: their examples run, and the reference is what the docstrings say. `UPDATE=1` rewrites it."""

import ast
import doctest
import importlib
import inspect
import os
import pkgutil
import textwrap
from pathlib import Path
from types import ModuleType

import pytest
from conftest import REPOSITORY

import gradphoto
import gradphoto.ray
from gradphoto import _batch, _lang, _source

REFERENCE = REPOSITORY / "docs" / "python.md"
MODULES = ["gradphoto", *(f"gradphoto.{module.name}" for module in pkgutil.iter_modules(gradphoto.__path__))]
ALIASES = {"Lang": _lang, "Name": _source, "Paths": _batch, "Photo": _source}
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__main__")])
def test_examples_in_docstrings(module: str) -> None:
    public = {name: getattr(gradphoto, name) for name in gradphoto.__all__}
    assert doctest.testmod(importlib.import_module(module), extraglobs=public, optionflags=OPTIONS).failed == 0


def test_examples_in_the_readme() -> None:
    readme = Path(__file__).resolve().parents[1] / "README.md"
    assert doctest.testfile(str(readme), module_relative=False, optionflags=OPTIONS).failed == 0


def test_the_reference_is_up_to_date() -> None:
    wanted = reference()
    if "UPDATE" in os.environ:
        REFERENCE.write_text(wanted, encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == wanted, "run `UPDATE=1 tests/run`"


def test_everything_public_is_documented() -> None:
    for name in gradphoto.__all__:
        if name not in ("__version__", *ALIASES):
            assert inspect.getdoc(getattr(gradphoto, name)), name


def reference() -> str:
    """The reference as Markdown, in the order of a reader: what one calls, what one gets, what can go wrong."""
    intro = inspect.getdoc(gradphoto) or ""
    names = [name for name in gradphoto.__all__ if name != "__version__"]
    first = ["Checker", "Report", "Finding", "Verdict"]
    functions = [name for name in names if inspect.isfunction(getattr(gradphoto, name))]
    errors = [name for name in names if is_error(getattr(gradphoto, name))]
    others = [name for name in names if name not in [*first, *functions, *errors, *ALIASES]]
    pages = [page(getattr(gradphoto, name), f"gradphoto.{name}") for name in first + functions + others + errors]
    pages.append(page(gradphoto.ray.Check, "gradphoto.ray.Check"))
    pages += [alias_page(name, module) for name, module in ALIASES.items()]
    return f"# The Python package\n\n{fenced(intro)}\n\n" + "\n".join(pages)


def alias_page(name: str, module: ModuleType) -> str:
    """The entry of a type that signatures name: how it is written in the source, and the `#:` comment above it."""
    written = {ast.unparse(node.target): node.value for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.AnnAssign)}
    value, text = written[name], dict(attributes(module))[name]
    assert value
    return f"## `gradphoto.{name}`\n\n```python\n{name} = {ast.unparse(value)}\n```\n\n{text}\n"


def is_error(thing: object) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Exception)


def page(thing: object, name: str) -> str:
    """The entry of a function or of a class with its members."""
    lines = [f"## `{name}`", "", f"```python\n{signature(thing, name.rsplit('.', 1)[1])}\n```", "", described(thing), ""]
    if inspect.isclass(thing):
        for field, text in attributes(thing):
            lines.append(f"- `{field}`: {text}")
        if lines[-1]:
            lines.append("")
        for member, value in vars(thing).items():
            value = getattr(value, "__func__", getattr(value, "fget", value))
            if inspect.isfunction(value) and inspect.getdoc(value) and (not member.startswith("_") or member == "__call__"):
                lines += [f"### `{name.rsplit('.', 1)[1]}.{member}`", ""]
                lines += [f"```python\n{signature(value, member)}\n```", "", described(value), ""]
    return "\n".join(lines)


def signature(thing: object, name: str) -> str:
    """How it is written in the source, without bodies."""
    if is_error(thing):
        return f"class {name}({', '.join(base.__name__ for base in thing.__bases__)})"  # type: ignore[attr-defined]
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))  # type: ignore[arg-type]
    node = tree.body[0]
    if isinstance(node, ast.ClassDef):
        inits = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        if not inits:
            return f"class {name}"
        node = inits[0]
        node.args.args = node.args.args[1:]
        return f"{name}({ast.unparse(node.args)})"
    assert isinstance(node, ast.FunctionDef)
    returns = ast.unparse(node.returns) if node.returns else "None"
    node.args.args = [arg for arg in node.args.args if arg.arg not in ("self", "cls")]
    is_property = any(ast.unparse(decorator) == "property" for decorator in node.decorator_list)
    return f"{name}: {returns}" if is_property else f"{name}({ast.unparse(node.args)}) -> {returns}"


def attributes(thing: type | ModuleType) -> list[tuple[str, str]]:
    """Fields and the `#:` comments above them."""
    found: list[tuple[str, str]] = []
    comment: list[str] = []
    for line in inspect.getsource(thing).splitlines():
        line = line.strip()
        if line.startswith("#:"):
            comment.append(line[2:].strip())
        elif comment:
            name = line.split(":")[0].split("=")[0].strip().removeprefix("self.")
            found.append((name, " ".join(comment)))
            comment = []
    return found


def described(thing: object) -> str:
    return fenced(inspect.getdoc(thing) or "")


def fenced(text: str) -> str:
    """A docstring as Markdown: examples in fences, `Args:` as a list."""
    lines: list[str] = []
    in_example = in_list = False
    for line in text.splitlines():
        if line.startswith(">>>") and not in_example:
            lines.append("```python")
            in_example = True
        if in_example and not line.strip():
            lines.append("```")
            in_example = False
        if not line.startswith(" "):
            in_list = line in ("Args:", "Raises:")
            lines += [f"**{line}**", ""] if in_list else [line] if line != "Example:" else []
        elif in_list and not line.startswith("     "):
            name, _, rest = line.strip().partition(":")
            lines.append(f"- `{name}`:{rest}")
        elif in_list:
            lines.append(f"  {line.strip()}")
        else:
            lines.append(line if in_example else line.removeprefix("    "))
    return "\n".join([*lines, "```"] if in_example else lines)
