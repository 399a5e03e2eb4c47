"""Tree ensembles of scikit-learn on a pixel's values and the statistics of its neighbourhoods.

The settings are the most accurate ones on the scenes of ``docs/accuracy.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...text import Text
from ..architecture import Architecture, TrainerSettings, deferred

if TYPE_CHECKING:
    from ...training.trainer import Trainer
    from ..tree_model import TreeModel

Windows = tuple[int, ...]
# Largest number of classes with class maps. More maps would be too many features for the members.
_MAX_MAPS = 12


def _random_forest(seed: int, threads: int, classes: int, windows: Windows) -> TreeModel:
    """Return a random forest (Breiman 2001, https://doi.org/10.1023/A:1010933404324)."""
    from sklearn.ensemble import RandomForestClassifier

    from ...raster.neighbourhood import Neighbourhoods
    from ..tree_model import TreeModel

    forest = RandomForestClassifier(
        n_estimators=300, min_samples_leaf=2, max_features="sqrt", random_state=seed, n_jobs=threads
    )
    return TreeModel(Neighbourhoods(windows), (forest,), classes)


def _extra_trees(seed: int, threads: int, classes: int, windows: Windows) -> TreeModel:
    """Return extremely randomised trees (Geurts et al. 2006, https://doi.org/10.1007/s10994-006-6226-1)."""
    from ...raster.neighbourhood import Neighbourhoods
    from ..tree_model import TreeModel

    return TreeModel(Neighbourhoods.textured(windows), (_extra(seed, threads, 0.3),), classes)


def _gradient_boosting(seed: int, _threads: int, classes: int, windows: Windows) -> TreeModel:
    """Return boosted trees on binned values (Ke et al. 2017, LightGBM). OpenMP sets the number of threads."""
    from ...raster.neighbourhood import Neighbourhoods
    from ..tree_model import TreeModel

    return TreeModel(Neighbourhoods.textured(windows), (_boosting(seed),), classes)


def tree_ensemble(seed: int, threads: int, classes: int, windows: Windows) -> TreeModel:
    """Return extra trees and boosting whose probabilities are averaged, with class maps of single pixels.

    Args:
        seed: Seed of the estimators.
        threads: Number of threads of the extra trees.
        classes: Number of classes.
        windows: Sides of the neighbourhood windows, odd, in pixels.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    from ...raster.neighbourhood import Neighbourhoods
    from ..tree_model import TreeModel

    pixel = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.1,
        max_leaf_nodes=15,
        min_samples_leaf=100,
        l2_regularization=10.0,
        early_stopping=False,
        random_state=seed,
    )
    members = _extra(seed, threads, 0.15), _boosting(seed)
    return TreeModel(
        Neighbourhoods.textured(windows),
        members,
        classes,
        pixel if classes <= _MAX_MAPS else None,
        plain=1,
    )


def _extra(seed: int, threads: int, max_features: float) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(
        n_estimators=300, min_samples_leaf=2, max_features=max_features, random_state=seed, n_jobs=threads
    )


def _boosting(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=50,
        l2_regularization=10.0,
        max_features=0.2,
        early_stopping=False,
        random_state=seed,
    )


def _make_trainer(entry: Architecture, settings: TrainerSettings) -> Trainer[Any]:
    from ...training.tree_trainer import TreeTrainer

    fit = settings.fit
    return TreeTrainer(
        entry,
        settings.windows,
        fit.seed,
        settings.indices,
        fit.edge_mixing,
        settings.trees,
        settings.min_leaf,
    )


def _trees(name: str, title: str, build: Callable[[int, int, int, Windows], TreeModel]) -> Architecture:
    return Architecture(
        name,
        title,
        "patch",
        "trees",
        build,
        trainer_factory=_make_trainer,
        make_predictor=deferred("inference.predictors.neighbourhood", "make_tree_predictor"),
    )


RANDOM_FOREST = _trees("random_forest", Text("Random forest"), _random_forest)
TREE_ENSEMBLE = _trees("tree_ensemble", Text("Trees with neighbourhoods"), tree_ensemble)
ARCHITECTURES = (
    RANDOM_FOREST,
    _trees("extra_trees", Text("Extra trees"), _extra_trees),
    _trees("gradient_boosting", Text("Gradient boosting"), _gradient_boosting),
    TREE_ENSEMBLE,
)
