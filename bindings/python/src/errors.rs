//! The library's errors as Python's, variant by variant.

use gradphoto::Error;
use pyo3::exceptions::PyOSError;
use pyo3::{PyErr, import_exception};

import_exception!(gradphoto._errors, DecodeError);
import_exception!(gradphoto._errors, InternalError);
import_exception!(gradphoto._errors, ModelError);
import_exception!(gradphoto._errors, ProfileError);

/// "Invalid argument" on every system: for what is refused before the system is asked, such as a folder.
const EINVAL: i32 = 22;

/// The exception to raise, or to hand over in place of a report.
pub fn raised(error: Error) -> PyErr {
    let message = error.to_string();
    match error {
        // OSError picks its subclass by the number: FileNotFoundError, PermissionError ...
        Error::Read { source, path } => {
            let number = source.raw_os_error().unwrap_or(EINVAL);
            let said = source.to_string();
            let reason = said.split(" (os error").next().unwrap_or_default().to_owned();
            PyOSError::new_err((number, reason, path.display().to_string()))
        }
        Error::Decode { photo, .. } => DecodeError::new_err((message, photo)),
        Error::Model { .. } => ModelError::new_err(message),
        Error::Profile { profile, .. } => ProfileError::new_err((message, profile)),
        Error::Internal { photo, .. } => InternalError::new_err((message, photo)),
        // The library may learn new kinds; until they have a class of their own they are defects here.
        _ => InternalError::new_err((message, String::new())),
    }
}
