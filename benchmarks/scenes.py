"""Real scenes with labels, and the folds that test models on them.

All models are tested on the same samples, at the same distance from the training samples, so that they can
be compared in pairs.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio

from deep_land_cover.core.arrays import Int64Array
from deep_land_cover.core.classes import LandCoverClass
from deep_land_cover.core.options import INDEX_ROLES
from deep_land_cover.core.progress import SilentProgress
from deep_land_cover.core.raster.indices import scale_for_indices, usable_indices
from deep_land_cover.core.raster.roles import roles_within
from deep_land_cover.core.raster.source import RasterSource
from deep_land_cover.core.raster.stack import BandStack, open_stack
from deep_land_cover.core.samples.group_split import near, training_and_validation, training_apart
from deep_land_cover.core.samples.label_sources import read_samples
from deep_land_cover.core.samples.patch_store import read_centres
from deep_land_cover.core.samples.samples import NO_GROUP, Samples
from deep_land_cover.core.samples.skipped import SkippedLabels
from deep_land_cover.core.samples.split_design import Split, SplitOptions
from deep_land_cover.core.samples.split_search import design_samples
from deep_land_cover.core.samples.usable import usable_samples
from deep_land_cover.core.training.channels import Preparation

from . import gewata

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
FOLDS = 5
# Blocks of Gewata's training part that validate, where a model needs validation: one in so many.
_VALIDATION = 8
GEWATA_INDICES = ("NDVI", "EVI", "NDWI", "MNDWI", "NDBI", "BSI", "NBR")
GEWATA_CLASSES = (
    LandCoverClass(1, "Cropland", "#FFD700"),
    LandCoverClass(2, "Bamboo", "#9ACD32"),
    LandCoverClass(3, "Bare soil", "#D2B48C"),
    LandCoverClass(4, "Coffee plantation", "#8B4513"),
    LandCoverClass(5, "Forest", "#228B22"),
    LandCoverClass(6, "Wetland", "#5F9EA0"),
)


@dataclass(frozen=True)
class Scene:
    """A raster and its labels, as files below the folder of real data.

    Attributes:
        name: Name of the scene in figures.
        raster: Raster of bands.
        labels: Polygons or points; for Gewata the raster of classes.
        class_field: Field of the class value; empty for a raster of classes.
        gap: Rows or columns between training and test samples, in pixels.
        windows: Neighbourhoods of trees that are not wider than the gap, in pixels.
    """

    name: str
    raster: str
    labels: str
    class_field: str
    gap: int = 21
    windows: str = "3,7,15"


MEXICO = Scene(
    "mexico",
    "mexico_landsat7/LE70220491999322EDC01_stack.gtif",
    "mexico_landsat7/training_data.shp",
    "class",
)
LEIPZIG = Scene("leipzig", "leipzig_s2/leipzig_raster.tif", "leipzig_s2/leipzig_points.gpkg", "land_cover")
LANDSAT5 = Scene("rstoolbox_landsat5", "rstoolbox/lsat.tif", "rstoolbox/training_lsat.gpkg", "class")
SENTINEL2 = Scene("rstoolbox_sentinel2", "rstoolbox/sen2.tif", "rstoolbox/training_sen2.gpkg", "class")
GEWATA = Scene(
    "gewata",
    "gewata_landsat7/gewata_B123457.tif",
    "gewata_landsat7/gewata_lulc2011.tif",
    "",
    gewata.GAP,
    "auto",
)
SMALL_SCENES = (MEXICO, LEIPZIG, LANDSAT5, SENTINEL2)
SCENES = (*SMALL_SCENES, GEWATA)


@dataclass(frozen=True)
class Protocol:
    """How samples of a scene are held out.

    Attributes:
        seed: Seed of the folds and of all draws.
        gap: Rows or columns between training and test samples, in pixels.
        block: Side of a block of Gewata, in pixels; other scenes choose theirs.
        polygons: Number of polygons or points that train, drawn for each fold with two of each class; all
            others are tested. 0 holds out a fifth of the polygons or blocks in each fold.
        samples: Number of pixels of Gewata that train in a fold, the first of its draw; 0 takes all.
    """

    seed: int
    gap: int
    block: int = gewata.BLOCK
    polygons: int = 0
    samples: int = 0


@dataclass(frozen=True, eq=False)
class LabelledScene:
    """Opened scene with its samples and folds.

    Attributes:
        source: Source of the raster.
        stack: Band stack of the raster.
        preparation: Bands that have values, and the indices that they allow.
        samples: Labelled pixels.
        splits: Split of each fold, in order.
        clusters: Polygon, point or block of each sample, int64, shape (N,).
        held_out: What a fold holds out, for the table.
    """

    source: RasterSource
    stack: BandStack
    preparation: Preparation
    samples: Samples
    splits: tuple[Split, ...]
    clusters: Int64Array
    held_out: str


@contextmanager
def opened(scene: Scene, protocol: Protocol, needs_validation: bool) -> Iterator[LabelledScene]:
    """Yield a scene with its samples and folds.

    Args:
        scene: Scene to open.
        protocol: How samples are held out.
        needs_validation: Whether samples are set aside to choose the epoch. The tests are the same.
    """
    source = RasterSource(str(DATA / scene.raster))
    with open_stack(source) as stack:
        if scene == GEWATA:
            yield _gewata(source, stack, protocol, needs_validation)
        else:
            yield _small(scene, source, stack, protocol, needs_validation)


def _small(
    scene: Scene, source: RasterSource, stack: BandStack, protocol: Protocol, needs_validation: bool
) -> LabelledScene:
    progress, skipped = SilentProgress(), SkippedLabels()
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "labels.jsonl"
        lines.write_text("\n".join(_features(DATA / scene.labels, scene.class_field, stack.grid.crs)))
        labelled = read_samples(str(lines), None, stack.grid, None, 0, progress)
    values = read_centres(stack, labelled, progress)
    usable = usable_samples(stack, labelled, values, 1, skipped, progress)
    samples, bands = usable.samples, usable.bands
    roles = roles_within(stack.roles(""), bands)
    indices = usable_indices(tuple(INDEX_ROLES), roles, progress)
    optical = [number for number, band in enumerate(stack.band_names) if band in roles.values()]
    scale = scale_for_indices(indices, values[:, optical], progress) if indices else 1.0
    preparation = Preparation(bands, indices, roles, scale, stack.all_bands)
    if protocol.polygons:
        splits = tuple(_few(samples, protocol, number, needs_validation) for number in range(FOLDS))
        held_out = f"all but {protocol.polygons} polygons or points, {FOLDS} draws"
        return LabelledScene(source, stack, preparation, samples, splits, samples.groups, held_out)
    options = SplitOptions(
        window=protocol.gap, folds=FOLDS, seed=protocol.seed, needs_validation=needs_validation
    )
    design = design_samples(samples, options)
    clusters = samples.groups if samples.has_areas else design.clusters
    held_out = f"{len(np.unique(design.clusters))} {design.method}"
    return LabelledScene(source, stack, preparation, samples, design.splits, clusters, held_out)


def _features(path: Path, field: str, crs: str | None) -> Iterator[str]:
    """Yield a JSON line for each labelled feature, in the CRS of the raster."""
    command = ["ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "/vsistdout/", str(path)]
    if crs:
        command[1:1] = ["-t_srs", crs]
    content = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    for number, feature in enumerate(content["features"]):
        label = feature["properties"][field]
        yield json.dumps({"geometry": feature["geometry"], "class": label, "group": number})


def _few(samples: Samples, protocol: Protocol, number: int, needs_validation: bool) -> Split:
    """Return a split that trains on few polygons or points, two of each class first, and tests all others."""
    generator = np.random.default_rng((protocol.seed, number))
    groups, first = np.unique(samples.groups, return_index=True)
    order = generator.permutation(len(groups))
    codes = samples.codes[first][order]
    rank = np.zeros(len(groups), dtype=np.int64)
    for code in np.unique(codes):
        rank[codes == code] = np.arange(np.count_nonzero(codes == code))
    # Two of each class, then the others in the order that was drawn.
    chosen = groups[order][np.argsort(np.where(rank < 2, rank, 2), kind="stable")][: protocol.polygons]
    trains = np.isin(samples.groups, chosen)
    train, test = np.flatnonzero(trains), np.flatnonzero(~trains)
    pixels = samples.pixel_coordinates
    test = test[~near(pixels[test], pixels[train], protocol.gap)]
    return _with_validation(samples, train, test, samples.groups, protocol, needs_validation)


def _with_validation(
    samples: Samples,
    train: Int64Array,
    test: Int64Array,
    groups: Int64Array,
    protocol: Protocol,
    needs_validation: bool,
) -> Split:
    if not needs_validation:
        return Split(train, train[:0], test)
    validates = training_and_validation(samples, train, groups, protocol.seed) == 1
    validation = train[validates]
    apart = training_apart(samples, train[~validates], validation, test, protocol.gap).train
    # As in a training of the plugin, training samples choose the epoch where none could be held out.
    return Split(apart, validation, test) if len(validation) else Split(train, train, test)


def _gewata(
    source: RasterSource, stack: BandStack, protocol: Protocol, needs_validation: bool
) -> LabelledScene:
    with rasterio.open(DATA / GEWATA.labels) as dataset:
        labels = dataset.read(1)
    parts = []
    splits: list[Split] = []
    start = 0
    for training, test in gewata.folds(labels, protocol.block, protocol.seed, protocol.gap):
        parts += [training, test]
        tested = np.arange(start + len(training.rows), start + len(training.rows) + len(test.rows))
        # The draw is in random order, so that its first pixels are a draw themselves.
        train = np.arange(start, start + (protocol.samples or len(training.rows)))
        start = int(tested[-1]) + 1
        blocks = np.unique(training.blocks)[::_VALIDATION] if needs_validation else ()
        validates = np.isin(training.blocks[: len(train)], blocks)
        splits.append(Split(train[~validates], train[validates], tested))
    rows, columns, values, blocks = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("rows", "columns", "values", "blocks")
    )
    samples = Samples(
        rows,
        columns,
        values - 1,
        np.full_like(rows, NO_GROUP),
        GEWATA_CLASSES,
        (1.0,) * len(GEWATA_CLASSES),
    )
    preparation = Preparation(stack.band_names, GEWATA_INDICES, stack.roles(""), 1e-4, stack.all_bands)
    held_out = f"blocks of {protocol.block} pixels"
    return LabelledScene(source, stack, preparation, samples, tuple(splits), blocks, held_out)
