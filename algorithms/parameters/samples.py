"""Parameters of training for the samples and their split."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...core.options import AUTO
from ..i18n.translation import tr
from ..layers.samples import (
    CLASS_FIELD,
    EXTRA_SAMPLES,
    NAME_FIELD,
    SAMPLES,
    SPLIT_FIELD,
    SamplesParameter,
)
from .common import Described, choice_parameter, titled
from .groups import SAMPLES_AND_SPLIT, in_group

_SPLITS = ("auto", "polygons", "blocks", "field", "random")
_INTEGER = Qgis.ProcessingNumberParameterType.Integer


def sample_parameters() -> list[Described]:
    """Return the parameters that name the samples."""
    return [*_layers(), *in_group(SAMPLES_AND_SPLIT, _more_labels()), *_fields()]


def _layers() -> list[Described]:
    kinds = [
        int(Qgis.ProcessingSourceType.VectorPolygon.value),
        int(Qgis.ProcessingSourceType.VectorPoint.value),
    ]
    return [
        Described(
            SamplesParameter(SAMPLES, tr("Training polygons or points"), kinds, optional=True),
            "Labelled polygons or points, in any coordinate reference system; empty where a label raster is "
            "given. Every pixel whose centre lies in a polygon is a sample.",
            details="Label at least three polygons per class, better ten. Pixels that labels of different "
            "classes cover are not used.",
        ),
    ]


def _more_labels() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterMultipleLayers(
                EXTRA_SAMPLES,
                tr("Extra training samples"),
                Qgis.ProcessingSourceType.VectorAnyGeometry,
                optional=True,
            ),
            "More layers of labelled polygons or points, in any coordinate reference system, with the same "
            "fields.",
        ),
        Described(
            QgsProcessingParameterRasterLayer("LABELS", tr("Label raster"), optional=True),
            "A raster of class values on any grid, instead of polygons or besides them. Nodata and the "
            "values of UNLABELLED are not used.",
        ),
        Described(
            QgsProcessingParameterString("UNLABELLED", tr("Unlabelled values"), optional=True),
            "Values of the label raster that stand for no label besides nodata: whole numbers, separated by "
            "commas, such as <code>0</code> or <code>0, -100</code>.",
            advanced=True,
        ),
    ]


def _fields() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterField(
                CLASS_FIELD, tr("Class field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers with the class, usually <code>class</code> or <code>id</code>. "
            "Whole numbers become the values of the map; names are numbered from 1 in alphabetical order.",
            details="Text that holds whole numbers only keeps them. Upper and lower case and blanks make no "
            "difference in names.",
        ),
        Described(
            QgsProcessingParameterField(
                NAME_FIELD, tr("Class name field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers with the class name for the legend, where the class field holds "
            "numbers.",
        ),
    ]


def split_parameters() -> list[Described]:
    """Return the parameters that say how samples are held out and drawn."""
    return [
        Described(
            choice_parameter("SPLIT", tr("Split"), _SPLITS),
            "Units in which test samples are held out: <code>polygons</code>, spatial <code>blocks</code>, "
            "groups of a <code>field</code> (SPLIT_FIELD) or <code>random</code> pixels. <code>auto</code> "
            "uses the field where one is given, else polygons, else blocks.",
            advanced=True,
            details="Random pixels overestimate the accuracy. <code>auto</code> uses polygons where each "
            "class has enough of them. Where the samples do not allow the split, it is relaxed in this "
            "order: blocks instead of polygons (<code>auto</code> only); smaller blocks; for single "
            "classes, no gap between validation and test, then training and validation, then training and "
            "test; no validation; no test. The log, the model and the report say what was relaxed.",
        ),
        Described(
            QgsProcessingParameterField(
                SPLIT_FIELD, tr("Split field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers that holds the split. Its values are either train, validation, "
            "test, dropped and suggested, or groups such as sites that are never divided.",
            advanced=True,
            details="Samples of train and suggested are used for the model that is saved. Those of suggested "
            "do not count in the class proportions. With as many groups as FOLDS, each group is a fold; "
            "where FOLDS is <code>auto</code>, trees have up to five. Trees and the hybrid are also trained "
            "with the validation samples of such folds.",
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BLOCK_SIZE", tr("Block size (pixels)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Side of a spatial block. 0, which is usual, takes the distance over which labels are "
            "correlated.",
            advanced=True,
            details="Automatic blocks are at least three patches or neighbourhoods wide. They are smaller "
            "only where the classes could not be divided otherwise.",
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BUFFER", tr("Training-test gap (pixels)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Minimum distance in rows or columns between training, validation and test samples; nearer "
            "samples are dropped. 0, which is usual, takes the patch or the largest neighbourhood.",
            advanced=True,
        ),
        Described(
            titled(QgsProcessingParameterString("FOLDS", tr("Folds"), AUTO, optional=True)),
            "Number of folds of the cross-validation; 0 is a single split. <code>auto</code> is five for "
            "trees, fewer where polygons are few, and a single split for networks and the hybrid.",
            advanced=True,
            details="Each fold is tested with a model of its own, and the figures are those of all folds "
            "together. The folds are made as SPLIT says. The model that is saved is trained afterwards with "
            "all samples, except those that SPLIT_FIELD names for validation or test, or drops. A network "
            "keeps a quarter of the training samples of a fold to select its epoch; trees and the hybrid "
            "use all of them. Each fold takes the time of a training.",
        ),
        Described(
            QgsProcessingParameterNumber(
                "MAX_PER_CLASS", tr("Maximum samples per class"), _INTEGER, 2000, minValue=0
            ),
            "Maximum number of training samples (pixels) of a class; 2,000 is usual, 0 is no limit. Further "
            "samples are dropped at random.",
            advanced=True,
            details="Validation and test samples keep the proportions of the labels.",
        ),
        Described(
            QgsProcessingParameterNumber("SEED", tr("Random seed"), _INTEGER, 0, minValue=0),
            "A whole number, without unit. The same seed, data and device give the same model.",
            advanced=True,
        ),
    ]
