"""The near-doubles in the data of a training, which its division into parts is to keep together."""

from dataclasses import replace

import numpy as np

from cnngui.core.checks.doubles import near_doubles
from cnngui.core.checks.looks import Extractor, Looks, shipped_extractor
from cnngui.core.data import content
from cnngui.core.data.datasets import RawData, Split
from cnngui.core.data.groups import Groups
from cnngui.core.data.sources import CIFAR10, SHAPES
from cnngui.core.errors import Stopped
from cnngui.core.progress import Progress, Report, ShouldStop, never_stop, no_report

MOST_IMAGES = 50_000  # that are compared: the time grows with their square
AT_ONCE = 250
MOST_KNOWN = 10  # data sets whose near-doubles are remembered: the same data are trained on again and again

_known: dict[str, Groups] = {}  # by the digests of the data, the oldest first


def with_doubles(raw: RawData, progress: Report = no_report, should_stop: ShouldStop = never_stop) -> RawData:
    """The data with its groups of near-doubles, if it is a folder of which a part is to be held out.

    Raises UserError if the model that ships cannot be opened, and Stopped.
    """
    is_divided = raw.validation is None or raw.test is None
    if raw.doubles is not None or raw.source in (CIFAR10, SHAPES) or not is_divided:
        return raw
    if len(raw.train) > MOST_IMAGES:
        return replace(raw, doubles=())
    key = content.digest(raw)
    if key not in _known:
        looks = _looks(raw.train, shipped_extractor(), progress, should_stop)
        _known[key] = near_doubles(looks, progress, should_stop)
        for oldest in list(_known)[:-MOST_KNOWN]:
            del _known[oldest]
    return replace(raw, doubles=_known[key])


def _looks(split: Split, extractor: Extractor, progress: Report, should_stop: ShouldStop) -> Looks:
    parts = []
    for start in range(0, len(split), AT_ONCE):
        if should_stop():
            raise Stopped
        progress(Progress("Looking for pictures that show the same", start, len(split)))
        parts.append(extractor.looks(np.asarray(split.images[start : start + AT_ONCE])))
    return Looks(np.concatenate([part.pixels for part in parts]), np.concatenate([part.features for part in parts]))
