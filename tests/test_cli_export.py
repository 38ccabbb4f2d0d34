import json
from pathlib import Path

import pytest

from cnngui import cli
from cnngui.core.export import export as export_module
from cnngui.core.export.export import Exported
from cnngui.core.export.proof.proof import Proof

WARNING = "Not good: the accuracy is more than 0.5 % below that of the model."
PROOF = Proof("90 pictures", 90, 0.2, 0.99, 1.0, 0.9, 0.95, 50, 0.1, 1.0, 1.0, 100.0, (WARNING,))


def test_it_exports(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert cli.main(["export", "--model", str(model), "--to", "keras", "--out", str(out), "--json"]) == 0
    line = capsys.readouterr().out.splitlines()[-1]  # after the progress
    values = json.loads(line)
    assert (values["folder"], values["format"]) == (str(out), "keras")
    assert values["size"] == sum(path.stat().st_size for path in out.iterdir())
    assert values["proof"]["is_good"]
    assert values["proof"]["images"] == 500
    assert (out / "predict.py").exists()


def test_one_that_is_not_good_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(export_module, "export", lambda *_args, **_options: Exported(tmp_path, 1_250_000, PROOF))
    assert cli.main(["export", "--to", "onnx-int8", "--out", str(tmp_path)]) == 0
    first, images, files, warning = capsys.readouterr().out.splitlines()
    assert first == f"ONNX, 8 bits, 1.2 MB: {tmp_path}"
    assert "90 pictures: the same class for 99.0 %" in images
    assert "accuracy 90.0 % (the model’s: 95.0 %)" in images
    assert "50 picture files" in files
    assert warning == WARNING


def test_a_mistake_is_a_sentence(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").touch()
    assert cli.main(["export", "--model", str(model), "--to", "keras", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"cnngui: There is something at {tmp_path} already. Choose a new folder.\n"
