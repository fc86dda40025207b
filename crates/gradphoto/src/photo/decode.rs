//! The bytes of a file, decoded.

use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use sha2::{Digest, Sha256};

use super::{FileFacts, FileFormat, MAX_FILE_BYTES, Photo, Reduction};
use super::{colour_space, jpeg, reduced, still, too_large};
use crate::error::Error;
use crate::text::{Reason, hex};

pub fn decoded(name: &str, bytes: &[u8], reduction: Reduction) -> Result<Photo, Error> {
    decode(name, bytes, reduction).map_err(|reason| Error::decode(name, reason))
}

/// Decodes the bytes of a file; an error is a sentence that says what is wrong and how to mend it.
fn decode(name: &str, bytes: &[u8], reduction: Reduction) -> Result<Photo, Reason> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let format = FileFormat::detect(bytes)?;
    let stored = match format {
        FileFormat::Jpeg => jpeg::decode(bytes, reduction)?,
        _ => still::decode(format, bytes)?,
    };
    let reduction = reduction(stored.size_px.0, stored.size_px.1);
    let pixels = reduced(flattened(stored.picture), stored.size_px, reduction);
    let orientation = stored.notes.orientation();
    let mut picture = DynamicImage::from(pixels);
    picture.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    let mut pixels = picture.into_rgb8();
    let is_srgb = !stored.is_converted && colour_space::convert_to_srgb(&mut pixels, &stored.notes);
    let (width, height) = stored.size_px;
    let original_px = if orientation > 4 { (height, width) } else { (width, height) };
    let facts = FileFacts {
        size_bytes: bytes.len() as u64,
        extension: Path::new(name).extension().map(|extension| extension.to_string_lossy().into_owned()),
        format,
        bits_per_channel: stored.bits_per_channel,
        colour_model: stored.model,
        is_srgb,
        density: stored.notes.density(),
        orientation,
        software: stored.notes.software(),
        ai_label: stored.notes.ai_label(),
        jpeg: stored.jpeg,
        has_more: stored.has_more,
    };
    let (name, sha256) = (name.to_owned(), hex(&Sha256::digest(bytes)));
    Ok(Photo { name, sha256, pixels, original_px, reduction, origin: None, file: Some(facts) })
}

/// 8-bit RGB; what is transparent becomes white.
fn flattened(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    // Some bitmaps have a channel for it that nobody filled.
    let is_unset = rgba.pixels().all(|pixel| pixel.0[3] == 0);
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, alpha] = rgba.get_pixel(x, y).0.map(u16::from);
        let alpha = if is_unset { 255 } else { alpha };
        image::Rgb([r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageBuffer, ImageEncoder, ImageFormat, Rgb};
    use jpeg_encoder::{ColorType, Encoder};
    use moxcms::{ColorProfile, DataColorSpace, LutDataType, LutStore, LutType, LutWarehouse, Matrix3d, ProfileClass};

    use super::*;
    use crate::error::ErrorKind;
    use crate::photo::{ColourModel, Density, Source};
    use crate::testing::FileBuilder;

    fn load(bytes: Vec<u8>) -> Result<Photo, Error> {
        Photo::load(Source::Bytes("a.jpg".to_owned(), bytes))
    }

    fn facts(photo: &Photo) -> &FileFacts {
        photo.file().expect("came from a file")
    }

    #[test]
    fn all_eight_orientations_come_out_upright() {
        // The builder's red grows to the right and its green downwards, so every corner is known.
        let is_dark = |photo: &Photo, x: u32, y: u32| {
            let [r, g, _] = photo.pixels().get_pixel(x, y).0;
            (r < 40, g < 40)
        };
        // Where the stored upper left corner is shown: right edge, lower edge.
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 0), (1, 1), (0, 1)];
        for (orientation, (right, lower)) in (1..=8).zip(corners) {
            let photo = load(FileBuilder::jpeg().sized(240, 320).exif(orientation, None).build()).expect("whole");
            let upright = if orientation < 5 { (240, 320) } else { (320, 240) };
            assert_eq!(photo.pixels().dimensions(), upright, "{orientation}");
            let (x, y) = (right * (upright.0 - 1), lower * (upright.1 - 1));
            assert_eq!(is_dark(&photo, x, y), (true, true), "{orientation}");
            assert_eq!(facts(&photo).orientation, orientation);
        }
    }

    #[test]
    fn an_embedded_wide_gamut_becomes_srgb() {
        let p3 = [180u8, 120, 60];
        let pixels = p3.repeat(64);
        let profile = || ColorProfile::new_display_p3().encode().expect("encodes");
        let (mut png, mut webp) = (vec![], vec![]);
        let mut encoder = image::codecs::png::PngEncoder::new(&mut png);
        encoder.set_icc_profile(profile()).expect("png has profiles");
        encoder.write_image(&pixels, 8, 8, image::ExtendedColorType::Rgb8).expect("encodes");
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
        encoder.set_icc_profile(profile()).expect("webp has profiles");
        encoder.write_image(&pixels, 8, 8, image::ExtendedColorType::Rgb8).expect("encodes");
        // Display P3 to linear sRGB (SMPTE EG 432-1 primaries, D65), then the sRGB curve.
        let linear = p3.map(|v| ((f64::from(v) / 255.0 + 0.055) / 1.055).powf(2.4));
        let rows = [[1.22494, -0.22494, 0.0], [-0.04206, 1.04206, 0.0], [-0.01964, -0.07864, 1.09828]];
        for (file, format) in [(png, "PNG"), (webp, "WebP"), (tiff(&pixels, 8, &profile()), "TIFF")] {
            let photo = load(file).expect(format);
            assert_eq!((facts(&photo).format.name(), facts(&photo).is_srgb), (format, false));
            for (row, shown) in rows.iter().zip(photo.pixels().get_pixel(4, 4).0) {
                let light = row.iter().zip(linear).map(|(m, v)| m * v).sum::<f64>();
                let expected = 255.0 * (1.055 * light.powf(1.0 / 2.4) - 0.055);
                assert!((expected - f64::from(shown)).abs() <= 2.0, "{format}: {shown} is not {expected:.1}");
            }
        }
    }

    #[test]
    fn inks_are_shown_by_the_profile_of_their_printer() {
        let mut ink = ColorProfile::default();
        (ink.color_space, ink.pcs) = (DataColorSpace::Cmyk, DataColorSpace::Lab);
        ink.profile_class = ProfileClass::OutputDevice;
        ink.lut_a_to_b_perceptual = Some(printer(|inks| if inks[1] > 0 { [50, 178, 128] } else { [255, 128, 128] }));
        let magenta = [0_u8, 255, 0, 0].repeat(16 * 16);
        let encoded = |profile: Option<&[u8]>| {
            let mut file = vec![];
            let mut encoder = Encoder::new(&mut file, 95);
            profile.iter().for_each(|profile| encoder.add_icc_profile(profile).expect("fits"));
            encoder.encode(&magenta, 16, 16, ColorType::Cmyk).expect("encodes");
            load(file).expect("whole")
        };
        let [by_profile, roughly] = [Some(ink.encode().expect("encodes").as_slice()), None].map(encoded);
        assert_eq!([&by_profile, &roughly].map(|photo| facts(photo).is_srgb), [false, true]);
        // L* 20, a* 50, b* 0 in sRGB.
        let shown = by_profile.pixels().get_pixel(8, 8).0;
        assert!(shown.iter().zip([106, 0, 50]).all(|(a, b)| a.abs_diff(b) < 12), "{shown:?}");
        assert!(roughly.pixels().get_pixel(8, 8).0.iter().zip([255, 0, 255]).all(|(a, b)| a.abs_diff(b) < 12));
    }

    /// A table of what 16 mixtures of inks look like, in Lab.
    fn printer(lab: impl Fn([u8; 4]) -> [u8; 3]) -> LutWarehouse {
        let mixtures = (0..16_u8).map(|number| [3, 2, 1, 0].map(|bit| number >> bit & 1));
        let straight = |channels| LutStore::Store16((0..channels).flat_map(|_| [0, u16::MAX]).collect());
        LutWarehouse::Lut(LutDataType {
            num_input_channels: 4,
            num_output_channels: 3,
            num_clut_grid_points: 2,
            matrix: Matrix3d::IDENTITY,
            num_input_table_entries: 2,
            num_output_table_entries: 2,
            input_table: straight(4),
            clut_table: LutStore::Store16(mixtures.flat_map(lab).map(|level| u16::from(level) << 8).collect()),
            output_table: straight(3),
            lut_type: LutType::Lut16,
        })
    }

    /// A TIFF of one strip of RGB with a colour profile (tag 34675).
    fn tiff(pixels: &[u8], side: u32, profile: &[u8]) -> Vec<u8> {
        let [strip, bits] = [8, 8 + pixels.len() as u32];
        let [icc, directory] = [bits + 6, bits + 6 + profile.len() as u32];
        let short = |tag: u16, value: u32| (tag, 3_u16, 1, value);
        let entries = [
            short(256, side),
            short(257, side),
            (258, 3, 3, bits),
            short(259, 1),
            short(262, 2),
            (273, 4, 1, strip),
            short(277, 3),
            short(278, side),
            (279, 4, 1, pixels.len() as u32),
            (34675, 7, profile.len() as u32, icc),
        ];
        let mut file = [b"II*\0", &directory.to_le_bytes()[..], pixels, &[8, 0, 8, 0, 8, 0], profile].concat();
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
        }
        file.extend([0; 4]);
        file
    }

    #[test]
    fn sixteen_bit_pictures_are_reduced_and_said_to_be() {
        let deep = ImageBuffer::<Rgb<u16>, _>::from_pixel(8, 8, Rgb([0x8000, 0xFFFF, 0x0101]));
        let mut file = Cursor::new(vec![]);
        DynamicImage::from(deep).write_to(&mut file, ImageFormat::Png).expect("encodes");
        let photo = load(file.into_inner()).expect("whole");
        assert_eq!(photo.pixels().get_pixel(0, 0).0, [128, 255, 1]);
        assert_eq!((facts(&photo).bits_per_channel, facts(&photo).format), (16, FileFormat::Png));
    }

    #[test]
    fn cmyk_and_grey_are_shown_in_colour_and_said_to_be() {
        let mut cmyk = vec![];
        let cyan = [255u8, 0, 0, 0].repeat(16 * 16);
        Encoder::new(&mut cmyk, 95).encode(&cyan, 16, 16, ColorType::Cmyk).expect("encodes");
        let photo = load(cmyk).expect("whole");
        assert_eq!(facts(&photo).colour_model, ColourModel::Cmyk);
        let [r, g, b] = photo.pixels().get_pixel(8, 8).0;
        assert!(r < 40 && g > 100 && b > 100, "cyan is shown as {r}, {g}, {b}");
        let mut ycck = vec![];
        Encoder::new(&mut ycck, 95).encode(&cyan, 16, 16, ColorType::CmykAsYcck).expect("encodes");
        let photo_ycck = load(ycck).expect("whole");
        assert_eq!(facts(&photo_ycck).colour_model, ColourModel::Cmyk);
        assert!(std::iter::zip(photo_ycck.pixels().as_raw(), photo.pixels().as_raw()).all(|(a, b)| a.abs_diff(*b) < 8));
        let grey = load(FileBuilder::jpeg().grey().build()).expect("whole");
        assert_eq!(facts(&grey).colour_model, ColourModel::Grey);
    }

    #[test]
    fn the_true_format_and_density_are_told_whatever_the_name() {
        let square = |dpi| Density { across_dpi: dpi, down_dpi: dpi };
        let jpeg = load(FileBuilder::jpeg().dpi(Some(240)).build()).expect("whole");
        assert_eq!((facts(&jpeg).format, facts(&jpeg).density), (FileFormat::Jpeg, Some(square(240.0))));
        let png = load(FileBuilder::png().build()).expect("whole");
        assert_eq!((facts(&png).format, facts(&png).density), (FileFormat::Png, None));
    }

    #[test]
    fn what_is_no_whole_picture_is_an_error_that_says_so() {
        let reason = |bytes: &[u8]| load(bytes.to_vec()).expect_err("must not load").to_string();
        assert!(reason(b"").contains("empty"));
        let blank = Photo::load(Source::Pixels("a".to_owned(), RgbImage::new(0, 640)));
        assert_eq!(blank.expect_err("nothing to see").kind(), ErrorKind::Decode);
        assert!(reason(b"Dear student office,").contains("plain text"));
        assert!(reason("a照片".repeat(200).as_bytes()).contains("plain text"));
        let answers =
            ["<!DOCTYPE html>", "\u{FEFF}\r\n<?xml version='1.0'?><Error>", "{\"code\":401}", "{\n  \"msg\": 1}"];
        assert!(answers.iter().all(|answer| reason(answer.as_bytes()).contains("download the photo again")));
        assert!(
            ["<?xml version='1.0'?><svg", "{\\rtf1"].iter().all(|text| reason(text.as_bytes()).contains("plain text"))
        );
        assert!(reason(&[0; 600]).contains("nothing but zeros; copy it again"));
        assert!(reason(&[&[0; 600][..], &[1]].concat()).contains("not a picture"));
        assert!(reason(b"GIF89a\x01\0\x01\0").contains("GIF"));
        assert!(
            reason(b"PK\x03\x04 photos").contains("unpack it") && reason(b"Rar!\x1a\x07").contains("unpack it first")
        );
        assert!(reason(b"\0\0\0\x18ftypheic\0\0\0\0").contains("HEIC"));
        assert!(reason(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heicavif").contains("HEIC"), "the next box");
        assert!(reason(b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf").contains("AVIF"));
        assert!(reason(b"\0\0\0\x18ftypmsf1\0\0\0\0msf1avis").contains("AVIF"));
        let (jpeg, png) = (FileBuilder::jpeg().build(), FileBuilder::png().build());
        let readable = |file: &[u8]| file.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes();
        for file in [&jpeg, &png] {
            for spoilt in [readable(file), String::from_utf8_lossy(file).into_owned().into_bytes()] {
                assert!(reason(&spoilt).contains("took it for text"));
            }
            for before in ["\u{FEFF}", "\r\n"] {
                assert!(reason(&[before.as_bytes(), file].concat()).contains("took it for text"));
            }
        }
        for length in (0..jpeg.len()).step_by(1024) {
            assert!(reason(&jpeg[..length]).ends_with(": a.jpg"), "{length}");
        }
        for length in (0..png.len()).step_by(1024) {
            assert!(reason(&png[..length]).ends_with(": a.jpg"), "{length}");
        }
    }

    #[test]
    fn a_header_that_claims_too_much_is_refused_undecoded() {
        let mut jpeg = FileBuilder::jpeg().build();
        let frame = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).expect("a baseline frame");
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFD, 0xE8, 0xFD, 0xE8]);
        let error = load(jpeg).expect_err("65000x65000");
        assert!(error.to_string().contains("65000x65000"), "{error}");
        // PNG of 9000x9000 pixels with four channels, of 16 bits each or of 8: head and an empty chunk of data.
        let png = |bits: u8, checksum: u32| {
            let side = 9000_u32.to_be_bytes();
            let head = [b"IHDR", side.as_slice(), &side, &[bits, 6, 0, 0, 0]].concat();
            let (head_length, data) = (13_u32.to_be_bytes(), *b"\0\0\0\0IDAT\x35\xAF\x06\x1E");
            [b"\x89PNG\r\n\x1A\n".as_slice(), &head_length, &head, &checksum.to_be_bytes(), &data].concat()
        };
        let error = |file| load(file).expect_err("no pixels").to_string();
        assert!(error(png(16, 0x3D45_AEF9)).contains("larger than this program decodes"));
        assert!(error(png(8, 0x6DD5_72BA)).contains("damaged"));
    }

    #[test]
    fn an_animation_is_refused_with_advice() {
        let mut png = FileBuilder::png().build();
        // acTL of two frames, right behind the header.
        png.splice(33..33, *b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\xf3\x8d\x93\x70");
        let error = load(png).expect_err("animated");
        assert!(error.to_string().contains("single still photo"), "{error}");
    }

    #[test]
    fn no_png_is_opened_without_a_limit_on_memory() {
        // An animation whose lines are too long: without a limit it is seen to be animated.
        let header = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\x10\0\0\0\0\0\0\x01\x08\x02\0\0\0\xcb\xb2\x9e\x3a";
        let rest = b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\xf3\x8d\x93\x70\0\0\0\0IDAT\x35\xaf\x06\x1e";
        let error = load([&header[..], rest].concat()).expect_err("268435456 pixels a line");
        assert!(error.to_string().contains("larger than this program decodes"), "{error}");
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let glass = ImageBuffer::from_pixel(8, 8, image::Rgba([0u8, 100, 200, 51]));
        let mut file = Cursor::new(vec![]);
        DynamicImage::from(glass).write_to(&mut file, ImageFormat::Png).expect("encodes");
        assert_eq!(load(file.into_inner()).expect("whole").pixels().get_pixel(0, 0).0, [204, 224, 244]);
    }

    #[test]
    fn a_photo_that_carries_srgb_stays_as_it_is() {
        let picture = RgbImage::from_fn(256, 256, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8]));
        let mut file = vec![];
        let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
        encoder.set_icc_profile(ColorProfile::new_srgb().encode().expect("encodes")).expect("png has profiles");
        encoder.write_image(&picture, 256, 256, image::ExtendedColorType::Rgb8).expect("encodes");
        let photo = load(file).expect("whole");
        assert!(photo.pixels() == &picture && facts(&photo).is_srgb);
    }
}
