"""Open a satellite product as one stack in reflectance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core.errors import ParameterError, RasterError
from ..core.files import RASTER_SUFFIXES
from ..core.marks import CLOUD_MASK as MASK_KIND
from ..core.marks import STACK
from ..core.options import AUTO, RESAMPLINGS, VALUE_UNITS
from .base import LandCoverAlgorithm
from .i18n.translation import tr
from .layers.image_styles import style_natural
from .layers.loading import LayerToLoad, load_on_completion
from .parameters.common import choice_parameter, is_given, titled
from .parameters.outputs import absolute, given_path

if TYPE_CHECKING:
    from ..core.requests.openproduct import OpenProductRequest, ProductExtent

CLOUD_MASK, CLOUD_CLASSES, RESOLUTION, EXTENT = "CLOUD_MASK", "CLOUD_CLASSES", "RESOLUTION", "EXTENT"
_DOUBLE = Qgis.ProcessingNumberParameterType.Double
PRODUCT_FILTER = "Products (*.zip *.tar MTD_MSI*.xml *_MTL.txt *_MTL.json);;All files (*)"
CLOUD_CLASSES_HELP = (
    "Classes of the product’s quality layer that are masked, separated by commas, such as <code>cloud "
    "shadow, cloud high probability</code>. Empty: cloud shadow, cloud of medium and high probability and "
    "thin cirrus, and saturated pixels; of Landsat dilated cloud, cirrus, cloud and cloud shadow."
)
CLOUD_CLASSES_DETAILS = (
    "Sentinel-2 (SCL) has: no data, saturated or defective, dark area, cloud shadow, vegetation, not "
    "vegetated, water, unclassified, cloud medium probability, cloud high probability, thin cirrus, snow or "
    "ice. Landsat (QA_PIXEL) has: no data, dilated cloud, cirrus, cloud, cloud shadow, snow, clear (neither "
    "cloud nor dilated cloud), water. <code>cloud</code>, <code>cirrus</code> and <code>snow</code> are "
    "understood for both."
)
REFLECTANCE_UNITS = tuple(unit for unit in VALUE_UNITS if unit != "decibel")
VALUE_UNIT_HELP = (
    "Unit of the values of single-band files, or of a raster, where no metadata say it. <code>auto</code>: "
    "by the values, where they leave one possibility."
)


class OpenProduct(LandCoverAlgorithm):
    """A product of Sentinel-2 or Landsat to a stack of its bands and a cloud mask."""

    ID = "openproduct"
    TITLE = "Open a satellite product"
    SUMMARY = "Writes the bands of a Sentinel-2 or Landsat product as one raster in reflectance."
    GROUP = "Rasters"
    TAGS = ("sentinel-2", "landsat", "safe", "reflectance", "cloud mask", "scl", "qa_pixel", "mtl", "import")
    FILES = (("OUTPUT", STACK, RASTER_SUFFIXES), (CLOUD_MASK, MASK_KIND, RASTER_SUFFIXES))
    HELP = (
        "<p>Makes one raster with named bands in reflectance of a downloaded product, as <b>Train a "
        "land-cover model</b> and <b>Classify a raster</b> read it, and a cloud mask for MASK.</p>"
        "<p><b>Inputs.</b> Sentinel-2 of level 2A or 1C: the .SAFE folder, its MTD_MSI….xml, or the .zip as "
        "it was downloaded, which is read in place. Landsat 4 to 9, Collection 2, of level 2 or 1: the "
        "folder, the …_MTL.txt or …_MTL.json, or the .tar. Or a folder of single-band files whose names "
        "show the bands, such as B02.tif, …_SR_B4.TIF or nir.tif.</p>"
        "<p><b>Outputs.</b> A GeoTIFF of 32-bit floating point numbers, 0 to 1, whose bands are named by "
        "their roles (blue, green, red, red_edge_1 to red_edge_3, nir, nir_narrow, swir1, swir2), with "
        "date, sensor and identifier of the product as metadata. Offset and scale of the metadata are "
        "applied: of Sentinel-2 also the offset of products since January 2022 (baseline 04.00). Nodata and "
        "saturated pixels are NaN. CLOUD_MASK is 1 where it is clear and 0 where it is masked.</p>"
        "<p><b>Typical values.</b> Nothing but the product. RESOLUTION 20 for large areas: a whole tile of "
        "ten bands has up to 5 GB at 10 m.</p>"
        "<p><b>Run time.</b> 26 seconds of processor time for a ninth of a Sentinel-2 tile (3,660 x 3,660 "
        "pixels) with ten bands at 10 m and a mask, and 6 seconds at 20 m, from a .zip, on two cores of an "
        "AMD EPYC.</p>"
        "<p><b>Common errors.</b> <i>The product is incomplete: the file … is missing</i>: download it "
        "again, or leave the band out of BANDS. <i>There is no product here</i>: choose the folder with "
        "MTD_MSIL2A.xml or …_MTL.txt. <i>The unit of the raster’s values is not clear</i>: set VALUE_UNIT "
        "for single-band files. <i>The product has no layer of clouds</i>: use <b>Mask clouds</b>.</p>"
    )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterFile(
                "INPUT",
                tr("Product"),
                Qgis.ProcessingFileParameterBehavior.File,
                fileFilter=tr(PRODUCT_FILTER),
            ),
            "Archive (.zip, .tar) or metadata file (MTD_MSI….xml, …_MTL.txt) of a Sentinel-2 or Landsat "
            "product. The path of a folder can be typed or pasted, also of one with single-band files.",
        )
        self.add(
            titled(
                QgsProcessingParameterNumber(RESOLUTION, tr("Resolution (metres)"), _DOUBLE, 0, minValue=0.0),
                has_automatic=True,
            ),
            "Pixel size of the stack, one that the product has: 10, 20 or 60 for Sentinel-2. 0: that of the "
            "finest band.",
            details="Each band is read in this resolution where the product has it, else in the next finer "
            "one and averaged, else in the next coarser one.",
        )
        self.add(
            QgsProcessingParameterString("BANDS", tr("Bands"), optional=True),
            "Bands to write, in order, by role or number, such as <code>blue, green, red, nir</code> or "
            "<code>B02, B8A</code>; <code>all</code> writes every band. Empty: those of 10 to 30 m that see "
            "the land.",
            details="Left out are the bands of 60 m of Sentinel-2 (coastal, water vapour, cirrus), the "
            "cirrus band and the panchromatic and thermal bands of Landsat.",
        )
        self.add(
            choice_parameter("RESAMPLING", tr("Resampling"), RESAMPLINGS),
            "Resampling of bands of another resolution. <code>auto</code>: average to a coarser grid, "
            "bilinear to a finer one.",
            advanced=True,
        )
        self.add(
            QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
            "Part of the product to write, <code>xmin,xmax,ymin,ymax [EPSG:…]</code>. Empty: all of it.",
            advanced=True,
            details="The stack covers the extent in whole pixels of the product.",
        )
        self.add(
            QgsProcessingParameterString(CLOUD_CLASSES, tr("Masked classes"), optional=True),
            CLOUD_CLASSES_HELP,
            advanced=True,
            details=CLOUD_CLASSES_DETAILS,
        )
        self.add(
            choice_parameter("VALUE_UNIT", tr("Unit of values"), REFLECTANCE_UNITS, AUTO),
            VALUE_UNIT_HELP,
            advanced=True,
            details="Products with metadata do not need it. <code>reflectance</code>: values from 0 to 1.",
        )
        self.add(
            QgsProcessingParameterRasterDestination("OUTPUT", tr("Stack in reflectance")),
            "GeoTIFF (.tif) with the bands of the product in reflectance.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                CLOUD_MASK, tr("Cloud mask"), optional=True, createByDefault=False
            ),
            "GeoTIFF (.tif) with 1 where it is clear and 0 where the product says cloud or cloud shadow, on "
            "the grid of the stack. Give it as MASK to <b>Classify a raster</b>.",
        )
        self.add_overwrite()
        self.addOutput(QgsProcessingOutputString("BANDS", tr("Names of the bands, separated by commas")))
        self.addOutput(QgsProcessingOutputString("PRODUCT", tr("Identifier of the product")))
        self.addOutput(QgsProcessingOutputString("DATE", tr("Date of the acquisition")))
        self.addOutput(QgsProcessingOutputNumber("MASKED", tr("Fraction of pixels that are masked")))

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        from ..core.requests.openproduct import check_open_product

        product_path(self, parameters, context)
        request = self._request(parameters, context)
        mask = given_path(parameters.get(CLOUD_MASK), context) or (
            "temporary" if is_given(parameters, CLOUD_MASK) else ""
        )
        check_open_product(replace(request, cloud_mask=mask))

    def make_request(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> OpenProductRequest:
        return self._request(parameters, context)

    def _request(self, parameters: dict[str, Any], context: QgsProcessingContext) -> OpenProductRequest:
        from ..core.requests.openproduct import OpenProductRequest

        return OpenProductRequest(
            input=product_path(self, parameters, context),
            output="",
            resolution=self.parameterAsDouble(parameters, RESOLUTION, context),
            bands=self.parameterAsString(parameters, "BANDS", context),
            resampling=self.parameterAsEnumString(parameters, "RESAMPLING", context),
            value_unit=self.parameterAsEnumString(parameters, "VALUE_UNIT", context),
            cloud_classes=self.parameterAsString(parameters, CLOUD_CLASSES, context),
            extent=self._extent(parameters, context),
        )

    def _extent(self, parameters: dict[str, Any], context: QgsProcessingContext) -> ProductExtent | None:
        if not is_given(parameters, EXTENT):
            return None
        box = self.parameterAsExtent(parameters, EXTENT, context)
        crs = self.parameterAsExtentCrs(parameters, EXTENT, context)
        if box.isNull() or box.isEmpty() or not box.isFinite():
            raise ParameterError(
                "The extent is empty",
                where=EXTENT,
                advice="Give xmin,xmax,ymin,ymax and the CRS in brackets, for example "
                "300000,310000,9800000,9810000 [EPSG:32748].",
            )
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum(), crs.toWkt()

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Not in prepareAlgorithm: the task manager forgets the layers to load that were named there.
        output = absolute(self.parameterAsOutputLayer(parameters, "OUTPUT", context))
        mask = ""
        if is_given(parameters, CLOUD_MASK):
            mask = absolute(self.parameterAsOutputLayer(parameters, CLOUD_MASK, context))
        result = self.run_task("openproduct", replace(self.request, output=output, cloud_mask=mask), feedback)
        style_natural(result["output"], feedback)
        layers = [LayerToLoad("OUTPUT", result["output"], tr("Stack"), is_main=True)]
        if mask:
            # Below the image, which it would hide.
            layers.append(LayerToLoad(CLOUD_MASK, mask, tr("Cloud mask")))
        load_on_completion(self, context, result["product"], layers)
        return self.finish(
            {
                "OUTPUT": result["output"],
                **({CLOUD_MASK: mask} if mask else {}),
                "BANDS": ", ".join(result["bands"]),
                "PRODUCT": result["product"],
                "DATE": result["date"],
                **({"MASKED": result["masked"]} if result["masked"] is not None else {}),
            },
            feedback,
        )


def product_path(
    algorithm: LandCoverAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Return the whole path that the parameter INPUT gives.

    Raises:
        ParameterError: It gives none.
        RasterError: There is no such file or folder.
    """
    path = algorithm.parameterAsFile(parameters, "INPUT", context)
    if not path:
        raise ParameterError("No product was given", where="INPUT", advice="Choose a product.")
    if not Path(path).exists():
        raise RasterError("There is no such product", where=path, advice="Check the path.")
    return absolute(path)
