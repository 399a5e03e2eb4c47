"""Which variables a child gets."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from deep_land_cover.runtime.process_env import clean_environment, worker_environment


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONEXECUTABLE",
        "PythonPath",
        "__PYVENV_LAUNCHER__",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV_PROMPT",
        "PROJ_LIB",
        "PROJ_DATA",
        "GDAL_DATA",
        "GDAL_DRIVER_PATH",
        "GDAL_CONFIG_FILE",
        "QGIS_PREFIX_PATH",
        "QGIS_PLUGINPATH",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "DYLD_LIBRARY_PATH",
        "DYLD_INSERT_LIBRARIES",
    ],
)
def test_what_qgis_set_for_itself_is_dropped(name):
    assert clean_environment({name: "x", "HOME": "h"}) == {"HOME": "h"}


@pytest.mark.parametrize(
    "name",
    [
        "HOME",
        "PATH",
        "SYSTEMROOT",
        "LOCALAPPDATA",
        "LANG",
        "HTTPS_PROXY",
        "no_proxy",
        "PIP_INDEX_URL",
        "PIP_CERT",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
        "CUDA_VISIBLE_DEVICES",
        "OMP_NUM_THREADS",
        "AWS_ACCESS_KEY_ID",
        "AZURE_STORAGE_ACCOUNT",
        "CPL_GS_CREDENTIALS_FILE",
        "AWS_S3_ENDPOINT",
        "AWS_NO_SIGN_REQUEST",
        "VSI_CACHE",
        "GDAL_HTTP_TIMEOUT",
        "GDAL_HTTP_PROXY",
        "gdal_http_userpwd",
        "GDAL_HTTPS_PROXY",
        "GDAL_PROXY_AUTH",
        "GDAL_CACHEMAX",
        "GDAL_DISABLE_READDIR_ON_OPEN",
        "TMPDIR",
    ],
)
def test_what_the_user_set_is_kept(name):
    assert clean_environment({name: "x"}) == {name: "x"}


@pytest.mark.medium
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only GNU's C library has these settings")
def test_a_worker_uses_its_memory_again_instead_of_asking_for_more():
    code = (
        "import resource\n"
        "for _ in range(20): [b'x' * (8 << 20) for _ in range(10)]\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)"
    )
    faults = []
    for environment in (clean_environment(os.environ), worker_environment(os.environ)):
        shown = subprocess.run([sys.executable, "-I", "-c", code], env=environment, capture_output=True)
        faults.append(int(shown.stdout))
    # 20 times 80 MB are 400,000 pages of 4 kB, of which a twentieth is enough.
    assert faults[1] < faults[0] / 5


def test_what_the_user_says_of_memory_stays_and_other_libraries_are_left_alone():
    assert worker_environment({"MALLOC_TOP_PAD_": "1"}, "glibc")["MALLOC_TOP_PAD_"] == "1"
    assert worker_environment({"HOME": "/"}, "musl") == {"HOME": "/", "OMP_WAIT_POLICY": "PASSIVE"}


def test_threads_that_wait_do_not_keep_a_processor_unless_the_user_says_so():
    assert worker_environment({}, "glibc")["OMP_WAIT_POLICY"] == "PASSIVE"
    assert worker_environment({"OMP_WAIT_POLICY": "ACTIVE"}, "glibc")["OMP_WAIT_POLICY"] == "ACTIVE"
