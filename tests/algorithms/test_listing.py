"""What the provider shows: names, parameters, outputs, help. These are public."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtGui import QImage

from deep_land_cover.runtime.packages import OPTIONAL_PACKAGES, PACKAGES

pytestmark = pytest.mark.qgis
ROOT = Path(__file__).parents[2]

# Id: (parameters, advanced parameters, outputs), as in the design.
PUBLIC = {
    "setupenvironment": ("BUILD WHEELS PYTHON CLOUD_NETWORKS", "", "PYTHON DEVICE MESSAGE"),
    "createdemo": ("OUTPUT_FOLDER", "SEED OVERWRITE", "OUTPUT_FOLDER RASTER TRAINING REFERENCE PROJECT"),
    "stackfeatures": (
        "INPUT EXTRA_INPUTS INDICES OUTPUT",
        "RESAMPLING BANDS BAND_NAMES BAND_ROLES OVERWRITE DRY_RUN",
        "OUTPUT BANDS PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "openproduct": (
        "INPUT RESOLUTION BANDS OUTPUT CLOUD_MASK",
        "RESAMPLING EXTENT CLOUD_CLASSES VALUE_UNIT OVERWRITE",
        "OUTPUT CLOUD_MASK BANDS PRODUCT DATE MASKED",
    ),
    "cloudmask": (
        "INPUT METHOD BUFFER OUTPUT",
        "CLOUD_CLASSES NETWORKS QUANTITY VALUE_UNIT BAND_ROLES OVERWRITE",
        "OUTPUT METHOD MASKED",
    ),
    "trainmodel": (
        "INPUT EXTRA_INPUTS SAMPLES EXTRA_SAMPLES LABELS CLASS_FIELD NAME_FIELD SCHEME ARCHITECTURE INDICES "
        "OUTPUT REPORT",
        "PATCH_SIZE WINDOWS SPLIT SPLIT_FIELD BLOCK_SIZE BUFFER FOLDS OUTPUT_SAMPLES EPOCHS BATCH_SIZE "
        "LEARNING_RATE WEIGHT_DECAY CLIP_NORM PATIENCE MAX_PER_CLASS AUGMENT RESAMPLING BANDS BAND_NAMES "
        "BAND_ROLES SEED DEVICE SCHEDULE MONITOR FROZEN_EPOCHS LOSS BALANCE LABEL_SMOOTHING DROPOUT "
        "BRIGHTNESS BAND_DROPOUT PRECISION WEIGHTS WEIGHTS_FILE STEM BASELINE UNLABELLED NODATA_VALUES "
        "REPORT_LANGUAGE OVERWRITE CENTRE CONTEXT_GRID PYRAMID EDGE_MIXING TIME_LIMIT TREES MIN_LEAF "
        "VALUE_UNIT FINE_TUNING ENCODER ATTENTION MEMBERS MEMBER_FILES COMBINE SNAPSHOTS "
        "SCHEME_FILE INSPECT DRY_RUN",
        "OUTPUT REPORT OUTPUT_SAMPLES OVERALL_ACCURACY MACRO_F1 BASELINE_OVERALL_ACCURACY BASELINE_MACRO_F1 "
        "CLASSES TRAIN_SAMPLES TEST_SAMPLES SPLIT PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "classifyraster": (
        "INPUT EXTRA_INPUTS MODEL OUTPUT PROBABILITIES UNCERTAINTY APPLICABILITY PREDICTION_SETS",
        "MASK EXTENT STRIDE FILL MIN_VALID BAND_NAMES RESAMPLING DECISION MMU COVERAGE TTA MC_SAMPLES DEVICE "
        "BACKEND PRECISION BATCH_SIZE EXACT RESUME SHARE_TYPE COMPRESSION COG NODATA_VALUES "
        "ALLOW_DIFFERENT_VALUES MASK_CLASSES OVERWRITE DRY_RUN",
        "OUTPUT PROBABILITIES UNCERTAINTY APPLICABILITY PREDICTION_SETS PATCHES SECONDS "
        "PATCHES_PER_SECOND APPLICABLE_SHARE DEVICE PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "classifyfolder": (
        "INPUTS INPUT_FOLDER PATTERN MODEL EXTRA_INPUTS OUTPUT_FOLDER LOAD",
        "MASK EXTENT STRIDE FILL MIN_VALID BAND_NAMES RESAMPLING DECISION MMU COVERAGE TTA MC_SAMPLES DEVICE "
        "BACKEND PRECISION BATCH_SIZE EXACT RESUME SHARE_TYPE COMPRESSION COG NODATA_VALUES "
        "ALLOW_DIFFERENT_VALUES MORE MASK_CLASSES OVERWRITE DRY_RUN",
        "OUTPUT_FOLDER MAPS TABLE CLASSIFIED FAILED PATCHES SECONDS PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "styleclassification": (
        "INPUT SCHEME SCHEME_FILE SCHEME_LAYER WRITE",
        "RENAME",
        "OUTPUT CLASSES UNKNOWN",
    ),
    "renameclasses": (
        "INPUT MODEL TABLE OUTPUT OUTPUT_MODEL",
        "OVERWRITE DRY_RUN",
        "OUTPUT OUTPUT_MODEL CHANGED PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "recodemap": (
        "INPUT TABLE LEVEL MASK VALUE OUTPUT CHANGES",
        "FILL_NODATA OVERWRITE DRY_RUN",
        "OUTPUT CHANGES PIXELS CLASSES PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "mosaicmaps": (
        "INPUTS INPUT_FOLDER PATTERN RULE PROBABILITIES DATES OUTPUT TABLE",
        "OVERWRITE DRY_RUN",
        "OUTPUT TABLE PIXELS OVERLAP AGREEMENT PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "inspectsamples": (
        "INPUT EXTRA_INPUTS SAMPLES EXTRA_SAMPLES LABELS CLASS_FIELD NAME_FIELD SCHEME INDICES SUSPECTS "
        "REPORT",
        "UNLABELLED SCHEME_FILE BANDS BAND_NAMES BAND_ROLES RESAMPLING NODATA_VALUES SPLIT SPLIT_FIELD "
        "BLOCK_SIZE MAX_PER_CLASS COUNT SEED REPORT_LANGUAGE OVERWRITE",
        "SUSPECTS REPORT SUSPICIOUS UNITS OVERALL_ACCURACY",
    ),
    "exportmap": (
        "INPUTS TITLE PAPER ORIENTATION SCALE SUBTITLE TEMPLATE REPORT SOURCES OUTPUT",
        "LOGO GRATICULE LOCATOR LOCATOR_LAYER NODATA_ENTRY AREAS ZONES ZONE_FIELD LANGUAGE_2 TITLE_2 NAMES_2 "
        "PROJECT PROJECT_LAYERS ADD_TO_PROJECT WEB_MAP TILES OVERWRITE",
        "OUTPUT PROJECT WEB_MAP TILES SCALE CLASSES PAGES",
    ),
    "suggestsamples": (
        "INPUT EXTRA_INPUTS MODEL SAMPLES CLASS_FIELD NAME_FIELD COUNT MIN_DISTANCE OUTPUT",
        "RESAMPLING BAND_NAMES SEED DEVICE OVERWRITE",
        "OUTPUT POINTS",
    ),
    "samplingdesign": (
        "INPUT SIZE TARGET_ERROR ALLOCATION MIN_PER_CLASS OUTPUT",
        "EXPECTED_ACCURACY SEED OVERWRITE",
        "OUTPUT POINTS EXPECTED_ERROR STRATA_AREAS",
    ),
    "assessaccuracy": (
        "INPUT REFERENCE CLASS_FIELD DESIGN TABLE REPORT",
        "STRATUM_FIELD STRATA_AREAS WEIGHT_FIELD BLOCK_SIZE KAPPA LOCAL_ACCURACY REPORT_LANGUAGE OVERWRITE",
        "OVERALL_ACCURACY OVERALL_ACCURACY_CI TABLE REPORT LOCAL_ACCURACY",
    ),
    "vectorisemap": (
        "INPUT PROBABILITIES SIMPLIFY OUTPUT",
        "OVERWRITE DRY_RUN",
        "OUTPUT POLYGONS AREA_HA PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "classareas": (
        "INPUT ZONES ZONE_FIELD ESTIMATES TABLE OUTPUT REPORT",
        "FRACTIONAL REFERENCE CLASS_FIELD DESIGN STRATUM_FIELD STRATA_AREAS WEIGHT_FIELD "
        "REPORT_LANGUAGE OVERWRITE DRY_RUN",
        "TABLE OUTPUT REPORT AREA_HA ZONE_COUNT PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "comparemaps": (
        "INPUTS REFERENCE CLASS_FIELD DESIGN TITLE FIGURE AGREEMENT TABLE REPORT",
        "STRATUM_FIELD STRATA_AREAS WEIGHT_FIELD BLOCK_SIZE REPORT_LANGUAGE OVERWRITE",
        "FIGURE AGREEMENT TABLE REPORT GAIN P_VALUE",
    ),
    "generalisemap": (
        "INPUT MMU CONNECTIVITY KEEP OUTPUT TABLE",
        "CLASS_MMU MAJORITY THIN PROBABILITIES REFERENCE CLASS_FIELD DESIGN STRATUM_FIELD STRATA_AREAS "
        "WEIGHT_FIELD BLOCK_SIZE OVERWRITE DRY_RUN",
        "OUTPUT TABLE PATCHES_REMOVED PATCHES_LEFT ACCURACY_BEFORE ACCURACY_AFTER REFERENCES PLAN "
        "ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "smoothprobabilities": (
        "PROBABILITIES WINDOW SMOOTHNESS OUTPUT OUTPUT_PROBABILITIES TABLE",
        "NEIGHBOUR_FRACTION OVERWRITE DRY_RUN",
        "OUTPUT OUTPUT_PROBABILITIES TABLE CHANGED PLAN ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "mapchange": (
        "BEFORE AFTER DATES CROSSWALK MMU ZONES ZONE_FIELD OUTPUT STRATA TABLE FIGURE REPORT",
        "GROUPS CONNECTIVITY BEFORE_PROBABILITIES AFTER_PROBABILITIES PROBABILITY BUFFER "
        "STRATA_TRANSITIONS TITLE REPORT_LANGUAGE OVERWRITE DRY_RUN",
        "OUTPUT PROBABILITY STRATA TABLE FIGURE REPORT CHANGE_HA CHANGE_PERCENT PLAN ESTIMATED_SECONDS "
        "ESTIMATED_BYTES",
    ),
    "maptrajectories": (
        "INPUTS INPUT_FOLDER PATTERN DATES FILTERS RULES OUTPUT_FOLDER TABLE REPORT LOAD",
        "FILTER_ORDER FREQUENCY PROBABILITIES REPORT_LANGUAGE OVERWRITE DRY_RUN",
        "MAPS OUTPUT_FOLDER CHANGES FIRST_CHANGE LAST_CHANGE TABLE REPORT CHANGED_PERCENT PLAN "
        "ESTIMATED_SECONDS ESTIMATED_BYTES",
    ),
    "train_classify_assess": (
        "INPUT SAMPLES CLASS_FIELD NAME_FIELD SCHEME ARCHITECTURE REFERENCE REFERENCE_FIELD DESIGN model "
        "training_report map accuracy_report accuracy_table",
        "",
        "model training_report map accuracy_report accuracy_table",
    ),
    "classify_style_export": ("INPUT MODEL SCHEME TITLE REPORT map page", "", "map page"),
    "stack_classify": ("INPUT EXTRA_INPUTS MODEL stack map", "", "stack map"),
    "importmodel": (
        "INPUT SAMPLE_RASTER CLASSES SCHEME PATCH_SIZE BANDS OUTPUT REPORT",
        "MEAN STD DIVISOR NODATA_VALUES REPORT_LANGUAGE OVERWRITE",
        "OUTPUT REPORT ARCHITECTURE CHANNELS CLASS_COUNT TENSORS UNUSED",
    ),
    "modelinfo": ("MODEL", "", "ARCHITECTURE BANDS CLASSES PATCH_SIZE OVERALL_ACCURACY MACRO_F1"),
}


def test_the_provider_lists_exactly_these_algorithms(plugin):
    provider = QgsApplication.processingRegistry().providerById("deeplandcover")
    assert provider.name() == "Deep Land Cover"
    assert {item.name() for item in provider.algorithms()} == set(PUBLIC)
    assert re.fullmatch(r"\d+\.\d+\.\d+", provider.versionInfo())


@pytest.mark.parametrize("name", PUBLIC)
def test_parameters_and_outputs_have_their_public_names(algorithm, name):
    plain, advanced, outputs = (set(text.split()) for text in PUBLIC[name])
    instance = algorithm(name)
    is_advanced = {
        item.name(): bool(item.flags() & Qgis.ProcessingParameterFlag.Advanced)
        for item in instance.parameterDefinitions()
    }
    assert {key for key, value in is_advanced.items() if not value} == plain
    assert {key for key, value in is_advanced.items() if value} == advanced
    assert {item.name() for item in instance.outputDefinitions()} == outputs


@pytest.mark.parametrize("name", PUBLIC)
def test_algorithm_and_every_parameter_have_help(algorithm, name):
    instance = algorithm(name)
    assert instance.shortDescription().endswith(".")
    assert instance.group()
    for definition in instance.parameterDefinitions():
        assert definition.help().endswith("."), definition.name()
        assert definition.description() != definition.name()


HEADINGS = ["Inputs.", "Outputs.", "Typical values.", "Run time.", "Common errors."]


@pytest.mark.parametrize("name", PUBLIC)
def test_help_says_what_for_what_in_what_out_how_long_and_what_may_go_wrong(algorithm, name):
    purpose, *parts = re.findall(r"<p>(.*?)</p>", algorithm(name).shortHelpString())
    assert not purpose.startswith("<b>")
    assert [re.match(r"<b>(.*?)</b> ", part)[1] for part in parts] == HEADINGS
    assert all(part.endswith(".") for part in (purpose, *parts))
    run_time = parts[HEADINGS.index("Run time.")]
    assert not re.search(r"\d ?(seconds|pixels|patches)", run_time) or "AMD EPYC" in run_time


@pytest.mark.parametrize("name", PUBLIC)
def test_enumerations_are_static_strings(algorithm, name):
    instance = algorithm(name)
    for definition in instance.parameterDefinitions():
        if definition.type() == "enum":
            assert definition.usesStaticStrings(), definition.name()
            assert definition.options(), definition.name()


@pytest.mark.parametrize("name", PUBLIC)
def test_lists_of_fields_hang_from_vector_layers_only(algorithm, name):
    # QGIS 3.40 crashes when a dialog offers the fields of what turns out to be a raster.
    instance = algorithm(name)
    for definition in instance.parameterDefinitions():
        if definition.type() == "field":
            parent = instance.parameterDefinition(definition.parentLayerParameterName())
            assert parent.type() == "source", definition.name()


@pytest.mark.parametrize("name", PUBLIC)
def test_icon_can_be_drawn(algorithm, name):
    icon = algorithm(name).icon()
    assert Path(algorithm(name).svgIconPath()).is_file()
    assert not icon.pixmap(24, 24).isNull()


@pytest.mark.parametrize("name", ["trainmodel", "stackfeatures"])
def test_all_indices_are_chosen_by_default(algorithm, name):
    instance = algorithm(name)
    indices = instance.parameterDefinition("INDICES")
    assert indices.defaultValue() == indices.options()
    assert len(indices.options()) == 13


LOADING = """
import json, os, sys
from qgis.core import QgsApplication
application = QgsApplication([], False, os.environ["PROFILE"])
application.initQgis()
sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
sys.path.insert(0, os.environ["PLUGINS"])
from processing.core.Processing import Processing
Processing.initialize()
before = set(sys.modules)
import deep_land_cover
plugin = deep_land_cover.classFactory(None)
plugin.initProcessing()
for listed in plugin.provider.algorithms():
    algorithm = listed.create()
    for definition in algorithm.parameterDefinitions():
        definition.help(), definition.defaultValue(), definition.toVariantMap()
    algorithm.shortHelpString(), algorithm.outputDefinitions(), algorithm.icon()
    del algorithm, listed, definition
print(json.dumps(sorted(set(sys.modules) - before)))
plugin.unload()
"""
HEAVY = {package.module for package in (*PACKAGES, *OPTIONAL_PACKAGES)} | {"asyncio", "concurrent"}


def test_loading_the_plugin_and_listing_its_parameters_imports_nothing_heavy(plugin, tmp_path):
    environment = {**os.environ, "PROFILE": str(tmp_path), "PLUGINS": str(ROOT / ".dev" / "plugins")}
    done = subprocess.run(
        [sys.executable, "-c", LOADING], env=environment, capture_output=True, text=True, check=True
    )
    modules = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("[")))
    assert "deep_land_cover.algorithms.trainmodel" in modules
    assert not {name.partition(".")[0] for name in modules} & HEAVY
    # Their many dataclasses took more time than all the rest.
    assert not [name for name in modules if name.startswith("deep_land_cover.core.tasks.")]


def test_the_desktop_shows_a_picture_of_what_comes_out_and_the_command_line_none(algorithm, monkeypatch):
    from qgis import utils

    from deep_land_cover.algorithms.example_models import EXAMPLE_MODELS

    # Those are pictures themselves.
    names = set(PUBLIC) - {model.ID for model in EXAMPLE_MODELS}
    for name in names:
        assert "<img" not in algorithm(name).shortHelpString()
    monkeypatch.setattr(utils, "iface", object())
    for name in names:
        source = re.search(r'<img src="file://([^"]+)">', algorithm(name).shortHelpString())
        assert source, name
        picture = QImage(source[1])
        assert picture.width() == 224, name
        assert Path(source[1]).stat().st_size <= 40_000, name


def test_numbers_with_a_default_are_shown_with_few_decimals(algorithm):
    design = algorithm("samplingdesign")
    assert design.parameterDefinition("TARGET_ERROR").metadata()["widget_wrapper"]["decimals"] == 4
