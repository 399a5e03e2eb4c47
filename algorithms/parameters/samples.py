"""The parameters of training that tell the samples and how they are split."""

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

_SPLITS = ("auto", "polygons", "blocks", "field", "random")
_INTEGER = Qgis.ProcessingNumberParameterType.Integer


def sample_parameters() -> list[Described]:
    """Return the parameters that tell the samples."""
    kinds = [
        int(Qgis.ProcessingSourceType.VectorPolygon.value),
        int(Qgis.ProcessingSourceType.VectorPoint.value),
    ]
    return [
        Described(
            SamplesParameter(SAMPLES, tr("Training polygons or points"), kinds, optional=True),
            "Labelled polygons or points, in any coordinate reference system. Every pixel whose centre lies "
            "in a polygon is a sample; pixels that labels of different classes claim are none. Three "
            "polygons a class at least, better ten. Leave empty if a label raster is given.",
        ),
        Described(
            QgsProcessingParameterMultipleLayers(
                EXTRA_SAMPLES,
                tr("More training polygons or points"),
                Qgis.ProcessingSourceType.VectorAnyGeometry,
                optional=True,
            ),
            "More layers of labelled polygons or points, in any coordinate reference system, with the same "
            "fields.",
        ),
        Described(
            QgsProcessingParameterRasterLayer("LABELS", tr("Label raster"), optional=True),
            "A raster of class values instead of polygons or besides them, on any grid; nodata means "
            "unlabelled, and so do the values of UNLABELLED.",
        ),
        Described(
            QgsProcessingParameterString("UNLABELLED", tr("Unlabelled values"), optional=True),
            "Values of the label raster that mean that a pixel has no label, where nodata does not say so: "
            "whole "
            "numbers, separated by commas, such as <code>0</code> or <code>0, -100</code>.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterField(
                CLASS_FIELD, tr("Class field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers with the class: whole numbers, which become the values of the map, "
            "or names, which are numbered from 1 in alphabetical order. Text of whole numbers only keeps "
            "them, and case and blanks do not count in names. Usually <code>class</code> or "
            "<code>id</code>.",
        ),
        Described(
            QgsProcessingParameterField(
                NAME_FIELD, tr("Class name field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers with the name of the class for the legend, where the class field "
            "holds numbers.",
        ),
    ]


def split_parameters() -> list[Described]:
    """Return the parameters that tell how samples are held out and drawn."""
    return [
        Described(
            choice_parameter("SPLIT", tr("Split"), _SPLITS),
            "How test samples are held out: <code>polygons</code> whole; spatial <code>blocks</code>; by a "
            "<code>field</code> of yours (SPLIT_FIELD); <code>auto</code> (by the field where one is given, "
            "else polygons where each class has enough of them, else blocks); or <code>random</code> "
            "pixels, which is optimistic and no evidence. <code>auto</code> is usual. Where the data cannot "
            "carry it, the split gives way, in this order: blocks instead of polygons (<code>auto</code> "
            "only); smaller blocks; for single classes, no gap between validation and test, then training "
            "and validation, then training and test; no validation; no test. The log, the model and the "
            "report say what is not proven.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterField(
                SPLIT_FIELD, tr("Split field"), parentLayerParameterName=SAMPLES, optional=True
            ),
            "Field of the training layers for <code>field</code>. Either its values are train, validation, "
            "test, dropped and suggested (trains, but does not count in the proportions of the classes), and "
            "only those that train do so in the model that is written; or they are groups such as sites or "
            "field campaigns, of which each stays on one side. With as many values as FOLDS, or up to five "
            "where trees have <code>auto</code>, each value is a fold. In folds that the field names, trees "
            "and the hybrid are trained on the validation samples, too.",
            advanced=True,
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BLOCK_SIZE", tr("Block size (pixels)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Side of a spatial block in pixels. 0, which is usual, takes the distance over which labels are "
            "alike, but three patches or neighbourhoods at least, and less only where the classes would not "
            "fit in.",
            advanced=True,
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    "BUFFER", tr("Gap between training and test (pixels)"), _INTEGER, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Least distance between training, validation and test samples, in pixels, in rows or columns; "
            "nearer samples are left out. 0 takes the patch, or the largest neighbourhood, that a model "
            "looks at, and is usual.",
            advanced=True,
        ),
        Described(
            titled(QgsProcessingParameterString("FOLDS", tr("Folds"), AUTO, optional=True)),
            "Cross-validation: the samples are parted into so many folds, in the way that SPLIT says, and "
            "each is tested by a model of its own. The figures are those of all folds together. The model "
            "that is written is trained on all samples afterwards, except those that SPLIT_FIELD names for "
            "validation or test, or drops. Of what a fold does not test, a network keeps a quarter to choose "
            "its epoch by; trees and the hybrid are trained on all of it. <code>auto</code>: five folds for "
            "trees, fewer where polygons are few, and one split for networks and the hybrid. <code>0</code>: "
            "one split. Each fold takes the time of a training.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber(
                "MAX_PER_CLASS", tr("Samples per class at most"), _INTEGER, 2000, minValue=0
            ),
            "Most training samples (pixels) of a class; more of them are thinned at random. Validation and "
            "test keep the proportions of the labels. 2,000 is usual, 0 is no limit.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterNumber("SEED", tr("Random seed"), _INTEGER, 0, minValue=0),
            "A whole number without unit; the same seed, data and device give the same model. Any will do.",
            advanced=True,
        ),
    ]
