"""Parameters of a classification: optional rasters and advanced parameters, in the order of the dialog."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
)

from ...core.options import (
    BACKENDS,
    COMPRESSIONS,
    DECISIONS,
    DEFAULT_COVERAGE,
    MAX_COVERAGE,
    MAX_MC_SAMPLES,
    MIN_COVERAGE,
    PRECISIONS,
    SHARE_TYPES,
)
from ..i18n.translation import tr
from .common import (
    BAND_NAMES_HELP,
    NODATA_VALUES_HELP,
    RESAMPLING_HELP,
    Described,
    band_names_parameter,
    choice_parameter,
    nodata_values_parameter,
    resampling_parameter,
    titled,
)
from .compute import DEVICE_HELP, device_parameter

_INTEGER = Qgis.ProcessingNumberParameterType.Integer
_DOUBLE = Qgis.ProcessingNumberParameterType.Double


@dataclass(frozen=True)
class ProductParameter:
    """Parameter of an optional raster of a classification.

    Attributes:
        name: Name of the parameter and of the output.
        product: Name of the product, a field of ``core.requests.classify.Products``.
        rank: Position below the map among the layers of a run.
        title: Title of the parameter and of the layer, to be translated.
        help: Help of the parameter.
    """

    name: str
    product: str
    rank: int
    title: str
    help: str

    @property
    def word(self) -> str:
        """Value of MORE that stands for it."""
        return self.name.lower()


_PRODUCTS = (
    (
        "PROBABILITIES",
        "probabilities",
        2,
        "Probabilities",
        "GeoTIFF of the probability (0 to 1) of each class, a band a class (.tif).",
    ),
    (
        "UNCERTAINTY",
        "uncertainty",
        1,
        "Uncertainty",
        "GeoTIFF of three bands (.tif): the highest probability, its margin over the second one, and the "
        "entropy, divided by its largest value, so that it is 1 where all classes are equally probable "
        "and 0 where one is certain. TTA and MC_SAMPLES add a band each. Choose the band in the layer's "
        "style.",
    ),
    (
        "APPLICABILITY",
        "applicability",
        3,
        "Area of applicability",
        "GeoTIFF of two bands (.tif): the dissimilarity index, which is how far a pixel is from the "
        "training samples in what the model looks at, divided by how far those are from each other; and 1 "
        "inside the area of applicability, 0 outside (Meyer and Pebesma 2021). Inside, a pixel resembles "
        "the training samples as much as samples of different polygons or blocks resemble each other. That "
        "measures resemblance and promises no accuracy; outside, in red, no figure of the training "
        "applies. The "
        "log and APPLICABLE_SHARE say how much of the map lies inside.",
    ),
    (
        "PREDICTION_SETS",
        "sets",
        4,
        "Prediction sets",
        "GeoTIFF of the number of classes that a pixel may have (.tif): 1 is sure, more is doubt, and 0 "
        "is a pixel like none of the classes. The pixel's true class is among them in about a share "
        "COVERAGE of the cases, averaged over ground like that of the samples that training held out "
        "(conformal prediction). The training report says what share it was on the test.",
    ),
)
PRODUCT_PARAMETERS = tuple(ProductParameter(*row) for row in _PRODUCTS)
"""Parameters of all optional rasters, in the order of the dialog."""


def classify_parameters() -> list[Described]:
    """Return the parameters that say where, how and in what form is classified."""
    return [*_where(), *_how(), *_form()]


def _where() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterMapLayer(
                "MASK",
                tr("Mask"),
                optional=True,
                types=[
                    int(Qgis.ProcessingSourceType.VectorPolygon.value),
                    int(Qgis.ProcessingSourceType.Raster.value),
                ],
            ),
            "Only pixels whose centre lies in a polygon of this layer are classified; or, with a raster, "
            "those where it is valid and not 0.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            "Only this part is classified; the map then covers it in whole pixels of the raster. In the "
            "units of its coordinate reference system: <code>xmin,xmax,ymin,ymax [EPSG:…]</code>. Empty: "
            "all.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("STRIDE", tr("Stride (pixels)"), _INTEGER, 1, minValue=1),
            "Every n-th pixel in both directions is classified; 1 is every pixel, 4 a quick look.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("FILL", tr("Fill the cells of a stride"), defaultValue=True),
            "On: a classified pixel's class fills its cell of stride x stride pixels, and the map has the "
            "raster's pixels. Off: the map has one pixel a cell. Without a stride it makes no difference.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "MIN_VALID", tr("Least valid share of a patch"), _DOUBLE, 0.5, minValue=0.0, maxValue=1.0
            ),
            "A pixel becomes nodata where less than this share (0 to 1) of the patch around it is valid. 0.5 "
            "is usual.",
            advanced=True,
        ),
        Described(band_names_parameter(), BAND_NAMES_HELP, advanced=True),
        Described(resampling_parameter(), RESAMPLING_HELP, advanced=True),
        Described(nodata_values_parameter(), NODATA_VALUES_HELP, advanced=True),
        Described(
            QgsProcessingParameterBoolean(
                "ALLOW_DIFFERENT_VALUES", tr("Allow different values"), defaultValue=False
            ),
            "Off: a raster is refused whose values, in more than half of the bands, hardly ever lie in the "
            "range of "
            "the training raster, such as reflectance from 0 to 1 with a model of whole numbers. On: it is "
            "classified with a warning.",
            advanced=True,
        ),
    ]


def _how() -> list[Described]:
    return [
        Described(
            choice_parameter("DECISION", tr("Decision rule"), DECISIONS),
            "How a pixel's class is chosen. <code>accuracy</code>: the most probable class, which makes the "
            "fewest errors; rare classes may hardly appear. <code>balanced</code>: rare classes are "
            "favoured, as much as was best for the mean F1 of the classes on held-out samples; some accuracy "
            "is lost. The training report shows both. Probabilities stay the same.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("TTA", tr("Test-time augmentation"), defaultValue=False),
            "Shows the network each patch in eight orientations, turned and mirrored, and takes the mean of "
            "the eight probabilities: often a little more accurate, in eight times the time. Uncertainty "
            "gets a band more: how far the eight differ in the probability of the most probable class "
            "(standard deviation). Not for trees and multi-scale networks, to which all orientations are the "
            "same, and not with PREDICTION_SETS, whose limits are those of a single view.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "MC_SAMPLES",
                tr("Monte-Carlo dropout samples"),
                _INTEGER,
                0,
                minValue=0,
                maxValue=MAX_MC_SAMPLES,
            ),
            "Asks the network so many times with some features dropped before its last layer, as in its "
            "training with DROPOUT. Uncertainty gets a band more: how far the answers differ in the "
            "probability of the pixel's most probable class (standard deviation). The map stays what it is. "
            "20 are enough for a picture; 0 does not ask.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "COVERAGE",
                tr("Coverage of the prediction sets"),
                _DOUBLE,
                DEFAULT_COVERAGE,
                minValue=MIN_COVERAGE,
                maxValue=MAX_COVERAGE,
            ),
            "The share of pixels whose true class should be in their prediction set: the higher, the larger "
            "the sets. A class has a limit of its own where enough held-out samples of it lie in at least "
            "five polygons or blocks. The other classes share one; if their samples are too few even "
            "together, they are in every set. The log says which classes these are. 0.9 is usual.",
            advanced=True,
        ),
        Described(device_parameter(), DEVICE_HELP, advanced=True),
        Described(
            choice_parameter("BACKEND", tr("Backend"), BACKENDS),
            "What computes a network that classifies patches. <code>auto</code> tries those that may be had "
            "for a second and takes the fastest; the log says which. <code>torch</code> is PyTorch, on the "
            "processor or the GPU; <code>openvino</code> is for processors.",
            advanced=True,
        ),
        Described(
            choice_parameter("PRECISION", tr("Precision"), PRECISIONS),
            "In what numbers it is computed. With fewer than 32 bits, patches whose best classes are close "
            "are computed again in more; the log says how many of a sample of the raster then have the "
            "class of 32 bits. <code>auto</code>: the default precision of the plugin's settings or, where "
            "that is auto, too, 16 bits where the device has units for them and both looks are faster than "
            "32, else 32; always 32 for APPLICABILITY and PREDICTION_SETS. <code>fp32</code>: 32 bits, the "
            "reference. <code>fp16</code> and <code>bf16</code>: 16 bits, of which bf16 keeps fewer digits. "
            "<code>tf32</code>: between the two, on NVIDIA GPUs. <code>int8</code>: 8 bits, on the processor "
            "by OpenVINO with nncf, which has to be installed; the fastest, set up on patches of the raster; "
            "gives no probabilities. U-Nets have no second look: <code>auto</code> is tf32 on NVIDIA GPUs, "
            "fp32 with EXACT and elsewhere.",
            advanced=True,
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Patches that are computed together; of U-Nets, squares of 32 pixels labelled together. 0 "
            "chooses. Where the device's memory is full, it gets smaller by itself.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("EXACT", tr("Exact at the edges of tiles"), defaultValue=False),
            "For U-Nets: show the network 320 pixels around each tile instead of 96, all that can change a "
            "label, so that the map does not depend on how the raster was divided. It takes several times as "
            "long; without it no seam shows either, but up to one label in a thousand may differ. All other "
            "models are exact in any case.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("RESUME", tr("Go on where a run was stopped"), defaultValue=True),
            "What a stopped run has finished stays beside the output (.part and .journal), and the same run, "
            "started again, goes on from there. It starts afresh where raster, model or a parameter has "
            "changed. Never with a temporary output.",
            advanced=True,
        ),
    ]


def _form() -> list[Described]:
    return [
        Described(
            choice_parameter("SHARE_TYPE", tr("Numbers of probabilities and uncertainty"), SHARE_TYPES),
            "<code>uint8</code> keeps them in steps of 0.004, which GIS show as 0 to 1, in a quarter of the "
            "space; <code>float32</code> keeps every digit.",
            advanced=True,
        ),
        Described(
            choice_parameter("COMPRESSION", tr("Compression"), COMPRESSIONS),
            "Of the files: <code>deflate</code> opens everywhere; <code>zstd</code> is smaller and quicker, "
            "but older programs cannot read it.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("COG", tr("Cloud-optimised GeoTIFF"), defaultValue=False),
            "Arranges the files so that they can be read from a web server piece by piece.",
            advanced=True,
        ),
    ]
