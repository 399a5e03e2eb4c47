"""Parameters of a page for print: its sheet, what stands on it, and the project that has it."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...core.options import NONE
from ...core.reporting.language import ENGLISH
from ..i18n.translation import tr, translated_languages
from ..page.maps import GRATICULES
from ..page.sheet import ORIENTATIONS, PAPERS
from .common import Described, choice_parameter, titled

PAPER, ORIENTATION, SCALE = "PAPER", "ORIENTATION", "SCALE"
SUBTITLE, LOGO, GRATICULE, LOCATOR = "SUBTITLE", "LOGO", "GRATICULE", "LOCATOR"
LOCATOR_LAYER = "LOCATOR_LAYER"
NODATA_ENTRY, AREAS = "NODATA_ENTRY", "AREAS"
LANGUAGE_2, TITLE_2, NAMES_2 = "LANGUAGE_2", "TITLE_2", "NAMES_2"
WEB_PAGE, TILES_FILE = "WEB_MAP", "TILES"
PROJECT, PROJECT_LAYERS, ADD_TO_PROJECT = "PROJECT", "PROJECT_LAYERS", "ADD_TO_PROJECT"


def sheet_parameters() -> list[Described]:
    """Return PAPER, ORIENTATION, SCALE and SUBTITLE."""
    return [
        Described(choice_parameter(PAPER, tr("Paper"), PAPERS), "Size of the sheet. A TEMPLATE has its own."),
        Described(
            choice_parameter(ORIENTATION, tr("Orientation"), ORIENTATIONS),
            "Across or upright. <code>auto</code> is across, and upright where that shows the map larger by "
            "a quarter at least.",
        ),
        Described(
            titled(
                QgsProcessingParameterNumber(
                    SCALE, tr("Scale 1:"), Qgis.ProcessingNumberParameterType.Double, 0, minValue=0
                ),
                has_automatic=True,
            ),
            "Denominator of the scale, such as 50000. 0: the next round scale that shows the whole map.",
            details="A scale at which the map does not fit the sheet is refused, and the message says which "
            "one fits.",
        ),
        Described(
            QgsProcessingParameterString(SUBTITLE, tr("Subtitle"), optional=True), "Line below the title."
        ),
    ]


def furniture_parameters() -> list[Described]:
    """Return LOGO, GRATICULE, LOCATOR, LOCATOR_LAYER, NODATA_ENTRY and AREAS."""
    return [
        Described(
            QgsProcessingParameterFile(
                LOGO,
                tr("Logo"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Pictures (*.svg *.png *.jpg *.jpeg);;All files (*)"),
            ),
            "Picture in the upper right corner.",
            advanced=True,
        ),
        Described(
            choice_parameter(GRATICULE, tr("Graticule"), GRATICULES),
            "How coordinates are drawn: at the frame in degrees, as lines in degrees or in map units, or not "
            "at all.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean(LOCATOR, tr("Locator map"), defaultValue=False),
            "Adds a small map of the country with the extent of the map.",
            advanced=True,
            details="It is drawn from the world map that QGIS brings; where this is missing, the locator is "
            "left out and the log says so.",
        ),
        Described(
            QgsProcessingParameterMapLayer(
                LOCATOR_LAYER,
                tr("Layer of locator map"),
                optional=True,
                types=[Qgis.ProcessingSourceType.VectorPolygon, Qgis.ProcessingSourceType.Raster],
            ),
            "Polygons or a raster that the locator map shows as a whole, such as the districts of a "
            "province. Empty: the country.",
            advanced=True,
            details="A layer of the project keeps its style; a file has its own, or is drawn as outlines. "
            "With a layer there is a locator map, also without LOCATOR.",
        ),
        Described(
            QgsProcessingParameterBoolean(NODATA_ENTRY, tr("No data in legend"), defaultValue=False),
            "Adds an entry for pixels without a class to the legend.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterBoolean(AREAS, tr("Areas in legend"), defaultValue=False),
            "Adds the area of each class in hectares to the legend of one map.",
            advanced=True,
            details="They are mapped areas, counted as by <b>Areas of classes</b>, not areas estimated from "
            "a sample.",
        ),
    ]


def language_parameters() -> list[Described]:
    """Return LANGUAGE_2, TITLE_2 and NAMES_2."""
    languages = (NONE, ENGLISH, *translated_languages())
    return [
        Described(
            choice_parameter(LANGUAGE_2, tr("Second language"), languages),
            "Language in which fixed words, such as <i>Scale</i> and <i>No data</i>, stand a second time on "
            "the page. The first one is that of QGIS.",
            advanced=True,
            details="TITLE_2 and NAMES_2 work without it, in any language; then fixed words are in the first "
            "language only.",
        ),
        Described(
            QgsProcessingParameterString(TITLE_2, tr("Second title"), optional=True),
            "Title in the second language, below the title.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterFile(
                NAMES_2,
                tr("Second class names"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr(
                    "Tables and class schemes (*.csv *.json *.qml *.sld *.clr *.txt);;All files (*)"
                ),
            ),
            "Names of the classes in the second language, which the legend shows in italics below the first "
            "ones: a table (.csv) with value, old_name and name, or a class scheme.",
            advanced=True,
            details="The table is that of <b>Rename classes</b>: <code>old_name</code> is the name in the "
            "map, <code>name</code> the second one, <code>parent</code> the second name of the parent. A row "
            "whose <code>old_name</code> is not that of the map is not used. Classes of a scheme count by "
            "their values. The log names classes without a second name.",
        ),
    ]


def project_parameters() -> list[Described]:
    """Return PROJECT, PROJECT_LAYERS and ADD_TO_PROJECT."""
    return [
        Described(
            QgsProcessingParameterFileDestination(
                PROJECT,
                tr("Project with the page"),
                fileFilter=tr("QGIS projects (*.qgz)"),
                optional=True,
                createByDefault=False,
            ),
            "QGIS project (.qgz) with the maps, the layers of PROJECT_LAYERS and the page in its Layout "
            "Manager. Paths are relative to it.",
            advanced=True,
        ),
        Described(
            QgsProcessingParameterMultipleLayers(
                PROJECT_LAYERS,
                tr("Other project layers"),
                Qgis.ProcessingSourceType.MapLayer,
                optional=True,
            ),
            "Layers that PROJECT has beside the maps, such as the image, the uncertainty, the applicability "
            "and points.",
            advanced=True,
            details="Vectors stand above the maps, and rasters below them.",
        ),
        Described(
            QgsProcessingParameterBoolean(ADD_TO_PROJECT, tr("Add to open project"), defaultValue=False),
            "Adds the page to the Layout Manager of the open project, where it can be changed.",
            advanced=True,
            details="Maps that the project lacks are added to it. An earlier page of this title is kept.",
        ),
    ]


def web_parameters() -> list[Described]:
    """Return WEB_MAP and TILES."""
    return [
        Described(
            QgsProcessingParameterFileDestination(
                WEB_PAGE,
                tr("Map as HTML"),
                fileFilter=tr("HTML files (*.html)"),
                optional=True,
                createByDefault=False,
            ),
            "HTML page of the first map for those who have no GIS: one file that opens in a browser without "
            "a network, to move and to zoom.",
            advanced=True,
            details="The picture has at most 4,096 pixels on its longer side.",
        ),
        Described(
            QgsProcessingParameterFileDestination(
                TILES_FILE,
                tr("Map tiles"),
                fileFilter=tr("MBTiles files (*.mbtiles);;Folders of tiles (*)"),
                optional=True,
                createByDefault=False,
            ),
            "Tiles of the first map in Web Mercator, for web maps and for phones: one file (.mbtiles), or a "
            "folder with a page that shows them.",
            advanced=True,
            details="A name that ends with .mbtiles is that of a file, any other one that of a folder with "
            "the tiles <code>zoom/column/row.png</code> and <code>index.html</code>. The last zoom shows "
            "each pixel of the map, as far as 20,000 tiles go. A folder with other files is refused.",
        ),
    ]
