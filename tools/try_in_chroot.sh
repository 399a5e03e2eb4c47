#!/usr/bin/env bash
# Try the plugin's zip with the QGIS and Python of Debian testing, on a Debian machine, as root. The folder
# becomes a Debian of 2.5 GB, and is used again where it is one; the try itself needs 6 GB more for a while.
set -euo pipefail

folder=${1:?usage: tools/try_in_chroot.sh FOLDER ZIP}
zip=${2:?usage: tools/try_in_chroot.sh FOLDER ZIP}
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The mirror that this machine uses, whichever that is.
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v codename="$codename" '$1 == codename { print $2; exit }')

[ -e "$folder/etc/debian_version" ] || debootstrap --variant=minbase testing "$folder" "$mirror"
folder=$(cd "$folder" && pwd -P)
trap 'umount "$folder/proc" "$folder/dev"' EXIT
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
install -m 755 "$tools/try_package.sh" "$folder/try/try_package.sh"
chroot "$folder" /try/try_package.sh /try/plugin.zip
