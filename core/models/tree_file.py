"""Model file of trees: a skops file of scikit-learn estimators with the model document as a member.

Only listed classes are loaded, and every tree is checked, so that a forged file cannot run code or read
memory outside its arrays.

>>> save_trees(Path("model.skops"), model, card)
>>> model, card = load_trees(Path("model.skops"))
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from ..errors import ModelFileError
from ..files import partial_file
from ..progress import Progress, SilentProgress
from ..text import Text
from .applicability import MEMBER, Applicability
from .card import DOCUMENT_MEMBER, ModelCard, architecture_of, read_card
from .network_file import network_of, weights_of
from .tree_model import TreeModel

# Largest ratio of decompressed to compressed size. Trees have a ratio of about 5; a zip bomb has more.
_MAX_COMPRESSION_RATIO = 100
_SCHEMA = "schema.json"
_NETWORK = "network.safetensors"
# Classes of scikit-learn and NumPy that a model file may contain.
_CLASSES = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "numpy.ndarray",
        "numpy.float64",
        "numpy.int64",
        "numpy.uint64",
        "numpy.random._generator.Generator",
        "sklearn.ensemble._forest.ExtraTreesClassifier",
        "sklearn.ensemble._forest.RandomForestClassifier",
        "sklearn.tree._classes.DecisionTreeClassifier",
        "sklearn.tree._classes.ExtraTreeClassifier",
        "sklearn.tree._tree.Tree",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.preprocessing._label.LabelEncoder",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfMultinomialLoss",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.link.MultinomialLogit",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfMultinomialLoss",
    }
)


def save_trees(
    path: Path,
    model: TreeModel,
    card: ModelCard,
    progress: Progress | None = None,
    applicability: Applicability | None = None,
) -> None:
    """Write a model file. It gets its name only when it is complete.

    Args:
        path: Path of the file to write.
        model: Fitted model.
        card: Model document.
        progress: Progress reporter; None reports nothing.
        applicability: Area of applicability; None if the card has none.

    Raises:
        OutputError: The disk is full, or ``path`` cannot be replaced.
    """
    # Here, because its import takes a second, and networks are loaded without it.
    import skops.io

    with partial_file(path, progress or SilentProgress()) as part:
        parts = {"members": list(model.members)} | ({} if model.pixel is None else {"pixel": model.pixel})
        skops.io.dump(parts, part, compression=zipfile.ZIP_DEFLATED, compresslevel=3)
        with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(DOCUMENT_MEMBER, card.to_json())
            if model.network is not None:
                archive.writestr(_NETWORK, weights_of(model.network), zipfile.ZIP_STORED)
            if applicability is not None:
                archive.writestr(MEMBER, applicability.content())


def load_trees(path: Path) -> tuple[TreeModel, ModelCard]:
    """Read a model file of trees.

    Returns:
        The model and its model document.

    Raises:
        ModelFileError: The file does not exist, is not a model of trees, is damaged or unsafe, or was
            written with other versions of the packages.
    """
    import skops.io  # as above

    card = read_card(path)
    classes = len(card.classes)
    item = architecture_of(card, path, "trees")
    # An untrained model of this version, to compare the file with.
    pattern: TreeModel = item.build(0, 1, classes, card.windows)
    try:
        _check_archive(path)
        parts = skops.io.load(path, trusted=sorted(_CLASSES))
        model = replace(pattern, members=tuple(parts["members"]), pixel=parts.get("pixel"))
        _check_model(model, pattern, card)
    except ModelFileError:
        raise
    # A damaged file, or another version of scikit-learn, can raise any error inside skops or NumPy.
    except Exception as error:
        raise ModelFileError(
            "The trees cannot be read: {error}",
            where=str(path),
            advice="They were written with scikit-learn {written}, and this environment has {installed}. "
            "Train the model again or get a fresh copy.",
            error=error,
            written=card.versions.get("scikit-learn") or Text("an unknown version"),
            installed=_sklearn_version(),
        ) from error
    return replace(model, network=_network(path, card, item.network.name) if item.network else None), card


def _network(path: Path, card: ModelCard, name: str) -> nn.Module:
    advice = "Train the model again or get a fresh copy."
    try:
        with zipfile.ZipFile(path) as archive:
            tensors = load(archive.read(_NETWORK))
    except KeyError as error:
        raise ModelFileError("The model file has no network", where=str(path), advice=advice) from error
    except (SafetensorError, zipfile.BadZipFile, OSError) as error:
        raise ModelFileError(
            "The network's weights cannot be read: {error}", where=str(path), advice=advice, error=error
        ) from error
    return network_of(card, name, tensors, path)


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unfolded = sum(member.file_size for member in archive.infolist())
        if unfolded > _MAX_COMPRESSION_RATIO * path.stat().st_size:
            raise _unsafe(path, Text("it would decompress to {size:,.0f} MB", size=unfolded / 1e6))
        schema = json.loads(archive.read(_SCHEMA))
    foreign = sorted(_classes_in(schema) - _CLASSES)
    if foreign:
        raise _unsafe(path, Text("it contains {name!r}, which models of trees do not need", name=foreign[0]))


def _classes_in(schema: Any) -> set[str]:
    """Return the names of all classes in the schema."""
    names = set()
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "__class__" in item or "__module__" in item:
                names.add(f"{item.get('__module__')}.{item.get('__class__')}")
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return names


def _check_model(model: TreeModel, pattern: TreeModel, card: ModelCard) -> None:
    """Raise ValueError unless the model has the estimators of the pattern and all its trees are valid."""
    _check_types([*model.members, model.pixel], [*pattern.members, pattern.pixel])
    for member, features in zip(model.members, model.counts(len(card.channels)), strict=True):
        _check_trees(member, features, len(card.classes))
    if model.pixel is not None:
        _check_trees(model.pixel, len(card.channels), len(card.classes))


def _check_types(estimators: Sequence[Any], expected: Sequence[Any]) -> None:
    names, wanted = ([type(item).__name__ for item in items] for items in (estimators, expected))
    if [type(item) for item in estimators] != [type(item) for item in expected]:
        raise ValueError(f"they are {', '.join(names)}, not {', '.join(wanted)}")


def _check_trees(estimator: Any, features: int, classes: int) -> None:
    """Raise ValueError unless all trees are valid for these numbers of features and classes."""
    codes = np.asarray(estimator.classes_)
    if codes.ndim != 1 or codes.dtype.kind != "i" or len(set(codes.tolist())) != len(codes):
        raise ValueError("their classes are malformed")
    if not len(codes) or codes.min() < 0 or codes.max() >= classes:
        raise ValueError("their classes are not those of the description")
    if estimator.n_features_in_ != features:
        raise ValueError(f"they take {estimator.n_features_in_} features, not {features}")
    if hasattr(estimator, "estimators_"):
        _check_forest(estimator, len(codes), features)
    else:
        _check_boosting(estimator, len(codes), features)


def _check_forest(estimator: Any, classes: int, features: int) -> None:
    if estimator.n_outputs_ != 1 or estimator.n_classes_ != classes or not len(estimator.estimators_):
        raise ValueError("the forest is malformed")
    for member in estimator.estimators_:
        tree = member.tree_
        sizes = tree.n_features, tree.n_outputs, tree.max_n_classes, member.n_classes_, member.n_outputs_
        if sizes != (features, 1, classes, classes, 1) or tree.value.shape[1:] != (1, classes):
            raise ValueError("a tree has another size than the forest")
        left, right = tree.children_left, tree.children_right
        # -1 stands for no child. A node has two children or none.
        _check_nodes(left[left != -1], right[left != -1], tree.feature[left != -1], left != -1, features)


def _check_boosting(estimator: Any, classes: int, features: int) -> None:
    trees = classes if classes > 2 else 1
    if np.asarray(estimator._baseline_prediction).size != trees or estimator._preprocessor is not None:
        raise ValueError("the boosting is malformed")
    if np.asarray(estimator._bin_mapper.is_categorical_).any() or estimator.n_trees_per_iteration_ != trees:
        raise ValueError("the boosting is malformed")
    for members in estimator._predictors:
        if len(members) != trees:
            raise ValueError("a step of the boosting lacks trees")
        for member in members:
            nodes = member.nodes
            inner = nodes["is_leaf"] == 0
            if nodes["is_categorical"].any():
                raise ValueError("a tree uses categorical features")
            _check_nodes(
                nodes["left"][inner].astype(np.int64),
                nodes["right"][inner].astype(np.int64),
                nodes["feature_idx"][inner],
                inner,
                features,
            )


def _check_nodes(left: Any, right: Any, feature: Any, inner: Any, features: int) -> None:
    """Raise ValueError unless the children of all nodes come after them and all features exist.

    Every path then ends at a leaf of the same tree.
    """
    if not len(inner):
        raise ValueError("a tree is empty")
    positions = np.flatnonzero(inner)
    for children in (left, right):
        if (children <= positions).any() or (children >= len(inner)).any():
            raise ValueError("a tree points outside itself")
    if (feature < 0).any() or (feature >= features).any():
        raise ValueError("a tree uses a feature that does not exist")


def _sklearn_version() -> str:
    import sklearn

    return str(sklearn.__version__)


def _unsafe(path: Path, reason: str) -> ModelFileError:
    return ModelFileError(
        "The model file is rejected because {reason}",
        where=str(path),
        advice="Do not use it. Get a fresh copy from its source.",
        reason=reason,
    )
