#!/usr/bin/env bash
# Try the plugin's zip as a new user would: in an empty profile of this machine's QGIS, with the environment
# that the plugin sets up itself (unless DEEP_LAND_COVER_PYTHON names one), to a classified map. Leaves nothing.
#
# With a folder, the same with the QGIS and Python of Debian testing, on a Debian machine, as root. The folder
# becomes a Debian of 2.5 GB, and is used again where it is one; the try itself needs 6 GB more for a while.
set -euo pipefail

usage="usage: tools/try_package.sh ZIP [FOLDER]"
zip=$(realpath "${1:?$usage}")
script=$(realpath "${BASH_SOURCE[0]}")

in_debian_testing() {
    local folder=$1 codename mirror
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # The mirror that this machine uses, whichever that is.
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v codename="$codename" '$1 == codename { print $2; exit }')

    [ -e "$folder/etc/debian_version" ] || debootstrap --variant=minbase testing "$folder" "$mirror"
    folder=$(cd "$folder" && pwd -P)
    # In double quotes, because the name is this function's own.
    trap "umount '$folder/proc' '$folder/dev'" EXIT
    mount --bind /proc "$folder/proc"
    mount --bind /dev "$folder/dev"

    # What this machine knows of names, certificates, apt and pip holds there, too.
    carry() { [ ! -f "$1" ] || install -D -m 644 "$1" "$folder$1"; }
    for file in /etc/resolv.conf /etc/pip.conf /etc/ssl/certs/ca-certificates.crt \
        "${PIP_CERT-}" "${SSL_CERT_FILE-}" "${REQUESTS_CA_BUNDLE-}" "$(pip config get global.cert 2>/dev/null || true)"; do
        carry "$file"
    done
    apt-config dump | grep -E '^Acquire::(http|https|Check-Valid)' >"$folder/etc/apt/apt.conf.d/90carried" || true

    if [ ! -x "$folder/usr/bin/qgis_process" ]; then
        chroot "$folder" apt-get update -q
        DEBIAN_FRONTEND=noninteractive chroot "$folder" apt-get install -y -q --no-install-recommends \
            qgis python3-qgis python3-venv ca-certificates
    fi
    install -D -m 644 "$zip" "$folder/try/plugin.zip"
    install -m 755 "$script" "$folder/try/try_package.sh"
    chroot "$folder" /try/try_package.sh /try/plugin.zip
}

if [ $# -gt 1 ]; then
    in_debian_testing "$2"
    exit
fi

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
