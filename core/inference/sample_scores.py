"""Scores of single pixels by a model that is not trained with them, for ensembles of model files.

>>> reader = SampleScores(load_once(path, (device,))[0])
>>> reader.scores(stack, rows, columns, progress)     # float32 (pixels, classes)
"""

from __future__ import annotations

import numpy as np
import torch

from ..arrays import Float32Array, Int64Array
from ..progress import Progress, RateMeter
from ..raster.grid import by_tile
from ..raster.indices import compute_channels, standardise
from ..raster.stack import BandStack
from .predictors.factory import LoadedModel, exact_predictor


class SampleScores:
    """Predictor of single pixels, computed as in a map in 32 bits.

    Attributes:
        window: Side of the square around a pixel that the model reads, in pixels.

    Args:
        model: Loaded model on its device.
    """

    def __init__(self, model: LoadedModel) -> None:
        self._predictor = exact_predictor(model)
        self._model = model
        self.window = 2 * max(self._predictor.before, self._predictor.behind) + 1

    def scores(
        self, stack: BandStack, rows: Int64Array, columns: Int64Array, progress: Progress
    ) -> Float32Array:
        """Return the logits or log-probabilities of pixels, float32, shape (N, classes).

        Args:
            stack: Open band stack with the model's bands.
            rows: Row of each pixel in the raster, int64, shape (N,).
            columns: Column of each pixel in the raster, int64, shape (N,).
            progress: Progress reporter.

        Raises:
            RunCancelled: The user cancelled.
            RasterError: The raster cannot be read.
        """
        card, predictor = self._model.card, self._predictor
        scores = np.zeros((len(rows), len(card.classes)), dtype=np.float32)
        meter = RateMeter(len(rows), "samples", "Predicting samples")
        step = predictor.alignment
        for members in by_tile(rows, columns):
            progress.check_cancelled()
            own_rows, own_columns = rows[members], columns[members]
            # Networks whose positions count from the raster's first pixel read from a multiple of their step.
            top, left = (
                (int(axis.min()) - predictor.before) // step * step for axis in (own_rows, own_columns)
            )
            bottom, right = (
                -(-(int(axis.max()) + predictor.behind + 1) // step) * step
                for axis in (own_rows, own_columns)
            )
            stored = torch.from_numpy(stack.read(top, bottom, left, right, card.bands))
            stored = stored.to(self._model.device)
            channels = compute_channels(
                stored, card.bands, card.indices, card.band_roles, card.reflectance_scale
            )
            scaling = card.scaling
            channels = standardise(channels, scaling.mean, scaling.std, scaling.clip, scaling.limits)
            inside = [
                torch.from_numpy(axis - start).to(self._model.device)
                for axis, start in ((own_rows, top), (own_columns, left))
            ]
            valid = torch.isfinite(stored).all(dim=0)
            outputs = predictor.predict(channels, valid, inside[0], inside[1], lambda _: None)
            scores[members] = outputs[:, : len(card.classes)].cpu().numpy()
            meter.add(len(members))
            progress.update(meter.fraction, meter.text())
        return scores
