<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="id" sourcelanguage="en">
<context>
    <name>DeepLandCover</name>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <location filename="../../core/inference/tile_store.py"/>
        <location filename="../../core/marks.py"/>
        <location filename="../../plugin.py"/>
        <source>Deep Land Cover</source>
        <translation>Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Classify the active raster layer…</source>
        <translation>Klasifikasikan layer raster aktif…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Train on the active layer…</source>
        <translation>Latih dengan layer aktif…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Assess the active map…</source>
        <translation>Uji akurasi peta aktif…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Apply colours to the active map…</source>
        <translation>Terapkan warna pada peta aktif…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Export the active map as a page…</source>
        <translation>Ekspor peta aktif sebagai halaman…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Set up the environment…</source>
        <translation>Siapkan lingkungan…</translation>
    </message>
    <message>
        <location filename="../../plugin.py"/>
        <source>Classify with Deep Land Cover…</source>
        <translation>Klasifikasikan dengan Deep Land Cover…</translation>
    </message>
    <message>
        <location filename="../../algorithms/set_up_link.py"/>
        <location filename="../../plugin.py"/>
        <source>Set up now</source>
        <translation>Siapkan sekarang</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Assess accuracy and area</source>
        <translation>Uji akurasi dan luas</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Compares a class map with reference points, polygons or a raster; estimates accuracy and areas.</source>
        <translation>Membandingkan peta kelas dengan titik, poligon, atau raster acuan; mengestimasi akurasi dan luas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../algorithms/samplingdesign.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Accuracy</source>
        <translation>Akurasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <location filename="../../core/reporting/assessment_page.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <source>accuracy</source>
        <translation>akurasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>confusion matrix</source>
        <translation>matriks konfusi</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>error matrix</source>
        <translation>matriks kesalahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>area estimation</source>
        <translation>estimasi luas</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <location filename="../../algorithms/samplingdesign.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <location filename="../../core/samples/split_design.py"/>
        <source>validation</source>
        <translation>validasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>kappa</source>
        <translation>kappa</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>olofsson</source>
        <translation>olofsson</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;Estimates the accuracy of a class map and the areas of its classes, with 95 % intervals.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Mengestimasi akurasi peta kelas dan luas kelas-kelasnya, dengan selang 95 %.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; Any raster of class values, made with this plugin or not, and a reference: points or polygons with a class field, or another class raster. Points of &lt;b&gt;Sampling design&lt;/b&gt; are recognised with their strata. For other points choose the sampling design: only a probability sample allows estimates for the whole map and for areas. For polygons, rasters and points without a design, intervals are found by resampling whole polygons or blocks, and no areas are estimated.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster nilai kelas apa pun, dibuat dengan plugin ini atau tidak, dan sebuah acuan: titik atau poligon dengan kolom kelas, atau raster kelas lain. Titik dari &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt; dikenali beserta stratanya. Untuk titik lain pilih rancangan pengambilan sampelnya: hanya sampel berpeluang yang memungkinkan estimasi untuk seluruh peta dan untuk luas. Untuk poligon, raster, dan titik tanpa rancangan, selang diperoleh dengan menarik ulang poligon atau blok utuh, dan luas tidak diestimasi.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; Overall, user’s and producer’s accuracy, F1 and IoU, the confusion matrix in counts and in area proportions, and estimated areas (Olofsson et al. 2014, Stehman 2014). Wilson’s interval with the effective sample size is given besides the plain one; it is better for rare classes. The log and the report count references that lie on unclassified pixels, lie outside the map, or are given twice. They also count references on the pixels that the model of the map was trained with; from 1 % on, this is the first warning.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Akurasi keseluruhan, akurasi pengguna dan pembuat, F1 dan IoU, matriks kekeliruan dalam jumlah dan dalam proporsi luas, serta luas estimasi (Olofsson et al. 2014, Stehman 2014). Selang Wilson dengan ukuran sampel efektif diberikan di samping selang biasa; selang ini lebih baik untuk kelas langka. Log dan laporan menghitung acuan yang terletak pada piksel tak terklasifikasi, di luar peta, atau yang diberikan dua kali. Keduanya juga menghitung acuan pada piksel yang dipakai melatih model peta; mulai 1 %, hal itu menjadi peringatan pertama.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; Draw points with &lt;b&gt;Sampling design&lt;/b&gt;, at least 50 per class, label them, and assess with the defaults.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Tarik titik dengan &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt;, sedikitnya 50 per kelas, labeli, dan uji dengan nilai bawaan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; The map is read once to count its classes, and again where the reference is a raster: about 3 seconds for the demo scene with the start of QGIS and a report, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Peta dibaca satu kali untuk menghitung kelas-kelasnya, dan sekali lagi bila acuannya raster: sekitar 3 detik untuk citra demo termasuk memulai QGIS dan laporan, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;None of the reference&apos;s classes … is one of the map&apos;s&lt;/i&gt;: the class field holds other codes or spellings. &lt;i&gt;The class … is the name of several classes of the map&lt;/i&gt;: choose a field of class values. &lt;i&gt;None of the … reference features lies in the map&lt;/i&gt;: they cover different areas. &lt;i&gt;The reference is the map itself&lt;/i&gt;: choose one that was not made from the map. &lt;i&gt;DESIGN is …, but … is empty&lt;/i&gt;: &lt;code&gt;stratified_other&lt;/code&gt; needs STRATUM_FIELD and STRATA_AREAS, &lt;code&gt;weights&lt;/code&gt; needs WEIGHT_FIELD.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Tidak ada kelas acuan … yang merupakan kelas peta&lt;/i&gt;: kolom kelas berisi kode atau ejaan lain. &lt;i&gt;Kelas … pada acuan merupakan nama beberapa kelas peta&lt;/i&gt;: pilih kolom nilai kelas. &lt;i&gt;Tidak ada dari … fitur acuan yang terletak di dalam peta&lt;/i&gt;: keduanya mencakup area yang berbeda. &lt;i&gt;Acuannya adalah peta itu sendiri&lt;/i&gt;: pilih acuan yang tidak dibuat dari peta. &lt;i&gt;DESIGN adalah …, tetapi … kosong&lt;/i&gt;: &lt;code&gt;stratified_other&lt;/code&gt; memerlukan STRATUM_FIELD dan STRATA_AREAS, &lt;code&gt;weights&lt;/code&gt; memerlukan WEIGHT_FIELD.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Map to assess</source>
        <translation>Peta yang diuji</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>A raster of class values. Names and colours are read from its attribute or colour table.</source>
        <translation>Raster nilai kelas. Nama dan warna dibaca dari tabel atribut atau tabel warnanya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>It is also the size of the blocks of LOCAL_ACCURACY. For a reference of points or polygons, 0 gives blocks with about thirty references on average.</source>
        <translation>Ini juga ukuran blok LOCAL_ACCURACY. Untuk acuan berupa poligon atau titik, 0 menghasilkan blok dengan rata-rata sekitar tiga puluh acuan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Cohen’s kappa</source>
        <translation>Kappa Cohen</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Adds Cohen’s kappa to the report. It compares with an agreement by chance that has no meaning for maps (Pontius and Millones 2011), so it is off by default.</source>
        <translation>Menambahkan kappa Cohen ke laporan. Kappa membandingkan dengan kesesuaian kebetulan yang tidak bermakna bagi peta (Pontius dan Millones 2011), karena itu bawaannya nonaktif.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Table of classes</source>
        <translation>Tabel kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>CSV files (*.csv)</source>
        <translation>Berkas CSV (*.csv)</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>CSV with a row per class: mapped area, user’s and producer’s accuracy, and estimated area with intervals.</source>
        <translation>CSV dengan satu baris per kelas: luas terpetakan, akurasi pengguna dan pembuat, serta luas estimasi dengan selang.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Columns that end in _ci hold half the plain 95 % interval, those in _low and _high the ends of Wilson’s interval.</source>
        <translation>Kolom yang berakhiran _ci memuat setengah selang 95 % biasa, kolom _low dan _high memuat ujung-ujung selang Wilson.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Local accuracy</source>
        <translation>Akurasi lokal</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>GeoTIFF (.tif) of the accuracy in blocks of BLOCK_SIZE: overall accuracy, then user’s and producer’s accuracy of each class in a band each. Blocks with fewer than ten references are nodata.</source>
        <translation>GeoTIFF (.tif) akurasi dalam blok BLOCK_SIZE: akurasi keseluruhan, lalu akurasi pengguna dan pembuat setiap kelas, masing-masing satu band. Blok dengan kurang dari sepuluh acuan adalah nodata.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Points count by their sampling design. The layer opens styled.</source>
        <translation>Titik dihitung menurut rancangan pengambilan sampelnya. Layer terbuka dengan gaya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <location filename="../../algorithms/exportmap.py"/>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>Accuracy report</source>
        <translation>Laporan akurasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>HTML page with all figures, tables to paste into a manuscript, and cautions. It needs no other file.</source>
        <translation>Halaman HTML dengan semua angka, tabel untuk ditempel ke naskah, dan peringatan. Halaman ini tidak memerlukan berkas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Overall accuracy (0 to 1)</source>
        <translation>Akurasi keseluruhan (0 sampai 1)</translation>
    </message>
    <message>
        <location filename="../../algorithms/assessaccuracy.py"/>
        <source>Half the 95 % interval of overall accuracy</source>
        <translation>Setengah selang kepercayaan 95 % akurasi keseluruhan</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>land cover</source>
        <translation>tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>deep learning</source>
        <translation>deep learning</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>The output {name} was requested, but not written</source>
        <translation>Keluaran {name} diminta, tetapi tidak ditulis</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>Run the tool without this output, and report it as a fault of the plugin.</source>
        <translation>Jalankan alat tanpa keluaran ini, dan laporkan sebagai kesalahan plugin.</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>The same for programs</source>
        <translation>Hal yang sama untuk program</translation>
    </message>
    <message>
        <location filename="../../algorithms/base.py"/>
        <source>Its pictures</source>
        <translation>Gambar-gambarnya</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Classify many rasters</source>
        <translation>Klasifikasikan banyak raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Makes a styled land-cover map of each raster of a folder or list, with one model.</source>
        <translation>Membuat peta tutupan lahan bergaya dari setiap raster dalam folder atau daftar, dengan satu model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../algorithms/exportmap.py"/>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Maps</source>
        <translation>Peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>classify</source>
        <translation>klasifikasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>batch</source>
        <translation>batch</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../tools/make_reference.py"/>
        <source>folder</source>
        <translation>folder</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>many</source>
        <translation>banyak</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>predict</source>
        <translation>prediksi</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>inference</source>
        <translation>inferensi</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>map</source>
        <translation>peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>time series</source>
        <translation>deret waktu</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;Classifies many rasters with one model, each as &lt;b&gt;Classify a raster&lt;/b&gt; does. The model is loaded once, so it is faster than single runs, above all without the desktop.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Mengklasifikasikan banyak raster dengan satu model, masing-masing seperti &lt;b&gt;Klasifikasikan raster&lt;/b&gt;. Model dimuat satu kali, sehingga lebih cepat daripada proses tunggal, terutama tanpa desktop.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A list of rasters, or a folder and a pattern of file names. Extents, sizes and coordinate reference systems may differ; each raster needs the bands of the model. Extra rasters, mask and extent are the same for all.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Daftar raster, atau folder dan pola nama berkas. Cakupan, ukuran, dan sistem referensi koordinat boleh berbeda; setiap raster memerlukan band-band model. Raster tambahan, mask, dan cakupan sama untuk semua.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A map for each raster, named after its file. Where files of different folders have the same name, the names of their maps contain the folders. &lt;code&gt;summary.csv&lt;/code&gt; has a row per raster: map, patches, seconds, patches per second, device, backend, precision and error. An earlier map is replaced when the new one is complete. A file that was not written by this tool is kept, and its raster counts as failed, unless OVERWRITE is on.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Satu peta untuk setiap raster, dinamai menurut berkasnya. Bila berkas dari folder berbeda bernama sama, nama petanya memuat foldernya. &lt;code&gt;summary.csv&lt;/code&gt; memuat satu baris per raster: peta, patch, detik, patch per detik, perangkat, backend, presisi, dan kesalahan. Peta sebelumnya diganti ketika yang baru lengkap. Berkas yang tidak ditulis oleh alat ini dipertahankan, dan rasternya dihitung gagal, kecuali OVERWRITE aktif.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The defaults of the advanced parameters. Test the model on one raster first.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Nilai bawaan parameter lanjutan. Uji model pada satu raster terlebih dahulu.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; That of &lt;b&gt;Classify a raster&lt;/b&gt; for each raster, without the repeated start of the worker: the first tile of a new worker took 9.6 seconds, that of a warm one 0.12, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Waktu &lt;b&gt;Klasifikasikan raster&lt;/b&gt; untuk setiap raster, tanpa memulai worker berulang kali: petak pertama worker baru memerlukan 9,6 detik, petak worker yang sudah berjalan 0,12, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; A raster that cannot be classified is named in the log and in the table, and the run continues with the others; it fails only where all rasters failed. Cancel ends the run and keeps the finished maps. The same run, started again, makes all maps again and resumes the raster that was interrupted. &lt;i&gt;No file in the folder fits the pattern&lt;/i&gt;: write for example &lt;code&gt;*.img&lt;/code&gt;, or &lt;code&gt;**/*.tif&lt;/code&gt; for subfolders.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; Raster yang tidak dapat diklasifikasikan disebutkan dalam log dan tabel, dan proses berlanjut dengan yang lain; proses gagal hanya bila semua raster gagal. Batal mengakhiri proses dan mempertahankan peta yang selesai. Proses yang sama, bila dijalankan lagi, membuat semua peta lagi dan melanjutkan raster yang terhenti. &lt;i&gt;Tidak ada berkas di folder yang cocok dengan pola&lt;/i&gt;: tulis misalnya &lt;code&gt;*.img&lt;/code&gt;, atau &lt;code&gt;**/*.tif&lt;/code&gt; untuk subfolder.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>More rasters on any grid, such as radar or terrain, whose bands are added to each of the rasters. They are resampled to the grid of each raster.</source>
        <translation>Raster tambahan pada grid apa pun, seperti radar atau topografi, yang band-bandnya ditambahkan ke setiap raster. Raster itu diresampel ke grid setiap raster.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Also write</source>
        <translation>Tulis juga</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Optional rasters of &lt;b&gt;Classify a raster&lt;/b&gt; beside each map, named NAME_probabilities.tif and so on.</source>
        <translation>Raster opsional dari &lt;b&gt;Klasifikasikan raster&lt;/b&gt; di samping setiap peta, bernama NAME_probabilities.tif dan seterusnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Output folder</source>
        <translation>Folder keluaran</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Folder of the maps and the table, other than the raster folder. It is created where only its last part is missing.</source>
        <translation>Folder untuk peta dan tabel, selain folder raster. Folder dibuat bila hanya bagian terakhirnya yang belum ada.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Load maps into project</source>
        <translation>Muat peta ke proyek</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Adds a group of layers for each map with its optional rasters. In the desktop only.</source>
        <translation>Menambahkan satu grup layer untuk setiap peta beserta raster opsionalnya. Hanya di desktop.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Land-cover maps</source>
        <translation>Peta tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Summary table</source>
        <translation>Tabel ringkasan</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Classified rasters</source>
        <translation>Raster yang terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Rasters that failed</source>
        <translation>Raster yang gagal</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Classified patches</source>
        <translation>Patch yang terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Seconds</source>
        <translation>Detik</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>None of the {} rasters could be classified; the first one: {}</source>
        <translation>Tidak satu pun dari {} raster dapat diklasifikasikan; yang pertama: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>{} of {} rasters could not be classified; the reasons are in {}.</source>
        <translation>{} dari {} raster tidak dapat diklasifikasikan; alasannya ada di {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>The output folder is the raster folder, so another run would classify the maps</source>
        <translation>Folder keluaran adalah folder raster, sehingga proses berikutnya akan mengklasifikasikan peta-petanya</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyfolder.py"/>
        <source>Choose another one, for example a folder inside it.</source>
        <translation>Pilih folder lain, misalnya folder di dalamnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Classify a raster</source>
        <translation>Klasifikasikan raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Makes a styled land-cover map from a raster and a trained model.</source>
        <translation>Membuat peta tutupan lahan bergaya dari raster dan model terlatih.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>resnet</source>
        <translation>resnet</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>neural network</source>
        <translation>jaringan saraf</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;Classifies every pixel of a raster with a model of &lt;b&gt;Train a land-cover model&lt;/b&gt;.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Mengklasifikasikan setiap piksel raster dengan model dari &lt;b&gt;Latih model tutupan lahan&lt;/b&gt;.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A raster with the bands of the model. Bands are found by name, else by number; where both fail, the error lists the bands of both. The model contains its indices, scaling and classes. A model that was trained with extra rasters needs them here too. A pixel is classified where all of its bands are valid.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster dengan band-band model. Band dicari menurut nama, atau menurut nomor; bila keduanya gagal, pesan kesalahan memuat band keduanya. Model memuat indeks, penskalaan, dan kelasnya. Model yang dilatih dengan raster tambahan memerlukannya juga di sini. Piksel diklasifikasikan bila semua bandnya valid.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A GeoTIFF on the grid of the raster, with your class values, names and colours. They are stored in the file and in the .aux.xml file beside it, so keep the two together. Pixels without enough valid data around them are nodata. Probabilities, uncertainty and other optional rasters are written where you give them a file. The finished tiles of a cancelled or interrupted run are stored beside the output. The same run resumes from them, and its map is identical.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; GeoTIFF pada grid raster, dengan nilai kelas, nama, dan warna Anda. Semuanya tersimpan dalam berkas dan dalam berkas .aux.xml di sampingnya, jadi simpan keduanya bersama. Piksel tanpa cukup data valid di sekelilingnya adalah nodata. Probabilitas, ketidakpastian, dan raster opsional lain ditulis bila Anda memberinya berkas. Petak selesai dari proses yang dibatalkan atau terhenti disimpan di samping keluaran. Proses yang sama melanjutkan dari sana, dan petanya identik.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The defaults of the advanced parameters for a full map. A stride of 4 gives a preview in about a sixteenth of the time, except with a ResNet that has a centre branch.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Nilai bawaan parameter lanjutan untuk peta lengkap. Langkah 4 memberi pratinjau dalam sekitar seperenam belas waktunya, kecuali dengan ResNet bercabang pusat.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; The log says how many patches there are and the estimated time. ResNet50 with patches of 32 pixels on two cores of an AMD EPYC: about 5,500 pixels per second in 16 bits, 3,100 in 32; a U-Net with ResNet50 220,000. A new worker takes about 10 seconds to start.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Log menyebutkan jumlah patch dan perkiraan waktunya. ResNet50 dengan patch 32 piksel pada dua inti AMD EPYC: sekitar 5.500 piksel per detik dalam 16 bit, 3.100 dalam 32; U-Net dengan ResNet50 220.000. Worker baru memerlukan sekitar 10 detik untuk mulai.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster&apos;s bands are not those of the model&lt;/i&gt;: the error lists both; choose the right raster, or name its bands as the model does in BAND_NAMES. &lt;i&gt;There is nothing to classify&lt;/i&gt;: mask, extent or extra rasters cover another area, or a nodata value is wrong. &lt;i&gt;The values of the raster are not those that the model was trained with&lt;/i&gt;: the error gives both ranges; convert the raster to the unit of the training. &lt;i&gt;The output cannot be replaced&lt;/i&gt;: remove the layer that shows it. &lt;i&gt;… was killed (signal 9), perhaps because memory ran out&lt;/i&gt;: use a smaller BATCH_SIZE or EXTENT and run the same again; it resumes.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Band raster bukan band model&lt;/i&gt;: pesan memuat keduanya; pilih raster yang benar, atau namai band-bandnya seperti model dalam BAND_NAMES. &lt;i&gt;Tidak ada yang dapat diklasifikasikan&lt;/i&gt;: mask, cakupan, atau raster tambahan mencakup area lain, atau nilai nodata salah. &lt;i&gt;Nilai raster bukan nilai yang dipakai melatih model&lt;/i&gt;: pesan memuat kedua rentang; ubah raster ke satuan pelatihan. &lt;i&gt;Keluaran tidak dapat diganti&lt;/i&gt;: hapus layer yang menampilkannya. &lt;i&gt;… dihentikan paksa (sinyal 9), mungkin karena memori habis&lt;/i&gt;: pakai BATCH_SIZE atau EXTENT yang lebih kecil dan jalankan lagi proses yang sama; prosesnya dilanjutkan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Raster to classify</source>
        <translation>Raster yang diklasifikasikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>A multi-band raster with the bands that the model was trained on.</source>
        <translation>Raster multiband dengan band yang dipakai melatih model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Land-cover map</source>
        <translation>Peta tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>GeoTIFF (.tif) of class values. It opens with the names and colours of the classes.</source>
        <translation>GeoTIFF (.tif) nilai kelas. Peta terbuka dengan nama dan warna kelas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Patches per second</source>
        <translation>Patch per detik</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Fraction inside the area (0 to 1)</source>
        <translation>Fraksi di dalam area (0 sampai 1)</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <source>Device used</source>
        <translation>Perangkat yang dipakai</translation>
    </message>
    <message>
        <location filename="../../algorithms/classifyraster.py"/>
        <location filename="../../algorithms/layers/classify_layers.py"/>
        <location filename="../../algorithms/layers/loading.py"/>
        <location filename="../../core/raster/writer.py"/>
        <source>Land cover</source>
        <translation>Tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>PNG files (*.png);;PDF files (*.pdf);;SVG files (*.svg);;TIFF files (*.tif)</source>
        <translation>Berkas PNG (*.png);;Berkas PDF (*.pdf);;Berkas SVG (*.svg);;Berkas TIFF (*.tif)</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Compare maps</source>
        <translation>Bandingkan peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Compares class maps with one reference, tests the differences, and draws them side by side.</source>
        <translation>Membandingkan peta kelas dengan satu acuan, menguji perbedaannya, dan menggambarnya berdampingan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>comparison</source>
        <translation>perbandingan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>mcnemar</source>
        <translation>mcnemar</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>significance</source>
        <translation>signifikansi</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>agreement</source>
        <translation>kesesuaian</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>side by side</source>
        <translation>berdampingan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../algorithms/exportmap.py"/>
        <source>figure</source>
        <translation>gambar</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;Compares the accuracy of several maps of one area, overall and per class, with the significance of the differences, and draws the maps side by side for print.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Membandingkan akurasi beberapa peta dari satu area, secara keseluruhan dan per kelas, dengan signifikansi perbedaannya, dan menggambar peta berdampingan untuk dicetak.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; Two or more class maps. The others are resampled to the grid of the first one by the nearest pixel and compared with it. The reference is as in &lt;b&gt;Assess accuracy and area&lt;/b&gt;. With a reference raster one map is enough. Without a reference the report has the areas of the maps and their cross-tabulation, and no accuracy.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Dua peta kelas atau lebih. Peta lainnya diresampel ke grid peta pertama menurut piksel terdekat dan dibandingkan dengannya. Acuan sama seperti dalam &lt;b&gt;Uji akurasi dan luas&lt;/b&gt;. Dengan raster acuan satu peta cukup. Tanpa acuan, laporan memuat luas peta dan tabulasi silangnya, tanpa akurasi.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; Gains with their significance. McNemar’s test is given only for independent points of equal weight. Pixels of one polygon or block are correlated, so there a sign-flip test by cluster is used. For stratified or weighted points the difference is estimated by the design, which is not possible where a stratum has a single point. Intervals of gains are paired, because all maps are compared with the same reference. FIGURE has the maps, the reference where it is a raster, one legend, a scale bar and a title, at 300 dots per inch. AGREEMENT shows where which map is right, or how many agree.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Selisih beserta signifikansinya. Uji McNemar hanya diberikan untuk titik independen berbobot sama. Piksel satu poligon atau blok berkorelasi, karena itu di sana dipakai uji tanda menurut klaster. Untuk titik berstrata atau berbobot, selisih diestimasi menurut rancangan, yang tidak mungkin bila suatu stratum hanya memiliki satu titik. Selang selisih berpasangan, karena semua peta dibandingkan dengan acuan yang sama. FIGURE memuat peta, acuan bila berupa raster, satu legenda, batang skala, dan judul, pada 300 dot per inci. AGREEMENT menunjukkan di mana peta mana yang benar, atau berapa banyak yang sepakat.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The current or published map first, and the new ones after it.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Peta yang berlaku atau telah terbit lebih dahulu, lalu peta-peta baru.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; Each map is read a few times: 3 seconds for a map and the reference of the demo scene with figure, report and the start of QGIS, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Setiap peta dibaca beberapa kali: 3 detik untuk satu peta dan acuan citra demo dengan gambar, laporan, dan memulai QGIS, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;There are too few maps to compare&lt;/i&gt;: without a reference raster, give at least two. &lt;i&gt;Neither a reference nor an output was given&lt;/i&gt;: give a reference, or ask for a report, a table, a figure or the agreement map. &lt;i&gt;None of the reference&apos;s classes … is one of the map&apos;s&lt;/i&gt;: the maps have other codes than the reference.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Peta yang dibandingkan terlalu sedikit&lt;/i&gt;: tanpa raster acuan, berikan sedikitnya dua. &lt;i&gt;Tidak ada acuan maupun keluaran yang diberikan&lt;/i&gt;: berikan acuan, atau minta laporan, tabel, gambar, atau peta kesepakatan. &lt;i&gt;Tidak ada kelas acuan … yang merupakan kelas peta&lt;/i&gt;: peta memiliki kode lain daripada acuan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Rasters of class values. The others are resampled to the grid of the first one and compared with it.</source>
        <translation>Raster nilai kelas. Raster lainnya diresampel ke grid raster pertama dan dibandingkan dengannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Classes are matched by name where the rasters name them, else by value.</source>
        <translation>Kelas dicocokkan menurut nama bila raster menamainya, selain itu menurut nilai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Figure title</source>
        <translation>Judul gambar</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Title above the figure. Empty: no title.</source>
        <translation>Judul di atas gambar. Kosong: tanpa judul.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Figure</source>
        <translation>Gambar</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>PNG, PDF, SVG or TIFF of the maps side by side, at 300 dots per inch.</source>
        <translation>PNG, PDF, SVG, atau TIFF dari peta yang berdampingan, pada 300 dot per inci.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Agreement map</source>
        <translation>Peta kesepakatan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>GeoTIFF (.tif) that shows, with a reference raster, which map is right or how many are. Without one, it shows how many maps agree.</source>
        <translation>GeoTIFF (.tif) yang, dengan raster acuan, menunjukkan peta mana yang benar atau berapa banyak yang benar. Tanpa acuan, berkas ini menunjukkan berapa banyak peta yang sepakat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>The layer opens styled.</source>
        <translation>Layer terbuka dengan gaya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Table</source>
        <translation>Tabel</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>CSV with the accuracy of each map, its interval, and the gain over the first map. Without a reference it has the areas of the classes in each map and their agreement.</source>
        <translation>CSV dengan akurasi setiap peta, selangnya, dan selisih terhadap peta pertama. Tanpa acuan, tabel memuat luas kelas dalam setiap peta dan kesepakatannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Comparison report</source>
        <translation>Laporan perbandingan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>HTML page with all figures side by side, gains and their significance; without a reference, areas and cross-tabulation. It needs no other file.</source>
        <translation>Halaman HTML dengan semua angka berdampingan, selisih, dan signifikansinya; tanpa acuan, luas dan tabulasi silang. Halaman ini tidak memerlukan berkas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Gain of the second map in overall accuracy</source>
        <translation>Peningkatan akurasi keseluruhan peta kedua</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Probability of such a gain by chance</source>
        <translation>Peluang peningkatan seperti itu secara kebetulan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../core/requests/compare.py"/>
        <source>Neither a reference nor an output was given</source>
        <translation>Tidak ada acuan maupun keluaran yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../core/requests/compare.py"/>
        <source>Choose a reference or an output.</source>
        <translation>Pilih acuan atau keluaran.</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <source>Agreement</source>
        <translation>Kesesuaian</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../core/requests/compare.py"/>
        <source>There are too few maps to compare</source>
        <translation>Peta yang dibandingkan terlalu sedikit</translation>
    </message>
    <message>
        <location filename="../../algorithms/comparemaps.py"/>
        <location filename="../../core/requests/compare.py"/>
        <source>Choose two maps or more.</source>
        <translation>Pilih dua peta atau lebih.</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Create the demo scene</source>
        <translation>Buat citra demo</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Writes a small Sentinel-2-like scene, training polygons and the true map.</source>
        <translation>Menulis citra kecil mirip Sentinel-2, poligon latih, dan peta sebenarnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Start here</source>
        <translation>Mulai di sini</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>demo</source>
        <translation>demo</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>example</source>
        <translation>contoh</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>sample data</source>
        <translation>data contoh</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>sentinel-2</source>
        <translation>sentinel-2</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;Writes artificial data for trying the other tools.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Menulis data buatan untuk mencoba alat-alat lainnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; None.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Tidak ada.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A scene of 320 x 320 pixels with ten bands like Sentinel-2 at 20 m (river, forest, plantations, fields, scrub, towns and a cloud without data), training polygons, and the true map. Train with the scene, the polygons and their field &lt;code&gt;class&lt;/code&gt;. Then classify the scene and compare the map with the true map.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Citra 320 x 320 piksel dengan sepuluh band seperti Sentinel-2 pada 20 m (sungai, hutan, perkebunan, ladang, semak, kota, dan awan tanpa data), poligon latih, dan peta sebenarnya. Latih dengan citra, poligon, dan kolom &lt;code&gt;class&lt;/code&gt;-nya. Lalu klasifikasikan citra dan bandingkan petanya dengan peta sebenarnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; A new, empty folder.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Folder baru yang kosong.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; 8 seconds with the start of QGIS, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; 8 detik termasuk memulai QGIS, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The output folder cannot be made, because the folder above it does not exist&lt;/i&gt;: create that one first. &lt;i&gt;No Python environment is set up&lt;/i&gt;: run &lt;b&gt;Set up the environment&lt;/b&gt; once.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Folder keluaran tidak dapat dibuat, karena folder di atasnya tidak ada&lt;/i&gt;: buat dahulu folder itu. &lt;i&gt;Tidak ada lingkungan Python yang disiapkan&lt;/i&gt;: jalankan &lt;b&gt;Siapkan lingkungan&lt;/b&gt; satu kali.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <location filename="../../algorithms/parameters/samples.py"/>
        <location filename="../../algorithms/samplingdesign.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Random seed</source>
        <translation>Benih acak (seed)</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>A whole number, without unit. The same seed gives the same scene; the tutorial uses 1.</source>
        <translation>Bilangan bulat, tanpa satuan. Seed yang sama memberi citra yang sama; tutorial memakai 1.</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Folder of the demo files, usually a new one. It is created where only its last part is missing.</source>
        <translation>Folder untuk berkas demo, biasanya folder baru. Folder dibuat bila hanya bagian terakhirnya yang belum ada.</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Demo scene</source>
        <translation>Citra demo</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <location filename="../../algorithms/layers/demo_styles.py"/>
        <source>Training polygons</source>
        <translation>Poligon latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/createdemo.py"/>
        <source>Reference map</source>
        <translation>Peta acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Example models</source>
        <translation>Contoh model</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Train, classify, assess</source>
        <translation>Latih, klasifikasikan, uji</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Trains a model, maps the raster with it, and assesses the map against a reference.</source>
        <translation>Melatih model, memetakan raster dengannya, dan menguji peta terhadap acuan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;From labelled polygons to a map with a known accuracy, in one run: trains a model, classifies the same raster with it, and compares the map with an independent reference.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Dari poligon berlabel ke peta yang akurasinya diketahui, dalam satu proses: melatih model, mengklasifikasikan raster yang sama dengannya, dan membandingkan peta dengan acuan yang independen.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A raster, training polygons or points with a class field, and a reference that was not used for training: points, polygons or a raster, with the same classes.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster, poligon atau titik latih dengan kolom kelas, dan acuan yang tidak dipakai untuk pelatihan: titik, poligon, atau raster, dengan kelas yang sama.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; The model, the map, the reports of training and accuracy, and a table of accuracy and area.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Model, peta, laporan pelatihan dan laporan akurasi, serta tabel akurasi dan luas.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The design &lt;code&gt;simple&lt;/code&gt; for points that were drawn at random, &lt;code&gt;none&lt;/code&gt; for others, polygons and rasters. Points of &lt;b&gt;Sampling design&lt;/b&gt; belong to the map that they were drawn for: assess the new map with them by itself, with the design &lt;code&gt;stratified_other&lt;/code&gt;, or draw points for it.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Rancangan &lt;code&gt;simple&lt;/code&gt; untuk titik yang ditarik secara acak, &lt;code&gt;none&lt;/code&gt; untuk titik lain, poligon, dan raster. Titik dari &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt; adalah milik peta yang untuknya titik itu ditarik: uji peta baru dengan titik itu secara tersendiri, dengan rancangan &lt;code&gt;stratified_other&lt;/code&gt;, atau tarik titik untuk peta baru itu.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; That of a training, and some seconds more.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Waktu pelatihan, ditambah beberapa detik.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;None of the reference’s classes … is one of the map’s&lt;/i&gt;: the class field of the reference holds other codes or names than that of the training.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Tidak ada kelas acuan … yang merupakan kelas peta&lt;/i&gt;: kolom kelas acuan berisi kode atau nama lain daripada kolom kelas pelatihan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Reference class field</source>
        <translation>Kolom kelas acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Classify, style, export</source>
        <translation>Klasifikasikan, beri gaya, ekspor</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Maps a raster with a model, styles the map, and makes a page for print.</source>
        <translation>Memetakan raster dengan model, memberi gaya pada peta, dan membuat halaman siap cetak.</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;From a raster to a page for print, in one run: classifies it with a model, gives the map the colours of a class scheme where one is chosen, and exports a page with legend, scale bar and north arrow.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Dari raster sampai halaman siap cetak, dalam satu proses: mengklasifikasikannya dengan model, memberi peta warna dari skema kelas bila dipilih, dan mengekspor halaman dengan legenda, skala batang, dan panah utara.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A raster and a model that was trained on its bands.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster, dan model yang dilatih pada bandnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; The map, and the page as PDF, SVG or PNG.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Peta, dan halaman sebagai PDF, SVG, atau PNG.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; No scheme: the map has the names and colours of the model. A scheme whose name ends in &lt;code&gt;_safe&lt;/code&gt;, for colour-blind readers. Run it as a batch process for a page of each raster.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Tanpa skema: peta memakai nama dan warna dari model. Skema yang namanya berakhiran &lt;code&gt;_safe&lt;/code&gt;, untuk pembaca yang buta warna. Jalankan sebagai proses batch untuk membuat satu halaman per raster.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; That of the classification, and some seconds more.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Waktu klasifikasi, ditambah beberapa detik.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster and the scheme have different names for the same values&lt;/i&gt;: the scheme is for other classes than the model’s.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Raster dan skema memiliki nama yang berbeda untuk nilai yang sama&lt;/i&gt;: skema itu untuk kelas lain daripada kelas model.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Stack, classify</source>
        <translation>Tumpuk, klasifikasikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>Resamples several rasters to one grid, and classifies them with a model.</source>
        <translation>Meresampel beberapa raster ke satu grid, dan mengklasifikasikannya dengan model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;Resamples several rasters of one area to the grid of the first one, writes them as one raster, and classifies it with a model.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Meresampel beberapa raster dari satu area ke grid raster pertama, menulisnya sebagai satu raster, dan mengklasifikasikannya dengan model.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A raster, others of the same area on any grid, such as radar or terrain, and a model that was trained on such a stack or on the same rasters.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Satu raster, raster lain dari area yang sama pada grid apa pun, seperti radar atau topografi, dan model yang dilatih pada tumpukan seperti itu atau pada raster yang sama.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; The stack and the map.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Tumpukan dan peta.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The rasters in the order of the training. The stack has no spectral indices, because a model computes those that it needs; if it was trained on a stack with indices as bands, open a copy of this one in the model designer and choose them in its first step.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Raster menurut urutan pelatihan. Tumpukan tidak memiliki indeks spektral, karena model menghitung indeks yang diperlukannya; bila model dilatih pada tumpukan dengan indeks sebagai band, buka salinan model grafis ini di perancang model dan pilih indeks itu pada langkah pertamanya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; That of the classification, and some seconds for the stack of a scene.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Waktu klasifikasi, dan beberapa detik untuk tumpukan satu citra.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/example_models.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster’s bands are not those of the model&lt;/i&gt;: an extra raster is missing, or they stand in another order.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Band raster bukan band model&lt;/i&gt;: raster tambahan kurang, atau urutannya lain.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>PDF files (*.pdf);;SVG files (*.svg);;PNG files (*.png)</source>
        <translation>Berkas PDF (*.pdf);;Berkas SVG (*.svg);;Berkas PNG (*.png)</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Export a map page</source>
        <translation>Ekspor halaman peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Makes a page for print of one map or two, with legend, scale bar, north arrow and accuracy.</source>
        <translation>Membuat halaman siap cetak dari satu atau dua peta, dengan legenda, skala batang, panah utara, dan akurasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>print</source>
        <translation>cetak</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>layout</source>
        <translation>tata letak</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <location filename="../../tools/make_reference.py"/>
        <source>page</source>
        <translation>halaman</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>pdf</source>
        <translation>pdf</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>svg</source>
        <translation>svg</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>png</source>
        <translation>png</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>publication</source>
        <translation>publikasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>atlas</source>
        <translation>atlas</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>qpt</source>
        <translation>qpt</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;Makes a page for print of one map, or of two side by side, with title, legend, scale bar, north arrow, coordinates, sources, and a box with the accuracy.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Membuat halaman cetak dari satu peta, atau dua peta berdampingan, dengan judul, legenda, batang skala, panah utara, koordinat, sumber, dan kotak akurasi.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; Class maps with their style in the project; a file opens with its own style. Other rasters, such as the scene beside its map, are drawn with their style as well. The page has the coordinate reference system of the first raster.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Peta kelas dengan gayanya dalam proyek; sebuah berkas terbuka dengan gayanya sendiri. Raster lain, seperti citra di samping petanya, juga digambar dengan gayanya. Halaman memakai sistem referensi koordinat raster pertama.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A page with the whole raster at a round scale. The legend has the classes that the maps show, in the order and words of the layer; many classes are set in smaller type and in columns. The scale bar has round numbers. The arrow points to true north.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Halaman dengan seluruh raster pada skala bulat. Legenda memuat kelas yang ditampilkan peta, dalam urutan dan kata-kata layer; kelas yang banyak disusun dengan huruf lebih kecil dan dalam kolom. Batang skala memakai angka bulat. Panah menunjuk ke utara sebenarnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The shipped layout, A4 landscape. TEMPLATE takes your own (.qpt). The shipped ones are in &lt;code&gt;resources/layouts&lt;/code&gt; of the plugin, and the log names the one that is used. Change it in the layout designer of QGIS and save it under another name. Items are found by their ids: &lt;code&gt;map&lt;/code&gt;, &lt;code&gt;map2&lt;/code&gt;, &lt;code&gt;map_title&lt;/code&gt;, &lt;code&gt;map2_title&lt;/code&gt;, &lt;code&gt;title&lt;/code&gt;, &lt;code&gt;legend&lt;/code&gt;, &lt;code&gt;scalebar&lt;/code&gt;, &lt;code&gt;north_arrow&lt;/code&gt;, &lt;code&gt;accuracy&lt;/code&gt;, &lt;code&gt;projection&lt;/code&gt;, &lt;code&gt;sources&lt;/code&gt;. Other items are not changed. The size of a map item is the largest size of the map. Vector layers of a map item, such as borders, are drawn above the map.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Tata letak bawaan, A4 mendatar. TEMPLATE menerima tata letak Anda sendiri (.qpt). Tata letak bawaan ada di &lt;code&gt;resources/layouts&lt;/code&gt; plugin, dan log menyebutkan yang dipakai. Ubah di perancang tata letak QGIS dan simpan dengan nama lain. Item dicari menurut id-nya: &lt;code&gt;map&lt;/code&gt;, &lt;code&gt;map2&lt;/code&gt;, &lt;code&gt;map_title&lt;/code&gt;, &lt;code&gt;map2_title&lt;/code&gt;, &lt;code&gt;title&lt;/code&gt;, &lt;code&gt;legend&lt;/code&gt;, &lt;code&gt;scalebar&lt;/code&gt;, &lt;code&gt;north_arrow&lt;/code&gt;, &lt;code&gt;accuracy&lt;/code&gt;, &lt;code&gt;projection&lt;/code&gt;, &lt;code&gt;sources&lt;/code&gt;. Item lain tidak diubah. Ukuran item peta adalah ukuran terbesar peta. Layer vektor item peta, seperti batas wilayah, digambar di atas peta.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; Seconds. A raster without a list of its classes is read once.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Beberapa detik. Raster tanpa daftar kelasnya dibaca satu kali.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The layout template has no map item with the id &apos;map2&apos;&lt;/i&gt;: it has room for one map only. &lt;i&gt;The report’s figures cannot be read&lt;/i&gt;: the JSON beside the page is missing. &lt;i&gt;The report has no overall accuracy&lt;/i&gt;: nothing was held out in that training.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Templat tata letak tidak memiliki item peta dengan id &apos;map2&apos;&lt;/i&gt;: hanya ada tempat untuk satu peta. &lt;i&gt;Angka laporan tidak dapat dibaca&lt;/i&gt;: JSON di samping halaman tidak ada. &lt;i&gt;Laporan tidak memiliki akurasi keseluruhan&lt;/i&gt;: tidak ada yang disisihkan dalam pelatihan itu.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>One raster, or two that are shown side by side at one scale. Layers of the project keep their style.</source>
        <translation>Satu raster, atau dua yang ditampilkan berdampingan pada satu skala. Layer proyek mempertahankan gayanya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Title</source>
        <translation>Judul</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Title of the page. Empty: the names of the layers.</source>
        <translation>Judul halaman. Kosong: nama-nama layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Layout template</source>
        <translation>Templat tata letak</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Layout templates (*.qpt)</source>
        <translation>Templat tata letak (*.qpt)</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Layout template (.qpt) of your own. Empty: the shipped one for this number of maps and classes.</source>
        <translation>Templat tata letak (.qpt) Anda sendiri. Kosong: templat bawaan untuk jumlah peta dan kelas ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Reports (*.html *.htm *.json);;All files (*)</source>
        <translation>Laporan (*.html *.htm *.json);;Semua berkas (*)</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Report of &apos;Assess accuracy and area&apos; or of &apos;Train a land-cover model&apos; (.html or its .json). The page then shows the overall accuracy with its 95 % interval.</source>
        <translation>Laporan dari &apos;Uji akurasi dan luas&apos; atau dari &apos;Latih model tutupan lahan&apos; (.html atau .json). Halaman kemudian menampilkan akurasi keseluruhan dengan selang 95 %.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>It also shows the number of references, how they were drawn or held out, and the date. The JSON must lie beside the HTML page.</source>
        <translation>Halaman juga menampilkan jumlah acuan, cara menariknya atau menyisihkannya, dan tanggal. JSON harus terletak di samping halaman HTML.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Sources</source>
        <translation>Sumber</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Credits at the foot of the page. Empty: the files of the maps, with their model, raster and date where they are known.</source>
        <translation>Kredit di kaki halaman. Kosong: berkas peta, dengan model, raster, dan tanggalnya bila diketahui.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Page</source>
        <translation>Halaman</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>File of the page: PDF, SVG, or PNG at 300 dots per inch, by its extension.</source>
        <translation>Berkas halaman: PDF, SVG, atau PNG pada 300 dot per inci, menurut ekstensinya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Denominator of the maps’ scale</source>
        <translation>Penyebut skala peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Number of classes in the legend</source>
        <translation>Jumlah kelas dalam legenda</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Reading the classes of the maps</source>
        <translation>Membaca kelas-kelas peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>No map is drawn by classes: ‘Style a classification’ gives a raster names and colours.</source>
        <translation>Tidak ada peta yang digambar menurut kelas: ‘Beri gaya pada klasifikasi’ memberi raster nama dan warna.</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Template: {}</source>
        <translation>Templat: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Drawing the page</source>
        <translation>Menggambar halaman</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>A page has one map or two</source>
        <translation>Satu halaman memuat satu atau dua peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/exportmap.py"/>
        <source>Choose one raster, or two to stand side by side.</source>
        <translation>Pilih satu raster, atau dua untuk diletakkan berdampingan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/folder_run.py"/>
        <source>Not classified: the run ended before.</source>
        <translation>Tidak diklasifikasikan: proses berakhir sebelumnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/folder_run.py"/>
        <source>{} of {}, {}</source>
        <translation>{} dari {}, {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/folder_run.py"/>
        <source>The other rasters would fail for the same reason and are skipped.</source>
        <translation>Raster lainnya akan gagal karena alasan yang sama dan dilewati.</translation>
    </message>
    <message>
        <location filename="../../algorithms/folder_run.py"/>
        <source>The table {} cannot be written: {}</source>
        <translation>Tabel {} tidak dapat ditulis: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Import a model</source>
        <translation>Impor model</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Makes a model of this plugin of a network that another program trained.</source>
        <translation>Membuat model plugin ini dari jaringan yang dilatih oleh program lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Models</source>
        <translation>Model</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>import</source>
        <translation>impor</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>checkpoint</source>
        <translation>checkpoint</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>pth</source>
        <translation>pth</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>pytorch</source>
        <translation>pytorch</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>onnx</source>
        <translation>onnx</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>deepness</source>
        <translation>deepness</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>torchvision</source>
        <translation>torchvision</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>timm</source>
        <translation>timm</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>convert</source>
        <translation>konversi</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;Makes a model for &lt;b&gt;Classify a raster&lt;/b&gt; of a network that was trained elsewhere, in a notebook for example.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Membuat model untuk &lt;b&gt;Klasifikasikan raster&lt;/b&gt; dari jaringan yang dilatih di tempat lain, misalnya dalam notebook.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A checkpoint of PyTorch (.pth, .pt, .ckpt) or a .safetensors file: weights of a network that this plugin has, as torchvision, timm and segmentation-models-pytorch name them, a dictionary that contains them, or a whole network. Or an ONNX file: a network that classifies patches, or a Segmentor of the plugin Deepness. Nothing in the file is executed. The weights tell the architecture and the numbers of bands and classes. Class names, mean, deviation and patch size are taken from the file where it has them. Names and order of the bands, their scaling, class values and patch size come from the parameters. Without MEAN and STD they are computed from SAMPLE_RASTER, which also names the bands and shows which classes come out.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Checkpoint PyTorch (.pth, .pt, .ckpt) atau berkas .safetensors dengan bobot jaringan yang dimiliki plugin ini, dengan nama seperti dalam torchvision, timm, dan segmentation-models-pytorch, dictionary yang berisi bobot itu, atau jaringan utuh. Atau berkas ONNX: jaringan pengklasifikasi patch, atau Segmentor dari plugin Deepness. Tidak ada isi berkas yang dijalankan. Bobotnya menunjukkan arsitektur serta jumlah band dan kelas. Nama kelas, rata-rata, simpangan, dan ukuran patch diambil dari berkas bila ada di dalamnya. Nama dan urutan band, penskalaannya, nilai kelas, dan ukuran patch berasal dari parameter. Tanpa MEAN dan STD, keduanya dihitung dari SAMPLE_RASTER, yang juga memberi nama band dan memperlihatkan kelas yang dihasilkan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A model file, and a report where you give it a file: which tensors matched, how the bands are scaled, and the classes that are predicted on SAMPLE_RASTER. The model has no accuracy: test it with &lt;b&gt;Assess accuracy and area&lt;/b&gt;. A patch lies around its centre pixel, and the raster is mirrored at its edge.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Berkas model, dan laporan bila berkasnya ditentukan: tensor mana yang cocok, bagaimana band diskalakan, dan kelas yang diprediksi pada SAMPLE_RASTER. Model tidak mempunyai akurasi: ujilah dengan &lt;b&gt;Uji akurasi dan luas&lt;/b&gt;. Patch terletak di sekeliling piksel pusatnya, dan raster dicerminkan di tepinya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The raster of the training as SAMPLE_RASTER, and PATCH_SIZE and CLASSES as in the training.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Raster pelatihan sebagai SAMPLE_RASTER, serta PATCH_SIZE dan CLASSES seperti dalam pelatihan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; 10 seconds for a ResNet50 with the start of QGIS, on two cores of an AMD EPYC, and the time to read SAMPLE_RASTER.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; 10 detik untuk ResNet50 termasuk memulai QGIS, pada dua inti AMD EPYC, ditambah waktu untuk membaca SAMPLE_RASTER.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The weights are those of no network that this version has&lt;/i&gt;, or &lt;i&gt;The head of the … has … layers&lt;/i&gt;: export the network as ONNX where it was trained. &lt;i&gt;The file does not say how the bands were scaled&lt;/i&gt;: give MEAN and STD, or SAMPLE_RASTER. &lt;i&gt;The network has … input channels, and there are … bands&lt;/i&gt;: give BANDS. &lt;i&gt;The checkpoint has the form of PyTorch before 1.6&lt;/i&gt;: the message has the line that converts it.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Bobot itu bukan milik jaringan mana pun dalam versi ini&lt;/i&gt;, atau &lt;i&gt;Head … memiliki … lapisan&lt;/i&gt;: ekspor jaringan sebagai ONNX di tempat jaringan itu dilatih. &lt;i&gt;Berkas tidak menyebutkan bagaimana band diskalakan&lt;/i&gt;: berikan MEAN dan STD, atau SAMPLE_RASTER. &lt;i&gt;Jaringan memiliki … kanal masukan, sedangkan ada … band&lt;/i&gt;: berikan BANDS. &lt;i&gt;Checkpoint berformat PyTorch sebelum 1.6&lt;/i&gt;: pesannya memuat baris perintah yang mengonversinya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>File to import</source>
        <translation>Berkas yang diimpor</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Networks (*.pth *.pt *.ckpt *.tar *.safetensors *.onnx);;All files (*)</source>
        <translation>Jaringan (*.pth *.pt *.ckpt *.tar *.safetensors *.onnx);;Semua berkas (*)</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Checkpoint of PyTorch, .safetensors file of weights, or ONNX file.</source>
        <translation>Checkpoint PyTorch, berkas bobot .safetensors, atau berkas ONNX.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Raster of the training</source>
        <translation>Raster pelatihan</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Raster that the network was trained on, or one like it. Mean and deviation of the bands are computed from it where MEAN and STD are empty.</source>
        <translation>Raster yang dipakai melatih jaringan, atau yang serupa. Rata-rata dan simpangan band dihitung darinya bila MEAN dan STD kosong.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>It gives the names of the bands, too. The model keeps the ranges of its values, by which other rasters are checked before they are classified.</source>
        <translation>Raster ini juga memberi nama band. Model menyimpan rentang nilainya, yang dipakai memeriksa raster lain sebelum diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Classes</source>
        <translation>Kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Values and names of the classes in the order of the network&apos;s outputs, such as &lt;code&gt;1=Forest, 4=Rice&lt;/code&gt;. Names alone are numbered from 1.</source>
        <translation>Nilai dan nama kelas menurut urutan keluaran jaringan, seperti &lt;code&gt;1=Forest, 4=Rice&lt;/code&gt;. Nama saja diberi nomor mulai dari 1.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Empty: the names in the file. A name with a comma stands in double quotes.</source>
        <translation>Kosong: nama dalam berkas. Nama dengan koma ditulis dalam tanda kutip ganda.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>A published class scheme with names and colours of the class values. Empty: names from CLASSES or from the file, and usual colours for these names.</source>
        <translation>Skema kelas terbitan dengan nama dan warna nilai kelas. Kosong: nama dari CLASSES atau dari berkas, dan warna yang lazim untuk nama itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Patch size (pixels)</source>
        <translation>Ukuran patch (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Side of the patches of the training. Empty: the patch size in the file, or 32.</source>
        <translation>Sisi patch dalam pelatihan. Kosong: ukuran patch dalam berkas, atau 32.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Networks that label every pixel of a tile, and ONNX files of a fixed size, do not need it.</source>
        <translation>Jaringan yang melabeli setiap piksel suatu petak, dan berkas ONNX berukuran tetap, tidak memerlukannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Bands</source>
        <translation>Band</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Names or numbers of the bands in the order in which the network reads them, separated by commas. Empty: all bands of the raster of the training, or those in the file.</source>
        <translation>Nama atau nomor band menurut urutan jaringan membacanya, dipisahkan koma. Kosong: semua band raster pelatihan, atau band dalam berkas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Without any names, rasters must have the same number of bands in the same order.</source>
        <translation>Tanpa nama sama sekali, raster harus memiliki jumlah band yang sama dalam urutan yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Mean</source>
        <translation>Rata-rata</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Mean that was subtracted from each band in the training, separated by commas; one number is for all bands.</source>
        <translation>Rata-rata yang dikurangkan dari setiap band dalam pelatihan, dipisahkan koma; satu bilangan berlaku untuk semua band.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Minimum and width for a scaling to 0 to 1 are given as MEAN and STD as well.</source>
        <translation>Minimum dan lebar untuk penskalaan ke 0 sampai 1 juga diberikan sebagai MEAN dan STD.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Standard deviation</source>
        <translation>Simpangan baku</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Standard deviation that each band was divided by in the training, separated by commas.</source>
        <translation>Simpangan baku yang menjadi pembagi setiap band dalam pelatihan, dipisahkan koma.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Divisor</source>
        <translation>Pembagi</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Number that band values were divided by before MEAN and STD, such as 255 or 10000. Without MEAN, STD and statistics it is the whole scaling; 1 leaves the values as they are.</source>
        <translation>Bilangan pembagi nilai band sebelum MEAN dan STD, seperti 255 atau 10000. Tanpa MEAN, STD, dan statistik, inilah seluruh penskalaannya; 1 membiarkan nilai apa adanya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Files of Deepness have 255.</source>
        <translation>Untuk berkas Deepness, 255.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/parameters/common.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Model file</source>
        <translation>Berkas model</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Network (*.safetensors)</source>
        <translation>Jaringan (*.safetensors)</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>File of the model with its bands, scaling and classes.</source>
        <translation>Berkas model dengan band, penskalaan, dan kelasnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Import report</source>
        <translation>Laporan impor</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>HTML page with the tensors that matched, the scaling of the bands and the classes. It needs no other file.</source>
        <translation>Halaman HTML dengan tensor yang cocok, penskalaan band, dan kelas. Halaman ini tidak memerlukan berkas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Architecture</source>
        <translation>Arsitektur</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Number of input channels</source>
        <translation>Jumlah kanal masukan</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <location filename="../../algorithms/styleclassification.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Number of classes</source>
        <translation>Jumlah kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Tensors from the file</source>
        <translation>Tensor dari berkas</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Unused tensors</source>
        <translation>Tensor yang tidak dipakai</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>No file was given</source>
        <translation>Tidak ada berkas yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/importmodel.py"/>
        <source>Choose the file to import.</source>
        <translation>Pilih berkas yang akan diimpor.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/fraction_styles.py"/>
        <source>Outside, above {}</source>
        <translation>Di luar, di atas {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>To be labelled</source>
        <translation>Belum diberi label</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>High</source>
        <translation>Tinggi</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>Medium</source>
        <translation>Sedang</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>Low</source>
        <translation>Rendah</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>Class</source>
        <translation>Kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>Confidence</source>
        <translation>Keyakinan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/label_forms.py"/>
        <source>Note</source>
        <translation>Catatan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/loading.py"/>
        <source>{} is switched off, so that it does not influence the labels.</source>
        <translation>{} dimatikan, agar tidak memengaruhi label.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/loading.py"/>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Stack</source>
        <translation>Tumpukan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/metadata.py"/>
        <source>The map was changed after its classification.</source>
        <translation>Peta diubah setelah diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/metadata.py"/>
        <source>Made from {} with the model {} ({}).</source>
        <translation>Dibuat dari {} dengan model {} ({}).</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/metadata.py"/>
        <source>Made from {}.</source>
        <translation>Dibuat dari {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/metadata.py"/>
        <source>Date: {}.</source>
        <translation>Tanggal: {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/metadata.py"/>
        <source>Classes: {}.</source>
        <translation>Kelas: {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>A file with the extension {ending} has no geometry, so the coordinates of the points would be lost</source>
        <translation>Berkas dengan ekstensi {ending} tidak memiliki geometri, sehingga koordinat titik akan hilang</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Use .gpkg. Tables with x and y can be exported from there.</source>
        <translation>Gunakan .gpkg. Tabel dengan x dan y dapat diekspor dari sana.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The file holds {count} layers, and a file of this format can only be replaced as a whole</source>
        <translation>Berkas berisi {count} layer, dan berkas dengan format ini hanya dapat diganti seluruhnya</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Choose another name, or a GeoPackage (.gpkg), whose other layers stay.</source>
        <translation>Pilih nama lain, atau GeoPackage (.gpkg), yang layer lainnya tetap dipertahankan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The file holds a raster named {layer!r}</source>
        <translation>Berkas berisi raster bernama {layer!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Choose another file, or another name for the layer.</source>
        <translation>Pilih berkas lain, atau nama lain untuk layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The file has a layer {layer!r} that holds another output of Deep Land Cover</source>
        <translation>Berkas memiliki layer {layer!r} yang berisi keluaran lain dari Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The file has a layer {layer!r} that Deep Land Cover did not write, or that was changed</source>
        <translation>Berkas memiliki layer {layer!r} yang tidak ditulis oleh Deep Land Cover, atau yang telah diubah</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Choose another name, or set OVERWRITE to replace this layer; all others stay.</source>
        <translation>Pilih nama lain, atau aktifkan OVERWRITE untuk mengganti layer ini; semua layer lain dipertahankan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The layer {layer!r} has a labelled point, which would be lost</source>
        <translation>Layer {layer!r} memiliki satu titik berlabel, yang akan hilang</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>The layer {layer!r} has {count:,} labelled points, which would be lost</source>
        <translation>Layer {layer!r} memiliki {count:,} titik berlabel, yang akan hilang</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Choose another name, or set OVERWRITE to replace the layer.</source>
        <translation>Pilih nama lain, atau aktifkan OVERWRITE untuk mengganti layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <location filename="../../core/files.py"/>
        <source>The output cannot be replaced, perhaps because it is open in another program</source>
        <translation>Keluaran tidak dapat diganti, mungkin karena terbuka di program lain</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Close the other program, or choose another name.</source>
        <translation>Tutup program lain itu, atau pilih nama lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <location filename="../../core/files.py"/>
        <source>The points cannot be written: {reason}</source>
        <translation>Titik tidak dapat ditulis: {reason}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/point_files.py"/>
        <source>Close programs that use the file, or choose another file or folder.</source>
        <translation>Tutup program yang memakai berkas itu, atau pilih berkas atau folder lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/projections.py"/>
        <source>QGIS cannot read its database of coordinate reference systems, because {variable} points to that of another program</source>
        <translation>QGIS tidak dapat membaca basis data sistem referensi koordinatnya, karena {variable} menunjuk ke basis data program lain</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/projections.py"/>
        <source>Remove this environment variable, and start QGIS again.</source>
        <translation>Hapus variabel lingkungan ini, lalu jalankan QGIS kembali.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>Export the layer to a GeoTIFF (Export &gt; Save As…) and use that.</source>
        <translation>Ekspor layer ke GeoTIFF (Export &gt; Save As…) dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>The layer comes from the provider {provider!r}, which only QGIS can read</source>
        <translation>Layer berasal dari penyedia {provider!r}, yang hanya dapat dibaca oleh QGIS</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>The layer needs credentials that QGIS stores and does not pass on</source>
        <translation>Layer memerlukan kredensial yang disimpan QGIS dan tidak diteruskan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>The open options of the layer {layer} are not used: {options}.</source>
        <translation>Opsi pembukaan layer {layer} tidak digunakan: {options}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>The layer is kept in the memory of QGIS</source>
        <translation>Layer tersimpan di dalam memori QGIS</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster has no coordinate reference system</source>
        <translation>Raster tidak memiliki sistem referensi koordinat</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>Assign one with Raster &gt; Projections &gt; Assign Projection.</source>
        <translation>Tetapkan dengan Raster &gt; Projections &gt; Assign Projection.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>Of the additional nodata values of the layer {layer} only {value} can be used.</source>
        <translation>Dari nilai nodata tambahan layer {layer} hanya {value} yang dapat digunakan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>single values</source>
        <translation>nilai tunggal</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>No raster was given</source>
        <translation>Tidak ada raster yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>Choose a raster layer or file.</source>
        <translation>Pilih layer atau berkas raster.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <location filename="../../core/raster/dataset.py"/>
        <source>There is no such raster</source>
        <translation>Raster tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Check the path.</source>
        <translation>Periksa path.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>QGIS cannot open the raster</source>
        <translation>QGIS tidak dapat membuka raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>Check that the file is a raster and is complete.</source>
        <translation>Periksa apakah berkas itu raster dan lengkap.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <source>The file holds several datasets</source>
        <translation>Berkas berisi beberapa dataset</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/rasters.py"/>
        <location filename="../../algorithms/layers/vectors.py"/>
        <location filename="../../core/classes.py"/>
        <location filename="../../core/models/architecture.py"/>
        <location filename="../../core/models/architectures/__init__.py"/>
        <location filename="../../core/options.py"/>
        <location filename="../../core/requests/common.py"/>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>Choose one of: {choices}.</source>
        <translation>Pilih salah satu dari: {choices}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>No class field was given</source>
        <translation>Tidak ada kolom kelas yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <location filename="../../algorithms/layers/vectors.py"/>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Choose one of: {fields}.</source>
        <translation>Pilih salah satu dari: {fields}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>{layer} is a sample design: its clusters and weights are kept.</source>
        <translation>{layer} adalah rancangan sampel: klaster dan bobotnya dipertahankan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>was used in training, as its field split says</source>
        <translation>dipakai dalam pelatihan, sebagaimana dinyatakan kolom split-nya</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>The weight {value!r} in the field {field!r} is not a number</source>
        <translation>Bobot {value!r} dalam kolom {field!r} bukan bilangan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>Choose a field with numbers.</source>
        <translation>Pilih kolom berisi bilangan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>The field {field!r} holds dates, such as {value}, and not classes</source>
        <translation>Kolom {field!r} berisi tanggal, seperti {value}, bukan kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>Choose a field with whole numbers or names.</source>
        <translation>Pilih kolom berisi bilangan bulat atau nama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/samples.py"/>
        <source>The class {value!r} in the field {field!r} is neither a whole number nor text</source>
        <translation>Kelas {value!r} dalam kolom {field!r} bukan bilangan bulat dan bukan teks</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>Choose a raster style of the kind &apos;Paletted/Unique values&apos;.</source>
        <translation>Pilih gaya raster jenis &apos;Paletted/Unique values&apos;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The style file cannot be read: {strerror}</source>
        <translation>Berkas gaya tidak dapat dibaca: {strerror}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <location filename="../../core/classes.py"/>
        <location filename="../../core/files.py"/>
        <location filename="../../core/samples/vector.py"/>
        <source>Choose another file.</source>
        <translation>Pilih berkas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The file is not a style file</source>
        <translation>Berkas bukan berkas gaya</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The file is not a style file of a raster</source>
        <translation>Berkas bukan berkas gaya raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The colour table has {count} lines, of which QGIS reads {read}</source>
        <translation>Tabel warna memiliki {count} baris, tetapi QGIS hanya membaca {read} di antaranya</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>Write one class per line: value, red, green, blue, opacity and name, such as &apos;3 34 139 34 255 Forest&apos;.</source>
        <translation>Tulis satu kelas per baris: nilai, merah, hijau, biru, opasitas, dan nama, seperti &apos;3 34 139 34 255 Hutan&apos;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The style has a colour for {value!r}, which is not a class value</source>
        <translation>Gaya ini memiliki warna untuk {value!r}, yang bukan nilai kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The style does not give each class a colour</source>
        <translation>Gaya ini tidak memberi warna pada setiap kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/schemes.py"/>
        <source>The style has a colour for {value:g}, which is not a class value</source>
        <translation>Gaya ini memiliki warna untuk {value:g}, yang bukan nilai kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Training</source>
        <translation>Latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Training, suggested</source>
        <translation>Latih, disarankan</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Validation</source>
        <translation>Validasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Calibration</source>
        <translation>Kalibrasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Test</source>
        <translation>Uji</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Dropped: too near to the test</source>
        <translation>Tidak dipakai: terlalu dekat dengan uji</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Other</source>
        <translation>Lainnya</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Tested in fold {}</source>
        <translation>Diuji dalam fold {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/split_styles.py"/>
        <source>Never tested</source>
        <translation>Tidak pernah diuji</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/style_files.py"/>
        <source>The style file {} was not written by Deep Land Cover and is not changed.</source>
        <translation>Berkas gaya {} tidak ditulis oleh Deep Land Cover dan tidak diubah.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/style_files.py"/>
        <source>The style file {} could not be written: {}</source>
        <translation>Berkas gaya {} tidak dapat ditulis: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/style_files.py"/>
        <source>The style of the layer {} could not be saved: {}</source>
        <translation>Gaya layer {} tidak dapat disimpan: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>has no class</source>
        <translation>tidak memiliki kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>There is no such vector layer</source>
        <translation>Layer vektor tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <location filename="../../algorithms/parameters/classify_request.py"/>
        <source>Check the path or choose another layer.</source>
        <translation>Periksa path atau pilih layer lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>The layer is a table without geometry</source>
        <translation>Layer ini adalah tabel tanpa geometri</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Choose a layer of polygons or points. Convert a table with coordinates with &apos;Create points layer from table&apos;.</source>
        <translation>Pilih layer poligon atau titik. Ubah tabel dengan koordinat memakai &apos;Create points layer from table&apos;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>The vector layer has no coordinate reference system</source>
        <translation>Layer vektor tidak memiliki sistem referensi koordinat</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Set it with Layer &gt; Set CRS of Layer(s).</source>
        <translation>Tetapkan dengan Layer &gt; Set CRS of Layer(s).</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>The file has several layers: {layers}</source>
        <translation>Berkas memiliki beberapa layer: {layers}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Reading the layer {layer} of {file}.</source>
        <translation>Membaca layer {layer} dari {file}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Reading the layer {layer} ({file}).</source>
        <translation>Membaca layer {layer} ({file}).</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Reading the layer {layer}.</source>
        <translation>Membaca layer {layer}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>There is no field {field!r}</source>
        <translation>Tidak ada kolom {field!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>The layer has no fields at all.</source>
        <translation>Layer sama sekali tidak memiliki kolom.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>{count:,} skipped, each because it {problem}: {classes}.</source>
        <translation>{count:,} dilewati, karena {problem}: {classes}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>{count:,} skipped, each because it {problem}.</source>
        <translation>{count:,} dilewati, karena {problem}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>has no geometry</source>
        <translation>tidak memiliki geometri</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>is neither polygon nor point</source>
        <translation>bukan poligon dan bukan titik</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>is no polygon</source>
        <translation>bukan poligon</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>is no point</source>
        <translation>bukan titik</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>has no area</source>
        <translation>tidak memiliki luas</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Feature {number} cannot be reprojected from {source} to {target}</source>
        <translation>Fitur {number} tidak dapat diproyeksikan ulang dari {source} ke {target}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Check the CRS of the layer.</source>
        <translation>Periksa CRS layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>{count} skipped because it {problem}</source>
        <translation>{count} dilewati karena {problem}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>No feature can be used: {reasons}</source>
        <translation>Tidak ada fitur yang dapat digunakan: {reasons}</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Choose another layer or field.</source>
        <translation>Pilih layer atau kolom lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>The vector layer has no features</source>
        <translation>Layer vektor tidak memiliki fitur</translation>
    </message>
    <message>
        <location filename="../../algorithms/layers/vectors.py"/>
        <source>Check its filter, and the selection where only selected features are used.</source>
        <translation>Periksa filternya, dan seleksinya bila hanya fitur terpilih yang dipakai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/model_actions.py"/>
        <source>Open a copy in the model designer…</source>
        <translation>Buka salinan di perancang model…</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>weights from out-of-fold predictions</source>
        <translation>bobot dari prediksi di luar lipatan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>weights for each class from out-of-fold predictions</source>
        <translation>bobot setiap kelas dari prediksi di luar lipatan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>mean of log-probabilities</source>
        <translation>rata-rata logaritma probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>mean of probabilities</source>
        <translation>rata-rata probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Describe a model</source>
        <translation>Uraikan model</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Shows the bands, classes, training and test figures of a model file.</source>
        <translation>Menampilkan band, kelas, pelatihan, dan angka pengujian suatu berkas model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>model</source>
        <translation>model</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>info</source>
        <translation>info</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>metadata</source>
        <translation>metadata</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>safetensors</source>
        <translation>safetensors</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;Shows the description in a model file: bands and indices, classes, training, and accuracy on held-out samples.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Menampilkan deskripsi dalam berkas model: band dan indeks, kelas, pelatihan, dan akurasi pada sampel yang disisihkan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A model file. No environment is needed.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Berkas model. Lingkungan tidak diperlukan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; Two tables in the log, of the model and of its classes, and the same figures as results for graphical models and scripts. Accuracy, precision, recall and F1 are fractions from 0 to 1.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Dua tabel dalam log, tentang model dan kelas-kelasnya, serta angka yang sama sebagai hasil untuk model grafis dan skrip. Akurasi, presisi, recall, dan F1 adalah fraksi dari 0 sampai 1.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; Check the bands before you classify another scene, and the classes with few test samples before you use the map.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Periksa band sebelum mengklasifikasikan citra lain, dan kelas dengan sedikit sampel uji sebelum memakai peta.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; 1.1 seconds with the start of QGIS, on two cores of an AMD EPYC; the weights are not read.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; 1,1 detik termasuk memulai QGIS, pada dua inti AMD EPYC; bobotnya tidak dibaca.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The file is not a model&lt;/i&gt;: it is another kind of file, or a download was interrupted. &lt;i&gt;The file holds weights, but no description of a land-cover model&lt;/i&gt;: it comes from another program; it can give the initial weights of a training (WEIGHTS_FILE), but not classify. &lt;i&gt;The model was made by a newer version&lt;/i&gt;: update the plugin.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Berkas ini bukan model&lt;/i&gt;: berkas jenis lain, atau pengunduhan terputus. &lt;i&gt;Berkas berisi bobot, tetapi tidak ada uraian model tutupan lahan&lt;/i&gt;: berkas berasal dari program lain; berkas dapat memberi bobot awal pelatihan (WEIGHTS_FILE), tetapi tidak dapat mengklasifikasikan. &lt;i&gt;Model dibuat oleh versi Deep Land Cover yang lebih baru&lt;/i&gt;: perbarui plugin.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Bands, in order</source>
        <translation>Band, berurutan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Overall accuracy (test, 0 to 1)</source>
        <translation>Akurasi keseluruhan (uji, 0 sampai 1)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Macro F1 (test, 0 to 1)</source>
        <translation>F1 makro (uji, 0 sampai 1)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Model</source>
        <translation>Model</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Indices</source>
        <translation>Indeks</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/samples/samples.py"/>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>none</source>
        <translation>tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Pixel size</source>
        <translation>Ukuran piksel</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>{width:g} × {height:g} (units of the CRS)</source>
        <translation>{width:g} × {height:g} (satuan CRS)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Classes without a usable label</source>
        <translation>Kelas tanpa label yang dapat digunakan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Best epoch</source>
        <translation>Epoch terbaik</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>{epoch} of {epochs}</source>
        <translation>{epoch} dari {epochs}</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Overall accuracy (test)</source>
        <translation>Akurasi keseluruhan (uji)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Macro F1 (test)</source>
        <translation>F1 makro (uji)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Area of applicability</source>
        <translation>Area keberlakuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>dissimilarity index of up to {limit:.3g} ({references:,} references, {held_out:,} held-out samples)</source>
        <translation>indeks ketidakmiripan sampai {limit:.3g} ({references:,} acuan, {held_out:,} sampel yang disisihkan)</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Made</source>
        <translation>Dibuat</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>With</source>
        <translation>Dengan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Imported from</source>
        <translation>Diimpor dari</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Split</source>
        <translation>Pembagian</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Samples</source>
        <translation>Sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>{training:,} training, {validation:,} validation, {test:,} test</source>
        <translation>{training:,} latih, {validation:,} validasi, {test:,} uji</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Seed</source>
        <translation>Benih acak</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Patch size</source>
        <translation>Ukuran patch</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>{count} pixels</source>
        <translation>{count} piksel</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../core/text.py"/>
        <source>1 pixel</source>
        <translation>1 piksel</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Centre branch</source>
        <translation>Cabang pusat</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>squares of {windows} pixels; context on a grid of {grid} pixels, at the scales {scales}</source>
        <translation>bujur sangkar {windows} piksel; konteks pada grid {grid} piksel, pada skala {scales}</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Neighbourhoods</source>
        <translation>Ketetanggaan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Combination</source>
        <translation>Penggabungan</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>weight {weight:.2f}</source>
        <translation>bobot {weight:.2f}</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>weights of the classes {low:.2f} to {high:.2f}</source>
        <translation>bobot kelas {low:.2f} sampai {high:.2f}</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>accuracy alone {accuracy:.1%}</source>
        <translation>akurasi sendirian {accuracy:.1%}</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>the ensemble changes by {points} points with it</source>
        <translation>ansambel berubah {points} poin dengannya</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Value</source>
        <translation>Nilai</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../tools/make_reference.py"/>
        <source>Name</source>
        <translation>Nama</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Colour</source>
        <translation>Warna</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/parameters/classify.py"/>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Precision</source>
        <translation>Presisi</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <source>Recall</source>
        <translation>Recall</translation>
    </message>
    <message>
        <location filename="../../algorithms/modelinfo.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Test samples</source>
        <translation>Sampel uji</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/file.py"/>
        <source>The page could not be written</source>
        <translation>Halaman tidak dapat ditulis</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/file.py"/>
        <location filename="../../core/files.py"/>
        <source>Free some space or choose another folder.</source>
        <translation>Kosongkan sebagian ruang atau pilih folder lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>Save a layout in QGIS&apos;s layout designer with Layout &gt; Save as Template…, and choose that.</source>
        <translation>Simpan tata letak di perancang tata letak QGIS dengan Layout &gt; Save as Template…, dan pilih itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The layout template cannot be read: {strerror}</source>
        <translation>Templat tata letak tidak dapat dibaca: {strerror}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The file is not a layout template</source>
        <translation>Berkas ini bukan templat tata letak</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The layout template has no map item with the id {item!r}</source>
        <translation>Templat tata letak tidak memiliki item peta dengan id {item!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>Set the item’s id in the layout designer under Item Properties &gt; Item ID.</source>
        <translation>Tetapkan id item di perancang tata letak pada Item Properties &gt; Item ID.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The layout template has no page</source>
        <translation>Templat tata letak tidak memiliki halaman</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>Add one.</source>
        <translation>Tambahkan satu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The item with the id {item!r} in the layout template is not a map</source>
        <translation>Item dengan id {item!r} dalam templat tata letak bukan peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>Give this id to a map item.</source>
        <translation>Berikan id ini pada item peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The map shows too much of the globe for a scale bar.</source>
        <translation>Peta menampilkan bagian bumi yang terlalu luas untuk skala batang.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The legend is larger than its item in the template.</source>
        <translation>Legenda lebih besar daripada itemnya dalam templat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The text of the item {} is larger than the item in the template.</source>
        <translation>Teks item {} lebih besar daripada item itu dalam templat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/layout.py"/>
        <source>The template has no items with these ids: {}.</source>
        <translation>Templat tidak memiliki item dengan id berikut: {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/maps.py"/>
        <source>The raster cannot be shown in the coordinate reference system {crs}</source>
        <translation>Raster tidak dapat ditampilkan dalam sistem referensi koordinat {crs}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/maps.py"/>
        <source>Put the raster first whose coordinate reference system suits both.</source>
        <translation>Letakkan raster yang sistem referensi koordinatnya sesuai untuk keduanya di urutan pertama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Accuracy of {}</source>
        <translation>Akurasi {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Test of {}</source>
        <translation>Pengujian {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Accuracy of the map</source>
        <translation>Akurasi peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Test of the model</source>
        <translation>Pengujian model</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Overall accuracy {} %</source>
        <translation>Akurasi keseluruhan {} %</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>95 % interval: {} to {} %</source>
        <translation>Selang kepercayaan 95 %: {} sampai {} %</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Assessed {}</source>
        <translation>Diuji {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Trained {}. This is not the accuracy of the map.</source>
        <translation>Dilatih {}. Ini bukan akurasi peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>The figures are of a map with other pixels than the one shown.</source>
        <translation>Angka-angka ini berasal dari peta dengan piksel yang berbeda dari peta yang ditampilkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>It is not recorded which model made the map.</source>
        <translation>Tidak tercatat model mana yang membuat peta ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>The map was made with another model: {}.</source>
        <translation>Peta ini dibuat dengan model lain: {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Whether the map was changed after its classification is not recorded.</source>
        <translation>Tidak tercatat apakah peta diubah setelah klasifikasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>no probability sample</source>
        <translation>bukan sampel berpeluang</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>drawn at random</source>
        <translation>ditarik secara acak</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>stratified by the map’s classes</source>
        <translation>berstrata menurut kelas peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>stratified</source>
        <translation>berstrata</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>weighted</source>
        <translation>berbobot</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>{} reference points</source>
        <translation>{} titik acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>{} reference pixels</source>
        <translation>{} piksel acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source> of {}</source>
        <translation> dari {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>whole polygons held out</source>
        <translation>poligon utuh disisihkan</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>whole blocks held out</source>
        <translation>blok utuh disisihkan</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>groups of a field held out</source>
        <translation>kelompok dari suatu kolom disisihkan</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>random split: optimistic</source>
        <translation>pembagian acak: optimistis</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>{} test samples, {}</source>
        <translation>{} sampel uji, {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>{} polygons</source>
        <translation>{} poligon</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>{} blocks</source>
        <translation>{} blok</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Scale 1:{}</source>
        <translation>Skala 1:{}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Map: {}.</source>
        <translation>Peta: {}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source>Map: {}, made with the model {}</source>
        <translation>Peta: {}, dibuat dengan model {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/page/texts.py"/>
        <source> from {}</source>
        <translation> dari {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Automatic</source>
        <translation>Otomatis</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>{} (for comparison)</source>
        <translation>{} (untuk perbandingan)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Weights of members</source>
        <translation>Bobot anggota</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Weights by class</source>
        <translation>Bobot menurut kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Mean of log-probabilities</source>
        <translation>Rata-rata logaritma probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Mean of probabilities</source>
        <translation>Rata-rata probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>None</source>
        <translation>Tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Squeeze-and-excitation (SE)</source>
        <translation>Squeeze-and-excitation (SE)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Single pixel</source>
        <translation>Piksel tunggal</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Every pixel</source>
        <translation>Setiap piksel</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>{} pixels</source>
        <translation>{} piksel</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Standard</source>
        <translation>Standar</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Small patches</source>
        <translation>Patch kecil</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Whole polygons</source>
        <translation>Poligon utuh</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Spatial blocks</source>
        <translation>Blok spasial</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Split field</source>
        <translation>Kolom pembagian</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Random pixels, optimistic</source>
        <translation>Piksel acak, terlalu optimistis</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>One split</source>
        <translation>Satu pembagian</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>No probability sample</source>
        <translation>Bukan sampel berpeluang</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Simple random</source>
        <translation>Acak sederhana</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Stratified by this map</source>
        <translation>Berstrata menurut peta ini</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Stratified by other strata</source>
        <translation>Berstrata menurut strata lain</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Weights of the points</source>
        <translation>Bobot titik</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Proportional to area</source>
        <translation>Sebanding dengan luas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Equal</source>
        <translation>Sama rata</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Optimal (Neyman)</source>
        <translation>Optimal (Neyman)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Random weights</source>
        <translation>Bobot acak</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Reflectance, 0 to 1</source>
        <translation>Reflektansi, 0 sampai 1</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Reflectance plus 0.1</source>
        <translation>Reflektansi ditambah 0,1</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Reflectance times 10,000</source>
        <translation>Reflektansi kali 10.000</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Reflectance times 10,000 plus 1,000</source>
        <translation>Reflektansi kali 10.000 ditambah 1.000</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Landsat Collection 2 numbers</source>
        <translation>Bilangan Landsat Collection 2</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Decibel (radar)</source>
        <translation>Desibel (radar)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>All weights</source>
        <translation>Semua bobot</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>New layers only</source>
        <translation>Hanya lapisan baru</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Stage by stage</source>
        <translation>Tahap demi tahap</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Low rank</source>
        <translation>Peringkat rendah</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>One cycle</source>
        <translation>Satu siklus</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Constant</source>
        <translation>Tetap</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <source>Macro-F1</source>
        <translation>F1 makro</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Overall accuracy</source>
        <translation>Akurasi keseluruhan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Last epoch</source>
        <translation>Epoch terakhir</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Cross-entropy</source>
        <translation>Entropi silang</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Focal loss</source>
        <translation>Focal loss</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Inverse square root of frequency</source>
        <translation>Kebalikan akar frekuensi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Effective number of samples</source>
        <translation>Jumlah sampel efektif</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Oversampling</source>
        <translation>Oversampling</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>No balance</source>
        <translation>Tanpa penyeimbangan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>{} (not tried by us)</source>
        <translation>{} (belum kami coba)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>NVIDIA GPU (CUDA)</source>
        <translation>GPU NVIDIA (CUDA)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Processor only</source>
        <translation>Prosesor saja</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Processor</source>
        <translation>Prosesor</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>First NVIDIA GPU</source>
        <translation>GPU NVIDIA pertama</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Second NVIDIA GPU</source>
        <translation>GPU NVIDIA kedua</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Apple GPU</source>
        <translation>GPU Apple</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>32 bits</source>
        <translation>32 bit</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>32 bits, rounded (TF32)</source>
        <translation>32 bit, dibulatkan (TF32)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>16 bits (bfloat16)</source>
        <translation>16 bit (bfloat16)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>16 bits (float16)</source>
        <translation>16 bit (float16)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>8 bits</source>
        <translation>8 bit</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Most probable class</source>
        <translation>Kelas paling mungkin</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Rare classes favoured</source>
        <translation>Kelas langka diutamakan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Nearest neighbour</source>
        <translation>Tetangga terdekat</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Bilinear</source>
        <translation>Bilinear</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Cubic</source>
        <translation>Kubik</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>Average</source>
        <translation>Rata-rata</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>8 bits, steps of 0.004</source>
        <translation>8 bit, langkah 0.004</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/choice_titles.py"/>
        <source>32 bits, every digit</source>
        <translation>32 bit, semua digit</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Probabilities</source>
        <translation>Probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>GeoTIFF (.tif) with the probability of each class, 0 to 1, in a band per class.</source>
        <translation>GeoTIFF (.tif) dengan probabilitas setiap kelas, 0 sampai 1, satu band per kelas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Uncertainty</source>
        <translation>Ketidakpastian</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>GeoTIFF (.tif) with three bands: the highest probability, its margin over the second, and the normalised entropy. TTA and MC_SAMPLES add a band each.</source>
        <translation>GeoTIFF (.tif) dengan tiga band: probabilitas tertinggi, marginnya terhadap yang kedua, dan entropi ternormalisasi. TTA dan MC_SAMPLES masing-masing menambah satu band.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The entropy is 1 where all classes are equally probable and 0 where one is certain. Choose the band in the style of the layer.</source>
        <translation>Entropi bernilai 1 bila semua kelas sama mungkinnya dan 0 bila satu kelas pasti. Pilih band dalam gaya layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>GeoTIFF (.tif) with two bands: the dissimilarity of a pixel to the training samples, and 1 inside the area of applicability or 0 outside. It measures resemblance, not accuracy.</source>
        <translation>GeoTIFF (.tif) dengan dua band: ketidakmiripan piksel dengan sampel latih, dan 1 di dalam area keberlakuan atau 0 di luarnya. Ini mengukur kemiripan, bukan akurasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The dissimilarity index is the distance to the nearest training sample in the features of the model, divided by the mean distance between training samples (Meyer and Pebesma 2021). Inside, a pixel resembles the training samples as much as samples of different polygons or blocks resemble each other. Outside, in red, no figure of the training applies. The log and APPLICABLE_SHARE say how much of the map lies inside.</source>
        <translation>Indeks ketidakmiripan adalah jarak ke sampel latih terdekat dalam fitur model, dibagi jarak rata-rata antarsampel latih (Meyer dan Pebesma 2021). Di dalam, suatu piksel semirip dengan sampel latih sebagaimana sampel dari poligon atau blok yang berbeda mirip satu sama lain. Di luar, berwarna merah, tidak ada angka pelatihan yang berlaku. Log dan APPLICABLE_SHARE menyebutkan seberapa besar bagian peta yang terletak di dalam.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Prediction sets</source>
        <translation>Himpunan prediksi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>GeoTIFF (.tif) with the number of classes that a pixel may have: 1 is certain, more is uncertain, 0 fits no class. The sets hold the true class of about a fraction COVERAGE of the pixels.</source>
        <translation>GeoTIFF (.tif) dengan jumlah kelas yang mungkin bagi suatu piksel: 1 pasti, lebih banyak tidak pasti, 0 tidak cocok dengan kelas mana pun. Himpunan memuat kelas sebenarnya untuk sekitar fraksi COVERAGE dari piksel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The coverage is a mean over areas like those of the samples that training held out (conformal prediction). The training report gives the coverage of the test samples.</source>
        <translation>Cakupan adalah rata-rata atas area seperti area sampel yang disisihkan pelatihan (prediksi konformal). Laporan pelatihan memuat cakupan sampel uji.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Mask</source>
        <translation>Mask</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Polygons or a raster that limit the map. Only pixels whose centre lies in a polygon, or whose value is valid and not 0, are classified.</source>
        <translation>Poligon atau raster yang membatasi peta. Hanya piksel yang pusatnya terletak di dalam poligon, atau yang nilainya valid dan bukan 0, yang diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Extent</source>
        <translation>Cakupan wilayah</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Part of the raster to classify, &lt;code&gt;xmin,xmax,ymin,ymax [EPSG:…]&lt;/code&gt;, in the units of its coordinate reference system. Empty: the whole raster.</source>
        <translation>Bagian raster yang diklasifikasikan, &lt;code&gt;xmin,xmax,ymin,ymax [EPSG:…]&lt;/code&gt;, dalam satuan sistem referensi koordinatnya. Kosong: seluruh raster.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The map covers the extent in whole pixels of the raster.</source>
        <translation>Peta mencakup cakupan itu dalam piksel raster yang utuh.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Stride (pixels)</source>
        <translation>Langkah (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Spacing of the classified pixels in both directions. 1 is every pixel; 4 gives a preview in less time.</source>
        <translation>Jarak antarpiksel yang diklasifikasikan pada kedua arah. 1 adalah setiap piksel; 4 memberi pratinjau dalam waktu lebih singkat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The number of classified pixels falls with the square of the stride. A ResNet with a centre branch reads its patches on the context grid of its training, so a stride up to that spacing (4 by default) saves little time.</source>
        <translation>Jumlah piksel yang diklasifikasikan turun menurut kuadrat langkah. ResNet bercabang pusat membaca patchnya pada grid konteks pelatihannya, sehingga langkah sampai jarak itu (bawaan 4) hanya menghemat sedikit waktu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Fill stride cells</source>
        <translation>Isi sel langkah</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>On: each classified pixel fills its cell of stride x stride pixels, so the map has the pixels of the raster. Off: the map has one pixel per cell.</source>
        <translation>Aktif: setiap piksel yang diklasifikasikan mengisi selnya seluas langkah x langkah piksel, sehingga peta memiliki piksel raster. Nonaktif: peta memiliki satu piksel per sel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Minimum valid fraction</source>
        <translation>Fraksi valid minimum</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Fraction of the patch around a pixel, 0 to 1, that must be valid; else the pixel is nodata. 0.5 is usual.</source>
        <translation>Fraksi patch di sekeliling piksel, 0 sampai 1, yang harus valid; selain itu piksel menjadi nodata. Lazimnya 0,5.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Allow different values</source>
        <translation>Izinkan nilai yang berbeda</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Off: a raster is refused if more than half of its bands are almost entirely outside the range of the training raster. On: it is classified with a warning.</source>
        <translation>Nonaktif: raster ditolak bila lebih dari setengah bandnya hampir seluruhnya di luar rentang raster latih. Aktif: raster diklasifikasikan dengan peringatan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>An example is reflectance from 0 to 1 with a model that was trained on whole numbers.</source>
        <translation>Contohnya reflektansi dari 0 sampai 1 dengan model yang dilatih pada bilangan bulat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Decision rule</source>
        <translation>Aturan keputusan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Rule that selects the class of a pixel. &lt;code&gt;accuracy&lt;/code&gt;: the most probable class, with the fewest errors; &lt;code&gt;balanced&lt;/code&gt;: rare classes are favoured, at the cost of some accuracy.</source>
        <translation>Aturan yang memilih kelas piksel. &lt;code&gt;accuracy&lt;/code&gt;: kelas yang paling mungkin, dengan kesalahan paling sedikit; &lt;code&gt;balanced&lt;/code&gt;: kelas langka diutamakan, dengan mengorbankan sedikit akurasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>With &lt;code&gt;accuracy&lt;/code&gt;, rare classes may hardly appear. &lt;code&gt;balanced&lt;/code&gt; uses the weights that gave the highest mean F1 of the classes on held-out samples. The training report shows both. Probabilities do not change.</source>
        <translation>Dengan &lt;code&gt;accuracy&lt;/code&gt;, kelas langka mungkin hampir tidak muncul. &lt;code&gt;balanced&lt;/code&gt; memakai bobot yang memberi F1 rata-rata kelas tertinggi pada sampel yang disisihkan. Laporan pelatihan menampilkan keduanya. Probabilitas tidak berubah.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Test-time augmentation</source>
        <translation>Augmentasi saat pengujian</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Classifies each patch in eight orientations and averages the probabilities. It is often a little more accurate and takes eight times as long.</source>
        <translation>Mengklasifikasikan setiap patch dalam delapan orientasi dan merata-ratakan probabilitasnya. Hasilnya sering sedikit lebih akurat dan memerlukan waktu delapan kali lipat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Uncertainty gets one more band: the standard deviation of the eight probabilities of the most probable class. It is not available for trees and multi-scale networks, which give the same result in all orientations, nor with PREDICTION_SETS, whose limits apply to a single orientation.</source>
        <translation>Ketidakpastian mendapat satu band lagi: simpangan baku dari delapan probabilitas kelas yang paling mungkin. Tidak tersedia untuk pohon keputusan dan jaringan multiskala, yang memberi hasil sama dalam semua orientasi, dan tidak dengan PREDICTION_SETS, yang batasnya berlaku untuk satu orientasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Monte-Carlo dropout samples</source>
        <translation>Sampel dropout Monte Carlo</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Number of predictions with random dropout, whose spread becomes another band of Uncertainty. 20 is usual, 0 turns it off.</source>
        <translation>Jumlah prediksi dengan dropout acak, yang sebarannya menjadi satu band lagi pada Ketidakpastian. Lazimnya 20, 0 mematikannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Features are dropped before the last layer, as in training with DROPOUT. The band is the standard deviation of the probability of the most probable class. The map does not change.</source>
        <translation>Fitur dibuang sebelum lapisan terakhir, seperti dalam pelatihan dengan DROPOUT. Band itu adalah simpangan baku probabilitas kelas yang paling mungkin. Peta tidak berubah.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Prediction set coverage</source>
        <translation>Cakupan himpunan prediksi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Fraction of pixels whose prediction set should hold the true class; 0.9 is usual. A higher coverage gives larger sets.</source>
        <translation>Fraksi piksel yang himpunan prediksinya seharusnya memuat kelas sebenarnya; lazimnya 0,9. Cakupan yang lebih tinggi memberi himpunan yang lebih besar.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>A class has a limit of its own where enough of its held-out samples lie in at least five polygons or blocks. The other classes share a limit. Where they have too few samples together, they are in every set. The log names these classes.</source>
        <translation>Suatu kelas memiliki batas sendiri bila cukup banyak sampelnya yang disisihkan terletak dalam sedikitnya lima poligon atau blok. Kelas lainnya berbagi satu batas. Bila sampelnya bersama-sama terlalu sedikit, kelas itu ada dalam setiap himpunan. Log menyebutkan kelas-kelas ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Backend</source>
        <translation>Backend</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Software that computes a network that classifies patches. &lt;code&gt;torch&lt;/code&gt;: PyTorch, on the processor or the GPU; &lt;code&gt;openvino&lt;/code&gt;: OpenVINO, on the processor; &lt;code&gt;auto&lt;/code&gt;: the faster one in a test of a second.</source>
        <translation>Perangkat lunak yang menghitung jaringan yang mengklasifikasikan patch. &lt;code&gt;torch&lt;/code&gt;: PyTorch, pada prosesor atau GPU; &lt;code&gt;openvino&lt;/code&gt;: OpenVINO, pada prosesor; &lt;code&gt;auto&lt;/code&gt;: yang lebih cepat dalam uji satu detik.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The log says which one is used.</source>
        <translation>Log menyebutkan mana yang dipakai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Number format of the computation; 32 bits (&lt;code&gt;fp32&lt;/code&gt;) are the reference. &lt;code&gt;auto&lt;/code&gt; is the default precision of the plugin&apos;s settings, or 16 bits where the device supports them and they are faster.</source>
        <translation>Format bilangan perhitungan; 32 bit (&lt;code&gt;fp32&lt;/code&gt;) adalah acuannya. &lt;code&gt;auto&lt;/code&gt; adalah presisi bawaan dalam pengaturan plugin, atau 16 bit bila perangkat mendukungnya dan lebih cepat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>With fewer than 32 bits, patches whose two best classes have a small margin are computed again in a higher precision. The log says how many labels of a sample of the raster are then equal to those of 32 bits. &lt;code&gt;fp16&lt;/code&gt; and &lt;code&gt;bf16&lt;/code&gt; have 16 bits, of which bf16 keeps fewer digits. &lt;code&gt;tf32&lt;/code&gt;, for NVIDIA GPUs, lies between 16 and 32 bits. &lt;code&gt;int8&lt;/code&gt; has 8 bits, on the processor with OpenVINO and the package nncf; it is the fastest, is quantized with patches of the raster, and gives no probabilities. With APPLICABILITY and PREDICTION_SETS &lt;code&gt;auto&lt;/code&gt; is fp32. Segmentation networks are not computed again: for them &lt;code&gt;auto&lt;/code&gt; is tf32 on NVIDIA GPUs, and fp32 with EXACT or on other devices.</source>
        <translation>Dengan kurang dari 32 bit, patch yang dua kelas terbaiknya bermargin kecil dihitung lagi dalam presisi lebih tinggi. Log menyebutkan berapa label dari sampel raster yang kemudian sama dengan label 32 bit. &lt;code&gt;fp16&lt;/code&gt; dan &lt;code&gt;bf16&lt;/code&gt; memiliki 16 bit, dan bf16 menyimpan lebih sedikit angka. &lt;code&gt;tf32&lt;/code&gt;, untuk GPU NVIDIA, terletak di antara 16 dan 32 bit. &lt;code&gt;int8&lt;/code&gt; memiliki 8 bit, pada prosesor dengan OpenVINO dan paket nncf; ini yang tercepat, dikuantisasi dengan patch raster, dan tidak memberi probabilitas. Dengan APPLICABILITY dan PREDICTION_SETS, &lt;code&gt;auto&lt;/code&gt; adalah fp32. Jaringan segmentasi tidak dihitung lagi: untuknya &lt;code&gt;auto&lt;/code&gt; adalah tf32 pada GPU NVIDIA, dan fp32 dengan EXACT atau pada perangkat lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Batch size (patches)</source>
        <translation>Ukuran batch (patch)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Number of patches that are computed together; 0 is automatic. It is reduced where the memory of the device is full.</source>
        <translation>Jumlah patch yang dihitung bersama; 0 berarti otomatis. Jumlah ini dikurangi bila memori perangkat penuh.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>For segmentation networks it counts squares of 32 pixels.</source>
        <translation>Untuk jaringan segmentasi yang dihitung adalah bujur sangkar 32 piksel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Exact tile edges</source>
        <translation>Tepi petak eksak</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Makes the map of a segmentation network independent of the tiles in which the raster is read. It takes several times as long.</source>
        <translation>Membuat peta jaringan segmentasi tidak bergantung pada petak pembacaan raster. Waktunya beberapa kali lebih lama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>The network then reads 320 pixels or more around each tile instead of 96. Without it up to one label in a thousand may differ, and no seams are visible. All other models are exact in any case.</source>
        <translation>Jaringan kemudian membaca 320 piksel atau lebih di sekeliling setiap petak, bukan 96. Tanpanya, paling banyak satu dari seribu label dapat berbeda, dan tidak ada sambungan yang terlihat. Semua model lain selalu eksak.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Resume interrupted run</source>
        <translation>Lanjutkan proses terhenti</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Continues from the finished tiles of an interrupted run with the same raster, model and parameters. Otherwise the run restarts.</source>
        <translation>Melanjutkan dari petak selesai suatu proses yang terhenti dengan raster, model, dan parameter yang sama. Selain itu proses dimulai lagi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Finished tiles are stored beside the output (.part and .journal). Runs with a temporary output cannot be resumed.</source>
        <translation>Petak yang selesai disimpan di samping keluaran (.part dan .journal). Proses dengan keluaran sementara tidak dapat dilanjutkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Probability data type</source>
        <translation>Tipe data probabilitas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Data type of Probabilities and Uncertainty. &lt;code&gt;uint8&lt;/code&gt;: steps of 0.004, in a quarter of the space; &lt;code&gt;float32&lt;/code&gt;: all digits.</source>
        <translation>Tipe data Probabilitas dan Ketidakpastian. &lt;code&gt;uint8&lt;/code&gt;: langkah 0,004, dalam seperempat ruang; &lt;code&gt;float32&lt;/code&gt;: semua angka.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>GIS software shows both as 0 to 1.</source>
        <translation>Perangkat lunak SIG menampilkan keduanya sebagai 0 sampai 1.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Compression</source>
        <translation>Kompresi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Compression of the output rasters. &lt;code&gt;deflate&lt;/code&gt;: readable by all software; &lt;code&gt;zstd&lt;/code&gt;: smaller and faster, but not readable by older software.</source>
        <translation>Kompresi raster keluaran. &lt;code&gt;deflate&lt;/code&gt;: terbaca oleh semua perangkat lunak; &lt;code&gt;zstd&lt;/code&gt;: lebih kecil dan lebih cepat, tetapi tidak terbaca oleh perangkat lunak lama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Cloud-optimised GeoTIFF</source>
        <translation>GeoTIFF yang dioptimalkan untuk awan (COG)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify.py"/>
        <source>Writes GeoTIFF files whose parts can be read separately from a web server.</source>
        <translation>Menulis berkas GeoTIFF yang bagian-bagiannya dapat dibaca terpisah dari server web.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify_request.py"/>
        <source>There is no such mask layer</source>
        <translation>Layer mask tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify_request.py"/>
        <source>The extent is empty, or cannot be reprojected to the raster</source>
        <translation>Cakupan wilayah kosong, atau tidak dapat diproyeksikan ulang ke raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/classify_request.py"/>
        <source>Give xmin,xmax,ymin,ymax and the CRS in brackets, for example 300000,310000,9800000,9810000 [EPSG:32748].</source>
        <translation>Berikan xmin,xmax,ymin,ymax dan CRS dalam kurung siku, misalnya 300000,310000,9800000,9810000 [EPSG:32748].</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Model file of &apos;Train a land-cover model&apos; or &apos;Import a model&apos; (.skops or .safetensors).</source>
        <translation>Berkas model dari &apos;Latih model tutupan lahan&apos; atau &apos;Impor model&apos; (.skops atau .safetensors).</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>More rasters of the same area on any grid, such as radar, terrain or a second date. Their bands are resampled to the grid of the first raster.</source>
        <translation>Raster tambahan dari area yang sama pada grid apa pun, seperti radar, topografi, atau tanggal kedua. Band-bandnya diresampel ke grid raster pertama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Bands of an extra raster are nodata where it does not cover the grid. Bands are matched by name. A repeated name gets a number, as in &lt;code&gt;B2 (2)&lt;/code&gt;, so give the same kinds of rasters in the same order for training and classification.</source>
        <translation>Band raster tambahan adalah nodata di tempat yang tidak mencakup grid. Band dicocokkan menurut nama. Nama yang berulang mendapat nomor, seperti &lt;code&gt;B2 (2)&lt;/code&gt;, jadi berikan jenis raster yang sama dalam urutan yang sama untuk pelatihan dan klasifikasi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Resampling method for all extra rasters, or one for each of them, separated by commas. Methods: &lt;code&gt;auto&lt;/code&gt;, &lt;code&gt;nearest&lt;/code&gt;, &lt;code&gt;bilinear&lt;/code&gt;, &lt;code&gt;cubic&lt;/code&gt;, &lt;code&gt;average&lt;/code&gt;.</source>
        <translation>Metode resampling untuk semua raster tambahan, atau satu untuk masing-masing, dipisahkan koma. Metode: &lt;code&gt;auto&lt;/code&gt;, &lt;code&gt;nearest&lt;/code&gt;, &lt;code&gt;bilinear&lt;/code&gt;, &lt;code&gt;cubic&lt;/code&gt;, &lt;code&gt;average&lt;/code&gt;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>&lt;code&gt;auto&lt;/code&gt; is nearest for categories and for pixels that coincide, average where the grid is at least twice as coarse, and bilinear otherwise.</source>
        <translation>&lt;code&gt;auto&lt;/code&gt; adalah nearest untuk kategori dan untuk piksel yang berimpit, average bila grid sedikitnya dua kali lebih kasar, dan selain itu bilinear.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Names of all bands in order, such as &lt;code&gt;blue, green, red, nir&lt;/code&gt;, or of some bands as &lt;code&gt;new name=band&lt;/code&gt;. Models and spectral indices find bands by these names.</source>
        <translation>Nama semua band secara berurutan, seperti &lt;code&gt;blue, green, red, nir&lt;/code&gt;, atau beberapa band sebagai &lt;code&gt;new name=band&lt;/code&gt;. Model dan indeks spektral mencari band menurut nama-nama ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Give them where the files have no band names or unsuitable ones. Nothing between two commas keeps the name of a band. In pairs such as &lt;code&gt;nir=4, height=Band 1&lt;/code&gt; a band is given by its name in the file or by its number. Numbers start at 1 and continue through the extra rasters.</source>
        <translation>Berikan bila berkas tidak memiliki nama band atau namanya tidak cocok. Kosong di antara dua koma mempertahankan nama band. Dalam pasangan seperti &lt;code&gt;nir=4, height=Band 1&lt;/code&gt; sebuah band diberikan menurut namanya dalam berkas atau nomornya. Nomor mulai dari 1 dan berlanjut melalui raster tambahan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Bands to use, in order: names or numbers, separated by commas, such as &lt;code&gt;B02, B03, VV&lt;/code&gt;. Empty: all bands.</source>
        <translation>Band yang dipakai, secara berurutan: nama atau nomor, dipisahkan koma, seperti &lt;code&gt;B02, B03, VV&lt;/code&gt;. Kosong: semua band.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Numbers start at 1 and continue through the extra rasters. A name with a comma stands in double quotes.</source>
        <translation>Nomor mulai dari 1 dan berlanjut melalui raster tambahan. Nama dengan koma ditulis dalam tanda kutip ganda.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Spectral roles of bands whose names do not show them, such as &lt;code&gt;red=B4, nir=B8&lt;/code&gt;. Roles: coastal, blue, green, red, red_edge_1 to red_edge_3, nir, nir_narrow, swir1, swir2, water_vapour, cirrus, vv, vh.</source>
        <translation>Peran spektral band yang tidak tampak dari namanya, seperti &lt;code&gt;red=B4, nir=B8&lt;/code&gt;. Peran: coastal, blue, green, red, red_edge_1 sampai red_edge_3, nir, nir_narrow, swir1, swir2, water_vapour, cirrus, vv, vh.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>More nodata values of all rasters, as QGIS shows them, such as &lt;code&gt;0&lt;/code&gt; or &lt;code&gt;-9999, 65535&lt;/code&gt;. Pixels with these values are neither used in training nor classified.</source>
        <translation>Nilai nodata tambahan semua raster, seperti yang ditampilkan QGIS, misalnya &lt;code&gt;0&lt;/code&gt; atau &lt;code&gt;-9999, 65535&lt;/code&gt;. Piksel dengan nilai ini tidak dipakai dalam pelatihan dan tidak diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Give them where the files do not declare them. A model stores the values of its training and applies them to each raster that it classifies.</source>
        <translation>Berikan bila berkas tidak menyatakannya. Model menyimpan nilai pelatihannya dan menerapkannya pada setiap raster yang diklasifikasikannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Spectral indices that are computed from the bands and added to them. All by default; an empty list is none.</source>
        <translation>Indeks spektral yang dihitung dari band dan ditambahkan kepadanya. Bawaannya semua; daftar kosong berarti tidak ada.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Indices whose bands the sensor lacks are skipped and named in the log.</source>
        <translation>Indeks yang bandnya tidak dimiliki sensor dilewati dan disebutkan dalam log.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Models (*.safetensors *.skops);;All files (*)</source>
        <translation>Model (*.safetensors *.skops);;Semua berkas (*)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>No model was given</source>
        <translation>Tidak ada model yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Choose a model file.</source>
        <translation>Pilih berkas model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Class scheme</source>
        <translation>Skema kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Extra rasters</source>
        <translation>Raster tambahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Resampling of extra rasters</source>
        <translation>Resampling raster tambahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Band names</source>
        <translation>Nama band</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Nodata values</source>
        <translation>Nilai nodata</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Bands to use</source>
        <translation>Band yang dipakai</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Band roles</source>
        <translation>Peran band</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source>Spectral indices</source>
        <translation>Indeks spektral</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/common.py"/>
        <source> Empty: the default of the architecture.</source>
        <translation> Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/compute.py"/>
        <source>Processor or GPU that computes. &lt;code&gt;auto&lt;/code&gt;: the default device of the plugin&apos;s settings, or a GPU where there is one; &lt;code&gt;cpu&lt;/code&gt;; &lt;code&gt;cuda&lt;/code&gt; (NVIDIA) or one of several GPUs such as &lt;code&gt;cuda:1&lt;/code&gt;; &lt;code&gt;mps&lt;/code&gt; (Apple); &lt;code&gt;gpu&lt;/code&gt;: cuda or mps.</source>
        <translation>Prosesor atau GPU yang menghitung. &lt;code&gt;auto&lt;/code&gt;: perangkat bawaan dalam pengaturan plugin, atau GPU bila ada; &lt;code&gt;cpu&lt;/code&gt;; &lt;code&gt;cuda&lt;/code&gt; (NVIDIA) atau salah satu dari beberapa GPU seperti &lt;code&gt;cuda:1&lt;/code&gt;; &lt;code&gt;mps&lt;/code&gt; (Apple); &lt;code&gt;gpu&lt;/code&gt;: cuda atau mps.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/compute.py"/>
        <source>With &lt;code&gt;cuda&lt;/code&gt;, several GPUs of one kind share the tiles of a map.</source>
        <translation>Dengan &lt;code&gt;cuda&lt;/code&gt;, beberapa GPU sejenis berbagi petak-petak peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/compute.py"/>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Device</source>
        <translation>Perangkat</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/compute.py"/>
        <location filename="../../core/device.py"/>
        <source>There is no device {name!r}</source>
        <translation>Tidak ada perangkat {name!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/compute.py"/>
        <source>Use one of: {devices}.</source>
        <translation>Gunakan salah satu dari: {devices}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Stem</source>
        <translation>Batang jaringan (stem)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>First layers of a ResNet. &lt;code&gt;standard&lt;/code&gt; has stride and pooling; &lt;code&gt;small&lt;/code&gt; has neither; &lt;code&gt;auto&lt;/code&gt; is small for patches of up to 8 pixels.</source>
        <translation>Lapisan pertama ResNet. &lt;code&gt;standard&lt;/code&gt; memiliki stride dan pooling; &lt;code&gt;small&lt;/code&gt; tidak memiliki keduanya; &lt;code&gt;auto&lt;/code&gt; adalah small untuk patch sampai 8 piksel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>&lt;code&gt;small&lt;/code&gt; keeps the detail of small patches and takes up to sixteen times as long.</source>
        <translation>&lt;code&gt;small&lt;/code&gt; mempertahankan rincian patch kecil dan memerlukan waktu sampai enam belas kali lipat.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Attention</source>
        <translation>Atensi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Attention in the blocks of a ResNet. &lt;code&gt;se&lt;/code&gt; weighs the channels of feature maps, &lt;code&gt;cbam&lt;/code&gt; the channels and the pixels.</source>
        <translation>Atensi dalam blok ResNet. &lt;code&gt;se&lt;/code&gt; membobot kanal peta fitur, &lt;code&gt;cbam&lt;/code&gt; membobot kanal dan piksel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Squeeze-and-excitation (SE) and CBAM take a little more time. Other networks do not use them.</source>
        <translation>Squeeze-and-excitation (SE) dan CBAM memerlukan waktu sedikit lebih lama. Jaringan lain tidak memakainya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Initial weights</source>
        <translation>Bobot awal</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Weights that a network starts from, downloaded once. &lt;code&gt;none&lt;/code&gt;: random weights; &lt;code&gt;imagenet&lt;/code&gt;: photographs; the others: satellite images, for ResNet18 or ResNet50.</source>
        <translation>Bobot yang menjadi awal jaringan, diunduh satu kali. &lt;code&gt;none&lt;/code&gt;: bobot acak; &lt;code&gt;imagenet&lt;/code&gt;: foto; lainnya: citra satelit, untuk ResNet18 atau ResNet50.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Weights of satellite images are named as in TorchGeo; &lt;i&gt;not tried by us&lt;/i&gt; means that nobody of this project has used the published file. MOCO and the Landsat ones are for ResNet18 and ResNet50, the others for ResNet50 only; U-Nets, the hybrid and &lt;code&gt;ensemble&lt;/code&gt; take those of their ResNet. SENTINEL2_ALL_SECO_ECO suits Level-2A products, the other Sentinel-2 ones were trained on Level 1C. LANDSAT_ETM_SR_MOCO also suits Landsat 4 and 5. Bands are matched by role (BAND_ROLES), and their values are scaled as the weights expect (VALUE_UNIT). Bands and indices without a match start from the mean of the others. The log and the model say which. A network with a centre branch takes the weights for the surroundings of a pixel; CENTRE=false gives the plain network that they were made for. They were trained on images of 224 pixels, so that their last layers do little in small patches. Files are kept in the cache folder, and their checksums with them. Without a network connection the error names the file and its folder, or WEIGHTS_FILE takes a copy.</source>
        <translation>Bobot citra satelit dinamai seperti dalam TorchGeo; &lt;i&gt;belum kami coba&lt;/i&gt; berarti belum ada orang dari proyek ini yang memakai berkas yang diterbitkan itu. MOCO dan bobot Landsat untuk ResNet18 dan ResNet50, lainnya hanya untuk ResNet50; U-Net, hibrida dan &lt;code&gt;ensemble&lt;/code&gt; memakai bobot ResNet-nya. SENTINEL2_ALL_SECO_ECO cocok untuk produk Level-2A, bobot Sentinel-2 lainnya dilatih pada Level 1C. LANDSAT_ETM_SR_MOCO cocok juga untuk Landsat 4 dan 5. Band dicocokkan menurut peran (BAND_ROLES), dan nilainya diskalakan seperti yang diharapkan bobot (VALUE_UNIT). Band dan indeks tanpa padanan berawal dari rata-rata yang lain. Log dan model menyebutkan yang mana. Jaringan dengan cabang pusat memakai bobot itu untuk lingkungan piksel; CENTRE=false memberi jaringan polos yang menjadi tujuan bobot itu. Bobot dilatih pada citra 224 piksel, sehingga lapisan terakhirnya berbuat sedikit pada patch kecil. Berkas disimpan di folder cache, bersama checksum-nya. Tanpa koneksi jaringan, pesan kesalahan menyebutkan berkas dan foldernya, atau WEIGHTS_FILE menerima salinannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Initial weights file</source>
        <translation>Berkas bobot awal</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Weights (*.pth *.pt *.ckpt *.safetensors);;All files (*)</source>
        <translation>Bobot (*.pth *.pt *.ckpt *.safetensors);;Semua berkas (*)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>File of initial weights for the same architecture, used instead of a download. It can be from torchvision, TorchGeo, MoCo or Lightning, or a model of this plugin.</source>
        <translation>Berkas bobot awal untuk arsitektur yang sama, dipakai sebagai ganti unduhan. Asalnya dapat dari torchvision, TorchGeo, MoCo atau Lightning, atau model dari plugin ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>With published weights of satellite images in WEIGHTS, it is a copy of their file, whose bands and scaling are those of the entry. The number of bands may differ. The log and the model say which weights were used.</source>
        <translation>Dengan bobot citra satelit yang diterbitkan dalam WEIGHTS, berkas ini adalah salinan berkas bobot itu, yang band dan skalanya adalah milik entri tersebut. Jumlah band boleh berbeda. Log dan model menyebutkan bobot mana yang dipakai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Unit of values</source>
        <translation>Satuan nilai</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Unit of the raster&apos;s values, for published weights of satellite images. &lt;code&gt;auto&lt;/code&gt;: as the values show; &lt;code&gt;reflectance&lt;/code&gt;: 0 to 1; &lt;code&gt;scaled&lt;/code&gt;: times 10,000; &lt;code&gt;…_offset&lt;/code&gt;: with 0.1 or 1,000 added; &lt;code&gt;landsat&lt;/code&gt;: numbers of Collection 2; &lt;code&gt;decibel&lt;/code&gt;: radar.</source>
        <translation>Satuan nilai raster, untuk bobot citra satelit yang diterbitkan. &lt;code&gt;auto&lt;/code&gt;: seperti yang tampak dari nilainya; &lt;code&gt;reflectance&lt;/code&gt;: 0 sampai 1; &lt;code&gt;scaled&lt;/code&gt;: kali 10.000; &lt;code&gt;…_offset&lt;/code&gt;: dengan tambahan 0,1 atau 1.000; &lt;code&gt;landsat&lt;/code&gt;: bilangan Collection 2; &lt;code&gt;decibel&lt;/code&gt;: radar.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Sentinel-2 products since January 2022 have 1,000 added, unless they were harmonised. &lt;code&gt;auto&lt;/code&gt; stops where more than one unit is possible, and says what the values are. Scale and offset that a file declares are applied first.</source>
        <translation>Produk Sentinel-2 sejak Januari 2022 memiliki tambahan 1.000, kecuali yang sudah diharmonisasi. &lt;code&gt;auto&lt;/code&gt; berhenti bila lebih dari satu satuan mungkin, dan menyebutkan nilainya. Skala dan offset yang dinyatakan berkas diterapkan lebih dahulu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Fine-tuning</source>
        <translation>Penyetelan halus</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Change of initial weights in training. &lt;code&gt;full&lt;/code&gt;: all change; &lt;code&gt;frozen&lt;/code&gt;: none, only new layers are trained; &lt;code&gt;gradual&lt;/code&gt;: one stage more at a time, the last first; &lt;code&gt;low_rank&lt;/code&gt;: by matrices of rank 8.</source>
        <translation>Perubahan bobot awal dalam pelatihan. &lt;code&gt;full&lt;/code&gt;: semua berubah; &lt;code&gt;frozen&lt;/code&gt;: tidak ada, hanya lapisan baru yang dilatih; &lt;code&gt;gradual&lt;/code&gt;: bertambah satu tahap setiap kali, yang terakhir lebih dahulu; &lt;code&gt;low_rank&lt;/code&gt;: dengan matriks berperingkat 8.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>&lt;code&gt;frozen&lt;/code&gt; and &lt;code&gt;low_rank&lt;/code&gt; are for few samples. Layers that were not loaded are always trained. Means and variances of normalisations follow the raster in any case. With &lt;code&gt;low_rank&lt;/code&gt; the model holds the sum of both, and maps as quickly as any. With &lt;code&gt;gradual&lt;/code&gt; all stages are trained from half of the epochs on, or one stage more every FROZEN_EPOCHS epochs. Random initial weights are trained fully.</source>
        <translation>&lt;code&gt;frozen&lt;/code&gt; dan &lt;code&gt;low_rank&lt;/code&gt; untuk sampel yang sedikit. Lapisan yang tidak dimuat selalu dilatih. Rata-rata dan ragam normalisasi bagaimanapun mengikuti raster. Dengan &lt;code&gt;low_rank&lt;/code&gt; model memuat jumlah keduanya, dan memetakan secepat model lain. Dengan &lt;code&gt;gradual&lt;/code&gt; semua tahap dilatih mulai dari setengah epoch, atau bertambah satu tahap setiap FROZEN_EPOCHS epoch. Bobot awal acak dilatih sepenuhnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Epochs</source>
        <translation>Epoch</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Passes over the training samples; 10 to 50 are usual. Empty: the default of the architecture.</source>
        <translation>Banyaknya lintasan atas sampel latih; lazimnya 10 sampai 50. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>The model is that of the epoch that MONITOR selects. The networks of a hybrid are those of the last epoch.</source>
        <translation>Model berasal dari epoch yang dipilih MONITOR. Jaringan hybrid berasal dari epoch terakhir.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Patience (epochs)</source>
        <translation>Patience (epoch)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Epochs without improvement after which training stops; 5 to 10 are usual, 0 never stops early. Empty: the default of the architecture.</source>
        <translation>Jumlah epoch tanpa perbaikan yang sesudahnya pelatihan berhenti; lazimnya 5 sampai 10, 0 tidak pernah berhenti lebih awal. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Patches in a training step; 32 to 256 are usual, 4 for segmentation networks. Empty: the default of the architecture.</source>
        <translation>Jumlah patch dalam satu langkah pelatihan; lazimnya 32 sampai 256, 4 untuk jaringan segmentasi. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Halve it where the memory of the GPU is too small.</source>
        <translation>Kurangi menjadi setengahnya bila memori GPU terlalu kecil.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Learning rate</source>
        <translation>Laju pembelajaran</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Step size of the optimiser, without unit; 0.0001 is usual, 0.001 for few samples and epochs. Empty: the default of the architecture.</source>
        <translation>Ukuran langkah optimisator, tanpa satuan; lazimnya 0,0001, dan 0,001 untuk sampel dan epoch yang sedikit. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Weight decay</source>
        <translation>Peluruhan bobot</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Strength of the regularisation of the weights, without unit; 0.0001 is usual for ResNets, 0.01 to 0.5 for other networks. Empty: the default of the architecture.</source>
        <translation>Kekuatan regularisasi bobot, tanpa satuan; lazimnya 0,0001 untuk ResNet, 0,01 sampai 0,5 untuk jaringan lain. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Gradient clipping</source>
        <translation>Pemotongan gradien</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Largest norm of the gradient in a training step, without unit. 1 is usual, 0 turns clipping off.</source>
        <translation>Norma gradien terbesar dalam satu langkah pelatihan, tanpa satuan. Lazimnya 1, 0 mematikan pemotongan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Learning rate schedule</source>
        <translation>Jadwal laju pembelajaran</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Learning rate over the epochs. &lt;code&gt;cosine&lt;/code&gt;: short warm-up, then decrease to zero; &lt;code&gt;one_cycle&lt;/code&gt;: increase during 30 % of the training, then decrease to zero; &lt;code&gt;constant&lt;/code&gt;; &lt;code&gt;auto&lt;/code&gt;: the default of the architecture.</source>
        <translation>Laju pembelajaran sepanjang epoch. &lt;code&gt;cosine&lt;/code&gt;: pemanasan singkat, lalu turun ke nol; &lt;code&gt;one_cycle&lt;/code&gt;: naik selama 30 % pelatihan, lalu turun ke nol; &lt;code&gt;constant&lt;/code&gt;; &lt;code&gt;auto&lt;/code&gt;: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Best epoch criterion</source>
        <translation>Kriteria epoch terbaik</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Figure of the validation samples that selects the epoch. &lt;code&gt;macro_f1&lt;/code&gt;: all classes count alike; &lt;code&gt;accuracy&lt;/code&gt;: overall accuracy; &lt;code&gt;last&lt;/code&gt;: the last epoch; &lt;code&gt;auto&lt;/code&gt;: the default of the architecture.</source>
        <translation>Angka sampel validasi yang memilih epoch. &lt;code&gt;macro_f1&lt;/code&gt;: semua kelas sama bobotnya; &lt;code&gt;accuracy&lt;/code&gt;: akurasi keseluruhan; &lt;code&gt;last&lt;/code&gt;: epoch terakhir; &lt;code&gt;auto&lt;/code&gt;: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Frozen epochs</source>
        <translation>Epoch beku</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>First epochs in which loaded weights do not change and only new layers are trained. 0 is usual; 1 to 5 may help where samples are few.</source>
        <translation>Epoch pertama yang tidak mengubah bobot yang dimuat dan hanya melatih lapisan baru. Lazimnya 0; 1 sampai 5 dapat membantu bila sampel sedikit.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <source>Loss</source>
        <translation>Fungsi rugi (loss)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Loss that training minimises. &lt;code&gt;cross_entropy&lt;/code&gt; is usual; &lt;code&gt;focal&lt;/code&gt; gives more weight to samples that are still misclassified.</source>
        <translation>Loss yang diminimalkan pelatihan. &lt;code&gt;cross_entropy&lt;/code&gt; lazim dipakai; &lt;code&gt;focal&lt;/code&gt; memberi bobot lebih pada sampel yang masih salah diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Class balancing</source>
        <translation>Penyeimbangan kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Weighting of rare classes in training. &lt;code&gt;sqrt&lt;/code&gt;: inverse square root of the class frequency; &lt;code&gt;effective&lt;/code&gt;: effective number of samples; &lt;code&gt;oversampling&lt;/code&gt;: samples of rare classes several times an epoch; &lt;code&gt;none&lt;/code&gt;; &lt;code&gt;auto&lt;/code&gt;: the default of the architecture.</source>
        <translation>Pembobotan kelas langka dalam pelatihan. &lt;code&gt;sqrt&lt;/code&gt;: kebalikan akar kuadrat frekuensi kelas; &lt;code&gt;effective&lt;/code&gt;: jumlah sampel efektif; &lt;code&gt;oversampling&lt;/code&gt;: sampel kelas langka beberapa kali per epoch; &lt;code&gt;none&lt;/code&gt;; &lt;code&gt;auto&lt;/code&gt;: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>&lt;code&gt;auto&lt;/code&gt; is none for the multi-scale network and sqrt for the others. Trees always use sqrt. Probabilities and maps follow the natural proportions in any case. DECISION favours rare classes in a map.</source>
        <translation>&lt;code&gt;auto&lt;/code&gt; adalah none untuk jaringan multiskala dan sqrt untuk yang lain. Pohon keputusan selalu memakai sqrt. Probabilitas dan peta selalu mengikuti proporsi alami. DECISION mengutamakan kelas langka dalam peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Label smoothing</source>
        <translation>Penghalusan label</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Fraction of each label, 0 to 0.9, that is spread over all classes against label errors; 0.05 to 0.1 is usual. Empty: the default of the architecture.</source>
        <translation>Fraksi setiap label, 0 sampai 0,9, yang disebarkan ke semua kelas terhadap kesalahan label; lazimnya 0,05 sampai 0,1. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Fraction of features, 0 to 0.9, dropped at random before the last layer against overfitting; 0.2 to 0.5 is usual. Empty: the default of the architecture.</source>
        <translation>Fraksi fitur, 0 sampai 0,9, yang dibuang acak sebelum lapisan terakhir terhadap overfitting; lazimnya 0,2 sampai 0,5. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Flip and rotate patches</source>
        <translation>Balik dan putar patch</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Mirrors patches and rotates them by quarter turns at random in training. Usually on.</source>
        <translation>Mencerminkan patch dan memutarnya seperempat putaran secara acak dalam pelatihan. Biasanya aktif.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Brightness variation</source>
        <translation>Variasi kecerahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Standard deviation of random brightness changes, in standard deviations of each channel; 0.1 is usual where haze or dates differ. Empty: the default of the architecture.</source>
        <translation>Simpangan baku perubahan kecerahan acak, dalam simpangan baku setiap kanal; lazimnya 0,1 bila kabut atau tanggal berbeda. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Both whole patches and single channels are changed. 0 changes nothing.</source>
        <translation>Patch utuh maupun kanal tunggal diubah. 0 tidak mengubah apa pun.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Artificial borders</source>
        <translation>Batas buatan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Fraction of the training samples, 0 to 0.9, that get an artificial border to the surroundings of another sample. Empty: the default of the architecture.</source>
        <translation>Fraksi sampel latih, 0 sampai 0,9, yang mendapat batas buatan ke sekeliling sampel lain. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>The surroundings of another sample begin beyond a random line near the pixel. Maps become more accurate near borders, where training polygons are rare. 0 adds no borders. Of the hybrid, only the network uses it.</source>
        <translation>Sekeliling sampel lain dimulai di balik garis acak dekat piksel. Peta menjadi lebih akurat di dekat batas, tempat poligon latih jarang ada. 0 tidak menambah batas. Pada hybrid, hanya jaringannya yang memakainya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Band dropout</source>
        <translation>Dropout band</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Probability, 0 to 0.9, that a channel of a patch is blanked in training; 0.1 is a large value. Empty: the default of the architecture.</source>
        <translation>Peluang, 0 sampai 0,9, bahwa satu kanal patch dikosongkan dalam pelatihan; 0,1 adalah nilai besar. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>It keeps the network from relying on a single channel. 0 blanks none.</source>
        <translation>Ini mencegah jaringan bergantung pada satu kanal. 0 tidak mengosongkan apa pun.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Number format of training. &lt;code&gt;bf16&lt;/code&gt;: 16 bits for the large products; &lt;code&gt;fp32&lt;/code&gt;: 32 bits; &lt;code&gt;auto&lt;/code&gt;: the default precision of the plugin&apos;s settings, or bf16 where the device supports it.</source>
        <translation>Format bilangan pelatihan. &lt;code&gt;bf16&lt;/code&gt;: 16 bit untuk perkalian besar; &lt;code&gt;fp32&lt;/code&gt;: 32 bit; &lt;code&gt;auto&lt;/code&gt;: presisi bawaan dalam pengaturan plugin, atau bf16 bila perangkat mendukungnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Time limit (minutes)</source>
        <translation>Batas waktu (menit)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>Largest time that training networks may take, in minutes. Empty: 10 for &lt;code&gt;ensemble&lt;/code&gt; on processors, no limit otherwise.</source>
        <translation>Waktu terlama untuk melatih jaringan, dalam menit. Kosong: 10 untuk &lt;code&gt;ensemble&lt;/code&gt; pada prosesor, selain itu tanpa batas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/fit.py"/>
        <source>The time of a training step is measured first, and the log says how long the networks take. Where all epochs would take longer than the limit, fewer are trained; networks of an &lt;code&gt;ensemble&lt;/code&gt; for which fewer than 4 would be left are left out, and the log says which. Where a limit that you give leaves time, FOLDS=auto is up to five folds. The time of trees and of reading is not part of the limit.</source>
        <translation>Waktu satu langkah pelatihan diukur lebih dulu, dan log menyebutkan berapa lama jaringan dilatih. Bila semua epoch akan memakan waktu lebih lama daripada batas, epoch yang dilatih lebih sedikit; jaringan &lt;code&gt;ensemble&lt;/code&gt; yang akan tersisa kurang dari 4 epoch ditinggalkan, dan log menyebutkan yang mana. Bila batas yang Anda berikan menyisakan waktu, FOLDS=auto menjadi sampai lima fold. Waktu untuk pohon dan pembacaan tidak termasuk dalam batas ini.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>Allows replacing output files that were not written by the same output of this tool, and layers with labels that were filled in. Without it, such files stop the run before anything is written.</source>
        <translation>Mengizinkan penggantian berkas keluaran yang tidak ditulis oleh keluaran yang sama dari alat ini, dan layer yang labelnya telah diisi. Tanpanya, berkas seperti itu menghentikan proses sebelum ada yang ditulis.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>Files that the same output wrote before are always replaced. Files that the run reads and other layers of a GeoPackage are never replaced.</source>
        <translation>Berkas yang sebelumnya ditulis oleh keluaran yang sama selalu diganti. Berkas yang dibaca proses dan layer lain dalam GeoPackage tidak pernah diganti.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>Overwrite other files</source>
        <translation>Timpa berkas lain</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>The output folder cannot be made, because the folder above it does not exist</source>
        <translation>Folder keluaran tidak dapat dibuat, karena folder di atasnya tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>Create it or choose another.</source>
        <translation>Buatlah atau pilih yang lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>The output folder is a file or cannot be written</source>
        <translation>Folder keluaran adalah berkas atau tidak dapat ditulisi</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/outputs.py"/>
        <source>Choose another.</source>
        <translation>Pilih yang lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Rasters to classify</source>
        <translation>Raster yang diklasifikasikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Multi-band rasters with the bands of the model; instead of a folder, or besides it.</source>
        <translation>Raster multiband dengan band-band model; sebagai ganti folder, atau di sampingnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Raster folder</source>
        <translation>Folder raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Folder whose files that match the pattern are classified.</source>
        <translation>Folder yang berkas-berkasnya yang cocok dengan pola diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>File name pattern</source>
        <translation>Pola nama berkas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Patterns of file names, separated by semicolons: &lt;code&gt;*&lt;/code&gt; is any text, &lt;code&gt;?&lt;/code&gt; any character. &lt;code&gt;**/*.tif&lt;/code&gt; also searches subfolders.</source>
        <translation>Pola nama berkas, dipisahkan titik koma: &lt;code&gt;*&lt;/code&gt; adalah teks apa pun, &lt;code&gt;?&lt;/code&gt; karakter apa pun. &lt;code&gt;**/*.tif&lt;/code&gt; juga mencari di subfolder.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Upper and lower case make no difference. Sidecar files such as .aux.xml, .ovr and .qml are left out.</source>
        <translation>Huruf besar dan kecil tidak dibedakan. Berkas pendamping seperti .aux.xml, .ovr, dan .qml dilewati.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>No file in the folder fits the pattern {pattern!r}</source>
        <translation>Tidak ada berkas di folder yang cocok dengan pola {pattern!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Check the folder, or write for example *.img, or **/*.tif for folders inside.</source>
        <translation>Periksa folder, atau tulis misalnya *.img, atau **/*.tif untuk folder di dalamnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Choose rasters or a folder.</source>
        <translation>Pilih raster atau folder.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>There is no such folder of rasters</source>
        <translation>Folder raster tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>The pattern {pattern!r} cannot be used: {error}</source>
        <translation>Pola {pattern!r} tidak dapat digunakan: {error}</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/raster_lists.py"/>
        <source>Write for example *.tif, or **/*.tif for folders inside.</source>
        <translation>Tulis misalnya *.tif, atau **/*.tif untuk folder di dalamnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Side of the square blocks that count as independent in the intervals, for a reference raster and for points without a sampling design. 0 takes the distance over which reference classes are correlated.</source>
        <translation>Sisi blok bujur sangkar yang dianggap independen dalam selang, untuk raster acuan dan untuk titik tanpa rancangan pengambilan sampel. 0 memakai jarak korelasi kelas acuan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Reference layer</source>
        <translation>Layer acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Points or polygons with a class field, or a raster of class values, that are independent of the training samples. Any coordinate reference system is allowed.</source>
        <translation>Titik atau poligon dengan kolom kelas, atau raster nilai kelas, yang independen dari sampel latih. Sistem referensi koordinat apa pun boleh.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>A raster on another grid is compared by the nearest pixel. Features whose field &lt;code&gt;split&lt;/code&gt; is train, suggested, validation or calibration, as in the samples of a training, are left out. The map itself is refused. The report counts the reference pixels that the model of the map was trained with.</source>
        <translation>Raster pada grid lain dibandingkan menurut piksel terdekat. Fitur yang kolom &lt;code&gt;split&lt;/code&gt;-nya train, suggested, validation, atau calibration, seperti dalam sampel pelatihan, dilewati. Peta itu sendiri ditolak. Laporan menghitung piksel acuan yang dipakai melatih model peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <location filename="../../algorithms/parameters/samples.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Class field</source>
        <translation>Kolom kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Field of the points or polygons with the true class: class values or class names of the map. It may be empty for a raster and for points of &lt;b&gt;Sampling design&lt;/b&gt;.</source>
        <translation>Kolom titik atau poligon dengan kelas sebenarnya: nilai kelas atau nama kelas peta. Kolom boleh kosong untuk raster dan untuk titik dari &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Upper and lower case and blanks make no difference in names. For points of &lt;b&gt;Sampling design&lt;/b&gt; the field is &lt;code&gt;class&lt;/code&gt;.</source>
        <translation>Huruf besar dan kecil serta spasi tidak dibedakan dalam nama. Untuk titik dari &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt; kolomnya adalah &lt;code&gt;class&lt;/code&gt;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Sampling design</source>
        <translation>Rancangan pengambilan sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>How the reference points were drawn. &lt;code&gt;auto&lt;/code&gt;: as recorded by &lt;b&gt;Sampling design&lt;/b&gt;, else none; &lt;code&gt;none&lt;/code&gt;: not at random; &lt;code&gt;simple&lt;/code&gt;: simple random sample; &lt;code&gt;stratified_by_map&lt;/code&gt;: at random within the classes of this map; &lt;code&gt;stratified_other&lt;/code&gt;: at random within other strata; &lt;code&gt;weights&lt;/code&gt;: any probability sample with weights.</source>
        <translation>Cara titik acuan ditarik. &lt;code&gt;auto&lt;/code&gt;: seperti dicatat oleh &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt;, selain itu none; &lt;code&gt;none&lt;/code&gt;: tidak acak; &lt;code&gt;simple&lt;/code&gt;: sampel acak sederhana; &lt;code&gt;stratified_by_map&lt;/code&gt;: acak di dalam kelas peta ini; &lt;code&gt;stratified_other&lt;/code&gt;: acak di dalam strata lain; &lt;code&gt;weights&lt;/code&gt;: sampel berpeluang apa pun dengan bobot.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>The design determines which estimates are possible: with &lt;code&gt;none&lt;/code&gt; no areas are estimated. The estimators are those of Olofsson et al. (2014) for &lt;code&gt;stratified_by_map&lt;/code&gt; and of Stehman (2014) for &lt;code&gt;stratified_other&lt;/code&gt;, whose strata are for example the classes of an older map. &lt;code&gt;stratified_other&lt;/code&gt; needs STRATUM_FIELD and STRATA_AREAS; &lt;code&gt;weights&lt;/code&gt; needs WEIGHT_FIELD. The log and the report say which estimator is used and why.</source>
        <translation>Rancangan menentukan estimasi yang mungkin: dengan &lt;code&gt;none&lt;/code&gt; luas tidak diestimasi. Estimatornya adalah dari Olofsson et al. (2014) untuk &lt;code&gt;stratified_by_map&lt;/code&gt; dan dari Stehman (2014) untuk &lt;code&gt;stratified_other&lt;/code&gt;, yang stratanya misalnya kelas peta yang lebih lama. &lt;code&gt;stratified_other&lt;/code&gt; memerlukan STRATUM_FIELD dan STRATA_AREAS; &lt;code&gt;weights&lt;/code&gt; memerlukan WEIGHT_FIELD. Log dan laporan menyebutkan estimator mana yang dipakai dan alasannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Stratum field</source>
        <translation>Kolom stratum</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Field with the stratum of each point, for stratified_other.</source>
        <translation>Kolom dengan stratum setiap titik, untuk stratified_other.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Stratum areas</source>
        <translation>Luas strata</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Area of each stratum, for stratified_other, in one unit without thousands separators, such as &lt;code&gt;lowland=40000, upland=30000&lt;/code&gt;. Only the proportions count.</source>
        <translation>Luas setiap stratum, untuk stratified_other, dalam satu satuan tanpa pemisah ribuan, seperti &lt;code&gt;lowland=40000, upland=30000&lt;/code&gt;. Hanya proporsinya yang diperhitungkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Give the whole area in which points were drawn, including parts without a class in this map, and all points. Areas in the result add up to the area of the map.</source>
        <translation>Berikan seluruh luas tempat titik ditarik, termasuk bagian tanpa kelas dalam peta ini, dan semua titik. Luas dalam hasil berjumlah seluas peta.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Weight field</source>
        <translation>Kolom bobot</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Field with the weight of each point, for weights: the area of its pixel divided by its inclusion probability. Only the proportions count.</source>
        <translation>Kolom dengan bobot setiap titik, untuk weights: luas pikselnya dibagi peluang inklusinya. Hanya proporsinya yang diperhitungkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Block size (pixels)</source>
        <translation>Ukuran blok (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>No reference was given</source>
        <translation>Tidak ada acuan yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Choose points, polygons or a raster.</source>
        <translation>Pilih titik, poligon, atau raster.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>There is no such reference layer</source>
        <translation>Layer acuan tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/reference.py"/>
        <source>Check the path, or choose another layer.</source>
        <translation>Periksa path, atau pilih layer lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>NAME.json beside it has the same content for programs. The folder NAME_figures has its figures at 300 dots per inch.</source>
        <translation>NAME.json di sampingnya memuat isi yang sama untuk program. Folder NAME_figures memuat gambarnya pada 300 dot per inci.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>HTML page with the split, the accuracy of held-out samples with intervals, learning curves and warnings. It needs no other file.</source>
        <translation>Halaman HTML dengan pembagian, akurasi sampel yang disisihkan beserta selangnya, kurva pembelajaran, dan peringatan. Halaman ini tidak memerlukan berkas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>Also trains a random forest with the same samples and split, and compares both on the same test samples. It takes the time of a second training.</source>
        <translation>Juga melatih random forest dengan sampel dan pembagian yang sama, dan membandingkan keduanya pada sampel uji yang sama. Waktunya selama pelatihan kedua.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>Beside a network, the random forest uses the pixel and its neighbourhoods within the patch; beside trees, it uses the pixel alone. With FOLDS it is also trained with the samples that a network needs to select its epoch.</source>
        <translation>Di samping jaringan, random forest memakai piksel dan ketetanggaannya di dalam patch; di samping pohon keputusan, hanya pikselnya. Dengan FOLDS ia juga dilatih dengan sampel yang diperlukan jaringan untuk memilih epochnya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>HTML files (*.html)</source>
        <translation>Berkas HTML (*.html)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>Report language</source>
        <translation>Bahasa laporan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>Language and number format of the page. &lt;code&gt;auto&lt;/code&gt; is the language of QGIS, or English where there is no translation.</source>
        <translation>Bahasa dan format angka halaman. &lt;code&gt;auto&lt;/code&gt; adalah bahasa QGIS, atau bahasa Inggris bila tidak ada terjemahannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>JSON and CSV files are always in English.</source>
        <translation>Berkas JSON dan CSV selalu dalam bahasa Inggris.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/report.py"/>
        <source>Compare with random forest</source>
        <translation>Bandingkan dengan random forest</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/sample_output.py"/>
        <source>The samples of the training as points at the centres of their pixels, with class and split. As SAMPLES with SPLIT=field they repeat the same split.</source>
        <translation>Sampel pelatihan sebagai titik di pusat pikselnya, dengan kelas dan pembagian. Sebagai SAMPLES dengan SPLIT=field sampel ini mengulang pembagian yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/sample_output.py"/>
        <source>Fields: &lt;code&gt;value&lt;/code&gt; and &lt;code&gt;name&lt;/code&gt; of the class; &lt;code&gt;split&lt;/code&gt; (train, suggested, validation, calibration, test, or dropped for lying too near to a test sample; with folds a word for each); &lt;code&gt;fold&lt;/code&gt; that tests the sample; &lt;code&gt;cluster&lt;/code&gt;, the number of its polygon or block; &lt;code&gt;weight&lt;/code&gt;, the number of labelled pixels that it stands for. To repeat the split, set CLASS_FIELD=value, NAME_FIELD=name, SPLIT=field and SPLIT_FIELD=split.</source>
        <translation>Kolom: &lt;code&gt;value&lt;/code&gt; dan &lt;code&gt;name&lt;/code&gt; kelas; &lt;code&gt;split&lt;/code&gt; (train, suggested, validation, calibration, test, atau dropped karena terlalu dekat dengan sampel uji; dengan fold satu kata untuk masing-masing); &lt;code&gt;fold&lt;/code&gt; yang menguji sampel; &lt;code&gt;cluster&lt;/code&gt;, nomor poligon atau bloknya; &lt;code&gt;weight&lt;/code&gt;, jumlah piksel berlabel yang diwakilinya. Untuk mengulang pembagian, tetapkan CLASS_FIELD=value, NAME_FIELD=name, SPLIT=field, dan SPLIT_FIELD=split.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/sample_output.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Samples with split</source>
        <translation>Sampel dengan pembagian</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Training polygons or points</source>
        <translation>Poligon atau titik latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Labelled polygons or points, in any coordinate reference system; empty where a label raster is given. Every pixel whose centre lies in a polygon is a sample.</source>
        <translation>Poligon atau titik berlabel, dalam sistem referensi koordinat apa pun; kosong bila raster label diberikan. Setiap piksel yang pusatnya terletak di dalam poligon adalah sampel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Label at least three polygons per class, better ten. Pixels that labels of different classes cover are not used.</source>
        <translation>Labeli sedikitnya tiga poligon per kelas, lebih baik sepuluh. Piksel yang dicakup label dari kelas berbeda tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Extra training samples</source>
        <translation>Sampel latih tambahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>More layers of labelled polygons or points, in any coordinate reference system, with the same fields.</source>
        <translation>Layer poligon atau titik berlabel lainnya, dalam sistem referensi koordinat apa pun, dengan kolom yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Label raster</source>
        <translation>Raster label</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>A raster of class values on any grid, instead of polygons or besides them. Nodata and the values of UNLABELLED are not used.</source>
        <translation>Raster nilai kelas pada grid apa pun, sebagai ganti poligon atau di sampingnya. Nodata dan nilai UNLABELLED tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Unlabelled values</source>
        <translation>Nilai tanpa label</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Values of the label raster that stand for no label besides nodata: whole numbers, separated by commas, such as &lt;code&gt;0&lt;/code&gt; or &lt;code&gt;0, -100&lt;/code&gt;.</source>
        <translation>Nilai raster label yang berarti tanpa label selain nodata: bilangan bulat, dipisahkan koma, seperti &lt;code&gt;0&lt;/code&gt; atau &lt;code&gt;0, -100&lt;/code&gt;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Field of the training layers with the class, usually &lt;code&gt;class&lt;/code&gt; or &lt;code&gt;id&lt;/code&gt;. Whole numbers become the values of the map; names are numbered from 1 in alphabetical order.</source>
        <translation>Kolom layer latih dengan kelas, biasanya &lt;code&gt;class&lt;/code&gt; atau &lt;code&gt;id&lt;/code&gt;. Bilangan bulat menjadi nilai peta; nama dinomori dari 1 menurut abjad.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Text that holds whole numbers only keeps them. Upper and lower case and blanks make no difference in names.</source>
        <translation>Teks yang hanya berisi bilangan bulat mempertahankannya. Huruf besar dan kecil serta spasi tidak dibedakan dalam nama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Class name field</source>
        <translation>Kolom nama kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Field of the training layers with the class name for the legend, where the class field holds numbers.</source>
        <translation>Kolom layer latih dengan nama kelas untuk legenda, bila kolom kelas berisi bilangan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Units in which test samples are held out: &lt;code&gt;polygons&lt;/code&gt;, spatial &lt;code&gt;blocks&lt;/code&gt;, groups of a &lt;code&gt;field&lt;/code&gt; (SPLIT_FIELD) or &lt;code&gt;random&lt;/code&gt; pixels. &lt;code&gt;auto&lt;/code&gt; uses the field where one is given, else polygons, else blocks.</source>
        <translation>Satuan penyisihan sampel uji: &lt;code&gt;polygons&lt;/code&gt;, &lt;code&gt;blocks&lt;/code&gt; spasial, kelompok dari &lt;code&gt;field&lt;/code&gt; (SPLIT_FIELD), atau piksel &lt;code&gt;random&lt;/code&gt;. &lt;code&gt;auto&lt;/code&gt; memakai kolom bila diberikan, selain itu poligon, selain itu blok.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Random pixels overestimate the accuracy. &lt;code&gt;auto&lt;/code&gt; uses polygons where each class has enough of them. Where the samples do not allow the split, it is relaxed in this order: blocks instead of polygons (&lt;code&gt;auto&lt;/code&gt; only); smaller blocks; for single classes, no gap between validation and test, then training and validation, then training and test; no validation; no test. The log, the model and the report say what was relaxed.</source>
        <translation>Piksel acak melebihkan akurasi. &lt;code&gt;auto&lt;/code&gt; memakai poligon bila setiap kelas memiliki cukup banyak. Bila sampel tidak memungkinkan pembagian itu, pembagian dilonggarkan dalam urutan ini: blok sebagai ganti poligon (hanya &lt;code&gt;auto&lt;/code&gt;); blok yang lebih kecil; untuk kelas tertentu, tanpa jarak antara validasi dan uji, lalu latih dan validasi, lalu latih dan uji; tanpa validasi; tanpa uji. Log, model, dan laporan menyebutkan apa yang dilonggarkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Field of the training layers that holds the split. Its values are either train, validation, test, dropped and suggested, or groups such as sites that are never divided.</source>
        <translation>Kolom layer latih yang memuat pembagian. Nilainya adalah train, validation, test, dropped, dan suggested, atau kelompok seperti lokasi yang tidak pernah dibagi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Samples of train and suggested are used for the model that is saved. Those of suggested do not count in the class proportions. With as many groups as FOLDS, each group is a fold; where FOLDS is &lt;code&gt;auto&lt;/code&gt;, trees have up to five. Trees and the hybrid are also trained with the validation samples of such folds.</source>
        <translation>Sampel train dan suggested dipakai untuk model yang disimpan. Sampel suggested tidak dihitung dalam proporsi kelas. Dengan kelompok sebanyak FOLDS, setiap kelompok adalah satu fold; bila FOLDS adalah &lt;code&gt;auto&lt;/code&gt;, pohon keputusan memiliki sampai lima. Pohon keputusan dan hybrid juga dilatih dengan sampel validasi fold seperti itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Side of a spatial block. 0, which is usual, takes the distance over which labels are correlated.</source>
        <translation>Sisi blok spasial. 0, yang lazim, memakai jarak korelasi label.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Automatic blocks are at least three patches or neighbourhoods wide. They are smaller only where the classes could not be divided otherwise.</source>
        <translation>Blok otomatis sedikitnya selebar tiga patch atau ketetanggaan. Blok lebih kecil hanya bila kelas tidak dapat dibagi dengan cara lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Training-test gap (pixels)</source>
        <translation>Jarak latih-uji (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Minimum distance in rows or columns between training, validation and test samples; nearer samples are dropped. 0, which is usual, takes the patch or the largest neighbourhood.</source>
        <translation>Jarak minimum dalam baris atau kolom antara sampel latih, validasi, dan uji; sampel yang lebih dekat dibuang. 0, yang lazim, memakai patch atau ketetanggaan terbesar.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Folds</source>
        <translation>Fold</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Number of folds of the cross-validation; 0 is a single split. &lt;code&gt;auto&lt;/code&gt; is five for trees, fewer where polygons are few, and a single split for networks and the hybrid.</source>
        <translation>Jumlah fold validasi silang; 0 adalah satu pembagian. &lt;code&gt;auto&lt;/code&gt; adalah lima untuk pohon keputusan, lebih sedikit bila poligon sedikit, dan satu pembagian untuk jaringan dan hybrid.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Each fold is tested with a model of its own, and the figures are those of all folds together. The folds are made as SPLIT says. The model that is saved is trained afterwards with all samples, except those that SPLIT_FIELD names for validation or test, or drops. A network keeps a quarter of the training samples of a fold to select its epoch; trees and the hybrid use all of them. Each fold takes the time of a training.</source>
        <translation>Setiap fold diuji dengan modelnya sendiri, dan angkanya adalah angka semua fold bersama. Fold dibuat seperti dinyatakan SPLIT. Setelah itu model yang disimpan dilatih dengan semua sampel, kecuali yang oleh SPLIT_FIELD ditetapkan untuk validasi atau uji, atau dibuang. Jaringan menyisihkan seperempat sampel latih suatu fold untuk memilih epochnya; pohon keputusan dan hybrid memakai semuanya. Setiap fold memerlukan waktu satu pelatihan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Maximum samples per class</source>
        <translation>Sampel maksimum per kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Maximum number of training samples (pixels) of a class; 2,000 is usual, 0 is no limit. Further samples are dropped at random.</source>
        <translation>Jumlah maksimum sampel latih (piksel) suatu kelas; lazimnya 2.000, 0 berarti tanpa batas. Sampel selebihnya dibuang secara acak.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>Validation and test samples keep the proportions of the labels.</source>
        <translation>Sampel validasi dan uji mempertahankan proporsi label.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/samples.py"/>
        <source>A whole number, without unit. The same seed, data and device give the same model.</source>
        <translation>Bilangan bulat, tanpa satuan. Seed, data, dan perangkat yang sama memberi model yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>There is no default precision {value!r}</source>
        <translation>Tidak ada presisi bawaan {value!r}</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Use one of: {precisions}.</source>
        <translation>Gunakan salah satu dari: {precisions}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Python interpreter (empty: the plugin&apos;s own environment)</source>
        <translation>Interpreter Python (kosong: lingkungan plugin sendiri)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Default device</source>
        <translation>Perangkat bawaan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Default precision</source>
        <translation>Presisi bawaan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Processor threads (0: all)</source>
        <translation>Utas prosesor (0: semua)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Minutes after which an idle worker process ends</source>
        <translation>Menit sebelum proses pekerja yang menganggur diakhiri</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Cache folder (empty: the system&apos;s)</source>
        <translation>Folder cache (kosong: milik sistem)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/settings.py"/>
        <source>Correct the setting or the variable.</source>
        <translation>Perbaiki pengaturan atau variabel itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Members of an ensemble</source>
        <translation>Anggota ansambel</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Architectures that &lt;code&gt;ensemble&lt;/code&gt; trains and combines. None: &lt;code&gt;resnet18&lt;/code&gt; and &lt;code&gt;tree_ensemble&lt;/code&gt;, or only the files of MEMBER_FILES.</source>
        <translation>Arsitektur yang dilatih dan digabungkan oleh &lt;code&gt;ensemble&lt;/code&gt;. Tanpa pilihan: &lt;code&gt;resnet18&lt;/code&gt; dan &lt;code&gt;tree_ensemble&lt;/code&gt;, atau hanya berkas dari MEMBER_FILES.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Each member has the defaults of its architecture where a parameter is left empty. PATCH_SIZE and BATCH_SIZE are not for U-Nets, whose training tiles are larger than patches.</source>
        <translation>Setiap anggota memakai nilai bawaan arsitekturnya bila parameter dibiarkan kosong. PATCH_SIZE dan BATCH_SIZE tidak berlaku untuk U-Net, yang petak latihnya lebih besar daripada patch.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Model files as members</source>
        <translation>Berkas model sebagai anggota</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Model files that &lt;code&gt;ensemble&lt;/code&gt; has as further members, with the same bands, indices and classes. They are not trained again.</source>
        <translation>Berkas model yang menjadi anggota tambahan &lt;code&gt;ensemble&lt;/code&gt;, dengan band, indeks, dan kelas yang sama. Berkas itu tidak dilatih lagi.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Samples that a file was trained on, or that lie beside those, are left out: weights and accuracy would be too favourable. Where all samples are such, files alone get equal weights, the accuracy is not known, and the log says so.</source>
        <translation>Sampel yang dipakai melatih suatu berkas, atau yang terletak di sampingnya, ditinggalkan: bobot dan akurasinya akan terlalu baik. Bila semua sampel demikian, berkas saja mendapat bobot yang sama, akurasinya tidak diketahui, dan log menyebutkannya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Combination of members</source>
        <translation>Penggabungan anggota</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Rule of an ensemble. &lt;code&gt;weighted&lt;/code&gt;: a weight for each member; &lt;code&gt;class_weighted&lt;/code&gt;: a weight for each member and class where that is better; &lt;code&gt;log_mean&lt;/code&gt;: mean of log-probabilities; &lt;code&gt;mean&lt;/code&gt;: mean of probabilities.</source>
        <translation>Aturan ansambel. &lt;code&gt;weighted&lt;/code&gt;: satu bobot untuk setiap anggota; &lt;code&gt;class_weighted&lt;/code&gt;: satu bobot untuk setiap anggota dan kelas bila itu lebih baik; &lt;code&gt;log_mean&lt;/code&gt;: rata-rata logaritma probabilitas; &lt;code&gt;mean&lt;/code&gt;: rata-rata probabilitas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Weights come from training samples that the members were not trained with, for which each member is trained twice more on half of the samples. Means need no such trainings.</source>
        <translation>Bobot berasal dari sampel latih yang tidak dipakai melatih anggotanya; untuk itu setiap anggota dilatih dua kali lagi pada separuh sampel. Rata-rata tidak memerlukan pelatihan itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Snapshots per network</source>
        <translation>Cuplikan per jaringan</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Members that &lt;code&gt;ensemble&lt;/code&gt; has of each network, from one training with a learning rate that falls and rises so many times. 1 is the network alone; 3 to 6 are usual.</source>
        <translation>Jumlah anggota &lt;code&gt;ensemble&lt;/code&gt; dari setiap jaringan, dari satu pelatihan dengan laju pembelajaran yang turun dan naik sebanyak itu. 1 adalah jaringan itu saja; 3 sampai 6 lazim.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>The epochs are divided among the snapshots (Huang et al. 2017), so that training takes no longer. Mapping takes as many times as long.</source>
        <translation>Epoch dibagi di antara cuplikan (Huang dkk. 2017), sehingga pelatihan tidak lebih lama. Pemetaan memakan waktu sebanyak kali itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Training raster</source>
        <translation>Raster latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>A multi-band raster such as a Sentinel-2 or Landsat scene, in any format that GDAL reads. The model finds its bands by their names (descriptions) in the file.</source>
        <translation>Raster multiband seperti citra Sentinel-2 atau Landsat, dalam format apa pun yang dibaca GDAL. Model mencari bandnya menurut namanya (deskripsi) dalam berkas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>A published class scheme with names and colours of the class values. Empty: names from the layer, and usual colours for these names.</source>
        <translation>Skema kelas terbitan dengan nama dan warna nilai kelas. Kosong: nama dari layer, dan warna yang lazim untuk nama itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Kind of model. Trees and the multi-scale network use neighbourhoods of a pixel (WINDOWS), other networks the patch around it (PATCH_SIZE).</source>
        <translation>Jenis model. Pohon keputusan dan jaringan multiskala memakai ketetanggaan piksel (WINDOWS), jaringan lain memakai patch di sekelilingnya (PATCH_SIZE).</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Trees train in minutes and need no GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt; and &lt;code&gt;tree_ensemble&lt;/code&gt;. The ensemble averages the latter two and also uses the classes around a pixel; it is among the most accurate in our tests. The &lt;code&gt;multiscale&lt;/code&gt; network is about as accurate and maps faster. Smaller networks such as &lt;code&gt;resnet18&lt;/code&gt; are faster and need fewer samples. Segmentation networks such as &lt;code&gt;unet&lt;/code&gt; label all pixels of a tile at once and are the fastest networks in mapping; ENCODER selects their encoder. Transformers such as &lt;code&gt;vit&lt;/code&gt; read patches of 15 to 64 pixels. &lt;code&gt;hybrid&lt;/code&gt; is the ensemble of trees with the output of a resnet18 as additional features. Four networks are trained for it, three of them to give the trees outputs for samples that the network was not trained with. &lt;code&gt;ensemble&lt;/code&gt; combines resnet18 and tree_ensemble, or the members of MEMBERS and MEMBER_FILES: it adds the logarithms of their probabilities, with weights that come from training samples which the members were not trained with (COMBINE). A member that does not improve it has the weight 0 and takes no time in mapping.</source>
        <translation>Pohon keputusan dilatih dalam hitungan menit dan tidak memerlukan GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt;, dan &lt;code&gt;tree_ensemble&lt;/code&gt;. Yang terakhir merata-ratakan dua sebelumnya dan juga memakai kelas di sekitar piksel; ia termasuk yang paling akurat dalam uji kami. Jaringan &lt;code&gt;multiscale&lt;/code&gt; kira-kira sama akuratnya dan memetakan lebih cepat. Jaringan yang lebih kecil seperti &lt;code&gt;resnet18&lt;/code&gt; lebih cepat dan memerlukan lebih sedikit sampel. Jaringan segmentasi seperti &lt;code&gt;unet&lt;/code&gt; melabeli semua piksel suatu petak sekaligus dan merupakan jaringan tercepat dalam pemetaan; ENCODER memilih encodernya. Transformer seperti &lt;code&gt;vit&lt;/code&gt; membaca patch 15 sampai 64 piksel. &lt;code&gt;hybrid&lt;/code&gt; adalah ansambel pohon keputusan dengan keluaran resnet18 sebagai fitur tambahan. Empat jaringan dilatih untuknya, tiga di antaranya agar pohon mendapat keluaran untuk sampel yang tidak dipakai melatih jaringan itu. &lt;code&gt;ensemble&lt;/code&gt; menggabungkan resnet18 dan tree_ensemble, atau anggota dari MEMBERS dan MEMBER_FILES: logaritma probabilitasnya dijumlahkan, dengan bobot dari sampel latih yang tidak dipakai melatih anggotanya (COMBINE). Anggota yang tidak memperbaikinya berbobot 0 dan tidak memakan waktu dalam pemetaan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Network that a segmentation network reads a tile with. &lt;code&gt;auto&lt;/code&gt; is ResNet18.</source>
        <translation>Jaringan yang dipakai jaringan segmentasi untuk membaca petak. &lt;code&gt;auto&lt;/code&gt; adalah ResNet18.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Larger ResNets take longer and need more samples; MobileNetV2 and EfficientNet-Lite0 are small. Other models do not use it.</source>
        <translation>ResNet yang lebih besar memerlukan waktu lebih lama dan lebih banyak sampel; MobileNetV2 dan EfficientNet-Lite0 kecil. Model lain tidak memakainya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Side of the patch that a network reads; 32 is usual at 10 to 30 m, 8 or 16 where fields are small. Empty: the default of the architecture.</source>
        <translation>Sisi patch yang dibaca jaringan; lazimnya 32 pada 10 sampai 30 m, 8 atau 16 bila ladang kecil. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Small patches train faster. For segmentation networks it is the side of the training tiles, a multiple of 32. Transformers take 15 to 64.</source>
        <translation>Patch kecil dilatih lebih cepat. Untuk jaringan segmentasi ini adalah sisi petak pelatihan, kelipatan 32. Transformer memakai 15 sampai 64.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Adds to a ResNet or a transformer a small network that reads the pixel itself and the squares of 3 to 15 pixels around it. Borders in the map become sharper.</source>
        <translation>Menambahkan ke ResNet atau transformer jaringan kecil yang membaca piksel itu sendiri dan bujur sangkar 3 sampai 15 piksel di sekelilingnya. Batas dalam peta menjadi lebih tajam.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>The ResNet or transformer reads the patch. Without a centre branch the network is a plain one. Initial weights of a plain ResNet serve both: with a centre branch, they are those of the ResNet.</source>
        <translation>ResNet atau transformer membaca patch. Tanpa cabang pusat, jaringannya polos. Bobot awal ResNet polos berguna untuk keduanya: dengan cabang pusat, bobot itu menjadi bobot ResNet-nya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Context grid (pixels)</source>
        <translation>Grid konteks (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Spacing of the pixels around which a ResNet with a centre branch reads a patch; each pixel of the map uses the nearest one. &lt;code&gt;auto&lt;/code&gt; is 4.</source>
        <translation>Jarak antarpiksel tempat ResNet bercabang pusat membaca patch; setiap piksel peta memakai yang terdekat. &lt;code&gt;auto&lt;/code&gt; adalah 4.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>With 4, the ResNet takes a sixteenth of its time in mapping.</source>
        <translation>Dengan 4, ResNet memerlukan seperenam belas waktunya dalam pemetaan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Patch scales</source>
        <translation>Skala patch</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Scales of the patches of a ResNet with a centre branch, odd numbers such as &lt;code&gt;1,3,7&lt;/code&gt;. &lt;code&gt;auto&lt;/code&gt; is 1 alone.</source>
        <translation>Skala patch ResNet bercabang pusat, bilangan ganjil seperti &lt;code&gt;1,3,7&lt;/code&gt;. &lt;code&gt;auto&lt;/code&gt; adalah 1 saja.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>At scale 3 the ResNet also reads a patch three times as wide, in means of 3 x 3 pixels.</source>
        <translation>Pada skala 3 ResNet juga membaca patch tiga kali lebih lebar, dalam rata-rata 3 x 3 piksel.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Neighbourhoods (pixels)</source>
        <translation>Ketetanggaan (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Sides of the squares around a pixel whose means and standard deviations are features, odd numbers such as &lt;code&gt;3,7,15&lt;/code&gt;. &lt;code&gt;0&lt;/code&gt; or empty: the pixel alone.</source>
        <translation>Sisi bujur sangkar di sekeliling piksel yang rata-rata dan simpangan bakunya menjadi fitur, bilangan ganjil seperti &lt;code&gt;3,7,15&lt;/code&gt;. &lt;code&gt;0&lt;/code&gt; atau kosong: piksel itu saja.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Trees, the hybrid and the multi-scale network use them. &lt;code&gt;auto&lt;/code&gt; is {}; of these, those that do not fit eight times into the raster, or for which samples lie too near to each other, are left out, and the log says so. All but random forests also use textures: how much squares of up to 15 pixels differ in roughness within those of 31 pixels or more.</source>
        <translation>Pohon keputusan, hybrid, dan jaringan multiskala memakainya. &lt;code&gt;auto&lt;/code&gt; adalah {}; dari antaranya, yang tidak muat delapan kali dalam raster, atau yang sampelnya terlalu berdekatan, dilewati, dan log menyebutkannya. Semua kecuali random forest juga memakai tekstur: seberapa berbeda kekasaran bujur sangkar sampai 15 piksel di dalam bujur sangkar 31 piksel atau lebih.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Number of trees</source>
        <translation>Jumlah pohon</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Number of trees of random forests and extra trees. Empty: 300.</source>
        <translation>Jumlah pohon untuk random forest dan extra trees. Kosong: 300.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Fewer trees map faster, and their probabilities have coarser steps. The number of steps of boosting is fixed.</source>
        <translation>Pohon yang lebih sedikit memetakan lebih cepat, dan probabilitasnya bertingkat lebih kasar. Jumlah langkah boosting tetap.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Samples per leaf</source>
        <translation>Sampel per daun</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>Smallest number of training samples in a leaf of random forests and extra trees. Empty: 2.</source>
        <translation>Jumlah terkecil sampel pelatihan dalam satu daun random forest dan extra trees. Kosong: 2.</translation>
    </message>
    <message>
        <location filename="../../algorithms/parameters/train.py"/>
        <source>More samples give smaller trees, which may be more accurate where labels have errors.</source>
        <translation>Sampel yang lebih banyak menghasilkan pohon yang lebih kecil, yang mungkin lebih akurat jika label mengandung kesalahan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/provider.py"/>
        <source>Deep Land Cover: train and run land-cover models</source>
        <translation>Deep Land Cover: latih dan jalankan model tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Draws stratified random points of a class map, to be labelled as reference.</source>
        <translation>Menarik titik acak berstrata dari peta kelas, untuk dilabeli sebagai acuan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>sampling</source>
        <translation>pengambilan sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>random points</source>
        <translation>titik acak</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>sample size</source>
        <translation>ukuran sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>reference</source>
        <translation>acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>neyman</source>
        <translation>neyman</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;Draws random points within each class of a map, for an estimate of its accuracy and of the areas of its classes.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Menarik titik acak di dalam setiap kelas peta, untuk estimasi akurasinya dan luas kelas-kelasnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; Any raster of class values, and either a number of points or a target standard error of the overall accuracy with the expected user’s accuracies. The number of points then follows from the allocation (Cochran 1977; for optimal allocation as in Olofsson et al. 2014).&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster nilai kelas apa pun, dan jumlah titik atau galat baku sasaran akurasi keseluruhan beserta akurasi pengguna yang diharapkan. Jumlah titik kemudian mengikuti alokasi (Cochran 1977; untuk alokasi optimal seperti dalam Olofsson et al. 2014).&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; Points at the centres of pixels in random order, each with its stratum (the class of the map), the area of the stratum, its inclusion probability and its weight (the hectares that it represents). Label them in the empty field &lt;code&gt;class&lt;/code&gt;. The form is blind: it shows neither stratum nor prediction, and the map is switched off. &lt;code&gt;confidence&lt;/code&gt; and &lt;code&gt;note&lt;/code&gt; are for your remarks. Then run &lt;b&gt;Assess accuracy and area&lt;/b&gt; with its defaults; it recognises the points, for this map and for other maps of the same area.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Titik di pusat piksel dalam urutan acak, masing-masing dengan stratumnya (kelas peta), luas stratum, peluang inklusi, dan bobotnya (hektare yang diwakilinya). Labeli dalam kolom kosong &lt;code&gt;class&lt;/code&gt;. Formulirnya buta: tidak menampilkan stratum maupun prediksi, dan peta dimatikan. &lt;code&gt;confidence&lt;/code&gt; dan &lt;code&gt;note&lt;/code&gt; untuk catatan Anda. Lalu jalankan &lt;b&gt;Uji akurasi dan luas&lt;/b&gt; dengan nilai bawaan; alat itu mengenali titik-titik ini, untuk peta ini dan untuk peta lain dari area yang sama.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; A target of 0.02 and at least 50 points per class. Optimal allocation where the classes differ much in accuracy.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Target 0,02 dan sedikitnya 50 titik per kelas. Alokasi optimal bila akurasi kelas-kelas sangat berbeda.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; The map is read twice. The demo scene took 1.6 seconds with the start of QGIS, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Peta dibaca dua kali. Citra demo memerlukan 1,6 detik termasuk memulai QGIS, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster holds … different values and no class names, so it is not a class map&lt;/i&gt;, or &lt;i&gt;… it is an image&lt;/i&gt;: an image or probabilities were given. &lt;i&gt;Neither a number of points nor a target error was given&lt;/i&gt;: give one of them. &lt;i&gt;The raster has no coordinate reference system&lt;/i&gt;: assign one, because areas need it. &lt;i&gt;The layer … has … labelled points&lt;/i&gt;: choose another output, or set OVERWRITE to replace the labels.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Raster berisi … nilai yang berbeda dan tidak memiliki nama kelas, jadi bukan peta kelas&lt;/i&gt;, atau &lt;i&gt;… jadi ini citra&lt;/i&gt;: yang diberikan citra atau probabilitas. &lt;i&gt;Tidak ada jumlah titik maupun galat sasaran yang diberikan&lt;/i&gt;: berikan salah satunya. &lt;i&gt;Raster tidak memiliki sistem referensi koordinat&lt;/i&gt;: tetapkan, karena luas memerlukannya. &lt;i&gt;Layer … memiliki … titik berlabel&lt;/i&gt;: pilih keluaran lain, atau aktifkan OVERWRITE untuk mengganti labelnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Map</source>
        <translation>Peta</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>A raster of class values; its classes are the strata.</source>
        <translation>Raster nilai kelas; kelas-kelasnya menjadi strata.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Number of points</source>
        <translation>Jumlah titik</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Number of points over all classes; some hundreds are usual. 0 or empty: as many as TARGET_ERROR requires.</source>
        <translation>Jumlah titik untuk semua kelas; lazimnya beberapa ratus. 0 atau kosong: sebanyak yang diperlukan TARGET_ERROR.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Target standard error</source>
        <translation>Galat baku sasaran</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Standard error of the overall accuracy to plan for, as a fraction; not used where SIZE is given. 0.02 gives a 95 % interval of about ± 4 % and needs some 400 points.</source>
        <translation>Galat baku akurasi keseluruhan yang direncanakan, sebagai fraksi; tidak dipakai bila SIZE diberikan. 0,02 memberi selang 95 % sekitar ± 4 % dan memerlukan sekitar 400 titik.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>The 400 points are those of a map that is expected to be right in 80 % of its area. 0.01 needs four times as many. Points that MIN_PER_CLASS moves to small classes increase the standard error; the log gives the expected one.</source>
        <translation>400 titik itu untuk peta yang diharapkan benar pada 80 % luasnya. 0,01 memerlukan empat kali lipat. Titik yang dipindahkan MIN_PER_CLASS ke kelas kecil memperbesar galat baku; log menyebutkan galat yang diharapkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Allocation</source>
        <translation>Alokasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Allocation of the points to the classes. &lt;code&gt;proportional&lt;/code&gt;: to the mapped area; &lt;code&gt;equal&lt;/code&gt;; &lt;code&gt;optimal&lt;/code&gt; (Neyman): to the area and the expected error of a class.</source>
        <translation>Alokasi titik ke kelas-kelas. &lt;code&gt;proportional&lt;/code&gt;: menurut luas terpetakan; &lt;code&gt;equal&lt;/code&gt;; &lt;code&gt;optimal&lt;/code&gt; (Neyman): menurut luas dan kesalahan kelas yang diharapkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Minimum points per class</source>
        <translation>Titik minimum per kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Minimum number of points of a class; 50 is usual. A class with fewer pixels gets all of them.</source>
        <translation>Jumlah titik minimum suatu kelas; lazimnya 50. Kelas dengan lebih sedikit piksel mendapat semuanya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>The points are taken from the other classes, or added where that is not enough.</source>
        <translation>Titik diambil dari kelas lain, atau ditambahkan bila itu tidak cukup.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Expected user’s accuracies</source>
        <translation>Akurasi pengguna yang diperkirakan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Expected user’s accuracies, 0 to 1: one for all classes, such as &lt;code&gt;0.8&lt;/code&gt;, or by name or value, such as &lt;code&gt;Water=0.95, 5=0.7, 0.8&lt;/code&gt;. A value without a name is that of all other classes.</source>
        <translation>Akurasi pengguna yang diharapkan, 0 sampai 1: satu untuk semua kelas, seperti &lt;code&gt;0.8&lt;/code&gt;, atau menurut nama atau nilai, seperti &lt;code&gt;Water=0.95, 5=0.7, 0.8&lt;/code&gt;. Nilai tanpa nama berlaku untuk semua kelas lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>A whole number, without unit. The same seed draws the same points.</source>
        <translation>Bilangan bulat, tanpa satuan. Seed yang sama menarik titik yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Reference points</source>
        <translation>Titik acuan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Points with the empty fields class, confidence and note to fill in. The form hides the other fields: stratum, stratum_name, stratum_ha, inclusion and weight.</source>
        <translation>Titik dengan kolom kosong class, confidence, dan note untuk diisi. Formulir menyembunyikan kolom lain: stratum, stratum_name, stratum_ha, inclusion, dan weight.</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Expected standard error</source>
        <translation>Galat baku yang diperkirakan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Stratum areas (ha)</source>
        <translation>Luas strata (ha)</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Neither a number of points nor a target error was given</source>
        <translation>Tidak ada jumlah titik maupun galat sasaran yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/samplingdesign.py"/>
        <source>Give one of them.</source>
        <translation>Berikan salah satunya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Set up the environment</source>
        <translation>Siapkan lingkungan</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Installs the packages that training and classification need, apart from QGIS, and tests them.</source>
        <translation>Memasang paket yang diperlukan pelatihan dan klasifikasi, terpisah dari QGIS, dan mengujinya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>install</source>
        <translation>pasang</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>environment</source>
        <translation>lingkungan</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>torch</source>
        <translation>torch</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>cuda</source>
        <translation>cuda</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>gpu</source>
        <translation>gpu</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>dependencies</source>
        <translation>dependensi</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>setup</source>
        <translation>penyiapan</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;Creates or repairs the Python environment of training and classification, in a folder of your QGIS profile. The Python of QGIS is not changed.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Membuat atau memperbaiki lingkungan Python untuk pelatihan dan klasifikasi, dalam folder profil QGIS Anda. Python milik QGIS tidak diubah.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; Usually none. The CUDA build needs about 6 GB of disk, the CPU build 1 GB. Settings of pip (proxy, mirror, certificates) apply. Without a network connection give a folder of wheels that was filled on another machine.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Biasanya tidak ada. Build CUDA memerlukan sekitar 6 GB disk, build CPU 1 GB. Pengaturan pip (proxy, mirror, sertifikat) berlaku. Tanpa koneksi jaringan, berikan folder wheel yang diisi di komputer lain.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; The environment, with OpenVINO where it is available. OpenVINO makes classification on the processor faster and is not required. At the end a small computation is run, and the log says which device will be used, or why a GPU cannot be used.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Lingkungan, dengan OpenVINO bila tersedia. OpenVINO mempercepat klasifikasi pada prosesor dan tidak wajib. Pada akhirnya perhitungan kecil dijalankan, dan log menyebutkan perangkat mana yang akan dipakai, atau mengapa GPU tidak dapat dipakai.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; &lt;code&gt;BUILD=auto&lt;/code&gt; and nothing else.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; &lt;code&gt;BUILD=auto&lt;/code&gt; dan tidak ada yang lain.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; Minutes, most of them for the download.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Beberapa menit, sebagian besar untuk pengunduhan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The package index cannot be reached&lt;/i&gt;: check the network; behind a proxy, configure pip; else use WHEELS. &lt;i&gt;The Python lacks the module venv&lt;/i&gt;: install python3-venv (Debian, Ubuntu), or choose another Python. &lt;i&gt;The environment was installed but does not work&lt;/i&gt;: on Windows, install the latest Microsoft Visual C++ Redistributable and run this again. &lt;i&gt;PyTorch was installed without CUDA&lt;/i&gt;: run this with BUILD=cuda.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Indeks paket tidak dapat dijangkau&lt;/i&gt;: periksa jaringan; di balik proxy, atur pip; selain itu pakai WHEELS. &lt;i&gt;Python ini tidak memiliki modul venv&lt;/i&gt;: pasang python3-venv (Debian, Ubuntu), atau pilih Python lain. &lt;i&gt;Lingkungan terpasang tetapi tidak berfungsi&lt;/i&gt;: di Windows, pasang Microsoft Visual C++ Redistributable terbaru dan jalankan lagi. &lt;i&gt;PyTorch dipasang tanpa CUDA&lt;/i&gt;: jalankan dengan BUILD=cuda.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>PyTorch build</source>
        <translation>Build PyTorch</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Build of PyTorch to install. &lt;code&gt;auto&lt;/code&gt;: by the NVIDIA driver; &lt;code&gt;cuda&lt;/code&gt;: for NVIDIA GPUs; &lt;code&gt;cpu&lt;/code&gt;: smaller, for any processor.</source>
        <translation>Build PyTorch yang dipasang. &lt;code&gt;auto&lt;/code&gt;: menurut driver NVIDIA; &lt;code&gt;cuda&lt;/code&gt;: untuk GPU NVIDIA; &lt;code&gt;cpu&lt;/code&gt;: lebih kecil, untuk prosesor apa pun.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Wheel folder</source>
        <translation>Folder wheel</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Folder with the wheels of all packages, for machines without a network connection. Nothing is downloaded then.</source>
        <translation>Folder dengan wheel semua paket, untuk komputer tanpa koneksi jaringan. Tidak ada yang diunduh dalam hal itu.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Base Python interpreter</source>
        <translation>Interpreter Python dasar</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Python 3.11 or later that the environment is created with. Empty: the Python of QGIS.</source>
        <translation>Python 3.11 atau lebih baru yang membuat lingkungan. Kosong: Python milik QGIS.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Python of the environment</source>
        <translation>Python dari lingkungan</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Message</source>
        <translation>Pesan</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>There is no such folder of wheels</source>
        <translation>Folder wheel tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Check the path or leave it empty.</source>
        <translation>Periksa path atau kosongkan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>There is no such Python interpreter</source>
        <translation>Interpreter Python tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/setupenvironment.py"/>
        <source>Runs will not use it, because {origin} names another Python: {path}.</source>
        <translation>Proses tidak akan memakainya, karena {origin} menyebut Python lain: {path}.</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Stack bands and indices</source>
        <translation>Tumpuk band dan indeks</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Writes the bands of several rasters and their spectral indices into one aligned raster.</source>
        <translation>Menulis band beberapa raster dan indeks spektralnya ke satu raster yang selaras.</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Rasters</source>
        <translation>Raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>stack</source>
        <translation>tumpukan</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>merge bands</source>
        <translation>gabungkan band</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>align</source>
        <translation>selaraskan</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>resample</source>
        <translation>resampling</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>spectral indices</source>
        <translation>indeks spektral</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>ndvi</source>
        <translation>ndvi</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>radar</source>
        <translation>radar</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>terrain</source>
        <translation>topografi</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;Resamples rasters of different resolution, extent and coordinate reference system to the grid of the first one, and adds spectral indices. Training and classification do the same while they read. Use this tool to view the features, for other software, and for rasters that are used many times.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Meresampel raster dengan resolusi, cakupan, dan sistem referensi koordinat berbeda ke grid raster pertama, dan menambahkan indeks spektral. Pelatihan dan klasifikasi melakukan hal yang sama sambil membaca. Pakai alat ini untuk melihat fitur, untuk perangkat lunak lain, dan untuk raster yang dipakai berkali-kali.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A raster that defines the grid, and any number of others that overlap it.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster yang menentukan grid, dan raster lain berapa pun yang bertampalan dengannya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A compressed GeoTIFF of 32-bit floating point numbers with the names of all bands. Scale and offset of the files are applied, and invalid pixels are NaN. It can be used in &lt;b&gt;Train a land-cover model&lt;/b&gt; and &lt;b&gt;Classify a raster&lt;/b&gt;.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; GeoTIFF terkompresi berisi bilangan titik mengambang 32 bit dengan nama semua band. Skala dan offset berkas diterapkan, dan piksel tidak valid adalah NaN. Berkas dapat dipakai dalam &lt;b&gt;Latih model tutupan lahan&lt;/b&gt; dan &lt;b&gt;Klasifikasikan raster&lt;/b&gt;.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The finest raster first; resampling &lt;code&gt;auto&lt;/code&gt;; only the indices that you need.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Raster yang paling halus lebih dahulu; resampling &lt;code&gt;auto&lt;/code&gt;; hanya indeks yang Anda perlukan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; About 400,000 pixels of ten bands per second on one core of an AMD EPYC; the demo scene took 3 seconds with the start of QGIS. The progress bar shows the remaining time.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Sekitar 400.000 piksel sepuluh band per detik pada satu inti AMD EPYC; citra demo memerlukan 3 detik termasuk memulai QGIS. Bilah kemajuan menunjukkan sisa waktu.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster lies outside the input raster&lt;/i&gt;: it covers another area, or its coordinate reference system is wrong. &lt;i&gt;Index … is skipped&lt;/i&gt;: give the roles of the bands in BAND_ROLES. &lt;i&gt;The layer comes from the provider …, which only QGIS can read&lt;/i&gt;: WMS and XYZ are pictures; export the data to a GeoTIFF.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Raster terletak di luar raster masukan&lt;/i&gt;: raster mencakup area lain, atau sistem referensi koordinatnya salah. &lt;i&gt;Indeks … dilewati&lt;/i&gt;: berikan peran band dalam BAND_ROLES. &lt;i&gt;Layer berasal dari penyedia …, yang hanya dapat dibaca oleh QGIS&lt;/i&gt;: WMS dan XYZ adalah gambar; ekspor datanya ke GeoTIFF.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Grid raster</source>
        <translation>Raster grid</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Raster that defines the grid of the result, usually the finest one, such as Sentinel-2 at 10 m. Its bands come first.</source>
        <translation>Raster yang menentukan grid hasil, biasanya yang paling halus, seperti Sentinel-2 pada 10 m. Band-bandnya ditempatkan di awal.</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Feature stack</source>
        <translation>Tumpukan fitur</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>GeoTIFF (.tif) with the bands of all rasters in their order, then the indices.</source>
        <translation>GeoTIFF (.tif) dengan band semua raster menurut urutannya, lalu indeks.</translation>
    </message>
    <message>
        <location filename="../../algorithms/stackfeatures.py"/>
        <source>Names of the bands, separated by commas</source>
        <translation>Nama band, dipisahkan dengan koma</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Style a classification</source>
        <translation>Beri gaya pada klasifikasi</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Gives a raster of classes the names and colours of a class scheme.</source>
        <translation>Memberi raster kelas nama dan warna dari suatu skema kelas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>style</source>
        <translation>gaya</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>legend</source>
        <translation>legenda</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>colour</source>
        <translation>warna</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>color</source>
        <translation>warna</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>palette</source>
        <translation>palet</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>symbology</source>
        <translation>simbologi</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>scheme</source>
        <translation>skema</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>colour blind</source>
        <translation>buta warna</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>qml</source>
        <translation>qml</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;Gives a raster of classes the names and colours of a scheme: a published one, a file of yours, a QGIS style, or that of another layer. The raster can come from any software.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Memberi raster kelas nama dan warna suatu skema: skema terbitan, berkas Anda, gaya QGIS, atau skema layer lain. Raster boleh berasal dari perangkat lunak apa pun.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; The raster, and one scheme; without one, the raster keeps its own names and colours. Classes are matched by name first, and by value where one of the two has no names. Schemes whose name ends in &lt;code&gt;_safe&lt;/code&gt; have colours that can be distinguished with any of the three kinds of colour blindness. A scheme file is JSON: &lt;code&gt;{&quot;id&quot;: &quot;mine&quot;, &quot;title&quot;: &quot;My classes&quot;, &quot;classes&quot;: [{&quot;value&quot;: 1, &quot;name&quot;: &quot;Water&quot;, &quot;color&quot;: &quot;#0066CC&quot;}]}&lt;/code&gt;.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster, dan satu skema; tanpa skema, raster mempertahankan nama dan warnanya sendiri. Kelas dicocokkan menurut nama lebih dahulu, dan menurut nilai bila salah satunya tidak memiliki nama. Skema yang namanya berakhiran &lt;code&gt;_safe&lt;/code&gt; memakai warna yang dapat dibedakan dengan ketiga jenis buta warna. Berkas skema adalah JSON: &lt;code&gt;{&quot;id&quot;: &quot;mine&quot;, &quot;title&quot;: &quot;My classes&quot;, &quot;classes&quot;: [{&quot;value&quot;: 1, &quot;name&quot;: &quot;Water&quot;, &quot;color&quot;: &quot;#0066CC&quot;}]}&lt;/code&gt;.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; The layer in the project shows the classes of the raster in the order of the scheme. Values that are not in the scheme are grey and named in the log. With WRITE, names and colours are also written into the &lt;code&gt;.aux.xml&lt;/code&gt; file beside the raster, so that it opens with them in other projects and programs. The raster file itself is not changed. In QGIS a &lt;code&gt;.qml&lt;/code&gt; file beside the raster takes precedence.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Layer dalam proyek menampilkan kelas raster menurut urutan skema. Nilai yang tidak ada dalam skema berwarna abu-abu dan disebutkan dalam log. Dengan WRITE, nama dan warna juga ditulis ke berkas &lt;code&gt;.aux.xml&lt;/code&gt; di samping raster, sehingga raster terbuka dengannya dalam proyek dan program lain. Berkas raster sendiri tidak diubah. Di QGIS, berkas &lt;code&gt;.qml&lt;/code&gt; di samping raster didahulukan.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The scheme of the producers of the map, such as &lt;code&gt;worldcover&lt;/code&gt; or &lt;code&gt;klhk&lt;/code&gt;, its &lt;code&gt;_safe&lt;/code&gt; colours for print and talks, and WRITE where the map is handed on.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Skema dari pembuat peta, seperti &lt;code&gt;worldcover&lt;/code&gt; atau &lt;code&gt;klhk&lt;/code&gt;, warna &lt;code&gt;_safe&lt;/code&gt;-nya untuk cetakan dan presentasi, dan WRITE bila peta diserahkan kepada orang lain.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; The raster is read once. The map of the demo scene took 1.4 seconds with the start of QGIS, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Raster dibaca satu kali. Peta citra demo memerlukan 1,4 detik termasuk memulai QGIS, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster has none of the scheme’s values&lt;/i&gt;: the scheme is for other codes. &lt;i&gt;The style does not give each class a colour&lt;/i&gt;: the layer is drawn with a ramp or as an image. &lt;i&gt;The raster and the scheme have different names for the same values&lt;/i&gt;: nothing is renamed or written; choose the scheme of the producers of the map, or set RENAME. &lt;i&gt;There are several schemes&lt;/i&gt;: give only one of a published scheme, a file and a layer.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Raster tidak memiliki satu pun nilai skema&lt;/i&gt;: skema itu untuk kode lain. &lt;i&gt;Gaya ini tidak memberi warna pada setiap kelas&lt;/i&gt;: layer digambar dengan gradasi atau sebagai citra. &lt;i&gt;Raster dan skema memiliki nama yang berbeda untuk nilai yang sama&lt;/i&gt;: tidak ada yang diganti nama atau ditulis; pilih skema dari pembuat peta, atau aktifkan RENAME. &lt;i&gt;Ada beberapa skema&lt;/i&gt;: berikan hanya satu dari skema terbitan, berkas, dan layer.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Raster of classes</source>
        <translation>Raster kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>A raster of whole numbers, one per class. A layer of the project is restyled; any other raster keeps names and colours with WRITE only.</source>
        <translation>Raster bilangan bulat, satu per kelas. Layer proyek diberi gaya baru; raster lain mempertahankan nama dan warna hanya dengan WRITE.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>A published class scheme. Names that end in &lt;code&gt;_safe&lt;/code&gt; have colours for colour-blind readers.</source>
        <translation>Skema kelas terbitan. Nama yang berakhiran &lt;code&gt;_safe&lt;/code&gt; memakai warna untuk pembaca buta warna.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Scheme file</source>
        <translation>Berkas skema</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Class schemes (*.json *.qml *.sld *.clr *.txt);;All files (*)</source>
        <translation>Skema kelas (*.json *.qml *.sld *.clr *.txt);;Semua berkas (*)</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>File of a class scheme, instead of SCHEME: a scheme of this plugin (.json), a raster style (.qml, .sld), or a table of values and colours (.clr, .txt).</source>
        <translation>Berkas skema kelas, sebagai ganti SCHEME: skema plugin ini (.json), gaya raster (.qml, .sld), atau tabel nilai dan warna (.clr, .txt).</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>A style of QGIS must be of the kind &apos;Paletted/Unique values&apos; or have exact colours.</source>
        <translation>Gaya QGIS harus berjenis &apos;Paletted/Unique values&apos; atau memiliki warna eksak.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Scheme layer</source>
        <translation>Layer skema</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Another raster layer whose current names and colours are used, instead of SCHEME.</source>
        <translation>Layer raster lain yang nama dan warnanya saat ini dipakai, sebagai ganti SCHEME.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Write into the file</source>
        <translation>Tulis ke berkas</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Also writes names and colours into the .aux.xml file beside the raster. The rest of that file is kept.</source>
        <translation>Juga menulis nama dan warna ke berkas .aux.xml di samping raster. Isi lain berkas itu dipertahankan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Rename classes</source>
        <translation>Ganti nama kelas</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Matches classes by value alone, even where the raster has other names for them. Use it for example to translate a legend.</source>
        <translation>Mencocokkan kelas hanya menurut nilai, juga bila raster memiliki nama lain untuknya. Pakai misalnya untuk menerjemahkan legenda.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Styled raster</source>
        <translation>Raster bergaya</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Values that the scheme lacks</source>
        <translation>Nilai yang tidak ada dalam skema</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>The raster is not a layer of the project, so its style is lost without WRITE.</source>
        <translation>Raster bukan layer proyek, sehingga gayanya hilang tanpa WRITE.</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Scheme: {}</source>
        <translation>Skema: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Written: {}</source>
        <translation>Ditulis: {}</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>There are several schemes</source>
        <translation>Ada beberapa skema</translation>
    </message>
    <message>
        <location filename="../../algorithms/styleclassification.py"/>
        <source>Choose only one of a published scheme, a file and a layer.</source>
        <translation>Pilih hanya satu dari skema terbitan, berkas, dan layer.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Suggest samples</source>
        <translation>Sarankan sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Suggests points to label next, where the model is uncertain and samples of the kind are missing.</source>
        <translation>Menyarankan titik yang dilabeli berikutnya, di tempat model tidak pasti dan sampel sejenis belum ada.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>active learning</source>
        <translation>active learning</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <location filename="../../algorithms/trainmodel.py"/>
        <location filename="../../core/inference/sample_scores.py"/>
        <location filename="../../core/raster/validity.py"/>
        <location filename="../../core/reporting/charts.py"/>
        <location filename="../../core/samples/patch_store.py"/>
        <location filename="../../core/training/feeds/neighbourhood.py"/>
        <location filename="../../core/training/fit.py"/>
        <source>samples</source>
        <translation>sampel</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>labelling</source>
        <translation>pelabelan</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>uncertainty</source>
        <translation>ketidakpastian</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>training data</source>
        <translation>data latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;Suggests points whose labels would improve a model most, for another round of training.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Menyarankan titik yang labelnya paling memperbaiki model, untuk putaran pelatihan berikutnya.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; The raster, a model of &lt;b&gt;Train a land-cover model&lt;/b&gt;, and the samples that it was trained with. Some 30,000 random pixels are the candidates. A candidate is scored by the margin between its two most probable classes and by its distance, in the features of the model, from all samples and from the points chosen before it. Half of the points are divided equally among the predicted classes, so that rare classes are represented. All points keep MIN_DISTANCE from samples and from each other.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster, model dari &lt;b&gt;Latih model tutupan lahan&lt;/b&gt;, dan sampel yang dipakai melatihnya. Sekitar 30.000 piksel acak menjadi calon. Calon dinilai menurut margin antara dua kelas yang paling mungkin dan menurut jaraknya, dalam fitur model, dari semua sampel dan dari titik yang dipilih sebelumnya. Setengah dari titik dibagi rata di antara kelas hasil prediksi, sehingga kelas langka terwakili. Semua titik menjaga jarak MIN_DISTANCE dari sampel dan satu sama lain.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; Points with an empty class field whose form lists the classes of the model. Switch on editing, compare each point with an image or a field visit, and choose the class. Then train again with these points in EXTRA_SAMPLES besides the old samples. The points lie where the model is weakest, so an accuracy that is computed from them is wrong. Their field &lt;code&gt;split&lt;/code&gt; is &lt;i&gt;suggested&lt;/i&gt;. With OUTPUT_SAMPLES of the first training as SAMPLES, CLASS_FIELD=value, SPLIT=field and SPLIT_FIELD=split, they are used for training only and do not count in the class proportions to which probabilities are calibrated. For an accuracy estimate draw points with &lt;b&gt;Sampling design&lt;/b&gt;.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Titik dengan kolom kelas kosong yang formulirnya mendaftar kelas model. Aktifkan penyuntingan, bandingkan setiap titik dengan citra atau kunjungan lapangan, dan pilih kelasnya. Lalu latih lagi dengan titik ini dalam EXTRA_SAMPLES di samping sampel lama. Titik terletak di tempat model paling lemah, sehingga akurasi yang dihitung darinya salah. Kolom &lt;code&gt;split&lt;/code&gt;-nya adalah &lt;i&gt;suggested&lt;/i&gt;. Dengan OUTPUT_SAMPLES pelatihan pertama sebagai SAMPLES, CLASS_FIELD=value, SPLIT=field, dan SPLIT_FIELD=split, titik hanya dipakai untuk pelatihan dan tidak dihitung dalam proporsi kelas untuk kalibrasi probabilitas. Untuk estimasi akurasi tarik titik dengan &lt;b&gt;Rancangan pengambilan sampel&lt;/b&gt;.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; 50 to 200 points per round, and the side of a patch as distance.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; 50 sampai 200 titik per putaran, dan sisi patch sebagai jarak.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; That of classifying 30,000 pixels: 16 seconds on the demo scene with ResNet50, patches of 16 pixels and the start of QGIS, on two cores of an AMD EPYC.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Sama dengan mengklasifikasikan 30.000 piksel: 16 detik pada citra demo dengan ResNet50, patch 16 piksel, dan memulai QGIS, pada dua inti AMD EPYC.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The raster&apos;s bands are not those of the model&lt;/i&gt;: choose the raster that it was trained on. Fewer points than COUNT: the samples are too dense; reduce MIN_DISTANCE.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Band raster bukan band model&lt;/i&gt;: pilih raster yang dipakai melatihnya. Titik lebih sedikit daripada COUNT: sampel terlalu rapat; kurangi MIN_DISTANCE.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Raster</source>
        <translation>Raster</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Existing samples</source>
        <translation>Sampel yang ada</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Labelled polygons or points of the training. New points keep MIN_DISTANCE from them.</source>
        <translation>Poligon atau titik berlabel dari pelatihan. Titik baru menjaga jarak MIN_DISTANCE darinya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Field of the samples with the class. The points get a field of the same name and type, so that both can be used together in training.</source>
        <translation>Kolom sampel dengan kelas. Titik mendapat kolom dengan nama dan tipe yang sama, sehingga keduanya dapat dipakai bersama dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Field of the samples with the class name, where training uses one. The points get an empty field of the same name.</source>
        <translation>Kolom sampel dengan nama kelas, bila pelatihan memakainya. Titik mendapat kolom kosong dengan nama yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Number of points to suggest; 50 to 200 per round are usual.</source>
        <translation>Jumlah titik yang disarankan; lazimnya 50 sampai 200 per putaran.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Minimum distance (pixels)</source>
        <translation>Jarak minimum (piksel)</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Minimum distance of a point from the samples and from other points. The side of a patch or neighbourhood is usual.</source>
        <translation>Jarak minimum suatu titik dari sampel dan dari titik lain. Lazimnya sebesar sisi patch atau ketetanggaan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>A whole number, without unit. The same seed draws the same candidate pixels.</source>
        <translation>Bilangan bulat, tanpa satuan. Seed yang sama menarik piksel calon yang sama.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Suggested points</source>
        <translation>Titik yang disarankan</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Points to label, the most useful first, with an empty class field. They lie where the model is weakest, so they give no valid accuracy.</source>
        <translation>Titik untuk dilabeli, yang paling berguna lebih dahulu, dengan kolom kelas kosong. Titik terletak di tempat model paling lemah, sehingga tidak memberi akurasi yang sah.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Fields: &lt;code&gt;rank&lt;/code&gt;; &lt;code&gt;predicted&lt;/code&gt; and &lt;code&gt;predicted_name&lt;/code&gt;, the class of the model; &lt;code&gt;margin&lt;/code&gt; of its probability over the second class; &lt;code&gt;dissimilarity&lt;/code&gt; to the training samples; &lt;code&gt;split&lt;/code&gt;, which is &lt;i&gt;suggested&lt;/i&gt;.</source>
        <translation>Kolom: &lt;code&gt;rank&lt;/code&gt;; &lt;code&gt;predicted&lt;/code&gt; dan &lt;code&gt;predicted_name&lt;/code&gt;, kelas menurut model; &lt;code&gt;margin&lt;/code&gt; probabilitasnya terhadap kelas kedua; &lt;code&gt;dissimilarity&lt;/code&gt; dengan sampel latih; &lt;code&gt;split&lt;/code&gt;, yaitu &lt;i&gt;suggested&lt;/i&gt;.</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>The field {field!r} holds class names, and several classes of the model have the same name: {classes}</source>
        <translation>Kolom {field!r} berisi nama kelas, dan beberapa kelas model memiliki nama yang sama: {classes}</translation>
    </message>
    <message>
        <location filename="../../algorithms/suggestsamples.py"/>
        <source>Choose the field with the class values.</source>
        <translation>Pilih kolom dengan nilai kelas.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Train a land-cover model</source>
        <translation>Latih model tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Trains a neural network or an ensemble of trees on labelled polygons, points or a label raster.</source>
        <translation>Melatih jaringan saraf atau ansambel pohon keputusan pada poligon, titik, atau raster label.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>train</source>
        <translation>latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>random forest</source>
        <translation>random forest</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>extra trees</source>
        <translation>extra trees</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>boosting</source>
        <translation>boosting</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <location filename="../../core/reporting/templates/page.html"/>
        <location filename="../../core/reporting/training_content.py"/>
        <source>polygons</source>
        <translation>poligon</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>machine learning</source>
        <translation>pembelajaran mesin</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;Trains a model for &lt;b&gt;Classify a raster&lt;/b&gt; that predicts the land cover of a pixel from the pixel and its surroundings. By default it combines a network on patches and an ensemble of trees on means and standard deviations of neighbourhoods; each can be trained alone, and any of them can be combined, also with model files (MEMBERS, MEMBER_FILES).&lt;/p&gt;</source>
        <translation>&lt;p&gt;Melatih model untuk &lt;b&gt;Klasifikasikan raster&lt;/b&gt; yang memprediksi tutupan lahan suatu piksel dari piksel itu dan sekelilingnya. Secara bawaan model menggabungkan jaringan pada patch dan ansambel pohon keputusan pada rata-rata dan simpangan baku ketetanggaan; masing-masing dapat dilatih sendiri, dan semuanya dapat digabungkan, juga dengan berkas model (MEMBERS, MEMBER_FILES).&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Inputs.&lt;/b&gt; A multi-band raster, and labels: polygons or points with a class field, or a raster of class values. Labels may be in any coordinate reference system. Class values are whole numbers or text. Features without a class are skipped. Radar, terrain or a second date can be added as extra rasters on any grid. Label at least three polygons per class, better ten, distributed over the raster.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Masukan.&lt;/b&gt; Raster multiband, dan label: poligon atau titik dengan kolom kelas, atau raster nilai kelas. Label boleh dalam sistem referensi koordinat apa pun. Nilai kelas adalah bilangan bulat atau teks. Fitur tanpa kelas dilewati. Radar, topografi, atau tanggal kedua dapat ditambahkan sebagai raster tambahan pada grid apa pun. Labeli sedikitnya tiga poligon per kelas, lebih baik sepuluh, tersebar di seluruh raster.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Outputs.&lt;/b&gt; A model file, and a report where you give it a file. Whole polygons or spatial blocks are held out for testing, because neighbouring patches overlap. The figures in the log and in the model come from these samples only; trees are tested in up to five folds. The model that is saved is trained afterwards with all samples, except those that SPLIT_FIELD names for validation or test, or drops. OUTPUT_SAMPLES stores the samples and their split for the next training. A cancelled run keeps the best complete model as NAME.checkpoint and says so. An ensemble of trees is complete when all trees have grown; with FOLDS, when those of each fold have.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Keluaran.&lt;/b&gt; Berkas model, dan laporan bila Anda memberinya berkas. Poligon utuh atau blok spasial disisihkan untuk pengujian, karena patch yang bertetangga bertumpang tindih. Angka dalam log dan model hanya berasal dari sampel ini; pohon keputusan diuji dalam paling banyak lima fold. Setelah itu model yang disimpan dilatih dengan semua sampel, kecuali yang oleh SPLIT_FIELD ditetapkan untuk validasi atau uji, atau dibuang. OUTPUT_SAMPLES menyimpan sampel dan pembagiannya untuk pelatihan berikutnya. Proses yang dibatalkan menyimpan model lengkap terbaik sebagai NAME.checkpoint dan memberitahukannya. Ansambel pohon keputusan lengkap bila semua pohon telah tumbuh; dengan FOLDS, bila pohon setiap fold telah tumbuh.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Typical values.&lt;/b&gt; The default architecture, &lt;i&gt;Best of network and trees&lt;/i&gt;, and all indices that the bands allow. Where time is short, &lt;i&gt;Trees with neighbourhoods&lt;/i&gt;. The defaults of the advanced parameters suit most data.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Nilai yang lazim.&lt;/b&gt; Arsitektur bawaan, &lt;i&gt;Gabungan terbaik jaringan dan pohon&lt;/i&gt;, dan semua indeks yang dimungkinkan band. Bila waktu terbatas, &lt;i&gt;Pohon dengan ketetanggaan&lt;/i&gt;. Nilai bawaan parameter lanjutan sesuai untuk kebanyakan data.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; Trees are trained for each fold, and once more with all samples. On processors the networks of an ensemble take at most TIME_LIMIT, 10 minutes. Measured on an AMD EPYC: one training of &lt;i&gt;Trees with neighbourhoods&lt;/i&gt; on the demo scene 48 seconds on one core; ResNet50 with patches of 32 pixels 355 patches per second on two cores in batches of 64, 479 in batches of 256, so an epoch of 5,000 patches takes 10 to 14 seconds. The progress bar shows the remaining time.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Pohon dilatih untuk setiap fold, dan sekali lagi dengan semua sampel. Pada prosesor, jaringan suatu ansambel memakan waktu paling lama TIME_LIMIT, yaitu 10 menit. Diukur pada AMD EPYC: satu pelatihan &lt;i&gt;Pohon dengan ketetanggaan&lt;/i&gt; pada citra demo 48 detik pada satu inti; ResNet50 dengan patch 32 piksel 355 patch per detik pada dua inti dalam batch 64, 479 dalam batch 256, sehingga satu epoch 5.000 patch memerlukan 10 sampai 14 detik. Bilah kemajuan menunjukkan sisa waktu.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The file has several layers&lt;/i&gt;: name one of those that are listed. &lt;i&gt;None of the … labelled features lies in the raster&lt;/i&gt;: compare both in QGIS; one has a wrong coordinate reference system. &lt;i&gt;The samples must have at least two classes&lt;/i&gt;: choose another class field. &lt;i&gt;Class … has fewer than two samples&lt;/i&gt;: draw more polygons of it, or leave it out. &lt;i&gt;Class … is not in the model&lt;/i&gt;: the warning gives the reason. &lt;i&gt;The training diverged&lt;/i&gt;: lower LEARNING_RATE. &lt;i&gt;The memory of the GPU is full&lt;/i&gt;: halve BATCH_SIZE. &lt;i&gt;The weights cannot be downloaded&lt;/i&gt;: put the file into the folder that the error names, or choose WEIGHTS=none. &lt;i&gt;The unit of the raster&apos;s values is not clear&lt;/i&gt;: set VALUE_UNIT.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Berkas memiliki beberapa layer&lt;/i&gt;: sebutkan salah satu dari yang didaftar. &lt;i&gt;Tidak ada dari … fitur berlabel yang terletak di dalam raster&lt;/i&gt;: bandingkan keduanya di QGIS; salah satu memiliki sistem referensi koordinat yang salah. &lt;i&gt;Sampel harus memiliki sedikitnya dua kelas&lt;/i&gt;: pilih kolom kelas lain. &lt;i&gt;Kelas … memiliki kurang dari dua sampel&lt;/i&gt;: gambar lebih banyak poligonnya, atau tinggalkan kelas itu. &lt;i&gt;Kelas … tidak ada dalam model&lt;/i&gt;: peringatan menyebutkan alasannya. &lt;i&gt;Pelatihan divergen&lt;/i&gt;: turunkan LEARNING_RATE. &lt;i&gt;Memori GPU penuh&lt;/i&gt;: kurangi BATCH_SIZE menjadi setengahnya. &lt;i&gt;Bobot tidak dapat diunduh&lt;/i&gt;: letakkan berkas di folder yang disebutkan pesan, atau pilih WEIGHTS=none. &lt;i&gt;Satuan nilai raster tidak jelas&lt;/i&gt;: atur VALUE_UNIT.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Trees (*.skops);;Network (*.safetensors)</source>
        <translation>Pohon (*.skops);;Jaringan (*.safetensors)</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>File of the model with its bands, scaling, classes and test figures: .skops for trees and the hybrid, .safetensors for networks.</source>
        <translation>Berkas model dengan band, penskalaan, kelas, dan angka ujinya: .skops untuk pohon keputusan dan hybrid, .safetensors untuk jaringan.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Training report</source>
        <translation>Laporan pelatihan</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Overall accuracy of the baseline</source>
        <translation>Akurasi keseluruhan model pembanding</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Macro F1 of the baseline</source>
        <translation>F1 makro model pembanding</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Training samples</source>
        <translation>Sampel latih</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Split that was used</source>
        <translation>Pembagian yang dipakai</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>No labels were given</source>
        <translation>Tidak ada label yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Give polygons or points (SAMPLES), a label raster (LABELS), or both.</source>
        <translation>Berikan poligon atau titik (SAMPLES), raster label (LABELS), atau keduanya.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>SPLIT is field, but no field was given</source>
        <translation>SPLIT adalah field, tetapi tidak ada kolom yang diberikan</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>Choose the field of the sample layer, or another SPLIT.</source>
        <translation>Pilih kolom dari layer sampel, atau SPLIT lain.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>The model is in a temporary file, which is deleted when QGIS ends. Copy it to another folder to keep it: {path}</source>
        <translation>Model berada dalam berkas sementara, yang dihapus ketika QGIS ditutup. Salin ke folder lain untuk menyimpannya: {path}</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>OUTPUT is a temporary file, which is deleted when QGIS ends. Name a file to keep the model.</source>
        <translation>OUTPUT adalah berkas sementara, yang dihapus ketika QGIS ditutup. Sebutkan nama berkas untuk menyimpan model.</translation>
    </message>
    <message>
        <location filename="../../algorithms/trainmodel.py"/>
        <source>SPLIT is {split}, so the split field is not used.</source>
        <translation>SPLIT adalah {split}, jadi kolom pembagian tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Comparing the maps</source>
        <translation>Membandingkan peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Neither is right</source>
        <translation>Tidak satu pun benar</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Only {map} is right</source>
        <translation>Hanya {map} yang benar</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Both are right</source>
        <translation>Keduanya benar</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Wrong</source>
        <translation>Salah</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Right</source>
        <translation>Benar</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>{count} of {total} are right</source>
        <translation>{count} dari {total} benar</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>All differ</source>
        <translation>Semua berbeda</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>All agree</source>
        <translation>Semua sepakat</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>{count} of {total} agree</source>
        <translation>{count} dari {total} sepakat</translation>
    </message>
    <message>
        <location filename="../../core/assessment/accuracy_maps.py"/>
        <source>Local accuracy in blocks of {side} pixels: {known:,} of {blocks:,} blocks with references have {least} or more.</source>
        <translation>Akurasi lokal dalam blok {side} piksel: {known:,} dari {blocks:,} blok yang berisi acuan memiliki {least} atau lebih.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference points are a simple random sample of the map: proportions of the sample estimate proportions of the area.</source>
        <translation>Titik acuan adalah sampel acak sederhana dari peta: proporsi sampel mengestimasi proporsi luas.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference points are a stratified random sample whose strata are the classes of the map. Accuracy and areas are estimated as in Olofsson et al. (2014), each class weighted by its mapped area.</source>
        <translation>Titik acuan adalah sampel acak berstrata dengan kelas peta sebagai strata. Akurasi dan luas diestimasi seperti pada Olofsson et al. (2014), setiap kelas dibobot dengan luas terpetakannya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference points are a stratified random sample whose strata are not the classes of the map. Accuracy and areas are estimated as in Stehman (2014), each stratum weighted by its area.</source>
        <translation>Titik acuan adalah sampel acak berstrata yang stratanya bukan kelas peta. Akurasi dan luas diestimasi seperti pada Stehman (2014), setiap stratum dibobot dengan luasnya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference points are a probability sample; each represents a part of the map in proportion to its weight. Standard errors assume that they were drawn independently.</source>
        <translation>Titik acuan adalah sampel berpeluang; masing-masing mewakili bagian peta sebanding dengan bobotnya. Galat baku menganggap titik-titik ditarik saling bebas.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The 95 % confidence intervals are Wilson’s with the effective sample size; in a stratum whose points are all alike, half a point is assumed to differ. Their coverage is closer to 95 % for rare classes than that of plain intervals of 1.96 standard errors, which the CSV table has as well. Means of several classes, such as macro-F1, have it without that half point: in simulations of strata whose points are nearly all alike, 90 to 92 % of these intervals contained the true value instead of 95 %.</source>
        <translation>Selang kepercayaan 95 % adalah selang Wilson dengan ukuran sampel efektif; dalam stratum yang titik-titiknya sama semua, setengah titik dianggap berbeda. Untuk kelas langka, cakupannya lebih dekat ke 95 % daripada cakupan selang biasa 1,96 galat baku, yang juga ada dalam tabel CSV. Rata-rata beberapa kelas, seperti F1 makro, memakai selang tanpa setengah titik itu: dalam simulasi strata yang titik-titiknya hampir sama semua, 90 sampai 92 % selang ini memuat nilai sebenarnya, bukan 95 %.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Overall accuracy {accuracy} from {units:,} {unit}s.</source>
        <translation>Akurasi keseluruhan {accuracy} dari {units:,} {unit}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Kappa {kappa:z.3f}.</source>
        <translation>Kappa {kappa:z.3f}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>DESIGN is {design}, but the reference has polygons. Digitised polygons are not a probability sample, so DESIGN is ignored.</source>
        <translation>DESIGN adalah {design}, tetapi acuannya memiliki poligon. Poligon hasil digitasi bukan sampel berpeluang, jadi DESIGN diabaikan.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>DESIGN is {design}, but the reference is a raster. A whole raster is not a probability sample of points, so DESIGN is ignored.</source>
        <translation>DESIGN adalah {design}, tetapi acuannya raster. Raster utuh bukan sampel titik berpeluang, jadi DESIGN diabaikan.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>reference pixels where the map is unclassified</source>
        <translation>piksel acuan di tempat peta tidak terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>map pixels without a reference</source>
        <translation>piksel peta tanpa acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Searching for training pixels</source>
        <translation>Mencari piksel latih</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference has the same pixels as {map}, so it says nothing about its accuracy</source>
        <translation>Acuan memiliki piksel yang sama dengan {map}, jadi tidak mengatakan apa pun tentang akurasinya</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Choose a reference that is independent of the map.</source>
        <translation>Pilih acuan yang independen dari peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Fewer than {count} reference points show an omission of {classes}. The plain intervals of the producer’s accuracy and the area (columns _ci of the table) are then too narrow, often by far, because one more point in a large class would change them. Use the intervals of this report, and add points in the large classes.</source>
        <translation>Kurang dari {count} titik acuan menunjukkan omisi {classes}. Selang biasa untuk akurasi pembuat dan luasnya (kolom _ci dalam tabel) karena itu terlalu sempit, sering kali jauh, sebab satu titik lagi saja di kelas yang besar akan mengubahnya. Gunakan selang dalam laporan ini, dan tambahkan titik di kelas-kelas besar.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Points without a sampling design are not a probability sample. No areas are estimated, and the accuracy is that of these points, not of the map.</source>
        <translation>Titik tanpa rancangan pengambilan sampel bukan sampel berpeluang. Luas tidak diestimasi, dan akurasinya adalah akurasi titik-titik ini, bukan akurasi peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>Digitised polygons are not a probability sample: they are drawn where the class is obvious. No areas are estimated, and the accuracy is that of these polygons, not of the map.</source>
        <translation>Poligon hasil digitasi bukan sampel berpeluang: poligon digambar di tempat yang kelasnya jelas. Luas tidak diestimasi, dan akurasinya adalah akurasi poligon-poligon ini, bukan akurasi peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The points of a block of {side} pixels are correlated and count as one observation.</source>
        <translation>Titik-titik dalam satu blok {side} piksel berkorelasi dan dihitung sebagai satu pengamatan.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The reference is a raster; its blocks are {side} pixels wide. A whole raster is not a probability sample of the true classes: it has errors of its own. No areas are estimated, and the accuracy is that of these blocks, not of the map.</source>
        <translation>Acuannya raster; blok-bloknya selebar {side} piksel. Raster utuh bukan sampel berpeluang dari kelas sebenarnya: raster memiliki kesalahannya sendiri. Luas tidak diestimasi, dan akurasinya adalah akurasi blok-blok ini, bukan akurasi peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>There are no confidence intervals, because they require at least {least} {cluster}s.</source>
        <translation>Tidak ada selang kepercayaan, karena diperlukan sedikitnya {least} {cluster}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>The confidence intervals come from {replicates:,} bootstrap samples, in which the {count:,} {cluster}s are resampled with replacement (expanded percentiles).</source>
        <translation>Selang kepercayaan berasal dari {replicates:,} sampel bootstrap, dengan pengambilan sampel ulang {count:,} {cluster} dengan pengembalian (persentil yang diperluas).</translation>
    </message>
    <message>
        <location filename="../../core/assessment/assess.py"/>
        <source>unclassified pixels of the map</source>
        <translation>piksel peta yang tidak terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/bootstrap.py"/>
        <source>They are approximate: in simulations, such intervals of {count} clusters contained the true value in {least} to {most} % of cases instead of 95 %, least often where a figure is near 100 %.</source>
        <translation>Selang itu merupakan pendekatan: dalam simulasi, selang seperti itu dari {count} klaster memuat nilai sebenarnya dalam {least} sampai {most} % kasus, bukan 95 %, paling jarang bila suatu angka mendekati 100 %.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/bootstrap.py"/>
        <source>A figure of a class is based on the {cluster}s that have the class, its user’s accuracy (precision) on those in which it is mapped; from fewer than {least} it has no interval. A figure that is the same in all resamples has no interval either: {cluster}s that are all right, all wrong or all alike cannot show how often another one differs.</source>
        <translation>Angka suatu kelas didasarkan pada {cluster} yang memiliki kelas itu, akurasi penggunanya (presisi) pada yang dipetakan sebagai kelas itu; dari kurang dari {least} tidak ada selangnya. Angka yang sama pada semua sampel ulang juga tidak memiliki selang: {cluster} yang semuanya benar, semuanya salah, atau semuanya serupa tidak dapat menunjukkan seberapa sering yang lain akan berbeda.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <location filename="../../core/assessment/comparison.py"/>
        <source>sign flip</source>
        <translation>balik tanda</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>McNemar’s exact test over the points that only one map has right; it is valid because the points are independent of each other</source>
        <translation>uji eksak McNemar atas titik-titik yang hanya benar pada satu peta; uji ini berlaku karena titik-titiknya saling bebas</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>sign-flip test by {cluster}. McNemar’s test is not given, because it assumes that the pixels of one {cluster} are independent and would make any difference appear significant</source>
        <translation>uji balik tanda menurut {cluster}. Uji McNemar tidak diberikan, karena uji itu menganggap piksel dari satu {cluster} saling bebas dan akan membuat perbedaan apa pun tampak signifikan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>the difference weighted by the sampling design, divided by its standard error with one additional point of each kind in every stratum (Bonett and Price 2012), or the exact sign-flip test within strata, whichever has the larger p. McNemar’s test is not given, because it ignores that the points represent different areas</source>
        <translation>selisih yang dibobot dengan rancangan pengambilan sampel, dibagi galat bakunya dengan satu titik tambahan dari setiap jenis di setiap stratum (Bonett and Price 2012), atau uji balik tanda eksak di dalam strata, mana yang p-nya lebih besar. Uji McNemar tidak diberikan, karena uji itu mengabaikan bahwa titik-titik mewakili luas yang berbeda</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>{map}: overall accuracy {overall}, macro-F1 {macro}</source>
        <translation>{map}: akurasi keseluruhan {overall}, F1 makro {macro}</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>; gain over {map} {gain} points</source>
        <translation>; peningkatan terhadap {map} {gain} poin</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>, {name} test: {result}</source>
        <translation>, uji {name}: {result}</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <location filename="../../core/assessment/comparison.py"/>
        <source>p is not known</source>
        <translation>p tidak diketahui</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>{map} has the class of {first} on {share:.1%} of the pixels where both have one.</source>
        <translation>{map} memiliki kelas yang sama dengan {first} pada {share:.1%} piksel yang pada keduanya memiliki kelas.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>There is no reference, so this says where the maps agree, not which of them is right. Areas are those of the maps’ pixels; the maps’ errors are in them.</source>
        <translation>Tidak ada acuan, jadi ini menunjukkan di mana peta-peta sesuai, bukan peta mana yang benar. Luas dihitung dari piksel peta; kesalahan peta ikut terbawa di dalamnya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>has polygons</source>
        <translation>memiliki poligon</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>The points are a probability sample ({design}): figures and gains are estimates for the area where all maps have a class. The gains have plain design-based 95 % confidence intervals, which contained the true value in 91 % or more of simulated samples.</source>
        <translation>Titik-titik adalah sampel berpeluang ({design}): angka dan peningkatannya adalah estimasi untuk wilayah tempat semua peta memiliki kelas. Peningkatannya memiliki selang kepercayaan 95 % biasa menurut rancangannya, yang memuat nilai sebenarnya dalam 91 % atau lebih dari sampel simulasi.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source> The strata are the classes of {map}.</source>
        <translation> Strata adalah kelas-kelas {map}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>is a raster</source>
        <translation>adalah raster</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>reference pixels where a map is unclassified</source>
        <translation>piksel acuan di tempat suatu peta tidak terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>pixels of the first map without a reference</source>
        <translation>piksel peta pertama tanpa acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>{count:,} blocks of {side} pixels</source>
        <translation>{count:,} blok berukuran {side} piksel</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <location filename="../../core/text.py"/>
        <source>{count:,} points</source>
        <translation>{count:,} titik</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>{map} {gain} points{range}</source>
        <translation>{map} {gain} poin{range}</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>If the {clusters} are resampled instead, the gain in overall accuracy is: {gains}.</source>
        <translation>Bila yang diambil sampel ulangnya adalah {clusters}, peningkatan akurasi keseluruhan adalah: {gains}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source> ({low} to {high})</source>
        <translation> ({low} sampai {high})</translation>
    </message>
    <message>
        <location filename="../../core/assessment/compare.py"/>
        <source>DESIGN is {design}, but the reference {problem}, which is not a probability sample, so DESIGN is ignored.</source>
        <translation>DESIGN adalah {design}, tetapi acuan {problem}, yang bukan sampel berpeluang, jadi DESIGN diabaikan.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/comparison.py"/>
        <source>design-weighted</source>
        <translation>berbobot rancangan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Counting the map’s classes</source>
        <translation>Menghitung kelas-kelas peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>The map has no classified pixel</source>
        <translation>Peta tidak memiliki piksel terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Choose another map.</source>
        <translation>Pilih peta lain.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <location filename="../../core/inference/value_check.py"/>
        <location filename="../../core/raster/feature_stack.py"/>
        <location filename="../../core/reporting/templates/page.html"/>
        <location filename="../../core/samples/label_sources.py"/>
        <location filename="../../core/samples/patch_store.py"/>
        <location filename="../../core/tasks/suggest.py"/>
        <source>pixels</source>
        <translation>piksel</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Reading the map under the reference</source>
        <translation>Membaca peta di bawah acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Comparing map and reference</source>
        <translation>Membandingkan peta dan acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Reading the reference’s classes</source>
        <translation>Membaca kelas-kelas acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>The reference has no class where the map has one</source>
        <translation>Acuan tidak memiliki kelas di tempat peta memilikinya</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Check that both cover the same area, and their nodata values.</source>
        <translation>Periksa apakah keduanya mencakup area yang sama, dan nilai nodatanya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Blocks of {side} pixels are too many to resample; blocks of {used} pixels are used.</source>
        <translation>Blok {side} piksel terlalu banyak untuk pengambilan sampel ulang; dipakai blok {used} piksel.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/cross_tabulation.py"/>
        <source>Measuring the spatial correlation of the reference</source>
        <translation>Mengukur korelasi spasial acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN=auto: the reference has no record of ‘Sampling design’, so it is not taken for a probability sample (none). If it is one, say so with DESIGN.</source>
        <translation>DESIGN=auto: acuan tidak memiliki catatan dari ‘Rancangan pengambilan sampel’, jadi tidak dianggap sampel berpeluang (none). Bila memang sampel berpeluang, nyatakan dengan DESIGN.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN=auto: ‘Sampling design’ drew the points for this map, so its classes are the strata (stratified_by_map).</source>
        <translation>DESIGN=auto: ‘Rancangan pengambilan sampel’ menarik titik untuk peta ini, sehingga kelas-kelasnya adalah strata (stratified_by_map).</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN=auto: ‘Sampling design’ drew the points, but the layer does not record for which map. The strata are those of the points, with the areas in the field stratum_ha (stratified_other).</source>
        <translation>DESIGN=auto: ‘Rancangan pengambilan sampel’ menarik titik-titik ini, tetapi layer tidak mencatat untuk peta mana. Stratanya adalah strata titik-titik itu, dengan luas dalam kolom stratum_ha (stratified_other).</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN=auto: ‘Sampling design’ drew the points for {map}, whose pixels are not those of this map. The strata and their areas are those of the points (stratified_other).</source>
        <translation>DESIGN=auto: ‘Rancangan pengambilan sampel’ menarik titik-titik ini untuk {map}, yang pikselnya bukan piksel peta ini. Strata dan luasnya diambil dari titik-titik itu (stratified_other).</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>The record of the reference points has no strata</source>
        <translation>Catatan titik acuan tidak memuat strata</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>Choose DESIGN and give its parameters.</source>
        <translation>Pilih DESIGN dan berikan parameter-parameternya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>{count:,} of {total:,} drawn points have no class. The figures assume that they are like the labelled points of their stratum. Where points were left out because they are hard to label, the accuracy is overestimated. Label them, or report how many are missing and why.</source>
        <translation>{count:,} dari {total:,} titik yang ditarik tidak memiliki kelas. Angka-angka menganggapnya sama dengan titik berlabel dalam stratumnya. Bila titik ditinggalkan karena sulit dilabeli, akurasi menjadi terlalu tinggi. Labeli titik itu, atau laporkan berapa yang tidak ada dan alasannya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN is stratified_by_map, but the points do not record the map that they were drawn for. If it was another map, the figures are wrong; use DESIGN=auto.</source>
        <translation>DESIGN adalah stratified_by_map, tetapi titik tidak mencatat peta yang menjadi dasar penarikannya. Bila itu peta lain, angkanya salah; pakai DESIGN=auto.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/drawn_sample.py"/>
        <source>DESIGN is stratified_by_map, but the points were drawn for {map}, whose pixels are not those of this map. The figures are wrong where the two differ; use DESIGN=auto.</source>
        <translation>DESIGN adalah stratified_by_map, tetapi titik-titik ditarik untuk {map}, yang pikselnya bukan piksel peta ini. Angkanya salah di tempat kedua peta itu berbeda; gunakan DESIGN=auto.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/estimate.py"/>
        <location filename="../../core/inference/value_check.py"/>
        <source>{low} to {high}</source>
        <translation>{low} sampai {high}</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>the map</source>
        <translation>peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} of {total:,} reference points lie where a map has no class. Figures and gains describe only the area where all maps have one, an estimated {share:.1%} of the area that was sampled.</source>
        <translation>{count:,} dari {total:,} titik acuan terletak di tempat suatu peta tidak memiliki kelas. Angka dan peningkatannya hanya menggambarkan wilayah tempat semua peta memiliki kelas, menurut estimasi {share:.1%} dari wilayah yang disampel.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} of {total:,} reference points lie where a map has no class. Figures and gains describe only the area where all maps have one.</source>
        <translation>{count:,} dari {total:,} titik acuan terletak di tempat suatu peta tidak memiliki kelas. Angka dan peningkatannya hanya menggambarkan wilayah tempat semua peta memiliki kelas.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} of {total:,} reference points lie where the map has no class. Figures and areas describe only the part of the map that has one, an estimated {share:.1%} of the area that was sampled.</source>
        <translation>{count:,} dari {total:,} titik acuan terletak di tempat peta tidak memiliki kelas. Angka dan luas hanya menggambarkan bagian peta yang memiliki kelas, menurut estimasi {share:.1%} dari wilayah yang disampel.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} of {total:,} reference points lie where the map has no class. Figures and areas describe only the part of the map that has one.</source>
        <translation>{count:,} dari {total:,} titik acuan terletak di tempat peta tidak memiliki kelas. Angka dan luas hanya menggambarkan bagian peta yang memiliki kelas.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} of {total:,} points lie in a class of this map that is not their stratum: they were drawn for another map, and DESIGN=stratified_by_map gives wrong figures. Use DESIGN=stratified_other, with STRATUM_FIELD=stratum and the STRATA_AREAS from ‘Sampling design’.</source>
        <translation>{count:,} dari {total:,} titik terletak di kelas peta ini yang bukan stratumnya: titik itu ditarik untuk peta lain, dan DESIGN=stratified_by_map memberikan angka yang salah. Gunakan DESIGN=stratified_other, dengan STRATUM_FIELD=stratum dan STRATA_AREAS dari ‘Rancangan pengambilan sampel’.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} reference points have no stratum</source>
        <translation>{count:,} titik acuan tidak memiliki stratum</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>Fill in the field, or choose another field.</source>
        <translation>Isi kolomnya, atau pilih kolom lain.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>STRATA_AREAS has no area for the strata {strata}</source>
        <translation>STRATA_AREAS tidak memiliki luas untuk strata {strata}</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>Add their areas. The strata given are: {known}.</source>
        <translation>Tambahkan luasnya. Strata yang diberikan: {known}.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>{count:,} reference points have no weight above 0</source>
        <translation>{count:,} titik acuan tidak memiliki bobot di atas 0</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>Give each point the area, or the number of pixels, that it represents.</source>
        <translation>Berikan pada setiap titik luas, atau jumlah piksel, yang diwakilinya.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>No reference point lies in {strata}: figures and areas describe only the rest, {share:.1%} of the map.</source>
        <translation>Tidak ada titik acuan yang terletak di {strata}: angka dan luasnya berlaku hanya untuk sisanya, {share:.1%} dari peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/point_sample.py"/>
        <source>Only one reference point lies in {strata}, so the variance there is not known and figures based on it have no confidence interval. Add at least one point.</source>
        <translation>Hanya satu titik acuan terletak di {strata}, jadi ragam di sana tidak diketahui dan angka yang didasarkan padanya tidak memiliki selang kepercayaan. Tambahkan sedikitnya satu titik.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>The map has no class at any of the reference features</source>
        <translation>Peta tidak memiliki kelas di satu pun fitur acuan</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>Check the extents of both, and the nodata value of the map.</source>
        <translation>Periksa cakupan wilayah keduanya, dan nilai nodata peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>points</source>
        <translation>titik</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>pixels of polygons</source>
        <translation>piksel poligon</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>points outside the map</source>
        <translation>titik di luar peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>polygons outside the map</source>
        <translation>poligon di luar peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>{units} where the map is unclassified</source>
        <translation>{units} di tempat peta tidak terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>{units} where a map is unclassified</source>
        <translation>{units} di tempat suatu peta tidak terklasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>{units} that repeat a pixel</source>
        <translation>{units} yang mengulang suatu piksel</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>pixels that were given two classes</source>
        <translation>piksel yang diberi dua kelas</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>None of the reference&apos;s classes ({classes}) is one of the map&apos;s ({map_classes})</source>
        <translation>Tidak ada kelas acuan ({classes}) yang merupakan kelas peta ({map_classes})</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>Choose the field that holds the map&apos;s class values or names.</source>
        <translation>Pilih kolom yang berisi nilai kelas atau nama kelas peta.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>The reference has classes that the map does not have: {classes}. They are counted as errors.</source>
        <translation>Acuan memiliki kelas yang tidak ada pada peta: {classes}. Semuanya dihitung sebagai kesalahan.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>The map has classes that the reference does not have: {classes}. Their producer’s accuracy is not known.</source>
        <translation>Peta memiliki kelas yang tidak ada pada acuan: {classes}. Akurasi pembuatnya tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/points_on_maps.py"/>
        <source>There is only one class, so the accuracy is not informative.</source>
        <translation>Hanya ada satu kelas, jadi akurasinya tidak informatif.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <location filename="../../core/reporting/training_content.py"/>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>pixel</source>
        <translation>piksel</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <source>point</source>
        <translation>titik</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <source>polygon</source>
        <translation>poligon</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <source>block</source>
        <translation>blok</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <source>None of the {count:,} reference features lies in the map</source>
        <translation>Tidak ada dari {count:,} fitur acuan yang terletak di dalam peta</translation>
    </message>
    <message>
        <location filename="../../core/assessment/reference_units.py"/>
        <source>Check that both cover the same area and that their coordinate reference systems are right.</source>
        <translation>Periksa apakah keduanya mencakup area yang sama dan sistem referensi koordinatnya benar.</translation>
    </message>
    <message>
        <location filename="../../core/assessment/sampling_design.py"/>
        <source>Drawing points</source>
        <translation>Menarik titik</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The colour {color!r} of class {value} is not of the form #RRGGBB</source>
        <translation>Warna {color!r} untuk kelas {value} tidak berbentuk #RRGGBB</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Write red, green and blue as six hexadecimal digits.</source>
        <translation>Tulis merah, hijau, dan biru sebagai enam digit heksadesimal.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Class {label} is not in the model: none of its labels can be used ({reason}).</source>
        <translation>Kelas {label} tidak ada dalam model: tidak ada labelnya yang dapat digunakan ({reason}).</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The class scheme {title!r} has no classes</source>
        <translation>Skema kelas {title!r} tidak memiliki kelas</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Add at least one class.</source>
        <translation>Berikan sedikitnya satu kelas.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The class scheme {title!r} uses the value {value} twice</source>
        <translation>Skema kelas {title!r} memakai nilai {value} dua kali</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Give each class a different value.</source>
        <translation>Berikan setiap kelas nilainya sendiri.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The class scheme cannot be read: {reason}</source>
        <translation>Skema kelas tidak dapat dibaca: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The file is not a class scheme: {error}</source>
        <translation>Berkas ini bukan skema kelas: {error}</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The form is {{&quot;id&quot;: &quot;a&quot;, &quot;title&quot;: &quot;A&quot;, &quot;classes&quot;: [{{&quot;value&quot;: 1, &quot;name&quot;: &quot;Water&quot;, &quot;color&quot;: &quot;#0066CC&quot;}}]}}.</source>
        <translation>Bentuknya {{&quot;id&quot;: &quot;a&quot;, &quot;title&quot;: &quot;A&quot;, &quot;classes&quot;: [{{&quot;value&quot;: 1, &quot;name&quot;: &quot;Water&quot;, &quot;color&quot;: &quot;#0066CC&quot;}}]}}.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>{name!r} is not a class scheme</source>
        <translation>{name!r} bukan skema kelas</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>{spellings} differ only in case, blanks or the form of a number, so they are one class, {name}. Correct the spelling in the class field; give different classes different names.</source>
        <translation>{spellings} hanya berbeda dalam huruf besar dan kecil, spasi, atau bentuk bilangan, jadi dianggap satu kelas, {name}. Perbaiki ejaannya dalam kolom kelas; beri kelas yang berbeda nama yang berbeda.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The class {label!r} of the reference is the name of several classes of the map: {classes}</source>
        <translation>Kelas {label!r} pada acuan merupakan nama beberapa kelas peta: {classes}</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Choose a field that holds class values, or give the map&apos;s classes different names.</source>
        <translation>Pilih kolom yang berisi nilai kelas, atau beri kelas-kelas peta nama yang berbeda.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Class {value} has several names: {names}. {name} is used. Give all features of a class the same name.</source>
        <translation>Kelas {value} memiliki beberapa nama: {names}. Yang digunakan adalah {name}. Beri semua fitur dari satu kelas nama yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Numbers of the reference are names of the map&apos;s classes: {labels}.</source>
        <translation>Bilangan pada acuan merupakan nama kelas peta: {labels}.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Text that reads as a whole number is that number: {labels}.</source>
        <translation>Teks yang terbaca sebagai bilangan bulat dianggap bilangan itu: {labels}.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Names get numbers as their class values, in the order of the names: {labels}.</source>
        <translation>Nama diberi bilangan sebagai nilai kelasnya, menurut urutan nama: {labels}.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Several classes have the same name: {classes}. They are kept apart by their values. Give them different names; references and styles cannot use this one.</source>
        <translation>Beberapa kelas memiliki nama yang sama: {classes}. Kelas-kelas itu dibedakan menurut nilainya. Beri nama yang berbeda; acuan dan gaya tidak dapat memakai nama ini.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Class {value} is {name} in the samples and {scheme_name} in the scheme {scheme}. It keeps its name, and gets the colour of {scheme_name}.</source>
        <translation>Kelas {value} bernama {name} dalam sampel dan {scheme_name} dalam skema {scheme}. Namanya dipertahankan, dan warnanya diambil dari {scheme_name}.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The class {label!r} is the name of several classes: {classes}</source>
        <translation>Kelas {label!r} merupakan nama beberapa kelas: {classes}</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Give these classes different names.</source>
        <translation>Beri kelas-kelas ini nama yang berbeda.</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>The names of the classes show that their values were changed, but some values have different names: {classes} in this source, {own_classes} in the other</source>
        <translation>Nama kelas menunjukkan bahwa nilainya telah berubah, tetapi beberapa nilai memiliki nama yang berbeda: {classes} dalam sumber ini, {own_classes} dalam sumber lainnya</translation>
    </message>
    <message>
        <location filename="../../core/classes.py"/>
        <source>Give each class the same name in both.</source>
        <translation>Beri setiap kelas nama yang sama dalam keduanya.</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>SEED must be 0 or more (got {seed})</source>
        <translation>SEED harus 0 atau lebih (diberikan {seed})</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>Enter a whole number from 0.</source>
        <translation>Masukkan bilangan bulat mulai dari 0.</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>Generating a landscape</source>
        <translation>Membangkitkan bentang lahan</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>Drawing training polygons</source>
        <translation>Menggambar poligon latih</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>Writing the files</source>
        <translation>Menulis berkas</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>{count} training polygons are written to {path}.</source>
        <translation>{count} poligon latih ditulis ke {path}.</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>The demo scene cannot be written: {error}</source>
        <translation>Citra demo tidak dapat ditulis: {error}</translation>
    </message>
    <message>
        <location filename="../../core/demo/outputs.py"/>
        <source>Choose another folder on a disk with free space.</source>
        <translation>Pilih folder lain, dengan sisa ruang pada disknya.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment) with BUILD=cuda.</source>
        <translation>Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment) dengan BUILD=cuda.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Install a current driver from your GPU&apos;s vendor and restart the computer.</source>
        <translation>Pasang driver terkini dari pembuat GPU Anda dan nyalakan ulang komputer.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Deep Land Cover will use {device}.</source>
        <translation>Deep Land Cover akan menggunakan {device}.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The GPU is not used: {problem}</source>
        <translation>GPU tidak digunakan: {problem}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Use auto, cpu, cuda, cuda:N (cuda:0, ...) or mps.</source>
        <translation>Gunakan auto, cpu, cuda, cuda:N (cuda:0, ...), atau mps.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Apple GPU (mps)</source>
        <translation>GPU Apple (mps)</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <location filename="../../core/training/tree_trainer.py"/>
        <source>CPU, {threads} threads</source>
        <translation>CPU, {threads} utas</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <location filename="../../core/training/tree_trainer.py"/>
        <source>CPU, 1 thread</source>
        <translation>CPU, 1 utas</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>{devices} and {device}</source>
        <translation>{devices} dan {device}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>the GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The installed PyTorch has no kernels for {gpu}</source>
        <translation>PyTorch yang terpasang tidak memuat kernel untuk {gpu}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The GPU is too old or too new for this build. Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment) with BUILD=cuda.</source>
        <translation>GPU terlalu lama atau terlalu baru untuk build ini. Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment) dengan BUILD=cuda.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The NVIDIA driver is too old for the installed PyTorch (CUDA {cuda})</source>
        <translation>Driver NVIDIA terlalu lama untuk PyTorch yang terpasang (CUDA {cuda})</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Install a current driver from your GPU&apos;s vendor and restart the computer. Or run &apos;Set up the environment&apos; again, which picks the build for it.</source>
        <translation>Pasang driver terkini dari pembuat GPU Anda dan nyalakan ulang komputer. Atau jalankan &apos;Siapkan lingkungan&apos; lagi, yang memilih build yang sesuai.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>No NVIDIA driver was found</source>
        <translation>Tidak ditemukan driver NVIDIA</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>This is no fault on a computer without an NVIDIA GPU. Otherwise: Install a current driver from your GPU&apos;s vendor and restart the computer.</source>
        <translation>Ini bukan kesalahan pada komputer tanpa GPU NVIDIA. Selain itu: Pasang driver terkini dari pembuat GPU Anda dan mulai ulang komputer.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The memory of {gpu} is full</source>
        <translation>Memori {gpu} penuh</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Close other programs that use the GPU and try again.</source>
        <translation>Tutup program lain yang memakai GPU dan coba lagi.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Check that nvidia-smi lists it.</source>
        <translation>Periksa apakah nvidia-smi mencantumkannya.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The NVIDIA driver shows no GPU</source>
        <translation>Driver NVIDIA tidak menunjukkan GPU</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>The NVIDIA driver shows no GPU, because CUDA_VISIBLE_DEVICES is {visible!r}</source>
        <translation>Driver NVIDIA tidak menunjukkan GPU, karena CUDA_VISIBLE_DEVICES adalah {visible!r}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <location filename="../../runtime/pip_errors.py"/>
        <source>no reason given</source>
        <translation>tidak ada alasan yang diberikan</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>A test computation fails on {gpu}: {reason}</source>
        <translation>Perhitungan uji gagal pada {gpu}: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>No CUDA GPUs are available</source>
        <translation>Tidak ada GPU CUDA yang tersedia</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>There is no device &apos;cuda:{index}&apos;, as there is 1 GPU</source>
        <translation>Tidak ada perangkat &apos;cuda:{index}&apos;, karena hanya ada 1 GPU</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>There is no device &apos;cuda:{index}&apos;, as there are {count} GPUs</source>
        <translation>Tidak ada perangkat &apos;cuda:{index}&apos;, karena ada {count} GPU</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Counting starts at 0.</source>
        <translation>Penghitungan dimulai dari 0.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>PyTorch was installed without CUDA</source>
        <translation>PyTorch dipasang tanpa CUDA</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Found no NVIDIA driver on your system</source>
        <translation>Tidak ditemukan driver NVIDIA pada sistem Anda</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>the GPU cuda:{index}</source>
        <translation>GPU cuda:{index}</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>There is no Apple GPU that PyTorch can use</source>
        <translation>Tidak ada GPU Apple yang dapat digunakan PyTorch</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>Choose cpu or auto.</source>
        <translation>Pilih cpu atau auto.</translation>
    </message>
    <message>
        <location filename="../../core/device.py"/>
        <source>the Apple GPU</source>
        <translation>GPU Apple</translation>
    </message>
    <message>
        <location filename="../../core/errors.py"/>
        <source>The run was cancelled</source>
        <translation>Proses dibatalkan</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>A file cannot be used: {reason}</source>
        <translation>Suatu berkas tidak dapat digunakan: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>Check that it exists, that no other program has it open and that you may use it.</source>
        <translation>Periksa apakah berkas itu ada, apakah tidak ada program lain yang membukanya, dan apakah Anda boleh menggunakannya.</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>An unexpected error occurred: {first_line}</source>
        <translation>Terjadi sesuatu yang tidak terduga: {first_line}</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>This is a fault of Deep Land Cover. Please report it with the lines in the log.</source>
        <translation>Ini kesalahan Deep Land Cover: mohon laporkan beserta baris-baris dalam log.</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <location filename="../../core/files.py"/>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The disk is full</source>
        <translation>Disk penuh</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>Free some space or choose an output folder on another disk.</source>
        <translation>Kosongkan sebagian ruang atau pilih folder keluaran pada disk lain.</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>The memory of the GPU is full</source>
        <translation>Memori GPU penuh</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>Choose a smaller BATCH_SIZE or DEVICE=cpu, or close other programs that use the GPU.</source>
        <translation>Pilih BATCH_SIZE yang lebih kecil atau DEVICE=cpu, atau tutup program lain yang memakai GPU.</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>The memory of the computer is full</source>
        <translation>Memori komputer penuh</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>Choose a smaller BATCH_SIZE or extent, or close other programs.</source>
        <translation>Pilih BATCH_SIZE atau cakupan wilayah yang lebih kecil, atau tutup program lain.</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>A package of the environment does not load: {first_line}</source>
        <translation>Suatu paket lingkungan tidak dapat dimuat: {first_line}</translation>
    </message>
    <message>
        <location filename="../../core/exception_mapping.py"/>
        <source>Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment). On Windows, also install the latest Microsoft Visual C++ Redistributable.</source>
        <translation>Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment). Di Windows, pasang juga Microsoft Visual C++ Redistributable terbaru.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The output has the ending {ending!r}</source>
        <translation>Keluaran memiliki akhiran {ending!r}</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The output has no ending</source>
        <translation>Keluaran tidak memiliki akhiran</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Use {endings}.</source>
        <translation>Gunakan {endings}.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The output folder does not exist</source>
        <translation>Folder keluaran tidak ada</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Create it, or choose another folder.</source>
        <translation>Buatlah atau pilih yang lain.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The output cannot be written</source>
        <translation>Keluaran tidak dapat ditulis</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose a folder that you may write to.</source>
        <translation>Pilih folder yang boleh Anda tulisi.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The file name is too long: it has {length} bytes, and at most {maximum} are possible here</source>
        <translation>Nama berkas terlalu panjang: panjangnya {length} byte, sedangkan di sini paling banyak {maximum}</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose a shorter name.</source>
        <translation>Pilih nama yang lebih pendek.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Two outputs have the same name</source>
        <translation>Dua keluaran bernama sama</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Give each its own name.</source>
        <translation>Beri nama sendiri untuk masing-masing.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>A file with this name exists and holds another output of Deep Land Cover</source>
        <translation>Berkas dengan nama ini sudah ada dan berisi keluaran lain dari Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>A file with this name exists and was not written by Deep Land Cover</source>
        <translation>Berkas dengan nama ini sudah ada dan bukan ditulis oleh Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose another name, or set OVERWRITE to replace the file.</source>
        <translation>Pilih nama lain, atau aktifkan OVERWRITE untuk mengganti berkas itu.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The output is one of the inputs</source>
        <translation>Keluaran adalah salah satu masukan</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose another name.</source>
        <translation>Pilih nama lain.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The finished file is kept as {part}. Close the other program and rename the file.</source>
        <translation>Berkas yang selesai disimpan sebagai {part}. Tutup program lain itu dan ganti namanya.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The file is larger than {megabytes:g} MB, the limit for files of this kind</source>
        <translation>Berkas lebih besar dari {megabytes:g} MB, batas untuk berkas jenis ini</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The JSON file of the report would replace a file that is not the JSON file of such a report</source>
        <translation>Berkas JSON laporan akan mengganti berkas yang bukan berkas JSON dari laporan seperti itu</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose another name for the report, or set OVERWRITE to replace the file.</source>
        <translation>Pilih nama lain untuk laporan, atau aktifkan OVERWRITE untuk mengganti berkas itu.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The folder for the figures of the report is a file</source>
        <translation>Folder untuk gambar laporan ternyata sebuah berkas</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose another name for the report.</source>
        <translation>Pilih nama lain untuk laporan.</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>The folder for the figures of the report holds files that are not those of such a report</source>
        <translation>Folder untuk gambar laporan berisi berkas yang bukan milik laporan semacam itu</translation>
    </message>
    <message>
        <location filename="../../core/files.py"/>
        <source>Choose another name for the report, or set OVERWRITE to write into the folder.</source>
        <translation>Pilih nama lain untuk laporan, atau aktifkan OVERWRITE untuk menulis ke folder itu.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/cascade.py"/>
        <source>They are recomputed in 16 bits, and the {again:.1%} whose margin is still low in 32 bits.</source>
        <translation>Patch itu dihitung ulang dalam 16 bit, dan {again:.1%} yang bahkan kemudian masih berdekatan dalam 32 bit.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/cascade.py"/>
        <source>With recomputation, int8 is no faster than 16 bits, so 16 bits are used.</source>
        <translation>Dengan itu int8 tidak lebih cepat daripada 16 bit, jadi 16 bit yang dipakai.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/cascade.py"/>
        <source>In {precision}, {before:.1%} of {count:,} sampled patches have the class of 32 bits. After the {again:.1%} with a low margin are recomputed, it is {agreement:.1%}, which is low. PRECISION=auto is safer.</source>
        <translation>Dalam {precision} {before:.1%} dari {count:,} patch raster memiliki kelas yang sama dengan 32 bit; dengan {again:.1%} yang kelas-kelasnya berdekatan dihitung ulang dengan lebih banyak bit, {agreement:.1%}: itu sedikit, PRECISION=auto lebih aman.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/cascade.py"/>
        <source>In {precision}, {before:.1%} of {count:,} sampled patches have the class of 32 bits. After the {again:.1%} with a low margin are recomputed, it is {agreement:.1%}.</source>
        <translation>Dalam {precision} {before:.1%} dari {count:,} patch raster memiliki kelas yang sama dengan 32 bit; dengan {again:.1%} yang kelas-kelasnya berdekatan dihitung ulang dengan lebih banyak bit, {agreement:.1%}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>With recomputation, {precision} is no faster, so 32 bits are used.</source>
        <translation>Dengan {precision} tidak lebih cepat, jadi dipakai 32 bit.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>The network is quantized to 8 bits on patches of the raster, which takes up to a minute.</source>
        <translation>Menyetel bilangan 8 bit pada patch raster, yang memerlukan waktu sampai satu menit.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>Throughput on {device} in patches/s: {rates}.</source>
        <translation>Kecepatan pada {device} dalam patch/s: {rates}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>PRECISION=int8 needs the packages openvino and nncf, which are not both installed</source>
        <translation>PRECISION=int8 memerlukan paket openvino dan nncf, yang tidak keduanya terpasang</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>Install them with: &quot;{python}&quot; -m pip install openvino nncf</source>
        <translation>Pasang dengan: &quot;{python}&quot; -m pip install openvino nncf</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>OpenVINO is not installed</source>
        <translation>OpenVINO tidak terpasang</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment), or use BACKEND=auto.</source>
        <translation>Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment), atau pilih BACKEND=auto.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>{backend} computes in {precisions}</source>
        <translation>{backend} menghitung dalam {precisions}</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>BACKEND={backend} with PRECISION={precision} is not available on {device}</source>
        <translation>BACKEND={backend} dengan PRECISION={precision} tidak tersedia pada {device}</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>Use auto. On this device, {choices}.</source>
        <translation>Gunakan auto. Pada perangkat ini, {choices}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>its scores differ from those of the plain network</source>
        <translation>skornya berbeda dari skor jaringan biasa</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/choice.py"/>
        <source>The backend {method} is not used: {problem}.</source>
        <translation>Backend {method} tidak dipakai: {problem}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/torch_backend.py"/>
        <source>The fastest batch has {count:,} patches ({rate:,.0f} patches/s).</source>
        <translation>Batch tercepat berisi {count:,} patch ({rate:,.0f} patch/s).</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/torch_backend.py"/>
        <source>The network is compiled, which takes up to a minute.</source>
        <translation>Mengompilasi jaringan, yang memerlukan waktu sampai satu menit.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/torch_backend.py"/>
        <source>The network is not compiled: {reason}.</source>
        <translation>Jaringan tidak dikompilasi: {reason}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/backends/torch_backend.py"/>
        <source>The compiled network has a throughput of {rate:,.0f} patches/s.</source>
        <translation>Setelah dikompilasi, jaringan mencapai {rate:,.0f} patch/s.</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>The bands are matched by their order, because not all of them have names. Model: {bands}. Raster: {raster_bands}.</source>
        <translation>Band dicocokkan menurut urutannya, karena tidak semuanya memiliki nama. Model: {bands}. Raster: {raster_bands}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>The raster&apos;s bands are not those of the model. The model needs {count}: {bands}. The raster has {raster_count}: {raster_bands}</source>
        <translation>Band raster bukan band model. Model memerlukan {count}: {bands}. Raster memiliki {raster_count}: {raster_bands}</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>Choose a raster with these bands. If they are the same bands under other names, give them the model&apos;s names: BAND_NAMES={pairs}.</source>
        <translation>Pilih raster dengan band ini. Bila bandnya sama tetapi bernama lain, beri nama seperti pada model: BAND_NAMES={pairs}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>Choose a raster with these bands, or name its bands as the model does.</source>
        <translation>Pilih raster dengan band ini, atau namai bandnya seperti pada model.</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>The further rasters are in another order than in training: {given}, in training {trained}. Their bands have no names that tell them apart</source>
        <translation>Urutan raster tambahan berbeda dari pelatihan: {given}, dalam pelatihan {trained}. Band-bandnya tidak mempunyai nama yang membedakannya</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>EXTRA_INPUTS</source>
        <translation>EXTRA_INPUTS</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>Give them in the order of the training.</source>
        <translation>Berikan dalam urutan pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/inference/compatibility.py"/>
        <source>The raster&apos;s pixels are about {size:.3g} m wide, and those of the training raster {model_size:.3g} m. Patches cover a different ground extent than in training, so accuracy may be lower.</source>
        <translation>Lebar piksel raster sekitar {size:.3g} m, sedangkan yang dipelajari model {model_size:.3g} m. Patchnya menunjukkan bagian lahan yang lain, jadi perkirakan peta yang lebih buruk.</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Deviation over turned views</source>
        <translation>Simpangan antar-tampilan yang diputar</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Deviation over dropout</source>
        <translation>Simpangan antar-dropout</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Test-time augmentation and Monte Carlo dropout are not available for {title}</source>
        <translation>Augmentasi saat pengujian dan dropout Monte Carlo tidak tersedia untuk {title}</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Switch TTA off and set MC_SAMPLES to 0. They are for single networks.</source>
        <translation>Nonaktifkan TTA dan tetapkan MC_SAMPLES ke 0. Keduanya hanya untuk jaringan tunggal.</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>TTA has no effect on {title}, because rotation does not change neighbourhood features</source>
        <translation>TTA tidak berpengaruh pada {title}, karena rotasi tidak mengubah fitur lingkungan piksel</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Switch TTA off. It is for networks that classify patches.</source>
        <translation>Biarkan TTA tidak aktif; itu untuk jaringan yang melihat patch.</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Monte Carlo dropout is not available for {title}, because trees give the final scores</source>
        <translation>Monte Carlo dropout tidak tersedia untuk {title}, karena skor akhirnya diberikan oleh pohon</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Set MC_SAMPLES to 0. Entropy and margin measure how far the trees disagree.</source>
        <translation>Tetapkan MC_SAMPLES ke 0; entropi dan selisih probabilitas menunjukkan seberapa jauh pohon-pohon berbeda pendapat.</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Monte Carlo dropout is not available, because the model was trained without dropout</source>
        <translation>Monte Carlo dropout tidak tersedia, karena model dilatih tanpa dropout</translation>
    </message>
    <message>
        <location filename="../../core/inference/diagnostics.py"/>
        <source>Set MC_SAMPLES to 0, or train with DROPOUT, for example 0.3.</source>
        <translation>Tetapkan MC_SAMPLES ke 0, atau latih dengan DROPOUT, misalnya 0.3.</translation>
    </message>
    <message>
        <location filename="../../core/inference/patch_sample.py"/>
        <location filename="../../core/inference/pipeline.py"/>
        <source>patches</source>
        <translation>patch</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Searching for valid pixels, tile {number:,} of {total:,}</source>
        <translation>Mencari piksel valid, petak {number:,} dari {total:,}</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>There is nothing to classify: the mask does not overlap the raster</source>
        <translation>Tidak ada yang perlu diklasifikasikan: mask tidak bertumpang tindih dengan raster</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Check the position and the coordinate reference system of the mask.</source>
        <translation>Periksa apakah mask terletak pada raster, dan sistem referensi koordinatnya.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>There is nothing to classify: band {band!r} has no valid pixel inside the mask and the extent</source>
        <translation>Tidak ada yang dapat diklasifikasikan: tidak ada piksel band {band!r} yang valid di sana</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Check the nodata value, the mask and the extent.</source>
        <translation>Periksa nilai nodata, mask, dan cakupan wilayah.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Band {band!r} of the model has no valid pixel inside the mask and the extent</source>
        <translation>Band {band!r} milik model tidak memiliki piksel valid di dalam mask dan cakupan wilayah</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Check its nodata value, or train a model without it.</source>
        <translation>Periksa nilai nodatanya, atau latih model tanpa band itu.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>There is nothing to classify: no pixel is valid in all bands of the model</source>
        <translation>Tidak ada yang dapat diklasifikasikan: tidak ada piksel yang semua band modelnya valid</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Check the nodata values of the bands.</source>
        <translation>Periksa nilai nodata band-bandnya.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>There is nothing to classify: no patch has {min_valid:.0%} valid pixels around a valid one</source>
        <translation>Tidak ada yang dapat diklasifikasikan: tidak ada patch yang memiliki {min_valid:.0%} piksel valid di sekeliling piksel valid</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Lower MIN_VALID, or enlarge the mask or the extent.</source>
        <translation>Turunkan MIN_VALID, atau perbesar mask atau cakupan wilayah.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>Classifying on {device}</source>
        <translation>Mengklasifikasikan pada {device}</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>, {duration} at {rate:,.0f} patches/s</source>
        <translation>, {duration} dengan {rate:,.0f} patch/s</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>About 1 patch is to be classified on {device}{duration}.</source>
        <translation>Sekitar 1 patch untuk diklasifikasikan pada {device}{duration}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/pipeline.py"/>
        <source>About {count:,} patches are to be classified on {device}{duration}.</source>
        <translation>Sekitar {count:,} patch untuk diklasifikasikan pada {device}{duration}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/base.py"/>
        <source>The device has too little free memory for a single patch</source>
        <translation>Memori bebas perangkat terlalu sedikit untuk satu patch sekalipun</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/base.py"/>
        <location filename="../../core/inference/predictors/dense.py"/>
        <source>Close other programs that use the device, or use DEVICE=cpu.</source>
        <translation>Tutup program lain yang memakainya, atau pilih DEVICE=cpu.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/base.py"/>
        <source>The device&apos;s memory is full. The run continues with batches of {count} patches.</source>
        <translation>Memori perangkat penuh: dilanjutkan dengan batch {count}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/centred.py"/>
        <source>PRECISION=int8 is not available for a network with a centre branch</source>
        <translation>PRECISION=int8 tidak tersedia untuk jaringan dengan cabang pusat</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/centred.py"/>
        <source>Use auto, bf16 or fp32.</source>
        <translation>Gunakan auto, bf16, atau fp32.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/dense.py"/>
        <source>The device has too little free memory for a tile of {size} x {size} pixels</source>
        <translation>Memori bebas perangkat terlalu sedikit untuk petak {size} x {size} piksel</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/dense.py"/>
        <source>The device&apos;s memory is full. The run continues with windows of {size} pixels.</source>
        <translation>Memori perangkat penuh: dilanjutkan dengan potongan {size} piksel.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/dense.py"/>
        <source>{title} is computed by PyTorch: BACKEND=openvino and PRECISION=int8 are for networks that classify patches.</source>
        <translation>{title} dihitung oleh PyTorch: BACKEND=openvino dan PRECISION=int8 adalah untuk jaringan pengklasifikasi patch.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/neighbourhood.py"/>
        <source>{title} is computed by {plain}: BACKEND and PRECISION are for networks that classify patches.</source>
        <translation>{title} dihitung oleh {plain}: BACKEND dan PRECISION adalah untuk jaringan pengklasifikasi patch.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/onnx.py"/>
        <source>{title} is computed by OpenVINO: BACKEND=torch and PRECISION=int8 are for other networks.</source>
        <translation>{title} dihitung oleh OpenVINO: BACKEND=torch dan PRECISION=int8 adalah untuk jaringan lain.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/patch.py"/>
        <source>The network&apos;s values are too large for PRECISION=fp16</source>
        <translation>Nilai jaringan terlalu besar untuk PRECISION=fp16</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/patch.py"/>
        <source>Use PRECISION=bf16 or fp32.</source>
        <translation>Gunakan PRECISION=bf16 atau fp32.</translation>
    </message>
    <message>
        <location filename="../../core/inference/predictors/patch.py"/>
        <source>Overlapping patches share the first layers of the network.</source>
        <translation>Di tempat patch bertumpang-tindih, patch berbagi lapisan pertama jaringan.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Highest probability</source>
        <translation>Probabilitas tertinggi</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Classes in the prediction set</source>
        <translation>Kelas dalam himpunan prediksi</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Dissimilarity index</source>
        <translation>Indeks ketidakmiripan</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>{inside:.1%} of the map lie inside the area of applicability: there a pixel resembles the training samples (dissimilarity index of up to {limit:.3g}), which promises no accuracy.</source>
        <translation>{inside:.1%} dari peta terletak di dalam area keberlakuan: di sana piksel mirip dengan sampel latih (indeks ketidakmiripan sampai {limit:.3g}), yang tidak menjanjikan akurasi.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>The model has no area of applicability: it was made by an older version, or too few samples were held out in its training</source>
        <translation>Model tidak memiliki area penerapan: dibuat oleh versi lama, atau terlalu sedikit sampel disisihkan dalam pelatihannya</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Leave APPLICABILITY empty, or train the model again.</source>
        <translation>Tinggalkan APPLICABILITY, atau latih model itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Prediction sets hold one class on {single:.1%} of the map, and none on {empty:.1%}.</source>
        <translation>Himpunan prediksi: {single:.1%} dari peta memiliki satu kelas, {empty:.1%} tidak satu pun.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>The model does not support prediction sets: it was made by an older version, or no samples were held out in its training</source>
        <translation>Model tidak mendukung himpunan prediksi: dibuat oleh versi lama, atau tidak ada sampel disisihkan dalam pelatihannya</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Leave PREDICTION_SETS empty, or train the model again.</source>
        <translation>Tinggalkan PREDICTION_SETS, atau latih model itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Prediction sets are computed in {precision}, but their limits hold for 32 bits. The coverage may differ from COVERAGE. Use PRECISION=fp32 to avoid this.</source>
        <translation>Himpunan prediksi dihitung dalam {precision}, sedangkan batasnya ditentukan dalam 32 bit: cakupannya dapat berbeda dari COVERAGE. PRECISION=fp32 menghindarinya.</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Writing the map, tile {number:,} of {total:,}</source>
        <translation>Menulis peta, petak {number:,} dari {total:,}</translation>
    </message>
    <message>
        <location filename="../../core/inference/products.py"/>
        <source>Finishing the map</source>
        <translation>Menyelesaikan peta</translation>
    </message>
    <message>
        <location filename="../../core/inference/sample_scores.py"/>
        <source>Predicting samples</source>
        <translation>Memprediksi sampel</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>Finished tiles are kept in {map} and {journal} beside the output. Run the same again to resume, or delete both files.</source>
        <translation>Apa yang sudah selesai disimpan dalam {map} dan {journal} di samping keluaran: jalankan lagi yang sama untuk melanjutkan, atau hapus keduanya.</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>An interrupted run is not resumed, because {change}. This run restarts.</source>
        <translation>Proses yang terputus tidak dilanjutkan, karena {change}. Proses ini dimulai ulang.</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>Resuming: 1 tile is already finished.</source>
        <translation>Melanjutkan proses yang terhenti: 1 petak telah diselesaikan.</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>Resuming: {count:,} tiles are already finished.</source>
        <translation>Melanjutkan proses yang terhenti: {count:,} petak telah diselesaikan.</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>{name} has changed</source>
        <translation>{name} telah berubah</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>backend</source>
        <translation>backend</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>precision</source>
        <translation>presisi</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>device</source>
        <translation>perangkat</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>the {name} has changed (from {before} to {now})</source>
        <translation>{name} telah berubah (dari {before} menjadi {now})</translation>
    </message>
    <message>
        <location filename="../../core/inference/tile_store.py"/>
        <source>the version of {package} has changed</source>
        <translation>versi {package} telah berubah</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>The values of the raster are not those that the model was trained with. Bands with almost no values in the range of the training raster: {bands}</source>
        <translation>Nilai raster bukan nilai yang dipakai melatih model. Band yang hampir tidak memiliki nilai dalam rentang raster latih: {bands}</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>Convert the raster to the unit of the training raster (scale, offset, decibel, reflectance), check the order of EXTRA_INPUTS, or set ALLOW_DIFFERENT_VALUES=true to classify it anyway.</source>
        <translation>Ubah raster ke satuan raster latih (skala, offset, desibel, reflektansi), periksa urutan EXTRA_INPUTS, atau tetapkan ALLOW_DIFFERENT_VALUES=true untuk tetap mengklasifikasikannya.</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>In {count} of {total} bands the values differ from those of the training raster, so the map may be wrong: {bands}. Check unit, scale, offset, season and the order of EXTRA_INPUTS.</source>
        <translation>Pada {count} dari {total} band, nilainya berbeda dari nilai raster pelatihan, jadi peta mungkin salah: {bands}. Periksa satuan, skala, offset, musim, dan urutan EXTRA_INPUTS.</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>Bands that were constant in the training raster vary in this raster, so the model cannot interpret them: {bands}.</source>
        <translation>Band yang konstan dalam raster latih bervariasi dalam raster ini, sehingga model tidak dapat menafsirkannya: {bands}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>Bands that look saturated, because many pixels have exactly the highest value: {bands}.</source>
        <translation>Band yang tampak jenuh, karena banyak piksel memiliki nilai yang persis sama dengan nilai tertinggi: {bands}.</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>{band} ({fraction:.0%} of the pixels have {value}; in training {low} to {high})</source>
        <translation>{band} ({fraction:.0%} dari piksel bernilai {value}; dalam pelatihan {low} sampai {high})</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>Class {label} covers {now:.1%} of the map, but was predicted for {before:.1%} of the training raster. If the land cover is not so different, the values of the raster are, and the map may be wrong.</source>
        <translation>Kelas {label} mencakup {now:.1%} dari peta, tetapi diprediksi untuk {before:.1%} dari raster latih. Bila tutupan lahannya tidak seberbeda itu, nilai rasternya yang berbeda, dan peta mungkin salah.</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>{band} {here} (in training {trained})</source>
        <translation>{band} {here} (dalam pelatihan {trained})</translation>
    </message>
    <message>
        <location filename="../../core/inference/value_check.py"/>
        <source>Surveying the classes of the training raster</source>
        <translation>Mendata kelas raster pelatihan</translation>
    </message>
    <message>
        <location filename="../../core/loop.py"/>
        <source>{task!r} is not a task</source>
        <translation>{task!r} bukan tugas</translation>
    </message>
    <message>
        <location filename="../../core/loop.py"/>
        <source>Restart QGIS, so that all parts have the same version.</source>
        <translation>Mulai ulang QGIS, agar semua bagian berasal dari satu versi.</translation>
    </message>
    <message>
        <location filename="../../core/loop.py"/>
        <source>The request does not fit the task {task!r}: {error}</source>
        <translation>Permintaan tidak sesuai dengan tugas {task!r}: {error}</translation>
    </message>
    <message>
        <location filename="../../core/marks.py"/>
        <source>Invented Sentinel-2-like scene</source>
        <translation>Citra rekaan mirip Sentinel-2</translation>
    </message>
    <message>
        <location filename="../../core/models/applicability.py"/>
        <source>The area of applicability in the model file cannot be read: {error}</source>
        <translation>Area keberlakuan dalam berkas model tidak dapat dibaca: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/applicability.py"/>
        <location filename="../../core/models/card.py"/>
        <location filename="../../core/models/ensemble.py"/>
        <location filename="../../core/models/network_file.py"/>
        <location filename="../../core/models/tree_file.py"/>
        <source>Train the model again or get a fresh copy.</source>
        <translation>Latih model itu lagi atau dapatkan salinan baru.</translation>
    </message>
    <message>
        <location filename="../../core/models/architecture.py"/>
        <source>Ensemble</source>
        <translation>Ansambel</translation>
    </message>
    <message>
        <location filename="../../core/models/architecture.py"/>
        <source>{architecture} has no encoder {encoder!r}</source>
        <translation>{architecture} tidak memiliki encoder {encoder!r}</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/__init__.py"/>
        <source>{name!r} is not an architecture</source>
        <translation>{name!r} bukan arsitektur</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/ensemble.py"/>
        <source>Best of network and trees</source>
        <translation>Gabungan terbaik jaringan dan pohon</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/hybrid.py"/>
        <source>Hybrid of trees and ResNet18</source>
        <translation>Hibrida pohon dan ResNet18</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/multiscale.py"/>
        <source>Multi-scale network</source>
        <translation>Jaringan multiskala</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/onnx.py"/>
        <source>ONNX network for patches</source>
        <translation>Jaringan ONNX untuk patch</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/onnx.py"/>
        <source>ONNX network for pixels</source>
        <translation>Jaringan ONNX untuk piksel</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/swin.py"/>
        <source>Swin transformer</source>
        <translation>Swin transformer</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/trees.py"/>
        <source>Random forest</source>
        <translation>Random forest</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/trees.py"/>
        <source>Trees with neighbourhoods</source>
        <translation>Pohon dengan ketetanggaan</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/trees.py"/>
        <source>Extra trees</source>
        <translation>Extra trees</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/trees.py"/>
        <source>Gradient boosting</source>
        <translation>Gradient boosting</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/unet.py"/>
        <source>{network} on {encoder}</source>
        <translation>{network} dengan {encoder}</translation>
    </message>
    <message>
        <location filename="../../core/models/architectures/vit.py"/>
        <source>Vision transformer (ViT)</source>
        <translation>Vision transformer (ViT)</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>{model} of {file}</source>
        <translation>{model} dari {file}</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>{model}, snapshot {number}</source>
        <translation>{model}, cuplikan {number}</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>Choose a file that &apos;Train a land-cover model&apos; or &apos;Import a model&apos; has written.</source>
        <translation>Pilih berkas yang ditulis oleh &apos;Latih model tutupan lahan&apos; atau &apos;Impor model&apos;.</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>There is no such model file</source>
        <translation>Berkas model tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The model file cannot be read: {reason}</source>
        <translation>Berkas model tidak dapat dibaca: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The file is not a model</source>
        <translation>Berkas ini bukan model</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The file holds weights, but no description of a land-cover model</source>
        <translation>Berkas berisi bobot, tetapi tidak ada uraian model tutupan lahan</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>Update the plugin or train the model again.</source>
        <translation>Perbarui plugin atau latih model itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The model&apos;s architecture {architecture!r} does not exist in this version</source>
        <translation>Versi ini tidak mengenal arsitektur model {architecture!r}</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The model&apos;s architecture {architecture} is not stored in this kind of file</source>
        <translation>Arsitektur model {architecture} tidak disimpan dalam jenis berkas ini</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The model was made by a newer version of Deep Land Cover (model format {version}, this version reads up to {newest})</source>
        <translation>Model dibuat oleh versi Deep Land Cover yang lebih baru (format model {version}, versi ini membaca sampai {newest})</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <location filename="../../core/tasks/classify.py"/>
        <source>Update the plugin.</source>
        <translation>Perbarui plugin.</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>The description inside the model file is damaged: {error}</source>
        <translation>Uraian di dalam berkas model rusak: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/card.py"/>
        <source>This model was trained by an earlier version, which rotated and mirrored patches of an even size ({size} pixels) around their corner point instead of the labelled pixel. Its maps are shifted by about half a pixel to the right and downwards, and many pixels to the right of and below borders are wrong. Train the model again with this version.</source>
        <translation>Model ini dilatih oleh versi terdahulu, yang memutar dan mencerminkan patch berukuran genap ({size} piksel) terhadap titik sudutnya, bukan terhadap piksel berlabel. Petanya bergeser sekitar setengah piksel ke kanan dan ke bawah, dan banyak piksel di sebelah kanan dan di bawah batas antarkelas salah. Latih model itu lagi dengan versi ini.</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <location filename="../../core/models/pretrained.py"/>
        <source>Choose a state dictionary of PyTorch (.pth, .pt) or a .safetensors file.</source>
        <translation>Berikan state dictionary PyTorch (.pth, .pt) atau berkas .safetensors.</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The checkpoint lacks the bytes of a tensor</source>
        <translation>Checkpoint tidak memuat byte suatu tensor</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>A tensor of the checkpoint lies outside its bytes</source>
        <translation>Suatu tensor checkpoint terletak di luar bytenya</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The zip is not a checkpoint of PyTorch</source>
        <translation>Berkas zip ini bukan checkpoint PyTorch</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The checkpoint has the form of PyTorch before 1.6, which is not read</source>
        <translation>Checkpoint berformat PyTorch sebelum 1.6, yang tidak dibaca</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>Convert it in Python, with the packages that it needs: {conversion}</source>
        <translation>Konversikan dalam Python yang memiliki paket yang diperlukannya: {conversion}</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The file is not a checkpoint of PyTorch</source>
        <translation>Berkas bukan checkpoint PyTorch</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The checkpoint has {size:.1f} GiB (at most {limit:.0f})</source>
        <translation>Checkpoint berukuran {size:.1f} GiB (paling besar {limit:.0f})</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>Save only the state dictionary of the network.</source>
        <translation>Simpan hanya state dictionary jaringan.</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The checkpoint cannot be read: {reason}</source>
        <translation>Checkpoint tidak dapat dibaca: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <source>The checkpoint is damaged: {reason}</source>
        <translation>Checkpoint rusak: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/checkpoint.py"/>
        <location filename="../../core/models/foreign.py"/>
        <source>Get a fresh copy.</source>
        <translation>Dapatkan salinan baru.</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The model has other channels than the ensemble: {theirs}, there {ours}</source>
        <translation>Model ini mempunyai kanal yang lain daripada ansambel: {theirs}, di sana {ours}</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>Members need the same bands (BANDS) and indices (INDICES), in the same order.</source>
        <translation>Anggota memerlukan band (BANDS) dan indeks (INDICES) yang sama, dalam urutan yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The indices of the model come from other bands than those of the ensemble, or from reflectance in another unit</source>
        <translation>Indeks model berasal dari band yang lain daripada indeks ansambel, atau dari reflektansi dalam satuan lain</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>Use models of rasters in the same unit, with the same BAND_ROLES.</source>
        <translation>Pakailah model dari raster dalam satuan yang sama, dengan BAND_ROLES yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The model has other classes than the ensemble: {theirs}; there {ours}</source>
        <translation>Model ini mempunyai kelas yang lain daripada ansambel: {theirs}; di sana {ours}</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>Members need the same classes with the same values.</source>
        <translation>Anggota memerlukan kelas yang sama dengan nilai yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The weights of the ensemble&apos;s members are malformed</source>
        <translation>Bobot anggota ansambel tidak berbentuk benar</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The members of the ensemble cannot be read: {error}</source>
        <translation>Anggota ansambel tidak dapat dibaca: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The member {name} of the ensemble is compressed</source>
        <translation>Anggota ansambel {name} terkompresi</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The member {name} of the ensemble cannot be used: {reason}</source>
        <translation>Anggota ansambel {name} tidak dapat dipakai: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/ensemble.py"/>
        <source>The member {name} of the ensemble has other channels or classes</source>
        <translation>Anggota ansambel {name} mempunyai kanal atau kelas lain</translation>
    </message>
    <message>
        <location filename="../../core/models/first_layer.py"/>
        <source>{count} channels unchanged</source>
        <translation>{count} kanal tanpa perubahan</translation>
    </message>
    <message>
        <location filename="../../core/models/first_layer.py"/>
        <source>kernels of {count} channels repeated for {channels} channels</source>
        <translation>kernel {count} kanal diulang untuk {channels} kanal</translation>
    </message>
    <message>
        <location filename="../../core/models/first_layer.py"/>
        <source>{channels} by name</source>
        <translation>{channels} menurut nama</translation>
    </message>
    <message>
        <location filename="../../core/models/first_layer.py"/>
        <source>mean of all for {count} others</source>
        <translation>rata-rata semua untuk {count} lainnya</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>Choose a checkpoint of PyTorch (.pth, .pt, .ckpt), a .safetensors file or an ONNX file.</source>
        <translation>Pilih checkpoint PyTorch (.pth, .pt, .ckpt), berkas .safetensors, atau berkas ONNX.</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>There is no such file</source>
        <translation>Berkas tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>The file is a model of Deep Land Cover already</source>
        <translation>Berkas ini sudah merupakan model Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>Use it in &apos;Classify a raster&apos;.</source>
        <translation>Gunakan dalam &apos;Klasifikasikan raster&apos;.</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <location filename="../../core/models/network_file.py"/>
        <source>The weights cannot be read: {error}</source>
        <translation>Bobot tidak dapat dibaca: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>The ONNX file has {size:.1f} GiB (at most {limit:.0f})</source>
        <translation>Berkas ONNX berukuran {size:.1f} GiB (paling besar {limit:.0f})</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>Choose a smaller network.</source>
        <translation>Pilih jaringan yang lebih kecil.</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>The network returns the shape {shape} for an input of {size} x {size} pixels</source>
        <translation>Jaringan memberi bentuk {shape} untuk masukan {size} x {size} piksel</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <location filename="../../core/models/onnx_network.py"/>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Choose a network that classifies patches or pixels.</source>
        <translation>Pilih jaringan yang mengklasifikasikan patch atau piksel.</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>The network cannot compute patches of {size} x {size} pixels: {reason}</source>
        <translation>Jaringan tidak dapat menghitung patch {size} x {size} piksel: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <source>Give the PATCH_SIZE of the training.</source>
        <translation>Berikan PATCH_SIZE yang dipakai dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/models/foreign.py"/>
        <location filename="../../core/models/pretrained.py"/>
        <source>The file has no weights</source>
        <translation>Berkas tidak berisi bobot</translation>
    </message>
    <message>
        <location filename="../../core/models/network.py"/>
        <source>{title} is not a network</source>
        <translation>{title} bukan jaringan</translation>
    </message>
    <message>
        <location filename="../../core/models/network.py"/>
        <source>Choose a ResNet, for example.</source>
        <translation>Pilih ResNet, misalnya.</translation>
    </message>
    <message>
        <location filename="../../core/models/network.py"/>
        <source>{title} has no centre branch</source>
        <translation>{title} tidak memiliki cabang pusat</translation>
    </message>
    <message>
        <location filename="../../core/models/network.py"/>
        <source>Choose a ResNet.</source>
        <translation>Pilih ResNet.</translation>
    </message>
    <message>
        <location filename="../../core/models/network_file.py"/>
        <source>The model file has no weight {name!r}</source>
        <translation>Berkas model tidak memiliki bobot {name!r}</translation>
    </message>
    <message>
        <location filename="../../core/models/network_file.py"/>
        <source>The model file has an unexpected weight {name!r}</source>
        <translation>Berkas model memiliki bobot {name!r} yang tidak diharapkan</translation>
    </message>
    <message>
        <location filename="../../core/models/network_file.py"/>
        <source>The weight {name!r} must have the shape {needed} (got {shape})</source>
        <translation>Bobot {name!r} harus berbentuk {needed} (ternyata {shape})</translation>
    </message>
    <message>
        <location filename="../../core/models/network_file.py"/>
        <source>The weight {name!r} must have the data type {needed} (got {dtype})</source>
        <translation>Bobot {name!r} harus bertipe data {needed} (ternyata {dtype})</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>Export the network with one input [batch, bands, rows, columns] and one output of class scores.</source>
        <translation>Ekspor jaringan dengan satu masukan [batch, band, baris, kolom] dan satu keluaran berisi skor kelas.</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>Models of ONNX files need the package openvino, which is not installed</source>
        <translation>Model dari berkas ONNX memerlukan paket openvino, yang belum dipasang</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment).</source>
        <translation>Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment).</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The ONNX file cannot be read: {reason}</source>
        <translation>Berkas ONNX tidak dapat dibaca: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The ONNX file is a {purpose} of the plugin Deepness, not a Segmentor</source>
        <translation>Berkas ONNX adalah {purpose} dari plugin Deepness, bukan Segmentor</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The network has {inputs} inputs and {outputs} outputs, and one of each is needed</source>
        <translation>Jaringan memiliki {inputs} masukan dan {outputs} keluaran, padahal diperlukan masing-masing satu</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The network&apos;s input has the data type {dtype}, not a floating point type</source>
        <translation>Masukan jaringan bertipe data {dtype}, bukan tipe bilangan floating point</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The network&apos;s input has the shape {shape}, not [batch, bands, rows, columns] of square patches</source>
        <translation>Masukan jaringan berbentuk {shape}, bukan [batch, band, baris, kolom] dari patch bujur sangkar</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>The network&apos;s output has the shape {shape}, neither [batch, classes] nor [batch, classes, rows, columns] as large as the input</source>
        <translation>Keluaran jaringan berbentuk {shape}, bukan [batch, kelas] dan bukan pula [batch, kelas, baris, kolom] yang seukuran masukannya</translation>
    </message>
    <message>
        <location filename="../../core/models/onnx_network.py"/>
        <source>Exception from</source>
        <translation>Exception from</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>There is no such file of weights</source>
        <translation>Berkas bobot tersebut tidak ada</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>first convolution: {phrase}</source>
        <translation>konvolusi pertama: {phrase}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>The weights are not those of {architecture}: the file has {count} of its {total} tensors (it begins with {names})</source>
        <translation>Bobot ini bukan milik {architecture}: dari {total} tensornya berkas memiliki {count} (dimulai dengan {names})</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>Choose the architecture of the weights, or other weights.</source>
        <translation>Pilih arsitektur asal bobot itu, atau bobot lain.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>No band of the raster has one of the roles of {weights}: {roles}</source>
        <translation>Tidak ada band raster yang memiliki salah satu peran dari {weights}: {roles}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>Say which band has which role, for example {role}=1, or choose WEIGHTS=none.</source>
        <translation>Sebutkan band mana memiliki peran apa, misalnya {role}=1, atau pilih WEIGHTS=none.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>The file is not that of {weights}, whose first convolution has {bands} input channels: in this file its shape is {shape}</source>
        <translation>Berkas ini bukan berkas {weights}, yang konvolusi pertamanya memiliki {bands} kanal masukan: dalam berkas ini bentuknya {shape}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>Choose the file that belongs to WEIGHTS, or WEIGHTS=none.</source>
        <translation>Pilih berkas yang sesuai dengan WEIGHTS, atau WEIGHTS=none.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>first convolution: random, because those weights are for STEM=standard</source>
        <translation>konvolusi pertama: acak, karena bobot itu untuk STEM=standard</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>first convolution: {bands} by role</source>
        <translation>konvolusi pertama: {bands} menurut peran</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>their values are {unit}, scaled as the weights expect</source>
        <translation>nilainya adalah {unit}, diskalakan seperti yang diharapkan bobot</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>clipped to reflectances of 0 to {high:g}</source>
        <translation>dipotong ke reflektansi 0 sampai {high:g}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>not clipped to 0 to {high:g} as in their training</source>
        <translation>tidak dipotong ke 0 sampai {high:g} seperti dalam pelatihannya</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>mean of these kernels: {channels}</source>
        <translation>rata-rata kernel ini: {channels}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>not in the raster: {roles}</source>
        <translation>tidak ada dalam raster: {roles}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>{count} of {total} tensors loaded</source>
        <translation>{count} dari {total} tensor dimuat</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <location filename="../../core/tasks/importmodel.py"/>
        <source> and {count} more</source>
        <translation> dan {count} lagi</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>random: {names}{more}</source>
        <translation>acak: {names}{more}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>{count} tensors of the file not used</source>
        <translation>{count} tensor dari berkas tidak dipakai</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>Training starts from {title}: {parts}.</source>
        <translation>Pelatihan berawal dari {title}: {parts}.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>There are no ImageNet weights for {architecture}</source>
        <translation>Tidak ada bobot ImageNet untuk {architecture}</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>Choose WEIGHTS=none, or a ResNet.</source>
        <translation>Pilih WEIGHTS=none, atau ResNet.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>{file} is not the published file of {weights}: its SHA-256 checksum begins with {found} instead of {expected}. It is used as if it held the same weights.</source>
        <translation>{file} bukan berkas {weights} yang diterbitkan: checksum SHA-256-nya berawal dengan {found}, bukan {expected}. Berkas dipakai seakan-akan memuat bobot yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/models/pretrained.py"/>
        <source>The weights {weights} for this network were not tried by us: their scaling and order of bands are those that their publishers state.</source>
        <translation>Bobot {weights} untuk jaringan ini belum kami coba: skala dan urutan band-nya adalah yang disebutkan penerbitnya.</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>Export the network as ONNX where it was trained, and import that file.</source>
        <translation>Ekspor jaringan sebagai ONNX di tempat jaringan itu dilatih, lalu impor berkas tersebut.</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>The weights are those of no network that this version has. They begin with {names}</source>
        <translation>Bobot itu bukan milik jaringan mana pun yang ada dalam versi ini. Bobot itu diawali dengan {names}</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>The weights are those of a {architecture}, which computes otherwise in this plugin, so that its labels would differ</source>
        <translation>Bobot itu milik {architecture}, yang menghitung dengan cara lain dalam plugin ini, sehingga labelnya akan berbeda</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>The head of the {architecture} has {count} layers ({names}), and this plugin&apos;s has one</source>
        <translation>Head {architecture} memiliki {count} lapisan ({names}), sedangkan head dalam plugin ini memiliki satu</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>The weights are those of a {architecture} without its last layer ({name}), so they have no classes</source>
        <translation>Bobot itu milik {architecture} tanpa lapisan terakhirnya ({name}), sehingga tidak memiliki kelas</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>Start a training from them instead (WEIGHTS_FILE).</source>
        <translation>Sebagai gantinya, mulailah pelatihan dari bobot itu (WEIGHTS_FILE).</translation>
    </message>
    <message>
        <location filename="../../core/models/recognition.py"/>
        <source>The weights are those of no network that this version has. They begin with {names}; the nearest network is {architecture}, of which {fraction:.0%} of the tensors agree (not {name})</source>
        <translation>Bobot itu bukan milik jaringan mana pun dalam versi ini. Awalnya {names}; jaringan terdekat adalah {architecture}, yang {fraction:.0%} tensornya cocok ({name} tidak)</translation>
    </message>
    <message>
        <location filename="../../core/models/stack_machine.py"/>
        <source>The description of the objects in the checkpoint is damaged</source>
        <translation>Uraian objek dalam checkpoint rusak</translation>
    </message>
    <message>
        <location filename="../../core/models/stack_machine.py"/>
        <source>The description of the objects in the checkpoint has {size:.1f} MB, more than any network&apos;s (at most {limit:.0f} MB)</source>
        <translation>Uraian objek dalam checkpoint berukuran {size:.1f} MB, lebih besar daripada milik jaringan mana pun (paling besar {limit:.0f} MB)</translation>
    </message>
    <message>
        <location filename="../../core/models/stack_machine.py"/>
        <source>The checkpoint has an instruction that torch.save does not write (0x{code:02x})</source>
        <translation>Checkpoint berisi instruksi yang tidak ditulis oleh torch.save (0x{code:02x})</translation>
    </message>
    <message>
        <location filename="../../core/models/stack_machine.py"/>
        <source>The checkpoint was written with pickle protocol {version}, not with 2 as torch.save does</source>
        <translation>Checkpoint ditulis dengan protokol pickle {version}, bukan 2 seperti oleh torch.save</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>The trees cannot be read: {error}</source>
        <translation>Pohon tidak dapat dibaca: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>They were written with scikit-learn {written}, and this environment has {installed}. Train the model again or get a fresh copy.</source>
        <translation>Pohon itu dibuat dengan scikit-learn {written}, dan lingkungan ini memiliki {installed}. Latih model itu lagi atau dapatkan salinan baru.</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>an unknown version</source>
        <translation>versi yang tidak dikenal</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>The model file has no network</source>
        <translation>Berkas model tidak memuat jaringannya</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>The network&apos;s weights cannot be read: {error}</source>
        <translation>Bobot jaringan tidak dapat dibaca: {error}</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>it would decompress to {size:,.0f} MB</source>
        <translation>berkas akan mengembang menjadi {size:,.0f} MB</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>it contains {name!r}, which models of trees do not need</source>
        <translation>berkas memuat {name!r}, yang tidak diperlukan model pohon</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>The model file is rejected because {reason}</source>
        <translation>Berkas model ditolak, karena {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/tree_file.py"/>
        <source>Do not use it. Get a fresh copy from its source.</source>
        <translation>Jangan gunakan; dapatkan salinan baru dari asalnya.</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>{name} has changed since it was recorded on {date}</source>
        <translation>{name} telah berubah sejak dicatat pada {date}</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>Delete the file, so that it is downloaded again. If you have replaced it on purpose, delete {record}, too.</source>
        <translation>Hapus berkas itu agar diunduh kembali. Bila Anda sengaja menggantinya, hapus juga {record}.</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>{name} is not the published file: its SHA-256 checksum begins with {found} instead of {expected}</source>
        <translation>{name} bukan berkas yang diterbitkan: checksum SHA-256-nya berawal dengan {found}, bukan {expected}</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>Delete the file, so that it is downloaded again, or get a complete copy from {address}.</source>
        <translation>Hapus berkas itu agar diunduh kembali, atau ambil salinan lengkap dari {address}.</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>{address} is downloaded to {folder}.</source>
        <translation>{address} diunduh ke {folder}.</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>the server answers {code} {reason}</source>
        <translation>server menjawab {code} {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>the connection broke ({reason})</source>
        <translation>koneksi terputus ({reason})</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>the server sent another file, whose SHA-256 checksum begins with {found} instead of {expected}</source>
        <translation>server mengirim berkas lain, yang checksum SHA-256-nya berawal dengan {found}, bukan {expected}</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>it is larger than {megabytes:,.0f} MB</source>
        <translation>ukurannya lebih dari {megabytes:,.0f} MB</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>Downloading {name}: {done:,.1f} MB</source>
        <translation>Mengunduh {name}: {done:,.1f} MB</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>it ended after {count:,} of {total:,} bytes</source>
        <translation>unduhan berakhir setelah {count:,} dari {total:,} bita</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>it is redirected to {address}, which is not safe</source>
        <translation>dialihkan ke {address}, yang tidak aman</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>no answer within {seconds:g} seconds</source>
        <translation>tidak ada jawaban dalam {seconds:g} detik</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>The weights cannot be downloaded: {reason}</source>
        <translation>Bobot tidak dapat diunduh: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>Try again later. Without a network, download {name} from this address on another computer, copy it to the folder {folder} and run again. Or choose WEIGHTS=none.</source>
        <translation>Coba lagi nanti. Tanpa jaringan, unduh {name} dari alamat ini di komputer lain, salin ke folder {folder} dan jalankan lagi. Atau pilih WEIGHTS=none.</translation>
    </message>
    <message>
        <location filename="../../core/models/weights_cache.py"/>
        <source>The checksum of {name} cannot be recorded in {folder} ({reason}), so later changes of the file are not found.</source>
        <translation>Checksum {name} tidak dapat dicatat di {folder} ({reason}), sehingga perubahan berkas di kemudian hari tidak ditemukan.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{name!r} is not a resampling method</source>
        <translation>Tidak ada resampling {name!r}</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Use one of: {choices}.</source>
        <translation>Gunakan salah satu dari: {choices}.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>RESAMPLING has {names} methods for 1 extra raster</source>
        <translation>Ada {names} resampling untuk 1 raster tambahan</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>RESAMPLING has {names} methods for {count} extra rasters</source>
        <translation>Ada {names} resampling untuk {count} raster tambahan</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give one method for all extra rasters, or one per raster, in order, separated by commas.</source>
        <translation>Berikan satu untuk semuanya, atau masing-masing satu menurut urutannya, dipisahkan dengan koma.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>FOLDS must be auto or a whole number (got {text!r})</source>
        <translation>FOLDS harus auto atau bilangan bulat (diberikan {text!r})</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Use auto, 0 for one split, or a number of folds such as 5.</source>
        <translation>Gunakan auto, 0 untuk satu pembagian, atau jumlah fold seperti 5.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{text!r} is not a number</source>
        <translation>{text!r} bukan bilangan</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give numbers, separated by commas, such as {example}.</source>
        <translation>Berikan bilangan, dipisahkan dengan koma, seperti {example}.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{entry!r} does not begin with a whole number</source>
        <translation>{entry!r} tidak diawali dengan bilangan bulat</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give pairs such as 1=Forest, 4=Rice.</source>
        <translation>Berikan pasangan seperti 1=Forest, 4=Rice.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Each class needs a value of its own, or none of them</source>
        <translation>Setiap kelas memerlukan nilainya sendiri, atau semuanya tanpa nilai</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give names, values, or pairs such as 1=Forest, 4=Rice, in the order of the network&apos;s outputs.</source>
        <translation>Berikan nama, nilai, atau pasangan seperti 1=Forest, 4=Rice, menurut urutan keluaran jaringan.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{text!r} is not a whole number</source>
        <translation>{text!r} bukan bilangan bulat</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give the values of the label raster that mean unlabelled, such as 0 or 0, -100.</source>
        <translation>Berikan nilai raster label yang berarti tidak berlabel, seperti 0 atau 0, -100.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{text!r} is not a user&apos;s accuracy between 0 and 1</source>
        <translation>{text!r} bukan user&apos;s accuracy antara 0 dan 1</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give fractions: one for all classes, such as 0.8, or Water=0.95, Rice=0.7, 0.8.</source>
        <translation>Berikan proporsi: satu untuk semua kelas, misalnya 0.8, atau Water=0.95, Rice=0.7, 0.8.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>The map has several classes {name!r}</source>
        <translation>Peta memiliki beberapa kelas {name!r}</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>The map has no class {name!r}</source>
        <translation>Peta tidak memiliki kelas {name!r}</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give the class value instead: {classes}.</source>
        <translation>Berikan nilai kelasnya sebagai ganti: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Use one of its classes: {classes}.</source>
        <translation>Kelas-kelasnya: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{design!r} is not a sampling design</source>
        <translation>{design!r} bukan rancangan sampel</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>DESIGN is stratified_other, but {parameter} is empty</source>
        <translation>DESIGN adalah stratified_other, tetapi {parameter} kosong</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give the field with the stratum of each point, and the area of each stratum.</source>
        <translation>Berikan kolom yang berisi stratum setiap titik, dan luas setiap stratum.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>DESIGN is weights, but WEIGHT_FIELD is empty</source>
        <translation>DESIGN adalah weights, tetapi WEIGHT_FIELD kosong</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give the field with the area that each point represents.</source>
        <translation>Berikan kolom yang menyatakan seberapa besar luas yang diwakili setiap titik.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>{text!r} is not the area of a stratum</source>
        <translation>{text!r} bukan luas suatu stratum</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give pairs such as lowland=40000, upland=30000, without thousands separators.</source>
        <translation>Tulis pasangan seperti lowland=40000, upland=30000, tanpa pemisah ribuan.</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>The stratum {stratum!r} has two areas</source>
        <translation>Stratum {stratum!r} memiliki dua luas</translation>
    </message>
    <message>
        <location filename="../../core/options.py"/>
        <source>Give each stratum one area.</source>
        <translation>Berikan satu saja.</translation>
    </message>
    <message>
        <location filename="../../core/progress.py"/>
        <source>{done:,} of {total:,} {unit}</source>
        <translation>{done:,} dari {total:,} {unit}</translation>
    </message>
    <message>
        <location filename="../../core/progress.py"/>
        <source>{head}, {rate:,.0f} {unit}/s, {left} left</source>
        <translation>{head}, {rate:,.0f} {unit}/s, sisa {left}</translation>
    </message>
    <message>
        <location filename="../../core/raster/band_file.py"/>
        <source>Make a tiled copy (Raster &gt; Conversion &gt; Translate, or gdal_translate -co TILED=YES) and use that.</source>
        <translation>Buat salinan berpetak (Raster &gt; Conversion &gt; Translate, atau gdal_translate -co TILED=YES) dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/raster/band_file.py"/>
        <source>The raster is stored in blocks of {rows:,} x {columns:,} pixels, and one of them takes {size:.1f} GB of this computer&apos;s {memory:.1f} GB of memory</source>
        <translation>Raster disimpan dalam blok {rows:,} x {columns:,} piksel, dan satu blok memerlukan {size:.1f} GB dari {memory:.1f} GB memori komputer ini</translation>
    </message>
    <message>
        <location filename="../../core/raster/band_file.py"/>
        <source>The raster is stored in blocks of {rows:,} x {columns:,} pixels, too many for the memory, so that reading it is slow. Make a tiled copy (Raster &gt; Conversion &gt; Translate, or gdal_translate -co TILED=YES) and use that.</source>
        <translation>Raster disimpan dalam blok {rows:,} x {columns:,} piksel, terlalu banyak untuk memori, sehingga pembacaannya lambat. Buat salinan berpetak (Raster &gt; Conversion &gt; Translate, atau gdal_translate -co TILED=YES) dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Band {index} is marked as transparency (alpha) and is used as a mask. If it is a measurement, name it, for example with BAND_NAMES: nir={index}.</source>
        <translation>Band {index} ditandai sebagai transparansi (alfa) dan digunakan sebagai mask. Bila merupakan pengukuran, beri nama, misalnya dengan BAND_NAMES: nir={index}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Band {index} is marked as transparency (alpha), but has many values. It is used as a measurement.</source>
        <translation>Band {index} ditandai sebagai transparansi (alfa), tetapi memiliki banyak nilai. Band ini digunakan sebagai pengukuran.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Band {index} is marked as transparency (alpha). It is used as a measurement, because it is named in BAND_NAMES, BANDS or BAND_ROLES.</source>
        <translation>Band {index} ditandai sebagai transparansi (alfa). Band ini digunakan sebagai pengukuran, karena disebutkan dalam BAND_NAMES, BANDS, atau BAND_ROLES.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Write a name for each band in their order, such as blue, green, red, or pairs of a new name and a band, such as red=B4, nir=8.</source>
        <translation>Tulis satu nama untuk setiap band menurut urutannya, seperti blue, green, red, atau pasangan nama baru dan band, seperti red=B4, nir=8.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Band {index} has a palette: its values stand for colours or classes and are not measurements.</source>
        <translation>Band {index} memiliki palet: bilangannya mewakili warna atau kelas dan bukan pengukuran.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>BAND_NAMES has {count} names for {needed} bands: {bands}</source>
        <translation>BAND_NAMES memuat {count} nama untuk {needed} band: {bands}</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Two bands would have the name {name!r}</source>
        <translation>Dua band akan bernama {name!r}</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Give each band a different name.</source>
        <translation>Berikan setiap band namanya sendiri.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>The band {band!r} is selected twice</source>
        <translation>Band {band!r} dipilih dua kali</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Name each band once.</source>
        <translation>Sebutkan setiap band satu kali.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <location filename="../../core/raster/stack.py"/>
        <source>The raster has no band {band!r}</source>
        <translation>Raster tidak memiliki band {band!r}</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>Its bands are: {bands}.</source>
        <translation>Band-bandnya: {bands}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/bands.py"/>
        <source>{entry!r} is not a pair of a new name and a band</source>
        <translation>{entry!r} bukan pasangan nama baru dan band</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The raster holds more than {most} different values without names, so it is not a class map</source>
        <translation>Raster berisi lebih dari {most} nilai yang berbeda tanpa nama, jadi bukan peta kelas</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>Choose a raster of class values, or name its classes in an attribute table.</source>
        <translation>Pilih raster nilai kelas, atau beri nama kelas-kelasnya dalam tabel atribut.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>{map} was changed after its classification with the model {model}: the accuracy that was found for the model does not hold for it.</source>
        <translation>{map} diubah setelah klasifikasinya dengan model {model}: akurasi yang diperoleh untuk model itu tidak berlaku untuknya.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The classes of {raster} have other values than those of {first}; they are matched by name: {classes}.</source>
        <translation>Kelas {raster} memiliki nilai lain daripada kelas {first}; kelas-kelas itu dicocokkan menurut nama: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>{first} and {raster} have different names for the same values, and are compared by value: {classes} in the one, {other_classes} in the other.</source>
        <translation>{first} dan {raster} memiliki nama yang berbeda untuk nilai yang sama, dan dibandingkan menurut nilai: {classes} pada yang satu, {other_classes} pada yang lain.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>{raster} has {count} bands. Only the first is used.</source>
        <translation>{raster} memiliki {count} band. Hanya yang pertama yang digunakan.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The class raster has another grid and no coordinate reference system</source>
        <translation>Raster kelas tidak memiliki sistem koordinat dan gridnya berbeda</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>Assign its coordinate reference system.</source>
        <translation>Tetapkan sistem koordinatnya.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>{raster} is resampled to the grid of the input (nearest neighbour).</source>
        <translation>{raster} disampel ulang ke grid masukan (tetangga terdekat).</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The raster holds {value:g}, which is not a class value</source>
        <translation>Raster berisi {value:g}, yang bukan nilai kelas</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>Choose a raster of whole numbers, one per class.</source>
        <translation>Pilih raster bilangan bulat, satu bilangan per kelas.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The raster has {bands} bands and no class names, so it is an image, not a class map</source>
        <translation>Raster memiliki {bands} band dan tidak memiliki nama kelas, jadi ini citra, bukan peta kelas</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>Choose a raster of class values.</source>
        <translation>Pilih raster nilai kelas.</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>The raster holds {count} different values and no class names, so it is not a class map</source>
        <translation>Raster berisi {count} nilai yang berbeda dan tidak memiliki nama kelas, jadi bukan peta kelas</translation>
    </message>
    <message>
        <location filename="../../core/raster/class_raster.py"/>
        <source>Choose a raster of class values, or name its classes with ‘Style a classification’.</source>
        <translation>Pilih raster nilai kelas, atau beri nama kelas-kelasnya dengan ‘Beri gaya pada klasifikasi’.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster has ground control points only, and no transform from pixels to coordinates</source>
        <translation>Raster hanya memiliki titik kontrol tanah, dan tidak memiliki transformasi dari piksel ke koordinat</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Georeference it first (gdalwarp, or Raster &gt; Georeferencer) and run again.</source>
        <translation>Georeferensikan lebih dahulu (gdalwarp, atau Raster &gt; Georeferencer) dan jalankan lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <location filename="../../core/raster/warp.py"/>
        <source>Assign one (Raster &gt; Projections &gt; Assign Projection) and run again.</source>
        <translation>Tetapkan (Raster &gt; Projections &gt; Assign Projection) dan jalankan lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster has a coordinate reference system but no position in it</source>
        <translation>Raster memiliki sistem referensi koordinat, tetapi tidak memiliki posisi di dalamnya</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Georeference it first (gdal_edit -a_ullr, or Raster &gt; Georeferencer) and run again.</source>
        <translation>Georeferensikan lebih dahulu (gdal_edit -a_ullr, atau Raster &gt; Georeferencer) dan jalankan lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>A source file of the raster cannot be opened: {reason}</source>
        <translation>Suatu berkas penyusun raster tidak dapat dibuka: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Restore that file, or create the raster again.</source>
        <translation>Kembalikan berkas itu, atau buat raster itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster cannot be read: its file may be damaged or incomplete</source>
        <translation>Raster tidak dapat dibaca, berkasnya mungkin rusak atau tidak lengkap</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Download or copy the file again.</source>
        <translation>Unduh atau salin berkas itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster has no bands</source>
        <translation>Raster tidak memiliki band</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Choose one of its subdatasets: {parts}.</source>
        <translation>Pilih salah satu subdatasetnya: {parts}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Choose another raster.</source>
        <translation>Pilih raster lain.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster holds complex numbers, which cannot be used for training or classification</source>
        <translation>Raster berisi bilangan kompleks, yang tidak dapat digunakan untuk pelatihan atau klasifikasi</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Compute amplitude or intensity, and phase if needed, and use these as bands.</source>
        <translation>Hitung amplitudo atau intensitas, dan fase bila perlu, lalu gunakan sebagai band.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The file of the raster is incomplete: it is shorter than its header says</source>
        <translation>Berkas raster tidak lengkap, lebih pendek daripada yang dinyatakan headernya</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>the format {driver}</source>
        <translation>format {driver}</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>QGIS and the worker read the raster differently, because each uses its own GDAL. In QGIS: {qgis}. In the worker: {worker}</source>
        <translation>QGIS dan worker membaca raster secara berbeda, karena masing-masing memakai GDAL sendiri. Di QGIS: {qgis}. Di worker: {worker}</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Convert it with QGIS (Raster &gt; Conversion &gt; Translate, or gdal_translate) to a GeoTIFF and use that.</source>
        <translation>Konversikan dengan QGIS (Raster &gt; Conversion &gt; Translate, atau gdal_translate) ke GeoTIFF dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>{width:,} x {height:,} pixels, {bands} bands</source>
        <translation>{width:,} x {height:,} piksel, {bands} kanal</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>{width:,} x {height:,} pixels, 1 band</source>
        <translation>{width:,} x {height:,} piksel, 1 kanal</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>nodata</source>
        <translation>nodata</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>{value} in band {band}, row {row}, column {column}</source>
        <translation>{value} pada band {band}, baris {row}, kolom {column}</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>The raster is of the format {driver}, which QGIS can read and the worker cannot</source>
        <translation>Raster berformat {driver}, yang dapat dibaca QGIS tetapi tidak oleh worker</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Convert it to a GeoTIFF (Raster &gt; Conversion &gt; Translate, or gdal_translate INPUT OUTPUT.tif) and use that.</source>
        <translation>Konversikan ke GeoTIFF (Raster &gt; Conversion &gt; Translate, atau gdal_translate INPUT OUTPUT.tif) dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Check the path, or choose another raster.</source>
        <translation>Periksa path, atau pilih raster lain.</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <location filename="../../core/raster/source.py"/>
        <source>The raster cannot be opened: {reason}</source>
        <translation>Raster tidak dapat dibuka: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/raster/dataset.py"/>
        <source>Choose a raster in a format that GDAL reads, for example GeoTIFF.</source>
        <translation>Pilih raster dalam format yang dibaca GDAL, misalnya GeoTIFF.</translation>
    </message>
    <message>
        <location filename="../../core/raster/feature_stack.py"/>
        <source>Writing the bands</source>
        <translation>Menulis band</translation>
    </message>
    <message>
        <location filename="../../core/raster/feature_stack.py"/>
        <source>Sampling values</source>
        <translation>Mengambil sampel nilai</translation>
    </message>
    <message>
        <location filename="../../core/raster/feature_stack.py"/>
        <source>Checking the file</source>
        <translation>Memeriksa berkas</translation>
    </message>
    <message>
        <location filename="../../core/raster/feature_stack.py"/>
        <location filename="../../core/raster/probability_raster.py"/>
        <location filename="../../core/raster/writer.py"/>
        <source>the finished file does not contain all values that were written</source>
        <translation>berkas yang selesai tidak memuat semua nilai yang ditulis</translation>
    </message>
    <message>
        <location filename="../../core/raster/geotiff.py"/>
        <source>The style file {style} remains and overrides the map&apos;s colours in QGIS.</source>
        <translation>Berkas gaya {style} tetap ada, dan mengalahkan warna peta di QGIS.</translation>
    </message>
    <message>
        <location filename="../../core/raster/geotiff.py"/>
        <source>The file cannot be written: {error}</source>
        <translation>Berkas tidak dapat ditulis: {error}</translation>
    </message>
    <message>
        <location filename="../../core/raster/geotiff.py"/>
        <source>Choose another file or folder.</source>
        <translation>Pilih berkas atau folder lain.</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>The georeferencing of the raster is degenerate</source>
        <translation>Georeferensi raster tidak wajar (degenerasi)</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>transform {transform}</source>
        <translation>transformasi {transform}</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>Georeference the raster again.</source>
        <translation>Georeferensikan raster itu lagi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>The extent is empty</source>
        <translation>Cakupan wilayah kosong</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>Draw it again, or leave it out.</source>
        <translation>Gambar lagi, atau tinggalkan.</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>The extent lies outside the raster</source>
        <translation>Cakupan wilayah terletak di luar raster</translation>
    </message>
    <message>
        <location filename="../../core/raster/grid.py"/>
        <source>Draw it on the raster, and check its coordinate reference system.</source>
        <translation>Gambarlah pada raster, dan periksa sistem referensi koordinatnya.</translation>
    </message>
    <message>
        <location filename="../../core/raster/indices.py"/>
        <source>{index!r} is not a spectral index</source>
        <translation>{index!r} bukan indeks spektral</translation>
    </message>
    <message>
        <location filename="../../core/raster/indices.py"/>
        <source>Choose from: {choices}.</source>
        <translation>Pilih dari: {choices}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/indices.py"/>
        <source>Index {index} is skipped: no band has the role {roles}.</source>
        <translation>Indeks {index} dilewati: tidak ada band dengan peran {roles}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/indices.py"/>
        <source>Indices {indices} use the stored values as reflectance.</source>
        <translation>Indeks {indices} memakai nilai tersimpan sebagai reflektansi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/indices.py"/>
        <source>Indices {indices} use the stored values times {scale:g} as reflectance.</source>
        <translation>Indeks {indices} memakai nilai tersimpan dikali {scale:g} sebagai reflektansi.</translation>
    </message>
    <message>
        <location filename="../../core/raster/mask.py"/>
        <source>The mask has no polygons</source>
        <translation>Mask tidak berisi poligon</translation>
    </message>
    <message>
        <location filename="../../core/raster/mask.py"/>
        <source>Choose a polygon layer with features.</source>
        <translation>Pilih layer poligon yang memiliki fitur.</translation>
    </message>
    <message>
        <location filename="../../core/raster/neighbourhood_windows.py"/>
        <source>Enter odd numbers of pixels from 3 to {largest}, such as 3,7,15, or 0, or auto.</source>
        <translation>Berikan bilangan ganjil piksel dari 3 sampai {largest}, seperti 3,7,15, atau 0, atau auto.</translation>
    </message>
    <message>
        <location filename="../../core/raster/neighbourhood_windows.py"/>
        <source>A window must be an odd number from 3 to {largest} (got {text!r})</source>
        <translation>Jendela harus berupa bilangan ganjil dari 3 sampai {largest} (diberikan {text!r})</translation>
    </message>
    <message>
        <location filename="../../core/raster/pixel_area.py"/>
        <source>The map’s coordinate reference system shows areas at {low:.3g} to {high:.3g} times their size on the ground. The area of each pixel was therefore measured on the ellipsoid. Hectares and the weights of sampled points refer to the ground.</source>
        <translation>Sistem referensi koordinat peta menampilkan luas sebesar {low:.3g} sampai {high:.3g} kali luas di lapangan. Karena itu luas setiap piksel diukur pada elipsoid: hektare, dan bobot titik sampel, adalah menurut luas di lapangan.</translation>
    </message>
    <message>
        <location filename="../../core/raster/roles.py"/>
        <source>{text!r} is not a pair of a role and a band</source>
        <translation>{text!r} bukan pasangan peran dan band</translation>
    </message>
    <message>
        <location filename="../../core/raster/roles.py"/>
        <source>Enter for example nir=B8, red=B4. Roles are: {roles}.</source>
        <translation>Tulis misalnya nir=B8, red=B4. Peran yang ada: {roles}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>Check the address and the connection, and try again later.</source>
        <translation>Periksa alamat dan koneksi, dan coba lagi nanti.</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>access denied</source>
        <translation>akses ditolak</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>There is no such raster on the server</source>
        <translation>Raster tersebut tidak ada di server</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>Check the address.</source>
        <translation>Periksa alamatnya.</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>The server denies access to the raster: {reason}</source>
        <translation>Server menolak akses ke raster: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>Check the address, and the credentials in the environment variables that GDAL knows, such as AWS_ACCESS_KEY_ID or GDAL_HTTP_USERPWD.</source>
        <translation>Periksa alamat, dan kredensial dalam variabel lingkungan yang dikenal GDAL, seperti AWS_ACCESS_KEY_ID atau GDAL_HTTP_USERPWD.</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>The server of the raster does not answer</source>
        <translation>Server raster tidak menjawab</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>curl error</source>
        <translation>kesalahan curl</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>The server of the raster reports an error: {reason}</source>
        <translation>Server raster melaporkan kesalahan: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>Check the address. It must lead to a raster in a format that GDAL reads.</source>
        <translation>Periksa alamat, dan apakah mengarah ke raster dalam format yang dibaca GDAL.</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>The raster could not be read completely: its server stopped responding, or its file is damaged</source>
        <translation>Raster tidak dapat dibaca seluruhnya: servernya berhenti menjawab, atau berkasnya rusak</translation>
    </message>
    <message>
        <location filename="../../core/raster/source.py"/>
        <source>Check the connection and run again, or copy the raster to this computer and use that.</source>
        <translation>Periksa koneksi dan jalankan lagi, atau salin raster ke komputer ini dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/raster/stack.py"/>
        <source>{raster} is resampled to the grid of {first} ({resampling}).</source>
        <translation>{raster} disampel ulang ke grid {first} ({resampling}).</translation>
    </message>
    <message>
        <location filename="../../core/raster/stack.py"/>
        <source>It has: {bands}.</source>
        <translation>Yang dimiliki: {bands}.</translation>
    </message>
    <message>
        <location filename="../../core/raster/survey.py"/>
        <source>Surveying the values of the raster</source>
        <translation>Mendata nilai raster</translation>
    </message>
    <message>
        <location filename="../../core/raster/survey.py"/>
        <source>Computing the statistics of the bands</source>
        <translation>Menghitung statistik band</translation>
    </message>
    <message>
        <location filename="../../core/raster/survey.py"/>
        <source>About {fraction:.1%} of the pixels of {raster} have the value {value:.9g} in all bands, which is not declared as nodata. If it means nothing, set NODATA_VALUES={value:.9g}; otherwise these pixels are trained and classified.</source>
        <translation>Sekitar {fraction:.1%} piksel {raster} bernilai {value:.9g} pada semua band, dan nilai ini tidak dinyatakan sebagai nodata. Bila tidak berarti apa-apa, tetapkan NODATA_VALUES={value:.9g}; bila tidak, piksel-piksel ini ikut dilatih dan diklasifikasikan.</translation>
    </message>
    <message>
        <location filename="../../core/raster/validity.py"/>
        <source>Checking the patches of the samples</source>
        <translation>Memeriksa patch sampel</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>reflectance</source>
        <translation>reflektansi</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>reflectance plus 0.1</source>
        <translation>reflektansi ditambah 0,1</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>reflectance times 10,000</source>
        <translation>reflektansi kali 10.000</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>reflectance times 10,000 plus 1,000</source>
        <translation>reflektansi kali 10.000 ditambah 1.000</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>numbers of Landsat Collection 2 Level 2</source>
        <translation>bilangan Landsat Collection 2 Level 2</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>decibel</source>
        <translation>desibel</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>VALUE_UNIT is {unit}, but the weights expect {quantity}</source>
        <translation>VALUE_UNIT adalah {unit}, tetapi bobot mengharapkan {quantity}</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>Choose another unit, or other weights.</source>
        <translation>Pilih satuan lain, atau bobot lain.</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>The values of the bands are not {unit}: they would be {quantity} from {low:.3g} to {high:.3g}</source>
        <translation>Nilai band bukan {unit}: nilainya akan menjadi {quantity} dari {low:.3g} sampai {high:.3g}</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>Choose the unit of the raster, or auto.</source>
        <translation>Pilih satuan raster, atau auto.</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>the raster has too few valid pixels</source>
        <translation>raster memiliki terlalu sedikit piksel valid</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>values from {low:.4g} to {high:.4g} are not backscatter in decibel</source>
        <translation>nilai dari {low:.4g} sampai {high:.4g} bukan hamburan balik dalam desibel</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>the values of {bands} have another unit than those of other bands</source>
        <translation>nilai {bands} memiliki satuan yang berbeda dari band lain</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>values from {low:.4g} to {high:.4g} may be percent, sensor counts or numbers of 8 bits</source>
        <translation>nilai dari {low:.4g} sampai {high:.4g} dapat berupa persen, cacah sensor atau bilangan 8 bit</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>no band is darker than {low:.4g}, so {offset} may have been added to the reflectances, or the land is bright</source>
        <translation>tidak ada band yang lebih gelap dari {low:.4g}, jadi mungkin {offset} telah ditambahkan ke reflektansi, atau lahannya cerah</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>values from {low:.4g} to {high:.4g} may be reflectances of Landsat Collection 2, or sensor counts</source>
        <translation>nilai dari {low:.4g} sampai {high:.4g} dapat berupa reflektansi Landsat Collection 2, atau cacah sensor</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>The unit of the raster&apos;s values is not clear, and the weights expect a certain one: {reason}</source>
        <translation>Satuan nilai raster tidak jelas, dan bobot mengharapkan satuan tertentu: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/raster/value_unit.py"/>
        <source>Set VALUE_UNIT to one of: {units}. Convert a raster in another unit to reflectance, or radar to decibel, or choose WEIGHTS=none.</source>
        <translation>Atur VALUE_UNIT ke salah satu dari: {units}. Ubah raster dalam satuan lain menjadi reflektansi, atau radar menjadi desibel, atau pilih WEIGHTS=none.</translation>
    </message>
    <message>
        <location filename="../../core/raster/warp.py"/>
        <source>The raster has no coordinate reference system and is not on the grid of the input</source>
        <translation>Raster tidak memiliki sistem referensi koordinat dan tidak terletak pada grid masukan</translation>
    </message>
    <message>
        <location filename="../../core/raster/warp.py"/>
        <source>The raster lies outside the input raster</source>
        <translation>Raster terletak di luar raster masukan</translation>
    </message>
    <message>
        <location filename="../../core/raster/warp.py"/>
        <source>Choose a raster that overlaps the input, and check its coordinate reference system.</source>
        <translation>Pilih raster yang bertampalan dengan masukan, dan periksa sistem referensi koordinatnya.</translation>
    </message>
    <message>
        <location filename="../../core/raster/warp.py"/>
        <source>The raster cannot be resampled to the grid of the input</source>
        <translation>Raster tidak dapat disampel ulang ke grid masukan</translation>
    </message>
    <message>
        <location filename="../../core/raster/warp.py"/>
        <source>Check both coordinate reference systems.</source>
        <translation>Periksa kedua sistem referensi koordinat.</translation>
    </message>
    <message>
        <location filename="../../core/raster/writer.py"/>
        <source>Class values must be between -2147483648 and 2147483647 (got {value})</source>
        <translation>Nilai kelas harus antara -2147483648 dan 2147483647 (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/raster/writer.py"/>
        <location filename="../../core/samples/label_sources.py"/>
        <location filename="../../core/samples/vector.py"/>
        <source>Use other class values.</source>
        <translation>Gunakan nilai kelas lain.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>that are not a probability sample</source>
        <translation>yang bukan sampel berpeluang</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>drawn by simple random sampling</source>
        <translation>yang ditarik dengan pengambilan sampel acak sederhana</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>drawn by stratified random sampling with the classes of the map as strata</source>
        <translation>yang ditarik dengan pengambilan sampel acak berstrata dengan kelas peta sebagai strata</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>drawn by stratified random sampling</source>
        <translation>yang ditarik dengan pengambilan sampel acak berstrata</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>of a weighted probability sample</source>
        <translation>dari sampel berpeluang berbobot</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Accuracy and areas were estimated by the proportions of the sample, with Wilson’s 95 % confidence intervals.</source>
        <translation>Akurasi dan luas diestimasi dengan proporsi sampel, dengan selang kepercayaan 95 % Wilson.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Accuracy and areas were estimated as in Olofsson et al. (2014), with Wilson’s 95 % confidence intervals.</source>
        <translation>Akurasi dan luas diestimasi seperti pada Olofsson et al. (2014), dengan selang kepercayaan 95 % Wilson.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Accuracy and areas were estimated as in Stehman (2014), with Wilson’s 95 % confidence intervals.</source>
        <translation>Akurasi dan luas diestimasi seperti pada Stehman (2014), dengan selang kepercayaan 95 % Wilson.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Accuracy and areas were estimated by weighted ratios, with Wilson’s 95 % confidence intervals.</source>
        <translation>Akurasi dan luas diestimasi dengan rasio berbobot, dengan selang kepercayaan 95 % Wilson.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>The map “{map}” ({classes} classes) was compared with {units:,} reference {unit}s {design} ({reference}).</source>
        <translation>Peta “{map}” ({classes} kelas) dibandingkan dengan {units:,} {unit} acuan {design} ({reference}).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>The 95 % confidence intervals come from a bootstrap over {count:,} {cluster}s.</source>
        <translation>Selang kepercayaan 95 % berasal dari bootstrap atas {count:,} {cluster}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Overall accuracy was {accuracy:.1f} % (95 % confidence interval {low:.1f} to {high:.1f} %).</source>
        <translation>Akurasi keseluruhan sebesar {accuracy:.1f} % (selang kepercayaan 95 %: {low:.1f} sampai {high:.1f} %).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Overall accuracy was {accuracy:.1f} %.</source>
        <translation>Akurasi keseluruhan sebesar {accuracy:.1f} %.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>These units were not compared: {items}.</source>
        <translation>Satuan berikut tidak dibandingkan: {items}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>{maps} were compared on {units:,} reference {unit}s {design} ({reference}).</source>
        <translation>{maps} dibandingkan pada {units:,} {unit} acuan {design} ({reference}).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>The gain of {map} over {first} in overall accuracy was {gain} percentage points{range}.</source>
        <translation>Peningkatan akurasi keseluruhan {map} terhadap {first} sebesar {gain} poin persentase{range}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source> (95 % confidence interval {ends})</source>
        <translation> (selang kepercayaan 95 %: {ends})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>{maps} were cross-tabulated pixel by pixel with {first}, without a reference; areas are those of mapped pixels and are not corrected for errors of the maps.</source>
        <translation>{maps} ditabulasi silang piksel demi piksel dengan {first}, tanpa acuan; luas dihitung dari piksel peta dan tidak dikoreksi terhadap kesalahan peta.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Computed with Deep Land Cover {version}.</source>
        <translation>Dihitung dengan Deep Land Cover {version}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Confusion matrix in counts: rows are map classes, columns reference classes; the colour is the fraction of the row, so the diagonal shows the user’s accuracy of the sample.</source>
        <translation>Matriks konfusi dalam jumlah: baris adalah kelas peta, kolom kelas acuan; warna adalah proporsi terhadap baris, sehingga diagonal menunjukkan akurasi pengguna dari sampel.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Confusion matrix of {count} classes; the numbers are in the table below</source>
        <translation>Matriks konfusi {count} kelas; angkanya ada dalam tabel di bawah</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>map class</source>
        <translation>kelas peta</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <location filename="../../core/reporting/training_page.py"/>
        <source>reference class</source>
        <translation>kelas acuan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>User’s accuracy (circles) and producer’s accuracy (diamonds) of each class, with 95 % confidence intervals where there are any.</source>
        <translation>Akurasi pengguna (lingkaran) dan akurasi pembuat (belah ketupat) setiap kelas, dengan selang kepercayaan 95 % bila ada.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>User’s and producer’s accuracy of each class; the numbers are in the table above</source>
        <translation>Akurasi pengguna dan akurasi pembuat setiap kelas; angkanya ada dalam tabel di atas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>producer’s accuracy</source>
        <translation>akurasi pembuat</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>user’s accuracy</source>
        <translation>akurasi pengguna</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Area of each class: the bar is the mapped area, the point the area estimated from the reference, with its 95 % confidence interval. Where they differ, the map over- or underestimates the class.</source>
        <translation>Luas setiap kelas: batang adalah luas yang dipetakan, titik adalah luas yang diestimasi dari acuan, dengan selang kepercayaan 95 %. Bila keduanya berbeda, peta melebih-lebihkan atau mengurangi luas kelas itu.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Mapped and estimated area of each class; the numbers are in the table above</source>
        <translation>Luas terpetakan dan luas estimasi setiap kelas; angkanya ada dalam tabel di atas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Pixels by class of {first} (rows) and of {map} (columns); the colour is the fraction of the row.</source>
        <translation>Piksel menurut kelas {first} (baris) dan {map} (kolom); warna adalah proporsi terhadap baris.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Cross-tabulation of {first} and {map}</source>
        <translation>Tabulasi silang {first} dan {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>{map}: rows are map classes, columns reference classes, in counts; the colour is the fraction of the row.</source>
        <translation>{map}: baris adalah kelas peta, kolom kelas acuan, dalam jumlah; warna adalah proporsi terhadap baris.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>Confusion matrix of {map}</source>
        <translation>Matriks konfusi {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <source>F1 of each class, with 95 % confidence intervals where there are any: {map} (circles) and {first} (diamonds).</source>
        <translation>F1 setiap kelas, dengan selang kepercayaan 95 % bila ada: {map} (lingkaran) dan {first} (belah ketupat).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/assessment_page.py"/>
        <location filename="../../core/reporting/training_page.py"/>
        <source>F1 of each class; the numbers are in the table above</source>
        <translation>F1 setiap kelas; angkanya ada dalam tabel di atas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>this model</source>
        <translation>model ini</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>fraction of the row</source>
        <translation>proporsi dalam baris</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>ideal</source>
        <translation>ideal</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>this model (calibration error {error:.3f})</source>
        <translation>model ini (galat kalibrasi {error:.3f})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>calibrated (calibration error {error:.3f})</source>
        <translation>terkalibrasi (galat kalibrasi {error:.3f})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>before calibration (calibration error {error:.3f})</source>
        <translation>sebelum kalibrasi (galat kalibrasi {error:.3f})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>probability of the predicted class</source>
        <translation>probabilitas kelas yang diprediksi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>{area} ha</source>
        <translation>{area} ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>hectares; bar: mapped, point: estimated, with its 95 % interval</source>
        <translation>hektare; batang: dipetakan, titik: diestimasi, dengan selang kepercayaan 95 %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <location filename="../../core/samples/split_design.py"/>
        <source>training</source>
        <translation>pelatihan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>best: epoch {number}</source>
        <translation>terbaik: epoch {number}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/charts.py"/>
        <source>epoch</source>
        <translation>epoch</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>checkpoint of PyTorch</source>
        <translation>checkpoint PyTorch</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>safetensors file</source>
        <translation>berkas safetensors</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>ONNX file</source>
        <translation>berkas ONNX</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>Values of {raster} as the network reads them, in standard deviations from the mean: 1st to 99th percentile, and median. Values of the training lie around 0, mostly from −3 to 3.</source>
        <translation>Nilai {raster} sebagaimana dibaca jaringan, dalam simpangan baku dari rata-rata: persentil ke-1 sampai ke-99, dan median. Nilai pelatihan terletak di sekitar 0, sebagian besar dari −3 sampai 3.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>Ranges of {count} bands after scaling</source>
        <translation>Rentang {count} band setelah penskalaan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/import_page.py"/>
        <source>standard deviations from the mean</source>
        <translation>simpangan baku dari rata-rata</translation>
    </message>
    <message>
        <location filename="../../core/reporting/map_figure.py"/>
        <source>Longitude (°)</source>
        <translation>Bujur (°)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/map_figure.py"/>
        <source>Latitude (°)</source>
        <translation>Lintang (°)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/map_figure.py"/>
        <source>Easting</source>
        <translation>Koordinat timur</translation>
    </message>
    <message>
        <location filename="../../core/reporting/map_figure.py"/>
        <source>Northing</source>
        <translation>Koordinat utara</translation>
    </message>
    <message>
        <location filename="../../core/reporting/map_figure.py"/>
        <source>{length:g} km</source>
        <translation>{length:g} km</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>It is an ensemble of {count} members, whose log-probabilities are added with weights from predictions of training samples that the members were not fitted to.</source>
        <translation>Model ini adalah ansambel {count} anggota, yang logaritma probabilitasnya dijumlahkan dengan bobot dari prediksi sampel latih yang tidak dipakai melatih anggotanya.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>It is an ensemble of {count} members, whose log-probabilities are added with a weight for each member and class, from predictions of training samples that the members were not fitted to.</source>
        <translation>Model ini adalah ansambel {count} anggota, yang logaritma probabilitasnya dijumlahkan dengan satu bobot untuk setiap anggota dan kelas, dari prediksi sampel latih yang tidak dipakai melatih anggotanya.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>It is an ensemble of {count} members, whose log-probabilities are averaged.</source>
        <translation>Model ini adalah ansambel {count} anggota, yang logaritma probabilitasnya dirata-ratakan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>It is an ensemble of {count} members, whose probabilities are averaged.</source>
        <translation>Model ini adalah ansambel {count} anggota, yang probabilitasnya dirata-ratakan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>Accuracy alone and change are of {count:,} samples that neither the members nor their weights were fitted to. The change is the overall accuracy of the ensemble with the member less that of an ensemble without it, in percentage points. Its intervals are paired: both ensembles have the same bootstrap samples of whole {cluster}s.</source>
        <translation>Akurasi sendirian dan perubahan berasal dari {count:,} sampel yang tidak dipakai melatih anggota maupun bobotnya. Perubahan adalah akurasi keseluruhan ansambel dengan anggota itu dikurangi akurasi ansambel tanpanya, dalam poin persentase. Selangnya berpasangan: kedua ansambel memakai sampel bootstrap yang sama dari {cluster} utuh.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>{member} has the weight {weight} in it. Alone, it classified {accuracy} % of held-out samples correctly.</source>
        <translation>{member} mempunyai bobot {weight} di dalamnya. Sendirian, ia mengklasifikasikan {accuracy} % sampel yang disisihkan dengan benar.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/member_content.py"/>
        <source>{member} does not improve it and is not used. Alone, it classified {accuracy} % of held-out samples correctly.</source>
        <translation>{member} tidak memperbaikinya dan tidak dipakai. Sendirian, ia mengklasifikasikan {accuracy} % sampel yang disisihkan dengan benar.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>January</source>
        <translation>Januari</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>February</source>
        <translation>Februari</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>March</source>
        <translation>Maret</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>April</source>
        <translation>April</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>May</source>
        <translation>Mei</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>June</source>
        <translation>Juni</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>July</source>
        <translation>Juli</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>August</source>
        <translation>Agustus</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>September</source>
        <translation>September</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>October</source>
        <translation>Oktober</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>November</source>
        <translation>November</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>December</source>
        <translation>Desember</translation>
    </message>
    <message>
        <location filename="../../core/reporting/page.py"/>
        <source>{day} {month} {year}, {hour:02}:{minute:02} UTC</source>
        <translation>{day} {month} {year}, pukul {hour:02}.{minute:02} UTC</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>Choose the report of &apos;Assess accuracy and area&apos; or of &apos;Train a land-cover model&apos;, or its JSON.</source>
        <translation>Pilih laporan dari &apos;Uji akurasi dan luas&apos; atau dari &apos;Latih model tutupan lahan&apos;, atau JSON-nya.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>The report’s figures cannot be read: {strerror}</source>
        <translation>Angka laporan tidak dapat dibaca: {strerror}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>They are in the file NAME.json next to the report NAME.html. Keep both files together.</source>
        <translation>Angkanya ada dalam berkas NAME.json di samping laporan NAME.html. Simpan kedua berkas itu bersama.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>The file is not a report</source>
        <translation>Berkas ini bukan laporan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>The file is a report of another kind</source>
        <translation>Berkas ini adalah laporan jenis lain</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>The report has no overall accuracy</source>
        <translation>Laporan tidak memiliki akurasi keseluruhan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/report_summary.py"/>
        <source>Choose another report.</source>
        <translation>Pilih laporan lain.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/sample_map.py"/>
        <source>column (pixels)</source>
        <translation>kolom (piksel)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/sample_map.py"/>
        <source>row (pixels)</source>
        <translation>baris (piksel)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <location filename="../../core/reporting/training_content.py"/>
        <source>blocks</source>
        <translation>blok</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_content.py"/>
        <source>field</source>
        <translation>kolom</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_content.py"/>
        <source>random</source>
        <translation>acak</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <source>never tested</source>
        <translation>tidak pernah diuji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <location filename="../../core/reporting/training_results.py"/>
        <source>saved model only</source>
        <translation>hanya model yang disimpan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The samples over the raster, coloured by their part in the training.</source>
        <translation>Sampel di atas raster, diwarnai menurut perannya dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The samples in rows and columns of the raster, coloured by their part in the training.</source>
        <translation>Sampel dalam baris dan kolom raster, diwarnai menurut perannya dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Map of {count:,} samples coloured by {parts}</source>
        <translation>Peta {count:,} sampel yang diwarnai menurut {parts}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The same samples over the raster, coloured by class.</source>
        <translation>Sampel yang sama di atas raster, diwarnai menurut kelas.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The same samples in rows and columns of the raster, coloured by class.</source>
        <translation>Sampel yang sama dalam baris dan kolom raster, diwarnai menurut kelas.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Map of {count:,} samples coloured by class</source>
        <translation>Peta {count:,} sampel yang diwarnai menurut kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Loss, accuracy and macro-F1 after each epoch, on the training samples as they were used (augmented, weighted or balanced where that was chosen) and on validation in natural proportions.</source>
        <translation>Loss, akurasi, dan F1 makro setelah setiap epoch, pada sampel latih sebagaimana dipakai (diaugmentasi, dibobot, atau diseimbangkan bila itu dipilih) dan pada validasi dalam proporsi alami.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Loss and accuracy after each epoch, on the training samples as they were used (augmented, weighted or balanced where that was chosen).</source>
        <translation>Loss dan akurasi setelah setiap epoch, pada sampel latih sebagaimana dipakai (diaugmentasi, dibobot, atau diseimbangkan bila itu dipilih).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>There is a line for each of the {count} folds.</source>
        <translation>Ada satu garis untuk masing-masing dari {count} fold.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The dotted line is epoch {number}, after which the training of the saved model ended.</source>
        <translation>Garis titik-titik adalah epoch {number}, yang setelahnya pelatihan model yang disimpan berakhir.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>The dotted line is epoch {number}, whose weights the model has.</source>
        <translation>Garis titik-titik adalah epoch {number}, yang bobotnya dimiliki model.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Learning curves of {count} epochs</source>
        <translation>Kurva pembelajaran {count} epoch</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Confusion matrix of the test: rows are reference classes, columns predicted classes; the colour is the fraction of the row.</source>
        <translation>Matriks konfusi dari uji: baris adalah kelas acuan, kolom adalah kelas prediksi; warna menunjukkan proporsi dalam baris.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>predicted class</source>
        <translation>kelas prediksi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>F1 of each class that the test has, with 95 % confidence intervals where there are any.</source>
        <translation>F1 setiap kelas yang ada dalam uji, dengan selang kepercayaan 95 % bila ada.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Reliability: accuracy of the test samples by the probability of their predicted class. On the dashed line, samples with a probability of 80 % are correct in 80 % of the cases; below it the model is overconfident. Large marks and the bars show where most samples are.</source>
        <translation>Keandalan: akurasi sampel uji menurut probabilitas kelas prediksinya. Pada garis putus-putus, sampel dengan probabilitas 80 % benar dalam 80 % kasus; di bawahnya model terlalu yakin. Tanda yang besar dan batang menunjukkan letak sebagian besar sampel.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_page.py"/>
        <source>Reliability diagram; expected calibration error {error:.3f}</source>
        <translation>Diagram keandalan; galat kalibrasi harapan {error:.3f}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>group</source>
        <translation>kelompok</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>the {side} × {side} pixels around it, and hardly from what lies farther away</source>
        <translation>{side} × {side} piksel di sekitarnya, dan hampir tidak dari yang lebih jauh</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>its own values</source>
        <translation>nilainya sendiri</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>the patch of {side} × {side} pixels around it</source>
        <translation>patch {side} × {side} piksel di sekitarnya</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>the squares around it, up to {side} pixels wide</source>
        <translation>bujur sangkar di sekitarnya, selebar hingga {side} piksel</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>a patch of {side} × {side} pixels around the nearest node of a grid</source>
        <translation>patch {side} × {side} piksel di sekitar simpul grid terdekat</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>the neighbourhoods around it, up to {side} × {side} pixels</source>
        <translation>ketetanggaan di sekitarnya, hingga {side} × {side} piksel</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>{others} and {last}</source>
        <translation>{others} dan {last}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <location filename="../../core/samples/split_design.py"/>
        <source>test</source>
        <translation>uji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <location filename="../../core/samples/split_design.py"/>
        <source>calibration</source>
        <translation>kalibrasi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_results.py"/>
        <source>fold {number}</source>
        <translation>fold {number}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The test samples are whole polygons (or points) that were not used in training. The figures describe the accuracy inside similar polygons of this scene.</source>
        <translation>Sampel uji adalah poligon (atau titik) utuh yang tidak dipakai dalam pelatihan. Angka-angkanya menggambarkan akurasi di dalam poligon serupa pada citra ini.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The test samples lie in whole square blocks that were not used in training. The figures describe the accuracy in the same scene at some distance from the training samples.</source>
        <translation>Sampel uji terletak dalam blok persegi utuh yang tidak dipakai dalam pelatihan. Angka-angkanya menggambarkan akurasi pada citra yang sama pada jarak tertentu dari sampel latih.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The test samples belong to whole groups of your field that were not used in training. The figures describe the accuracy in a new group.</source>
        <translation>Sampel uji berasal dari kelompok utuh pada kolom Anda yang tidak dipakai dalam pelatihan. Angka-angkanya menggambarkan akurasi pada kelompok baru.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The test samples were drawn at random and are neighbours of the training samples. The figures are therefore optimistic and do not describe the accuracy elsewhere.</source>
        <translation>Sampel uji ditarik secara acak dan bertetangga dengan sampel latih. Karena itu angka-angkanya terlalu optimistis dan tidak menggambarkan akurasi di tempat lain.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>They are not the accuracy of a map. Labels are usually placed where the class is obvious, so edges, mixed pixels and land cover without labels are missing here. For the accuracy and the areas of a map, compare it with an independent probability sample of reference points. The figures do not describe the accuracy in another scene, season or year.</source>
        <translation>Angka-angka itu bukan akurasi suatu peta. Label biasanya ditempatkan di tempat yang kelasnya jelas, sehingga tepi, piksel campuran, dan tutupan lahan tanpa label tidak terwakili di sini. Untuk akurasi dan luas suatu peta, bandingkan peta itu dengan sampel berpeluang titik acuan yang independen. Angka-angka itu tidak menggambarkan akurasi pada citra, musim, atau tahun yang lain.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>1 training sample</source>
        <translation>1 sampel latih</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{count:,} training samples</source>
        <translation>{count:,} sampel latih</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>1 test sample</source>
        <translation>1 sampel uji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{count:,} test samples</source>
        <translation>{count:,} sampel uji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The model ({architecture}) was trained to classify a pixel from {inputs}.</source>
        <translation>Model ({architecture}) dilatih untuk mengklasifikasikan piksel berdasarkan {inputs}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{count:,} labelled pixels of {classes} classes were used.</source>
        <translation>Digunakan {count:,} piksel berlabel dari {classes} kelas.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>No samples were held out for a test, so the accuracy of the model is not known.</source>
        <translation>Tidak ada sampel yang disisihkan untuk uji, jadi akurasi model tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{samples} from {clusters}</source>
        <translation>{samples} dari {clusters}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The model classified {accuracy} % of {samples} correctly{range}.</source>
        <translation>Model mengklasifikasikan {accuracy} % dari {samples} dengan benar{range}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>Each sample was tested by the model of its fold. These models classified {accuracy} % of {samples} correctly{range}.</source>
        <translation>Setiap sampel diuji oleh model dari fold-nya. Model-model ini mengklasifikasikan {accuracy} % dari {samples} dengan benar{range}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The model before the saved one classified {accuracy} % of {samples} correctly{range}.</source>
        <translation>Model sebelum model yang disimpan mengklasifikasikan {accuracy} % dari {samples} dengan benar{range}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The mean F1 of the classes, in which rare and common classes have the same weight, is {macro_f1}{range}.</source>
        <translation>Rata-rata F1 kelas-kelas, yang memberi bobot sama bagi kelas langka dan kelas umum, adalah {macro_f1}{range}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>A model ({architecture}) was trained with Deep Land Cover {version} to classify pixels from {inputs}, with {count:,} labelled pixels of {classes} classes and the seed {seed}.</source>
        <translation>Sebuah model ({architecture}) dilatih dengan Deep Land Cover {version} untuk mengklasifikasikan piksel berdasarkan {inputs}, dengan {count:,} piksel berlabel dari {classes} kelas dan benih acak {seed}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>On {count:,} held-out samples, overall accuracy was {accuracy} %{range} and the mean F1 of the classes {macro_f1}. This is not the accuracy of a map.</source>
        <translation>Pada {count:,} sampel yang disisihkan, akurasi keseluruhannya {accuracy} %{range} dan rata-rata F1 kelas-kelasnya {macro_f1}. Ini bukan akurasi suatu peta.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{accuracy} % of held-out {unit}s, not of the map</source>
        <translation>{accuracy} % dari {unit} yang disisihkan, bukan dari peta</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source> (95 % interval {low} to {high} %)</source>
        <translation> (selang 95 %: {low} sampai {high} %)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source> (95 % interval {low} to {high})</source>
        <translation> (selang 95 %: {low} sampai {high})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>There are no 95 % confidence intervals, because it is not known which samples belong together. Neighbouring pixels are correlated, and intervals that assume independence would be far too narrow.</source>
        <translation>Tidak ada selang kepercayaan 95 %, karena tidak diketahui sampel mana yang saling terkait. Piksel yang bertetangga berkorelasi, dan selang yang mengandaikan kebebasan akan jauh terlalu sempit.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>There are no 95 % confidence intervals, because the test samples come from only {clusters}; at least {least} are required.</source>
        <translation>Tidak ada selang kepercayaan 95 %, karena sampel uji hanya berasal dari {clusters}; diperlukan sedikitnya {least}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the {clusters} of the test are resampled with replacement (expanded percentiles).</source>
        <translation>Selang kepercayaan 95 % berasal dari {replicates:,} sampel bootstrap, dengan pengambilan sampel ulang {clusters} pada uji dengan pengembalian (persentil yang diperluas).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The 95 % confidence intervals come from {replicates:,} bootstrap samples, in which the {clusters} of the test are resampled with replacement (expanded percentiles), because pixels of one {cluster} are correlated.</source>
        <translation>Selang kepercayaan 95 % berasal dari {replicates:,} sampel bootstrap, dengan pengambilan sampel ulang {clusters} pada uji dengan pengembalian (persentil yang diperluas), karena piksel dari satu {cluster} berkorelasi.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The overall accuracy is the same as that of the baseline ({baseline})</source>
        <translation>Akurasi keseluruhannya sama dengan akurasi model pembanding ({baseline})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The overall accuracy is {points} points above that of the baseline ({baseline})</source>
        <translation>Akurasi keseluruhannya {points} poin di atas akurasi model pembanding ({baseline})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The overall accuracy is {points} points below that of the baseline ({baseline})</source>
        <translation>Akurasi keseluruhannya {points} poin di bawah akurasi model pembanding ({baseline})</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{head}, 95 % interval {ends} points</source>
        <translation>{head}, selang 95 %: {ends} poin</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{head}. The significance of the difference is not known, because it is not known which samples belong together.</source>
        <translation>{head}. Signifikansi perbedaannya tidak diketahui, karena tidak diketahui sampel mana yang saling terkait.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{head}: both classify the same test samples correctly.</source>
        <translation>{head}: keduanya mengklasifikasikan sampel uji yang sama dengan benar.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{head}. {first:,} test samples are correct only with this model, {second:,} only with the baseline; {test}.</source>
        <translation>{head}. {first:,} sampel uji hanya benar dengan model ini, {second:,} hanya dengan model pembanding; {test}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The difference is significant.</source>
        <translation>Perbedaannya signifikan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The difference is not significant: these test samples do not show that one model is better.</source>
        <translation>Perbedaannya tidak signifikan: sampel uji ini tidak menunjukkan bahwa salah satu model lebih baik.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>McNemar’s exact test over the independent points: {p}</source>
        <translation>uji eksak McNemar atas titik-titik yang saling bebas: {p}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>sign-flip test over {clusters}: {p} (McNemar’s test is not given, because it assumes that the pixels of one {cluster} are independent and would make any difference appear significant)</source>
        <translation>uji balik tanda atas {clusters}: {p} (uji McNemar tidak diberikan, karena uji itu menganggap piksel dari satu {cluster} saling bebas dan akan membuat perbedaan apa pun tampak signifikan)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The limits come from samples that are not in the test, and the calibration was fitted to the same samples, so the sets may be slightly too small. Both belong to the model before the saved one: the coverage of the saved one is close to the requested one where it is about as accurate.</source>
        <translation>Batas-batasnya berasal dari sampel di luar uji, dan kalibrasi dicocokkan pada sampel yang sama, sehingga himpunannya mungkin sedikit terlalu kecil. Keduanya milik model sebelum model yang disimpan: cakupan model yang disimpan mendekati cakupan yang diminta bila akurasinya kurang lebih sama.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The limits come from samples that are not in the test. The calibration was fitted to the same samples, so the sets may be slightly too small.</source>
        <translation>Batas-batasnya berasal dari sampel di luar uji. Kalibrasi dicocokkan pada sampel yang sama, sehingga himpunannya mungkin sedikit terlalu kecil.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The limits of each fold come from the other folds. Those of the saved model come from all folds, that is, from other models: its coverage is not guaranteed by a theorem. It is close to the requested one where the saved model is about as accurate as the models of the folds.</source>
        <translation>Batas-batas setiap fold berasal dari fold-fold yang lain. Batas-batas model yang disimpan berasal dari semua fold, yaitu dari model-model lain: cakupannya tidak dijamin oleh suatu teorema. Cakupannya mendekati cakupan yang diminta bila model yang disimpan kurang lebih seakurat model-model fold itu.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>A class has a limit of its own where it has enough samples from at least {count} {cluster}s.</source>
        <translation>Suatu kelas memiliki batasnya sendiri bila sampelnya cukup dan berasal dari sedikitnya {count} {cluster}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>Pixels of one {cluster} are correlated, so the coverage is an average over {cluster}s, not that of each; with few of them it may be lower than requested.</source>
        <translation>Piksel dari satu {cluster} berkorelasi, jadi cakupannya adalah rata-rata atas semua {cluster}, bukan cakupan masing-masing; bila jumlahnya sedikit, cakupan dapat lebih rendah daripada yang diminta.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The split is random: neighbouring pixels are in both training and test, so all figures here are optimistic. Train again with SPLIT=auto for reliable figures.</source>
        <translation>Pembagiannya acak: piksel yang bertetangga ada dalam pelatihan dan juga dalam uji, jadi semua angka di sini terlalu optimistis. Latih lagi dengan SPLIT=auto untuk memperoleh angka yang andal.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>There is no test, so the accuracy of the model is not known.</source>
        <translation>Tidak ada pengujian, jadi akurasi model tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>Classes trained on few {cluster}s, which may not show all their forms</source>
        <translation>Kelas yang dilatih dengan sedikit {cluster}, yang mungkin tidak menunjukkan semua bentuknya</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>Classes tested in few {cluster}s, whose figures may be quite different in others</source>
        <translation>Kelas yang diuji dalam sedikit {cluster}, yang angkanya dapat jauh berbeda pada yang lain</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>Rare classes, whose figures may be quite different with other samples</source>
        <translation>Kelas langka, yang angkanya dapat jauh berbeda dengan sampel lain</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{items}; and {count} more</source>
        <translation>{items}; dan {count} lagi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>{true_class} is often confused with {other}: {count:,} of {total:,} test samples ({fraction:.0%}).</source>
        <translation>{true_class} sering tertukar dengan {other}: {count:,} dari {total:,} sampel uji ({fraction:.0%}).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The accuracy is {points:.0f} points higher on the training samples ({training:.1%}) than on validation ({validation:.1%}): the model is overfitting. More samples from more locations help most.</source>
        <translation>Akurasi pada sampel latih ({training:.1%}) lebih tinggi {points:.0f} poin daripada pada validasi ({validation:.1%}): model mengalami overfitting. Yang paling membantu adalah lebih banyak sampel dari lebih banyak lokasi.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>The probabilities are {direction}, by {points:.0f} points on average. They do not show how often a class is correct.</source>
        <translation>Probabilitas {direction}, rata-rata sebesar {points:.0f} poin. Probabilitas itu tidak menunjukkan seberapa sering suatu kelas benar.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>too high</source>
        <translation>terlalu tinggi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/training_sentences.py"/>
        <source>too low</source>
        <translation>terlalu rendah</translation>
    </message>
    <message>
        <location filename="../../core/requests/assess.py"/>
        <source>The reference must be a vector layer or a raster</source>
        <translation>Acuan harus berupa layer vektor atau raster</translation>
    </message>
    <message>
        <location filename="../../core/requests/assess.py"/>
        <source>Choose one of them.</source>
        <translation>Pilih salah satu.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>STRIDE must be 1 or more (got {value})</source>
        <translation>STRIDE harus 1 atau lebih (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use 1 to classify every pixel.</source>
        <translation>Gunakan 1 untuk mengklasifikasikan setiap piksel.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>MIN_VALID must be between 0 and 1 (got {value:g})</source>
        <translation>MIN_VALID harus antara 0 dan 1 (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use a fraction of a patch, such as 0.5.</source>
        <translation>Gunakan proporsi patch, misalnya 0.5.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>BATCH_SIZE must be 0 or more (got {value})</source>
        <translation>BATCH_SIZE harus 0 atau lebih (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use 0 to select it automatically.</source>
        <translation>Gunakan 0 agar dipilih secara otomatis.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>PRECISION=int8 does not give reliable probabilities</source>
        <translation>PRECISION=int8 tidak memberikan probabilitas yang andal</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use another PRECISION, or switch TTA off and write only the map.</source>
        <translation>Pilih PRECISION lain, atau tinggalkan TTA dan semua keluaran kecuali peta.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>MC_SAMPLES adds a band to the uncertainty raster, but UNCERTAINTY is empty</source>
        <translation>MC_SAMPLES menambahkan band pada raster ketidakpastian, tetapi UNCERTAINTY kosong</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Give a file name for UNCERTAINTY, or set MC_SAMPLES to 0.</source>
        <translation>Namai raster untuk UNCERTAINTY, atau tetapkan MC_SAMPLES ke 0.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>MC_SAMPLES must be 0, or between 2 and {maximum} (got {value})</source>
        <translation>MC_SAMPLES harus 0, atau antara 2 dan {maximum} (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use 0 to leave Monte Carlo dropout out.</source>
        <translation>Gunakan 0 untuk tidak memakai Monte Carlo dropout.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Prediction sets and test-time augmentation cannot be combined</source>
        <translation>Himpunan prediksi dan augmentasi saat pengujian tidak dapat digabungkan</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Leave PREDICTION_SETS empty, or switch TTA off.</source>
        <translation>Kosongkan PREDICTION_SETS, atau matikan TTA.</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>COVERAGE must be between {minimum:g} and {maximum:g} (got {value:g})</source>
        <translation>COVERAGE harus antara {minimum:g} dan {maximum:g} (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/classify.py"/>
        <source>Use a fraction of the pixels, such as 0.9.</source>
        <translation>Gunakan proporsi piksel, misalnya 0.9.</translation>
    </message>
    <message>
        <location filename="../../core/requests/common.py"/>
        <source>{value!r} is not a value of {parameter}</source>
        <translation>{value!r} bukan nilai {parameter}</translation>
    </message>
    <message>
        <location filename="../../core/requests/common.py"/>
        <source>The reference is the map itself, which says nothing about its accuracy</source>
        <translation>Acuannya adalah peta itu sendiri, yang tidak mengatakan apa pun tentang akurasinya</translation>
    </message>
    <message>
        <location filename="../../core/requests/common.py"/>
        <source>Choose points, polygons or a raster that are independent of the map.</source>
        <translation>Pilih titik, poligon, atau raster yang independen dari peta.</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>PATCH_SIZE must be between 1 and {limit}, or 0 for automatic (got {size})</source>
        <translation>PATCH_SIZE harus antara 1 dan {limit}, atau 0 untuk otomatis (diberikan {size})</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>Give the side of the patches of the training, in pixels.</source>
        <translation>Berikan sisi patch dalam pelatihan, dalam piksel.</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>MEAN and STD must be given together</source>
        <translation>MEAN dan STD harus diberikan bersama</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>Give both as in the training, or neither.</source>
        <translation>Berikan keduanya seperti dalam pelatihan, atau jangan keduanya.</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>STD must be above 0 (got {value:g})</source>
        <translation>STD harus di atas 0 (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>Give the standard deviation of each band.</source>
        <translation>Berikan simpangan baku setiap band.</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>DIVISOR must be above 0 (got {value:g})</source>
        <translation>DIVISOR harus di atas 0 (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/importmodel.py"/>
        <source>Give the number that band values were divided by in the training; 1 for none.</source>
        <translation>Berikan bilangan pembagi nilai band dalam pelatihan; 1 bila tidak ada.</translation>
    </message>
    <message>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>{value!r} is not an allocation</source>
        <translation>{value!r} bukan alokasi</translation>
    </message>
    <message>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>SIZE and MIN_PER_CLASS must be 0 or more</source>
        <translation>SIZE dan MIN_PER_CLASS harus 0 atau lebih</translation>
    </message>
    <message>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>Use 0 or more.</source>
        <translation>Gunakan 0 atau lebih.</translation>
    </message>
    <message>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>TARGET_ERROR must be between 0 and 0.5 (got {value:g})</source>
        <translation>TARGET_ERROR harus antara 0 dan 0.5 (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/samplingdesign.py"/>
        <source>Use a standard error such as 0.02, or give SIZE.</source>
        <translation>Gunakan galat baku seperti 0.02, atau berikan SIZE.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{architecture} has no members</source>
        <translation>{architecture} tidak mempunyai anggota</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Use ARCHITECTURE=ensemble, with the architecture in MEMBERS.</source>
        <translation>Pakailah ARCHITECTURE=ensemble, dengan arsitektur itu dalam MEMBERS.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>PYRAMID must have odd numbers from 1 to {max_scale}, separated by commas (got {value!r})</source>
        <translation>PYRAMID harus berisi bilangan ganjil dari 1 sampai {max_scale}, dipisahkan dengan koma (diberikan {value!r})</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Use 1,3 for example, or auto.</source>
        <translation>Gunakan misalnya 1,3, atau auto.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Neither samples nor a label raster are given</source>
        <translation>Tidak ada sampel maupun raster label yang diberikan</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Choose a layer of polygons or points, or a label raster, or both.</source>
        <translation>Pilih layer poligon atau titik, atau raster label, atau keduanya.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{architecture} cannot be trained, only imported</source>
        <translation>{architecture} tidak dapat dilatih, hanya dapat diimpor</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Choose another architecture.</source>
        <translation>Pilih arsitektur lain.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>PATCH_SIZE must be a multiple of {multiple} for {architecture} (got {value})</source>
        <translation>PATCH_SIZE harus kelipatan {multiple} untuk {architecture} (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Use 128 or 256.</source>
        <translation>Gunakan 128 atau 256.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>PATCH_SIZE must be between {minimum} and {maximum} for {architecture} (got {value})</source>
        <translation>PATCH_SIZE harus antara {minimum} dan {maximum} untuk {architecture} (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Change it, or leave it empty for the default.</source>
        <translation>Ubah nilainya, atau kosongkan untuk nilai bawaan.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{architecture} does not use initial weights</source>
        <translation>{architecture} tidak menggunakan bobot awal</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Choose a network, or use WEIGHTS=none and leave WEIGHTS_FILE empty.</source>
        <translation>Pilih jaringan, atau gunakan WEIGHTS=none dan kosongkan WEIGHTS_FILE.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <location filename="../../core/training/start_weights.py"/>
        <source>There are no weights {weights} for {architecture}</source>
        <translation>Tidak ada bobot {weights} untuk {architecture}</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>They are for {networks}. For {architecture} choose one of: {choices}.</source>
        <translation>Bobot itu untuk {networks}. Untuk {architecture} pilih salah satu dari: {choices}.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <location filename="../../core/training/combination.py"/>
        <source>An ensemble cannot be a member of an ensemble</source>
        <translation>Ansambel tidak dapat menjadi anggota ansambel</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Name its members instead.</source>
        <translation>Sebutkan anggotanya sebagai gantinya.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{name} is a member more than once</source>
        <translation>{name} menjadi anggota lebih dari sekali</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Name each member once. SNAPSHOTS gives several members of a network.</source>
        <translation>Sebutkan setiap anggota satu kali. SNAPSHOTS memberi beberapa anggota dari satu jaringan.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>SNAPSHOTS is for networks, and the ensemble has none that is trained</source>
        <translation>SNAPSHOTS berlaku untuk jaringan, dan ansambel ini tidak mempunyai jaringan yang dilatih</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Add a network to MEMBERS, or use SNAPSHOTS=1.</source>
        <translation>Tambahkan jaringan ke MEMBERS, atau pakailah SNAPSHOTS=1.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>An ensemble needs at least two members</source>
        <translation>Ansambel memerlukan setidaknya dua anggota</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>Choose another member or, for a network, more snapshots.</source>
        <translation>Pilihlah anggota lain atau, untuk jaringan, lebih banyak cuplikan.</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{parameter} must be between {minimum:g} and {maximum:g} (got {value:g})</source>
        <translation>{parameter} harus antara {minimum:g} dan {maximum:g} (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/requests/train.py"/>
        <source>{parameter} must be {minimum:g} or more (got {value:g})</source>
        <translation>{parameter} harus {minimum:g} atau lebih (diberikan {value:g})</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>label raster</source>
        <translation>raster label</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>The classes of the label raster have other values than those of the polygons; they are matched by name: {classes}.</source>
        <translation>Kelas raster label memiliki nilai lain daripada kelas poligon; kelas-kelas itu dicocokkan menurut nama: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>{count:,} pixels with labels of different classes are dropped: {classes}.</source>
        <translation>{count:,} piksel dengan label dari kelas berbeda dibuang: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>None of the {count:,} labelled features lies in the raster</source>
        <translation>Tidak ada dari {count:,} fitur berlabel yang terletak di dalam raster</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>Check that both cover the same area and have the right coordinate reference system.</source>
        <translation>Periksa apakah keduanya mencakup wilayah yang sama dan sistem referensi koordinatnya benar.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>{count:,} of {total:,} labelled features lie outside the raster: {classes}.</source>
        <translation>{count:,} dari {total:,} fitur berlabel terletak di luar raster: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>Class {label} is large: {fraction:.2%} of its pixels are drawn.</source>
        <translation>Kelas {label} besar: {fraction:.2%} dari pikselnya ditarik.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>{count:,} polygons contain no pixel centre and label all pixels that they touch.</source>
        <translation>{count:,} poligon tidak memuat pusat piksel dan melabeli semua piksel yang disentuhnya.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>The label raster has {count} bands. Only the first is used.</source>
        <translation>Raster label memiliki {count} band. Hanya yang pertama yang digunakan.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>The label raster {raster} is a picture of colours (bands red, green and blue). Its first band holds the brightness of red, not classes. Use a raster with one class value per pixel.</source>
        <translation>Raster label {raster} adalah gambar berwarna (band merah, hijau, dan biru). Band pertamanya berisi kecerahan merah, bukan kelas. Gunakan raster dengan satu nilai kelas per piksel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>{fraction:.1%} of the pixels of the label raster {raster} have the value {value}, which often means that a pixel has no label. It is trained as a class. If it means no label, set UNLABELLED={value}.</source>
        <translation>{fraction:.1%} piksel raster label {raster} memiliki nilai {value}, yang sering berarti bahwa piksel tidak memiliki label. Nilai itu dilatih sebagai kelas. Bila artinya tanpa label, tetapkan UNLABELLED={value}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>Reading the labels</source>
        <translation>Membaca label</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>The label raster has no labelled pixels within the input raster</source>
        <translation>Raster label tidak memiliki piksel berlabel di tempat raster masukan berada</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>Check that both cover the same area, the nodata value of the label raster, and UNLABELLED.</source>
        <translation>Periksa apakah keduanya meliputi wilayah yang sama, nilai nodata raster label, dan UNLABELLED.</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <location filename="../../core/samples/vector.py"/>
        <source>Class values must be between -{max_value} and {max_value} (got {value})</source>
        <translation>Nilai kelas harus antara -{max_value} dan {max_value} (diberikan {value})</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>There are no samples</source>
        <translation>Tidak ada sampel</translation>
    </message>
    <message>
        <location filename="../../core/samples/label_sources.py"/>
        <source>Choose a layer of polygons or points, or a label raster.</source>
        <translation>Pilih layer poligon atau titik, atau raster label.</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>The pixels around {count:,} samples do not fit into memory</source>
        <translation>Piksel di sekeliling {count:,} sampel tidak muat di dalam memori</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>Reduce MAX_PER_CLASS, or use smaller patches.</source>
        <translation>Turunkan MAX_PER_CLASS, atau gunakan patch yang lebih kecil.</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>The pixels around {count:,} samples take {size} of memory ({pixels:,} pixels of {bands} bands).</source>
        <translation>Piksel di sekeliling {count:,} sampel memerlukan {size} memori ({pixels:,} piksel dengan {bands} band).</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>Reading the raster under the samples</source>
        <translation>Membaca raster di bawah sampel</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>{size:.1f} GB</source>
        <translation>{size:.1f} GB</translation>
    </message>
    <message>
        <location filename="../../core/samples/patch_store.py"/>
        <source>{size:.0f} MB</source>
        <translation>{size:.0f} MB</translation>
    </message>
    <message>
        <location filename="../../core/samples/samples.py"/>
        <source>The samples must have at least two classes (got one: {name})</source>
        <translation>Sampel harus memiliki sedikitnya dua kelas (hanya satu: {name})</translation>
    </message>
    <message>
        <location filename="../../core/samples/samples.py"/>
        <source>Digitize samples of a second class, or choose the field that holds the class.</source>
        <translation>Gambar sampel dari kelas kedua, atau pilih kolom yang berisi kelas.</translation>
    </message>
    <message>
        <location filename="../../core/samples/samples.py"/>
        <source>Class {label} has fewer than two samples</source>
        <translation>Kelas {label} memiliki kurang dari dua sampel</translation>
    </message>
    <message>
        <location filename="../../core/samples/samples.py"/>
        <location filename="../../core/samples/skipped.py"/>
        <source>Digitize more samples of this class, or leave it out.</source>
        <translation>Gambar lebih banyak sampelnya, atau tinggalkan kelas itu.</translation>
    </message>
    <message>
        <location filename="../../core/samples/samples.py"/>
        <source>Names of classes hold the replacement character (U+FFFD), so letters are lost: {names}. Their file was read in a wrong encoding. Set it in Layer Properties &gt; Source, and train again.</source>
        <translation>Nama kelas memuat karakter pengganti (U+FFFD), jadi ada huruf yang hilang: {names}. Berkasnya dibaca dengan pengodean yang salah. Tetapkan di Layer Properties &gt; Source, lalu latih lagi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} features without geometry</source>
        <translation>{count:,} fitur tanpa geometri</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} features that are neither polygon nor point</source>
        <translation>{count:,} fitur yang bukan poligon maupun titik</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} features, each of which {problem}</source>
        <translation>{count:,} fitur, yang masing-masing {problem}</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} features outside the raster</source>
        <translation>{count:,} fitur di luar raster</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} features that cover no pixel</source>
        <translation>{count:,} fitur yang tidak menutupi satu piksel pun</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} pixels with labels of different classes</source>
        <translation>{count:,} piksel dengan label dari kelas berbeda</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} pixels without a value in {bands}</source>
        <translation>{count:,} piksel tanpa nilai pada {bands}</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} pixels with less than half of their patch valid</source>
        <translation>{count:,} piksel yang kurang dari separuh patchnya valid</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>Bands that are nodata at all samples are left out: {channels}.</source>
        <translation>Band yang nodata pada semua sampel tidak disertakan: {channels}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} samples with less than half of their patch valid are dropped, because the map would be nodata there: {classes}.</source>
        <translation>{count:,} sampel dengan kurang dari setengah patch yang valid dibuang, karena peta akan nodata di sana: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>{count:,} samples on pixels without valid values in all bands are dropped, because the map would be nodata there: {classes}. Most often a value is missing in {bands}.</source>
        <translation>{count:,} sampel pada piksel tanpa nilai valid dalam semua band dibuang, karena peta akan nodata di sana: {classes}. Paling sering nilai tidak ada dalam {bands}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>Fewer than two classes have usable labels: {reasons}</source>
        <translation>Kurang dari dua kelas memiliki label yang dapat digunakan: {reasons}</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>Check that raster and labels cover the same area, the nodata values and the classes.</source>
        <translation>Periksa apakah raster dan label meliputi wilayah yang sama, nilai nodata, dan kelas-kelasnya.</translation>
    </message>
    <message>
        <location filename="../../core/samples/skipped.py"/>
        <source>Class {label} has fewer than two samples, because these are left out: {reasons}</source>
        <translation>Kelas {label} memiliki kurang dari dua sampel, karena yang berikut tidak disertakan: {reasons}</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>The figures are those of a model that was trained on {count:,} samples, before the saved one; the saved model was not tested itself.</source>
        <translation>Angka-angka ini berasal dari model yang dilatih pada {count:,} sampel sebelum model yang disimpan; model yang disimpan sendiri tidak diuji.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>The saved model uses all {count:,} samples.</source>
        <translation>Model yang disimpan memakai semua {count:,} sampel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>The saved model uses {count:,} of {total:,} samples: those that the split field names for validation or test, or drops, are not used.</source>
        <translation>Model yang disimpan memakai {count:,} dari {total:,} sampel: sampel yang oleh kolom pembagian ditetapkan untuk validasi atau uji, atau dibuang, tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>The saved model uses {count:,} of {total:,} samples, at most {limit:,} of a class (MAX_PER_CLASS).</source>
        <translation>Model yang disimpan memakai {count:,} dari {total:,} sampel, paling banyak {limit:,} per kelas (MAX_PER_CLASS).</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>{count:,} samples for {use}: {classes}.</source>
        <translation>{count:,} sampel untuk {use}: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>training of the saved model</source>
        <translation>pelatihan model yang disimpan</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>test in the folds together</source>
        <translation>uji dalam semua fold bersama</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Fold {number}: {train:,} samples for training, {test:,} for test.</source>
        <translation>Fold {number}: {train:,} sampel untuk pelatihan, {test:,} untuk uji.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Fold {number}: {train:,} samples for training, {validation:,} for validation, {test:,} for test.</source>
        <translation>Fold {number}: {train:,} sampel untuk pelatihan, {validation:,} untuk validasi, {test:,} untuk uji.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>SPLIT must be one of {choices} (got {name!r})</source>
        <translation>SPLIT harus salah satu dari {choices} (diberikan {name!r})</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Choose one of these methods.</source>
        <translation>Pilih salah satu metode ini.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>a single split</source>
        <translation>satu pembagian</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>FOLDS is {folds}, but the groups of samples suffice for {possible}.</source>
        <translation>FOLDS adalah {folds}, tetapi kelompok sampel hanya cukup untuk {possible}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source> in fold {number}</source>
        <translation> dalam fold {number}</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>No training samples{fold} of: {classes}; the model cannot predict these classes.</source>
        <translation>Tidak ada sampel latih{fold} untuk: {classes}; model tidak dapat memprediksi kelas-kelas ini.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>No samples could be held out for a test; the accuracy is not known.</source>
        <translation>Tidak ada sampel yang dapat disisihkan untuk uji; akurasinya tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>No test samples could be held out of: {classes}; their accuracy is not known.</source>
        <translation>Tidak ada sampel uji yang dapat disisihkan dari: {classes}; akurasinya tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>No samples could be held out for validation{fold}; training samples select the epoch.</source>
        <translation>Tidak ada sampel yang dapat disisihkan untuk validasi{fold}; sampel latih yang memilih epoch.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>No samples could be held out to calibrate probabilities.</source>
        <translation>Tidak ada sampel yang dapat disisihkan untuk mengalibrasi probabilitas.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>BUFFER is {buffer} pixels, less than the window of {window} pixels that the model uses: training and test overlap at their borders, and the accuracy is optimistic.</source>
        <translation>BUFFER adalah {buffer} piksel, kurang dari jendela {window} piksel yang digunakan model: pelatihan dan uji bertumpang tindih di batasnya, dan akurasinya optimistis.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Validation may lie next to the test for: {classes}.</source>
        <translation>Validasi mungkin terletak di sebelah uji untuk: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Training may lie next to validation for: {classes}; the choice of the epoch is optimistic there.</source>
        <translation>Pelatihan mungkin terletak di sebelah validasi untuk: {classes}; pemilihan epoch di sana optimistis.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Training may lie next to validation for: {classes}; the calibration is optimistic there.</source>
        <translation>Pelatihan mungkin terletak di sebelah validasi untuk: {classes}; kalibrasi di sana optimistis.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_design.py"/>
        <source>Training may lie next to the test for: {classes}; their accuracy is likely overestimated.</source>
        <translation>Pelatihan mungkin terletak di sebelah uji untuk: {classes}; akurasinya kemungkinan terlalu tinggi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Patches of training and test overlap, so the accuracy is optimistic and does not apply to other areas.</source>
        <translation>Patch pelatihan dan uji bertumpang tindih, jadi akurasinya optimistis dan tidak berlaku untuk wilayah lain.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Samples were split at random, pixel by pixel.</source>
        <translation>Sampel dibagi secara acak, piksel demi piksel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>There are {count} folds: each was tested once, by a model of its own that was trained and validated on the others.</source>
        <translation>Ada {count} fold: masing-masing diuji satu kali, oleh modelnya sendiri yang dilatih dan divalidasi pada fold lainnya.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>There are {count} folds: each was tested once, by a model of its own that was trained on the others.</source>
        <translation>Ada {count} fold: masing-masing diuji satu kali, oleh modelnya sendiri yang dilatih pada fold lainnya.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Training, validation and test lie at least {distance} pixels apart in rows or columns, but for classes named below.</source>
        <translation>Pelatihan, validasi, dan uji terletak sedikitnya {distance} piksel terpisah menurut baris atau kolom, kecuali untuk kelas yang disebutkan di bawah.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Training, validation and test lie at least {distance} pixels apart in rows or columns.</source>
        <translation>Pelatihan, validasi, dan uji terletak sedikitnya {distance} piksel terpisah menurut baris atau kolom.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Training and test lie at least {distance} pixels apart in rows or columns, but for classes named below.</source>
        <translation>Pelatihan dan uji terletak sedikitnya {distance} piksel terpisah menurut baris atau kolom, kecuali untuk kelas yang disebutkan di bawah.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Training and test lie at least {distance} pixels apart in rows or columns.</source>
        <translation>Pelatihan dan uji terletak sedikitnya {distance} piksel terpisah menurut baris atau kolom.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>To keep this distance, {count:,} samples per fold were left out.</source>
        <translation>Untuk menjaga jarak ini, {count:,} sampel per fold ditinggalkan.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>To keep this distance, {count:,} samples were left out.</source>
        <translation>Untuk menjaga jarak ini, {count:,} sampel ditinggalkan.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The figures are those of the folds&apos; tests together; the saved model was trained on the samples of all folds afterwards, and was not tested itself.</source>
        <translation>Angka-angkanya adalah angka uji semua fold bersama; model yang disimpan dilatih sesudahnya pada sampel semua fold, dan tidak diuji sendiri.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Each point is on one side.</source>
        <translation>Setiap titik berada di satu sisi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Each polygon is wholly on one side.</source>
        <translation>Setiap poligon seutuhnya berada di satu sisi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The gap between whole polygons or points would take too many samples.</source>
        <translation>Jarak pemisah antara poligon atau titik utuh akan menghabiskan terlalu banyak sampel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Each spatial block of {side} pixels is wholly on one side{reason}.</source>
        <translation>Setiap blok spasial {side} piksel seutuhnya berada di satu sisi{reason}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The labels are a raster, which has no polygons.</source>
        <translation>Labelnya raster, yang tidak memiliki poligon.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Class {label} has fewer than three polygons or points.</source>
        <translation>Kelas {label} memiliki kurang dari tiga poligon atau titik.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>three times the model&apos;s window of {window}</source>
        <translation>tiga kali jendela model sebesar {window}</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>the distance over which labels are correlated</source>
        <translation>jarak korelasi label</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>{times}; the distance over which labels are correlated is unknown</source>
        <translation>{times}; jarak korelasi label tidak diketahui</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>{times}; labels are correlated over {distance}</source>
        <translation>{times}; label berkorelasi sampai jarak {distance}</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>not {widest}, {reason}, because such blocks would be too few or leave too few samples</source>
        <translation>bukan {widest}, {reason}, karena blok seperti itu terlalu sedikit atau menyisakan terlalu sedikit sampel</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The split by field needs a field of the sample layer</source>
        <translation>Pembagian menurut kolom memerlukan suatu kolom dari layer sampel</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Choose the field, or another SPLIT.</source>
        <translation>Pilih kolom itu, atau SPLIT lain.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>No sample has a value in the split field</source>
        <translation>Tidak ada sampel yang memiliki nilai dalam kolom pembagian</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Choose another field.</source>
        <translation>Pilih kolom lain.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>{count:,} samples without a value in the split field are not used.</source>
        <translation>{count:,} sampel tanpa nilai dalam kolom pembagian tidak digunakan.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The split field holds {value!r} as well as {word!r}</source>
        <translation>Kolom pembagian berisi {value!r} di samping {word!r}</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Use only train, validation, test and dropped, or only names of groups.</source>
        <translation>Gunakan hanya train, validation, test, dan dropped, atau hanya nama kelompok.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>All samples with one of the split field&apos;s {count:,} values are on one side.</source>
        <translation>Semua sampel dengan satu dari {count:,} nilai kolom pembagian berada di satu sisi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The values of the split field name different numbers of folds</source>
        <translation>Nilai-nilai kolom pembagian menyebut jumlah fold yang berbeda</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Give each sample one word per fold.</source>
        <translation>Berikan setiap sampel satu kata per fold.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>FOLDS is {folds}, but the split field names the parts of one split</source>
        <translation>FOLDS adalah {folds}, tetapi kolom pembagian menyebut bagian-bagian dari satu pembagian</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>FOLDS is {folds}, but the split field names the parts of {field_folds} folds</source>
        <translation>FOLDS adalah {folds}, tetapi kolom pembagian menyebut bagian-bagian dari {field_folds} fold</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Set FOLDS to auto, or choose a field whose values are groups.</source>
        <translation>Tetapkan FOLDS ke auto, atau pilih kolom yang nilainya berupa kelompok.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The split field defines which samples train, validate and test.</source>
        <translation>Kolom pembagian menyatakan sampel mana yang melatih, memvalidasi, dan menguji.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The split field defines which samples train and test.</source>
        <translation>Kolom pembagian menyatakan sampel mana yang melatih dan menguji.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Samples for validation train, too: with folds, this model does not need them for selection or calibration.</source>
        <translation>Sampel untuk validasi juga ikut melatih: dengan fold, model ini tidak memerlukannya untuk pemilihan atau kalibrasi.</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>The split field has no training samples</source>
        <translation>Kolom pembagian tidak memiliki sampel latih</translation>
    </message>
    <message>
        <location filename="../../core/samples/split_search.py"/>
        <source>Give some samples the value train.</source>
        <translation>Berikan nilai train pada sebagian sampel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/training_pixels.py"/>
        <source>It is not known whether the reference overlaps the training samples of {map}: the map does not name them, because an earlier version or another program made it or changed it.</source>
        <translation>Tidak diketahui apakah acuan bertumpang tindih dengan sampel latih {map}: peta tidak menyebutkannya, karena dibuat atau diubah oleh versi terdahulu atau program lain.</translation>
    </message>
    <message>
        <location filename="../../core/samples/training_pixels.py"/>
        <source>{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}. They are part of the sample of the whole map, so the figures are not too high because of them.</source>
        <translation>{shared:,} dari {checked:,} {unit} acuan terletak pada piksel latih {map}. Semuanya bagian dari sampel seluruh peta, jadi angka-angkanya tidak menjadi terlalu tinggi karenanya.</translation>
    </message>
    <message>
        <location filename="../../core/samples/training_pixels.py"/>
        <source>{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}.</source>
        <translation>{shared:,} dari {checked:,} {unit} acuan terletak pada piksel latih {map}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/training_pixels.py"/>
        <source>{shared:,} of {checked:,} reference {unit}s lie on training pixels of {map}, so its figures are too high. Use a reference that is independent of the training samples, such as points of Sampling design.</source>
        <translation>{shared:,} dari {checked:,} {unit} acuan terletak pada piksel latih {map}, jadi angka-angkanya terlalu tinggi. Gunakan acuan yang bebas dari sampel latih, misalnya titik dari Rancangan pengambilan sampel.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>{count:,} features without geometry are skipped: {classes}.</source>
        <translation>{count:,} fitur tanpa geometri dilewati: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>{count:,} features that are neither polygon nor point are skipped: {classes}.</source>
        <translation>{count:,} fitur yang bukan poligon maupun titik dilewati: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>{count:,} features without geometry are skipped.</source>
        <translation>{count:,} fitur tanpa geometri dilewati.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>{count:,} features that are neither polygon nor point are skipped.</source>
        <translation>{count:,} fitur yang bukan poligon maupun titik dilewati.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>The samples contain no polygon or point with a class</source>
        <translation>Sampel tidak berisi poligon atau titik yang memiliki kelas</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Choose a layer of polygons or points and the field that holds the class.</source>
        <translation>Pilih layer poligon atau titik dan kolom yang berisi kelas.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>{count:,} features without a class are skipped.</source>
        <translation>{count:,} fitur tanpa kelas dilewati.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>The samples cannot be read: {reason}</source>
        <translation>Sampel tidak dapat dibaca: {reason}</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>The samples are not JSON lines: {error}</source>
        <translation>Sampel bukan baris-baris JSON: {error}</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Write one object per line, with geometry, class, name and group.</source>
        <translation>Tulis satu objek per baris, dengan geometry, class, name, dan group.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>The class of feature {number} must be a whole number or text (got {value!r})</source>
        <translation>Kelas fitur {number} harus bilangan bulat atau teks (diberikan {value!r})</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Choose the field that holds the class.</source>
        <translation>Pilih kolom yang berisi kelas.</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Some features have text as their class, such as {text!r}, but the label raster has numbers</source>
        <translation>Sebagian fitur berkelas teks, seperti {text!r}, tetapi raster label berisi bilangan</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Some features have text as their class, such as {text!r}, but others have numbers such as {number}</source>
        <translation>Sebagian fitur memiliki teks sebagai kelas, seperti {text!r}, tetapi yang lain memiliki bilangan seperti {number}</translation>
    </message>
    <message>
        <location filename="../../core/samples/vector.py"/>
        <source>Choose a class field that holds numbers, or text, in all features.</source>
        <translation>Pilih kolom kelas yang berisi bilangan, atau teks, pada semua fitur.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/assess.py"/>
        <source>features of the reference without a class or a geometry, or of the training</source>
        <translation>fitur acuan tanpa kelas atau geometri, atau dari pelatihan</translation>
    </message>
    <message>
        <location filename="../../core/tasks/assess.py"/>
        <location filename="../../core/tasks/compare.py"/>
        <location filename="../../core/tasks/importmodel.py"/>
        <location filename="../../core/tasks/train.py"/>
        <source>Writing the report</source>
        <translation>Menulis laporan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <location filename="../../core/tasks/assess.py"/>
        <source>Not compared: {units}: {count:,}.</source>
        <translation>Tidak dibandingkan: {units}: {count:,}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/check.py"/>
        <source>Running a kernel on the device</source>
        <translation>Menjalankan kernel pada perangkat</translation>
    </message>
    <message>
        <location filename="../../core/tasks/check.py"/>
        <source>CUDA of torch</source>
        <translation>CUDA dari torch</translation>
    </message>
    <message>
        <location filename="../../core/tasks/check.py"/>
        <source>GDAL of rasterio</source>
        <translation>GDAL dari rasterio</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>The model needs the padding {padding!r}, which this version does not support</source>
        <translation>Model meminta padding {padding!r}, yang tidak dikenal versi ini</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>DECISION=balanced has no effect: the model has no decision rule for balanced classes, because it is from an older version, or no rule improved the held-out samples.</source>
        <translation>DECISION=balanced tidak berpengaruh: model tidak memiliki aturan keputusan untuk kelas seimbang, karena berasal dari versi lama, atau tidak ada aturan yang memperbaiki sampel yang disisihkan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>; {fraction:.0%} of the time was spent outside the model</source>
        <translation>; {fraction:.0%} waktu dihabiskan di luar model</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>Classified 1 patch in {seconds:.1f} s ({rate:,.0f} patches/s{waiting}).</source>
        <translation>Mengklasifikasikan 1 patch dalam {seconds:.1f} s ({rate:,.0f} patch/s{waiting}).</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>Classified {count:,} patches in {seconds:.1f} s ({rate:,.0f} patches/s{waiting}).</source>
        <translation>Mengklasifikasikan {count:,} patch dalam {seconds:.1f} s ({rate:,.0f} patch/s{waiting}).</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>A raster is on the network, where changes are not detected. This run cannot be resumed if it is interrupted.</source>
        <translation>Sebuah raster berada di jaringan, sehingga perubahannya tidak terdeteksi. Proses ini tidak dapat dilanjutkan bila terputus.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>no: the device&apos;s memory was full, so the batch size was halved in mid-run</source>
        <translation>tidak: memori perangkat penuh, sehingga ukuran batch dikurangi setengahnya di tengah proses</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>the model</source>
        <translation>model</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>an input file</source>
        <translation>suatu berkas masukan</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>the mask</source>
        <translation>mask</translation>
    </message>
    <message>
        <location filename="../../core/tasks/classify.py"/>
        <source>what is written</source>
        <translation>apa yang ditulis</translation>
    </message>
    <message>
        <location filename="../../core/tasks/compare.py"/>
        <source>Drawing the figure</source>
        <translation>Menggambar</translation>
    </message>
    <message>
        <location filename="../../core/tasks/compare.py"/>
        <location filename="../../tools/make_reference.py"/>
        <source>Reference</source>
        <translation>Referensi</translation>
    </message>
    <message>
        <location filename="../../core/tasks/compare.py"/>
        <source>Agreement over {total:,} pixels: {fractions}.</source>
        <translation>Kesesuaian pada {total:,} piksel: {fractions}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Reading the network</source>
        <translation>Membaca jaringan</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Scaling of the bands: {origin}.</source>
        <translation>Penskalaan band: {origin}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The network returns the shape {shape} for a patch, not {expected}</source>
        <translation>Jaringan memberi bentuk {shape} untuk satu patch, bukan {expected}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The network has weights that are not finite, as after a training that diverged</source>
        <translation>Jaringan memiliki bobot yang bukan bilangan berhingga, seperti setelah pelatihan yang divergen</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Import the checkpoint of an earlier epoch.</source>
        <translation>Impor checkpoint dari epoch yang lebih awal.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>{title} is recognised: {architecture}, {channels} input channels, {classes} classes.</source>
        <translation>{title} dikenali: {architecture}, {channels} kanal masukan, {classes} kelas.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The weights are those of {part!r} in the checkpoint.</source>
        <translation>Bobotnya adalah bobot {part!r} dalam checkpoint.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>{count} of {total} tensors of the network come from the file.</source>
        <translation>{count} dari {total} tensor jaringan berasal dari berkas.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Patches have {size} x {size} pixels.</source>
        <translation>Patch berukuran {size} x {size} piksel.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>CLASSES has {count} classes, and the network {outputs}</source>
        <translation>CLASSES memiliki {count} kelas, sedangkan jaringan {outputs}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Give a value or a name for each class, in the order of the network&apos;s outputs.</source>
        <translation>Berikan nilai atau nama untuk setiap kelas, menurut urutan keluaran jaringan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Classes, in the order of the outputs: {classes}.</source>
        <translation>Kelas, menurut urutan keluaran: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The file has no class values, so they are 1 to {count} in the order of the outputs. CLASSES gives others.</source>
        <translation>Berkas tidak memiliki nilai kelas, sehingga nilainya 1 sampai {count} menurut urutan keluaran. CLASSES memberi nilai lain.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The bands have no names, so rasters must have {count} bands in the order of the training. BANDS gives names.</source>
        <translation>Band tidak memiliki nama, sehingga raster harus memiliki {count} band dalam urutan pelatihan. BANDS memberi nama.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The network has {channels} input channels, and there are {count} bands: {bands}</source>
        <translation>Jaringan memiliki {channels} kanal masukan, sedangkan ada {count} band: {bands}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Give the bands of the training in their order, by name or number.</source>
        <translation>Berikan band pelatihan menurut urutannya, dengan nama atau nomor.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>A band is given twice: {bands}</source>
        <translation>Suatu band diberikan dua kali: {bands}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source> after division by {divisor:g}</source>
        <translation> setelah dibagi {divisor:g}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>MEAN and STD{unit}</source>
        <translation>MEAN dan STD{unit}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>mean and deviation in the file{unit}</source>
        <translation>rata-rata dan simpangan dalam berkas{unit}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The bands have no two different valid values to compute their mean and deviation from</source>
        <translation>Band tidak memiliki dua nilai valid yang berbeda untuk menghitung rata-rata dan simpangannya</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Choose the raster of the training, or give MEAN and STD.</source>
        <translation>Pilih raster pelatihan, atau berikan MEAN dan STD.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>mean and deviation of {raster}</source>
        <translation>rata-rata dan simpangan {raster}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>division by {divisor:g}</source>
        <translation>pembagian dengan {divisor:g}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The file does not say how the bands were scaled</source>
        <translation>Berkas tidak menyebutkan bagaimana band diskalakan</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Give MEAN and STD as in the training, or the raster of the training (SAMPLE_RASTER) to compute them from. For a network that reads stored values, set DIVISOR=1; for one that reads reflectance, the number that they were divided by, such as DIVISOR=10000.</source>
        <translation>Berikan MEAN dan STD seperti dalam pelatihan, atau raster pelatihan (SAMPLE_RASTER) untuk menghitung keduanya. Untuk jaringan yang membaca nilai tersimpan, gunakan DIVISOR=1; untuk jaringan yang membaca reflektansi, bilangan pembagi nilai itu, seperti DIVISOR=10000.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>{parameter} has {count} numbers for {channels} channels</source>
        <translation>{parameter} memiliki {count} bilangan untuk {channels} kanal</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Give one number for each band in the network&apos;s order, or a single one for all.</source>
        <translation>Berikan satu bilangan untuk setiap band menurut urutan jaringan, atau satu bilangan untuk semuanya.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>{count} tensors of the file are not used: {names}{more}. If they take part in the network, its labels differ.</source>
        <translation>{count} tensor dari berkas tidak dipakai: {names}{more}. Bila tensor itu ikut bekerja dalam jaringan, labelnya akan berbeda.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>The file lacks {names}, which is 0.</source>
        <translation>Berkas tidak memuat {names}, sehingga nilainya 0.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>No raster was given, so whether a raster has the values of the training cannot be checked.</source>
        <translation>Tidak ada raster yang diberikan, sehingga tidak dapat diperiksa apakah suatu raster memiliki nilai seperti dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/importmodel.py"/>
        <source>Weights do not say the patch size. Labels are right only if patches had {size} x {size} pixels in the training.</source>
        <translation>Bobot tidak menunjukkan ukuran patch. Label hanya benar bila patch berukuran {size} x {size} piksel dalam pelatihan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>proportional</source>
        <translation>proporsional</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>equal</source>
        <translation>sama besar</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>optimal</source>
        <translation>optimal</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>{count:,} points with {allocation} allocation give overall accuracy a standard error of {target_error:g}, before MIN_PER_CLASS is applied.</source>
        <translation>{count:,} titik dengan alokasi {allocation} memberi akurasi keseluruhan galat baku {target_error:g}, sebelum MIN_PER_CLASS diterapkan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>{count:,} points will have to be labelled by hand.</source>
        <translation>{count:,} titik harus diberi label secara manual.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>{count:,} points are drawn. The expected standard error of overall accuracy is {error:.4f}.</source>
        <translation>{count:,} titik ditarik. Galat baku akurasi keseluruhan yang diperkirakan adalah {error:.4f}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>The expected standard error is above TARGET_ERROR ({target_error:g}), because MIN_PER_CLASS moves points from large to small classes. For a smaller error give a larger SIZE.</source>
        <translation>Galat baku yang diperkirakan melebihi TARGET_ERROR ({target_error:g}), karena MIN_PER_CLASS memindahkan titik dari kelas besar ke kelas kecil. Untuk galat yang lebih kecil, berikan SIZE yang lebih besar.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>Label the field class, then run ‘Assess accuracy and area’: with DESIGN=auto it recognises the points and their strata, for this map and for others of the same area. The areas of the strata are {areas}</source>
        <translation>Beri label pada kolom class, lalu jalankan ‘Uji akurasi dan luas’: dengan DESIGN=auto alat itu mengenali titik-titik dan stratanya, untuk peta ini dan peta lain dari lahan yang sama. Luas strata adalah {areas}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/samplingdesign.py"/>
        <source>Fewer than {minimum} errors are expected among the points of {classes}: plain confidence intervals will be too narrow. Increase MIN_PER_CLASS.</source>
        <translation>Kurang dari {minimum} kesalahan diperkirakan di antara titik {classes}: selang kepercayaan sederhana akan terlalu sempit. Naikkan MIN_PER_CLASS.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/stackfeatures.py"/>
        <source>Wrote {count} bands: {names}.</source>
        <translation>Menulis {count} band: {names}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Switch WRITE off, or copy the raster to a GeoTIFF (Export &gt; Save As…) and use that.</source>
        <translation>Nonaktifkan WRITE, atau salin raster ke GeoTIFF (Export &gt; Save As…) dan gunakan itu.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Reading the raster&apos;s classes</source>
        <translation>Membaca kelas raster</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>No scheme was given, so the raster keeps its own names and colours.</source>
        <translation>Tidak ada skema yang diberikan, jadi raster mempertahankan nama dan warnanya sendiri.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>No scheme was given, and the raster has no classes of its own</source>
        <translation>Tidak ada skema yang diberikan, dan raster tidak memiliki kelasnya sendiri</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Choose a published scheme, a file or a layer.</source>
        <translation>Pilih skema terbitan, berkas, atau layer.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The raster has none of the scheme&apos;s values: it has {values}, the scheme has {scheme_values}</source>
        <translation>Raster tidak memiliki satu pun nilai skema: raster memiliki {values}, skema {scheme_values}</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Choose the scheme that the raster was made with.</source>
        <translation>Pilih skema yang dipakai membuat raster.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The scheme has no entry for {classes}. These values are grey in the map.</source>
        <translation>Skema tidak memiliki entri untuk {classes}: kelabu pada peta.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The raster and the scheme have different names for the same values: {classes} in the raster, {scheme_classes} in the scheme</source>
        <translation>Raster dan skema memiliki nama yang berbeda untuk nilai yang sama: {classes} pada raster, {scheme_classes} pada skema</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Choose the scheme that the raster was made with, or set RENAME to take its names.</source>
        <translation>Pilih skema yang dipakai membuat raster, atau aktifkan RENAME untuk memakai nama-namanya.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The scheme has other values for some of the raster&apos;s classes; they are matched by name: {classes}.</source>
        <translation>Skema memiliki nilai lain untuk beberapa kelas raster; kelas-kelas itu dicocokkan menurut nama: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Names and colours cannot be written, because the raster is not a file on this computer</source>
        <translation>Nama dan warna tidak dapat ditulis, karena raster bukan berkas di komputer ini</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The raster&apos;s folder cannot be written</source>
        <translation>Folder raster tidak dapat ditulisi</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>The sidecar file of the raster is not in the format that GDAL writes</source>
        <translation>Berkas di samping raster tidak berbentuk seperti yang ditulis GDAL</translation>
    </message>
    <message>
        <location filename="../../core/tasks/style.py"/>
        <source>Move that file to another folder, or switch WRITE off.</source>
        <translation>Pindahkan berkas itu, atau nonaktifkan WRITE.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>COUNT must be 1 or more (got {count})</source>
        <translation>COUNT harus 1 atau lebih (diberikan {count})</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>Give the number of pixels to suggest.</source>
        <translation>Berikan jumlah piksel yang akan disarankan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>MIN_DISTANCE must be 0 or more (got {distance:g})</source>
        <translation>MIN_DISTANCE harus 0 atau lebih (diberikan {distance:g})</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>Use 0 for no minimum.</source>
        <translation>Gunakan 0 untuk tanpa jarak minimum.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>Only {points:,} of {count:,} requested points are suggested. A smaller MIN_DISTANCE allows more.</source>
        <translation>Hanya {points:,} dari {count:,} titik yang diminta dapat disarankan. MIN_DISTANCE yang lebih kecil memungkinkan lebih banyak.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>{count:,} of {total:,} candidate pixels are suggested.</source>
        <translation>{count:,} dari {total:,} piksel calon disarankan.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/suggest.py"/>
        <source>Searching for uncertain pixels</source>
        <translation>Mencari piksel yang tidak pasti</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Training on {device}.</source>
        <translation>Melatih pada {device}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>The model is complete: {path}.</source>
        <translation>Model telah lengkap: {path}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Reading the samples</source>
        <translation>Membaca sampel</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>{count:,} samples: {classes}.</source>
        <translation>{count:,} sampel: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Neighbourhoods are up to {width} pixels wide instead of {widest}: with wider ones, the gap between training and test would exclude too many samples. Set WINDOWS to change this.</source>
        <translation>Lebar ketetanggaan sampai {width} piksel, bukan {widest}: dengan itu, jarak pemisah antara pelatihan dan uji akan menghabiskan terlalu banyak sampel. WINDOWS memilih yang lain.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>The model file does not say which pixels it was trained on</source>
        <translation>Berkas model tidak menyebutkan piksel yang dipakai melatihnya</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Use another model file, or combine model files only, with equal weights.</source>
        <translation>Pakailah berkas model lain, atau gabungkan berkas model saja, dengan bobot yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Model files were trained on {count:,} of {total:,} samples or beside them, and of some classes too few others are left</source>
        <translation>Berkas model dilatih pada {count:,} dari {total:,} sampel atau di sampingnya, dan dari beberapa kelas terlalu sedikit sampel lain yang tersisa</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Use labels at other places, or combine model files only, with equal weights.</source>
        <translation>Pakailah label di tempat lain, atau gabungkan berkas model saja, dengan bobot yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>{count:,} of {total:,} samples are left out, because model files were trained on them or beside them.</source>
        <translation>{count:,} dari {total:,} sampel ditinggalkan, karena berkas model dilatih pada sampel itu atau di sampingnya.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>{reason}. The ensemble cannot be tested, so there is nothing to report</source>
        <translation>{reason}. Ansambel tidak dapat diuji, sehingga tidak ada yang dilaporkan</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Use labels at other places, or leave REPORT and OUTPUT_SAMPLES empty.</source>
        <translation>Pakailah label di tempat lain, atau biarkan REPORT dan OUTPUT_SAMPLES kosong.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>{reason}. So no weights are learnt and nothing is tested: the members have equal weights, and the accuracy of the ensemble is not known.</source>
        <translation>{reason}. Karena itu bobot tidak dipelajari dan tidak ada yang diuji: anggotanya berbobot sama, dan akurasi ansambel tidak diketahui.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Training the networks takes about {minutes:.1f} minutes.</source>
        <translation>Pelatihan jaringan memakan waktu sekitar {minutes:.1f} menit.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>TIME_LIMIT leaves time for {number} folds instead of one split, about {minutes:.1f} minutes. FOLDS=0 keeps one split.</source>
        <translation>TIME_LIMIT menyisakan waktu untuk {number} fold sebagai ganti satu pembagian, sekitar {minutes:.1f} menit. FOLDS=0 mempertahankan satu pembagian.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>{left_out} is left out, because TIME_LIMIT ({limit:g} minutes) leaves it fewer than {count} epochs. {kept} is trained. Use a longer time limit to train all.</source>
        <translation>{left_out} ditinggalkan, karena TIME_LIMIT ({limit:g} menit) menyisakan kurang dari {count} epoch untuknya. {kept} dilatih. Pakailah batas waktu yang lebih lama untuk melatih semuanya.</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>, {count} folds pooled</source>
        <translation>, {count} fold bersama</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>, which is optimistic</source>
        <translation>, yang optimistis</translation>
    </message>
    <message>
        <location filename="../../core/tasks/train.py"/>
        <source>Held-out test: overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} over {count:,} samples ({method}{pooled}{optimistic}), which is not the accuracy of a map.</source>
        <translation>Uji pada sampel yang disisihkan: akurasi keseluruhan {accuracy:.1%}, F1 makro {macro_f1:.3f} atas {count:,} sampel ({method}{pooled}{optimistic}), yang bukan akurasi suatu peta.</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>{names} or {last}</source>
        <translation>{names} atau {last}</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>1 point</source>
        <translation>1 titik</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>{count:,} pixels</source>
        <translation>{count:,} piksel</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>1 polygon</source>
        <translation>1 poligon</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>{count:,} polygons</source>
        <translation>{count:,} poligon</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>1 block</source>
        <translation>1 blok</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>{count:,} blocks</source>
        <translation>{count:,} blok</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>1 group</source>
        <translation>1 kelompok</translation>
    </message>
    <message>
        <location filename="../../core/text.py"/>
        <source>{count:,} groups</source>
        <translation>{count:,} kelompok</translation>
    </message>
    <message>
        <location filename="../../core/training/baseline.py"/>
        <source>The model is the baseline itself, so BASELINE has no effect.</source>
        <translation>Model ini adalah model pembanding itu sendiri, sehingga BASELINE tidak berpengaruh.</translation>
    </message>
    <message>
        <location filename="../../core/training/baseline.py"/>
        <source>Training the baseline</source>
        <translation>Melatih model pembanding</translation>
    </message>
    <message>
        <location filename="../../core/training/baseline.py"/>
        <source>Baseline ({model}): overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} on the same test samples.</source>
        <translation>Model pembanding ({model}): akurasi keseluruhan {accuracy:.1%}, F1 makro {macro_f1:.3f} pada sampel uji yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/training/baseline.py"/>
        <source>random forest of single pixels</source>
        <translation>random forest piksel tunggal</translation>
    </message>
    <message>
        <location filename="../../core/training/baseline.py"/>
        <source>random forest of single pixels and of their neighbourhoods up to {width} pixels wide</source>
        <translation>random forest piksel tunggal dan ketetanggaannya sampai selebar {width} piksel</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>Probabilities are for the class proportions among the labels, not for those in training, which weights and MAX_PER_CLASS changed</source>
        <translation>Probabilitas berlaku untuk proporsi kelas di antara label, bukan untuk proporsi yang dibentuk oleh bobot dan MAX_PER_CLASS dalam pelatihan</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>{head}. No samples were available for further calibration.</source>
        <translation>{head}. Tidak ada sampel untuk kalibrasi lebih lanjut.</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>of the folds&apos; tests; each fold&apos;s figures are calibrated with the other folds</source>
        <translation>dari uji fold-fold; angka setiap fold dikalibrasi dengan fold lainnya</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>that neither the selection of the epoch nor the test used</source>
        <translation>yang tidak dipakai untuk memilih epoch maupun untuk uji</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>that selected the epoch too, because no others were available, so probabilities may be slightly too high</source>
        <translation>yang juga dipakai untuk memilih epoch, karena tidak ada yang lain, sehingga probabilitas mungkin sedikit terlalu tinggi</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>that neither the trees nor the test used</source>
        <translation>yang tidak dipakai oleh pohon maupun uji</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>{head}. The correction is {shift:.0%} of the difference, and the temperature is {temperature:.2f}, both fitted to {count:,} samples {source}.</source>
        <translation>{head}. Koreksinya {shift:.0%} dari selisihnya, dan suhunya {temperature:.2f}, keduanya dicocokkan pada {count:,} sampel {source}.</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>The saved model was trained with these samples. Its calibration, the limits of its prediction sets and its area of applicability therefore come from the models of the folds.</source>
        <translation>Model yang disimpan dilatih dengan sampel ini. Karena itu kalibrasi, batas himpunan prediksi, dan area keberlakuannya berasal dari model-model fold.</translation>
    </message>
    <message>
        <location filename="../../core/training/calibrate.py"/>
        <source>The saved model was trained with these samples. Its calibration, the limits of its prediction sets and its area of applicability therefore come from the model that was trained before it, without them.</source>
        <translation>Model yang disimpan dilatih dengan sampel ini. Karena itu kalibrasi, batas himpunan prediksi, dan area keberlakuannya berasal dari model yang dilatih sebelumnya, tanpa sampel itu.</translation>
    </message>
    <message>
        <location filename="../../core/training/channels.py"/>
        <source>Channel {name} is constant in the training samples.</source>
        <translation>Kanal {name} konstan dalam sampel latih.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the centre branch</source>
        <translation>cabang pusat</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the channels</source>
        <translation>kanal-kanalnya</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the samples</source>
        <translation>sampelnya</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the raster&apos;s values</source>
        <translation>nilai raster</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the device</source>
        <translation>perangkatnya</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>the versions of PyTorch and this plugin</source>
        <translation>versi PyTorch dan plugin ini</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>The state of an interrupted training in {path} is not used, because {differing} differ. The training restarts.</source>
        <translation>Keadaan pelatihan yang terputus di {path} tidak dipakai, karena {differing} berbeda. Pelatihan dimulai ulang.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>The state of an interrupted training in {path} cannot be read ({error}). The training restarts.</source>
        <translation>Keadaan pelatihan yang terputus di {path} tidak dapat dibaca ({error}). Pelatihan dimulai ulang.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>The training resumes after epoch {number} from {path}.</source>
        <translation>Melanjutkan setelah epoch {number} dari pelatihan di {path}.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>The best model so far is {path} until the training is complete.</source>
        <translation>Sampai pelatihan lengkap, model terbaik sejauh ini adalah {path}.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>No model is kept, because no epoch was complete.</source>
        <translation>Tidak ada model yang disimpan, karena belum ada yang lengkap.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>The best model so far{epoch} is kept as {path}.</source>
        <translation>Model terbaik sejauh ini{epoch} disimpan sebagai {path}.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source>Running the same training again resumes it.</source>
        <translation>Menjalankan pelatihan yang sama sekali lagi akan melanjutkannya.</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source> (epoch {number})</source>
        <translation> (epoch {number})</translation>
    </message>
    <message>
        <location filename="../../core/training/checkpointing.py"/>
        <source> (epoch {number}, validation F1 {f1:.2f})</source>
        <translation> (epoch {number}, F1 validasi {f1:.2f})</translation>
    </message>
    <message>
        <location filename="../../core/training/combination.py"/>
        <source>The model files {names} have equal weights. Their ensemble is not tested.</source>
        <translation>Berkas model {names} berbobot sama. Ansambelnya tidak diuji.</translation>
    </message>
    <message>
        <location filename="../../core/training/combination.py"/>
        <source>Choose the model files that it was made of.</source>
        <translation>Pilihlah berkas model asalnya.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>Members of part {number} of {total} are trained on {count:,} samples, to weigh them on {others:,} others.</source>
        <translation>Anggota bagian {number} dari {total} dilatih dengan {count:,} sampel, agar bobotnya ditentukan dengan {others:,} sampel lain.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>Members have a weight for each class, with which held-out samples are predicted better.</source>
        <translation>Anggota mempunyai bobot untuk setiap kelas; dengan itu sampel yang disisihkan diprediksi lebih baik.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>Members have one weight for all classes: with a weight for each class, held-out samples are not predicted better by more than chance.</source>
        <translation>Anggota mempunyai satu bobot untuk semua kelas: dengan bobot untuk setiap kelas, sampel yang disisihkan tidak diprediksi lebih baik daripada kebetulan.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>{member}: out-of-fold accuracy {accuracy:.1%}, weight {weight:.2f}.</source>
        <translation>{member}: akurasi out-of-fold {accuracy:.1%}, bobot {weight:.2f}.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>{member}: out-of-fold accuracy {accuracy:.1%}. It does not improve the ensemble and is not used.</source>
        <translation>{member}: akurasi di luar lipatan {accuracy:.1%}. Ia tidak memperbaiki ansambel dan tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>With {member}, the accuracy of {count:,} held-out samples changes by {points} points.</source>
        <translation>Dengan {member}, akurasi {count:,} sampel yang disisihkan berubah {points} poin.</translation>
    </message>
    <message>
        <location filename="../../core/training/ensemble_trainer.py"/>
        <source>With {member}, the accuracy of {count:,} held-out samples changes by {points} points (95 % interval {low} to {high}).</source>
        <translation>Dengan {member}, akurasi {count:,} sampel yang disisihkan berubah {points} poin (selang 95 % {low} sampai {high}).</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The training ended early: this is the model before the one to save, which was trained on part of the samples.</source>
        <translation>Pelatihan berakhir lebih awal: ini model sebelum model yang akan disimpan, yang dilatih pada sebagian sampel.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The model has the weights of epoch {number}.</source>
        <translation>Model memakai bobot epoch {number}.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The best epoch is {number}.</source>
        <translation>Epoch terbaik adalah {number}.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>the best epoch of the model before it</source>
        <translation>epoch terbaik model sebelumnya</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>Fold {number} of {total}</source>
        <translation>Fold {number} dari {total}</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>Fold {number} of {total}.</source>
        <translation>Fold {number} dari {total}.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The training ended early: this is the model of fold {number}, which was trained on part of the samples.</source>
        <translation>Pelatihan berakhir lebih awal: ini model fold {number}, dan tidak dilatih pada semuanya.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>the median of the folds&apos; best epochs</source>
        <translation>median dari epoch terbaik tiap fold</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The saved model is trained on {count:,} samples for {epochs} epochs, {origin}, with the same learning rates.</source>
        <translation>Model yang disimpan dilatih pada {count:,} sampel selama {epochs} epoch, {origin}, dengan laju pembelajaran yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>The saved model is trained on {count:,} samples.</source>
        <translation>Model yang disimpan dilatih pada {count:,} sampel.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>Testing</source>
        <translation>Menguji</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>best epoch {number}; </source>
        <translation>epoch terbaik {number}; </translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>{fold}: {epoch}no test samples.</source>
        <translation>{fold}: {epoch}tidak ada yang dapat diuji.</translation>
    </message>
    <message>
        <location filename="../../core/training/evaluation.py"/>
        <source>{fold}: {epoch}overall accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f} over {count:,} test samples.</source>
        <translation>{fold}: {epoch}akurasi keseluruhan {accuracy:.1%}, F1 makro {macro_f1:.3f} atas {count:,} sampel uji.</translation>
    </message>
    <message>
        <location filename="../../core/training/feeds/base.py"/>
        <source>row {rows}, column {columns}</source>
        <translation>baris {rows}, kolom {columns}</translation>
    </message>
    <message>
        <location filename="../../core/training/feeds/crop.py"/>
        <source>Pixels up to {width} pixels around held-out samples are missing in training crops.</source>
        <translation>Potongan latih tidak menampilkan piksel sampai {width} piksel di sekeliling sampel yang disisihkan.</translation>
    </message>
    <message>
        <location filename="../../core/training/feeds/neighbourhood.py"/>
        <source>Measuring neighbourhoods</source>
        <translation>Mengukur ketetanggaan</translation>
    </message>
    <message>
        <location filename="../../core/training/feeds/neighbourhood.py"/>
        <source>Measuring pixels</source>
        <translation>Mengukur piksel</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>From epoch {number} on, {count:,} values are trained; the network has {total:,} weights.</source>
        <translation>Mulai epoch {number}, {count:,} nilai dilatih; jaringan memiliki {total:,} bobot.</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>The training stops: epoch {number} is the best, and {count} epochs after it are no better.</source>
        <translation>Pelatihan berhenti: epoch {number} yang terbaik, dan {count} epoch sesudahnya tidak lebih baik.</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>Epoch {number} of {epochs} on {device}</source>
        <translation>Epoch {number} dari {epochs} pada {device}</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>loss {loss:.3f}</source>
        <translation>loss {loss:.3f}</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>loss {loss:.3f}, validation accuracy {accuracy:.1%}</source>
        <translation>loss {loss:.3f}, akurasi validasi {accuracy:.1%}</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>Epoch {number}: training loss {loss:.3f}, accuracy {accuracy:.1%}</source>
        <translation>Epoch {number}: loss pelatihan {loss:.3f}, akurasi {accuracy:.1%}</translation>
    </message>
    <message>
        <location filename="../../core/training/fit.py"/>
        <source>validation loss {loss:.3f}, accuracy {accuracy:.1%}, macro-F1 {macro_f1:.3f}.</source>
        <translation>loss validasi {loss:.3f}, akurasi {accuracy:.1%}, F1 makro {macro_f1:.3f}.</translation>
    </message>
    <message>
        <location filename="../../core/training/hybrid_trainer.py"/>
        <source>Network {number} of {total} is trained on {count:,} samples, for its outputs on {others:,} others.</source>
        <translation>Jaringan {number} dari {total} belajar dari {count:,} sampel, untuk keluarannya tentang {others:,} sampel lain.</translation>
    </message>
    <message>
        <location filename="../../core/training/hybrid_trainer.py"/>
        <source>The out-of-fold accuracy of these networks is {accuracy:.1%}. The model&apos;s own network is trained on all {count:,} samples.</source>
        <translation>Akurasi out-of-fold jaringan-jaringan ini {accuracy:.1%}. Jaringan milik model itu dilatih dengan semua {count:,} sampel.</translation>
    </message>
    <message>
        <location filename="../../core/training/network_trainer.py"/>
        <source>the weights to start from</source>
        <translation>bobot awalnya</translation>
    </message>
    <message>
        <location filename="../../core/training/network_trainer.py"/>
        <source>the snapshot to continue from</source>
        <translation>cuplikan yang dilanjutkan</translation>
    </message>
    <message>
        <location filename="../../core/training/network_trainer.py"/>
        <source>the number of epochs of the saved model</source>
        <translation>jumlah epoch model yang disimpan</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>{device} does not support bfloat16</source>
        <translation>{device} tidak mendukung bfloat16</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>Use PRECISION=auto or fp32.</source>
        <translation>Pilih PRECISION=auto atau fp32.</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>Channel {channel} has values that are not finite after scaling</source>
        <translation>Kanal {channel} memiliki nilai yang bukan bilangan setelah penskalaan</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>sample at {place}</source>
        <translation>sampel di {place}</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>Leave the channel or the sample out.</source>
        <translation>Tinggalkan kanal atau sampel itu.</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>The training diverged: the loss is not finite</source>
        <translation>Pelatihan divergen: loss bukan lagi bilangan</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>first seen at the sample at {place}</source>
        <translation>pertama terlihat pada sampel di {place}</translation>
    </message>
    <message>
        <location filename="../../core/training/optimisation.py"/>
        <source>Lower LEARNING_RATE, or set CLIP_NORM to 1.</source>
        <translation>Turunkan LEARNING_RATE, atau tetapkan CLIP_NORM ke 1.</translation>
    </message>
    <message>
        <location filename="../../core/training/start_weights.py"/>
        <source>The values of {bands} are taken as {unit}. Set VALUE_UNIT if that is wrong.</source>
        <translation>Nilai {bands} dianggap sebagai {unit}. Atur VALUE_UNIT bila itu salah.</translation>
    </message>
    <message>
        <location filename="../../core/training/start_weights.py"/>
        <source>The first convolution starts from random weights, because the published ones are for STEM=standard.</source>
        <translation>Konvolusi pertama berawal dari bobot acak, karena bobot yang diterbitkan adalah untuk STEM=standard.</translation>
    </message>
    <message>
        <location filename="../../core/training/start_weights.py"/>
        <source>{file} holds published weights. Choose WEIGHTS={weights}, too, so that bands are matched by role and scaled as the weights expect.</source>
        <translation>{file} memuat bobot yang diterbitkan. Pilih juga WEIGHTS={weights}, agar band dicocokkan menurut peran dan diskalakan seperti yang diharapkan bobot.</translation>
    </message>
    <message>
        <location filename="../../core/training/start_weights.py"/>
        <source>Choose other weights, or WEIGHTS=none.</source>
        <translation>Pilih bobot lain, atau WEIGHTS=none.</translation>
    </message>
    <message>
        <location filename="../../core/training/start_weights.py"/>
        <source>{parameter} has no effect, because no initial weights are loaded.</source>
        <translation>{parameter} tidak berpengaruh, karena tidak ada bobot awal yang dimuat.</translation>
    </message>
    <message>
        <location filename="../../core/training/time_limit.py"/>
        <source>{kept} of {all} epochs of {network}</source>
        <translation>{kept} dari {all} epoch {network}</translation>
    </message>
    <message>
        <location filename="../../core/training/time_limit.py"/>
        <source>Training the networks would take {needed:.0f} minutes, longer than TIME_LIMIT ({limit:g} minutes). Only {epochs} are trained, so that all takes about {minutes:.1f} minutes.</source>
        <translation>Pelatihan jaringan akan memakan waktu {needed:.0f} menit, lebih lama daripada TIME_LIMIT ({limit:g} menit). Hanya {epochs} yang dilatih, sehingga semuanya memakan waktu sekitar {minutes:.1f} menit.</translation>
    </message>
    <message>
        <location filename="../../core/training/tree_trainer.py"/>
        <source>trees</source>
        <translation>pohon</translation>
    </message>
    <message>
        <location filename="../../core/training/tree_trainer.py"/>
        <source>Growing trees on the processor</source>
        <translation>Menumbuhkan pada prosesor</translation>
    </message>
    <message>
        <location filename="../../core/uncertainty/conformal.py"/>
        <source>Too few held-out samples for a limit, so every prediction set contains these classes: {classes}.</source>
        <translation>Sampel yang disisihkan terlalu sedikit untuk suatu batas, jadi setiap himpunan prediksi memuat kelas-kelas ini: {classes}.</translation>
    </message>
    <message>
        <location filename="../../core/uncertainty/conformal.py"/>
        <source>The limit of {name} is uncertain: its held-out samples lie in fewer than {least} polygons or blocks.</source>
        <translation>Batas {name} tidak pasti: sampelnya yang disisihkan terletak dalam kurang dari {least} poligon atau blok.</translation>
    </message>
    <message>
        <location filename="../../core/uncertainty/conformal.py"/>
        <source>Too few held-out samples for a limit per class, so these classes have a common limit and the coverage on average, not each of them: {classes}.</source>
        <translation>Sampel yang disisihkan terlalu sedikit untuk batas per kelas, jadi kelas-kelas ini memakai satu batas bersama, dan cakupannya berlaku secara rata-rata, bukan untuk masing-masing: {classes}.</translation>
    </message>
    <message>
        <location filename="../../runtime/cache.py"/>
        <source>The cache folder cannot be written: {reason}</source>
        <translation>Folder cache tidak dapat ditulisi: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/cache.py"/>
        <source>Choose another one in Settings ‣ Options ‣ Processing ‣ Providers ‣ Deep Land Cover, or in the environment variable DEEP_LAND_COVER_CACHE_FOLDER.</source>
        <translation>Pilih yang lain di Settings ‣ Options ‣ Processing ‣ Providers ‣ Deep Land Cover, atau dalam variabel lingkungan DEEP_LAND_COVER_CACHE_FOLDER.</translation>
    </message>
    <message>
        <location filename="../../runtime/client.py"/>
        <source>Waiting for the running job</source>
        <translation>Menunggu pekerjaan yang sedang berjalan</translation>
    </message>
    <message>
        <location filename="../../runtime/client.py"/>
        <source>Starting the worker with {python} ({origin})</source>
        <translation>Memulai proses pekerja dengan {python} ({origin})</translation>
    </message>
    <message>
        <location filename="../../runtime/client.py"/>
        <source>The worker process {end}</source>
        <translation>Proses pekerja {end}</translation>
    </message>
    <message>
        <location filename="../../runtime/client.py"/>
        <source>QGIS is not affected, and the next run starts a new worker. The log has its last lines.</source>
        <translation>QGIS tidak terpengaruh, dan proses berikutnya memulai pekerja baru. Log memuat baris-baris terakhirnya.</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>Run &apos;Set up the environment&apos; (deeplandcover:setupenvironment) once.</source>
        <translation>Jalankan &apos;Siapkan lingkungan&apos; (deeplandcover:setupenvironment) satu kali.</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>the plugin&apos;s environment</source>
        <translation>lingkungan plugin</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>The plugin&apos;s environment is not used: {problem}.</source>
        <translation>Lingkungan plugin tidak dipakai: {problem}.</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>the Python of QGIS</source>
        <translation>Python milik QGIS</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>The Python of QGIS is not used: {problem}.</source>
        <translation>Python milik QGIS tidak dipakai: {problem}.</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>No Python environment is set up for Deep Land Cover</source>
        <translation>Tidak ada lingkungan Python yang disiapkan untuk Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>the settings of Deep Land Cover</source>
        <translation>pengaturan Deep Land Cover</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>the environment variable {name}</source>
        <translation>variabel lingkungan {name}</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>The Python interpreter in {origin} is not a program</source>
        <translation>Interpreter Python yang disebut dalam {origin} bukan program</translation>
    </message>
    <message>
        <location filename="../../runtime/interpreter.py"/>
        <source>Enter the path of the python program, or no path and run &apos;Set up the environment&apos;.</source>
        <translation>Masukkan path program python, atau kosongkan dan jalankan &apos;Siapkan lingkungan&apos;.</translation>
    </message>
    <message>
        <location filename="../../runtime/lock.py"/>
        <source>The environment is already being set up</source>
        <translation>Lingkungan sedang disiapkan</translation>
    </message>
    <message>
        <location filename="../../runtime/lock.py"/>
        <source>Wait for the end of the other &apos;Set up the environment&apos;, perhaps in another QGIS.</source>
        <translation>Tunggu sampai proses &apos;Siapkan lingkungan&apos; yang lain selesai, juga di QGIS yang lain.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>Free some space (a CUDA build needs about 8 GB) and run it again.</source>
        <translation>Kosongkan sebagian ruang (build CUDA memerlukan sekitar 8 GB) dan jalankan lagi.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The folder of wheels has no wheel of {package} for {system}</source>
        <translation>Folder wheel tidak memiliki wheel {package} untuk {system}</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>On a computer with a network and the same system and Python, run pip download &quot;{package}&quot; and copy the files into the folder.</source>
        <translation>Pada komputer dengan jaringan internet serta sistem dan Python yang sama, jalankan pip download &quot;{package}&quot; dan salin berkas-berkasnya ke folder itu.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The proxy refused the connection</source>
        <translation>Proxy menolak koneksi</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>Check the proxy in pip&apos;s configuration or HTTPS_PROXY.</source>
        <translation>Periksa proxy dalam konfigurasi pip atau HTTPS_PROXY.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The package index&apos;s certificate was not accepted</source>
        <translation>Sertifikat indeks paket tidak diterima</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>Behind a firewall that inspects traffic, set &apos;cert&apos; in pip&apos;s configuration to its certificate file.</source>
        <translation>Di belakang firewall yang memeriksa lalu lintas, tetapkan &apos;cert&apos; dalam konfigurasi pip ke berkas sertifikatnya.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The package index cannot be reached</source>
        <translation>Indeks paket tidak dapat dijangkau</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>Check the network and pip&apos;s proxy or mirror, or install from a folder with WHEELS.</source>
        <translation>Periksa jaringan dan proxy atau mirror pip, atau pasang dari folder dengan WHEELS.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The package index has no {package} for this Python</source>
        <translation>Indeks paket tidak memiliki {package} untuk Python ini</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The Python may be too new, or a 32-bit one: name another, 64-bit Python in PYTHON.</source>
        <translation>Python ini mungkin terlalu baru, atau versi 32 bit: sebutkan Python lain yang 64 bit dalam PYTHON.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>pip failed: {reason}</source>
        <translation>pip gagal: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The log has the whole output of pip.</source>
        <translation>Log memuat semua yang dikatakan pip.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The Python lacks the module venv</source>
        <translation>Python ini tidak memiliki modul venv</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>On Debian and Ubuntu run: sudo apt install python3-venv. Or name another PYTHON.</source>
        <translation>Di Debian dan Ubuntu jalankan: sudo apt install python3-venv. Atau sebutkan PYTHON lain.</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>The environment could not be created: {reason}</source>
        <translation>Lingkungan tidak dapat dibuat: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/pip_errors.py"/>
        <source>Check that the folder can be written, or choose another Python in PYTHON.</source>
        <translation>Periksa apakah folder itu dapat ditulisi, atau sebutkan Python lain dalam PYTHON.</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>{name} is missing</source>
        <translation>{name} tidak ada</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>{name} is {version}, but {least} or later is needed</source>
        <translation>versi {name} adalah {version}, padahal diperlukan {least} atau lebih baru</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>{name} does not load ({error})</source>
        <translation>{name} tidak dapat dimuat ({error})</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>it does not start ({reason})</source>
        <translation>tidak dapat dimulai ({reason})</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>exit code {code}</source>
        <translation>kode keluar {code}</translation>
    </message>
    <message>
        <location filename="../../runtime/probe.py"/>
        <source>it is Python {version}, but {wanted} or later is needed</source>
        <translation>versinya Python {version}, padahal diperlukan {wanted} atau lebih baru</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>Check the Python named in the settings, or run &apos;Set up the environment&apos;.</source>
        <translation>Periksa Python yang disebut dalam pengaturan, atau jalankan &apos;Siapkan lingkungan&apos;.</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>crashed (access violation)</source>
        <translation>mengalami crash (pelanggaran akses)</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>was ended by Windows, because memory ran out</source>
        <translation>diakhiri oleh Windows, karena memori habis</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>crashed (stack overflow)</source>
        <translation>mengalami crash (stack overflow)</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>could not start, because a DLL is missing</source>
        <translation>tidak dapat dimulai, karena suatu DLL tidak ada</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>crashed (it aborted)</source>
        <translation>mengalami crash (abort)</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>The Python interpreter does not start: {reason}</source>
        <translation>Interpreter Python tidak dapat dimulai: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>The worker process did not answer within {seconds:.0f} s</source>
        <translation>Proses pekerja tidak menjawab dalam {seconds:.0f} s</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>Try again. Check the Python named in the settings, or run &apos;Set up the environment&apos;.</source>
        <translation>Coba lagi. Periksa Python yang disebut di pengaturan, atau jalankan &apos;Siapkan lingkungan&apos;.</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>Its last line was: {line}</source>
        <translation>Baris terakhirnya: {line}</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>The worker process {end} before it was ready</source>
        <translation>Proses pekerja {end} sebelum siap</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>ended with exit code {code}</source>
        <translation>berakhir dengan kode keluar {code}</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>was killed (signal 9), perhaps because memory ran out</source>
        <translation>dihentikan paksa (sinyal 9), mungkin karena memori habis</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>segmentation fault</source>
        <translation>segmentation fault</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>it aborted</source>
        <translation>abort</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>bus error</source>
        <translation>bus error</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>crashed (signal {number}, {crash})</source>
        <translation>mengalami crash (sinyal {number}, {crash})</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>was ended (signal {number})</source>
        <translation>diakhiri (sinyal {number})</translation>
    </message>
    <message>
        <location filename="../../runtime/process.py"/>
        <source>The partial file {path} cannot be removed: {reason}</source>
        <translation>Berkas sebagian {path} tidak dapat dihapus: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The folder of wheels does not exist</source>
        <translation>Folder wheel tidak ada</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Choose another folder.</source>
        <translation>Pilih folder lain.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The environment is damaged and is created again: {problem}</source>
        <translation>Lingkungan rusak dan dibuat baru: {problem}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The environment cannot be written: {reason}</source>
        <translation>Lingkungan tidak dapat ditulis: {reason}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Check the free space and that no other QGIS is using it.</source>
        <translation>Periksa ruang yang tersisa dan apakah tidak ada QGIS lain yang memakainya.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The environment was installed but does not work: {problem}</source>
        <translation>Lingkungan terpasang tetapi tidak berfungsi: {problem}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>On Windows, install the latest Microsoft Visual C++ Redistributable and try again.</source>
        <translation>Di Windows, pasang Microsoft Visual C++ Redistributable terbaru dan coba lagi.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The environment is complete</source>
        <translation>Lingkungan telah lengkap</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>There is no Python to create the environment with</source>
        <translation>Tidak ada Python untuk membuat lingkungan</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Choose a Python 3.11 or later in PYTHON.</source>
        <translation>Sebutkan Python 3.11 atau lebih baru dalam PYTHON.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The environment cannot be created with its own Python</source>
        <translation>Lingkungan tidak dapat dibuat dengan Python miliknya sendiri</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Leave PYTHON empty.</source>
        <translation>Biarkan PYTHON kosong.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>The Python to create the environment with cannot be used: {problem}</source>
        <translation>Python untuk membuat lingkungan tidak dapat digunakan: {problem}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Choose another Python, 3.11 or later, in PYTHON.</source>
        <translation>Sebutkan Python lain, 3.11 atau lebih baru, dalam PYTHON.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Installing from the folder of wheels</source>
        <translation>Memasang dari folder wheel</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Installing {requirements}</source>
        <translation>Memasang {requirements}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Installing {requirement}</source>
        <translation>Memasang {requirement}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Optional package {requirement} could not be installed ({problem}). Everything works without it, but classification on the CPU is slower.</source>
        <translation>Paket opsional {requirement} tidak dapat dipasang ({problem}). Semuanya berfungsi tanpanya, tetapi klasifikasi pada CPU lebih lambat.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Installing {packages} from {index}</source>
        <translation>Memasang {packages} dari {index}</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>the default index</source>
        <translation>indeks bawaan</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>PyTorch cannot be installed from {index}. The next index is tried.</source>
        <translation>PyTorch tidak dapat diperoleh dari {index}; indeks berikutnya dicoba.</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Downloading: {done:,.0f} of {total:,.0f} MB</source>
        <translation>Mengunduh: {done:,.0f} dari {total:,.0f} MB</translation>
    </message>
    <message>
        <location filename="../../runtime/setup.py"/>
        <source>Loading all packages</source>
        <translation>Memuat semua paket</translation>
    </message>
    <message>
        <location filename="../../runtime/torch_build.py"/>
        <source>BUILD must be one of {builds} (got {build!r})</source>
        <translation>BUILD harus salah satu dari {builds} (diberikan {build!r})</translation>
    </message>
    <message>
        <location filename="../../runtime/torch_build.py"/>
        <source>Choose one of these builds.</source>
        <translation>Pilih salah satu build ini.</translation>
    </message>
    <message>
        <location filename="../../runtime/torch_build.py"/>
        <source>There is no CUDA on macOS</source>
        <translation>Tidak ada CUDA di macOS</translation>
    </message>
    <message>
        <location filename="../../runtime/torch_build.py"/>
        <source>Use BUILD=auto, which uses Apple&apos;s GPU.</source>
        <translation>Gunakan BUILD=auto, yang memakai GPU Apple.</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>it does not exist yet</source>
        <translation>lingkungan itu belum dibuat</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>its set-up was not completed</source>
        <translation>penyiapannya belum selesai</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>it was created for another version of the plugin</source>
        <translation>lingkungan itu dibuat untuk versi plugin yang lain</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>it is damaged: its Python is missing</source>
        <translation>lingkungan itu rusak: Pythonnya hilang</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>Creating the environment</source>
        <translation>Membuat lingkungan</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>The folder for the environment has other files</source>
        <translation>Folder untuk lingkungan berisi berkas lain</translation>
    </message>
    <message>
        <location filename="../../runtime/venv.py"/>
        <source>Choose another folder or empty it.</source>
        <translation>Pilih folder lain atau kosongkan folder itu.</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Bahasa Indonesia</source>
        <translation>Bahasa Indonesia</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>All tools are in the Processing Toolbox under &lt;i&gt;Deep Land Cover&lt;/i&gt;, in graphical models, in batch runs and on the command line (&lt;code&gt;qgis_process run ID -- NAME=value …&lt;/code&gt;). Parameters are listed by their titles in dialogs. The name below each is public: scripts and models rely on it.</source>
        <translation>Semua alat ada di Processing Toolbox di bawah &lt;i&gt;Deep Land Cover&lt;/i&gt;, dalam model grafis, dalam pemrosesan batch, dan di baris perintah (&lt;code&gt;qgis_process run ID -- NAME=value …&lt;/code&gt;). Parameter didaftar menurut judulnya di dialog. Nama di bawahnya bersifat publik: skrip dan model bergantung padanya.</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Tool</source>
        <translation>Alat</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Id</source>
        <translation>Id</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Purpose</source>
        <translation>Kegunaan</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Advanced parameters</source>
        <translation>Parameter lanjutan</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Results</source>
        <translation>Hasil</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Result</source>
        <translation>Hasil</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>Kind</source>
        <translation>Jenis</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>default {}</source>
        <translation>bawaan {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>optional; empty: {}</source>
        <translation>opsional; kosong: {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>optional</source>
        <translation>opsional</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>required</source>
        <translation>wajib</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>any of: {}</source>
        <translation>beberapa dari: {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>one of: {}</source>
        <translation>salah satu dari: {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>field of {}</source>
        <translation>kolom dari {}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <location filename="../../tools/make_reference.py"/>
        <source>file</source>
        <translation>file</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>true or false</source>
        <translation>true atau false</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>extent</source>
        <translation>cakupan wilayah</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>file to write</source>
        <translation>file yang akan ditulis</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>folder to write into</source>
        <translation>folder tujuan</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>layer</source>
        <translation>layer</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>layers</source>
        <translation>layer</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>raster layer</source>
        <translation>layer raster</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>raster to write</source>
        <translation>raster yang akan ditulis</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>vector layer to write</source>
        <translation>layer vektor yang akan ditulis</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>vector layer</source>
        <translation>layer vektor</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>text</source>
        <translation>teks</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>whole number</source>
        <translation>bilangan bulat</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>number</source>
        <translation>bilangan</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>{} from {} to {}</source>
        <translation>{} dari {} sampai {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>{} from {}</source>
        <translation>{} mulai {}</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>{} up to {}</source>
        <translation>{} sampai {}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <location filename="../../tools/make_reference.py"/>
        <source>all</source>
        <translation>semua</translation>
    </message>
    <message>
        <location filename="../../tools/make_reference.py"/>
        <source>raster</source>
        <translation>raster</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>map ↓  reference →</source>
        <translation>peta ↓  acuan →</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>against {reference}</source>
        <translation>terhadap {reference}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>overall accuracy</source>
        <translation>akurasi keseluruhan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>95 % confidence interval</source>
        <translation>selang kepercayaan 95 %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>balanced accuracy</source>
        <translation>akurasi seimbang</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>macro-F1</source>
        <translation>F1 makro</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>Accuracy of each class</source>
        <translation>Akurasi setiap kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/import.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>class</source>
        <translation>kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>user’s accuracy, %</source>
        <translation>akurasi pengguna, %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>producer’s accuracy, %</source>
        <translation>akurasi pembuat, %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>reference {units}</source>
        <translation>{units} acuan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>“–” is a figure that is not defined for this reference.</source>
        <translation>“–” adalah angka yang tidak terdefinisi untuk acuan ini.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>Kappa: {kappa:.3f}; overall accuracy and the table are more informative (Pontius and Millones 2011).</source>
        <translation>Kappa: {kappa:.3f}; akurasi keseluruhan dan tabel lebih informatif (Pontius dan Millones 2011).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>Area of each class</source>
        <translation>Luas setiap kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>mapped, ha</source>
        <translation>dipetakan, ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>estimated, ha</source>
        <translation>diestimasi, ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>95 % interval, ha</source>
        <translation>selang 95 %, ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>fraction of the area, %</source>
        <translation>proporsi luas, %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>Confusion matrix</source>
        <translation>Matriks konfusi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>In counts</source>
        <translation>Dalam jumlah</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>In estimated proportions of the area</source>
        <translation>Dalam estimasi proporsi luas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>In proportions of the reference pixels</source>
        <translation>Dalam proporsi piksel acuan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <source>These tables, and those above, are also in {folder} as classes.csv, counts.csv and proportions.csv.</source>
        <translation>Tabel-tabel ini, dan yang di atas, juga ada dalam {folder} sebagai classes.csv, counts.csv, dan proportions.csv.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/import.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Parameters and versions</source>
        <translation>Parameter dan versi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>sampling design</source>
        <translation>rancangan pengambilan sampel</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/accuracy.html"/>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>created</source>
        <translation>dibuat</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Comparison</source>
        <translation>Perbandingan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Comparison of maps</source>
        <translation>Perbandingan peta</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>without a reference</source>
        <translation>tanpa acuan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>of the pixels have the same class in {first} and {map}</source>
        <translation>dari piksel memiliki kelas yang sama pada {first} dan {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>{map}, ha</source>
        <translation>{map}, ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>{map} − {first}, ha</source>
        <translation>{map} − {first}, ha</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>Cross-tabulation with {map}</source>
        <translation>Tabulasi silang dengan {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>Pixels by class of {first} (rows) and of {map} (columns), where both have a class.</source>
        <translation>Piksel menurut kelas {first} (baris) dan {map} (kolom), di tempat keduanya memiliki kelas.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <source>These tables are also in {folder} as CSV.</source>
        <translation>Tabel-tabel ini juga ada dalam {folder} sebagai CSV.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/areas.html"/>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>maps</source>
        <translation>peta</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>gain of {map}</source>
        <translation>peningkatan {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>overall accuracy of {map}</source>
        <translation>akurasi keseluruhan {map}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>{map} gains {points} points over {first}, 95 % confidence interval {ends} points.</source>
        <translation>{map} meningkat {points} poin terhadap {first}, selang kepercayaan 95 %: {ends} poin.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>{map} gains {points} points over {first}.</source>
        <translation>{map} meningkat {points} poin terhadap {first}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>{first_only:,} reference {unit}s are correct only in {first}, {second_only:,} only in {map}; {p}.</source>
        <translation>{first_only:,} {unit} acuan hanya benar pada {first}, {second_only:,} hanya pada {map}; {p}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>The test: {test}.</source>
        <translation>Ujinya: {test}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>{count} maps were tested; with Bonferroni’s correction, p must be below {limit:.3f}.</source>
        <translation>{count} peta diuji; dengan koreksi Bonferroni, p harus di bawah {limit:.3f}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Accuracy and gains</source>
        <translation>Akurasi dan peningkatan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>measure</source>
        <translation>ukuran</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>F1 of each class</source>
        <translation>F1 setiap kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>User’s accuracy of each class</source>
        <translation>Akurasi pengguna setiap kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Producer’s accuracy of each class</source>
        <translation>Akurasi pembuat setiap kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Gains are over {map}; their intervals are paired: all maps have the same reference and the same bootstrap samples.</source>
        <translation>Peningkatan dihitung terhadap {map}; selangnya berpasangan: semua peta memakai acuan yang sama dan sampel bootstrap yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>Confusion matrices</source>
        <translation>Matriks konfusi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/comparison.html"/>
        <source>The tables are also in {folder} as comparison.csv.</source>
        <translation>Tabel-tabel ini juga ada dalam {folder} sebagai comparison.csv.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Import</source>
        <translation>Impor</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Import of a model</source>
        <translation>Impor model</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>architecture</source>
        <translation>arsitektur</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>input channels</source>
        <translation>kanal masukan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>classes</source>
        <translation>kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>{count} of {total}</source>
        <translation>{count} dari {total}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>tensors of the network come from the file</source>
        <translation>tensor jaringan berasal dari berkas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Architecture, channels and classes are told by the names and shapes of the weights. Weights do not show strides and pooling: the network computes as the {architecture} of this plugin does.</source>
        <translation>Arsitektur, kanal, dan kelas diketahui dari nama dan bentuk bobot. Bobot tidak menunjukkan langkah (stride) dan pooling: jaringan menghitung seperti {architecture} plugin ini.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>The network is computed by OpenVINO, on processors.</source>
        <translation>Jaringan dihitung oleh OpenVINO, pada prosesor.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Scaling: {origin}. A raster’s band is read as (value − mean) / deviation.</source>
        <translation>Penskalaan: {origin}. Band raster dibaca sebagai (nilai − rata-rata) / simpangan.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>channel</source>
        <translation>kanal</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>band</source>
        <translation>band</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>mean</source>
        <translation>rata-rata</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>deviation</source>
        <translation>simpangan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>output</source>
        <translation>keluaran</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>predicted on {raster}, %</source>
        <translation>prediksi pada {raster}, %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Tensors</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>The weights are those of “{part}” in the checkpoint.</source>
        <translation>Bobotnya adalah bobot “{part}” dalam checkpoint.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>{count} tensors of the file are not used.</source>
        <translation>{count} tensor dari berkas tidak dipakai.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>All tensors of the network</source>
        <translation>Semua tensor jaringan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>in the network</source>
        <translation>dalam jaringan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>in the file</source>
        <translation>dalam berkas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>shape</source>
        <translation>bentuk</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>data type</source>
        <translation>tipe data</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>input size (pixels)</source>
        <translation>ukuran masukan (piksel)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/import.html"/>
        <source>Also in the file</source>
        <translation>Juga dalam berkas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>groups</source>
        <translation>kelompok</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>reference {units}; design: {design}</source>
        <translation>{units} acuan; rancangan: {design}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>reference {units} of {count:,} {clusters}</source>
        <translation>{units} acuan dari {count:,} {clusters}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>Input files</source>
        <translation>Berkas masukan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>Command that repeats this</source>
        <translation>Perintah untuk mengulanginya</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>All parameters</source>
        <translation>Semua parameter</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>Versions of the software</source>
        <translation>Versi perangkat lunak</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>Methods, for a publication</source>
        <translation>Metode, untuk publikasi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Warnings</source>
        <translation>Peringatan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/page.html"/>
        <source>Made by Deep Land Cover. The content is also in {file} for programs; the figures at 300 dots per inch are in {folder}.</source>
        <translation>Dibuat oleh Deep Land Cover. Isinya juga ada dalam {file} untuk program; gambar-gambarnya pada 300 titik per inci ada dalam {folder}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>of held-out {unit}s, not of the map; overall accuracy</source>
        <translation>dari {unit} yang disisihkan, bukan dari peta; akurasi keseluruhan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>percentage points of accuracy over the baseline</source>
        <translation>poin persentase akurasi terhadap model pembanding</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>split; {count:,} test samples from {clusters}</source>
        <translation>pembagian; {count:,} sampel uji dari {clusters}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>split; {count:,} test samples</source>
        <translation>pembagian; {count:,} sampel uji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>in {count:,}</source>
        <translation>dalam {count:,}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>“in 3” means in 3 {unit}s.</source>
        <translation>“dalam 3” berarti dalam 3 {unit}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>MAX_PER_CLASS, oversampling and class weights apply to training only; validation and test have the natural proportions of the classes.</source>
        <translation>MAX_PER_CLASS, oversampling, dan bobot kelas hanya berlaku untuk pelatihan; validasi dan uji memiliki proporsi alami kelas-kelasnya.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Members</source>
        <translation>Anggota</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>member</source>
        <translation>anggota</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>weight</source>
        <translation>bobot</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>accuracy alone</source>
        <translation>akurasi sendirian</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>change with it</source>
        <translation>perubahan dengannya</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>95 % interval</source>
        <translation>selang 95 %</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>weight by class</source>
        <translation>bobot menurut kelas</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Learning curves</source>
        <translation>Kurva pembelajaran</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>value</source>
        <translation>nilai</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>definition</source>
        <translation>definisi</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>fraction of test samples with the correct class</source>
        <translation>proporsi sampel uji dengan kelas yang benar</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>mean recall; all classes have the same weight</source>
        <translation>rata-rata recall; semua kelas berbobot sama</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>mean F1; all classes have the same weight</source>
        <translation>rata-rata F1; semua kelas berbobot sama</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>weighted F1</source>
        <translation>F1 berbobot</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>mean F1; all samples have the same weight</source>
        <translation>rata-rata F1; semua sampel berbobot sama</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>precision (user’s accuracy)</source>
        <translation>presisi (akurasi pengguna)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>recall (producer’s accuracy)</source>
        <translation>recall (akurasi pembuat)</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>test samples</source>
        <translation>sampel uji</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>“–” is a figure that is not defined for these samples.</source>
        <translation>“–” adalah angka yang tidak terdefinisi untuk sampel ini.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Confusion matrix as a table</source>
        <translation>Matriks konfusi sebagai tabel</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>reference ↓  predicted →</source>
        <translation>acuan ↓  prediksi →</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Accuracy by fold</source>
        <translation>Akurasi menurut fold</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>fold</source>
        <translation>fold</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Decision rules</source>
        <translation>Aturan keputusan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>All other figures here are for DECISION=accuracy, which assigns the most probable class. DECISION=balanced favours rare classes in a classification; on this test the two rules have these figures:</source>
        <translation>Semua angka lain di sini berlaku untuk DECISION=accuracy, yang menetapkan kelas yang paling mungkin. DECISION=balanced mengutamakan kelas langka dalam klasifikasi; pada uji ini kedua aturan itu memiliki angka berikut:</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Baseline</source>
        <translation>Model pembanding</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>baseline</source>
        <translation>model pembanding</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>gain</source>
        <translation>peningkatan</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>F1 of {label}</source>
        <translation>F1 {label}</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>The baseline is a {model}, fitted to the same training samples and tested on the same test samples. The intervals of the gains are paired: both models have the same bootstrap samples.</source>
        <translation>Model pembandingnya adalah {model}, yang dilatih pada sampel latih yang sama dan diuji pada sampel uji yang sama. Selang peningkatannya berpasangan: kedua model memakai sampel bootstrap yang sama.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Expected calibration error: {error} (before calibration {error_before}); log loss {loss} (before {loss_before}); Brier score {brier} (before {brier_before}).</source>
        <translation>Galat kalibrasi harapan: {error} (sebelum kalibrasi {error_before}); log loss {loss} (sebelumnya {loss_before}); skor Brier {brier} (sebelumnya {brier_before}).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>Expected calibration error: {error}; log loss {loss}; Brier score {brier}.</source>
        <translation>Galat kalibrasi harapan: {error}; log loss {loss}; skor Brier {brier}.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>The requested coverage is {coverage} %.</source>
        <translation>Cakupan yang diminta adalah {coverage} %.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>The sets contain the true class of {covered} % of the test samples (95 % confidence interval over whole {unit}s {ends} %).</source>
        <translation>Himpunan-himpunan itu memuat kelas sebenarnya dari {covered} % sampel uji (selang kepercayaan 95 % atas {unit} utuh: {ends} %).</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>The sets contain the true class of {covered} % of the test samples.</source>
        <translation>Himpunan-himpunan itu memuat kelas sebenarnya dari {covered} % sampel uji.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>{single} % of the sets have one class and {empty} % none; the mean is {size} classes.</source>
        <translation>{single} % dari himpunan memiliki satu kelas dan {empty} % tidak memiliki kelas; rata-ratanya {size} kelas.</translation>
    </message>
    <message>
        <location filename="../../core/reporting/templates/training.html"/>
        <source>seed</source>
        <translation>benih acak</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/corine.json"/>
        <source>CORINE Land Cover, level 3</source>
        <translation>CORINE Land Cover, tingkat 3</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/dynamicworld.json"/>
        <source>Dynamic World</source>
        <translation>Dynamic World</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/dynamicworld_safe.json"/>
        <source>Dynamic World, colour-blind safe</source>
        <translation>Dynamic World, aman bagi buta warna</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/esri.json"/>
        <source>Esri / Impact Observatory land cover</source>
        <translation>Tutupan lahan Esri / Impact Observatory</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/esri_safe.json"/>
        <source>Esri / Impact Observatory land cover, colour-blind safe</source>
        <translation>Tutupan lahan Esri / Impact Observatory, aman bagi buta warna</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/jambi.json"/>
        <source>Jambi, 6 classes</source>
        <translation>Jambi, 6 kelas</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/jambi_safe.json"/>
        <source>Jambi, 6 classes, colour-blind safe</source>
        <translation>Jambi, 6 kelas, aman bagi buta warna</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/klhk.json"/>
        <source>KLHK, penutupan lahan Indonesia</source>
        <translation>KLHK, penutupan lahan Indonesia</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/klhk_safe.json"/>
        <source>KLHK, penutupan lahan Indonesia, colour-blind safe</source>
        <translation>KLHK, penutupan lahan Indonesia, aman bagi buta warna</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/worldcover.json"/>
        <source>ESA WorldCover</source>
        <translation>ESA WorldCover</translation>
    </message>
    <message>
        <location filename="../../resources/schemes/worldcover_safe.json"/>
        <source>ESA WorldCover, colour-blind safe</source>
        <translation>ESA WorldCover, aman bagi buta warna</translation>
    </message>
    <message>
        <source>U-Net on {}</source>
        <translation type="vanished">U-Net pada {}</translation>
    </message>
    <message>
        <source>With fewer than 32 bits, patches whose two best classes have a small margin are computed again in a higher precision. The log says how many labels of a sample of the raster are then equal to those of 32 bits. &lt;code&gt;fp16&lt;/code&gt; and &lt;code&gt;bf16&lt;/code&gt; have 16 bits, of which bf16 keeps fewer digits. &lt;code&gt;tf32&lt;/code&gt;, for NVIDIA GPUs, lies between 16 and 32 bits. &lt;code&gt;int8&lt;/code&gt; has 8 bits, on the processor with OpenVINO and the package nncf; it is the fastest, is quantized with patches of the raster, and gives no probabilities. With APPLICABILITY and PREDICTION_SETS &lt;code&gt;auto&lt;/code&gt; is fp32. U-Nets are not computed again: for them &lt;code&gt;auto&lt;/code&gt; is tf32 on NVIDIA GPUs, and fp32 with EXACT or on other devices.</source>
        <translation type="vanished">Dengan kurang dari 32 bit, patch yang dua kelas terbaiknya bermargin kecil dihitung lagi dalam presisi lebih tinggi. Log menyebutkan berapa label dari sampel raster yang kemudian sama dengan label 32 bit. &lt;code&gt;fp16&lt;/code&gt; dan &lt;code&gt;bf16&lt;/code&gt; memiliki 16 bit, dan bf16 menyimpan lebih sedikit angka. &lt;code&gt;tf32&lt;/code&gt;, untuk GPU NVIDIA, terletak di antara 16 dan 32 bit. &lt;code&gt;int8&lt;/code&gt; memiliki 8 bit, pada prosesor dengan OpenVINO dan paket nncf; ini yang tercepat, dikuantisasi dengan patch raster, dan tidak memberi probabilitas. Dengan APPLICABILITY dan PREDICTION_SETS, &lt;code&gt;auto&lt;/code&gt; adalah fp32. U-Net tidak dihitung lagi: untuknya &lt;code&gt;auto&lt;/code&gt; adalah tf32 pada GPU NVIDIA, dan fp32 dengan EXACT atau pada perangkat lain.</translation>
    </message>
    <message>
        <source>For U-Nets it counts squares of 32 pixels.</source>
        <translation type="vanished">Untuk U-Net yang dihitung adalah bujur sangkar 32 piksel.</translation>
    </message>
    <message>
        <source>Makes the map of a U-Net independent of the tiles in which the raster is read. It takes several times as long.</source>
        <translation type="vanished">Membuat peta U-Net tidak bergantung pada petak pembacaan raster. Waktunya beberapa kali lebih lama.</translation>
    </message>
    <message>
        <source>The network then reads 320 pixels around each tile instead of 96. Without it up to one label in a thousand may differ, and no seams are visible. All other models are exact in any case.</source>
        <translation type="vanished">Jaringan kemudian membaca 320 piksel di sekeliling setiap petak, bukan 96. Tanpanya, paling banyak satu dari seribu label dapat berbeda, dan tidak ada sambungan yang terlihat. Semua model lain selalu eksak.</translation>
    </message>
    <message>
        <source>Model file of &apos;Train a land-cover model&apos; (.skops or .safetensors).</source>
        <translation type="vanished">Berkas model dari &apos;Latih model tutupan lahan&apos; (.skops atau .safetensors).</translation>
    </message>
    <message>
        <source>Patches in a training step; 32 to 256 are usual, 4 for U-Nets. Empty: the default of the architecture.</source>
        <translation type="vanished">Jumlah patch dalam satu langkah pelatihan; lazimnya 32 sampai 256, 4 untuk U-Net. Kosong: nilai bawaan arsitektur.</translation>
    </message>
    <message>
        <source>Trees train in minutes and need no GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt; and &lt;code&gt;tree_ensemble&lt;/code&gt;. The ensemble averages the latter two and also uses the classes around a pixel; it is among the most accurate in our tests. The &lt;code&gt;multiscale&lt;/code&gt; network is about as accurate and maps faster. Smaller networks such as &lt;code&gt;resnet18&lt;/code&gt; are faster and need fewer samples. U-Nets (&lt;code&gt;unet_resnet…&lt;/code&gt;) label all pixels of a tile at once and are the fastest networks in mapping. &lt;code&gt;hybrid&lt;/code&gt; is the ensemble of trees with the output of a resnet18 as additional features. Four networks are trained for it, three of them to give the trees outputs for samples that the network was not trained with. &lt;code&gt;ensemble&lt;/code&gt; combines resnet18 and tree_ensemble, or the members of MEMBERS and MEMBER_FILES: it adds the logarithms of their probabilities, with weights that come from training samples which the members were not trained with (COMBINE). A member that does not improve it has the weight 0 and takes no time in mapping.</source>
        <translation type="vanished">Pohon keputusan dilatih dalam hitungan menit dan tidak memerlukan GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt;, dan &lt;code&gt;tree_ensemble&lt;/code&gt;. Yang terakhir merata-ratakan dua sebelumnya dan juga memakai kelas di sekitar piksel; ia termasuk yang paling akurat dalam uji kami. Jaringan &lt;code&gt;multiscale&lt;/code&gt; kira-kira sama akuratnya dan memetakan lebih cepat. Jaringan yang lebih kecil seperti &lt;code&gt;resnet18&lt;/code&gt; lebih cepat dan memerlukan lebih sedikit sampel. U-Net (&lt;code&gt;unet_resnet…&lt;/code&gt;) melabeli semua piksel suatu petak sekaligus dan merupakan jaringan tercepat dalam pemetaan. &lt;code&gt;hybrid&lt;/code&gt; adalah ansambel pohon keputusan dengan keluaran resnet18 sebagai ciri tambahan. Empat jaringan dilatih untuknya, tiga di antaranya agar pohon mendapat keluaran untuk sampel yang tidak dipakai melatih jaringan itu. &lt;code&gt;ensemble&lt;/code&gt; menggabungkan resnet18 dan tree_ensemble, atau anggota dari MEMBERS dan MEMBER_FILES: logaritma probabilitasnya dijumlahkan, dengan bobot dari sampel latih yang tidak dipakai melatih anggotanya (COMBINE). Anggota yang tidak memperbaikinya berbobot 0 dan tidak memakan waktu dalam pemetaan.</translation>
    </message>
    <message>
        <source>Small patches train faster. For U-Nets it is the side of the training tiles, a multiple of 32.</source>
        <translation type="vanished">Patch kecil dilatih lebih cepat. Untuk U-Net ini adalah sisi petak pelatihan, kelipatan 32.</translation>
    </message>
    <message>
        <source>Adds to a ResNet a small network that reads the pixel itself and the squares of 3 to 15 pixels around it. Borders in the map become sharper.</source>
        <translation type="vanished">Menambahkan ke ResNet jaringan kecil yang membaca piksel itu sendiri dan bujur sangkar 3 sampai 15 piksel di sekelilingnya. Batas dalam peta menjadi lebih tajam.</translation>
    </message>
    <message>
        <source>The ResNet reads the patch. Without a centre branch the network is a plain ResNet. Initial weights of a plain ResNet serve both: with a centre branch, they are those of the ResNet.</source>
        <translation type="vanished">ResNet membaca patch. Tanpa cabang pusat, jaringannya adalah ResNet polos. Bobot awal ResNet polos berguna untuk keduanya: dengan cabang pusat, bobot itu menjadi bobot ResNet-nya.</translation>
    </message>
    <message>
        <source>Network and trees</source>
        <translation type="vanished">Jaringan dan pohon</translation>
    </message>
    <message>
        <source>Extremely randomised trees</source>
        <translation type="vanished">Extremely randomised trees</translation>
    </message>
    <message>
        <source>U-Net with ResNet{depth}</source>
        <translation type="vanished">U-Net dengan ResNet{depth}</translation>
    </message>
    <message>
        <source>Choose a file that &apos;Train a land-cover model&apos; has written.</source>
        <translation type="vanished">Pilih berkas yang ditulis oleh &apos;Latih model tutupan lahan&apos;.</translation>
    </message>
    <message>
        <source>weight {weight:.2f}; out-of-fold accuracy {accuracy:.1%}</source>
        <translation type="vanished">bobot {weight:.2f}; akurasi di luar lipatan {accuracy:.1%}</translation>
    </message>
    <message>
        <source>Spectral roles of bands whose names do not show them, such as &lt;code&gt;red=B4, nir=B8&lt;/code&gt;. Roles: coastal, blue, green, red, red_edge_1 to red_edge_3, nir, nir_narrow, swir1, swir2.</source>
        <translation type="vanished">Peran spektral band yang tidak tampak dari namanya, seperti &lt;code&gt;red=B4, nir=B8&lt;/code&gt;. Peran: coastal, blue, green, red, red_edge_1 sampai red_edge_3, nir, nir_narrow, swir1, swir2.</translation>
    </message>
    <message>
        <source>Weights that a network starts from. &lt;code&gt;none&lt;/code&gt;: random weights; &lt;code&gt;imagenet&lt;/code&gt;: PyTorch&apos;s ImageNet weights, downloaded once.</source>
        <translation type="vanished">Bobot yang menjadi awal jaringan. &lt;code&gt;none&lt;/code&gt;: bobot acak; &lt;code&gt;imagenet&lt;/code&gt;: bobot ImageNet dari PyTorch, diunduh satu kali.</translation>
    </message>
    <message>
        <source>ImageNet weights are read from the cache folder where they are there. Without a network connection the error names the file and its folder. A network with initial weights has no centre branch, and the log says so.</source>
        <translation type="vanished">Bobot ImageNet dibaca dari folder cache bila ada di sana. Tanpa koneksi jaringan, pesan kesalahan menyebutkan berkas dan foldernya. Jaringan dengan bobot awal tidak memiliki cabang pusat, dan log menyebutkannya.</translation>
    </message>
    <message>
        <source>File of initial weights for the same architecture, used instead of WEIGHTS. It can be from torchvision, TorchGeo, MoCo or Lightning, or a model of this plugin.</source>
        <translation type="vanished">Berkas bobot awal untuk arsitektur yang sama, dipakai sebagai ganti WEIGHTS. Berkas dapat berasal dari torchvision, TorchGeo, MoCo, atau Lightning, atau model plugin ini.</translation>
    </message>
    <message>
        <source>The number of bands may differ. The log and the model say which weights were used.</source>
        <translation type="vanished">Jumlah band boleh berbeda. Log dan model menyebutkan bobot mana yang dipakai.</translation>
    </message>
    <message>
        <source>First epochs in which only the last layers are trained and loaded weights do not change. 0 is usual; 1 to 5 may help where samples are few.</source>
        <translation type="vanished">Epoch pertama yang hanya melatih lapisan terakhir, sementara bobot yang dimuat tidak berubah. Lazimnya 0; 1 sampai 5 dapat membantu bila sampel sedikit.</translation>
    </message>
    <message>
        <source>The surroundings of another sample begin beyond a random line near the pixel. Maps become more accurate near borders, where training polygons are rare. 0 adds no borders. The multi-scale network and U-Nets do not use it.</source>
        <translation type="vanished">Sekeliling sampel lain dimulai di balik garis acak dekat piksel. Peta menjadi lebih akurat di dekat batas, tempat poligon latih jarang ada. 0 tidak menambah batas. Jaringan multiskala dan U-Net tidak memakainya.</translation>
    </message>
    <message>
        <source>The time of a training step is measured first. Where all epochs would take longer, fewer are trained; where fewer than 4 would be left, &lt;code&gt;ensemble&lt;/code&gt; trains the trees alone. The log tells the number of epochs and the time that all of them need. The time of trees and of reading is not part of the limit.</source>
        <translation type="vanished">Waktu satu langkah pelatihan diukur lebih dulu. Bila semua epoch akan memakan waktu lebih lama, epoch yang dilatih lebih sedikit; bila tersisa kurang dari 4, &lt;code&gt;ensemble&lt;/code&gt; hanya melatih pohon. Log menyebutkan jumlah epoch dan waktu yang diperlukan semuanya. Waktu untuk pohon dan pembacaan tidak termasuk dalam batas ini.</translation>
    </message>
    <message>
        <source>Trees train in minutes and need no GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt; and &lt;code&gt;tree_ensemble&lt;/code&gt;. The ensemble averages the latter two and also uses the classes around a pixel; it is among the most accurate in our tests. The &lt;code&gt;multiscale&lt;/code&gt; network is about as accurate and maps faster. Smaller networks such as &lt;code&gt;resnet18&lt;/code&gt; are faster and need fewer samples. U-Nets (&lt;code&gt;unet_resnet…&lt;/code&gt;) label all pixels of a tile at once and are the fastest networks in mapping. &lt;code&gt;hybrid&lt;/code&gt; is the ensemble of trees with the output of a resnet18 as additional features. Four networks are trained for it, three of them to give the trees outputs for samples that the network was not trained with. &lt;code&gt;ensemble&lt;/code&gt; combines resnet18 and tree_ensemble: it adds the logarithms of their probabilities, with weights that come from training samples which the parts were not trained with. A part that adds nothing has the weight 0 and takes no time in mapping.</source>
        <translation type="vanished">Pohon keputusan dilatih dalam hitungan menit dan tidak memerlukan GPU: &lt;code&gt;random_forest&lt;/code&gt;, &lt;code&gt;extra_trees&lt;/code&gt;, &lt;code&gt;gradient_boosting&lt;/code&gt;, dan &lt;code&gt;tree_ensemble&lt;/code&gt;. Yang terakhir merata-ratakan dua sebelumnya dan juga memakai kelas di sekitar piksel; ia termasuk yang paling akurat dalam uji kami. Jaringan &lt;code&gt;multiscale&lt;/code&gt; kira-kira sama akuratnya dan memetakan lebih cepat. Jaringan yang lebih kecil seperti &lt;code&gt;resnet18&lt;/code&gt; lebih cepat dan memerlukan lebih sedikit sampel. U-Net (&lt;code&gt;unet_resnet…&lt;/code&gt;) melabeli semua piksel suatu petak sekaligus dan merupakan jaringan tercepat dalam pemetaan. &lt;code&gt;hybrid&lt;/code&gt; adalah ansambel pohon keputusan dengan keluaran resnet18 sebagai ciri tambahan. Empat jaringan dilatih untuknya, tiga di antaranya agar pohon mendapat keluaran untuk sampel yang tidak dipakai melatih jaringan itu. &lt;code&gt;ensemble&lt;/code&gt; menggabungkan resnet18 dan tree_ensemble: logaritma probabilitasnya dijumlahkan, dengan bobot dari sampel latih yang tidak dipakai melatih anggotanya. Anggota yang tidak menambah apa pun berbobot 0 dan tidak memakan waktu dalam pemetaan.</translation>
    </message>
    <message>
        <source>The ResNet reads the patch. Without a centre branch the network is a plain ResNet, and so is a network with initial weights.</source>
        <translation type="vanished">ResNet membaca patch. Tanpa cabang pusat, jaringan adalah ResNet biasa, begitu pula jaringan dengan bobot awal.</translation>
    </message>
    <message>
        <source>&lt;p&gt;Trains a model for &lt;b&gt;Classify a raster&lt;/b&gt; that predicts the land cover of a pixel from the pixel and its surroundings. By default it combines a network on patches and an ensemble of trees on means and standard deviations of neighbourhoods; each can be trained alone.&lt;/p&gt;</source>
        <translation type="vanished">&lt;p&gt;Melatih model untuk &lt;b&gt;Klasifikasikan raster&lt;/b&gt; yang memprediksi tutupan lahan suatu piksel dari piksel itu dan sekelilingnya. Secara bawaan model menggabungkan jaringan pada patch dan ansambel pohon keputusan pada rata-rata dan simpangan baku ketetanggaan; masing-masing dapat dilatih sendiri.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Run time.&lt;/b&gt; Trees are trained for each fold, and once more with all samples. On processors the network of the default takes at most TIME_LIMIT, 10 minutes. Measured on an AMD EPYC: one training of &lt;i&gt;Trees with neighbourhoods&lt;/i&gt; on the demo scene 48 seconds on one core; ResNet50 with patches of 32 pixels 355 patches per second on two cores in batches of 64, 479 in batches of 256, so an epoch of 5,000 patches takes 10 to 14 seconds. The progress bar shows the remaining time.&lt;/p&gt;</source>
        <translation type="vanished">&lt;p&gt;&lt;b&gt;Waktu proses.&lt;/b&gt; Pohon dilatih untuk setiap fold, dan sekali lagi dengan semua sampel. Pada prosesor, jaringan dari model bawaan memakan waktu paling lama TIME_LIMIT, yaitu 10 menit. Diukur pada AMD EPYC: satu pelatihan &lt;i&gt;Pohon dengan ketetanggaan&lt;/i&gt; pada citra demo 48 detik pada satu inti; ResNet50 dengan patch 32 piksel 355 patch per detik pada dua inti dalam batch 64, 479 dalam batch 256, sehingga satu epoch 5.000 patch memerlukan 10 sampai 14 detik. Bilah kemajuan menunjukkan sisa waktu.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Common errors.&lt;/b&gt; &lt;i&gt;The file has several layers&lt;/i&gt;: name one of those that are listed. &lt;i&gt;None of the … labelled features lies in the raster&lt;/i&gt;: compare both in QGIS; one has a wrong coordinate reference system. &lt;i&gt;The samples must have at least two classes&lt;/i&gt;: choose another class field. &lt;i&gt;Class … has fewer than two samples&lt;/i&gt;: draw more polygons of it, or leave it out. &lt;i&gt;Class … is not in the model&lt;/i&gt;: the warning gives the reason. &lt;i&gt;The training diverged&lt;/i&gt;: lower LEARNING_RATE. &lt;i&gt;The memory of the GPU is full&lt;/i&gt;: halve BATCH_SIZE. &lt;i&gt;The ImageNet weights cannot be downloaded&lt;/i&gt;: put the file into the folder that the error names, or choose WEIGHTS=none.&lt;/p&gt;</source>
        <translation type="vanished">&lt;p&gt;&lt;b&gt;Kesalahan umum.&lt;/b&gt; &lt;i&gt;Berkas memiliki beberapa layer&lt;/i&gt;: sebutkan salah satu dari yang didaftar. &lt;i&gt;Tidak ada dari … fitur berlabel yang terletak di dalam raster&lt;/i&gt;: bandingkan keduanya di QGIS; salah satu memiliki sistem referensi koordinat yang salah. &lt;i&gt;Sampel harus memiliki sedikitnya dua kelas&lt;/i&gt;: pilih kolom kelas lain. &lt;i&gt;Kelas … memiliki kurang dari dua sampel&lt;/i&gt;: gambar lebih banyak poligonnya, atau tinggalkan kelas itu. &lt;i&gt;Kelas … tidak ada dalam model&lt;/i&gt;: peringatan menyebutkan alasannya. &lt;i&gt;Pelatihan divergen&lt;/i&gt;: turunkan LEARNING_RATE. &lt;i&gt;Memori GPU penuh&lt;/i&gt;: kurangi BATCH_SIZE menjadi setengahnya. &lt;i&gt;Bobot ImageNet tidak dapat diunduh&lt;/i&gt;: letakkan berkas di folder yang disebutkan pesan, atau pilih WEIGHTS=none.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>The weights cannot be read safely: {reason}</source>
        <translation type="vanished">Bobot tidak dapat dibaca dengan aman: {reason}</translation>
    </message>
    <message>
        <source>{url} is downloaded to {folder}.</source>
        <translation type="vanished">{url} diunduh ke {folder}.</translation>
    </message>
    <message>
        <source>The ImageNet weights cannot be downloaded: {reason}</source>
        <translation type="vanished">Bobot ImageNet tidak dapat diunduh: {reason}</translation>
    </message>
    <message>
        <source>Without a network, download {name} from this address on another computer, copy it to the folder {folder} and run again. Or choose WEIGHTS=none.</source>
        <translation type="vanished">Tanpa jaringan internet: ambil {name} dari alamat itu di komputer lain, letakkan di folder {folder}, dan jalankan lagi. Atau pilih WEIGHTS=none.</translation>
    </message>
    <message>
        <source>Give numbers, separated by commas, such as 0 or -9999, 65535.</source>
        <translation type="vanished">Berikan bilangan, dipisahkan dengan koma, seperti 0 atau -9999, 65535.</translation>
    </message>
    <message>
        <source>{member} has the weight {weight} in it. Alone, it classified {accuracy} % of out-of-fold training samples correctly.</source>
        <translation type="vanished">{member} mempunyai bobot {weight} di dalamnya. Sendirian, ia mengklasifikasikan {accuracy} % sampel latih out-of-fold dengan benar.</translation>
    </message>
    <message>
        <source>{member} adds nothing and is not used. Alone, it classified {accuracy} % of out-of-fold training samples correctly.</source>
        <translation type="vanished">{member} tidak menambah apa pun dan tidak dipakai. Sendirian, ia mengklasifikasikan {accuracy} % sampel latih out-of-fold dengan benar.</translation>
    </message>
    <message>
        <source>The network has no centre branch, because it starts from initial weights. CENTRE, CONTEXT_GRID and PYRAMID have no effect.</source>
        <translation type="vanished">Jaringan tidak memiliki cabang pusat, karena dimulai dari bobot awal. CENTRE, CONTEXT_GRID, dan PYRAMID tidak berpengaruh.</translation>
    </message>
    <message>
        <source>TIME_LIMIT leaves the network fewer than {count} epochs, so {member} is trained without it. Use a longer time limit to train both.</source>
        <translation type="vanished">TIME_LIMIT menyisakan kurang dari {count} epoch untuk jaringan, sehingga {member} dilatih tanpanya. Gunakan batas waktu yang lebih panjang untuk melatih keduanya.</translation>
    </message>
    <message>
        <source>{member}: out-of-fold accuracy {accuracy:.1%}. It adds nothing and is not used.</source>
        <translation type="vanished">{member}: akurasi out-of-fold {accuracy:.1%}. Anggota ini tidak menambah apa pun dan tidak dipakai.</translation>
    </message>
    <message>
        <source>FROZEN_EPOCHS has no effect, because no initial weights are loaded.</source>
        <translation type="vanished">FROZEN_EPOCHS tidak berpengaruh, karena tidak ada bobot yang dimuat.</translation>
    </message>
    <message>
        <source>The {all} epochs of the network take about {minutes:.1f} minutes.</source>
        <translation type="vanished">{all} epoch jaringan memakan waktu sekitar {minutes:.1f} menit.</translation>
    </message>
    <message>
        <source>The {all} epochs of the network would take {needed:.0f} minutes, longer than TIME_LIMIT. {epochs} of {all} epochs take about {minutes:.1f} minutes.</source>
        <translation type="vanished">{all} epoch jaringan akan memakan waktu {needed:.0f} menit, lebih lama daripada TIME_LIMIT. {epochs} dari {all} epoch memakan waktu sekitar {minutes:.1f} menit.</translation>
    </message>
    <message>
        <source>It consists of {member} alone: the other members were left out.</source>
        <translation type="vanished">Model hanya terdiri atas {member}: anggota lainnya ditinggalkan.</translation>
    </message>
    <message>
        <source>TIME_LIMIT leaves fewer than {count} epochs for {member}, so it is left out. Use a longer time limit to train it.</source>
        <translation type="vanished">TIME_LIMIT menyisakan kurang dari {count} epoch untuk {member}, jadi anggota ini ditinggalkan. Pakai batas waktu yang lebih lama untuk melatihnya.</translation>
    </message>
</context>
</TS>
