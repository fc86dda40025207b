//! Dots per inch, wherever a format keeps them.

use super::{FileFormat, png};

/// Dots per inch as a file names them; both finite and above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Density {
    /// Along the width.
    pub across_dpi: f64,
    /// Along the height.
    pub down_dpi: f64,
}

impl Density {
    /// A density in EXIF's units: 2 for the inch, 3 for the centimetre; `None` in others, or where it is none.
    pub(super) fn new(across: f64, down: f64, unit: u32) -> Option<Density> {
        let inches = match unit {
            2 => 1.0,
            3 => 2.54,
            _ => return None,
        };
        let density = Density { across_dpi: across * inches, down_dpi: down * inches };
        let is_density = |dpi: f64| dpi.is_finite() && dpi > 0.0;
        (is_density(density.across_dpi) && is_density(density.down_dpi)).then_some(density)
    }

    /// The axis that is farther from `dpi`.
    pub(crate) fn farthest_from(self, dpi: f64) -> f64 {
        let Density { across_dpi, down_dpi } = self;
        if (down_dpi - dpi).abs() > (across_dpi - dpi).abs() { down_dpi } else { across_dpi }
    }

    /// Photoshop's ResolutionInfo: dots per inch in 16.16 bits, whatever unit it shows.
    pub(super) fn of_photoshop(resource: &[u8]) -> Option<Density> {
        let fixed = |at: usize| {
            let bytes = resource.get(at..at + 4)?.first_chunk()?;
            Some(f64::from(u32::from_be_bytes(*bytes)) / 65536.0)
        };
        Density::new(fixed(0)?, fixed(8)?, 2)
    }

    /// What the header of a PNG or a bitmap says.
    pub(super) fn of_header(format: FileFormat, bytes: &[u8]) -> Option<Density> {
        match format {
            FileFormat::Png => of_png(bytes),
            FileFormat::Bmp => of_bmp(bytes),
            FileFormat::Jpeg | FileFormat::WebP | FileFormat::Tiff => None,
        }
    }
}

const INCHES_PER_METRE: f64 = 39.370_078_740_157_48;

/// Dots per metre, rounded to whole ones an inch, since 300 dpi are stored as 11811 per metre.
fn per_metre(across: u32, down: u32) -> Option<Density> {
    let [across, down] = [across, down].map(|dots| (f64::from(dots) / INCHES_PER_METRE).round());
    Density::new(across, down, 2)
}

/// The pHYs chunk, when its unit is the metre.
fn of_png(bytes: &[u8]) -> Option<Density> {
    let [x3, x2, x1, x0, y3, y2, y1, y0, 1, ..] = *png::before_pixels(bytes, b"pHYs")? else { return None };
    per_metre(u32::from_be_bytes([x3, x2, x1, x0]), u32::from_be_bytes([y3, y2, y1, y0]))
}

/// biXPelsPerMeter and biYPelsPerMeter, which headers of less than 40 bytes do not have.
fn of_bmp(bytes: &[u8]) -> Option<Density> {
    bytes.get(14).filter(|size| **size >= 40)?;
    let dots = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..at + 4)?.first_chunk()?));
    per_metre(dots(38)?, dots(42)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(dpi: f64) -> Option<Density> {
        Some(Density { across_dpi: dpi, down_dpi: dpi })
    }

    #[test]
    fn what_is_no_density_is_none() {
        assert_eq!(Density::new(300.0, 300.0, 2), square(300.0));
        assert_eq!(Density::new(100.0, 100.0, 3), square(254.0));
        for (across, unit) in [(300.0, 1), (0.0, 2), (f64::INFINITY, 2), (f64::NAN, 2), (-1.0, 2)] {
            assert_eq!(Density::new(across, 300.0, unit), None, "{across} {unit}");
        }
        assert_eq!(Density { across_dpi: 300.0, down_dpi: 72.0 }.farthest_from(300.0), 72.0);
    }

    #[test]
    fn png_and_bmp_count_by_the_metre() {
        let png = |chunks: &[u8]| of_png(&[b"\x89PNG\r\n\x1a\n".as_slice(), chunks].concat());
        let density = b"\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01crc.";
        assert_eq!(png(density), square(300.0));
        assert_eq!(png(&[b"\0\0\0\x04tEXtpHYscrc.".as_slice(), density].concat()), square(300.0));
        assert_eq!(png(b"\0\0\0\x04IDATpHYs"), None);
        let mut header = [0; 54];
        header[38..42].copy_from_slice(&11811u32.to_le_bytes());
        header[42..46].copy_from_slice(&11811u32.to_le_bytes());
        assert_eq!(of_bmp(&header), None);
        header[14] = 40;
        assert_eq!(of_bmp(&header), square(300.0));
    }

    #[test]
    fn photoshop_counts_in_fixed_point() {
        let resource = [0, 72, 0x80, 0, 0, 1, 0, 1, 1, 44, 0, 0, 0, 1, 0, 1];
        assert_eq!(Density::of_photoshop(&resource), Some(Density { across_dpi: 72.5, down_dpi: 300.0 }));
        assert_eq!(Density::of_photoshop(&resource[..9]), None);
    }
}
