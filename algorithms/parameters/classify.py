"""Parameters of a classification: optional rasters and advanced parameters, in the order of the dialog."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
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
    BAND_NAMES_DETAILS,
    BAND_NAMES_HELP,
    NODATA_VALUES_DETAILS,
    NODATA_VALUES_HELP,
    RESAMPLING_DETAILS,
    RESAMPLING_HELP,
    Described,
    band_names_parameter,
    choice_parameter,
    nodata_values_parameter,
    resampling_parameter,
    titled,
)
from .compute import DEVICE_DETAILS, DEVICE_HELP, device_parameter
from .groups import AREA, BANDS, CLASSIFICATION, COMPUTATION, OUTPUT, in_group

MASK_CLASSES = "MASK_CLASSES"
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
        details: What the reference says besides the help.
    """

    name: str
    product: str
    rank: int
    title: str
    help: str
    details: str

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
        "GeoTIFF (.tif) with the probability of each class, 0 to 1, in a band per class.",
        "",
    ),
    (
        "UNCERTAINTY",
        "uncertainty",
        1,
        "Uncertainty",
        "GeoTIFF (.tif) with three bands: the highest probability, its margin over the second, and the "
        "normalised entropy. TTA and MC_SAMPLES add a band each.",
        "The entropy is 1 where all classes are equally probable and 0 where one is certain. Choose the band "
        "in the style of the layer.",
    ),
    (
        "APPLICABILITY",
        "applicability",
        3,
        "Area of applicability",
        "GeoTIFF (.tif) with two bands: the dissimilarity of a pixel to the training samples, and 1 inside "
        "the area of applicability or 0 outside. It measures resemblance, not accuracy.",
        "The dissimilarity index is the distance to the nearest training sample in the features of the "
        "model, divided by the mean distance between training samples (Meyer and Pebesma 2021). Inside, a "
        "pixel resembles the training samples as much as samples of different polygons or blocks resemble "
        "each other. Outside, in red, no figure of the training applies. The log and APPLICABLE_SHARE say "
        "how much of the map lies inside.",
    ),
    (
        "PREDICTION_SETS",
        "sets",
        4,
        "Prediction sets",
        "GeoTIFF (.tif) with the number of classes that a pixel may have: 1 is certain, more is uncertain, 0 "
        "fits no class. The sets hold the true class of about a fraction COVERAGE of the pixels.",
        "The coverage is a mean over areas like those of the samples that training held out (conformal "
        "prediction). The training report gives the coverage of the test samples.",
    ),
)
PRODUCT_PARAMETERS = tuple(ProductParameter(*row) for row in _PRODUCTS)
"""Parameters of all optional rasters, in the order of the dialog."""


def classify_parameters() -> list[Described]:
    """Return the parameters of the mapped area, the computation and the form of the files."""
    return [
        *in_group(AREA, _where()),
        *in_group(BANDS, _bands()),
        *in_group(CLASSIFICATION, _decision()),
        *in_group(COMPUTATION, _computation()),
        *in_group(OUTPUT, _form()),
    ]


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
            "Polygons or a raster that limit the map. Only pixels whose centre lies in a polygon, or whose "
            "value is valid and not 0, are classified.",
            advanced=True,
            details="A cloud mask of 'Open a satellite product' or 'Mask clouds' is 0 where it is cloudy.",
        ),
        Described(
            QgsProcessingParameterString(MASK_CLASSES, tr("Classes of the mask"), optional=True),
            "Classes of a mask raster to classify, by name or value, such as <code>forest, water</code>; "
            "with a minus they are left out, as in <code>-cloud shadow, -thin cirrus</code>. Empty: all "
            "values but 0.",
            advanced=True,
            details="Names are those of the raster’s own classes. Of files called …_SCL_… and …_QA_PIXEL, "
            "the quality layers of Sentinel-2 and Landsat, they are those of the product, as in 'Open a "
            "satellite product'.",
        ),
        Described(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            "Part of the raster to classify, <code>xmin,xmax,ymin,ymax [EPSG:…]</code>, in the units of its "
            "coordinate reference system. Empty: the whole raster.",
            advanced=True,
            details="The map covers the extent in whole pixels of the raster.",
        ),
        Described(
            QgsProcessingParameterNumber("STRIDE", tr("Stride (pixels)"), _INTEGER, 1, minValue=1),
            "Spacing of the classified pixels in both directions. 1 is every pixel; 4 gives a preview in "
            "less time.",
            advanced=True,
            details="The number of classified pixels falls with the square of the stride. A ResNet with a "
            "centre branch reads its patches on the context grid of its training, so a stride up to that "
            "spacing (4 by default) saves little time.",
        ),
        Described(
            QgsProcessingParameterBoolean("FILL", tr("Fill stride cells"), defaultValue=True),
            "On: each classified pixel fills its cell of stride x stride pixels, so the map has the pixels "
            "of the raster. Off: the map has one pixel per cell.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "MIN_VALID", tr("Minimum valid fraction"), _DOUBLE, 0.5, minValue=0.0, maxValue=1.0
            ),
            "Fraction of the patch around a pixel, 0 to 1, that must be valid; else the pixel is nodata. 0.5 "
            "is usual.",
            advanced=True,
        ),
    ]


def _bands() -> list[Described]:
    return [
        Described(band_names_parameter(), BAND_NAMES_HELP, advanced=True, details=BAND_NAMES_DETAILS),
        Described(resampling_parameter(), RESAMPLING_HELP, advanced=True, details=RESAMPLING_DETAILS),
        Described(
            nodata_values_parameter(), NODATA_VALUES_HELP, advanced=True, details=NODATA_VALUES_DETAILS
        ),
        Described(
            QgsProcessingParameterBoolean(
                "ALLOW_DIFFERENT_VALUES", tr("Allow different values"), defaultValue=False
            ),
            "Off: a raster is refused if more than half of its bands are almost entirely outside the range "
            "of the training raster. On: it is classified with a warning.",
            advanced=True,
            details="An example is reflectance from 0 to 1 with a model that was trained on whole numbers.",
        ),
    ]


def _decision() -> list[Described]:
    return [
        Described(
            choice_parameter("DECISION", tr("Decision rule"), DECISIONS),
            "Rule that selects the class of a pixel. <code>accuracy</code>: the most probable class, with "
            "the fewest errors; <code>balanced</code>: rare classes are favoured, at the cost of some "
            "accuracy.",
            advanced=True,
            details="With <code>accuracy</code>, rare classes may hardly appear. <code>balanced</code> uses "
            "the weights that gave the highest mean F1 of the classes on held-out samples. The training "
            "report shows both. Probabilities do not change.",
        ),
        Described(
            QgsProcessingParameterNumber("MMU", tr("Minimum mapping unit (ha)"), _DOUBLE, 0.0, minValue=0.0),
            "Area in hectares below which patches of the map are dissolved, as by <b>Generalise a map</b>. 0 "
            "keeps all patches.",
            advanced=True,
            details="Each takes the class of the neighbours with the longest common border, or with "
            "PROBABILITIES the most probable class among those of its neighbours. Figures of the training do "
            "not hold for the map then, so it names its model in its history only. The optional rasters do "
            "not change.",
        ),
        Described(
            QgsProcessingParameterBoolean("TTA", tr("Test-time augmentation"), defaultValue=False),
            "Classifies each patch in eight orientations and averages the probabilities. It is often a "
            "little more accurate and takes eight times as long.",
            advanced=True,
            details="Uncertainty gets one more band: the standard deviation of the eight probabilities of "
            "the most probable class. It is not available for trees and multi-scale networks, which give the "
            "same result in all orientations, nor with PREDICTION_SETS, whose limits apply to a single "
            "orientation.",
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
            "Number of predictions with random dropout, whose spread becomes another band of Uncertainty. 20 "
            "is usual, 0 turns it off.",
            advanced=True,
            details="Features are dropped before the last layer, as in training with DROPOUT. The band is "
            "the standard deviation of the probability of the most probable class. The map does not change.",
        ),
        Described(
            QgsProcessingParameterNumber(
                "COVERAGE",
                tr("Prediction set coverage"),
                _DOUBLE,
                DEFAULT_COVERAGE,
                minValue=MIN_COVERAGE,
                maxValue=MAX_COVERAGE,
            ),
            "Fraction of pixels whose prediction set should hold the true class; 0.9 is usual. A higher "
            "coverage gives larger sets.",
            advanced=True,
            details="A class has a limit of its own where enough of its held-out samples lie in at least "
            "five polygons or blocks. The other classes share a limit. Where they have too few samples "
            "together, they are in every set. The log names these classes.",
        ),
    ]


def _computation() -> list[Described]:
    return [
        Described(device_parameter(), DEVICE_HELP, advanced=True, details=DEVICE_DETAILS),
        Described(
            choice_parameter("BACKEND", tr("Backend"), BACKENDS),
            "Software that computes a network that classifies patches. <code>torch</code>: PyTorch, on the "
            "processor or the GPU; <code>openvino</code>: OpenVINO, on the processor; <code>auto</code>: the "
            "faster one in a test of a second.",
            advanced=True,
            details="The log says which one is used.",
        ),
        Described(
            choice_parameter("PRECISION", tr("Precision"), PRECISIONS),
            "Number format of the computation; 32 bits (<code>fp32</code>) are the reference. "
            "<code>auto</code> is the default precision of the plugin's settings, or 16 bits where the "
            "device supports them and they are faster.",
            advanced=True,
            details="With fewer than 32 bits, patches whose two best classes have a small margin are "
            "computed again in a higher precision. The log says how many labels of a sample of the raster "
            "are then equal to those of 32 bits. <code>fp16</code> and <code>bf16</code> have 16 bits, of "
            "which bf16 keeps fewer digits. <code>tf32</code>, for NVIDIA GPUs, lies between 16 and 32 bits. "
            "<code>int8</code> has 8 bits, on the processor with OpenVINO and the package nncf; it is the "
            "fastest, is quantized with patches of the raster, and gives no probabilities. With "
            "APPLICABILITY and PREDICTION_SETS <code>auto</code> is fp32. Segmentation networks are not "
            "computed again: for them <code>auto</code> is tf32 on NVIDIA GPUs, and fp32 with EXACT or on "
            "other devices.",
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BATCH_SIZE", tr("Batch size (patches)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Number of patches that are computed together; 0 is automatic. It is reduced where the memory of "
            "the device is full.",
            advanced=True,
            details="For segmentation networks it counts squares of 32 pixels.",
        ),
        Described(
            QgsProcessingParameterBoolean("EXACT", tr("Exact tile edges"), defaultValue=False),
            "Makes the map of a segmentation network independent of the tiles in which the raster is read. "
            "It takes several times as long.",
            advanced=True,
            details="The network then reads 320 pixels or more around each tile instead of 96. Without it "
            "up to one label in a thousand may differ, and no seams are visible. All other models are exact "
            "in any case.",
        ),
        Described(
            QgsProcessingParameterBoolean("RESUME", tr("Resume interrupted run"), defaultValue=True),
            "Continues from the finished tiles of an interrupted run with the same raster, model and "
            "parameters. Otherwise the run restarts.",
            advanced=True,
            details="Finished tiles are stored beside the output (.part and .journal). Runs with a temporary "
            "output cannot be resumed.",
        ),
    ]


def _form() -> list[Described]:
    return [
        Described(
            choice_parameter("SHARE_TYPE", tr("Probability data type"), SHARE_TYPES),
            "Data type of Probabilities and Uncertainty. <code>uint8</code>: steps of 0.004, in a quarter of "
            "the space; <code>float32</code>: all digits.",
            advanced=True,
            details="GIS software shows both as 0 to 1.",
        ),
        Described(
            choice_parameter("COMPRESSION", tr("Compression"), COMPRESSIONS),
            "Compression of the output rasters. <code>deflate</code>: readable by all software; "
            "<code>zstd</code>: smaller and faster, but not readable by older software.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("COG", tr("Cloud-optimised GeoTIFF"), defaultValue=False),
            "Writes GeoTIFF files whose parts can be read separately from a web server.",
            advanced=True,
        ),
    ]
