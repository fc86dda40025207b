//! The native part of the Python package `gradphoto`: takes photos and text in, gives JSON out.
//!
//! Everything that people see, from `Report` to the progress bar, is Python and lies in `python/gradphoto`.

mod batch;
mod checker;
mod engine;
mod errors;
mod local;
mod prepared;
mod profiles;
mod signals;
mod source;
mod stream;

/// What `gradphoto` itself imports; `_gradphoto.pyi` says the same in Python's words.
#[pyo3::pymodule]
mod _gradphoto {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use pyo3::prelude::*;

    use crate::errors::raised;
    use crate::signals::hearing_signals;

    #[pymodule_export]
    use crate::batch::{Batch, Roster};
    #[pymodule_export]
    use crate::checker::Checker;
    #[pymodule_export]
    use crate::prepared::{Prepared, on_original};
    #[pymodule_export]
    use crate::profiles::{
        judge, profile_dict, profile_names, profile_toml, resolved_profile, rules, shown, with_limit,
    };
    #[pymodule_export]
    use crate::source::Source;
    #[pymodule_export]
    use crate::stream::Stream;

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's own name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    const SCHEMA: u32 = gradphoto::SCHEMA;

    /// Runs the command as it was typed, its name first, and returns its exit status.
    #[pyfunction]
    fn main(py: Python<'_>, args: Vec<OsString>) -> u8 {
        py.detach(|| gradphoto_cli::main(args) as u8)
    }

    /// The photos under `paths`: a file as it is named, a folder with everything below it in natural order.
    #[pyfunction]
    fn find_photos(py: Python<'_>, paths: Vec<PathBuf>) -> PyResult<Vec<PathBuf>> {
        let found = hearing_signals(py, move || gradphoto::find_photos(&paths))?.map_err(raised)?;
        Ok(found.photos().to_vec())
    }
}
