"""Loading of results into a project by Processing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)

pytestmark = pytest.mark.qgis


@pytest.fixture
def load(algorithm):
    """Run an algorithm as a dialog does, and let Processing load its results."""

    def load(name, parameters):
        from processing.gui.Postprocessing import handleAlgorithmResults

        instance, feedback = algorithm(name), QgsProcessingFeedback(False)
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        results, succeeded = instance.run(parameters, context, feedback)
        assert succeeded, feedback.textLog()
        assert handleAlgorithmResults(instance, context, feedback, parameters), feedback.textLog()
        return results

    return load


def to_load(path="TEMPORARY_OUTPUT", name=""):
    """Return an output that is to be loaded."""
    definition = QgsProcessingOutputLayerDefinition(str(path), QgsProject.instance())
    definition.destinationName = name
    return definition


def tree(parent=None):
    """Return the layer tree, top first: names of layers, and (name, …) for groups."""
    parent = parent or QgsProject.instance().layerTreeRoot()
    return [
        (node.name(), *tree(node)) if node.nodeType() == node.NodeType.NodeGroup else node.name()
        for node in parent.children()
    ]


@pytest.fixture
def river(scene):
    """The scene in the project, under a name of the user's."""
    layer = QgsRasterLayer(scene, "River")
    QgsProject.instance().addMapLayer(layer)
    return layer


def classification(river, model, **values):
    return {"INPUT": river.id(), "MODEL": model, "STRIDE": 4, "DEVICE": "cpu", **values}


def test_a_map_is_loaded_above_its_doubt_in_a_group_of_raster_and_model(load, river, model, tmp_path):
    doubt = tmp_path / "doubt.tif"
    load("classifyraster", classification(river, model, OUTPUT=to_load(), UNCERTAINTY=to_load(doubt)))
    assert tree()[0] == ("River – model", "Land cover (River – model)", "Uncertainty (doubt)")
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert [node.isExpanded() for node in group.findLayers()] == [True, False]
    kinds = [node.layer().renderer().type() for node in group.findLayers()]
    assert kinds == ["paletted", "singlebandpseudocolor"]


def test_a_style_that_the_user_has_chosen_for_an_output_stays(load, river, model, tmp_path, monkeypatch):
    from processing.gui.RenderingStyles import RenderingStyles

    grey, style = QgsRasterLayer(river.source(), "grey"), str(tmp_path / "grey.qml")
    grey.setRenderer(QgsSingleBandGrayRenderer(grey.dataProvider(), 1))
    grey.saveNamedStyle(style)
    chosen = {"deeplandcover:classifyraster": {"UNCERTAINTY": style}}
    monkeypatch.setattr(RenderingStyles, "styles", chosen)
    doubt = to_load(tmp_path / "doubt.tif")
    load("classifyraster", classification(river, model, OUTPUT=to_load(), UNCERTAINTY=doubt))
    (layer,) = QgsProject.instance().mapLayersByName("Uncertainty (doubt)")
    assert layer.renderer().type() == "singlebandgray"


def test_the_legend_has_the_classes_in_the_user_s_words(load, river, model):
    load("classifyraster", classification(river, model, OUTPUT=to_load()))
    (layer,) = QgsProject.instance().mapLayersByName("Land cover (River – model)")
    assert [(int(item.value), item.label) for item in layer.renderer().classes()] == [
        (3, "Water"),
        (17, "Forest"),
    ]


def test_the_metadata_say_what_it_was_made_with_and_leave_the_licence_open(load, river, model):
    load("classifyraster", classification(river, model, OUTPUT=to_load()))
    (layer,) = QgsProject.instance().mapLayersByName("Land cover (River – model)")
    metadata = layer.metadata()
    assert metadata.title() == layer.name()
    assert "River" in metadata.abstract()
    assert "model.safetensors" in metadata.abstract()
    assert "3 Water, 17 Forest" in metadata.abstract()
    assert metadata.crs().authid() == "EPSG:32748"
    (extent,) = metadata.extent().spatialExtents()
    assert extent.bounds.toRectangle() == layer.extent()
    assert any(line.startswith("MODEL_SHA256: ") for line in metadata.history())
    assert metadata.licenses() == []


def test_a_name_that_a_graphical_model_gives_is_kept(load, river, model):
    load("classifyraster", classification(river, model, OUTPUT=to_load(name="Map of 2020")))
    assert tree()[0] == ("River – model", "Map of 2020")


def test_a_temporary_raster_gives_the_group_no_name(plugin):
    from qgis.core import QgsProcessingUtils

    from deep_land_cover.algorithms.layers.loading import subject

    context = QgsProcessingContext()
    made_up = QgsProcessingUtils.generateTempFilename("OUTPUT.tif", context)
    assert subject(context, ("OUTPUT", made_up), ("trees", "/data/trees.skops")) == "trees"
    assert subject(context, ("Stack (river)", made_up), ("trees", "/data/trees.skops")) == ("river – trees")


def test_names_of_names_do_not_pile_up(plugin):
    from deep_land_cover.algorithms.layers.loading import subject

    context = QgsProcessingContext()
    assert subject(context, ("Land cover (trees)", "/data/trees.tif")) == "trees"
    assert subject(context, ("River (2020)", "/data/river.tif")) == "River (2020)"


def test_many_maps_are_loaded_when_they_are_asked_for(load, scene, river, model, tmp_path):
    values = {
        "INPUTS": [scene],
        "MODEL": model,
        "STRIDE": 4,
        "DEVICE": "cpu",
        "MORE": ["probabilities"],
        "OUTPUT_FOLDER": str(tmp_path / "maps"),
    }
    before = tree()
    load("classifyfolder", values)
    assert tree() == before
    load("classifyfolder", {**values, "LOAD": True})
    assert tree()[0] == (
        "River – model",
        "Land cover (River – model)",
        "Probabilities (River – model)",
    )


def test_maps_of_rasters_with_one_name_are_loaded_under_the_names_of_their_files(
    load, scene, model, tmp_path
):
    rasters = [tmp_path / year / "scene.tif" for year in ("2020", "2021")]
    for raster in rasters:
        raster.parent.mkdir()
        shutil.copy(scene, raster)
    values = {"INPUTS": [str(raster) for raster in rasters], "MODEL": model, "STRIDE": 8, "DEVICE": "cpu"}
    done = load("classifyfolder", {**values, "OUTPUT_FOLDER": str(tmp_path / "maps"), "LOAD": True})
    names = [Path(path).stem for path in done["MAPS"]]
    assert len(set(names)) == 2
    assert sorted(tree()) == sorted((name, f"Land cover ({name})") for name in names)


@pytest.mark.medium
def test_the_demo_is_loaded_with_the_polygons_on_top(load, tmp_path):
    load("createdemo", {"OUTPUT_FOLDER": str(tmp_path / "demo"), "SEED": 1})
    assert tree() == [("Demo scene", "Training polygons", "Demo scene", "Reference map")]
    (polygons,) = QgsProject.instance().mapLayersByName("Training polygons")
    assert polygons.renderer().type() == "categorizedSymbol"


@pytest.mark.medium
@pytest.mark.parametrize(("folds", "field"), [("0", "split"), ("2", "fold")])
def test_samples_are_loaded_in_the_colours_of_their_split(
    load, river, samples, quick, tmp_path, folds, field
):
    values = {**quick, "INPUT": river.id(), "SAMPLES": samples, "CLASS_FIELD": "class", "EPOCHS": 1}
    points, model = to_load(tmp_path / "points.gpkg"), str(tmp_path / "model.safetensors")
    values |= {"OUTPUT": model, "OUTPUT_SAMPLES": points}
    load("trainmodel", {**values, "FOLDS": folds})
    (layer,) = QgsProject.instance().mapLayersByName("Samples with split (points)")
    assert layer.renderer().classAttribute() == field
    drawn = {category.value() for category in layer.renderer().categories()}
    assert {feature[field] for feature in layer.getFeatures()} <= drawn


def test_other_results_are_called_by_what_they_are(load, river, scene, tmp_path):
    load("stackfeatures", {"INPUT": river.id(), "INDICES": ["NDVI"], "OUTPUT": to_load()})
    (stack,) = QgsProject.instance().mapLayersByName("Stack (River)")
    shown = stack.renderer()
    # The bands of the scene are B02, B03, B04, B08.
    assert (shown.redBand(), shown.greenBand(), shown.blueBand()) == (3, 2, 1)
