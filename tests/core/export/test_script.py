"""The script of an export, run by a Python that has neither cnngui nor TensorFlow nor Keras."""

import shutil
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from benchmarks import icc_files
from cnngui.commands.predict_output import as_text
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict, views_of
from cnngui.core.export.script import SCRIPT, opened
from tests.core.export.conftest import Export

FORBIDDEN = ("cnngui", "tensorflow", "keras", "h5py", "jax", "torch")
COMMON = ("numpy", "numpy.libs", "PIL", "pillow.libs")
RUNTIMES = {
    "onnx": ("onnxruntime",),
    "litert": ("ai_edge_litert", "flatbuffers", "backports", "typing_extensions.py", "tqdm"),
}
_RUN = """
import sys, runpy
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {forbidden}: raise ImportError("not in this environment: " + name)
sys.meta_path.insert(0, Hook())
sys.path.append({packages!r})
sys.argv = {argv!r}
sys.stdout.reconfigure(encoding="ascii", errors="strict")
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of every kind that people have: wide, turned, transparent, of a wide colour space; one is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(3)
    noise = Image.fromarray(rng.integers(0, 256, (9, 12, 3), np.uint8))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    glass = noise.resize((200, 300), Image.Resampling.BICUBIC)
    glass.putalpha(Image.linear_gradient("L").resize(glass.size))
    noise.resize((640, 480)).save(folder / "wide.jpg")
    noise.resize((1600, 1200), Image.Resampling.BICUBIC).save(folder / "turned.jpg", exif=exif)
    noise.resize((300, 300)).save(folder / "p3.png", icc_profile=icc_files.display())
    noise.resize((300, 300)).save(folder / "srgb.jpg", icc_profile=srgb)
    glass.save(folder / "glass.png")
    noise.convert("L").resize((31, 70)).save(folder / "grey.png")
    (folder / "letter.txt").write_text("no picture")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def expected(with_views: Path, pictures: list[Path]) -> list[str]:
    """What cnngui predict prints, answering in float32."""
    answers = [answer for group in predict(Classifier.load(with_views), pictures) for answer in group]
    return [as_text(answer) for answer in answers]


def run(script: Path, packages: Path, key: str, pictures: list[Path]) -> subprocess.CompletedProcess[str]:
    """Run the script in an environment with NumPy, Pillow and its runtime alone."""
    site = Path(sysconfig.get_path("purelib"))
    packages.mkdir(exist_ok=True)
    for name in (*COMMON, *RUNTIMES[key]):
        if (site / name).exists():
            (packages / name).symlink_to(site / name)
    code = _RUN.format(forbidden=FORBIDDEN, packages=str(packages), argv=list(map(str, [script, *pictures])))
    return subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="the packages are linked in")
@pytest.mark.parametrize("key", RUNTIMES)
def test_it_prints_what_the_program_prints(
    key: str, exported: Export, pictures: list[Path], expected: list[str], tmp_path: Path
) -> None:
    found = run(exported(key).folder / SCRIPT, tmp_path / "packages", key, pictures)
    assert found.returncode == 0, found.stderr
    for path, line, of_program in zip(pictures, found.stdout.splitlines(), expected, strict=True):
        if path.suffix == ".txt":
            assert line.startswith(f"{path}: cannot identify image file")
        else:
            assert line == of_program


def test_the_pixels_are_those_that_the_program_sees(exported: Export, pictures: list[Path], with_views: Path) -> None:
    known = Classifier.load(with_views)
    with opened(exported("onnx").folder / SCRIPT) as script:
        for path in (each for each in pictures if each.suffix != ".txt"):
            np.testing.assert_array_equal(script.views(path), views_of(path, known), str(path))


def test_more_than_8_bits_are_refused(exported: Export, tmp_path: Path) -> None:
    Image.fromarray(np.full((40, 40), 40_000, np.uint16)).save(tmp_path / "deep.png")
    with opened(exported("onnx").folder / SCRIPT) as script, pytest.raises(OSError, match="more than 8 bits"):
        script.views(tmp_path / "deep.png")


@pytest.mark.skipif(sys.platform == "win32", reason="the packages are linked in")
def test_a_picture_that_pillow_refuses_in_its_own_way_stops_no_other(
    exported: Export, pictures: list[Path], tmp_path: Path
) -> None:
    Image.new("L", (1, 1)).save(bomb := tmp_path / "bomb.bmp")
    content = bytearray(bomb.read_bytes())
    content[18:26] = struct.pack("<2i", 100_000, 100_000)  # its width and height
    bomb.write_bytes(content)
    shutil.copy(next(each for each in pictures if each.suffix == ".png"), named := tmp_path / "猫.png")
    found = run(exported("onnx").folder / SCRIPT, tmp_path / "packages", "onnx", [bomb, named])
    assert found.returncode == 0, found.stderr
    refused, answered = found.stdout.splitlines()
    assert refused.startswith(f"{bomb}: Image size (10000000000 pixels)")
    assert answered.startswith(f"{tmp_path}/\\u732b.png: ")
    assert "%" in answered


@pytest.mark.skipif(sys.platform == "win32", reason="the packages are linked in")
def test_a_missing_runtime_is_told_with_the_line_that_installs_it(exported: Export, tmp_path: Path) -> None:
    found = run(exported("onnx").folder / SCRIPT, tmp_path / "packages", "litert", [])
    assert found.returncode == 1
    (line,) = found.stderr.splitlines()
    assert line == "No module named 'onnxruntime'. Install what it needs: pip install numpy pillow onnxruntime"


def test_a_missing_file_is_told(exported: Export, tmp_path: Path) -> None:
    folder = shutil.copytree(exported("onnx").folder, tmp_path / "copy")
    (folder / "remembered.npy").unlink()
    with pytest.raises(SystemExit, match="damaged or mixed up"), opened(folder / SCRIPT):
        pass


@pytest.mark.parametrize("name", ["model.onnx", "remembered.npy", "card.json"])
@pytest.mark.parametrize("change", [lambda content: content[:-40], lambda content: content[:-1] + b"!"])
def test_a_file_that_was_changed_is_told(
    name: str, change: Callable[[bytes], bytes], exported: Export, tmp_path: Path
) -> None:
    folder = shutil.copytree(exported("onnx").folder, tmp_path / "copy")
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    with pytest.raises(SystemExit, match="damaged or mixed up"), opened(folder / SCRIPT):
        pass
