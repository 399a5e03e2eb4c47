"""Parameters that several algorithms have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    NULL,
    Qgis,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProperty,
)
from qgis.PyQt.QtCore import QVariant

from ...core.classes import shipped_schemes
from ...core.errors import ParameterError
from ...core.options import AUTO, INDEX_NAMES, RESAMPLINGS
from ..i18n.translation import tr
from .outputs import absolute

MODEL_HELP = "Model file of 'Train a land-cover model' or 'Import a model' (.skops or .safetensors)."
EXTRA_INPUTS = "EXTRA_INPUTS"
_WIDGET = "widget_wrapper"
_HAS_AUTOMATIC = "has_automatic"
_TITLED_WIDGET = f"{__package__}.titled_widget.TitledWidget"
_EMPTY_LAYER_WIDGET = f"{__package__}.titled_widget.EmptyLayerWidget"
_FIELD_TEXT_WIDGET = f"{__package__}.titled_widget.FieldTextWidget"
_LAYER = "layer_of_field"
_DETAILS = "details"
EXTRA_INPUTS_HELP = (
    "More rasters of the same area on any grid, such as radar, terrain or a second date. Their bands are "
    "resampled to the grid of the first raster."
)
EXTRA_INPUTS_DETAILS = (
    "Bands of an extra raster are nodata where it does not cover the grid. Bands are matched by name. A "
    "repeated name gets a number, as in <code>B2 (2)</code>, so give the same kinds of rasters in the same "
    "order for training and classification."
)
RESAMPLING_HELP = (
    "Resampling method for all extra rasters, or one for each of them, separated by commas. Methods: "
    "<code>auto</code>, <code>nearest</code>, <code>bilinear</code>, <code>cubic</code>, "
    "<code>average</code>."
)
RESAMPLING_DETAILS = (
    "<code>auto</code> is nearest for categories and for pixels that coincide, average where the grid is at "
    "least twice as coarse, and bilinear otherwise."
)
BAND_NAMES_HELP = (
    "Names of all bands in order, such as <code>blue, green, red, nir</code>, or of some bands as <code>new "
    "name=band</code>. Models and spectral indices find bands by these names."
)
BAND_NAMES_DETAILS = (
    "Give them where the files have no band names or unsuitable ones. Nothing between two commas keeps the "
    "name of a band. In pairs such as <code>nir=4, height=Band 1</code> a band is given by its name in the "
    "file or by its number. Numbers start at 1 and continue through the extra rasters."
)
BANDS_HELP = (
    "Bands to use, in order: names or numbers, separated by commas, such as <code>B02, B03, VV</code>. "
    "Empty: all bands."
)
BANDS_DETAILS = (
    "Numbers start at 1 and continue through the extra rasters. A name with a comma stands in double quotes."
)
BAND_ROLES_HELP = (
    "Spectral roles of bands whose names do not show them, such as <code>red=B4, nir=B8</code>. Roles: "
    "coastal, blue, green, red, red_edge_1 to red_edge_3, nir, nir_narrow, swir1, swir2, water_vapour, "
    "cirrus, vv, vh."
)
NODATA_VALUES_HELP = (
    "More nodata values of all rasters, as QGIS shows them, such as <code>0</code> or <code>-9999, "
    "65535</code>. Pixels with these values are neither used in training nor classified."
)
NODATA_VALUES_DETAILS = (
    "Give them where the files do not declare them. A model stores the values of its training and applies "
    "them to each raster that it classifies."
)
SCHEME_FILE = "SCHEME_FILE"
SCHEME_FILE_HELP = (
    "File of a class scheme, instead of SCHEME: a scheme of this plugin (.json), a raster style "
    "(.qml, .sld), or a table of values and colours (.clr, .txt)."
)
SCHEME_FILE_DETAILS = "A style of QGIS must be of the kind 'Paletted/Unique values' or have exact colours."
INDICES_HELP = (
    "Spectral indices that are computed from the bands and added to them. All by default; an empty list is "
    "none."
)
INDICES_DETAILS = "Indices whose bands the sensor lacks are skipped and named in the log."


class Described(NamedTuple):
    """A parameter and its texts.

    Attributes:
        definition: The parameter with its label of at most four words.
        help: Tooltip of the dialog: at most two sentences, and a list of the values where there is one.
        advanced: Whether it is shown among the advanced parameters.
        details: What else there is to say; only the page of the reference has it (see ``Named.helpUrl``).
    """

    definition: QgsProcessingParameterDefinition
    help: str
    advanced: bool = False
    details: str = ""


def model_definition() -> QgsProcessingParameterFile:
    """Return the parameter MODEL. Any ending will do: a model is known by its content."""
    return QgsProcessingParameterFile(
        "MODEL",
        tr("Model file"),
        Qgis.ProcessingFileParameterBehavior.File,
        fileFilter=tr("Models (*.safetensors *.skops);;All files (*)"),
    )


def model_parameter(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> Path:
    """Return the whole path that the parameter MODEL gives.

    Raises:
        ParameterError: It gives none.
    """
    path = algorithm.parameterAsFile(parameters, "MODEL", context)
    if not path:
        raise ParameterError("No model was given", where="MODEL", advice="Choose a model file.")
    return Path(absolute(path))


def titled(
    definition: QgsProcessingParameterDefinition, has_automatic: bool = False
) -> QgsProcessingParameterDefinition:
    """Let a parameter's widget show titles (``titled_widget``), and return the parameter.

    Args:
        definition: Of the parameter.
        has_automatic: Whether 0, or nothing where it is optional, leaves the choice to the tool.
    """
    # By name, for the command line has no widgets, and the desktop makes them late.
    add_widget_options(definition, {"class": _TITLED_WIDGET, _HAS_AUTOMATIC: has_automatic})
    return definition


def without_first_layer(definition: QgsProcessingParameterDefinition) -> QgsProcessingParameterDefinition:
    """Let a layer's widget start empty (``titled_widget``), and return the parameter."""
    add_widget_options(definition, {"class": _EMPTY_LAYER_WIDGET})
    return definition


def with_fields_of(
    layer: str, definition: QgsProcessingParameterDefinition
) -> QgsProcessingParameterDefinition:
    """Let a text parameter's widget list the fields of the parameter ``layer``, and return the parameter."""
    add_widget_options(definition, {"class": _FIELD_TEXT_WIDGET, _LAYER: layer})
    return definition


def layer_of_field(definition: QgsProcessingParameterDefinition) -> str:
    """Return the parameter whose fields a text parameter names; empty for other parameters."""
    return str(definition.metadata().get(_WIDGET, {}).get(_LAYER, ""))


def add_details(definition: QgsProcessingParameterDefinition, details: str) -> None:
    """Add to a parameter what the reference says of it besides its help."""
    definition.setMetadata({**definition.metadata(), _DETAILS: details})


def details(definition: QgsProcessingParameterDefinition) -> str:
    """Return what the reference says of a parameter besides its help; empty for most."""
    return str(definition.metadata().get(_DETAILS, ""))


def is_titled(definition: QgsProcessingParameterDefinition) -> bool:
    """Return whether a parameter's widget shows titles, see ``titled``."""
    return bool(definition.metadata().get(_WIDGET, {}).get("class") == _TITLED_WIDGET)


def has_automatic(definition: QgsProcessingParameterDefinition) -> bool:
    """Return whether 0, or nothing where the parameter is optional, leaves the choice to the tool."""
    return bool(definition.metadata().get(_WIDGET, {}).get(_HAS_AUTOMATIC))


def add_widget_options(definition: QgsProcessingParameterDefinition, options: dict[str, Any]) -> None:
    """Add to what QGIS knows of a parameter's widget."""
    metadata = definition.metadata()
    definition.setMetadata({**metadata, _WIDGET: {**metadata.get(_WIDGET, {}), **options}})


def choice_parameter(
    name: str, title: str, choices: Sequence[str], default: str = ""
) -> QgsProcessingParameterEnum:
    """Return a parameter that is one of ``choices``, by its identifier.

    Dialogs show titles, in the order of ``choices`` but for the default, which is the first one where none is
    given and stands first in any case.
    """
    default = default or choices[0]
    options = [default, *(item for item in choices if item != default)]
    return titled(
        QgsProcessingParameterEnum(name, title, options=options, defaultValue=default, usesStaticStrings=True)
    )


def scheme_file_parameter() -> QgsProcessingParameterFile:
    """Return the parameter SCHEME_FILE; ``layers.schemes.scheme_of_file`` reads the file."""
    return QgsProcessingParameterFile(
        SCHEME_FILE,
        tr("Scheme file"),
        Qgis.ProcessingFileParameterBehavior.File,
        optional=True,
        fileFilter=tr("Class schemes (*.json *.qml *.sld *.clr *.txt);;All files (*)"),
    )


def scheme_parameter(has_automatic: bool = False) -> QgsProcessingParameterEnum:
    """Return the parameter SCHEME; see ``titled`` for what empty means."""
    definition = QgsProcessingParameterEnum(
        "SCHEME", tr("Class scheme"), options=list(shipped_schemes()), usesStaticStrings=True, optional=True
    )
    return titled(definition, has_automatic)


def extra_inputs_parameter() -> QgsProcessingParameterMultipleLayers:
    """Return the parameter EXTRA_INPUTS."""
    return QgsProcessingParameterMultipleLayers(
        EXTRA_INPUTS, tr("Extra rasters"), Qgis.ProcessingSourceType.Raster, optional=True
    )


def resampling_parameter() -> QgsProcessingParameterString:
    """Return the parameter RESAMPLING.

    It is text with suggestions instead of an enumeration, because each extra raster may have its own.
    """
    parameter = QgsProcessingParameterString(
        "RESAMPLING", tr("Resampling of extra rasters"), defaultValue=AUTO, optional=True
    )
    add_widget_options(parameter, {"value_hints": list(RESAMPLINGS)})
    return titled(parameter)


def band_names_parameter() -> QgsProcessingParameterString:
    """Return the parameter BAND_NAMES."""
    return QgsProcessingParameterString("BAND_NAMES", tr("Band names"), optional=True)


def nodata_values_parameter() -> QgsProcessingParameterString:
    """Return the parameter NODATA_VALUES."""
    return QgsProcessingParameterString("NODATA_VALUES", tr("Nodata values"), optional=True)


def bands_parameter() -> QgsProcessingParameterString:
    """Return the parameter BANDS."""
    return QgsProcessingParameterString("BANDS", tr("Bands to use"), optional=True)


def band_roles_parameter() -> QgsProcessingParameterString:
    """Return the parameter BAND_ROLES."""
    return QgsProcessingParameterString("BAND_ROLES", tr("Band roles"), optional=True)


def indices_parameter() -> QgsProcessingParameterEnum:
    """Return the parameter INDICES: all, unless the user chooses."""
    return QgsProcessingParameterEnum(
        "INDICES",
        tr("Spectral indices"),
        options=list(INDEX_NAMES),
        allowMultiple=True,
        defaultValue=list(INDEX_NAMES),
        usesStaticStrings=True,
        optional=True,
    )


def chosen_indices(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> tuple[str, ...]:
    """Return the indices of the parameter INDICES; an empty list is none, where QGIS would take all."""
    if "INDICES" in parameters and is_empty_list(parameters["INDICES"]):
        return ()
    return tuple(algorithm.parameterAsEnumStrings(parameters, "INDICES", context))


def is_empty_list(value: Any) -> bool:
    """Return whether a list was given and has nothing in it; on the command line that is ``NAME=``."""
    is_nothing = isinstance(value, QVariant) and value.isNull()
    return is_nothing or (isinstance(value, (list, tuple, str)) and not value)


RECIPE_HELP = " Empty: the default of the architecture."


def recipe_parameter(
    name: str,
    label: str,
    kind: Qgis.ProcessingNumberParameterType,
    least: float,
    most: float | None = None,
) -> QgsProcessingParameterNumber:
    """Return a number that the architecture's recipe gives where the user leaves it empty."""
    parameter = QgsProcessingParameterNumber(name, label, kind, optional=True)
    parameter.setMinimum(least)
    if most is not None:
        parameter.setMaximum(most)
    return titled(parameter, has_automatic=True)


def is_given(parameters: dict[str, Any], name: str) -> bool:
    """Return whether an optional parameter has a value."""
    return bool(value_text(parameters.get(name)))


def flattened(value: Any) -> list[Any]:
    """Return the items of a value for several layers: a model gives a list for each of its sources."""
    if isinstance(value, (list, tuple)):
        return [item for part in value for item in flattened(part)]
    return [value]


def value_text(value: Any) -> str:
    """Return a layer's or a file's value as the user would write it, for messages; empty for none."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = (
            value.staticValue() if value.propertyType() == Qgis.PropertyType.Static else value.asExpression()
        )
    if isinstance(value, QgsMapLayer):
        return value.name() or value.id()
    return "" if value is None or value == NULL else str(value)


def is_same(value: Any, other: Any) -> bool:
    """Return whether two values of a parameter mean the same; nothing, empty text and an empty list do."""
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        return sorted(map(str, value)) == sorted(map(str, other))
    return bool(_plain(value) == _plain(other))


def _plain(value: Any) -> Any:
    return None if value == NULL or value in ("", [], ()) else value
