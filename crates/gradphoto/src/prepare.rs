//! The copy to upload: cropped and scaled to the standard's frame, in sRGB and compressed to its size, nothing else. A photo that is
//! all that already is its own copy.
//!
//! The standard forbids rotating, mirroring and retouching (clause 一.2), so a photo that needs more than a crop is refused
//! with the reason.

mod framing;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};

use crate::evidence::{Evidence, LYING_DEG, STANDARD_HEIGHT_PX, STANDARD_WIDTH_PX};
use crate::geometry::Region;
use crate::limit::Limit;
use crate::photo::{AiLabel, ColourModel};
use crate::profile::Profile;
use crate::report::Measurements;
use crate::rule::{Group, Rule};
use crate::rules::{self, RULES};
use crate::text::{Text, text};
use framing::{FRAME_RULES, Framing, clear_of_bounds};

/// Why there is no copy of a photo to upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct NoCopy(Text);

impl NoCopy {
    /// The reason as a sentence for the school office. [`Display`](std::fmt::Display) writes the English one.
    pub fn text(self) -> Text {
        self.0
    }
}

/// A finished copy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prepared {
    /// The file: JPEG, 480x640, 300 dpi. Where it is not the photo's own, 4:2:0 and without metadata, but for a label of AI.
    pub jpeg: Vec<u8>,
    /// Its IJG quality, 60 to 95, or the photo's own.
    pub quality: u8,
    /// What was cut out of the upright original, in its pixels.
    pub crop: Region,
    /// The pixels that were compressed.
    pub pixels: RgbImage,
}

impl Prepared {
    /// What was measured on the copy, its regions where they are on the original.
    pub fn on_original(&self, measured: Measurements) -> Measurements {
        measured.cropped_from(self.crop)
    }
}

/// Lowest quality allowed (clause 四.1), and the highest of use.
const QUALITY: (u8, u8) = (60, 95);
/// Bytes in a kilobyte, as in the rule `file-size`.
const KILOBYTE: f64 = 1024.0;

/// Makes the copy of a photo that meets the profile's framing and file size, as near to the middle of each range as one crop
/// can be; one of 480x640 that is in the frame keeps its pixels. They are cropped and scaled, never turned, mirrored or recoloured.
///
/// # Errors
/// [`NoCopy`] says why there is none: nobody or several people on the photo, mirrored by its EXIF note, not upright, not in
/// colours that are known, head cut, too few pixels, no room around the person, or no quality from 60 that gives the size.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "vision")] {
/// use gradphoto::{Checker, prepare};
///
/// let checker = Checker::new()?;
/// let copy = prepare(&checker.see("DSC_0001.jpg")?, checker.profile())?;
/// std::fs::write("zhang-san.jpg", copy.jpeg)?;
/// # }
/// # Ok(())
/// # }
/// ```
pub fn prepare(evidence: &Evidence, profile: &Profile) -> Result<Prepared, NoCopy> {
    copy(evidence, profile).map_err(NoCopy)
}

fn copy(evidence: &Evidence, profile: &Profile) -> Result<Prepared, Text> {
    if evidence.photo.file().is_some_and(|file| matches!(file.orientation, 2 | 4 | 5 | 7)) {
        return Err(text(
            "照片的方向标记表示镜像，规范禁止镜像，请用未镜像的原图。",
            "The orientation tag says that the photo is mirrored, which the standard forbids. Use an original that is not mirrored.",
        ));
    }
    alone(evidence)?;
    upright(evidence)?;
    if let Some(copy) = finished(evidence, profile) {
        return Ok(copy);
    }
    coloured(evidence)?;
    let crop = if is_framed(evidence, profile) { WHOLE } else { Framing::new(evidence, profile)?.best()? };
    let jpeg = evidence.photo.file().and_then(|file| file.jpeg);
    let is_spoilt = jpeg.is_some_and(|jpeg| band(profile, "jpeg-quality").side(jpeg.quality).is_some());
    if is_spoilt && crop.width < HIDES_BLOCKS * STANDARD_WIDTH_PX {
        return Err(text(
            "原片压缩过度，重新保存不能恢复，请用未压缩的原图。",
            "The photo was compressed too much, and saving it again restores nothing. Use the original.",
        ));
    }
    let original = evidence.photo.original().map_err(|_| DEFECT)?;
    let pixels = resized(&original, crop).ok_or(DEFECT)?;
    let size_kb = band(profile, "file-size");
    let label = evidence.photo.file().and_then(|file| file.ai_label);
    let (quality, jpeg) = match taken_everywhere(size_kb).map(|size_kb| compressed(&pixels, label, size_kb)) {
        Some(Ok(copy)) => copy,
        Some(Err(_)) | None => compressed(&pixels, label, size_kb)?,
    };
    Ok(Prepared { jpeg, quality, crop, pixels })
}

/// A photo of the standard's size as it is.
const WHOLE: Region = Region { x: 0.0, y: 0.0, width: STANDARD_WIDTH_PX, height: STANDARD_HEIGHT_PX };

/// Whether the photo is in the frame already, clear of the bounds: scaled once more it would only lose.
fn is_framed(evidence: &Evidence, profile: &Profile) -> bool {
    let size_px = (evidence.photo.width_px(), evidence.photo.height_px());
    let lies_clear =
        |id: &&str| value(evidence, id).is_some_and(|value| clear_of_bounds(band(profile, id)).side(value).is_none());
    size_px == (STANDARD_WIDTH_PX as u32, STANDARD_HEIGHT_PX as u32) && FRAME_RULES.iter().all(lies_clear)
}

/// The photo itself, where it lacks nothing that a copy would have: compressed once more it would only lose.
fn finished(evidence: &Evidence, profile: &Profile) -> Option<Prepared> {
    let jpeg = evidence.photo.bytes()?.to_vec();
    // Not everybody who takes it asks for its colour profile, nor should a second picture go with it.
    let facts = evidence.photo.file().filter(|file| file.is_srgb && !file.has_more)?;
    let meets = |rule: &Rule| {
        let own = band(profile, rule.id);
        let range = match rule.id {
            // No copy undoes what was done to the photo, nor what a face is, and none keeps its extension.
            "editing-trace" | "file-extension" | "natural-proportions" => return true,
            "file-size" => taken_everywhere(own).unwrap_or(own),
            _ => own,
        };
        (rule.measure)(evidence).is_ok_and(|measured| range.side(measured.value).is_none())
    };
    let mut rules = RULES.iter().filter(|rule| matches!(rule.group(), Group::File | Group::Framing));
    rules.all(|rule| meets(rule)).then(|| Prepared {
        jpeg,
        quality: facts.jpeg.map_or(QUALITY.1, |jpeg| jpeg.quality.round() as u8),
        crop: WHOLE,
        pixels: evidence.photo.pixels().clone(),
    })
}

/// Of the sizes that a profile takes those that every known portal takes too: 30 KB to less than 40 000 bytes. The text of
/// the standard, Xinhua, 奥鹏, Yunnan and Hunan agree in that.
fn taken_everywhere(size_kb: Limit) -> Option<Limit> {
    let (least, most) = (30.0, 39_999.0 / KILOBYTE);
    let (min, max) = (size_kb.min.map_or(least, |min| min.max(least)), size_kb.max.map_or(most, |max| max.min(most)));
    (min < max).then_some(Limit::between(min, max))
}

/// A picture that is made so much smaller no longer shows how it was compressed.
const HIDES_BLOCKS: f64 = 2.0;

const DEFECT: Text = text("程序内部错误，无法缩放。", "Internal fault: the photo cannot be scaled.");
/// Exactly one person, whatever profiles think of several.
fn alone(evidence: &Evidence) -> Result<(), Text> {
    match value(evidence, "single-face") {
        _ if evidence.subject.is_none() => Err(text(
            "未检测到人脸，无法裁剪；如人像在画面中太小，请先放大裁切，否则请重拍。",
            "No face was found, so there is nothing to crop to. If the person is small in the picture, cut away what is around; otherwise retake it.",
        )),
        Some(faces) if faces > 1.0 => Err(text(
            "照片中不止一人，无法判断裁剪谁，请先裁去其他人，或单独重拍。",
            "There is more than one person in the photo, and no telling which one is meant. Cut away the others first, or retake it.",
        )),
        _ => Ok(()),
    }
}

/// Whatever profiles think of a grey photo: no copy gives it colours, nor those that inks would have had on paper.
fn coloured(evidence: &Evidence) -> Result<(), Text> {
    if evidence.photo.file().is_some_and(|file| file.colour_model == ColourModel::Cmyk && file.is_srgb) {
        return Err(text(
            "照片是印刷用的 CMYK 颜色，缺少可用的颜色配置文件，显示的颜色不准，请导出为 RGB 图像。",
            "The photo is in CMYK, for print, without a colour profile that can be used: what it looks like is a guess. Export it as RGB.",
        ));
    }
    let bits_of_one = evidence.photo.file().map(|file| f64::from(file.bits_per_channel));
    match value(evidence, "colour-depth") {
        Some(bits) if Some(bits) == bits_of_one => {
            Err(text("照片是黑白的，请用彩色原图。", "The photo is black and white. Use an original in colour."))
        }
        _ => Ok(()),
    }
}

fn upright(evidence: &Evidence) -> Result<(), Text> {
    match value(evidence, "image-upright").unwrap_or(0.0) {
        // Nearer to a half turn than to a quarter.
        turn_deg if turn_deg > 135.0 => Err(text(
            "照片是倒着的，无法裁剪，请先把原图转正再处理。",
            "The photo is upside down, so it cannot be cropped. Turn the original upright first.",
        )),
        turn_deg if turn_deg > LYING_DEG => Err(text(
            "照片是横着的，无法裁剪，请先把原图转正再处理。",
            "The photo lies on its side, so it cannot be cropped. Turn the original upright first.",
        )),
        _ => Ok(()),
    }
}

/// What a rule measures on the photo, if it can.
fn value(evidence: &Evidence, id: &str) -> Option<f64> {
    rules::find(id).and_then(|rule| (rule.measure)(evidence).ok()).map(|measured| measured.value)
}

/// The range in which nobody need look: the profile's, or the rule's own where the profile has it off.
fn band(profile: &Profile, id: &str) -> Limit {
    let set = profile.settings(id).map(|settings| settings.review);
    set.or(rules::find(id).map(|rule| rule.requirement.review())).unwrap_or_default()
}

/// The crop scaled to the standard's frame.
fn resized(photo: &RgbImage, crop: Region) -> Option<RgbImage> {
    let (width, height) = (STANDARD_WIDTH_PX as u32, STANDARD_HEIGHT_PX as u32);
    let mut copy = RgbImage::new(width, height);
    let source = TypedImageRef::<U8x3>::from_buffer(photo.width(), photo.height(), photo.as_raw()).ok()?;
    let mut target = TypedImage::<U8x3>::from_buffer(width, height, copy.as_mut()).ok()?;
    // Rounding may put a crop beyond the edge by a hair, which the library refuses.
    let fitted = |start: f64, length: f64, side: u32| {
        let length = length.min(side.into());
        (start.min(f64::from(side) - length).max(0.0), length)
    };
    let ((x, crop_width), (y, crop_height)) =
        (fitted(crop.x, crop.width, photo.width()), fitted(crop.y, crop.height, photo.height()));
    let lanczos = ResizeAlg::Convolution(FilterType::Lanczos3);
    let options = ResizeOptions::new().resize_alg(lanczos).crop(x, y, crop_width, crop_height);
    Resizer::new().resize_typed(&source, &mut target, &options).ok()?;
    Some(copy)
}

/// The best quality whose file is not above the range, in kilobytes; an error where none lies in it.
fn compressed(pixels: &RgbImage, label: Option<AiLabel>, size_kb: Limit) -> Result<(u8, Vec<u8>), Text> {
    let is_small_enough = |file: &[u8]| size_kb.max.is_none_or(|max| file.len() as f64 <= max * KILOBYTE);
    let (mut low, mut high) = QUALITY;
    let mut best = (low, encoded(pixels, label, low)?);
    if !is_small_enough(&best.1) {
        return Err(text(
            "画面细节太多，品质降到60文件仍然过大，请换单色、均匀的背景。",
            "There is too much detail: the file is still too large at quality 60. Use a plain, even background.",
        ));
    }
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        let file = encoded(pixels, label, middle)?;
        if is_small_enough(&file) {
            (low, best) = (middle, (middle, file));
        } else {
            high = middle - 1;
        }
    }
    match size_kb.min {
        Some(min) if (best.1.len() as f64) < min * KILOBYTE => Err(text(
            "画面细节太少，最高品质下文件仍然过小，请用更清晰的原图。",
            "There is too little detail: the file is still too small at the highest quality. Use a sharper original.",
        )),
        _ => Ok(best),
    }
}

fn encoded(pixels: &RgbImage, label: Option<AiLabel>, quality: u8) -> Result<Vec<u8>, Text> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_density(PixelDensity::dpi(300));
    if let Some(label) = label {
        encoder.add_app_segment(1, label.segment()).map_err(|_| DEFECT)?;
    }
    let (width, height) = (pixels.width() as u16, pixels.height() as u16);
    encoder.encode(pixels.as_raw(), width, height, ColorType::Rgb).map_err(|_| DEFECT)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use image::imageops;

    use super::*;
    use crate::evidence::Class;
    use crate::photo::{Photo, Source};
    use crate::report::Outcome;
    use crate::testing::{FileBuilder, Portrait, insert_segment};

    fn profile() -> Profile {
        Profile::built_in(Profile::DEFAULT).expect("built in")
    }

    #[test]
    fn what_is_no_portrait_in_colour_is_refused() {
        let refused = |evidence: &Evidence| prepare(evidence, &profile()).expect_err("refused").to_string();
        assert!(refused(&Portrait::nobody()).contains("No face"));
        assert!(refused(&FileBuilder::jpeg().exif(2, None).evidence()).contains("mirrored"));
        assert!(refused(&Portrait::new().with_face(10.0, 20.0, 90.0, 0.8).evidence()).contains("more than one"));
        assert!(refused(&Portrait::new().turned(-90.0).evidence()).contains("on its side"));
        assert!(refused(&Portrait::new().turned(180.0).evidence()).contains("upside down"));
        let mut inks = vec![];
        let mixed = [90_u8, 30, 20, 10].repeat(480 * 640);
        Encoder::new(&mut inks, 90).encode(&mixed, 480, 640, ColorType::Cmyk).expect("encodes");
        let printed = Photo::load(Source::Bytes("a.jpg".to_owned(), inks)).expect("whole");
        assert!(refused(&Evidence { photo: printed, ..Portrait::new().evidence() }).contains("CMYK"));
        let grey = FileBuilder::jpeg().grey().evidence().photo;
        assert!(refused(&Evidence { photo: grey, ..Portrait::new().evidence() }).contains("black and white"));
        let cut = Portrait::new().paint(Class::Hair, [140.0, 0.0, 200.0, 100.0], [30, 25, 25]).evidence();
        assert!(refused(&cut).contains("cut off"));
        let mut two = Portrait::new().evidence();
        two.faces.extend_from_within(..);
        assert!(refused(&two).contains("more than one"));
    }

    /// A portrait with fine texture, so that a file of it has some size.
    fn textured() -> Evidence {
        let grain = |class, base: [i32; 3]| {
            move |portrait: Portrait| {
                portrait.recoloured(class, move |p| {
                    let noise = ((p.x * 12.9898 + p.y * 78.233).sin() * 43758.5453).fract() * 36.0 - 18.0 + p.x / 24.0;
                    base.map(|c| (f64::from(c) + noise).clamp(0.0, 255.0) as u8)
                })
            }
        };
        let portrait = grain(Class::Cloth, [60, 60, 80])(Portrait::new());
        grain(Class::Skin, [200, 150, 130])(portrait).evidence()
    }

    /// A crop scaled to the copy's size by the definition of Lanczos' filter with three lobes: every pixel of the crop, whose
    /// edges lie between pixels, counts by its distance.
    fn scaled(photo: &RgbImage, crop: Region) -> RgbImage {
        let lanczos = |x: f64| match x * std::f64::consts::PI {
            _ if x.abs() >= 3.0 => 0.0,
            px if px.abs() < 1e-9 => 1.0,
            px => 3.0 * px.sin() * (px / 3.0).sin() / px.powi(2),
        };
        let weights = |start: f64, length: f64, pixels: u32, of: u32| {
            let scale = length / f64::from(pixels);
            let weights = (0..pixels).map(|i| {
                let (centre, reach) = (start + (f64::from(i) + 0.5) * scale, 3.0 * scale.max(1.0));
                let near = (centre - reach).max(0.0) as u32..((centre + reach).ceil() as u32).min(of);
                let weight = |j: u32| (j, lanczos((f64::from(j) + 0.5 - centre) / scale.max(1.0)));
                let weights = near.map(weight).collect::<Vec<_>>();
                let sum = weights.iter().map(|(_, weight)| weight).sum::<f64>();
                weights.into_iter().map(|(j, weight)| (j, weight / sum)).collect::<Vec<_>>()
            });
            weights.collect::<Vec<_>>()
        };
        let across = weights(crop.x, crop.width, 480, photo.width());
        let down = weights(crop.y, crop.height, 640, photo.height());
        let row = |y: u32| {
            let pixel = |weights: &Vec<(u32, f64)>| {
                let sum =
                    |c: usize| weights.iter().map(|(x, w)| w * f64::from(photo.get_pixel(*x, y).0[c])).sum::<f64>();
                [sum(0), sum(1), sum(2)]
            };
            across.iter().map(pixel).collect::<Vec<_>>()
        };
        let rows = (0..photo.height()).map(row).collect::<Vec<_>>();
        RgbImage::from_fn(480, 640, |x, y| {
            let sum =
                |c: usize| down[y as usize].iter().map(|(j, w)| w * rows[*j as usize][x as usize][c]).sum::<f64>();
            image::Rgb([sum(0), sum(1), sum(2)].map(|v| v.round().clamp(0.0, 255.0) as u8))
        })
    }

    #[test]
    fn the_copy_is_a_plain_crop_and_scale_of_the_original() {
        let evidence = textured();
        let lower_eyes = profile().with_review("eye-line", Limit::between(255.0, 300.0)).expect("within its limit");
        let copy = prepare(&evidence, &lower_eyes).expect("fits");
        assert!(copy.crop.width < 479.0, "{:?}", copy.crop);
        let plain = scaled(evidence.photo.pixels(), copy.crop);
        let difference = |other: &RgbImage| {
            let pairs = std::iter::zip(copy.pixels.as_raw(), other.as_raw());
            pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / plain.as_raw().len() as f64
        };
        assert!(difference(&plain) < 0.5, "{}", difference(&plain));
        assert!(difference(&imageops::flip_horizontal(&plain)) > 2.0 * difference(&plain), "mirrored");
        assert!(difference(&imageops::rotate180(&plain)) > 10.0 * difference(&plain), "turned");
        let decoded = image::load_from_memory(&copy.jpeg).expect("a JPEG").into_rgb8();
        assert_eq!(decoded.dimensions(), (480, 640));
        let mean = |picture: &RgbImage, c: usize| {
            picture.pixels().map(|p| f64::from(p.0[c])).sum::<f64>() / f64::from(480 * 640)
        };
        for channel in 0..3 {
            assert!((mean(&decoded, channel) - mean(&plain, channel)).abs() < 1.5, "recoloured");
        }
    }

    #[test]
    fn a_photo_that_lacks_nothing_is_its_own_copy() {
        let drawn = textured();
        let file = |min, max| compressed(drawn.photo.pixels(), None, Limit::between(min, max)).expect("fits").1;
        let copy = |file: &[u8]| {
            let photo = Photo::load(Source::Bytes("a.jpg".to_owned(), file.to_vec())).expect("whole");
            prepare(&Evidence { photo, ..textured() }, &profile()).expect("fits")
        };
        let (finished, too_small) = (file(30.0, 39.0), file(20.0, 29.0));
        let photo = Photo::load(Source::Bytes("a.JPEG".to_owned(), finished.clone())).expect("whole");
        assert_eq!(prepare(&Evidence { photo, ..textured() }, &profile()).expect("fits").jpeg, finished);
        assert_eq!(copy(&finished).jpeg, finished);
        assert_eq!(copy(&finished).crop, Region { x: 0.0, y: 0.0, width: 480.0, height: 640.0 });
        let larger = copy(&too_small);
        assert!(larger.jpeg.len() > 30 * 1024, "the profile takes it, other portals do not");
        let own = image::load_from_memory(&too_small).expect("a JPEG").into_rgb8();
        assert!(
            larger.crop == WHOLE
                && std::iter::zip(larger.pixels.as_raw(), own.as_raw()).all(|(a, b)| a.abs_diff(*b) < 2)
        );
        // A face out of proportion is so in every copy.
        let photo = Photo::load(Source::Bytes("a.jpg".to_owned(), finished.clone())).expect("whole");
        let odd = profile().with_review("natural-proportions", Limit::between(1.14, 1.15)).expect("within its limit");
        assert_eq!(prepare(&Evidence { photo, ..textured() }, &odd).expect("fits").jpeg, finished);
    }

    #[test]
    fn the_copy_holds_no_second_picture() {
        let drawn = textured();
        let mut file = compressed(drawn.photo.pixels(), None, Limit::between(30.0, 38.0)).expect("fits").1;
        let copy = |file: &[u8]| {
            let photo = Photo::load(Source::Bytes("a.jpg".to_owned(), file.to_vec())).expect("whole");
            prepare(&Evidence { photo, ..textured() }, &profile()).expect("fits").jpeg
        };
        // A small picture in EXIF may show what was cut away.
        let exif = |next: u8| {
            let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0".to_vec();
            exif.extend([next, 0, 0, 0]);
            exif.extend(b"\x01\0\x01\x02\x04\0\x01\0\0\0\x2c\0\0\0\0\0\0\0");
            let mut file = file.clone();
            insert_segment(&mut file, 0xE1, &exif);
            file
        };
        let (without, with) = (exif(0), exif(26));
        assert_eq!(copy(&without), without);
        assert_ne!(copy(&with), with);
        file.extend(b"\0\0\r\n");
        assert_eq!(copy(&file), file, "padding");
        let map = file[..400].to_vec();
        file.extend(map);
        let starts = |file: &[u8]| file.windows(3).filter(|bytes| *bytes == [0xFF, 0xD8, 0xFF]).count();
        assert_eq!((starts(&file), starts(&copy(&file))), (2, 1));
    }

    #[test]
    fn the_copy_of_a_photo_in_other_colours_is_in_srgb() {
        let drawn = textured();
        let mut file = compressed(drawn.photo.pixels(), None, Limit::between(30.0, 38.0)).expect("fits").1;
        let profile_p3 = moxcms::ColorProfile::new_display_p3().encode().expect("encodes");
        insert_segment(&mut file, 0xE2, &[b"ICC_PROFILE\0\x01\x01", profile_p3.as_slice()].concat());
        assert!(file.len() < 39_999, "lacks nothing else");
        let load = |file: &[u8]| Photo::load(Source::Bytes("a.jpg".to_owned(), file.to_vec())).expect("whole");
        let is_srgb = |photo: &Photo| photo.file().expect("came from a file").is_srgb;
        let photo = load(&file);
        assert!(!is_srgb(&photo));
        let copy = prepare(&Evidence { photo, ..textured() }, &profile()).expect("fits");
        assert!(copy.jpeg != file && is_srgb(&load(&copy.jpeg)));
    }

    #[test]
    fn the_copy_of_what_an_artificial_intelligence_made_says_so_too() {
        let load = |file: &[u8]| Photo::load(Source::Bytes("a.jpg".to_owned(), file.to_vec())).expect("whole");
        for label in AiLabel::ALL.iter().map(|label| Some(*label)) {
            let too_small = compressed(textured().photo.pixels(), label, Limit::between(20.0, 29.0)).expect("fits").1;
            let copy = prepare(&Evidence { photo: load(&too_small), ..textured() }, &profile()).expect("fits").jpeg;
            assert_ne!(copy, too_small);
            assert_eq!(load(&copy).file().and_then(|file| file.ai_label), label);
        }
    }

    #[test]
    fn what_is_measured_on_the_copy_is_found_on_the_original() {
        let evidence = textured();
        let copy = prepare(&evidence, &profile()).expect("fits");
        let regions = |measured: &Measurements| {
            let readings = measured.readings.iter().filter_map(|reading| match &reading.outcome {
                Outcome::Value { region, .. } => *region,
                Outcome::NotAssessed(_) => None,
            });
            readings.collect::<Vec<_>>()
        };
        let measured = Measurements::of(&evidence);
        let on_copy = regions(&measured);
        let on_original = regions(&copy.on_original(measured));
        assert!(!on_copy.is_empty() && on_copy.len() == on_original.len());
        // The whole copy is the crop: what lies at a share of the one lies at the same share of the other.
        for (on_copy, on_original) in std::iter::zip(on_copy, on_original) {
            let shares = [
                (on_copy.x / 480.0, (on_original.x - copy.crop.x) / copy.crop.width),
                (on_copy.y / 640.0, (on_original.y - copy.crop.y) / copy.crop.height),
                (on_copy.width / 480.0, on_original.width / copy.crop.width),
                (on_copy.height / 640.0, on_original.height / copy.crop.height),
            ];
            assert!(shares.iter().all(|(a, b)| (a - b).abs() < 1e-9), "{shares:?}");
        }
    }

    #[test]
    fn the_copy_has_the_size_of_the_profile_at_the_best_quality() {
        let copy = prepare(&textured(), &profile()).expect("fits");
        let bytes = copy.jpeg.len();
        assert!((30 * 1024..40_000).contains(&bytes) && (60..=95).contains(&copy.quality), "{bytes}");
        let better = encoded(&copy.pixels, None, copy.quality + 1).expect("encodes");
        assert!(copy.quality == QUALITY.1 || better.len() >= 40_000);
        let sizes = |min, max| taken_everywhere(Limit::between(min, max));
        assert_eq!(sizes(20.0, 40.0), Some(Limit::between(30.0, 39_999.0 / 1024.0)));
        assert_eq!((sizes(50.0, 100.0), sizes(20.0, 30.0)), (None, None), "the profile's own range");
        let plain = RgbImage::new(480, 640);
        assert!(compressed(&plain, None, Limit::between(20.0, 40.0)).expect_err("too plain").en.contains("too small"));
        let noise = RgbImage::from_fn(480, 640, |x, y| image::Rgb([((x * 7919) ^ (y * 104_729)) as u8; 3]));
        assert!(compressed(&noise, None, Limit::between(20.0, 40.0)).expect_err("too rich").en.contains("too large"));
    }
}
