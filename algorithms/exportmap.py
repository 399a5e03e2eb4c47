"""Export a page for print with one map or two, an atlas, a project, and a map for the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsPrintLayout,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
)

from ..core.errors import ParameterError, RunCancelled
from ..core.files import Output
from ..core.marks import PAGE, TILES, WEB_MAP
from ..core.marks import PROJECT as PROJECT_KIND
from ..core.options import AUTO, NONE
from .base import LandCoverAlgorithm, processing_errors
from .i18n.translation import language_code, speaking, tr
from .layers.rasters import check_crs, raster_layers, raster_source
from .layers.schemes import layer_as_drawn
from .parameters.common import is_given
from .parameters.outputs import absolute, check_output_folder, given_path
from .parameters.page import (
    ADD_TO_PROJECT,
    AREAS,
    GRATICULE,
    LANGUAGE_2,
    LOCATOR,
    LOCATOR_LAYER,
    LOGO,
    NAMES_2,
    NODATA_ENTRY,
    ORIENTATION,
    PAPER,
    PROJECT,
    PROJECT_LAYERS,
    SCALE,
    SUBTITLE,
    TILES_FILE,
    TITLE_2,
    WEB_PAGE,
    furniture_parameters,
    language_parameters,
    project_parameters,
    sheet_parameters,
    web_parameters,
)
from .parameters.zones import ZONES, check_zones, write_zones, zone_parameters

if TYPE_CHECKING:
    from .page.atlas import ZonePage
    from .page.layout import Page, PageContent
    from .page.legend import LegendPart
    from .page.second_language import SecondWords

INPUTS, TITLE, TEMPLATE, REPORT, SOURCES, OUTPUT = (
    "INPUTS",
    "TITLE",
    "TEMPLATE",
    "REPORT",
    "SOURCES",
    "OUTPUT",
)
_ATLAS_SUFFIXES = (".pdf", ".png")
_OUTPUT_FILTER = "PDF files (*.pdf);;SVG files (*.svg);;PNG files (*.png)"


class ExportMap(LandCoverAlgorithm):
    """One class map or two to a page with legend, scale bar, north arrow, sources and accuracy.

    With zones it is an atlas; beside the page there may be a project, one HTML map and tiles.
    """

    ID = "exportmap"
    TITLE = "Export a map page"
    SUMMARY = "Makes a page for print of one map or two, with legend, scale bar, north arrow and accuracy."
    GROUP = "Areas and print"
    TAGS = ("print", "layout", "page", "figure", "pdf", "svg", "png", "publication", "atlas", "qpt")
    NEEDS_ENVIRONMENT = False
    FILES = (
        (OUTPUT, PAGE, (".pdf", ".svg", ".png")),
        (PROJECT, PROJECT_KIND, (".qgz",)),
        (WEB_PAGE, WEB_MAP, (".html",)),
        (TILES_FILE, TILES, (".mbtiles",)),
    )
    HELP = (
        "<p>Makes a page for print of one map, or of two side by side, with title, legend, scale bar, "
        "north arrow, coordinates, sources, and a box with the accuracy.</p>"
        "<p><b>Inputs.</b> Class maps with their style in the project; a file opens with its own style. "
        "Other rasters, such as the scene beside its map, are drawn with their style as well. The page has "
        "the coordinate reference system of the first raster.</p>"
        "<p><b>Outputs.</b> A page with the whole raster at a round scale. The legend has the classes that "
        "the maps show, in the order and words of the layer; many classes are set in smaller type and in "
        "columns, and continue on another page where they do not fit. The scale bar has round numbers. The "
        "arrow points to true north. With ZONES it is an atlas: a page for each zone with the zone's own "
        "areas, in one PDF or in numbered PNG files. PROJECT is a QGIS project with the layers and the "
        "page. WEB_MAP is one HTML file with the first map for those who have no GIS, and TILES has its "
        "tiles, in one file or in a folder. TITLE_2, NAMES_2 and LANGUAGE_2 make a page in two "
        "languages.</p>"
        "<p><b>Typical values.</b> A4, upright for tall maps. AREAS and ZONES need the environment of "
        "<b>Set up the environment</b>. TEMPLATE takes a layout of your own (.qpt). The shipped ones are "
        "in <code>resources/layouts</code> of the plugin, and the log names the one that is used. Change "
        "it in the layout designer of QGIS and save it under another name. Items are found by their ids: "
        "<code>map</code>, <code>map2</code>, <code>map_title</code>, <code>map2_title</code>, "
        "<code>title</code>, <code>legend</code>, <code>scalebar</code>, <code>north_arrow</code>, "
        "<code>accuracy</code>, <code>projection</code>, <code>sources</code>, <code>subtitle</code>, "
        "<code>title_2</code>, <code>logo</code>, <code>locator</code>. Other items are not changed. The "
        "size of a map item is the largest size of the map. Vector layers of a map item, such as borders, "
        "are drawn above the map.</p>"
        "<p><b>Run time.</b> Seconds. A raster without a list of its classes is read once.</p>"
        "<p><b>Common errors.</b> <i>The map at 1:… is larger than the sheet</i>: take the scale that the "
        "message names, or larger paper. <i>The layout template has no map item with the id 'map2'</i>: it "
        "has room for one map only. <i>The report’s figures cannot be read</i>: the JSON beside the page "
        "is missing. <i>The report has no overall accuracy</i>: nothing was held out in that training. "
        "<i>Classes without a second name</i>: the table has another <code>old_name</code> for them than "
        "the map.</p>"
    )

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        # A layout is a QGraphicsScene, which Qt allows in the main thread only: it enters each into a
        # list of the application that has no lock. QGIS’s own exports of layouts do the same, and a
        # graphical model runs such a step in the main thread.
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(INPUTS, tr("Maps"), Qgis.ProcessingSourceType.Raster),
            "One raster, or two that are shown side by side at one scale. Layers of the project keep their "
            "style.",
        )
        self.add(
            QgsProcessingParameterString(TITLE, tr("Title"), optional=True),
            "Title of the page. Empty: the names of the layers.",
        )
        for described in sheet_parameters():
            self.add(*described)
        self.add(
            QgsProcessingParameterFile(
                TEMPLATE,
                tr("Layout template"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Layout templates (*.qpt)"),
            ),
            "Layout template (.qpt) of your own. Empty: the shipped one for this number of maps and classes.",
        )
        self.add(
            QgsProcessingParameterFile(
                REPORT,
                tr("Accuracy report"),
                Qgis.ProcessingFileParameterBehavior.File,
                optional=True,
                fileFilter=tr("Reports (*.html *.htm *.json);;All files (*)"),
            ),
            "Report of 'Assess accuracy and area' or of 'Train a land-cover model' (.html or its .json). The "
            "page then shows the overall accuracy with its 95 % interval.",
            details="It also shows the number of references, how they were drawn or held out, and the date. "
            "The JSON must lie beside the HTML page.",
        )
        self.add(
            QgsProcessingParameterString(SOURCES, tr("Sources"), optional=True),
            "Credits at the foot of the page. Empty: the files of the maps, with their model, raster and "
            "date where they are known.",
        )
        for described in (*furniture_parameters(), *language_parameters(), *zone_parameters()):
            self.add(described.definition, described.help, advanced=True, details=described.details)
        self.add(
            QgsProcessingParameterFileDestination(OUTPUT, tr("Page"), fileFilter=tr(_OUTPUT_FILTER)),
            "File of the page: PDF, SVG, or PNG at 300 dots per inch, by its extension.",
        )
        for described in (*project_parameters(), *web_parameters()):
            self.add(*described)
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputNumber("SCALE", tr("Denominator of the maps’ scale")))
        self.addOutput(QgsProcessingOutputNumber("CLASSES", tr("Number of classes in the legend")))
        self.addOutput(QgsProcessingOutputNumber("PAGES", tr("Number of pages")))

    def outputs(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[Output]:
        # A folder of tiles is checked by itself.
        folder = self._tile_folder(parameters, context)
        found = super().outputs(parameters, context)
        return [item for item in found if folder is None or Path(item.path) != folder]

    def _tile_folder(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path | None:
        from .page.tiles import is_folder

        path = given_path(parameters.get(TILES_FILE), context)
        return Path(absolute(path)) if path and is_folder(Path(path)) else None

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from .page.layout import check_template, read_template

        layers = self._layers(parameters, context)
        for layer in layers:
            check_crs(layer)
        path = self._path(TEMPLATE, parameters, context)
        if path:
            check_template(read_template(Path(path)), len(layers), path)
        self._accuracy(parameters, context)
        self._check_page(parameters, context, len(layers))

    def _check_extras(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Refuse a folder of tiles, a second language or a locator that cannot be."""
        from .page.tiles import check_tile_folder

        folder = self._tile_folder(parameters, context)
        if folder is not None:
            check_output_folder(parameters, TILES_FILE, context)
            check_tile_folder(folder)
        if self.parameterAsEnumString(parameters, LANGUAGE_2, context) == language_code():
            raise ParameterError(
                "The second language is that of QGIS, which the page has already",
                where=LANGUAGE_2,
                advice="Choose another language.",
            )
        self._second(parameters, context)
        self._locator(parameters, context, None)

    def _check_page(self, parameters: dict[str, Any], context: QgsProcessingContext, maps: int) -> None:
        """Refuse what a page cannot have, before any work."""
        self._check_extras(parameters, context)
        logo = self._path(LOGO, parameters, context)
        if logo and not Path(logo).is_file():
            raise ParameterError("There is no such picture", where=logo, advice="Choose another file.")
        check_zones(self, parameters, context)
        is_own = is_given(parameters, TEMPLATE)
        chosen = [
            name
            for name, default in ((PAPER, "A4"), (ORIENTATION, AUTO))
            if self.parameterAsEnumString(parameters, name, context) != default
        ]
        if is_own and chosen:
            raise ParameterError(
                "A layout template has its own paper",
                where=", ".join(chosen),
                advice="Change the paper in the template, or leave TEMPLATE empty.",
            )
        for name in (AREAS, ZONES):
            wanted = is_given(parameters, name) if name == ZONES else self._is_set(name, parameters, context)
            if wanted and maps > 1:
                raise ParameterError(
                    "Areas of classes are shown for one map",
                    where=name,
                    advice="Choose one raster in INPUTS.",
                )
        from .page.project import given_layers

        suffix = Path(self.parameterAsFileOutput(parameters, OUTPUT, context)).suffix.lower()
        if is_given(parameters, ZONES) and suffix == ".svg":
            raise ParameterError(
                "An atlas cannot be an SVG file",
                where=OUTPUT,
                advice="Choose a PDF for all pages, or a PNG for a picture of each.",
            )
        if is_given(parameters, PROJECT_LAYERS) and not is_given(parameters, PROJECT):
            raise ParameterError(
                "Other layers were given without a project",
                where=PROJECT_LAYERS,
                advice="Choose a file in PROJECT, or leave PROJECT_LAYERS empty.",
            )
        others = given_layers(PROJECT_LAYERS, parameters, context)
        others += self._locator(parameters, context, None)
        for layer in (*self._layers(parameters, context), *others) if is_given(parameters, PROJECT) else ():
            if layer.providerType() == "memory":
                raise ParameterError(
                    "A layer in memory cannot be in a project",
                    where=layer.name(),
                    advice="Save it to a file first.",
                )
        if self._is_set(ADD_TO_PROJECT, parameters, context) and context.project() is None:
            raise ParameterError(
                "There is no open project", where=ADD_TO_PROJECT, advice="Write a file with PROJECT instead."
            )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # In the main thread, so that layers may be used here and not in prepareAlgorithm only.
        with processing_errors():
            try:
                return self._export(parameters, context, feedback)
            except Exception as error:
                # Processing keeps the traceback for good, and layers in it that outlive QGIS crash it.
                clear_frames(error.__traceback__)
                raise

    def _export(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        from .page.atlas import write_atlas
        from .page.file import write_page
        from .page.layout import PageContent, make_page, read_template
        from .page.legend import legend_parts, with_areas, with_no_data
        from .page.second_language import names_note, with_second_names
        from .page.texts import source_text

        project = context.project()
        output = Path(absolute(self.parameterAsFileOutput(parameters, OUTPUT, context)))
        layers = [layer_as_drawn(item, context).clone() for item in self._layers(parameters, context)]
        names = [layer.name() for layer in layers]
        feedback.setProgressText(tr("Reading the classes of the maps"))
        legend = legend_parts(layers, feedback)
        _stop_if_cancelled(feedback)
        if not any(part.classes for part in legend):
            feedback.pushWarning(
                tr("No map is drawn by classes: ‘Style a classification’ gives a raster names and colours.")
            )
        second = self._second(parameters, context, layers)
        note = names_note(legend, second.names) if second.is_given else ""
        if note:
            feedback.pushWarning(note)
        legend = with_second_names(legend, second.names)
        zones, hectares = self._measured(layers[0], parameters, context, feedback)
        plain = legend
        if self._is_set(AREAS, parameters, context):
            legend = with_areas(legend, hectares)
        has_no_data = self._is_set(NODATA_ENTRY, parameters, context)
        legend = with_no_data(legend, second.language) if has_no_data else legend
        feedback.setProgress(34)
        feedback.setProgressText(tr("Drawing the page"))
        content = PageContent(
            layers=layers,
            title=self.parameterAsString(parameters, TITLE, context) or " – ".join(names),
            captions=names,
            legend=legend,
            sources=self.parameterAsString(parameters, SOURCES, context) or source_text(layers),
            accuracy=self._accuracy(parameters, context, feedback, layers),
            subtitle=self.parameterAsString(parameters, SUBTITLE, context),
            logo=self._path(LOGO, parameters, context),
            graticule=self.parameterAsEnumString(parameters, GRATICULE, context),
            scale=self.parameterAsDouble(parameters, SCALE, context),
            locator=self._locator(parameters, context, feedback),
            second=second,
        )
        content = self._with_sheet(content, parameters, context)
        template = self._template(content, parameters, context)
        feedback.pushInfo(tr("Template: {}").format(template))
        document = read_template(template)
        overwrite = self.overwrites(parameters, context)
        if zones:
            # No function of its own: Processing keeps tracebacks, these their functions, and layers in a
            # function's closure would outlive QGIS and crash it.
            zone_page = partial(
                self._zone_page, content, zones, plain, has_no_data, parameters, context, feedback
            )
            atlas = write_atlas(output, [zone.name for zone in zones], zone_page, overwrite)
            output, scale, notes, pages = atlas
        else:
            page = make_page(document, template, content, project, feedback)
            scale, notes, pages = page.scale, page.notes, 1 + len(page.continued)
            _stop_if_cancelled(feedback)
            feedback.setProgress(50)
            for file in write_page(page.layout, output, page.continued, overwrite)[1:]:
                feedback.pushInfo(tr("The legend continues in {}").format(file))
        for note in notes:
            feedback.pushWarning(note)
        feedback.setProgress(75)
        results = self._write_others(content, template, parameters, context, feedback)
        feedback.setProgress(100)
        return self.finish(
            {
                OUTPUT: str(output),
                "SCALE": scale,
                "CLASSES": sum(len(part.classes) for part in plain),
                "PAGES": pages,
                **results,
            },
            feedback,
        )

    def _write_others(
        self,
        content: PageContent,
        template: Path,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, str]:
        """Write what was asked for beside the page: project, HTML map, tiles; add the page to the project."""
        from .layers.image_styles import with_own_style
        from .page.layout import fill_page, read_template
        from .page.project import add_to_project, given_layers, write_project
        from .page.tiles import write_tiles
        from .page.web import WebWords, write_web_map

        paths = {
            name: Path(absolute(self.parameterAsFileOutput(parameters, name, context)))
            for name in (PROJECT, WEB_PAGE, TILES_FILE)
            if is_given(parameters, name)
        }
        is_added = self._is_set(ADD_TO_PROJECT, parameters, context)
        if not paths and not is_added:
            return {}
        document = read_template(template)

        def fill(layout: QgsPrintLayout, owner: QgsProject, filled: PageContent) -> Page:
            return fill_page(layout, owner, document, template, filled, feedback)

        # The page's layers are its own: each of the others has copies.
        layers = self._drawn(parameters, context)
        content = replace(content, layers=layers, locator=self._locator(parameters, context, None))
        second = content.second
        words = WebWords(
            content.title,
            (second.title, content.subtitle),
            content.legend,
            (content.accuracy, second.accuracy, content.sources, second.sources),
            second.language,
        )
        for name, path in paths.items():
            _stop_if_cancelled(feedback)
            if name == PROJECT:
                others = given_layers(PROJECT_LAYERS, parameters, context)
                styled = [with_own_style(item, context) for item in others]
                write_project(path, content, styled, content.title, fill)
            elif name == WEB_PAGE:
                write_web_map(path, layers[0], words, context.project())
            else:
                feedback.setProgressText(tr("Drawing the tiles"))
                first, last = write_tiles(path, layers[0], words, context.project(), feedback)
                feedback.pushInfo(tr("Zoom levels of the tiles: {} to {}").format(first, last))
        if is_added:
            name, _notes = add_to_project(context.project(), content, content.title, fill)
            feedback.pushInfo(tr("Page in the Layout Manager: {}").format(name))
        return {name: str(path) for name, path in paths.items()}

    def _is_set(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> bool:
        return bool(self.parameterAsBoolean(parameters, name, context))

    def _drawn(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        return [layer_as_drawn(item, context) for item in self._layers(parameters, context)]

    def _locator(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback | None,
    ) -> list[QgsMapLayer]:
        from .page.locator import country_layer, locator_layer
        from .page.project import given_layers

        chosen = given_layers(LOCATOR_LAYER, parameters, context)
        if chosen:
            return [locator_layer(chosen[0], context)]
        if not self._is_set(LOCATOR, parameters, context):
            return []
        layer = country_layer()
        if layer is None and feedback is not None:
            feedback.pushWarning(tr("There is no locator map: the world map of QGIS is not installed."))
        return [] if layer is None else [layer]

    def _second(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        layers: Sequence[QgsRasterLayer] = (),
    ) -> SecondWords:
        """Return what stands on the page in a second language; with the layers also what is said of them."""
        from .page.second_language import SecondNames, SecondWords, read_second_names
        from .page.texts import source_text

        language = self.parameterAsEnumString(parameters, LANGUAGE_2, context)
        path = self._path(NAMES_2, parameters, context)
        words = SecondWords(
            "" if language == NONE else language,
            self.parameterAsString(parameters, TITLE_2, context),
            names=read_second_names(Path(path)) if path else SecondNames(()),
        )
        if not words.language or not layers:
            return words
        has_own = bool(self.parameterAsString(parameters, SOURCES, context))
        with speaking(words.language):
            accuracy = self._accuracy(parameters, context, None, layers)
            return replace(words, accuracy=accuracy, sources="" if has_own else source_text(layers))

    def _with_sheet(
        self,
        content: PageContent,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        orientation: str = "",
    ) -> PageContent:
        """Return the content with the sheet for it; as it is where the template is the user's own."""
        from .page.legend import SEPARATOR
        from .page.maps import scale_units, shape_of, shown_extents
        from .page.sheet import Wish, choose_sheet

        if is_given(parameters, TEMPLATE):
            return content
        wish = Wish(
            self.parameterAsEnumString(parameters, PAPER, context),
            orientation or self.parameterAsEnumString(parameters, ORIENTATION, context),
            bool(content.accuracy),
            bool(content.locator),
            scale_units(content.layers[0].crs(), content.scale),
            bool(content.second.title),
            bool(content.second.language),
        )
        owner = context.project() or QgsProject()
        extents = shown_extents(owner, content.layers) if content.extent is None else [content.extent]
        # A class with two names has two lines.
        entries = sum(1 + (SEPARATOR in item.label) for part in content.legend for item in part.classes)
        return replace(content, sheet=choose_sheet(wish, shape_of(extents), len(content.layers), entries))

    def _template(
        self, content: PageContent, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> Path:
        from .page.layout import LAYOUT_FOLDER

        if content.sheet is None:
            return Path(self._path(TEMPLATE, parameters, context))
        return LAYOUT_FOLDER / f"{content.sheet.template}.qpt"

    def _measured(
        self,
        layer: QgsRasterLayer,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> tuple[list[ZonePage], dict[int, float]]:
        """Return the zones and the whole map with their areas; none where none are asked for."""
        from ..core.requests.classareas import ClassAreasRequest
        from .page.atlas import ZonePage, read_areas, read_zone_geometries

        has_zones = is_given(parameters, ZONES)
        if not has_zones and not self._is_set(AREAS, parameters, context):
            return [], {}
        source = raster_source(layer, feedback)
        zones = write_zones(self, layer.crs(), parameters, context, feedback)
        geometries = read_zone_geometries(Path(zones.path)) if zones is not None else {}
        if zones is not None:
            self.files[zones.path] = zones.name
        table = Path(QgsProcessingUtils.generateTempFilename("areas.csv", context))
        request = ClassAreasRequest(
            input=source,
            zones=zones.path if zones is not None else "",
            zone_field=zones.field if zones is not None else "",
            zones_layer=zones.name if zones is not None else "",
            table=str(table),
        )
        self.run_task("classareas", request, feedback)
        whole, by_zone = read_areas(table)
        shown = [
            ZonePage(name, geometries[name], by_zone[name])
            for name in by_zone
            if name in geometries and any(by_zone[name].values())
        ]
        for name in geometries.keys() - {zone.name for zone in shown}:
            feedback.pushWarning(tr("The zone {} has no class in the map, and no page.").format(name))
        if has_zones and not shown:
            raise ParameterError(
                "No zone has a class in the map",
                where=ZONES,
                advice="Check where the zones lie and their coordinate reference system.",
            )
        return shown, whole

    def _zone_page(
        self,
        content: PageContent,
        zones: Sequence[ZonePage],
        legend: Sequence[LegendPart],
        has_no_data: bool,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        number: int,
    ) -> Page:
        """Return the page of the zone of a number."""
        from .page.layout import make_page, read_template

        _stop_if_cancelled(feedback)
        made = self._zone_content(content, zones[number], legend, has_no_data, parameters, context)
        path = self._template(made, parameters, context)
        feedback.setProgress(34 + 40 * number / len(zones))
        return make_page(read_template(path), path, made, context.project(), feedback)

    def _zone_content(
        self,
        content: PageContent,
        zone: ZonePage,
        legend: Sequence[LegendPart],
        has_no_data: bool,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> PageContent:
        """Return what the page of a zone shows: the classes in it with their areas."""
        from .page.atlas import zone_layers
        from .page.legend import with_areas, with_no_data
        from .page.texts import side_by_side

        (layer,) = (item.clone() for item in self._drawn(parameters, context))
        there = [
            part._replace(
                classes=tuple(item for item in part.classes if zone.hectares.get(int(item.value), 0) > 0)
            )
            for part in legend
        ]
        parts = with_areas([part for part in there if part.classes], zone.hectares)
        made = replace(
            content,
            layers=[layer],
            title=zone.name,
            subtitle=content.subtitle or side_by_side(content.title, content.second.title or content.title),
            second=replace(content.second, title=""),
            legend=with_no_data(parts, content.second.language) if has_no_data else parts,
            extent=zone.extent(layer.extent()),
            over=zone_layers(zone, layer.crs()),
            locator=self._locator(parameters, context, None),
        )
        orientation = self.parameterAsEnumString(parameters, ORIENTATION, context)
        if orientation == AUTO and content.sheet is not None:
            # All pages alike.
            is_across = content.sheet.width > content.sheet.height
            orientation = "landscape" if is_across else "portrait"
        return self._with_sheet(made, parameters, context, orientation)

    def _layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        layers = raster_layers(INPUTS, parameters, context)
        if not 1 <= len(layers) <= 2:
            raise ParameterError(
                "A page has one map or two",
                where=INPUTS,
                advice="Choose one raster, or two to stand side by side.",
            )
        return layers

    def _path(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return absolute(self.parameterAsFile(parameters, name, context)) if is_given(parameters, name) else ""

    def _accuracy(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback | None = None,
        layers: Sequence[QgsRasterLayer] = (),
    ) -> str:
        from ..core.reporting.report_summary import read_summary
        from .page.texts import accuracy_text, other_map_note

        path = self._path(REPORT, parameters, context)
        if not path:
            return ""
        summary = read_summary(Path(path))
        caution = other_map_note(summary, layers)
        if caution and feedback is not None:
            feedback.pushWarning(caution)
        words = accuracy_text(summary, is_one_of_two=len(layers) > 1)
        return f"{words}\n{caution}" if caution else words


def _stop_if_cancelled(feedback: QgsProcessingFeedback) -> None:
    if feedback.isCanceled():
        raise RunCancelled()
