//! The small nets with which `gradphoto` sees faces, as data: one static a net, made part of the program that names it.
//!
//! ```
//! let net = &gradphoto_models::FACE_PARSING;
//! println!("{}, {} bytes, under {}: {}", net.name, net.bytes.len(), net.licence, net.input);
//! ```
//!
//! Nothing here runs a net; any engine that reads ONNX, opset 17, does. **Read [`Net::licence`] first**: with the feature
//! `nets-research`, which is on by default, some nets are for non-commercial research alone; without it, those that take their
//! place and all others are for anybody.
#![no_std]
#![warn(missing_docs)]

#[rustfmt::skip]
mod nets;

pub use nets::*;

/// Which nets these are: `research`, some of which are for non-commercial research alone, or `open`, for anybody.
pub const KIND: &str = if cfg!(feature = "nets-research") { "research" } else { "open" };

/// One net: an ONNX file and what must be known to use it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Net {
    /// Name of its file and of its card, without the ending.
    pub name: &'static str,
    /// The ONNX file.
    pub bytes: &'static [u8],
    /// SHA-256 of the file, in hex.
    pub sha256: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// SPDX expression of its licence, the name of a text in `LICENSES/`.
    pub licence: &'static str,
    /// Name, shape and type of its one input, and what to show it.
    pub input: &'static str,
    /// How 8-bit values become the input's.
    pub normalisation: &'static str,
    /// Name, shape and meaning of each output.
    pub outputs: &'static [&'static str],
}

impl Net {
    /// Whether its licence allows use beyond non-commercial research.
    pub fn may_be_used_commercially(&self) -> bool {
        self.licence == "Apache-2.0"
    }
}
