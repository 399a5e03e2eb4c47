    var map = document.getElementById("map"), W = $width, H = $height, scale = 1, x = 0, y = 0;
    return {
      draw: function () { map.style.transform = "translate(" + x + "px," + y + "px) scale(" + scale + ")"; },
      whole: function () {
        var w = view.clientWidth, h = view.clientHeight;
        scale = 0.96 * Math.min(w / W, h / H); x = (w - W * scale) / 2; y = (h - H * scale) / 2;
      },
      closer: function (power, cx, cy) {
        var least = 0.5 * Math.min(view.clientWidth / W, view.clientHeight / H);
        var next = Math.min(32, Math.max(least, scale * Math.pow(2, power)));
        x = cx - (cx - x) * next / scale; y = cy - (cy - y) * next / scale; scale = next;
      },
      move: function (dx, dy) { x += dx; y += dy; },
      metres: function () { return $metres / scale; }
    };
