"""Page of the dock that draws training polygons: a palette of classes, region growing, drawing by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsMapLayerProxyModel,
    QgsPointXY,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.gui import QgsCollapsibleGroupBox, QgsMapCanvas, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QMetaType, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..algorithms.i18n.translation import tr, tr_number
from ..algorithms.layers.vectors import is_null, plain_value
from .class_lists import OWN, ClassChoice, choice_of, class_sources, classes_of_layer, classes_of_source
from .label_store import LabelStore, StoreError, named_geopackage
from .map_tools import ClickTool, PolygonTool
from .rasters import RasterValues, region_problem
from .widgets import UNDO_KEY, color_icon, tool_button
from .work_list import class_keys

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_SQUARE_METRES = 10_000
_ROWS_SHOWN = 8
_CLASS_FIELD, _NAME_FIELD = "class", "name"


class PolygonPage(QWidget):
    """Draws training polygons by class.

    Args:
        iface: Desktop's interface.
        parent: Parent widget.
        watch: Called with widgets that shall take the keys of the desk.
    """

    def __init__(self, iface: QgisInterface, parent: QWidget, watch: Callable[[QWidget], None]) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._iface = iface
        self._watch = watch
        self.canvas: QgsMapCanvas = iface.mapCanvas()
        self.store: LabelStore | None = None
        self.classes: list[ClassChoice] = []
        self._added: list[ClassChoice] = []
        self._values: RasterValues | None = None
        self._last_click: QgsPointXY | None = None
        self._is_filling = False
        self.grow_tool = ClickTool(self.canvas)
        self.draw_tool = PolygonTool(self.canvas)
        layout = QVBoxLayout(self)
        layout.addWidget(self._make_setup())
        layout.addWidget(self._make_palette())
        layout.addWidget(self._make_tools())
        layout.addStretch(1)
        self.layer_box.layerChanged.connect(self._layer_changed)
        self.raster_box.layerChanged.connect(self._raster_changed)
        self.grow_tool.clicked.connect(self.grow)
        self.draw_tool.drawn.connect(self._drawn)
        self.canvas.mapToolSet.connect(self._tool_changed)
        QgsProject.instance().layersAdded.connect(self._offer_sources)

    # --- parts --------------------------------------------------------------------------------------

    def _make_setup(self) -> QWidget:
        self.setup = QgsCollapsibleGroupBox(tr("What to draw"))
        self.setup.setObjectName("DeepLandCoverDrawSetup")
        form = QFormLayout(self.setup)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.layer_box = QgsMapLayerComboBox()
        self.layer_box.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.layer_box.setAllowEmptyLayer(True)
        self.layer_box.setToolTip(tr("Layer of the training polygons. Polygons are saved in it at once."))
        row = QHBoxLayout()
        row.addWidget(self.layer_box, 1)
        self.new_button = tool_button(
            "/mActionNewGeoPackageLayer.svg",
            tr("New layer"),
            tr("Makes a new layer of training polygons, with the fields class and name"),
            self._ask_new_layer,
        )
        row.addWidget(self.new_button)
        label = QLabel(tr("Polygons"))
        label.setBuddy(self.layer_box)
        form.addRow(label, row)
        self.field_box = QComboBox()
        self.field_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field_box.setToolTip(tr("Field that gets the class of each polygon"))
        self.field_box.currentIndexChanged.connect(lambda _index: self._field_changed())
        form.addRow(tr("Class field"), self.field_box)
        self.source_box = QComboBox()
        self.source_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.source_box.setToolTip(tr("Where the classes come from: the polygons, a map, or a class scheme"))
        self.source_box.currentIndexChanged.connect(lambda _index: self._classes_changed())
        form.addRow(tr("Classes"), self.source_box)
        self.raster_box = QgsMapLayerComboBox()
        self.raster_box.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        registry = QgsProviderRegistry.instance()
        self.raster_box.setExcludedProviders([name for name in registry.providerList() if name != "gdal"])
        self.raster_box.setAllowEmptyLayer(True)
        self.raster_box.setToolTip(tr("Raster whose pixels a region grows over: the one that you train on"))
        form.addRow(tr("Raster"), self.raster_box)
        return self.setup

    def _make_palette(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.hide()
        self.save_edits = QPushButton(tr("Save the edits of the layer"))
        self.save_edits.clicked.connect(lambda _checked=False: self._save_edits())
        self.save_edits.hide()
        self.palette_list = QTreeWidget()
        self.palette_list.setRootIsDecorated(False)
        self.palette_list.setUniformRowHeights(True)
        self.palette_list.setAlternatingRowColors(True)
        self.palette_list.setAccessibleName(tr("Classes"))
        self.palette_list.setToolTip(
            tr("Class of the next polygon: choose it by its key, or with the arrow keys")
        )
        self.palette_list.setHeaderLabels([tr("Key"), tr("Class"), tr("Polygons"), tr("Area (ha)")])
        self.palette_list.setMinimumHeight(self.fontMetrics().height() * (_ROWS_SHOWN + 3))
        header = self.palette_list.header()
        header.setStretchLastSection(False)
        for column in range(4):
            mode = QHeaderView.ResizeMode.Stretch if column == 1 else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.palette_list.currentItemChanged.connect(lambda _new, _old: self._class_chosen())
        self.total = QLabel()
        self.total.setWordWrap(True)
        self.add_button = QPushButton(tr("Add a class…"))
        self.add_button.setToolTip(
            tr("Adds a class to the palette; the first polygon brings it into the layer")
        )
        self.add_button.clicked.connect(lambda _checked=False: self._ask_class())
        row = QHBoxLayout()
        row.addWidget(self.total, 1)
        row.addWidget(self.add_button)
        for widget in (self.message, self.save_edits, self.palette_list):
            layout.addWidget(widget)
        layout.addLayout(row)
        return box

    def _make_tools(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        self.grow_button = QPushButton(tr("Grow a region"))
        self.grow_button.setToolTip(
            tr("Click a pixel in the map: connected pixels like it in all bands become a polygon (key G)")
        )
        self.draw_button = QPushButton(tr("Draw a polygon"))
        self.draw_button.setToolTip(
            tr("Click the corners in the map; a right click or Enter ends, Backspace takes one back (key D)")
        )
        self.undo_button = tool_button(
            "/mActionUndo.svg", tr("Undo"), tr("Undo the last polygon (Ctrl+Z)"), self.undo
        )
        for button, tool in ((self.grow_button, self.grow_tool), (self.draw_button, self.draw_tool)):
            button.setCheckable(True)
            button.clicked.connect(lambda checked, chosen=tool: self._use(chosen, checked))
        row = QHBoxLayout()
        row.addWidget(self.grow_button, 1)
        row.addWidget(self.draw_button, 1)
        row.addWidget(self.undo_button)
        layout.addLayout(row)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.tolerance = QDoubleSpinBox()
        self.tolerance.setRange(0.1, 100)
        self.tolerance.setDecimals(1)
        self.tolerance.setValue(15)
        self.tolerance.setSuffix(" %")
        self.tolerance.setToolTip(
            tr(
                "Largest difference from the clicked pixel in each band, in per cent of the band’s range of "
                "values (its middle 96 %). A new value grows the last region again."
            )
        )
        form.addRow(tr("Tolerance"), self.tolerance)
        self.most_pixels = QSpinBox()
        self.most_pixels.setRange(1, 200_000)
        self.most_pixels.setValue(1000)
        self.most_pixels.setGroupSeparatorShown(True)
        self.most_pixels.setToolTip(
            tr("A region stops at this number of pixels. A new value grows the last region again.")
        )
        form.addRow(tr("Largest region (pixels)"), self.most_pixels)
        for number in (self.tolerance, self.most_pixels):
            number.setKeyboardTracking(False)
            number.valueChanged.connect(lambda _value: self._grow_again())
        layout.addLayout(form)
        self.result = QLabel()
        self.result.setWordWrap(True)
        layout.addWidget(self.result)
        return box

    # --- what is drawn ------------------------------------------------------------------------------

    @property
    def layer(self) -> QgsVectorLayer | None:
        """Layer of the polygons; None where none is chosen."""
        return self.layer_box.currentLayer()

    @property
    def chosen(self) -> ClassChoice | None:
        """Class of the next polygon; None where none is chosen."""
        row = self.palette_list.indexOfTopLevelItem(self.palette_list.currentItem())
        return self.classes[row] if 0 <= row < len(self.classes) else None

    def activate(self, layer: QgsMapLayer | None = None) -> None:
        """Begin, on a layer where one is given and fits.

        Args:
            layer: Layer to draw in, or raster to grow regions over.
        """
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == Qgis.GeometryType.Polygon:
            self.layer_box.setLayer(layer)
        elif self.layer is None:
            polygons = [
                item
                for item in QgsProject.instance().mapLayers().values()
                if isinstance(item, QgsVectorLayer) and item.geometryType() == Qgis.GeometryType.Polygon
            ]
            if len(polygons) == 1:
                self.layer_box.setLayer(polygons[0])
        if isinstance(layer, QgsRasterLayer):
            self.raster_box.setLayer(layer)
        if self.store is None or self.store.layer is not self.layer:
            self._layer_changed(self.layer)
        if self._values is None:
            self._raster_changed(self.raster_box.currentLayer())
        self._show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Give the map its own tool back."""
        for tool in (self.grow_tool, self.draw_tool):
            if self.canvas.mapTool() is tool:
                self.canvas.unsetMapTool(tool)
                self._iface.actionPan().trigger()

    def detach(self) -> None:
        """Take everything from the canvas, before the page is deleted."""
        self.leave()
        self.canvas.mapToolSet.disconnect(self._tool_changed)
        QgsProject.instance().layersAdded.disconnect(self._offer_sources)
        self.draw_tool.remove()
        self.store = self._values = None

    def _layer_changed(self, layer: QgsVectorLayer | None) -> None:
        self.store = LabelStore(layer) if layer is not None else None
        if layer is not None:
            layer.editingStarted.connect(self._show)
            layer.editingStopped.connect(self._show)
        self._added = []
        self._last_click = None
        self._is_filling = True
        self.field_box.clear()
        for field in layer.fields() if layer is not None else ():
            self.field_box.addItem(field.name(), field.name())
        if layer is not None and self.field_box.findData(_CLASS_FIELD) < 0:
            self.field_box.addItem(tr("{} (new field)").format(_CLASS_FIELD), _CLASS_FIELD)
        self.field_box.setCurrentIndex(max(self.field_box.findData(_CLASS_FIELD), 0))
        self._is_filling = False
        self._field_changed()

    def _field_changed(self) -> None:
        self._offer_sources(prefer_own=True)

    def _offer_sources(self, _layers: object = None, prefer_own: bool = False) -> None:
        """Offer where classes may come from in the project as it is; keep what is chosen, if still there."""
        if self._is_filling:
            return
        self._is_filling = True
        own = self._own_classes()
        key = self.source_box.currentData()
        self.source_box.clear()
        self.source_box.addItem(tr("Those of the polygons"), OWN)
        for source, title in class_sources():
            self.source_box.addItem(title, source)
        self.source_box.setCurrentIndex(
            max(self.source_box.findData(OWN if own and (prefer_own or key is None) else key), 0)
        )
        self._is_filling = False
        self._classes_changed()

    def _own_classes(self) -> list[ClassChoice]:
        if self.layer is None:
            return []
        return classes_of_layer(self.layer, self.field_box.currentData(), self._name_field())

    def _name_field(self) -> str:
        """Return the field with the name of the class; empty where names are the classes."""
        field = self.field_box.currentData()
        return (
            _NAME_FIELD
            if self.store is not None and self.store.field(_NAME_FIELD) >= 0 and field != _NAME_FIELD
            else ""
        )

    def _classes_changed(self) -> None:
        if self._is_filling:
            return
        key, chosen = self.source_box.currentData(), self.chosen
        offered = self._own_classes() if key in (OWN, None) else classes_of_source(key, self._is_text())
        known = {item.stored for item in offered}
        self.classes = [*offered, *(item for item in self._added if item.stored not in known)]
        self._show()
        stored = chosen.stored if chosen else None
        row = next((number for number, item in enumerate(self.classes) if item.stored == stored), 0)
        self.choose(row)

    def _is_text(self) -> bool:
        index = self.layer.fields().indexOf(self.field_box.currentData()) if self.layer is not None else -1
        return index >= 0 and not self.layer.fields().at(index).isNumeric()

    def _raster_changed(self, layer: QgsMapLayer | None) -> None:
        is_raster = isinstance(layer, QgsRasterLayer) and layer.isValid()
        self._values = RasterValues(layer) if is_raster else None
        self._show()

    # --- commands -----------------------------------------------------------------------------------

    def choose(self, number: int) -> None:
        """Choose the class of the next polygon by its place in the palette."""
        item = self.palette_list.topLevelItem(number)
        if item is not None:
            self.palette_list.setCurrentItem(item)

    def grow(self, point: QgsPointXY) -> None:
        """Add the region around a point of the main map as a polygon of the chosen class.

        Args:
            point: Position in the main map's coordinate reference system.
        """
        if self.chosen is None or self._values is None or self.layer is None:
            self.result.setText(tr("Choose a layer, a raster and a class first."))
            return
        pixel = self._values.grid.pixel_at(point, self.canvas.mapSettings().destinationCrs())
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            region = (
                self._values.region(pixel, self.tolerance.value(), self.most_pixels.value())
                if pixel is not None
                else None
            )
            geometry = self._values.polygon(region, self.layer.crs()) if region and region.pixels else None
        finally:
            QApplication.restoreOverrideCursor()
        if geometry is None:
            self.result.setText(region_problem())
            return
        self._last_click = point
        count = len(region.pixels)
        text = tr("Region of {} pixels").format(tr_number(f"{count:,}"))
        if count == 1:
            text = tr("Region of 1 pixel")
        if region.is_cut:
            text = f"{text} {tr('(stopped at the largest number)')}"
        self._add(geometry, text)

    def _grow_again(self) -> None:
        """Replace the region of the last click, where nothing was done since."""
        point, self._last_click = self._last_click, None
        if point is None or self.store is None or not self.store.can_undo:
            return
        self.undo()
        self.grow(point)

    def undo(self) -> None:
        """Take the last polygon away."""
        self._last_click = None
        if self.store is None:
            return
        try:
            if self.store.undo():
                self.result.setText(tr("The last polygon was taken away."))
        except StoreError as error:
            self.result.setText(str(error))
        self._show()

    def act(self, key: str, is_press: bool) -> bool:
        """Return whether a key is one of this page's, and act on it where it was pressed."""
        commands: dict[str, Callable[[], object]] = {
            "G": self.grow_button.click,
            "D": self.draw_button.click,
        }
        keys = self._keys()
        commands |= {name: partial(self.choose, number) for number, name in enumerate(keys) if name}
        if (
            key == UNDO_KEY
            and self.store is not None
            and self.store.can_undo
            and not self.draw_tool.is_drawing
        ):
            commands[UNDO_KEY] = self.undo
        if key not in commands:
            return False
        if is_press:
            commands[key]()
        return True

    def _keys(self) -> list[str]:
        """Return the key of each class: the letters of the two tools are theirs."""
        keys = [key for key in class_keys(len(self.classes) + 2) if key not in ("G", "D")]
        return [*keys, "", ""][: len(self.classes)]

    def new_layer(self, path: str) -> QgsVectorLayer:
        """Make a GeoPackage for training polygons, add it to the project, and draw in it.

        Args:
            path: File; one of this very name is replaced.

        Raises:
            StoreError: It could not be written.
        """
        file = named_geopackage(path)
        fields = QgsFields()
        fields.append(QgsField(_CLASS_FIELD, QMetaType.Type.Int))
        fields.append(QgsField(_NAME_FIELD, QMetaType.Type.QString))
        raster = self.raster_box.currentLayer()
        crs = raster.crs() if raster is not None else self.canvas.mapSettings().destinationCrs()
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = "GPKG", file.stem
        writer = QgsVectorFileWriter.create(
            str(file),
            fields,
            Qgis.WkbType.MultiPolygon,
            crs,
            QgsProject.instance().transformContext(),
            options,
        )
        problem = writer.errorMessage()
        del writer
        layer = QgsVectorLayer(str(file), file.stem, "ogr")
        if problem or not layer.isValid():
            raise StoreError(tr("{} could not be written: {}").format(file.name, problem))
        QgsProject.instance().addMapLayer(layer)
        self.layer_box.setLayer(layer)
        return layer

    def add_class(self, value: int, name: str) -> None:
        """Add a class to the palette and choose it.

        Args:
            value: Class value.
            name: Name of the class.
        """
        item = choice_of(value, name, self.classes, self._is_text())
        self._added = [*(other for other in self._added if other.stored != item.stored), item]
        self._classes_changed()
        self.choose(next(number for number, other in enumerate(self.classes) if other.stored == item.stored))

    def _drawn(self, geometry: QgsGeometry) -> None:
        if self.chosen is None or self.layer is None:
            self.result.setText(tr("Choose a layer and a class first."))
            return
        crs = self.canvas.mapSettings().destinationCrs()
        try:
            geometry.transform(QgsCoordinateTransform(crs, self.layer.crs(), QgsProject.instance()))
        except QgsCsException:
            self.result.setText(tr("This place is outside the coordinate reference system of the layer."))
            return
        self._last_click = None
        self._add(geometry, tr("Polygon"))

    def _add(self, geometry: QgsGeometry, text: str) -> None:
        chosen, field = self.chosen, self.field_box.currentData()
        try:
            self.store.add_fields({field: True})
            names = {self._name_field(): chosen.name} if self._name_field() else {}
            self.store.add(geometry, {field: chosen.stored, **names})
        except StoreError as error:
            self.result.setText(str(error))
            return
        area = tr_number(f"{self._measure().measureArea(geometry) / _SQUARE_METRES:,.2f}")
        self.result.setText(tr("{}: {} ha of {}").format(text, area, chosen.title))
        self._show()
        self._style()

    def _use(self, tool: ClickTool | PolygonTool, is_on: bool) -> None:
        if is_on:
            self.canvas.setMapTool(tool)
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.leave()

    def _tool_changed(self, new: object, _old: object = None) -> None:
        self.grow_button.setChecked(new is self.grow_tool)
        self.draw_button.setChecked(new is self.draw_tool)

    def _class_chosen(self) -> None:
        self._last_click = None
        self._color_tool()

    def _color_tool(self) -> None:
        if self.chosen is not None:
            self.draw_tool.set_color(QColor(self.chosen.color))

    def _save_edits(self) -> None:
        if self.layer is not None and not self.layer.commitChanges():
            self.result.setText("\n".join(self.layer.commitErrors()))

    def _ask_new_layer(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, tr("New layer of training polygons"), "", tr("GeoPackage (*.gpkg)")
        )
        if path:
            try:
                self.new_layer(path)
            except StoreError as error:
                self.result.setText(str(error))

    def _ask_class(self) -> None:
        dialog = ClassDialog(max((item.value for item in self.classes), default=0) + 1, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.add_class(dialog.value.value(), dialog.name.text().strip())

    # --- what is shown ------------------------------------------------------------------------------

    def _measure(self) -> QgsDistanceArea:
        measure = QgsDistanceArea()
        measure.setSourceCrs(self.layer.crs(), QgsProject.instance().transformContext())
        # The ellipsoid of the layer where the project has none.
        measure.setEllipsoid(self.layer.crs().ellipsoidAcronym())
        return measure

    def totals(self) -> dict[int | str, tuple[int, float]]:
        """Return the number of polygons and their area in hectares, by class."""
        totals: dict[int | str, tuple[int, float]] = {}
        index = self.store.field(self.field_box.currentData()) if self.store is not None else -1
        if index < 0:
            return totals
        measure = self._measure()
        request = QgsFeatureRequest()
        request.setSubsetOfAttributes([index])
        for feature in self.layer.getFeatures(request):
            if is_null(feature[index]):
                continue
            label = plain_value(feature[index])
            count, area = totals.get(label, (0, 0.0))
            totals[label] = count + 1, area + measure.measureArea(feature.geometry()) / _SQUARE_METRES
        return totals

    def _show(self) -> None:
        problem = self.store.problem() if self.store is not None else ""
        warning = self.store.warning() if self.store is not None else ""
        text = problem or warning
        if self.layer is None:
            text = tr("Choose a layer of polygons, or make a new one.")
        elif not text and not self.classes:
            text = tr("There are no classes yet: add one, or choose a map or a class scheme above.")
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.save_edits.setVisible(self.layer is not None and self.layer.isEditable())
        can_draw = self.layer is not None and not problem and bool(self.classes)
        self.draw_button.setEnabled(can_draw)
        self.grow_button.setEnabled(can_draw and self._values is not None)
        self.add_button.setEnabled(self.layer is not None)
        self.undo_button.setEnabled(self.store is not None and self.store.can_undo)
        self._show_palette()

    def _show_palette(self) -> None:
        row = self.palette_list.indexOfTopLevelItem(self.palette_list.currentItem())
        totals = self.totals()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.palette_list.blockSignals(True)
        self.palette_list.clear()
        for key, item in zip(self._keys(), self.classes, strict=True):
            count, area = totals.get(item.stored, (0, 0.0))
            texts = [key, item.title, tr_number(f"{count:,}"), tr_number(f"{area:,.2f}")]
            entry = QTreeWidgetItem(texts)
            entry.setToolTip(1, item.title)
            entry.setIcon(1, color_icon(item.color, self))
            entry.setTextAlignment(2, int(right))
            entry.setTextAlignment(3, int(right))
            self.palette_list.addTopLevelItem(entry)
        self.choose(min(max(row, 0), len(self.classes) - 1))
        self.palette_list.blockSignals(False)
        self._color_tool()
        counts = tr_number(f"{sum(count for count, _area in totals.values()):,}")
        area = tr_number(f"{sum(area for _count, area in totals.values()):,.2f}")
        self.total.setText(tr("{} polygons, {} ha").format(counts, area) if self.layer is not None else "")

    def _style(self) -> None:
        """Colour the polygons by class where the layer is not styled by classes yet."""
        renderer = self.layer.renderer()
        field = self.field_box.currentData()
        is_by_class = isinstance(renderer, QgsCategorizedSymbolRenderer)
        if is_by_class and renderer.classAttribute().strip('"') != field:
            return
        shown = {item.value() for item in renderer.categories()} if is_by_class else set()
        missing = [item for item in self.classes if item.stored not in shown]
        # A style of the user stays.
        is_plain = renderer is not None and renderer.type() == "singleSymbol"
        if not missing or not (is_by_class or is_plain):
            return
        categories = list(renderer.categories()) if is_by_class else []
        for item in missing:
            fill = QColor(item.color)
            fill.setAlpha(110)
            symbol = QgsFillSymbol.createSimple(
                {
                    "color": fill.name(QColor.NameFormat.HexArgb),
                    "outline_color": item.color,
                    "outline_width": "0.5",
                }
            )
            categories.append(QgsRendererCategory(item.stored, symbol, item.title))
        self.layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
        self.layer.emitStyleChanged()
        self.layer.triggerRepaint()


class ClassDialog(QDialog):
    """Asks for the value and the name of a class.

    Args:
        value: Value that is offered.
        parent: Parent widget.
    """

    def __init__(self, value: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add a class"))
        form = QFormLayout(self)
        self.value = QSpinBox()
        self.value.setRange(-2_000_000_000, 2_000_000_000)
        self.value.setValue(value)
        self.name = QLineEdit()
        form.addRow(tr("&Value"), self.value)
        form.addRow(tr("&Name"), self.name)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(False)
        self.name.textChanged.connect(lambda text: ok.setEnabled(bool(text.strip())))
        form.addRow(buttons)
        self.name.setFocus()
