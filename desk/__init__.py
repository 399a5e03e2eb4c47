"""The analyst's desk: a dock that labels points and draws training polygons, imported when it is opened."""
