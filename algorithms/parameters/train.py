"""The parameters of 'Train a land-cover model', but for its output."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...core.models.architectures import ARCHITECTURES, DEFAULT_ARCHITECTURE
from ...core.options import CONTEXT_GRIDS
from ...core.raster.neighbourhood_windows import DEFAULT_WINDOWS
from ..i18n.translation import tr
from .common import (
    BAND_NAMES_HELP,
    BAND_ROLES_HELP,
    BANDS_HELP,
    EXTRA_INPUTS_HELP,
    INDICES_HELP,
    NODATA_VALUES_HELP,
    RECIPE_HELP,
    RESAMPLING_HELP,
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
    scheme_parameter,
    titled,
)
from .fit import fit_parameters
from .samples import sample_parameters, split_parameters

_INTEGER = Qgis.ProcessingNumberParameterType.Integer


def train_parameters() -> list[Described]:
    """Return the parameters in the order of the dialog."""
    return [*_inputs(), *_model_choices(), *split_parameters(), *fit_parameters()]


def _inputs() -> list[Described]:
    return [
        Described(
            QgsProcessingParameterRasterLayer("INPUT", tr("Raster to learn from")),
            "A multi-band raster such as a Sentinel-2 or Landsat scene, in any file format that GDAL reads. "
            "Bands are known by their names (descriptions) in the file.",
        ),
        Described(extra_inputs_parameter(), EXTRA_INPUTS_HELP),
        *sample_parameters(),
    ]


def _model_choices() -> list[Described]:
    return [
        Described(
            scheme_parameter(has_automatic=True),
            "A published class scheme that gives names and colours to the class values. Empty: names from "
            "the layer, the colours that maps usually give to such names.",
        ),
        Described(
            choice_parameter(
                "ARCHITECTURE",
                tr("Architecture"),
                [item.name for item in ARCHITECTURES],
                DEFAULT_ARCHITECTURE,
            ),
            "What learns. Trees look at a pixel and its neighbourhoods (WINDOWS), train in minutes and need "
            "no GPU: <code>random_forest</code>, <code>extra_trees</code>, <code>gradient_boosting</code>, "
            "and <code>tree_ensemble</code>, in which the latter two vote and also see which classes lie "
            "around a pixel: among the most accurate where it was tried. The <code>multiscale</code> network "
            "learns from the same neighbourhoods, is about as accurate, and maps faster. "
            "<code>resnet…</code> look at the patch around a pixel; a smaller one such as resnet18 is faster "
            "and needs fewer samples. U-Nets (<code>unet_resnet…</code>) label all pixels of a tile at "
            "once, and map fastest of the deep networks. <code>hybrid</code>: the ensemble of trees, which "
            "also sees what a resnet18 makes of the patch; four networks are trained, three of them so that "
            "the trees learn from outputs about samples that the network had not seen.",
        ),
        Described(indices_parameter(), INDICES_HELP),
        Described(
            recipe_parameter("PATCH_SIZE", tr("Patch size (pixels)"), _INTEGER, 1, 256),
            "Side of the square that the network sees, in pixels. Around a pixel, 32 is usual at 10 to 30 m; "
            "8 or 16 where fields are small or training must be fast. For U-Nets it is that of "
            "the pieces that they train with, a multiple of 32." + RECIPE_HELP,
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean("CENTRE", tr("Centre branch"), defaultValue=True),
            "For ResNets: a small network reads the pixel itself and the squares of 3 to 15 pixels around "
            "it, and the ResNet reads the patch. Borders in the map become sharper. Without it, the network "
            "is the plain ResNet. Networks with initial weights have no centre branch.",
            advanced=True,
        ),
        Described(
            choice_parameter("CONTEXT_GRID", tr("Context grid (pixels)"), CONTEXT_GRIDS),
            "For ResNets with a centre branch: distance between the pixels around which the ResNet reads a "
            "patch. Each pixel of the map uses the nearest one. With 4, a map takes a sixteenth of the "
            "ResNet's time. <code>auto</code> is 4.",
            advanced=True,
        ),
        Described(
            titled(QgsProcessingParameterString("PYRAMID", tr("Patch scales"), "auto", optional=True)),
            "For ResNets with a centre branch: odd numbers such as <code>1,3,7</code>. At scale 3, the "
            "ResNet also reads a patch three times as wide, in means of 3 x 3 pixels. <code>auto</code> is 1 "
            "alone.",
            advanced=True,
        ),
        Described(
            titled(
                QgsProcessingParameterString("WINDOWS", tr("Neighbourhoods (pixels)"), "auto", optional=True)
            ),
            tr(
                "For trees, the hybrid and the multi-scale network: sides of the squares around a pixel "
                "whose means and standard deviations they see, odd numbers of pixels such as "
                "<code>3,7,15</code>. <code>auto</code>: {}, as far as they fit eight times into the raster "
                "and the samples lie far enough apart for them; the log says where some are left out. "
                "<code>0</code> or empty: the pixel alone. All but random forests also see textures: how "
                "much squares of up to 15 pixels differ in roughness within those of 31 pixels or more."
            ).format(", ".join(map(str, DEFAULT_WINDOWS))),
            advanced=True,
        ),
        Described(bands_parameter(), BANDS_HELP, advanced=True),
        Described(band_names_parameter(), BAND_NAMES_HELP, advanced=True),
        Described(band_roles_parameter(), BAND_ROLES_HELP, advanced=True),
        Described(resampling_parameter(), RESAMPLING_HELP, advanced=True),
        Described(nodata_values_parameter(), NODATA_VALUES_HELP, advanced=True),
    ]
