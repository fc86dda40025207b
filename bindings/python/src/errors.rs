//! The library's errors as Python's, kind by kind.

use std::error::Error as _;
use std::io;

use gradphoto::{Error, ErrorKind, Language};
use pyo3::exceptions::{PyFileNotFoundError, PyOSError};
use pyo3::{PyErr, import_exception};

import_exception!(gradphoto._errors, DecodeError);
import_exception!(gradphoto._errors, InternalError);
import_exception!(gradphoto._errors, ModelError);
import_exception!(gradphoto._errors, NoCopyError);
import_exception!(gradphoto._errors, ProfileError);
import_exception!(gradphoto._errors, RosterError);

/// "Is a directory" and "invalid argument" on every system: for what is refused before the system is asked.
const EISDIR: i32 = 21;
const EINVAL: i32 = 22;

/// The exception to raise, or to hand over in place of a report.
pub fn raised(error: Error) -> PyErr {
    let (message, subject, zh) = (error.to_string(), error.subject().to_owned(), error.message(Language::Zh));
    match error.kind() {
        ErrorKind::Read => unreadable(error.source(), subject),
        ErrorKind::Decode => DecodeError::new_err((message, subject, zh)),
        ErrorKind::Model => ModelError::new_err((message, error.photo().map(str::to_owned), zh)),
        ErrorKind::NoPhoto => PyFileNotFoundError::new_err(message),
        ErrorKind::Profile => ProfileError::new_err((message, subject, zh)),
        // The library may learn new kinds; until they have a class of their own they are defects here.
        _ => InternalError::new_err((message, subject, zh)),
    }
}

/// What the system says of a file that cannot be read. OSError picks its subclass by the number: FileNotFoundError,
/// PermissionError ...
pub fn unreadable(source: Option<&(dyn std::error::Error + 'static)>, file: String) -> PyErr {
    let source = source.and_then(|source| source.downcast_ref::<io::Error>());
    let number = source.and_then(io::Error::raw_os_error);
    let said = source.map(ToString::to_string).unwrap_or_default();
    let reason = said.split(" (os error").next().unwrap_or_default().to_owned();
    // Windows has numbers of its own. There Python makes errno of the fourth argument; elsewhere it does not look at it.
    let is_folder = source.is_some_and(|source| source.kind() == io::ErrorKind::IsADirectory);
    let otherwise = if is_folder { EISDIR } else { EINVAL };
    PyOSError::new_err((number.unwrap_or(otherwise), reason, file, number))
}
