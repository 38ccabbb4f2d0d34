from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnngui.core import evaluation
from cnngui.core.classifier import Classifier
from cnngui.core.datasets import Dataset, Split
from cnngui.core.errors import Stopped, UserError
from cnngui.core.evaluation import evaluate
from cnngui.core.progress import Progress
from cnngui.core.training import Trained


def test_counts_and_averages(classifier: Classifier, easy: Dataset) -> None:
    labels = easy.test.labels.copy()
    labels[:6] = (labels[:6] + 1) % 3  # wrong on purpose
    result = evaluate(classifier, replace(easy, test=Split(easy.test.images, labels)))
    probabilities = classifier.probabilities(easy.test.images).astype(float)
    assert result.images == 60
    assert result.accuracy == pytest.approx(np.mean(probabilities.argmax(1) == labels))
    assert result.accuracy == pytest.approx(0.9, abs=0.02)
    of_true_class = probabilities[range(60), labels].clip(1e-7)  # Keras' own lower bound
    assert result.loss == pytest.approx(-np.log(of_true_class).mean(), rel=1e-4)


def test_agrees_with_the_training(classifier: Classifier, easy: Dataset, trained: Trained) -> None:
    result = evaluate(classifier, easy)
    assert result.accuracy == trained.card.test_accuracy
    assert result.loss == pytest.approx(trained.card.test_loss, rel=1e-4)


def test_classes_in_another_order(classifier: Classifier, easy: Dataset) -> None:
    other = replace(easy, classes=("blue", "red", "green"), test=Split(easy.test.images, (easy.test.labels + 1) % 3))
    assert evaluate(classifier, other).loss == pytest.approx(evaluate(classifier, easy).loss)


def test_data_with_fewer_classes(classifier: Classifier, easy: Dataset) -> None:
    blue = easy.test.labels == 2
    only = Split(easy.test.images[blue], np.zeros(blue.sum(), np.int32))
    assert evaluate(classifier, replace(easy, classes=("blue",), test=only)).accuracy > 0.9


def test_an_unknown_class(classifier: Classifier, easy: Dataset) -> None:
    with pytest.raises(UserError, match="does not know violet, pink; it knows red, green, blue"):
        evaluate(classifier, replace(easy, classes=("violet", "green", "pink")))


def test_progress_and_stop(classifier: Classifier, easy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "CHUNK", 25)
    reports: list[Any] = []
    assert evaluate(classifier, easy, progress=reports.append).images == 60
    assert reports == [Progress("Evaluating on the test images", done, 60) for done in (0, 25, 50)]
    reports.clear()
    with pytest.raises(Stopped):
        evaluate(classifier, easy, progress=reports.append, should_stop=lambda: len(reports) == 2)
    assert len(reports) == 2


def test_images_of_another_size(classifier: Classifier, easy: Dataset) -> None:
    larger = Split(np.zeros((2, 48, 48, 3), np.uint8), easy.test.labels[:2])
    with pytest.raises(UserError, match="another size"):
        evaluate(classifier, replace(easy, test=larger))
