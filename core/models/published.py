"""Published weights: ResNets that others trained on satellite images, as TorchGeo lists them.

The table says for each file where it is, which bands it expects in which order and scaling, and under which
licence it is. Nothing is downloaded before a user chooses an entry (``core.models.weights_cache``)::

    entry = published("SENTINEL2_ALL_MOCO", "resnet50")
    entry.bands      # ("coastal", "blue", …): roles, see core.raster.roles
    entry.address()  # "https://huggingface.co/torchgeo/resnet50_sentinel2_all_moco/resolve/da4f…/….pth"

Names, files, commits and orders of bands are those of ``torchgeo/models/resnet.py`` in
https://github.com/torchgeo/torchgeo (commit 6100eb4). TorchGeo's transforms of the Landsat weights only
divide by 255, because their training data were 8-bit images. Those images were made of reflectance by
``experiments/ssl4eo/landsat/compress_*_sr.sh`` in the same repository, whose scaling stands here.

Imports only the standard library, so that QGIS can use it in its own process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ..options import DECIBEL, REFLECTANCE, Quantity
from ..text import untranslated
from .architecture import Architecture

NO_WEIGHTS, IMAGENET, SELF_SUPERVISED = "none", "imagenet", "self_supervised"
ENDPOINT_VARIABLE = "HF_ENDPOINT"
"""Environment variable with the address of a mirror, as the clients of the publisher's host read it."""
_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True)
class InputScaling:
    """Scaling of the bands that weights expect: ``(value - shift) / scale``.

    Attributes:
        quantity: Quantity of the values: ``reflectance`` from 0 to 1, or ``decibel`` of radar.
        shift: Shift of each band, or one of all bands.
        scale: Divisor of each band, or one of all bands.
        is_clipped: Whether the scaled values were clipped to 0 to 1 when the weights were trained.
    """

    quantity: Quantity
    shift: tuple[float, ...]
    scale: tuple[float, ...]
    is_clipped: bool = False

    def of(self, band: int) -> tuple[float, float]:
        """Return shift and scale of a band.

        Args:
            band: Index of the band in the weights.
        """
        return self.shift[band % len(self.shift)], self.scale[band % len(self.scale)]


@dataclass(frozen=True)
class PublishedWeights:
    """File of published weights.

    Attributes:
        name: Name in TorchGeo, a value of WEIGHTS.
        network: Torchvision's name of the network.
        repository: Owner and name of the repository that holds the file, and its commit, which fixes the
            content: ``OWNER/NAME@COMMIT``.
        file: Name of the file. Its last part begins the file's SHA-256 checksum.
        bands: Role of each input channel, in order.
        scaling: Scaling of the bands.
        licence: Licence of the weights.
        source: Training data and publication.
        digest: Whole checksum, ``sha256:`` and 64 hexadecimal digits, where somebody of this project has
            tried the file; empty where nobody has.
    """

    name: str
    network: str
    repository: str
    file: str
    bands: tuple[str, ...]
    scaling: InputScaling
    licence: str
    source: str
    digest: str = ""

    @property
    def is_tried(self) -> bool:
        """Whether somebody of this project has tried the file."""
        return bool(self.digest)

    @property
    def sha256(self) -> str:
        """Whole SHA-256 checksum of the file; empty where it is not known."""
        return self.digest.removeprefix("sha256:")

    @property
    def checksum_start(self) -> str:
        """First hexadecimal digits of the file's SHA-256 checksum, by its publisher."""
        return self.file.rpartition(".")[0].rpartition("-")[2]

    def address(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return the address of the file.

        Args:
            environment: Environment variables; ``HF_ENDPOINT`` names a mirror of the host.
        """
        endpoint = environment.get(ENDPOINT_VARIABLE, "").strip().rstrip("/") or _ENDPOINT
        name, _, commit = self.repository.partition("@")
        return f"{endpoint}/{name}/resolve/{commit}/{self.file}"


_LANDSAT_4_TO_7 = ("blue", "green", "red", "nir", "swir1", "swir2")
_LANDSAT_8_9 = ("coastal", *_LANDSAT_4_TO_7)
_SENTINEL_2_L2A = (
    "coastal",
    "blue",
    "green",
    "red",
    "red_edge_1",
    "red_edge_2",
    "red_edge_3",
    "nir",
    "nir_narrow",
    "water_vapour",
    "swir1",
    "swir2",
)
_SENTINEL_2_L1C = (*_SENTINEL_2_L2A[:10], "cirrus", *_SENTINEL_2_L2A[10:])
_REFLECTANCE = InputScaling(REFLECTANCE, (0.0,), (1.0,))
# Collection 2 numbers of the reflectances 0 and 0.3 became 0 and 255 of 8 bits, and TorchGeo divides by 255.
_LANDSAT_REFLECTANCE = InputScaling(REFLECTANCE, (0.0,), (0.3,), is_clipped=True)
_BACKSCATTER = InputScaling(DECIBEL, (-12.59, -20.26), (5.26, 5.91))
_S12, _ECO, _LANDSAT = (
    "SSL4EO-S12, arXiv:2211.07044",
    untranslated("SSL4Eco, arXiv:2504.18256"),
    "SSL4EO-L, arXiv:2306.09424",
)
_LANDSAT_FILES = "torchgeo/ssl4eo_landsat@1c88bb51b6e17a21dde5230738fa38b74bd74f76"

PUBLISHED_WEIGHTS: tuple[PublishedWeights, ...] = (
    PublishedWeights(
        "SENTINEL2_ALL_SECO_ECO",
        "resnet50",
        "torchgeo/seco-eco@3ede08c40f70534eb1132057ee338b99e54319f0",
        "resnet50_sentinel2_all_seco_eco-a273eb78.pth",
        _SENTINEL_2_L2A,
        _REFLECTANCE,
        "MIT",
        _ECO,
    ),
    PublishedWeights(
        "SENTINEL2_ALL_MOCO",
        "resnet50",
        "torchgeo/resnet50_sentinel2_all_moco@da4f3c9dbe09272eb902f3b37f46635fa4726879",
        "resnet50_sentinel2_all_moco-df8b932e.pth",
        _SENTINEL_2_L1C,
        _REFLECTANCE,
        "CC-BY-4.0",
        _S12,
    ),
    PublishedWeights(
        "SENTINEL2_ALL_MOCO",
        "resnet18",
        "torchgeo/resnet18_sentinel2_all_moco@5b8cddc9a14f3844350b7f40b85bcd32aed75918",
        "resnet18_sentinel2_all_moco-59bfdff9.pth",
        _SENTINEL_2_L1C,
        _REFLECTANCE,
        "CC-BY-4.0",
        _S12,
    ),
    PublishedWeights(
        "SENTINEL2_ALL_DINO",
        "resnet50",
        "torchgeo/resnet50_sentinel2_all_dino@d7f14bf5530d70ac69d763e58e77e44dbecfec7c",
        "resnet50_sentinel2_all_dino-d6c330e9.pth",
        _SENTINEL_2_L1C,
        _REFLECTANCE,
        "CC-BY-4.0",
        _S12,
    ),
    PublishedWeights(
        "LANDSAT_OLI_SR_MOCO",
        "resnet50",
        _LANDSAT_FILES,
        "resnet50_landsat_oli_sr_moco-ff580dad.pth",
        _LANDSAT_8_9,
        _LANDSAT_REFLECTANCE,
        "CC0-1.0",
        _LANDSAT,
    ),
    PublishedWeights(
        "LANDSAT_OLI_SR_MOCO",
        "resnet18",
        _LANDSAT_FILES,
        "resnet18_landsat_oli_sr_moco-660e82ed.pth",
        _LANDSAT_8_9,
        _LANDSAT_REFLECTANCE,
        "CC0-1.0",
        _LANDSAT,
    ),
    PublishedWeights(
        "LANDSAT_ETM_SR_MOCO",
        "resnet50",
        _LANDSAT_FILES,
        "resnet50_landsat_etm_sr_moco-1266cde3.pth",
        _LANDSAT_4_TO_7,
        _LANDSAT_REFLECTANCE,
        "CC0-1.0",
        _LANDSAT,
    ),
    PublishedWeights(
        "LANDSAT_ETM_SR_MOCO",
        "resnet18",
        _LANDSAT_FILES,
        "resnet18_landsat_etm_sr_moco-4f078acd.pth",
        _LANDSAT_4_TO_7,
        _LANDSAT_REFLECTANCE,
        "CC0-1.0",
        _LANDSAT,
    ),
    PublishedWeights(
        "SENTINEL1_ALL_MOCO",
        "resnet50",
        "torchgeo/resnet50_sentinel1_all_moco@e79862c667853c10a709bdd77ea8ffbad0e0f1cf",
        "resnet50_sentinel1_all_moco-906e4356.pth",
        ("vv", "vh"),
        _BACKSCATTER,
        "CC-BY-4.0",
        _S12,
    ),
)
"""Files of published weights, those that suit most data first."""
WEIGHTS: tuple[str, ...] = (
    NO_WEIGHTS,
    IMAGENET,
    *dict.fromkeys(entry.name for entry in PUBLISHED_WEIGHTS),
    SELF_SUPERVISED,
)
"""Values of WEIGHTS."""


def published(name: str, network: str) -> PublishedWeights | None:
    """Return the published weights of a network, None where there are none.

    Args:
        name: Value of WEIGHTS.
        network: Torchvision's name of the network.
    """
    found = (entry for entry in PUBLISHED_WEIGHTS if (entry.name, entry.network) == (name, network))
    return next(found, None)


def weights_for(architecture: Architecture) -> tuple[str, ...]:
    """Return the values of WEIGHTS that an architecture can start from.

    Args:
        architecture: Registry entry of the architecture.
    """
    network = architecture.start_network
    return tuple(
        name
        for name in WEIGHTS
        if name == NO_WEIGHTS
        or (name == SELF_SUPERVISED and architecture.learns_without_labels)
        or (name == IMAGENET and network)
        or published(name, network)
    )


def by_file(name: str) -> PublishedWeights | None:
    """Return the published weights of a file with this name, None for another file."""
    return next((entry for entry in PUBLISHED_WEIGHTS if entry.file == name), None)
