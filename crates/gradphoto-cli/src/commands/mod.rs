//! One file per subcommand.

pub mod app;
pub mod check;
pub mod explain;
pub mod prepare;
pub mod profile;
pub mod rules;
pub mod shell;
pub mod watch;
