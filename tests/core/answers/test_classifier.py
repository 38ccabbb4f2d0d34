import threading
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnngui.core.answers import classifier as module
from cnngui.core.answers.classifier import Classification, Classifier
from cnngui.core.data.datasets import Dataset


def test_answers_are_probabilities_in_the_order_of_the_images(classifier: Classifier, easy: Dataset) -> None:
    answers = classifier.classify([image[None] for image in easy.test.images])
    assert [answer.label for answer in answers] == [easy.classes[label] for label in easy.test.labels]
    for answer in answers:
        assert answer.classes == easy.classes
        assert abs(sum(answer.probabilities) - 1) < 1e-5
        assert answer.confidence == max(answer.probabilities)


def test_views_of_a_picture_are_averaged(classifier: Classifier, easy: Dataset) -> None:
    red, green = (easy.test.images[easy.test.labels == label][:1] for label in (0, 1))
    alone, mixed, last = classifier.classify([red, np.concatenate([red, green, green]), green])
    logits = np.log(np.maximum(classifier.probabilities(np.concatenate([red, green, green])), 1e-30)).mean(0)
    expected = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(mixed.probabilities, expected, atol=1e-4)
    np.testing.assert_allclose(alone.probabilities, classifier.probabilities(red)[0], atol=1e-4)
    assert last.label == "green"
    assert alone.familiarity is not None
    assert last.familiarity is not None
    single = sorted([alone.familiarity, last.familiarity, last.familiarity])
    assert mixed.familiarity == pytest.approx(sum(single[1:]) / 2, abs=1e-5)  # of three views the better two


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=5), min_size=1))
def test_the_less_familiar_half_of_the_views_does_not_count(pictures: list[list[float]]) -> None:
    first = np.cumsum([0, *(len(views) for views in pictures[:-1])])
    scores = module.familiar_half(np.concatenate(pictures).astype(np.float32), first)
    expected = [float(np.mean(sorted(views)[len(views) // 2 :])) for views in pictures]
    np.testing.assert_allclose(scores, expected, atol=1e-6)


def test_knows_its_images_size(classifier: Classifier) -> None:
    assert classifier.image_size == (32, 32)


def test_more_images_than_a_call_takes(classifier: Classifier, easy: Dataset) -> None:
    images = np.concatenate([easy.test.images] * 10)
    assert len(images) > 2 * module.IMAGES_PER_CALL
    probabilities = classifier.probabilities(images)
    assert probabilities.shape == (600, 3)
    assert probabilities.dtype == np.float32
    alone = classifier.probabilities(easy.test.images)
    np.testing.assert_allclose(probabilities, np.concatenate([alone] * 10), atol=1e-5)


def test_one_image_and_none(classifier: Classifier, easy: Dataset) -> None:
    alone = classifier.probabilities(easy.test.images[7:8])
    np.testing.assert_allclose(alone, classifier.probabilities(easy.test.images)[7:8], atol=1e-5)
    assert classifier.probabilities(easy.test.images[:0]).shape == (0, 3)
    assert classifier.classify([]) == []


def test_many_threads_get_their_own_answers(classifier: Classifier, easy: Dataset) -> None:
    expected = classifier.probabilities(easy.test.images)
    chosen = [np.random.default_rng(seed).permutation(60)[: 5 + seed] for seed in range(8)]
    answers: dict[int, list[NDArray[np.float32]]] = {}
    together = threading.Barrier(len(chosen))

    def ask(number: int) -> None:
        together.wait()
        answers[number] = [classifier.probabilities(easy.test.images[chosen[number]]) for _ in range(10)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(chosen))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(chosen)
    for number, found in answers.items():
        for probabilities in found:
            np.testing.assert_allclose(probabilities, expected[chosen[number]], atol=1e-5)


def test_one_thread_at_a_time_is_in_the_network(
    classifier: Classifier, easy: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = classifier.answer
    inside = threading.Barrier(2)
    met: list[bool] = []

    def wait_for_another(images: NDArray[np.uint8]) -> object:
        with suppress(threading.BrokenBarrierError):  # nobody came in time, or for the first
            inside.wait(0.5)
            met.append(True)
        return graph(images)

    monkeypatch.setattr(classifier, "answer", wait_for_another)
    threads = [threading.Thread(target=classifier.look, args=(easy.test.images[:2],)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside.broken
    assert not met


@given(st.dictionaries(st.text(), st.floats(0, 1), min_size=1))
def test_top_has_the_likeliest_first(chances: dict[str, float]) -> None:
    answer = Classification(tuple(chances), tuple(chances.values()))
    assert dict(answer.top) == chances
    probabilities = [probability for _, probability in answer.top]
    assert probabilities == sorted(probabilities, reverse=True)
    assert (answer.label, answer.confidence) == answer.top[0]
