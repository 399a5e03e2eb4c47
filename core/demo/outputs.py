"""The demo's files: scene, training polygons and true map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import rasterio
from rasterio.crs import CRS as CoordinateSystem
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.transform import Affine

from ..classes import shipped_scheme
from ..errors import OutputError, ParameterError
from ..files import check_output, partial_file
from ..progress import Progress
from ..raster.grid import Grid
from ..raster.writer import write_class_map
from ..text import untranslated
from .cover import BANDS
from .polygons import draw_polygons, to_geojson
from .scene import CRS, NODATA, ORIGIN, PIXEL, SIZE, Scene, make_scene

_COLOURS = {"B2": ColorInterp.blue, "B3": ColorInterp.green, "B4": ColorInterp.red}
_TRANSFORM = (PIXEL, 0.0, ORIGIN[0], 0.0, -PIXEL, ORIGIN[1])


@dataclass(frozen=True)
class DemoFiles:
    """Where the demo's files stand in ``folder``."""

    folder: Path

    @property
    def scene(self) -> Path:
        """The image."""
        return self.folder / "demo_scene.tif"

    @property
    def training(self) -> Path:
        """The training polygons."""
        return self.folder / "demo_training.geojson"

    @property
    def reference(self) -> Path:
        """The true map."""
        return self.folder / "demo_reference.tif"


def write_demo(folder: Path, seed: int, progress: Progress, size: int = SIZE) -> DemoFiles:
    """Write the demo of ``seed``, with ``size`` rows and columns, into ``folder``; all or nothing.

    Raises:
        ParameterError: The seed is negative.
        OutputError: The folder does not exist or cannot be written, or the disk is full.
        RunCancelled: The user cancelled; no file is left.
    """
    if seed < 0:
        raise ParameterError(
            "The seed {seed} is negative", advice="Use 0 or a greater whole number.", seed=seed
        )
    files = DemoFiles(folder)
    check_output(files.scene, [".tif"])
    check_output(files.training, [".geojson"])
    check_output(files.reference, [".tif"])
    progress.update(0.05, "Inventing a landscape")
    scene = make_scene(seed, size)
    progress.check_cancelled()
    progress.update(0.7, "Drawing training polygons")
    classes = shipped_scheme("jambi").by_value()
    polygons = draw_polygons(scene, seed)
    progress.check_cancelled()
    progress.update(0.8, "Writing the files")
    with (
        partial_file(files.scene, progress) as scene_part,
        partial_file(files.training, progress) as text_part,
    ):
        _write_scene(scene_part, scene, seed, files.scene)
        text_part.write_text(to_geojson(polygons, classes), encoding="utf-8")
        grid = Grid(size, size, _TRANSFORM, CoordinateSystem.from_string(CRS).to_wkt())
        about = {"DESCRIPTION": untranslated(f"True map of the invented demo scene, seed {seed}")}
        write_class_map(files.reference, scene.classes, grid, tuple(classes.values()), progress, about)
    # Statistics that GDAL or QGIS kept of an earlier scene would stretch this one wrongly.
    files.scene.with_name(files.scene.name + ".aux.xml").unlink(missing_ok=True)
    progress.log("{count} training polygons in {path}", count=len(polygons), path=files.training)
    return files


def _write_scene(part: Path, scene: Scene, seed: int, path: Path) -> None:
    """Write the bands, with names, and the colours that let QGIS show it naturally at once."""
    bands, rows, columns = scene.bands.shape
    try:
        with rasterio.open(
            part,
            "w",
            driver="GTiff",
            width=columns,
            height=rows,
            count=bands,
            dtype=scene.bands.dtype,
            crs=CRS,
            transform=Affine(*_TRANSFORM),
            nodata=NODATA,
            tiled=True,
            blockxsize=128,
            blockysize=128,
            compress="deflate",
            predictor=2,
            interleave="band",
            photometric="minisblack",
        ) as dataset:
            dataset.descriptions = [name for name, _ in BANDS]
            dataset.colorinterp = [_COLOURS.get(name, ColorInterp.undefined) for name, _ in BANDS]
            dataset.update_tags(
                DESCRIPTION=untranslated(
                    f"Invented Sentinel-2-like scene, seed {seed}; reflectance x 10,000"
                ),
            )
            for number, (_, centre) in enumerate(BANDS, start=1):
                dataset.update_tags(number, WAVELENGTH=str(centre), WAVELENGTH_UNIT="nm")
            dataset.write(scene.bands)
    except RasterioError as error:
        raise OutputError(
            "The demo scene cannot be written: {error}",
            where=str(path),
            advice="Choose another folder, with some space left on its disk.",
            error=error,
        ) from error
