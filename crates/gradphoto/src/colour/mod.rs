//! Colour: sRGB to CIELAB, CIEDE2000.
