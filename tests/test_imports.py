"""What may be imported where: the window appears at once, and the core runs without one.

Which room may import which is in pyproject.toml, where import-linter checks it.
"""

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import cnngui

PACKAGE = Path(cnngui.__path__[0])
MODULES = {
    module.name: PACKAGE.parent / (module.name.replace(".", "/") + ("/__init__.py" if module.ispkg else ".py"))
    for module in pkgutil.walk_packages(cnngui.__path__, "cnngui.")
    if module.name != "cnngui.__main__"  # it runs the program
}
# Modules that import Keras or TensorFlow say so in their first lines, and are imported inside functions only.
WITH_KERAS = {
    *("cnngui.core.data.batches", "cnngui.core.models.deployment", "cnngui.core.models.folding"),
    *("cnngui.core.export.graph", "cnngui.core.export.keras", "cnngui.core.export.saved_model"),
    *("cnngui.core.export.litert", "cnngui.core.export.litert_int8"),
    *("cnngui.core.export.onnx", "cnngui.core.export.onnx_int8"),
    *("cnngui.core.networks.builder", "cnngui.core.networks.transferred"),
    *(
        "cnngui.core.networks.backbones.applications",
        "cnngui.core.networks.backbones.backbones",
        "cnngui.core.networks.backbones.efficientnet_lite0",
        "cnngui.core.networks.backbones.weights_file",
    ),
    *("cnngui.core.networks.convolution", "cnngui.core.networks.normalization", "cnngui.core.networks.layers"),
    *(
        "cnngui.core.training.averaging",
        "cnngui.core.training.callbacks",
        "cnngui.core.training.early_stopping",
        "cnngui.core.training.first_head",
        "cnngui.core.training.glimpses",
        "cnngui.core.training.head",
        "cnngui.core.training.learning",
        "cnngui.core.training.loss",
        "cnngui.core.training.optimizers",
        "cnngui.core.training.transfer",
    ),
}
OF_CHILDREN = {"cnngui.core.hdf5_reader"}  # it runs in a process of its own
# These import pyqtgraph, which takes 0.15 s, and so are imported inside functions too.
WITH_PYQTGRAPH = {
    *("cnngui.gui.common.graph", "cnngui.gui.train.plot.curves", "cnngui.gui.train.recipe.rate_plot"),
    "cnngui.gui.train.search.results.plot",
    *(
        "cnngui.gui.runs.compare.curves.graph",
        "cnngui.gui.runs.compare.curves.graphs",
        "cnngui.gui.runs.compare.overview.scatter",
    ),
}


def imported(tree: ast.Module) -> set[str]:
    """Every module that the file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level packages that a fresh Python has loaded after it has imported these modules."""
    script = f"""
import importlib, json, sys
for name in {modules}:
    importlib.import_module(name)
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(answer.stdout))


def test_the_core_and_the_command_line_load_neither_tensorflow_nor_qt() -> None:
    modules = [name for name in MODULES if not name.startswith("cnngui.gui") and name not in WITH_KERAS | OF_CHILDREN]
    assert len(modules) > 30
    assert not {*("PySide6", "pyqtgraph", "tensorflow", "keras", "h5py", "distributed", "pyarrow")} & loaded_by(modules)


def test_no_module_of_the_window_loads_tensorflow() -> None:
    modules = [name for name in MODULES if name.startswith("cnngui.gui") and name not in WITH_PYQTGRAPH]
    assert len(modules) > 40
    loaded = loaded_by(modules)
    assert "PySide6" in loaded
    assert not {"tensorflow", "keras", "h5py", "pyqtgraph"} & loaded


@pytest.mark.parametrize("name", sorted(WITH_KERAS))
def test_modules_with_keras_say_so(name: str) -> None:
    module = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    assert imported(module) & {"keras", "tensorflow"}
    assert "import it inside functions only" in " ".join((ast.get_docstring(module) or "").split())
