//! The copy to upload.

use gradphoto::geometry::Region;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::profiles::measured;

/// A finished copy.
#[pyclass(frozen, module = "gradphoto._gradphoto")]
pub struct Prepared(pub gradphoto::Prepared);

#[pymethods]
impl Prepared {
    /// The file.
    #[getter]
    fn jpeg<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.jpeg)
    }

    /// Its IJG quality.
    #[getter]
    fn quality(&self) -> u8 {
        self.0.quality
    }

    /// What was cut out of the upright original, in its pixels: x, y, width, height.
    #[getter]
    fn crop(&self) -> (f64, f64, f64, f64) {
        let crop = self.0.crop;
        (crop.x, crop.y, crop.width, crop.height)
    }
}

/// What was measured on a copy, as JSON, with its regions where they are on the original that it was cropped from.
#[pyfunction]
pub fn on_original(crop: (f64, f64, f64, f64), measurements: &str) -> PyResult<String> {
    let (x, y, width, height) = crop;
    Ok(measured(measurements)?.cropped_from(Region { x, y, width, height }).to_json())
}
