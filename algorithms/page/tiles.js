    // Positions are parts of the width of Web Mercator, from its upper left corner.
    var map = document.getElementById("map"), FIRST = $first, LAST = $last, sides = $sides, SIZE = 256;
    var zoom = LAST, cx = 0.5, cy = 0.5, tiles = {};
    function width() { return SIZE * Math.pow(2, zoom); }
    return {
      draw: function () {
        var w = view.clientWidth, h = view.clientHeight, scale = width();
        var level = Math.max(FIRST, Math.min(LAST, Math.round(zoom))), count = Math.pow(2, level), edge = scale / count;
        var left = cx * scale - w / 2, top = cy * scale - h / 2, seen = {};
        var from = [Math.max(sides[0] * count, left / edge), Math.max(sides[1] * count, top / edge)].map(Math.floor);
        var to = [Math.min(sides[2] * count, (left + w) / edge), Math.min(sides[3] * count, (top + h) / edge)].map(Math.floor);
        for (var x = from[0]; x <= to[0]; x++) for (var y = from[1]; y <= to[1]; y++) {
          var name = level + "/" + x + "/" + y, tile = tiles[name];
          if (!tile) {
            tile = tiles[name] = new Image(); tile.draggable = false; tile.alt = "";
            tile.onerror = function () { this.style.display = "none"; };
            tile.src = name + ".png"; map.appendChild(tile);
          }
          seen[name] = true; tile.style.width = tile.style.height = edge + "px";
          tile.style.transform = "translate(" + (x * edge - left) + "px," + (y * edge - top) + "px)";
        }
        Object.keys(tiles).forEach(function (name) { if (!seen[name]) { tiles[name].remove(); delete tiles[name]; } });
      },
      whole: function () {
        cx = (sides[0] + sides[2]) / 2; cy = (sides[1] + sides[3]) / 2;
        zoom = Math.log2(0.96 * Math.min(view.clientWidth / (sides[2] - sides[0]), view.clientHeight / (sides[3] - sides[1])) / SIZE);
      },
      closer: function (power, px, py) {
        var before = width(), dx = px - view.clientWidth / 2, dy = py - view.clientHeight / 2;
        zoom = Math.max(FIRST - 2, Math.min(LAST + 4, zoom + power));
        cx += dx / before - dx / width(); cy += dy / before - dy / width();
      },
      move: function (dx, dy) { cx -= dx / width(); cy -= dy / width(); },
      metres: function () { return 40075016.69 * Math.cos(Math.atan(Math.sinh(Math.PI * (1 - 2 * cy)))) / width(); }
    };
