"""Files of the demo: scene, training polygons and true map.

>>> files = write_demo(Path("demo"), seed=0, progress=progress)
>>> files.scene                     # demo/demo_scene.tif
"""

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
from ..marks import DEMO_REFERENCE, DEMO_SCENE, KIND_ITEM
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
    """Paths of the demo's files.

    Attributes:
        folder: Folder of the files.
    """

    folder: Path

    @property
    def scene(self) -> Path:
        """Path of the image."""
        return self.folder / "demo_scene.tif"

    @property
    def training(self) -> Path:
        """Path of the training polygons."""
        return self.folder / "demo_training.geojson"

    @property
    def reference(self) -> Path:
        """Path of the true map."""
        return self.folder / "demo_reference.tif"


def write_demo(folder: Path, seed: int, progress: Progress, size: int = SIZE) -> DemoFiles:
    """Write scene, training polygons and true map, or no file if one of them fails.

    Args:
        folder: Folder to write to.
        seed: Seed of the scene, 0 or more.
        progress: Progress reporter.
        size: Side of the scene, in pixels of 20 m.

    Raises:
        ParameterError: The seed is negative.
        OutputError: The folder does not exist or cannot be written, or the disk is full.
        RunCancelled: The user cancelled. No file remains.
    """
    if seed < 0:
        raise ParameterError(
            "SEED must be 0 or more (got {seed})", advice="Enter a whole number from 0.", seed=seed
        )
    files = DemoFiles(folder)
    check_output(files.scene, [".tif"])
    check_output(files.training, [".geojson"])
    check_output(files.reference, [".tif"])
    progress.update(0.05, "Generating a landscape")
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
        metadata = {
            "DESCRIPTION": untranslated(f"True map of the invented demo scene, seed {seed}"),
            KIND_ITEM: DEMO_REFERENCE,
        }
        write_class_map(files.reference, scene.classes, grid, tuple(classes.values()), progress, metadata)
    # Statistics of an earlier scene, stored by GDAL or QGIS, would give this scene a wrong contrast.
    files.scene.with_name(files.scene.name + ".aux.xml").unlink(missing_ok=True)
    progress.log("{count} training polygons are written to {path}.", count=len(polygons), path=files.training)
    return files


def _write_scene(part: Path, scene: Scene, seed: int, path: Path) -> None:
    """Write the bands with names, and with colours that make QGIS show them in natural colours."""
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
                **{KIND_ITEM: DEMO_SCENE},
            )
            for number, (_, centre) in enumerate(BANDS, start=1):
                dataset.update_tags(number, WAVELENGTH=str(centre), WAVELENGTH_UNIT="nm")
            dataset.write(scene.bands)
    except RasterioError as error:
        raise OutputError(
            "The demo scene cannot be written: {error}",
            where=str(path),
            advice="Choose another folder on a disk with free space.",
            error=error,
        ) from error
