"""Products of maps computed again, over whole arrays with NumPy and SciPy; run by the core's Python.

``python plain_products.py NAME ARGUMENTS`` prints the result of a function of this module as JSON. It imports
nothing of the plugin.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import rasterio
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import label


def generalised(source: str, output: str, pixels: str) -> dict[str, object]:
    """Compare a generalised map with the definition; patches of 8 neighbours below ``pixels`` dissolve.

    Returns:
        Whether all pixels are equal, the number of dissolved patches, and the pixels of each value before
        and after.
    """
    before, classes = _read(source).filled(-1), np.unique(_read(source).compressed())
    values, least, removed = before.copy(), int(pixels), 0
    while True:
        patches, of_patch, sizes = np.zeros(values.shape, dtype=int), [-1], [least]
        for value in classes:
            found, count = label(values == value, np.ones((3, 3)))
            patches[found > 0] = found[found > 0] + len(of_patch) - 1
            of_patch += [int(value)] * count
            sizes += np.bincount(found.ravel(), minlength=count + 1)[1:].tolist()
        small = np.array(sizes) < least
        borders: dict[int, dict[int, int]] = {}
        for one, other in ((patches[1:], patches[:-1]), (patches[:, 1:], patches[:, :-1])):
            for a, b in ((one, other), (other, one)):
                is_border = small[a] & ~small[b] & (a != b) & (b > 0)
                for patch, beside in zip(a[is_border].tolist(), b[is_border].tolist(), strict=True):
                    lengths = borders.setdefault(patch, {})
                    lengths[of_patch[beside]] = lengths.get(of_patch[beside], 0) + 1
        if not borders:
            break
        removed += len(borders)
        new = np.array(of_patch)
        for patch, lengths in borders.items():
            new[patch] = min(lengths, key=lambda value: (-lengths[value], value))
        values = np.where(patches > 0, new[patches], -1)
    result = _read(output).filled(-1)
    return {
        "equal": bool(np.array_equal(result, values)),
        "removed": removed,
        "before": {str(value): int((before == value).sum()) for value in classes},
        "after": {str(value): int((values == value).sum()) for value in classes},
    }


def smoothed(source: str, output: str, probabilities: str, window: str, smoothness: str) -> dict[str, object]:
    """Compare smoothed probabilities and their map with the formula of Camara et al. 2024.

    Returns:
        Largest difference of a probability, and fraction of pixels with the most probable class.
    """
    side, noise = int(window), float(smoothness)
    with rasterio.open(source) as file:
        fractions = file.read() * file.scales[0]
        names = [int(name.split()[0]) for name in file.descriptions]
        valid = file.read_masks(1) > 0
    limited = np.clip(fractions, 0.002, 0.998)
    logits = np.where(valid, np.log(limited / (1 - limited)), np.nan)
    smooth = np.empty_like(logits)
    for band, own in enumerate(logits):
        padded = np.pad(own, side // 2, mode="symmetric")
        windows = sliding_window_view(padded, (side, side)).reshape(*own.shape, -1)
        ordered = -np.sort(-windows, axis=-1)
        counts = np.ceil(0.5 * np.isfinite(windows).sum(axis=-1)).astype(int)
        highest = np.where(np.arange(side**2) < counts[..., None], ordered, np.nan)
        mean, variance = np.nanmean(highest, axis=-1), np.nanvar(highest, axis=-1, ddof=1)
        weight = np.where(np.nan_to_num(variance) < 1e-4, 0.0, variance / (variance + noise))
        smooth[band] = weight * own + (1 - weight) * mean
    odds = 1 / (1 + np.exp(-smooth))
    expected = odds / odds.sum(axis=0)
    with rasterio.open(probabilities) as file:
        found = file.read() * file.scales[0]
    best = np.array(names)[expected[:, valid].argmax(axis=0)]
    return {
        "difference": float(np.abs(found - expected)[:, valid].max()),
        "same_class": float((_read(output).data[valid] == best).mean()),
    }


def _read(path: str) -> np.ma.MaskedArray:
    with rasterio.open(path) as file:
        return file.read(1, masked=True).astype(np.int64)


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps(globals()[name](*arguments)))
