from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from cnngui.core import memory
from cnngui.core.answers import evaluation
from cnngui.core.answers.classifier import Classifier
from cnngui.core.answers.prediction import predict
from cnngui.core.errors import UserError
from cnngui.core.models import file as model_file

ONEDNN = (
    "Compute received an exception:Status:1, message: could not create a memory object. in file "
    "tensorflow/core/kernels/mkl/mkl_maxpooling_op.cc:388"
)


def failed(kind: str, text: str) -> Exception:
    made: Exception = getattr(tf.errors, kind)(None, None, text)
    return made


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        failed("ResourceExhaustedError", "OOM when allocating tensor with shape[4096,64,32,32]"),
        failed("AbortedError", ONEDNN),
        failed("AbortedError", "Operation received an exception:Status: 1, message: could not create a primitive"),
        failed("InternalError", "std::bad_alloc"),
        failed("UnknownError", "Failed to allocate 3.2GiB"),
        failed("InternalError", "CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_exhausted_memory_is_told(error: Exception) -> None:
    with pytest.raises(UserError, match="too little"), memory.told(lambda: "too little"):
        raise error


def test_the_error_of_numpy_is_told() -> None:
    with pytest.raises(UserError, match="too little"), memory.told(lambda: "too little"):
        np.empty(2**62, np.uint8)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("out of memory"),
        failed("InvalidArgumentError", "shapes differ"),
        failed("AbortedError", "an exception:Status: 2, message: no"),
        KeyError("OOM"),
        UserError("x"),
    ],
)
def test_others_are_left_alone(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, memory.told(lambda: "too little"):
        raise error
    assert caught.value is error


def test_a_model_that_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhaust(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(model_file, "load", exhaust)
    with pytest.raises(UserError, match=r"not enough memory to open big\.keras\. Close other programs"):
        Classifier.load(Path("big.keras"))


def test_pictures_that_cannot_be_classified_are_told(
    monkeypatch: pytest.MonkeyPatch, model: Path, tmp_path: Path
) -> None:
    classifier, picture = Classifier.load(model), tmp_path / "red.png"
    Image.new("RGB", (4, 4), "red").save(picture)

    def exhaust(*_arguments: Any) -> None:
        raise failed("AbortedError", ONEDNN)

    monkeypatch.setattr(classifier, "classify", exhaust)
    ((told, unreadable),) = predict(classifier, [picture, tmp_path / "none.png"])
    assert told.error is not None
    assert told.error.startswith("There is not enough memory to classify this picture.")
    assert told.pixels is None
    assert unreadable.error is not None
    assert "memory" not in unreadable.error


def test_an_evaluation_that_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhaust(*_arguments: Any, **_options: Any) -> None:
        raise failed("ResourceExhaustedError", "OOM when allocating tensor")

    monkeypatch.setattr(evaluation, "evaluate_with_answers", exhaust)
    nothing: Any = None
    with pytest.raises(UserError, match=r"not enough memory for the evaluation"):
        evaluation.evaluate(nothing, nothing)
