"""What may be imported where: the window appears at once, and the core runs without one."""

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnngui import core

# These import Keras or TensorFlow, as their first lines say, and are imported inside functions only.
KERAS = {"networks", "convolution", "optimizers", "batches", "callbacks", "averaging", "deployment", "normalization"}
MODULES = sorted(module.name for module in pkgutil.iter_modules(core.__path__))
CORE = Path(core.__path__[0])


def imported(tree: ast.Module) -> set[str]:
    """Every module that the file names in an import, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def test_the_core_and_the_command_line_start_without_tensorflow_or_qt() -> None:
    modules = [f"cnngui.core.{name}" for name in MODULES if name not in KERAS]
    assert len(modules) > 10
    script = f"""
import importlib, json, sys
for name in {[*modules, "cnngui.cli", "cnngui.terminal", "cnngui.paths"]}:
    importlib.import_module(name)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert not {"PySide6", "pyqtgraph", "tensorflow", "keras", "h5py"} & set(json.loads(answer.stdout))


@pytest.mark.parametrize("name", MODULES)
def test_the_core_knows_nothing_of_the_window(name: str) -> None:
    found = imported(ast.parse((CORE / f"{name}.py").read_text(encoding="utf-8")))
    forbidden = ("PySide6", "pyqtgraph", "cnngui.gui", "cnngui.cli", "cnngui.terminal", ".")
    assert not [module for module in found if module.startswith(forbidden)]


@pytest.mark.parametrize("name", sorted(KERAS))
def test_modules_with_keras_say_so(name: str) -> None:
    module = ast.parse((CORE / f"{name}.py").read_text(encoding="utf-8"))
    assert imported(module) & {"keras", "tensorflow"}
    assert "import it inside functions only" in " ".join((ast.get_docstring(module) or "").split())
