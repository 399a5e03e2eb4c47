"""The parameters of 'Train a land-cover model', but for its output."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...core.models.architectures import DEFAULT_ARCHITECTURE, architecture
from ...core.options import COMBINATIONS, CONTEXT_GRIDS, ENCODERS
from ...core.raster.neighbourhood_windows import DEFAULT_WINDOWS
from ..i18n.translation import tr
from .choice_titles import ARCHITECTURE_NAMES
from .common import (
    BAND_NAMES_DETAILS,
    BAND_NAMES_HELP,
    BAND_ROLES_HELP,
    BANDS_DETAILS,
    BANDS_HELP,
    EXTRA_INPUTS_DETAILS,
    EXTRA_INPUTS_HELP,
    INDICES_DETAILS,
    INDICES_HELP,
    NODATA_VALUES_DETAILS,
    NODATA_VALUES_HELP,
    RECIPE_HELP,
    RESAMPLING_DETAILS,
    RESAMPLING_HELP,
    SCHEME_FILE_DETAILS,
    SCHEME_FILE_HELP,
    Described,
    band_names_parameter,
    band_roles_parameter,
    bands_parameter,
    choice_parameter,
    extra_inputs_parameter,
    indices_parameter,
    nodata_values_parameter,
    recipe_parameter,
    resampling_parameter,
    scheme_file_parameter,
    scheme_parameter,
    titled,
)
from .fit import fit_parameters
from .groups import ENSEMBLE, FEATURES, NETWORK, SAMPLES_AND_SPLIT, TREES, in_group
from .outputs import absolute
from .samples import sample_parameters, split_parameters

_INTEGER = Qgis.ProcessingNumberParameterType.Integer


def train_parameters() -> list[Described]:
    """Return the parameters in the order of the dialog."""
    return [
        *_inputs(),
        *_model_choices(),
        *in_group(SAMPLES_AND_SPLIT, split_parameters()),
        *in_group(NETWORK, fit_parameters()),
    ]


def chosen_members(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of MEMBERS and the whole paths of MEMBER_FILES.

    Without any, QGIS gives lists with nothing in them.
    """
    names = algorithm.parameterAsEnumStrings(parameters, "MEMBERS", context)
    files = algorithm.parameterAsFileList(parameters, "MEMBER_FILES", context)
    return tuple(filter(None, names)), tuple(absolute(file) for file in files if file)


def _members() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterEnum(
                "MEMBERS",
                tr("Members of an ensemble"),
                options=[name for name in ARCHITECTURE_NAMES if architecture(name).family != "ensemble"],
                allowMultiple=True,
                usesStaticStrings=True,
                optional=True,
            ),
            "Architectures that <code>ensemble</code> trains and combines. None: <code>resnet18</code> and "
            "<code>tree_ensemble</code>, or only the files of MEMBER_FILES.",
            advanced=True,
            details="Each member has the defaults of its architecture where a parameter is left empty. "
            "PATCH_SIZE and BATCH_SIZE are not for U-Nets, whose training tiles are larger than patches.",
        ),
        Described(
            QgsProcessingParameterMultipleLayers(
                "MEMBER_FILES", tr("Model files as members"), Qgis.ProcessingSourceType.File, optional=True
            ),
            "Model files that <code>ensemble</code> has as further members, with the same bands, indices and "
            "classes. They are not trained again.",
            advanced=True,
            details="Samples that a file was trained on, or that lie beside those, are left out: weights and "
            "accuracy would be too favourable. Where all samples are such, files alone get equal weights, "
            "the accuracy is not known, and the log says so.",
        ),
        Described(
            choice_parameter("COMBINE", tr("Combination of members"), COMBINATIONS),
            "Rule of an ensemble. <code>weighted</code>: a weight for each member; "
            "<code>class_weighted</code>: a weight for each member and class where that is better; "
            "<code>log_mean</code>: mean of log-probabilities; <code>mean</code>: mean of probabilities.",
            advanced=True,
            details="Weights come from training samples that the members were not trained with, for which "
            "each member is trained twice more on half of the samples. Means need no such trainings.",
        ),
        Described(
            QgsProcessingParameterNumber("SNAPSHOTS", tr("Snapshots per network"), _INTEGER, 1, False, 1, 20),
            "Members that <code>ensemble</code> has of each network, from one training with a learning rate "
            "that falls and rises so many times. 1 is the network alone; 3 to 6 are usual.",
            advanced=True,
            details="The epochs are divided among the snapshots (Huang et al. 2017), so that training takes "
            "no longer. Mapping takes as many times as long.",
        ),
    ]


def _inputs() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterRasterLayer("INPUT", tr("Training raster")),
            "A multi-band raster such as a Sentinel-2 or Landsat scene, in any format that GDAL reads. The "
            "model finds its bands by their names (descriptions) in the file.",
        ),
        *in_group(
            FEATURES, [Described(extra_inputs_parameter(), EXTRA_INPUTS_HELP, details=EXTRA_INPUTS_DETAILS)]
        ),
        *sample_parameters(),
    ]


def _model_choices() -> list[Described]:
    return [*_classes_and_kind(), *_network(), *_neighbourhoods(), *_trees(), *_bands()]


def _classes_and_kind() -> list[Described]:
    return [
        Described(
            scheme_parameter(has_automatic=True),
            "A published class scheme with names and colours of the class values. Empty: names from the "
            "layer, and usual colours for these names; a label raster brings its own.",
        ),
        *in_group(
            SAMPLES_AND_SPLIT,
            [
                Described(
                    scheme_file_parameter(), SCHEME_FILE_HELP, advanced=True, details=SCHEME_FILE_DETAILS
                )
            ],
        ),
        Described(
            choice_parameter(
                "ARCHITECTURE",
                tr("Architecture"),
                ARCHITECTURE_NAMES,
                DEFAULT_ARCHITECTURE,
            ),
            "Kind of model. Trees and the multi-scale network use neighbourhoods of a pixel (WINDOWS), other "
            "networks the patch around it (PATCH_SIZE).",
            details="Trees train in minutes and need no GPU: <code>random_forest</code>, "
            "<code>extra_trees</code>, <code>gradient_boosting</code> and <code>tree_ensemble</code>. The "
            "ensemble averages the latter two and also uses the classes around a pixel; it is among the most "
            "accurate in our tests. The <code>multiscale</code> network is about as accurate and maps "
            "faster. Smaller networks such as <code>resnet18</code> are faster and need fewer samples. "
            "Segmentation networks such as <code>unet</code> label all pixels of a tile at once and are the "
            "fastest networks in mapping; ENCODER selects their encoder. Transformers such as "
            "<code>vit</code> read patches of 15 to 64 pixels. <code>hybrid</code> is the ensemble of trees "
            "with the output of a resnet18 "
            "as additional features. Four networks are trained for it, three of them to give the trees "
            "outputs for samples that the network was not trained with. <code>ensemble</code> combines "
            "resnet18 and tree_ensemble, or the members of MEMBERS and MEMBER_FILES: it adds the logarithms "
            "of their probabilities, with weights that come from training samples which the members were not "
            "trained with (COMBINE). A member that does not improve it has the weight 0 and takes no time in "
            "mapping.",
        ),
        *in_group(FEATURES, [Described(indices_parameter(), INDICES_HELP, details=INDICES_DETAILS)]),
        *in_group(ENSEMBLE, _members()),
    ]


def _network() -> list[Described]:
    parameters = [
        Described(
            choice_parameter("ENCODER", tr("Encoder"), ENCODERS),
            "Network that a segmentation network reads a tile with. <code>auto</code> is ResNet18.",
            advanced=True,
            details="Larger ResNets take longer and need more "
            "samples; MobileNetV2 and EfficientNet-Lite0 are small. Other models do not use it.",
        ),
        Described(
            recipe_parameter("PATCH_SIZE", tr("Patch size (pixels)"), _INTEGER, 1, 256),
            "Side of the patch that a network reads; 32 is usual at 10 to 30 m, 8 or 16 where fields are "
            "small." + RECIPE_HELP,
            advanced=True,
            details="Small patches train faster. For segmentation networks it is the side of the training "
            "tiles, a multiple of 32. Transformers take 15 to 64.",
        ),
        Described(
            QgsProcessingParameterBoolean("CENTRE", tr("Centre branch"), defaultValue=True),
            "Adds to a ResNet or a transformer a small network that reads the pixel itself and the squares "
            "of 3 to 15 pixels around it. Borders in the map become sharper.",
            advanced=True,
            details="The ResNet or transformer reads the patch. Without a centre branch the network is a "
            "plain one. Initial weights of a plain ResNet serve both: with a centre branch, they are those "
            "of the ResNet.",
        ),
        Described(
            choice_parameter("CONTEXT_GRID", tr("Context grid (pixels)"), CONTEXT_GRIDS),
            "Spacing of the pixels around which a ResNet with a centre branch reads a patch; each pixel of "
            "the map uses the nearest one. <code>auto</code> is 4.",
            advanced=True,
            details="With 4, the ResNet takes a sixteenth of its time in mapping.",
        ),
        Described(
            titled(QgsProcessingParameterString("PYRAMID", tr("Patch scales"), "auto", optional=True)),
            "Scales of the patches of a ResNet with a centre branch, odd numbers such as <code>1,3,7</code>. "
            "<code>auto</code> is 1 alone.",
            advanced=True,
            details="At scale 3 the ResNet also reads a patch three times as wide, in means of 3 x 3 pixels.",
        ),
    ]
    return in_group(NETWORK, parameters)


def _neighbourhoods() -> list[Described]:
    parameters = [
        Described(
            titled(
                QgsProcessingParameterString("WINDOWS", tr("Neighbourhoods (pixels)"), "auto", optional=True)
            ),
            "Sides of the squares around a pixel whose means and standard deviations are features, odd "
            "numbers such as <code>3,7,15</code>. <code>0</code> or empty: the pixel alone.",
            advanced=True,
            details=tr(
                "Trees, the hybrid and the multi-scale network use them. <code>auto</code> is {}; of these, "
                "those that do not fit eight times into the raster, or for which samples lie too near to "
                "each other, are left out, and the log says so. All but random forests also use textures: "
                "how much squares of up to 15 pixels differ in roughness within those of 31 pixels or more."
            ).format(", ".join(map(str, DEFAULT_WINDOWS))),
        ),
    ]
    return in_group(FEATURES, parameters)


def _trees() -> list[Described]:
    parameters = [
        Described(
            recipe_parameter("TREES", tr("Number of trees"), _INTEGER, 1, 10_000),
            "Number of trees of random forests and extra trees. Empty: 300.",
            advanced=True,
            details="Fewer trees map faster, and their probabilities have coarser steps. The number of steps "
            "of boosting is fixed.",
        ),
        Described(
            recipe_parameter("MIN_LEAF", tr("Samples per leaf"), _INTEGER, 1, 1_000_000),
            "Smallest number of training samples in a leaf of random forests and extra trees. Empty: 2.",
            advanced=True,
            details="More samples give smaller trees, which may be more accurate where labels have errors.",
        ),
    ]
    return in_group(TREES, parameters)


def _bands() -> list[Described]:
    parameters = [
        Described(bands_parameter(), BANDS_HELP, advanced=True, details=BANDS_DETAILS),
        Described(band_names_parameter(), BAND_NAMES_HELP, advanced=True, details=BAND_NAMES_DETAILS),
        Described(band_roles_parameter(), BAND_ROLES_HELP, advanced=True),
        Described(resampling_parameter(), RESAMPLING_HELP, advanced=True, details=RESAMPLING_DETAILS),
        Described(
            nodata_values_parameter(), NODATA_VALUES_HELP, advanced=True, details=NODATA_VALUES_DETAILS
        ),
    ]
    return in_group(FEATURES, parameters)
