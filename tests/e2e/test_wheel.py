"""The wheel is a complete program: built, installed into an environment elsewhere, and started there."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import cnngui

CHECKOUT = Path(__file__).resolve().parents[2]

# Building needs the package index for hatchling, and the first prediction imports TensorFlow.
pytestmark = pytest.mark.timeout(300)


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # PYTHONPATH would let the checkout in again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--retries=1", "--no-deps", f"--wheel-dir={folder}", CHECKOUT)
    built = run(*pip, cwd=folder)
    if "No matching distribution found for hatchling" in built.stderr:
        pytest.skip("the package index, which has hatchling to build the wheel with, cannot be reached")
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the wheel in it, which borrows the dependencies of the running one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    pip = (sys.executable, "-m", "pip", "--python", folder, "install", "--no-deps", "--no-index", wheel)
    installed = run(*pip, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    # A .pth file inside a folder that was added by a .pth file is not read, so the checkout, which such a file makes
    # importable in the running environment, is not importable here.
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def script(environment: Path, name: str) -> Path:
    return Path(sysconfig.get_path("scripts", "venv", {"base": str(environment)})) / name


def is_for_the_program(file: Path) -> bool:
    """Whether it is more than a script that drew pictures, its byte code, a screenshot, or a hidden file."""
    hidden = file.name.startswith(".")
    return file.is_file() and not hidden and file.suffix not in {".py", ".pyc"} and "screenshots" not in file.parts


def test_wheel_holds_the_resources_and_the_model(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    for name in ("resources", "models"):
        shipped = {
            file.relative_to(CHECKOUT).as_posix() for file in (CHECKOUT / name).rglob("*") if is_for_the_program(file)
        }
        assert shipped
        assert {file for file in inside if file.startswith(f"cnngui/{name}/")} == {f"cnngui/{file}" for file in shipped}


def test_wheel_leaves_the_rest_of_the_checkout_out(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"cnngui", f"cnngui-{cnngui.__version__}.dist-info"}


def test_installed_program_finds_its_own_files(environment: Path) -> None:
    code = "import cnngui, cnngui.paths as p; print(cnngui.__file__, p.resources_dir(), p.shipped_model(), sep='\\n')"
    found = run(script(environment, "python"), "-c", code, cwd=environment)
    assert found.returncode == 0, found.stderr
    for line in found.stdout.splitlines():
        assert Path(line).is_relative_to(environment.resolve())
        assert Path(line).exists()


def test_installed_program_says_its_version(environment: Path) -> None:
    said = run(script(environment, "cnngui"), "--version", cwd=environment)
    assert said.returncode == 0, said.stderr
    assert cnngui.__version__ in said.stdout


def test_installed_program_predicts(environment: Path, tmp_path: Path) -> None:
    Image.new("RGB", (48, 40), (200, 30, 30)).save(tmp_path / "red.png")
    predicted = run(script(environment, "cnngui"), "predict", "--json", "red.png", cwd=tmp_path)
    assert predicted.returncode == 0, predicted.stderr
    (line,) = predicted.stdout.splitlines()
    answer = json.loads(line)
    assert len(answer["top"]) == 10
    assert answer["known"] is False  # a plain colour is none of the classes
