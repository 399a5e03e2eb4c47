#!/usr/bin/env bash
# Try the plugin's zip as a new user would: in an empty profile of this machine's QGIS, with the environment
# that the plugin sets up itself (unless DEEP_LAND_COVER_PYTHON names one), to a classified map. Leaves nothing.
set -euo pipefail

zip=$(realpath "${1:?usage: tools/try_package.sh ZIP}")
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME=$home XDG_RUNTIME_DIR=$home QT_QPA_PLATFORM=offscreen QT_LOGGING_RULES='*=false'
unset QGIS_PLUGINPATH PYTHONPATH PYTHONHOME VIRTUAL_ENV XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME

run() {
    printf '\n== %s\n' "$*" >&2
    qgis_process run "deeplandcover:$1" -- "${@:2}"
}

cd "$home"
plugins=$home/.local/share/QGIS/QGIS3/profiles/default/python/plugins
mkdir -p "$plugins"
python3 -m zipfile -e "$zip" "$plugins"
qgis_process --version | head -n 1
qgis_process plugins enable deep_land_cover
[ -n "${DEEP_LAND_COVER_PYTHON-}" ] || run setupenvironment BUILD=auto
run createdemo OUTPUT_FOLDER=. SEED=1
training=(INPUT=demo_scene.tif SAMPLES=demo_training.geojson CLASS_FIELD=class NAME_FIELD=name SCHEME=jambi MAX_PER_CLASS=60)
run trainmodel "${training[@]}" ARCHITECTURE=random_forest OUTPUT=trees.skops REPORT=report.html
run trainmodel "${training[@]}" ARCHITECTURE=resnet18 PATCH_SIZE=8 EPOCHS=2 OUTPUT=network.safetensors
for model in trees.skops network.safetensors; do
    run classifyraster INPUT=demo_scene.tif MODEL="$model" STRIDE=4 OUTPUT="${model%.*}.tif"
    run assessaccuracy INPUT="${model%.*}.tif" REFERENCE=demo_reference.tif REPORT="${model%.*}.html"
done
ls -l
printf '\nIt works.\n'
