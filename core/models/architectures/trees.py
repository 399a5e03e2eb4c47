"""Ensembles of decision trees of scikit-learn.

They classify a pixel by its own values and by those of its neighbourhoods. The settings are those
that did best on the scenes of ``docs/accuracy.md``.
"""

from __future__ import annotations

from typing import Any

from ..architecture import Architecture


def _random_forest(seed: int, threads: int) -> Any:
    """Return a random forest (Breiman 2001, https://doi.org/10.1023/A:1010933404324)."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=300, min_samples_leaf=2, max_features="sqrt", random_state=seed, n_jobs=threads
    )


def _extra_trees(seed: int, threads: int) -> Any:
    """Return extremely randomised trees (Geurts et al. 2006, https://doi.org/10.1007/s10994-006-6226-1)."""
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(
        n_estimators=300, min_samples_leaf=2, max_features=0.3, random_state=seed, n_jobs=threads
    )


def _gradient_boosting(seed: int, _threads: int) -> Any:
    """Return boosted trees on binned values (Ke et al. 2017, LightGBM); OpenMP chooses the threads."""
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


ARCHITECTURES = (
    Architecture("random_forest", "Random forest", "patch", "trees", _random_forest),
    Architecture("extra_trees", "Extremely randomised trees", "patch", "trees", _extra_trees),
    Architecture("gradient_boosting", "Gradient boosting", "patch", "trees", _gradient_boosting),
)
