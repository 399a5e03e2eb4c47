"""Draw ``resources/help``: what comes out of each algorithm, small, from the demo scene.

./dev demo && .dev/env/bin/python tools/make_help_pictures.py demo
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from rasterio.features import sieve
from rasterio.warp import transform
from scipy.ndimage import uniform_filter

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "resources" / "help"
WIDTH, HEIGHT, GAP = 240, 132, 6
# The help beside a dialog scrolls sideways for wider ones, with the fonts of Linux.
SHOWN = 224
PAPER, INK, GREY = "#ffffff", "#333333", "#9aa3ad"
Pixels = NDArray[np.uint8]


class Demo:
    """The files of the demo as small pictures.

    Args:
        folder: Of the demo.
    """

    def __init__(self, folder: Path) -> None:
        with rasterio.open(folder / "demo_scene.tif") as scene:
            self.bands = dict(zip(scene.descriptions, scene.read().astype(np.float32), strict=True))
            self.transform, self.crs = scene.transform, scene.crs
        self.map = self._classes(folder / "demo_map.tif")
        self.reference = self._classes(folder / "demo_reference.tif")
        self.scheme = self._colours("jambi")
        self.safe = self._colours("jambi_safe")
        polygons = json.loads((folder / "demo_training.geojson").read_text(encoding="utf-8"))
        self.polygons = [(item["properties"]["class"], self._ring(item)) for item in polygons["features"]]

    def natural(self) -> Image.Image:
        """Return the scene in natural colour."""
        return Image.fromarray(np.dstack([self._stretched(self.bands[name]) for name in ("B4", "B3", "B2")]))

    def grey(self, name: str) -> Image.Image:
        """Return a band in grey."""
        return Image.fromarray(self._stretched(self.bands[name])).convert("RGB")

    def index(self) -> Image.Image:
        """Return the vegetation index, brown to green."""
        near, red = self.bands["B8"], self.bands["B4"]
        share = np.clip((near - red) / np.maximum(near + red, 1), 0, 1)[..., None]
        low, high = np.array([166, 97, 26]), np.array([0, 104, 55])
        return Image.fromarray((low + share * (high - low)).astype(np.uint8))

    def drawn(self, values: Pixels, colours: dict[int, str]) -> Image.Image:
        """Return a map in colours; what has no class is white."""
        picture = np.full((*values.shape, 3), 255, dtype=np.uint8)
        for value, colour in colours.items():
            picture[values == value] = tuple(bytes.fromhex(colour[1:]))
        return Image.fromarray(picture)

    def _classes(self, path: Path) -> Pixels:
        with rasterio.open(path) as raster:
            return np.asarray(raster.read(1))

    def _colours(self, name: str) -> dict[int, str]:
        scheme = json.loads((ROOT / "resources" / "schemes" / f"{name}.json").read_text(encoding="utf-8"))
        return {item["value"]: item["color"] for item in scheme["classes"]}

    def _ring(self, feature: dict[str, object]) -> list[tuple[float, float]]:
        geometry = feature["geometry"]
        coordinates = geometry["coordinates"]  # type: ignore[index]
        ring = coordinates[0][0] if geometry["type"] == "MultiPolygon" else coordinates[0]  # type: ignore[index]
        places = transform("EPSG:4326", self.crs, *zip(*[corner[:2] for corner in ring], strict=True))
        back = ~self.transform
        return [back * corner for corner in zip(*places, strict=True)]

    @staticmethod
    def _stretched(band: NDArray[np.float32]) -> Pixels:
        valid = band[band > 0]
        low, high = np.percentile(valid, (2, 98))
        return np.asarray(np.clip((band - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def two(left: Image.Image, right: Image.Image) -> Image.Image:
    """Return two pictures side by side."""
    side = (WIDTH - GAP) // 2
    page = Image.new("RGB", (WIDTH, side), PAPER)
    page.paste(_square(left, side), (0, 0))
    page.paste(_square(right, side), (side + GAP, 0))
    return page


def setupenvironment(demo: Demo) -> Image.Image:
    """QGIS here, the environment there."""
    page, draw = _page()
    for left, title, lines in (
        (4, "QGIS", ("dialogs", "layers", "styles")),
        (138, "environment", ("PyTorch", "rasterio", "scikit-learn")),
    ):
        draw.rounded_rectangle((left, 14, left + 98, 118), 8, outline=GREY, width=2)
        draw.text((left + 49, 28), title, INK, _font(12, bold=True), anchor="mm")
        for number, line in enumerate(lines):
            draw.text((left + 49, 54 + 20 * number), line, INK, _font(12), anchor="mm")
    for height, first, last in ((58, 106, 132), (76, 132, 106)):
        draw.line((first, height, last, height), fill="#228b22", width=2)
        step = -6 if last > first else 6
        draw.polygon(((last, height), (last + step, height - 5), (last + step, height + 5)), fill="#228b22")
    return page


def createdemo(demo: Demo) -> Image.Image:
    """The scene with its polygons, and the true map."""
    return two(_with_polygons(demo), demo.drawn(demo.reference, demo.scheme))


def openproduct(demo: Demo) -> Image.Image:
    """The files of a product, and the scene in natural colour."""
    page, draw = _page()
    for number, name in enumerate(("MTD_MSIL2A.xml", "…_B02_10m.jp2", "…_B03_10m.jp2", "…_SCL_20m.jp2")):
        top = 12 + 28 * number
        draw.rectangle((4, top, 106, top + 22), outline=GREY, width=2)
        draw.text((55, top + 11), name, INK, _font(10), anchor="mm")
    draw.line((108, 66, 122, 66), fill="#228b22", width=2)
    draw.polygon(((124, 66), (118, 61), (118, 71)), fill="#228b22")
    page.paste(_square(demo.natural(), 110), (127, 11))
    return page


def cloudmask(demo: Demo) -> Image.Image:
    """Clouds and their shadows on the scene, and the mask."""
    scene = demo.natural().resize((320, 320))
    mask = Image.new("RGB", scene.size, "#d9ead3")
    on_scene, on_mask = ImageDraw.Draw(scene), ImageDraw.Draw(mask)
    for dx, dy, colour in ((34, 40, "#20262b"), (0, 0, "#f4f6f8")):
        for x, y, radius in ((90, 90, 36), (130, 76, 44), (172, 96, 34), (230, 210, 30), (258, 222, 24)):
            box = (x + dx - radius, y + dy - radius, x + dx + radius, y + dy + radius)
            on_scene.ellipse(box, fill=colour)
            on_mask.ellipse(box, fill="#d95f02")
    return two(scene, mask)


def stackfeatures(demo: Demo) -> Image.Image:
    """Bands and an index behind each other."""
    page, _ = _page()
    pictures = [demo.grey("B11"), demo.grey("B8"), demo.grey("B4"), demo.index()]
    for number, picture in enumerate(pictures):
        framed = Image.new("RGB", (84, 84), PAPER)
        framed.paste(_square(picture, 82), (1, 1))
        page.paste(framed, (4 + 49 * number, 4 + 13 * number))
    return page


def trainmodel(demo: Demo) -> Image.Image:
    """Polygons on the scene, and a confusion matrix: rows the true class, columns the model's."""
    matrix = Image.new("RGB", (320, 320), PAPER)
    draw = ImageDraw.Draw(matrix)
    for row, true in enumerate(demo.scheme):
        here = demo.reference == true
        for column, said in enumerate(demo.scheme):
            shade = round(255 * (1 - float(np.mean(demo.map[here] == said)) ** 0.5))
            left, top = 40 + 46 * column, 40 + 46 * row
            draw.rectangle((left, top, left + 42, top + 42), fill=(shade, shade, 255))
        draw.rectangle((12, 40 + 46 * row, 30, 82 + 46 * row), fill=demo.scheme[true])
        draw.rectangle((40 + 46 * row, 12, 82 + 46 * row, 30), fill=demo.scheme[true])
    return two(_with_polygons(demo), matrix)


def classifyraster(demo: Demo) -> Image.Image:
    """The scene and its map."""
    return two(demo.natural(), demo.drawn(demo.map, demo.scheme))


def classifyfolder(demo: Demo) -> Image.Image:
    """Four maps."""
    page, draw = _page()
    whole = demo.drawn(demo.map, demo.scheme)
    for number in range(4):
        left, top = 4 + 59 * number, 12
        part = whole.crop(
            (160 * (number % 2), 160 * (number // 2), 160 + 160 * (number % 2), 160 + 160 * (number // 2))
        )
        page.paste(_square(part, 55), (left, top))
    for row in range(4):
        draw.rectangle((4, 76 + 13 * row, 235, 86 + 13 * row), fill="#eef1f4" if row else "#c9d2db")
        draw.rectangle((10, 79 + 13 * row, 60 + 9 * row, 83 + 13 * row), fill=GREY)
        draw.rectangle((130, 79 + 13 * row, 160 + 6 * row, 83 + 13 * row), fill=GREY)
        draw.rectangle((196, 79 + 13 * row, 222, 83 + 13 * row), fill="#ff1493" if row == 3 else GREY)
    return page


def styleclassification(demo: Demo) -> Image.Image:
    """A raster of class values, and in colours that all can tell apart."""
    greys = {value: "#" + 3 * f"{60 + 32 * number:02x}" for number, value in enumerate(demo.scheme)}
    return two(demo.drawn(demo.map, greys), demo.drawn(demo.map, demo.safe))


def suggestsamples(demo: Demo) -> Image.Image:
    """The scene and places where classes meet."""
    edges = np.zeros(demo.map.shape, dtype=bool)
    edges[1:, 1:] = (demo.map[1:, 1:] != demo.map[:-1, 1:]) | (demo.map[1:, 1:] != demo.map[1:, :-1])
    rows, columns = np.nonzero(edges[8:-8, 8:-8])
    chosen = np.random.default_rng(3).choice(len(rows), 40, replace=False)
    picture = demo.natural()
    _points(picture, [(columns[item] + 8, rows[item] + 8, "#ffffff") for item in chosen])
    return two(picture, demo.drawn(demo.map, demo.scheme))


def inspectsamples(demo: Demo) -> Image.Image:
    """The scene with labels to check, and curves of the classes with their ranges."""
    places = np.random.default_rng(5).integers(12, 300, (16, 2))
    picture = demo.natural()
    _points(
        picture, [(x, y, "#d55e00" if not number % 4 else "#ffffff") for number, (y, x) in enumerate(places)]
    )
    page, draw = _page()
    for number, colour in enumerate(list(demo.scheme.values())[:5]):
        heights = [
            104 - 19 * number - 14 * np.sin(step * (0.6 + 0.25 * number) + number) for step in range(7)
        ]
        curve = [(14 + 34 * step, height) for step, height in enumerate(heights)]
        draw.line(curve, fill=colour, width=4)
    draw.line((10, 4, 10, 128), fill=INK, width=1)
    draw.line((10, 128, 236, 128), fill=INK, width=1)
    return two(picture, page)


def samplingdesign(demo: Demo) -> Image.Image:
    """A map with points in each class."""
    generator = np.random.default_rng(1)
    points = []
    for value, colour in demo.scheme.items():
        rows, columns = np.nonzero(demo.map[6:-6, 6:-6] == value)
        for item in generator.choice(len(rows), 9, replace=False):
            points.append((columns[item] + 6, rows[item] + 6, colour))
    faded = Image.blend(demo.drawn(demo.map, demo.scheme), Image.new("RGB", (320, 320), PAPER), 0.55)
    _points(faded, points)
    return two(demo.drawn(demo.map, demo.scheme), faded)


def assessaccuracy(demo: Demo) -> Image.Image:
    """Bars of accuracy with intervals: of each class, how often the demo's map is right."""
    page, draw = _page()
    for row, (value, colour) in enumerate(demo.scheme.items()):
        mapped = demo.map == value
        right = float(np.mean(demo.reference[mapped] == value))
        top, end = 8 + 20 * row, 12 + 200 * right
        draw.rectangle((12, top, end, top + 13), fill=colour)
        half = 200 * 1.96 * (right * (1 - right) / 60) ** 0.5
        low, high, middle = end - half, min(end + half, 234), top + 6
        draw.line((low, middle, high, middle), fill=INK, width=1)
        for place in (low, high):
            draw.line((place, middle - 4, place, middle + 4), fill=INK, width=1)
    draw.line((12, 4, 12, 128), fill=INK, width=1)
    return page


def comparemaps(demo: Demo) -> Image.Image:
    """A map, and where it is right."""
    agreement = np.where(demo.map == demo.reference, 1, 2).astype(np.uint8)
    agreement[demo.map == 255] = 0
    return two(demo.drawn(demo.map, demo.scheme), demo.drawn(agreement, {1: "#d9e8d9", 2: "#d7191c"}))


def generalisemap(demo: Demo) -> Image.Image:
    """A part of a map, and the same without small patches."""
    part = demo.map[90:190, 90:190]
    return two(*(demo.drawn(values, demo.scheme) for values in (part, sieve(part, 25, connectivity=8))))


def smoothprobabilities(demo: Demo) -> Image.Image:
    """A class with its single pixels, and how it fades into its neighbours."""
    values = demo.map[90:190, 90:190]
    part = (values == np.bincount(values[:60].ravel(), minlength=256)[:255].argmax()) * 255.0
    both = (part, uniform_filter(part, 5))
    return two(*(Image.fromarray(values.astype(np.uint8)).convert("RGB") for values in both))


def mapchange(demo: Demo) -> Image.Image:
    """A map, and its clearings in the colour of what they became over pale persistence."""
    pale = {value: _pale(colour) for value, colour in demo.scheme.items()}
    crop, forest = _frequent(demo)[:2]
    change = np.asarray(demo.drawn(demo.reference, pale)).copy()
    cleared = (_clearings(demo) > 0) & (demo.reference == forest)
    change[cleared] = tuple(bytes.fromhex(demo.scheme[crop][1:]))
    return two(demo.drawn(demo.reference, demo.scheme), Image.fromarray(change))


def maptrajectories(demo: Demo) -> Image.Image:
    """Clearings by their date, and bars of the classes at four dates."""
    crop, forest = _frequent(demo)[:2]
    dates = np.where(demo.reference == forest, _clearings(demo), 0).astype(np.uint8)
    colours = {0: "#d9d9d9", 1: "#3b528b", 2: "#21918c", 3: "#fde725"}
    page, draw = _page()
    for place in range(4):
        left, top = 16 + 56 * place, 6.0
        lost = float(np.mean((dates > 0) & (dates <= place)))
        for value in _frequent(demo):
            part = float(np.mean(demo.reference == value))
            part += -lost if value == forest else lost if value == crop else 0.0
            draw.rectangle((left, top, left + 38, top + 118 * part), fill=demo.scheme[value])
            top += 118 * part
    return two(demo.drawn(dates, colours), page.resize((HEIGHT, HEIGHT), Image.Resampling.BOX))


def vectorisemap(demo: Demo) -> Image.Image:
    """A corner of the map, and its patches with their borders."""
    part = demo.map[100:140, 120:160]
    scale = 12
    patches = demo.drawn(part, demo.scheme).resize((40 * scale, 40 * scale), Image.Resampling.NEAREST)
    outlines = Image.blend(patches, Image.new("RGB", patches.size, PAPER), 0.35)
    draw = ImageDraw.Draw(outlines)
    for row, column in np.argwhere(part[:, 1:] != part[:, :-1]):
        draw.line([((column + 1) * scale, y * scale) for y in (row, row + 1)], fill=INK, width=5)
    for row, column in np.argwhere(part[1:] != part[:-1]):
        draw.line([(x * scale, (row + 1) * scale) for x in (column, column + 1)], fill=INK, width=5)
    return two(patches, outlines)


def classareas(demo: Demo) -> Image.Image:
    """Bars of four zones, divided by the fractions of the classes."""
    page, draw = _page()
    for row, zone in enumerate(np.array_split(demo.map, 4, axis=1)):
        counts = [int(np.sum(zone == value)) for value in demo.scheme]
        left, top = 12.0, 10 + 30 * row
        for count, colour in zip(counts, demo.scheme.values(), strict=True):
            right = left + 216 * count / sum(counts)
            draw.rectangle((left, top, right, top + 20), fill=colour)
            left = right
    draw.line((12, 4, 12, 128), fill=INK, width=1)
    return page


def exportmap(demo: Demo) -> Image.Image:
    """A page with map, legend and scale bar."""
    page, draw = _page()
    draw.rectangle((34, 2, 206, 129), outline=GREY)
    draw.rectangle((44, 9, 130, 14), fill=INK)
    page.paste(_square(demo.drawn(demo.map, demo.scheme), 96), (42, 22))
    for row, colour in enumerate(demo.scheme.values()):
        draw.rectangle((148, 26 + 12 * row, 157, 33 + 12 * row), fill=colour)
        draw.rectangle((162, 28 + 12 * row, 180 + 3 * (row % 4), 31 + 12 * row), fill=GREY)
    draw.polygon(((196, 8), (191, 20), (196, 17), (201, 20)), fill=INK)
    draw.rectangle((148, 110, 172, 113), fill=INK)
    draw.rectangle((172, 110, 196, 113), outline=INK)
    return page


def importmodel(demo: Demo) -> Image.Image:
    """The tensors of a file beside those of the model."""
    page, draw = _page()
    for left, title, names in (
        (4, "model.pth", ("module.conv1", "module.layer1", "module.layer4", "module.fc.1")),
        (138, "resnet50", ("conv1", "layer1", "layer4", "fc")),
    ):
        draw.rounded_rectangle((left, 6, left + 98, 126), 8, outline=GREY, width=2)
        draw.text((left + 49, 20), title, INK, _font(11, bold=True), anchor="mm")
        for row, name in enumerate(names):
            draw.text((left + 49, 46 + 20 * row), name, INK, _font(10), anchor="mm")
    for height in range(46, 126, 20):
        draw.line((106, height, 132, height), fill="#228b22", width=2)
        draw.polygon(((134, height), (128, height - 4), (128, height + 4)), fill="#228b22")
    return page


def modelinfo(demo: Demo) -> Image.Image:
    """A card with the classes of a model."""
    page, draw = _page()
    draw.rounded_rectangle((14, 4, 226, 128), 8, outline=GREY, width=2)
    draw.text((26, 18), "resnet50, 10 bands, 13 indices", INK, _font(11, bold=True), anchor="lm")
    names = ("Water", "Trees/Forest", "Crops/Agriculture", "Shrub/Scrub", "Built Area", "Bare Ground")
    for row, ((value, colour), name) in enumerate(zip(demo.scheme.items(), names, strict=True)):
        top = 30 + 16 * row
        draw.rectangle((26, top, 42, top + 10), fill=colour)
        draw.text((52, top + 5), f"{value}  {name}", INK, _font(11), anchor="lm")
    return page


def renameclasses(demo: Demo) -> Image.Image:
    """A legend of numbers, and of names with their parents."""
    page, draw = _page()
    names = (("Water", 0), ("Forest", 0), ("Crops", 0), ("Paddy", 1), ("Maize", 1), ("Built area", 0))
    for row, (colour, (name, level)) in enumerate(zip(demo.scheme.values(), names, strict=True)):
        top = 8 + 20 * row
        draw.rectangle((8, top, 24, top + 12), fill=GREY)
        draw.text((32, top + 6), f"Class {row + 1}", GREY, _font(11), anchor="lm")
        draw.rectangle((128 + 14 * level, top, 144 + 14 * level, top + 12), fill=colour)
        draw.text((152 + 14 * level, top + 6), name, INK, _font(11), anchor="lm")
    draw.line((92, 66, 116, 66), fill="#228b22", width=2)
    draw.polygon(((118, 66), (112, 61), (112, 71)), fill="#228b22")
    return page


def recodemap(demo: Demo) -> Image.Image:
    """A map, and its classes merged in pairs."""
    values = list(demo.scheme)
    merged = demo.map.copy()
    for first, second in zip(values[1::2], values[2::2], strict=False):
        merged[demo.map == second] = first
    return two(demo.drawn(demo.map, demo.scheme), demo.drawn(merged, demo.scheme))


def mosaicmaps(demo: Demo) -> Image.Image:
    """Two maps that overlap, and one of both."""
    whole = demo.drawn(demo.map, demo.scheme)
    parts = Image.new("RGB", whole.size, PAPER)
    draw = ImageDraw.Draw(parts)
    side = whole.size[0]
    for left, top, shift in ((0, 0, 0), (int(side * 0.42), int(side * 0.3), 8)):
        box = (left, top, min(left + int(side * 0.55), side), min(top + int(side * 0.65), side))
        place = (box[0] + shift, box[1] + shift)
        parts.paste(whole.crop(box), place)
        end = (place[0] + box[2] - box[0], place[1] + box[3] - box[1])
        draw.rectangle((*place, *end), outline=INK, width=4)
    return two(parts, whole)


PICTURES: tuple[Callable[[Demo], Image.Image], ...] = (
    setupenvironment,
    createdemo,
    openproduct,
    cloudmask,
    stackfeatures,
    trainmodel,
    classifyraster,
    classifyfolder,
    styleclassification,
    inspectsamples,
    suggestsamples,
    samplingdesign,
    assessaccuracy,
    comparemaps,
    generalisemap,
    smoothprobabilities,
    mapchange,
    maptrajectories,
    vectorisemap,
    classareas,
    exportmap,
    importmodel,
    modelinfo,
    renameclasses,
    recodemap,
    mosaicmaps,
)


def main(folder: Path) -> None:
    """Draw them all."""
    demo = Demo(folder)
    OUT.mkdir(parents=True, exist_ok=True)
    for draw in PICTURES:
        whole = draw(demo)
        small = whole.resize((SHOWN, whole.height * SHOWN // whole.width), Image.Resampling.LANCZOS)
        picture = small.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        picture.save(OUT / f"{draw.__name__}.png", optimize=True)


def _frequent(demo: Demo) -> list[int]:
    """Return the classes of the true map, the largest first."""
    return sorted(demo.scheme, key=lambda value: -int(np.sum(demo.reference == value)))


def _clearings(demo: Demo) -> Pixels:
    """Return the date of invented clearings, 1 to 3, and 0 elsewhere."""
    dates = np.zeros(demo.reference.shape, dtype=np.uint8)
    rows, columns = np.indices(dates.shape)
    generator = np.random.default_rng(4)
    for number in range(42):
        row, column = (generator.integers(0, side) for side in dates.shape)
        dates[np.hypot(rows - row, columns - column) < generator.integers(6, 16)] = 1 + number % 3
    return dates


def _pale(colour: str) -> str:
    return "#" + "".join(
        f"{channel + round((255 - channel) * 0.72):02x}" for channel in bytes.fromhex(colour[1:])
    )


def _page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    return page, ImageDraw.Draw(page)


def _square(picture: Image.Image, side: int) -> Image.Image:
    return picture.resize((side, side), Image.Resampling.BOX)


def _with_polygons(demo: Demo) -> Image.Image:
    """Return the scene with its training polygons, drawn large enough to be seen when it is small."""
    scale = 3
    picture = demo.natural().resize((320 * scale, 320 * scale), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(picture)
    for value, ring in demo.polygons:
        corners = [(x * scale, y * scale) for x, y in ring]
        draw.polygon(corners, fill=demo.scheme[value])
        draw.line([*corners, corners[0]], fill=PAPER, width=8)
    return picture


def _points(picture: Image.Image, points: Sequence[tuple[int, int, str]]) -> None:
    draw = ImageDraw.Draw(picture)
    for x, y, colour in points:
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=colour, outline=INK, width=2)


def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    # matplotlib brings it, so that the pictures are the same everywhere.
    from matplotlib import font_manager

    weight = "bold" if bold else "normal"
    return ImageFont.truetype(
        font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans", weight=weight)), size
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
