//! The label by which a file says that an artificial intelligence made or changed its picture.

use super::xmp;
use crate::text::words;

/// The standard that such a label follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AiLabel {
    /// That of China, in XMP or as JSON in any note.
    Gb45438,
    /// The digital source type of IPTC, in XMP or C2PA.
    Iptc,
}

words! {
    /// Every standard.
    AiLabel {
        Gb45438: "GB 45438-2025",
        Iptc: "IPTC",
    }
}

impl AiLabel {
    /// The label in a block of notes.
    pub(super) fn read(block: &[u8]) -> Option<AiLabel> {
        let has = |mark: &str| block.windows(mark.len()).any(|piece| piece == mark.as_bytes());
        let is_json = || has("AIGC") && ["\"Label\"", "ContentProducer", "ServiceProvider"].into_iter().any(has);
        if has("tc260.org.cn/ns/AIGC") || is_json() {
            return Some(AiLabel::Gb45438);
        }
        has("rainedAlgorithmicMedia").then_some(AiLabel::Iptc)
    }

    /// The payload of a JPEG's APP1 segment that says of a copy what was said of its original: XMP.
    pub(crate) fn segment(self) -> Vec<u8> {
        let said = match self {
            AiLabel::Gb45438 => {
                r#"xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" TC260:AIGC="{&quot;Label&quot;:&quot;1&quot;}""#
            }
            AiLabel::Iptc => {
                r#"xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia""#
            }
        };
        let xmp = format!(
            r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {said}/></rdf:RDF></x:xmpmeta>"#
        );
        [xmp::HEAD, xmp.as_bytes()].concat()
    }
}
