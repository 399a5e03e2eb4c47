"""Whether a model notices what it never saw: trained on a clear Landsat 7 scene, asked about a cloudy one.

The scenes are those of ``mexico_landsat7``, 1999 and 2002. The band of flags, 4 where the later scene is
cloudy, is never an input; it says afterwards which pixels should lie outside the area of applicability.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import rasterio

from deep_land_cover.core.models.architectures import architecture

from .figures import print_figure
from .product import run_algorithm

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "mexico_landsat7"
EARLIER, LATER = "LE70220491999322EDC01_stack.gtif", "LE70220492002106EDC00_stack.gtif"
BANDS = ", ".join([f"band {number} reflectance" for number in (1, 2, 3, 4, 5, 7)] + ["band 6 temperature"])
_FLAG_BAND, _CLOUDY, _CLEAR = 8, 4, 0


def main() -> None:
    """Print the share of cloudy pixels outside, and beside it that of the clear ones."""
    parser = argparse.ArgumentParser(prog="./dev bench applicability", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--architecture", default="tree_ensemble")
    # As far as the scene allows; so near to each other as its polygons are, auto takes narrower ones.
    parser.add_argument("--windows", default="3,7,15,31")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / f"model{architecture(arguments.architecture).suffix}"
        run_algorithm(
            "trainmodel",
            INPUT=arguments.data / EARLIER,
            SAMPLES=arguments.data / "training_data.shp",
            CLASS_FIELD="class",
            BANDS=BANDS,
            ARCHITECTURE=arguments.architecture,
            WINDOWS=arguments.windows,
            FOLDS=arguments.folds,
            SEED=arguments.seed,
            OUTPUT=model,
        )
        area = Path(folder) / "area.tif"
        told = run_algorithm(
            "classifyraster",
            INPUT=arguments.data / LATER,
            MODEL=model,
            OUTPUT=Path(folder) / "map.tif",
            APPLICABILITY=area,
        )
        with rasterio.open(area) as dataset, rasterio.open(arguments.data / LATER) as scene:
            index, inside = dataset.read()
            flags = scene.read(_FLAG_BAND)
            threshold = float(dataset.tags()["DISSIMILARITY_THRESHOLD"])
    known = np.isfinite(index)
    cloudy, clear = (known & (flags == flag) for flag in (_CLOUDY, _CLEAR))
    print_figure(
        f"applicability.{arguments.architecture}",
        round(100 * float((inside[cloudy] == 0).mean()), 1),
        "% of cloudy pixels outside",
        baseline=round(100 * float((inside[clear] == 0).mean()), 1),
        clear_pixels=int(clear.sum()),
        cloudy_pixels=int(cloudy.sum()),
        threshold=round(threshold, 4),
        median_index_clear=round(float(np.median(index[clear])), 4),
        median_index_cloudy=round(float(np.median(index[cloudy])), 4),
        share_inside=told["APPLICABLE_SHARE"],
        windows=arguments.windows,
        folds=arguments.folds,
        seed=arguments.seed,
    )


if __name__ == "__main__":
    main()
