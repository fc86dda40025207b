//! The local page and the HTTP service.
