//! The chunks of a PNG (PNG third edition, chapters 4.3, 5.3 and 11.3), and the colours that they declare.

use std::iter;

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients, ToneReprCurve,
    TransferCharacteristics,
};

/// Kind and content of each chunk.
fn chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = file.get(8..).unwrap_or_default();
    iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (kind, after) = after.split_first_chunk()?;
        let (data, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = after.get(4..).unwrap_or_default();
        Some((*kind, data))
    })
}

/// The first chunk of a kind that comes before the pixels.
pub(super) fn before_pixels<'a>(file: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    chunks(file).take_while(|(kind, _)| kind != b"IDAT").find(|(kind, _)| kind == wanted).map(|(_, data)| data)
}

/// EXIF, before or behind the pixels.
pub(super) fn exif(file: &[u8]) -> Option<&[u8]> {
    chunks(file).find(|(kind, _)| kind == b"eXIf").map(|(_, data)| data)
}

/// Texts, each behind its keyword and a zero.
pub(super) fn texts(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    chunks(file).filter(|(kind, _)| matches!(kind, b"tEXt" | b"iTXt")).map(|(_, text)| text)
}

/// Whether it is meant for screens that shine brighter than white paper: its levels are those of a film (PQ or HLG).
pub(super) fn is_hdr(file: &[u8]) -> bool {
    matches!(before_pixels(file, b"cICP"), Some([_, 16 | 18, 0, _]))
}

/// The colours that chunks declare by number: cICP, which goes before a profile, or cHRM and gAMA where there is nothing else.
pub(super) fn declared_colours(file: &[u8]) -> Option<ColorProfile> {
    if let Some(&[primaries, transfer, 0, _]) = before_pixels(file, b"cICP") {
        let points = CicpProfile {
            color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
            transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        };
        let profile = ColorProfile::new_from_cicp(points);
        // Without a curve the numbers were none.
        return profile.red_trc.is_some().then_some(profile);
    }
    if before_pixels(file, b"iCCP").is_some() || before_pixels(file, b"sRGB").is_some() {
        return None;
    }
    let mut profile = ColorProfile::new_srgb();
    let points = before_pixels(file, b"cHRM").and_then(chromaticities);
    let exponent = before_pixels(file, b"gAMA").and_then(exponent);
    if let Some([white, red, green, blue]) = points {
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    }
    if let Some(exponent) = exponent {
        profile.cicp = None;
        let curve = Some(ToneReprCurve::Parametric(vec![exponent]));
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve.clone(), curve.clone(), curve);
    }
    (points.is_some() || exponent.is_some()).then_some(profile)
}

/// White, red, green and blue of cHRM; `None` where they span no colours.
fn chromaticities(chunk: &[u8]) -> Option<[Chromaticity; 4]> {
    let numbers = chunk.as_chunks().0.iter().map(|number| u32::from_be_bytes(*number) as f32 / 1e5).collect::<Vec<_>>();
    let &[wx, wy, rx, ry, gx, gy, bx, by] = numbers.as_slice() else { return None };
    // Twice the area of the triangle; that of sRGB is 0.22.
    let area = (gx - rx) * (by - ry) - (bx - rx) * (gy - ry);
    let is_possible = area.abs() > 0.02 && wy > 0.1 && numbers.iter().all(|number| *number < 1.0);
    is_possible.then(|| [(wx, wy), (rx, ry), (gx, gy), (bx, by)].map(|(x, y)| Chromaticity::new(x, y)))
}

/// The exponent from levels to light of gAMA; `None` for the 2.2 that stands for sRGB, and for what no screen has.
fn exponent(chunk: &[u8]) -> Option<f32> {
    let exponent = 1e5 / u32::from_be_bytes(*chunk.first_chunk()?) as f32;
    ((0.9..4.0).contains(&exponent) && (exponent - 2.2).abs() > 0.05).then_some(exponent)
}

#[cfg(test)]
mod tests {
    use image::codecs::png::PngEncoder;
    use image::{ExtendedColorType, ImageEncoder};

    use crate::error::Error;
    use crate::photo::{Photo, Source};

    const STORED: [u8; 3] = [180, 120, 60];

    /// A picture of one colour with a chunk of each kind and content before its pixels.
    fn load(chunks: &[(&[u8; 4], &[u8])], profile: Option<Vec<u8>>) -> Result<Photo, Error> {
        Photo::load(Source::Bytes("a.png".to_owned(), file(chunks, profile)))
    }

    fn file(chunks: &[(&[u8; 4], &[u8])], profile: Option<Vec<u8>>) -> Vec<u8> {
        let mut file = vec![];
        let mut encoder = PngEncoder::new(&mut file);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).expect("has profiles");
        }
        encoder.write_image(&STORED.repeat(64), 8, 8, ExtendedColorType::Rgb8).expect("encodes");
        let chunk = |(kind, data): &(&[u8; 4], &[u8])| {
            let named = [kind.as_slice(), data].concat();
            let checksum = named.iter().fold(u32::MAX, |sum, byte| {
                (0..8).fold(sum ^ u32::from(*byte), |sum, _| sum >> 1 ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
            });
            [&(data.len() as u32).to_be_bytes()[..], &named, &(!checksum).to_be_bytes()].concat()
        };
        // Right behind the header.
        file.splice(33..33, chunks.iter().flat_map(chunk));
        file
    }

    #[test]
    fn exif_behind_the_pixels_turns_the_picture_as_before_them() {
        let lying = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let before = file(&[(b"eXIf", lying)], None);
        let (chunk, rest) = before[33..].split_at(12 + lying.len());
        let (pixels, end) = rest.split_at(rest.len() - 12);
        let behind = [&before[..33], pixels, chunk, end].concat();
        for file in [before, behind] {
            let photo = Photo::load(Source::Bytes("a.png".to_owned(), file)).expect("whole");
            assert_eq!(photo.file().expect("came from a file").orientation, 6);
        }
    }

    fn shown(chunks: &[(&[u8; 4], &[u8])], profile: Option<Vec<u8>>) -> ([u8; 3], bool) {
        let photo = load(chunks, profile).expect("whole");
        (photo.pixels().get_pixel(4, 4).0, photo.file().expect("came from a file").is_srgb)
    }

    fn near((shown, is_srgb): ([u8; 3], bool), expected: [u8; 3]) -> bool {
        !is_srgb && shown.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1)
    }

    fn chromaticities(of: [u32; 8]) -> Vec<u8> {
        of.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    const P3: [u32; 8] = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000];
    const SRGB: [u32; 8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];
    /// What the colour is in Display P3 (SMPTE EG 432-1), and with light as the power of 1.8.
    const OF_P3: [u8; 3] = [190, 117, 45];
    const OF_GAMMA: [u8; 3] = [193, 139, 77];

    #[test]
    fn colours_are_those_that_the_chunks_declare() {
        assert!(near(shown(&[(b"cICP", &[12, 13, 0, 1])], None), OF_P3));
        assert!(near(shown(&[(b"cHRM", &chromaticities(P3))], None), OF_P3));
        assert!(near(shown(&[(b"gAMA", &55_556_u32.to_be_bytes())], None), OF_GAMMA));
    }

    #[test]
    fn the_surest_word_on_colours_counts() {
        let p3 = || moxcms::ColorProfile::new_display_p3().encode().ok();
        let (srgb, wide) = (chromaticities(SRGB), chromaticities(P3));
        assert!(near(shown(&[(b"cHRM", &srgb)], p3()), OF_P3));
        for chunks in [
            &[(b"cICP", &[1, 13, 0, 1][..])][..],
            &[(b"sRGB", &[0]), (b"cHRM", &wide)],
            &[(b"cHRM", &srgb), (b"gAMA", &45_455_u32.to_be_bytes())],
            // What means nothing.
            &[(b"cICP", &[2, 2, 0, 1])],
            &[(b"cHRM", &[0; 32]), (b"gAMA", &[0; 4])],
        ] {
            assert_eq!(shown(chunks, None), (STORED, true), "{chunks:?}");
        }
        assert_eq!(shown(&[(b"cICP", &[1, 13, 0, 1])], p3()), (STORED, true));
    }

    #[test]
    fn a_picture_for_bright_screens_is_said_to_be() {
        for transfer in [16, 18] {
            let error = load(&[(b"cICP", &[9, transfer, 0, 1])], None).expect_err("no photo");
            assert!(error.to_string().contains("HDR") && error.to_string().contains("ordinary JPEG"), "{error}");
        }
    }
}
