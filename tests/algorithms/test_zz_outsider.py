import os
import traceback

import pytest

pytestmark = pytest.mark.qgis
A = "/tmp/maps_out/awk/"


def test_all(run, tmp_path):
    T = str(tmp_path) + "/"
    n = [0]
    log = open("/tmp/maps_out/outsider2.txt", "a")

    def go(what, name, **p):
        n[0] += 1
        sub = T + str(n[0]) + "/"
        os.mkdir(sub)
        q = {k: (v.replace("@", sub) if isinstance(v, str) else v) for k, v in p.items()}
        try:
            d = run(name, q)
            s = "OK " if d.succeeded else "NO "
            text = d.log
            extra = str(d.results)
        except Exception:
            s = "EXC"
            text = traceback.format_exc()
            extra = ""
        left = sorted(os.listdir(sub))
        tail = " | ".join([l for l in text.strip().split("\n") if l.strip()][-4:])
        flag = " <<<TRACE" if "Traceback" in text else ""
        if s == "NO " and left:
            flag += " <<<LEFT " + str(left)
        print(f"[{s}] {name}: {what}{flag}\n      {tail[:900]}", file=log, flush=True)
        return d

    which = os.environ.get("WHICH", "")
    maps = [
        "map.tif",
        "holes.tif",
        "float.tif",
        "fraction.tif",
        "one.tif",
        "oneun.tif",
        "pixel.tif",
        "empty.tif",
        "int64ish.tif",
        "negative.tif",
        "pal.png",
        "pal_nocrs.png",
        "map_4326.tif",
        "map_3857.tif",
    ]
    open(T + "r.csv", "w").write("value,name,color\n1,Crop,#FF0000\n")
    open(T + "rr.csv", "w").write("from;to;name\n1;2;\n3;9;Nine\n")
    open(T + "rn.csv", "w").write("value,old_name,name\n3,Bare soil,Soil\n")
    bad = {"ro": "/proc/o", "none": T + "nofolder/o"}
    if "gen" in which or not which:
        for m in maps:
            go(m, "generalisemap", INPUT=A + m, MMU=0.5, OUTPUT="@o.tif", TABLE="@t.csv")
        go(
            "ref other crs raster",
            "generalisemap",
            INPUT=A + "map.tif",
            REFERENCE=A + "map_32637.tif",
            OUTPUT="@o.tif",
        )
        go("huge mmu", "generalisemap", INPUT=A + "map.tif", MMU=1e9, OUTPUT="@o.tif")
        go(
            "thin majority",
            "generalisemap",
            INPUT=A + "holes.tif",
            MMU=1,
            MAJORITY=3,
            THIN=3,
            OUTPUT="@o.tif",
        )
        go(
            "thin majority 1 pixel",
            "generalisemap",
            INPUT=A + "pixel.tif",
            MMU=1,
            MAJORITY=15,
            THIN=15,
            OUTPUT="@o.tif",
        )
        go("keep unknown", "generalisemap", INPUT=A + "map.tif", KEEP="Rocks", OUTPUT="@o.tif")
        go(
            "prob of other",
            "generalisemap",
            INPUT=A + "map_4326.tif",
            PROBABILITIES=A + "prob.tif",
            OUTPUT="@o.tif",
        )
        go(
            "prob with holes map",
            "generalisemap",
            INPUT=A + "holes.tif",
            PROBABILITIES=A + "prob.tif",
            OUTPUT="@o.tif",
        )
        go("same file", "generalisemap", INPUT=A + "map.tif", OUTPUT=A + "map.tif", OVERWRITE=True)
        for k, b in bad.items():
            go(k, "generalisemap", INPUT=A + "map.tif", OUTPUT=b + ".tif")
        go("wrong ending", "generalisemap", INPUT=A + "map.tif", OUTPUT="@o.xyz")
    if "smo" in which or not which:
        for m in ("prob.tif", "map.tif", "pixel.tif", "fraction.tif"):
            go(
                m,
                "smoothprobabilities",
                PROBABILITIES=A + m,
                OUTPUT="@o.tif",
                OUTPUT_PROBABILITIES="@p.tif",
                TABLE="@t.csv",
            )
        go("same", "smoothprobabilities", PROBABILITIES=A + "prob.tif", OUTPUT=A + "prob.tif", OVERWRITE=True)
        go(
            "same p",
            "smoothprobabilities",
            PROBABILITIES=A + "prob.tif",
            OUTPUT="@o.tif",
            OUTPUT_PROBABILITIES=A + "prob.tif",
            OVERWRITE=True,
        )
        go("ro", "smoothprobabilities", PROBABILITIES=A + "prob.tif", OUTPUT="/proc/o.tif")
        go("window 2", "smoothprobabilities", PROBABILITIES=A + "prob.tif", WINDOW=2, OUTPUT="@o.tif")
        go(
            "smoothness text",
            "smoothprobabilities",
            PROBABILITIES=A + "prob.tif",
            SMOOTHNESS="a lot",
            OUTPUT="@o.tif",
        )
    if "vec" in which or not which:
        for m in maps:
            go(m, "vectorisemap", INPUT=A + m, OUTPUT="@o.gpkg")
        for m in ("holes.tif", "one.tif", "pixel.tif", "map_4326.tif"):
            go("simplify " + m, "vectorisemap", INPUT=A + m, SIMPLIFY=30, OUTPUT="@o.kml")
        go("ro", "vectorisemap", INPUT=A + "map.tif", OUTPUT="/proc/o.gpkg")
        go("shp", "vectorisemap", INPUT=A + "map.tif", OUTPUT="@o.shp")
        go("geojson", "vectorisemap", INPUT=A + "map.tif", OUTPUT="@o.geojson")
        go("zones as out", "vectorisemap", INPUT=A + "map.tif", OUTPUT=A + "zones.gpkg")
        go("prob other", "vectorisemap", INPUT=A + "east.tif", PROBABILITIES=A + "prob.tif", OUTPUT="@o.gpkg")
        go("prob", "vectorisemap", INPUT=A + "holes.tif", PROBABILITIES=A + "prob.tif", OUTPUT="@o.gpkg")
    if "are" in which or not which:
        for m in maps:
            go(m, "classareas", INPUT=A + m, TABLE="@t.csv", REPORT="@r.html")
        for z in ("zones", "world", "huge", "none", "far", "tiny", "bow", "null"):
            go(
                "zones " + z,
                "classareas",
                INPUT=A + "map.tif",
                ZONES=A + z + ".gpkg",
                ZONE_FIELD="zone",
                TABLE="@t.csv",
                OUTPUT="@z.gpkg",
                REPORT="@r.html",
            )
        go(
            "zones world fractional",
            "classareas",
            INPUT=A + "map.tif",
            ZONES=A + "world.gpkg",
            FRACTIONAL=True,
            TABLE="@t.csv",
        )
        go(
            "tiny fractional",
            "classareas",
            INPUT=A + "map.tif",
            ZONES=A + "tiny.gpkg",
            FRACTIONAL=True,
            TABLE="@t.csv",
        )
        go("zones on pixel", "classareas", INPUT=A + "pixel.tif", ZONES=A + "zones.gpkg", TABLE="@t.csv")
        go(
            "zones=out",
            "classareas",
            INPUT=A + "map.tif",
            ZONES=A + "zones.gpkg",
            OUTPUT=A + "zones.gpkg",
            OVERWRITE=True,
        )
        go(
            "field unknown",
            "classareas",
            INPUT=A + "map.tif",
            ZONES=A + "zones.gpkg",
            ZONE_FIELD="district",
            TABLE="@t.csv",
        )
        go("estimates wrong", "classareas", INPUT=A + "map.tif", ESTIMATES=T + "r.csv", TABLE="@t.csv")
        go("ro", "classareas", INPUT=A + "map.tif", TABLE="/proc/t.csv")
        go("none", "classareas", INPUT=A + "map.tif", TABLE=T + "nofolder/t.csv")
        go("table is input", "classareas", INPUT=A + "map.tif", TABLE=A + "map.tif")
    if "cha" in which or not which:
        for m in maps:
            go(
                "after " + m,
                "mapchange",
                BEFORE=A + "map.tif",
                AFTER=A + m,
                OUTPUT="@o.tif",
                TABLE="@t.csv",
                REPORT="@r.html",
                STRATA="@s.tif",
            )
        for m in ("holes.tif", "pixel.tif", "pal_nocrs.png", "float.tif"):
            go(
                "before " + m,
                "mapchange",
                BEFORE=A + m,
                AFTER=A + "map.tif",
                OUTPUT="@o.tif",
                MMU=1,
                TABLE="@t.csv",
            )
        go(
            "same maps",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "map.tif",
            OUTPUT="@o.tif",
            TABLE="@t.csv",
            REPORT="@r.html",
            FIGURE="@f.png",
            STRATA="@s.tif",
        )
        for z in ("world", "none", "far", "tiny", "null"):
            go(
                "zones " + z,
                "mapchange",
                BEFORE=A + "map.tif",
                AFTER=A + "later.tif",
                ZONES=A + z + ".gpkg",
                ZONE_FIELD="zone",
                TABLE="@t.csv",
                REPORT="@r.html",
            )
        go(
            "out=in",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "later.tif",
            OUTPUT=A + "later.tif",
            OVERWRITE=True,
        )
        go("ro", "mapchange", BEFORE=A + "map.tif", AFTER=A + "later.tif", OUTPUT="/proc/o.tif")
        go(
            "crosswalk wrong",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "later.tif",
            CROSSWALK=T + "r.csv",
            TABLE="@t.csv",
        )
        go(
            "dates",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "later.tif",
            DATES="2010,2001",
            TABLE="@t.csv",
        )
        go(
            "prob",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "later.tif",
            BEFORE_PROBABILITIES=A + "prob.tif",
            AFTER_PROBABILITIES=A + "prob.tif",
            PROBABILITY="@p.tif",
            TABLE="@t.csv",
        )
        go(
            "prob is map",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER=A + "later.tif",
            BEFORE_PROBABILITIES=A + "map.tif",
            AFTER_PROBABILITIES=A + "prob.tif",
            PROBABILITY="@p.tif",
            TABLE="@t.csv",
        )
        go(
            "far apart",
            "mapchange",
            BEFORE=A + "map.tif",
            AFTER="/work/shared/data/awkward/red.tif",
            TABLE="@t.csv",
        )
    if "tra" in which or not which:
        t = dict(OUTPUT_FOLDER="@out", TABLE="@t.csv", REPORT="@r.html")
        go(
            "three",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "later.tif", A + "holes.tif"],
            DATES="2000,2005,2010",
            **t,
        )
        go(
            "pixel first",
            "maptrajectories",
            INPUTS=[A + "pixel.tif", A + "later.tif", A + "map.tif"],
            DATES="2000,2005,2010",
            **t,
        )
        go(
            "other crs",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "map_4326.tif", A + "map_32637.tif"],
            DATES="2000,2005,2010",
            **t,
        )
        go("no dates", "maptrajectories", INPUTS=[A + "map.tif", A + "later.tif", A + "holes.tif"], **t)
        go("two", "maptrajectories", INPUTS=[A + "map.tif", A + "later.tif"], DATES="2000,2001", **t)
        go("one", "maptrajectories", INPUTS=[A + "map.tif"], DATES="2000", **t)
        go(
            "fraction",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "fraction.tif", A + "later.tif"],
            DATES="2000,2001,2002",
            **t,
        )
        go(
            "empty",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "empty.tif", A + "later.tif"],
            DATES="2000,2001,2002",
            **t,
        )
        go(
            "png",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "pal.png", A + "later.tif"],
            DATES="2000,2001,2002",
            FILTERS=["gap_fill"],
            **t,
        )
        go(
            "wrong dates",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "later.tif", A + "holes.tif"],
            DATES="2000,x",
            **t,
        )
        go(
            "ro",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "later.tif", A + "holes.tif"],
            DATES="2000,2001,2002",
            OUTPUT_FOLDER="/proc/out",
        )
        go(
            "rules",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "later.tif", A + "holes.tif"],
            DATES="2000,2001,2002",
            RULES=T + "r.csv",
            **t,
        )
        go(
            "missing",
            "maptrajectories",
            INPUTS=[A + "map.tif", A + "nothing.tif", A + "holes.tif"],
            DATES="2000,2001,2002",
            **t,
        )
    if "ren" in which or not which:
        for m in maps:
            go(m, "renameclasses", INPUT=A + m, TABLE=T + "rn.csv", OUTPUT="@o.tif")
        go(
            "same",
            "renameclasses",
            INPUT=A + "map.tif",
            TABLE=T + "rn.csv",
            OUTPUT=A + "map.tif",
            OVERWRITE=True,
        )
        go("ro", "renameclasses", INPUT=A + "map.tif", TABLE=T + "rn.csv", OUTPUT="/proc/o.tif")
        go("no table", "renameclasses", INPUT=A + "map.tif", TABLE=T + "nothing.csv", OUTPUT="@o.tif")
        go("tif table", "renameclasses", INPUT=A + "map.tif", TABLE=A + "map.tif", OUTPUT="@o.tif")
        go("no args", "renameclasses", INPUT=A + "map.tif", OUTPUT="@o.tif")
    if "rec" in which or not which:
        for m in maps:
            go(m, "recodemap", INPUT=A + m, TABLE=T + "rr.csv", OUTPUT="@o.tif", CHANGES="@c.csv")
        go("same", "recodemap", INPUT=A + "map.tif", TABLE=T + "rr.csv", OUTPUT=A + "map.tif", OVERWRITE=True)
        for z in ("world", "none", "far", "null", "bow"):
            go(
                "mask " + z,
                "recodemap",
                INPUT=A + "map.tif",
                MASK=A + z + ".gpkg",
                VALUE="3",
                OUTPUT="@o.tif",
            )
        go(
            "mask raster crs",
            "recodemap",
            INPUT=A + "map.tif",
            MASK=A + "map_4326.tif",
            VALUE="3",
            OUTPUT="@o.tif",
        )
        go(
            "value text",
            "recodemap",
            INPUT=A + "map.tif",
            MASK=A + "zones.gpkg",
            VALUE="water",
            OUTPUT="@o.tif",
        )
        go("ro", "recodemap", INPUT=A + "map.tif", TABLE=T + "rr.csv", OUTPUT="/proc/o.tif")
        go("nothing", "recodemap", INPUT=A + "map.tif", OUTPUT="@o.tif")
    if "mos" in which or not which:
        for m in maps + ["east.tif"]:
            go("map + " + m, "mosaicmaps", INPUTS=[A + "map.tif", A + m], OUTPUT="@o.tif", TABLE="@t.csv")
        go("one", "mosaicmaps", INPUTS=[A + "map.tif"], OUTPUT="@o.tif")
        go("same twice", "mosaicmaps", INPUTS=[A + "map.tif", A + "map.tif"], OUTPUT="@o.tif")
        go(
            "same out",
            "mosaicmaps",
            INPUTS=[A + "map.tif", A + "east.tif"],
            OUTPUT=A + "east.tif",
            OVERWRITE=True,
        )
        go("ro", "mosaicmaps", INPUTS=[A + "map.tif", A + "east.tif"], OUTPUT="/proc/o.tif")
        go("far", "mosaicmaps", INPUTS=[A + "map.tif", "/work/shared/data/awkward/red.tif"], OUTPUT="@o.tif")
        go("date", "mosaicmaps", INPUTS=[A + "map.tif", A + "east.tif"], RULE="date", OUTPUT="@o.tif")
        go(
            "prob too few",
            "mosaicmaps",
            INPUTS=[A + "map.tif", A + "east.tif"],
            RULE="probability",
            PROBABILITIES=[A + "prob.tif"],
            OUTPUT="@o.tif",
        )
    if "com" in which or not which:
        for m in (
            "holes.tif",
            "float.tif",
            "pixel.tif",
            "map_4326.tif",
            "one.tif",
            "fraction.tif",
            "pal_nocrs.png",
        ):
            go(m, "comparemaps", INPUTS=[A + "map.tif", A + m], TABLE="@t.csv", REPORT="@r.html")
