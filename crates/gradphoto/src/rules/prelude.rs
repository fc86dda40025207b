//! What every rule file needs.

pub(crate) use crate::colour::{
    Lab, delta_e, lab_from_rgb, linear_from_lab, linear_from_rgb, mean, median, percentile,
};
pub(crate) use crate::evidence::{BodySide, Class, Evidence};
pub(crate) use crate::geometry::{Point, Region};
pub(crate) use crate::profile::{ClothingHue, Reference};
pub(crate) use crate::rule::{Limit, Measured, Measurement, NotAssessed, Severity, Unit, rule};
pub(crate) use crate::text::text;
