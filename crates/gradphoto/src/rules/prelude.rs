//! What every rule file needs.

pub(crate) use crate::colour::{
    Lab, delta_e, lab_from_rgb, linear_from_lab, linear_from_rgb, mean, median, percentile,
};
pub(crate) use crate::evidence::{Class, Evidence, NotAssessed};
pub(crate) use crate::geometry::{BodySide, Point, Region};
pub(crate) use crate::limit::{Severity, Unit};
pub(crate) use crate::rule::{ClothingHue, Fault, Measured, Measurement, Reference, Requirement, rule};
pub(crate) use crate::text::{Text, text};
