"""Cloud and cloud shadow by the networks of the package ukis-csmask, computed by OpenVINO.

The package (https://github.com/dlr-eoc/ukis-csmask, Apache-2.0, German Aerospace Center) ships four U-Nets as
ONNX files: for four or six bands, and for reflectance of the surface or at the top of the atmosphere. Only
these files are read; the package is not imported. Bands are blue, green, red, nir and, with six, swir1 and
swir2, in reflectance, standardised by the figures beside each network. Windows of 256 pixels overlap by a
fifth, and their class probabilities are blended by a tapered cosine window, as the package does.

>>> network = load_network("", SURFACE, {"blue", "green", "red", "nir"})
>>> for strip in cloud_rows(bands, network, progress): ...
"""

from __future__ import annotations

import importlib.util
import json
import math
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from scipy.signal.windows import tukey

from ..arrays import Float32Array
from ..errors import ModelFileError, RasterError
from ..models.onnx_network import MAX_ONNX_BYTES, OnnxNetwork
from ..progress import Progress
from ..raster.grid import Grid, Tile
from .cloud_mask import MaskRows
from .product import SURFACE

PACKAGE = "ukis-csmask"
_MODULE = "ukis_csmask"
PIXEL_METRES = 30.0
"""Pixel size that the networks were trained for, in metres."""
BUFFER_METRES = 120.0
"""Width by which masked pixels grow, in metres: four pixels of the training, as in the package."""
_ROLES = {"swir16": "swir1", "swir22": "swir2"}
_CLASSES = REST, CLOUD, SHADOW = range(3)
_OVERLAP = 0.2
_MAX_JSON_BYTES = 1_000_000


class Reflectance(Protocol):
    """Bands in reflectance on one grid, mirrored at its edges."""

    @property
    def grid(self) -> Grid:
        """Grid of the bands."""

    def read(self, tile: Tile) -> Float32Array:
        """Return reflectances, float32, shape (bands, rows, columns); NaN where invalid."""


@dataclass(frozen=True, eq=False)
class CloudNetwork:
    """Network of ukis-csmask.

    Attributes:
        name: Name and version, such as ``1.0.0-6BL2A``.
        roles: Role of each band in the network's order.
        mean: Mean that is subtracted from each band, shape (bands, 1, 1).
        std: Standard deviation that each band is divided by, shape (bands, 1, 1).
        network: Network, which returns a score of each class for every pixel.
    """

    name: str
    roles: tuple[str, ...]
    mean: Float32Array
    std: Float32Array
    network: OnnxNetwork


def load_network(place: str, quantity: str, roles: Collection[str]) -> CloudNetwork:
    """Return the network for some bands: that of six bands where there are all of them.

    Args:
        place: Folder with the package's .onnx and .json files, or its wheel (.whl); empty for the installed
            package.
        quantity: ``SURFACE`` or ``TOP``, see ``core.satellite.product``.
        roles: Roles of the bands that there are.

    Raises:
        RasterError: Bands are missing.
        ModelFileError: The package is not installed, or its files are missing or others.
        DeviceError: OpenVINO is not installed.
    """
    visible = ("blue", "green", "red", "nir")
    missing = [role for role in visible if role not in roles]
    if missing:
        raise RasterError(
            "The networks of ukis-csmask need bands that are missing: {bands}",
            where="INPUT",
            advice="Choose a raster with blue, green, red and near infrared, or name them in BAND_ROLES.",
            bands=", ".join(missing),
        )
    count = 6 if {"swir1", "swir2"} <= set(roles) else 4
    name = f"model_{count}b_{'l2a' if quantity == SURFACE else 'l1c'}"
    facts, content = _files_of(place, name)
    try:
        document: dict[str, Any] = json.loads(facts)
        mean, std = document["data"]["dataset_statistics"]["img"]
        bands = [str(band) for band in document["data"]["dataset_statistics"]["band_names"]]
        version = str(document.get("model", {}).get("version", name))
        means, deviations = (np.array(values, dtype=np.float32)[:, None, None] for values in (mean, std))
        is_fit = len(means) == len(deviations) == len(bands) == count and bool((deviations > 0).all())
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        is_fit = False
    if not is_fit:
        raise _other_files(f"{name}.json")
    network = OnnxNetwork.of(content)
    signature = network.signature
    if (signature.kind, signature.channels, signature.outputs) != ("pixel", count, len(_CLASSES)):
        raise _other_files(f"{name}.onnx")
    ordered = tuple(_ROLES.get(band, band) for band in bands)
    return CloudNetwork(version, ordered, means, deviations, network)


def cloud_rows(bands: Reflectance, network: CloudNetwork, progress: Progress) -> Iterator[MaskRows]:
    """Yield strips of whole rows with the clouds and their shadows, from top to bottom.

    The windows lie on one lattice whatever the raster's size, so a pixel does not depend on the strip.

    Args:
        bands: Bands in the network's order.
        network: Network.
        progress: Progress reporter; the log says at the end how much is cloud and shadow.

    Raises:
        RasterError: A file is damaged.
        RunCancelled: The user cancelled.
    """
    size, height, width = network.network.window_size, bands.grid.height, bands.grid.width
    # As in the package: whole pixels, rounded down.
    margin, step = int(size * _OVERLAP), int(size - size * _OVERLAP)
    taper = tukey(size, 2 * _OVERLAP).astype(np.float32)
    weights = taper[:, None] * taper[None, :]
    across = math.ceil((width + margin) / step)
    scores = np.zeros((len(_CLASSES), size, (across - 1) * step + size), dtype=np.float32)
    valid = np.zeros(scores.shape[1:], dtype=bool)
    counts = np.zeros(len(_CLASSES), dtype=np.int64)
    for top in range(-margin, height, step):
        for number in range(across):
            progress.check_cancelled()
            columns = slice(number * step, number * step + size)
            values = bands.read(Tile(top, number * step - margin, size, size))
            known = np.isfinite(values).all(axis=0)
            valid[:, columns] = known
            if known.any():
                scores[:, :, columns] += weights * _probabilities(network, values)
        first, stop = max(-top, 0), min(step, height - top)
        inside = slice(margin, margin + width)
        classes = scores[:, first:stop, inside].argmax(axis=0)
        is_known = valid[first:stop, inside].copy()
        counts += np.bincount(classes[is_known], minlength=len(_CLASSES))
        yield MaskRows((classes != REST) & is_known, is_known)
        scores = np.concatenate([scores[:, step:], np.zeros_like(scores[:, :step])], axis=1)
    total = max(int(counts.sum()), 1)
    progress.log(
        "Network {name}: {cloud:.1%} cloud and {shadow:.1%} cloud shadow.",
        name=network.name,
        cloud=counts[CLOUD] / total,
        shadow=counts[SHADOW] / total,
    )


def _probabilities(network: CloudNetwork, values: Float32Array) -> Float32Array:
    """Return the probability of each class, shape (classes, rows, columns)."""
    filled = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    batch = torch.from_numpy((filled - network.mean) / network.std)[None]
    return np.asarray(torch.softmax(network.network.scores(batch)[0], dim=0).numpy(), dtype=np.float32)


def _files_of(place: str, name: str) -> tuple[str, bytes]:
    """Return the text of a network's .json file and the content of its .onnx file."""
    path = Path(place) if place else _installed()
    try:
        if path.is_file():
            with zipfile.ZipFile(path) as wheel:
                members = [
                    item for item in wheel.namelist() if item.endswith((f"{name}.json", f"{name}.onnx"))
                ]
                if len(members) != 2:
                    raise _other_files(f"{name}.onnx", str(path))
                facts, content = (_of_wheel(wheel, member) for member in sorted(members))
                return facts.decode("utf-8"), content
        folder = path / _MODULE if (path / _MODULE).is_dir() else path
        files = folder / f"{name}.json", folder / f"{name}.onnx"
        if not all(file.is_file() for file in files):
            raise _other_files(f"{name}.onnx", str(path))
        return files[0].read_text(encoding="utf-8"), files[1].read_bytes()
    except ModelFileError:
        raise
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise _other_files(f"{name}.onnx", str(path)) from error


def _of_wheel(wheel: zipfile.ZipFile, name: str) -> bytes:
    most = _MAX_JSON_BYTES if name.endswith(".json") else MAX_ONNX_BYTES
    with wheel.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise _other_files(name, str(wheel.filename))
    return content


def _installed() -> Path:
    """Return the folder of the installed package, which is not imported."""
    spec = importlib.util.find_spec(_MODULE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise ModelFileError(
            "The networks of the package ukis-csmask are not installed",
            where="NETWORKS",
            advice="Run 'Set up the environment' with CLOUD_NETWORKS on (a download of 145 MB), or give the "
            "package's wheel or a folder of its files.",
        )
    return Path(places[0])


def _other_files(name: str, where: str = "") -> ModelFileError:
    return ModelFileError(
        "The file {name} of ukis-csmask is missing, or has another form than in version 1.0.0",
        where=where or "NETWORKS",
        advice="Give the wheel of ukis-csmask 1.0.0, or the folder with its .onnx and .json files.",
        name=name,
    )
