//! A drawn portrait for the rules' own tests: flat colours on a 480x640 photo, every part where a test puts it.

use std::io::Cursor;
use std::sync::LazyLock;

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::evidence::{
    Appearance, Class, ClothingState, DetectedFace, Evidence, HeadPose, Landmarks, Parsing, Subject,
};
use crate::evidence::{BROWS, CHEEKS, EYES, FACE_OVAL};
use crate::geometry::{Point, Region};
use crate::photo::{Photo, Source};
use crate::profile::Profile;
use crate::report::{Measurements, Outcome, Report};
use crate::rule::{Requirement, Rule};
use crate::text::Language;

/// A portrait that meets every rule until a test changes it.
#[derive(Clone)]
pub(crate) struct Portrait {
    pixels: RgbImage,
    classes: Vec<Class>,
    landmarks: Box<[[f64; 3]; Landmarks::COUNT]>,
    head_pose: HeadPose,
    appearance: Appearance,
    faces: Vec<DetectedFace>,
}

/// Photo pixels per crop pixel: the crop covers the 480x640 photo exactly.
const SCALE: f64 = 480.0 / Parsing::WIDTH as f64;

impl Portrait {
    /// Height of both iris centres.
    pub(crate) const EYE_Y: f64 = 250.0;
    /// Height of both brows.
    pub(crate) const BROW_Y: f64 = 220.0;
    /// Standard light blue.
    pub(crate) const BLUE: [u8; 3] = [100, 197, 255];
    /// A well lit skin colour, L* 70, a* 15, b* 18.
    pub(crate) const SKIN: [u8; 3] = [212, 160, 140];

    pub(crate) fn new() -> Self {
        let centre = [240.0, 280.0, 0.0];
        let portrait = Portrait {
            pixels: RgbImage::new(480, 640),
            classes: vec![Class::Background; Parsing::WIDTH * Parsing::HEIGHT],
            landmarks: Box::new([centre; Landmarks::COUNT]),
            head_pose: HeadPose { yaw_deg: 0.0, pitch_deg: 0.0, roll_deg: 0.0 },
            appearance: Appearance {
                eyes_open: [0.99; 2].into(),
                glasses_worn: 0.01,
                head_covered: 0.01,
                face_covered: 0.01,
                made_up: 0.02,
                hair_untidy: 0.02,
                clothing: ClothingState {
                    collar_absent: 0.02,
                    hood: 0.02,
                    shoulders_bare: 0.02,
                    necklace: 0.02,
                    patterned: 0.02,
                },
                ears_visible: [0.99; 2].into(),
                earrings: [0.01; 2].into(),
            },
            faces: vec![DetectedFace {
                bounds: Region { x: 135.0, y: 190.0, width: 210.0, height: 210.0 },
                score: 0.9,
            }],
        };
        portrait
            .paint(Class::Background, [0.0, 0.0, 480.0, 640.0], Self::BLUE)
            .paint(Class::Cloth, [40.0, 500.0, 400.0, 140.0], [40, 40, 45])
            .paint(Class::Neck, [190.0, 380.0, 100.0, 130.0], Self::SKIN)
            .paint(Class::Hair, [140.0, 80.0, 200.0, 120.0], [30, 25, 25])
            .paint(Class::Skin, [140.0, 160.0, 200.0, 240.0], Self::SKIN)
            // brows of 44x8 px
            .ring(&BROWS.right, 195.0, Self::BROW_Y, 22.0, 4.0)
            .ring(&BROWS.left, 285.0, Self::BROW_Y, 22.0, 4.0)
            // eyes: lids, irises with a radius of 7 px
            .ring(&EYES.right, 195.0, Self::EYE_Y, 20.0, 6.0)
            .ring(&EYES.left, 285.0, Self::EYE_Y, 20.0, 6.0)
            .point(33, 175.0, Self::EYE_Y)
            .point(133, 215.0, Self::EYE_Y)
            .point(263, 305.0, Self::EYE_Y)
            .point(362, 265.0, Self::EYE_Y)
            .iris(468, 195.0, Self::EYE_Y)
            .iris(473, 285.0, Self::EYE_Y)
            // contour: forehead, chin, cheeks
            .ring(&FACE_OVAL, 240.0, 280.0, 100.0, 120.0)
            .ring(&CHEEKS.right, 180.0, 310.0, 25.0, 25.0)
            .ring(&CHEEKS.left, 300.0, 310.0, 25.0, 25.0)
            // closed mouth
            .point(13, 240.0, 345.0)
            .point(14, 240.0, 345.0)
            .point(61, 205.0, 345.0)
            .point(291, 275.0, 345.0)
    }

    /// A photo on which no face is found.
    pub(crate) fn nobody() -> Evidence {
        Evidence { subject: None, faces: vec![], ..Portrait::new().evidence() }
    }

    /// A photo that shows neither neck nor chest.
    pub(crate) fn ending_at_the_chin() -> Evidence {
        Portrait::new().point(152, 240.0, 636.0).evidence()
    }

    /// Puts mesh point `index` at `x`, `y`.
    pub(crate) fn point(mut self, index: usize, x: f64, y: f64) -> Self {
        self.landmarks[index] = [x, y, 0.0];
        self
    }

    /// Spreads mesh points evenly on an ellipse, clockwise from the top.
    fn ring(mut self, points: &[usize], x: f64, y: f64, rx: f64, ry: f64) -> Self {
        for (i, &index) in points.iter().enumerate() {
            let (sin, cos) = (std::f64::consts::TAU * i as f64 / points.len() as f64).sin_cos();
            self.landmarks[index] = [x + rx * sin, y - ry * cos, 0.0];
        }
        self
    }

    fn iris(self, index: usize, x: f64, y: f64) -> Self {
        self.point(index, x, y)
            .point(index + 1, x + 7.0, y)
            .point(index + 2, x, y - 7.0)
            .point(index + 3, x - 7.0, y)
            .point(index + 4, x, y + 7.0)
    }

    /// Changes what the nets say of the whole.
    pub(crate) fn seeming(mut self, change: impl FnOnce(&mut Appearance)) -> Self {
        change(&mut self.appearance);
        self
    }

    /// Shows the eyes between the drawn lids, 40x12 px each, to the parsing; the picture stays as it is.
    pub(crate) fn parsed_eyes(self) -> Self {
        let on = |p: Point, x: f64| ((p.x - x) / 20.0).powi(2) + ((p.y - Self::EYE_Y) / 6.0).powi(2) < 1.0;
        self.paint_where(Class::Eye, |p| on(p, 195.0) || on(p, 285.0), |_| Self::SKIN)
    }

    /// Puts on glasses of 150x60 px whose lenses show this colour.
    pub(crate) fn glasses(self, rgb: [u8; 3]) -> Self {
        self.paint(Class::Glasses, [165.0, 225.0, 150.0, 60.0], rgb)
    }

    /// Puts brows and nose where sharpness is measured between them.
    pub(crate) fn spread_eyes(self) -> Self {
        let brows = [(70, 170.0), (107, 225.0), (336, 255.0), (300, 310.0)];
        brows
            .into_iter()
            .fold(self, |portrait, (i, x)| portrait.point(i, x, Self::EYE_Y - 30.0))
            .point(195, 240.0, 280.0)
    }

    /// The picture cut to its upper left corner, with nobody on it.
    pub(crate) fn cropped_to(&self, width: u32, height: u32) -> Evidence {
        let pixels = image::imageops::crop_imm(&self.pixels, 0, 0, width, height).to_image();
        let photo = Photo::load(Source::Pixels("drawn".to_owned(), pixels)).expect("pixels need no decoding");
        Evidence::new(photo, vec![], None)
    }

    /// Moves all mesh points, not the picture.
    pub(crate) fn moved(mut self, dx: f64, dy: f64) -> Self {
        self.landmarks.iter_mut().for_each(|p| (p[0], p[1]) = (p[0] + dx, p[1] + dy));
        self
    }

    /// Scales the mesh about the middle of the photo, across and down, not the picture.
    pub(crate) fn scaled(mut self, across: f64, down: f64) -> Self {
        self.landmarks
            .iter_mut()
            .for_each(|p| (p[0], p[1]) = (240.0 + across * (p[0] - 240.0), 320.0 + down * (p[1] - 320.0)));
        self
    }

    /// Turns all mesh points clockwise about the middle of the photo, not the picture.
    pub(crate) fn turned(mut self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        for p in self.landmarks.iter_mut() {
            let (x, y) = (p[0] - 240.0, p[1] - 320.0);
            (p[0], p[1]) = (240.0 + cos * x - sin * y, 320.0 + sin * x + cos * y);
        }
        self
    }

    /// Sets the head pose.
    pub(crate) fn posed(mut self, yaw_deg: f64, pitch_deg: f64, roll_deg: f64) -> Self {
        self.head_pose = HeadPose { yaw_deg, pitch_deg, roll_deg };
        self
    }

    /// Adds a detected face with its left upper corner at `x`, `y`.
    pub(crate) fn with_face(mut self, x: f64, y: f64, size: f64, score: f64) -> Self {
        self.faces.push(DetectedFace { bounds: Region { x, y, width: size, height: size }, score });
        self
    }

    /// Paints the rectangle `[x, y, width, height]` of the photo and of the parsing.
    pub(crate) fn paint(self, class: Class, [x, y, width, height]: [f64; 4], rgb: [u8; 3]) -> Self {
        let inside = move |p: Point| (x..x + width).contains(&p.x) && (y..y + height).contains(&p.y);
        self.paint_where(class, inside, move |_| rgb)
    }

    /// Paints every pixel that `inside` accepts, in photo coordinates, on the photo and on the parsing.
    pub(crate) fn paint_where(
        mut self,
        class: Class,
        inside: impl Fn(Point) -> bool,
        rgb: impl Fn(Point) -> [u8; 3],
    ) -> Self {
        for (x, y, pixel) in self.pixels.enumerate_pixels_mut() {
            let centre = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
            if inside(centre) {
                *pixel = Rgb(rgb(centre));
            }
        }
        for (i, cell) in self.classes.iter_mut().enumerate() {
            let (x, y) = (i % Parsing::WIDTH, i / Parsing::WIDTH);
            if inside(Point::new((x as f64 + 0.5) * SCALE, (y as f64 + 0.5) * SCALE)) {
                *cell = class;
            }
        }
        self
    }

    /// Repaints every pixel of one class.
    pub(crate) fn recoloured(self, class: Class, rgb: impl Fn(Point) -> [u8; 3]) -> Self {
        let classes = self.classes.clone();
        let shows = |p: Point| classes[(p.y / SCALE) as usize * Parsing::WIDTH + (p.x / SCALE) as usize] == class;
        self.paint_where(class, shows, rgb)
    }

    /// The evidence that the nets would give for this picture.
    pub(crate) fn evidence(&self) -> Evidence {
        let source = Source::Pixels("drawn".to_owned(), self.pixels.clone());
        let photo = Photo::load(source).expect("pixels need no decoding");
        let crop_rgb = |i: usize| {
            let (x, y) = (i % Parsing::WIDTH, i / Parsing::WIDTH);
            let at = |v: usize| ((v as f64 + 0.5) * SCALE) as u32;
            self.pixels.get_pixel(at(x), at(y)).0
        };
        let parsing = Parsing {
            origin: Point::new(0.0, 0.0),
            scale: SCALE,
            classes: self.classes.clone().try_into().expect("as many as the crop has"),
            rgb: Box::new(std::array::from_fn(crop_rgb)),
        };
        let landmarks = Landmarks { points: self.landmarks.clone() };
        let subject = Subject::new(landmarks, self.head_pose, parsing, self.appearance);
        Evidence::new(photo, self.faces.clone(), Some(subject))
    }
}

/// What is measured on a portrait that meets every rule, but with this value for one of them.
pub(crate) fn measured(rule: &str, measured: f64) -> Measurements {
    static PLAIN: LazyLock<Measurements> = LazyLock::new(|| Measurements::of(&Portrait::new().evidence()));
    let mut measurements = PLAIN.clone();
    let reading = measurements.readings.iter_mut().find(|reading| reading.rule.id == rule).expect("a rule");
    let Outcome::Value { value, .. } = &mut reading.outcome else { panic!("{rule} is measured on every portrait") };
    *value = measured;
    measurements
}

/// What the training of a net says of its crop, by these keys of `models/training/geometry.toml`.
#[cfg(feature = "vision")]
pub(crate) fn crop_geometry<const N: usize>(net: &str, keys: [&str; N]) -> [f64; N] {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/training/geometry.toml");
    let geometry = std::fs::read_to_string(file).expect(file).parse::<toml::Table>().expect("TOML");
    keys.map(|key| {
        let figure = &geometry[net][key];
        figure.as_float().or_else(|| figure.as_integer().map(|whole| whole as f64)).expect("a figure")
    })
}

/// The verdict of one rule with its own limits, as a word.
pub(crate) fn verdict(rule: &'static Rule, evidence: &Evidence) -> &'static str {
    judged(rule, evidence).finding(rule.id).expect("it is on").verdict().as_str()
}

/// What a rule says in Chinese, with its own limits.
pub(crate) fn reason(rule: &'static Rule, evidence: &Evidence) -> String {
    judged(rule, evidence).finding(rule.id).expect("it is on").reason(Language::Zh)
}

fn judged(rule: &'static Rule, evidence: &Evidence) -> Report {
    let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
    let profile = profile.with_severity(rule.id, Some(rule.severity)).expect("a rule");
    let profile = match rule.requirement {
        Requirement::Holds { .. } => profile,
        _ => profile.with_limit(rule.id, rule.requirement.limit()).expect("its own"),
    };
    let profile = profile.with_review(rule.id, rule.requirement.review()).expect("its own");
    profile.judge(evidence)
}

/// A picture file for the file rules' tests, written byte by byte where no encoder writes what a test needs.
#[derive(Clone)]
pub(crate) struct FileBuilder {
    name: &'static str,
    format: ImageFormat,
    size: (u32, u32),
    quality: u8,
    grey: bool,
    dpi: Option<u16>,
    exif: Option<(u8, Option<&'static str>)>,
    bytes: Option<usize>,
}

impl FileBuilder {
    /// A JPEG that meets every file rule but the size in bytes.
    pub(crate) fn jpeg() -> Self {
        FileBuilder {
            name: "a.jpg",
            format: ImageFormat::Jpeg,
            size: (480, 640),
            quality: 75,
            grey: false,
            dpi: Some(300),
            exif: None,
            bytes: None,
        }
    }

    /// The same as a PNG without metadata.
    pub(crate) fn png() -> Self {
        FileBuilder { name: "a.png", format: ImageFormat::Png, ..FileBuilder::jpeg() }
    }

    pub(crate) fn named(self, name: &'static str) -> Self {
        FileBuilder { name, ..self }
    }

    pub(crate) fn sized(self, width: u32, height: u32) -> Self {
        FileBuilder { size: (width, height), ..self }
    }

    pub(crate) fn quality(self, quality: u8) -> Self {
        FileBuilder { quality, ..self }
    }

    pub(crate) fn grey(self) -> Self {
        FileBuilder { grey: true, ..self }
    }

    pub(crate) fn dpi(self, dpi: Option<u16>) -> Self {
        FileBuilder { dpi, ..self }
    }

    /// EXIF with this orientation and software note.
    pub(crate) fn exif(self, orientation: u8, software: Option<&'static str>) -> Self {
        FileBuilder { exif: Some((orientation, software)), ..self }
    }

    /// Fills the file with a comment up to this many bytes.
    pub(crate) fn bytes(self, bytes: usize) -> Self {
        FileBuilder { bytes: Some(bytes), ..self }
    }

    /// The finished file.
    pub(crate) fn build(&self) -> Vec<u8> {
        let (width, height) = self.size;
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x / 2) as u8, (y / 3) as u8, 128]));
        let picture = DynamicImage::from(picture);
        let picture = if self.grey { picture.grayscale() } else { picture };
        let mut file = Cursor::new(vec![]);
        if self.format != ImageFormat::Jpeg {
            picture.write_to(&mut file, self.format).expect("encodes");
            return file.into_inner();
        }
        let mut encoder = JpegEncoder::new_with_quality(&mut file, self.quality);
        if let Some(dpi) = self.dpi {
            encoder.set_pixel_density(PixelDensity::dpi(dpi));
        }
        let (width, height) = self.size;
        encoder.encode(picture.as_bytes(), width, height, picture.color().into()).expect("encodes");
        let mut file = file.into_inner();
        if let Some((orientation, software)) = self.exif {
            insert_segment(&mut file, 0xE1, &exif(orientation, software));
        }
        while let Some(missing) =
            self.bytes.and_then(|bytes| bytes.checked_sub(file.len())).filter(|missing| *missing > 4)
        {
            insert_segment(&mut file, 0xFE, &vec![b' '; (missing - 4).min(30_000)]);
        }
        file
    }

    /// The file as evidence in which no face was found.
    pub(crate) fn evidence(&self) -> Evidence {
        let source = Source::Bytes(self.name.to_owned(), self.build());
        Evidence::new(Photo::load(source).expect("a whole file"), vec![], None)
    }
}

/// Puts a segment right after the start of the image and its JFIF segment.
pub(crate) fn insert_segment(file: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    let after_jfif = 4 + usize::from(u16::from_be_bytes([file[4], file[5]]));
    let length = (payload.len() as u16 + 2).to_be_bytes();
    let segment = [&[0xFF, marker, length[0], length[1]], payload].concat();
    file.splice(after_jfif..after_jfif, segment);
}

/// A little-endian EXIF block with orientation and software.
fn exif(orientation: u8, software: Option<&str>) -> Vec<u8> {
    let note = software.map(|software| [software.as_bytes(), &[0; 8]].concat()).unwrap_or_default();
    let entries = if note.is_empty() { 1u16 } else { 2 };
    let note_at = 8 + 2 + 12 * u32::from(entries) + 4;
    let mut block = [b"Exif\0\0II*\0\x08\0\0\0".as_slice(), &entries.to_le_bytes()].concat();
    block.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    if !note.is_empty() {
        block.extend([0x31, 0x01, 2, 0]);
        block.extend((note.len() as u32).to_le_bytes());
        block.extend(note_at.to_le_bytes());
    }
    block.extend([0; 4]);
    block.extend(note);
    block
}
