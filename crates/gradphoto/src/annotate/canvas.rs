//! Lines, shapes and letters on a white sheet.

use ab_glyph::ScaleFont;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Shader, Stroke, StrokeDash, Transform,
};

use super::ink::Colour;
use super::lettering::{Letters, Style};

/// A sheet to draw on; lengths are its pixels.
pub(super) struct Canvas {
    pixmap: Pixmap,
}

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) colour: Colour,
    pub(super) width: f32,
    pub(super) dash: Dash,
    pub(super) halo: Halo,
}

/// Whether a line is broken: a second sign beside colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// The rim that lifts a line off the photo below it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Halo {
    None,
    Dark,
    Light,
}

impl Canvas {
    /// A white sheet; `None` where it would be empty or exceed memory.
    pub(super) fn new(width: u32, height: u32) -> Option<Canvas> {
        let mut pixmap = Pixmap::new(width, height)?;
        pixmap.fill(Color::WHITE);
        Some(Canvas { pixmap })
    }

    /// `photo` scaled to `width` x `height`.
    pub(super) fn of_photo(photo: &RgbImage, width: u32, height: u32) -> Option<Canvas> {
        let mut canvas = Canvas::new(width, height)?;
        let source = TypedImageRef::<U8x3>::from_buffer(photo.width(), photo.height(), photo.as_raw()).ok()?;
        let mut scaled = TypedImage::<U8x3>::new(width, height);
        let smooth = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Resizer::new().resize_typed(&source, &mut scaled, &smooth).ok()?;
        for (place, pixel) in canvas.pixmap.data_mut().chunks_exact_mut(4).zip(scaled.pixels()) {
            place[..3].copy_from_slice(&pixel.0);
        }
        Some(canvas)
    }

    /// Puts another sheet on this one, its upper left corner at `x`, `y`; what does not fit is cut off.
    pub(super) fn place(&mut self, other: &Canvas, x: u32, y: u32) {
        let (from, to) = (other.pixmap.width() as usize * 4, self.pixmap.width() as usize * 4);
        let start = (x as usize * 4).min(to);
        let length = from.min(to - start);
        let rows = self.pixmap.data_mut().chunks_exact_mut(to).skip(y as usize);
        for (row, source) in rows.zip(other.pixmap.data().chunks_exact(from)) {
            row[start..][..length].copy_from_slice(&source[..length]);
        }
    }

    /// The finished picture.
    pub(super) fn into_image(self) -> RgbImage {
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let pixels = self.pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        RgbImage::from_raw(width, height, pixels).unwrap_or_else(|| RgbImage::new(width, height))
    }

    /// Draws along a path; nothing for a path without extent.
    pub(super) fn stroke(&mut self, path: Option<Path>, line: Line) {
        let Some(path) = path else { return };
        let width = line.width;
        let dash = match line.dash {
            Dash::Solid => None,
            Dash::Dashed => StrokeDash::new(vec![4.0 * width, 3.0 * width], 0.0),
            Dash::Dotted => StrokeDash::new(vec![0.1, 2.0 * width], 0.0),
        };
        let stroke = |width| Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            dash: dash.clone(),
            ..Stroke::default()
        };
        let mut draw = |colour: Colour, alpha, width| {
            self.pixmap.stroke_path(&path, &paint(colour, alpha), &stroke(width), Transform::identity(), None);
        };
        match line.halo {
            Halo::None => {}
            Halo::Dark => draw([0, 0, 0], 0.45, width + 2.0),
            Halo::Light => draw([255, 255, 255], 0.8, width + 2.5),
        }
        draw(line.colour, 1.0, width);
    }

    /// Fills a shape.
    pub(super) fn fill(&mut self, path: Option<Path>, colour: Colour) {
        if let Some(path) = path {
            let paint = paint(colour, 1.0);
            self.pixmap.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }

    /// Writes one line of text, its left end at `x`, its baseline at `y`.
    pub(super) fn write(&mut self, text: &str, x: f32, y: f32, style: Style) {
        let Some(letters) = Letters::of(style) else { return };
        let mut pen = x;
        for id in text.chars().map(|c| letters.font.glyph_id(c)) {
            let strokes = if style.bold { letters.boldness_px() } else { 0.0 };
            for shift in [0.0, strokes] {
                let glyph = id.with_scale_and_position(letters.font.scale(), ab_glyph::point(pen + shift, y));
                if let Some(outline) = letters.font.outline_glyph(glyph) {
                    let corner = outline.px_bounds().min;
                    outline.draw(|dx, dy, cover| {
                        self.blend(
                            corner.x as i64 + i64::from(dx),
                            corner.y as i64 + i64::from(dy),
                            style.colour,
                            cover,
                        );
                    });
                }
                if strokes == 0.0 {
                    break;
                }
            }
            pen += letters.font.h_advance(id) + strokes;
        }
    }

    fn blend(&mut self, x: i64, y: i64, colour: Colour, cover: f32) {
        let (width, height) = (i64::from(self.pixmap.width()), i64::from(self.pixmap.height()));
        if (0..width).contains(&x) && (0..height).contains(&y) {
            let pixel = &mut self.pixmap.data_mut()[(y * width + x) as usize * 4..][..3];
            for (below, above) in pixel.iter_mut().zip(colour) {
                let (under, over) = (f32::from(*below), f32::from(above));
                *below = (under + (over - under) * cover.clamp(0.0, 1.0)).round() as u8;
            }
        }
    }
}

/// A straight line.
pub(super) fn segment(from: (f32, f32), to: (f32, f32)) -> Option<Path> {
    polyline(&[from, to], false)
}

/// Straight lines from point to point.
pub(super) fn polyline(points: &[(f32, f32)], is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, &(x, y)) in points.iter().enumerate() {
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if is_closed {
        path.close();
    }
    path.finish()
}

/// A rectangle with rounded corners.
pub(super) fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let radius = radius.min(width / 2.0).min(height / 2.0).max(0.0);
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.quad_to(right, y, right, y + radius);
    path.line_to(right, bottom - radius);
    path.quad_to(right, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.quad_to(x, bottom, x, bottom - radius);
    path.line_to(x, y + radius);
    path.quad_to(x, y, x + radius, y);
    path.close();
    path.finish()
}

/// A circle.
pub(super) fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

/// A rectangle.
pub(super) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

fn paint([r, g, b]: Colour, alpha: f32) -> Paint<'static> {
    let mut colour = Color::from_rgba8(r, g, b, 255);
    colour.set_alpha(alpha);
    Paint { shader: Shader::SolidColor(colour), ..Paint::default() }
}
