//! gradphoto for people and for programs: a page on this machine, and a service.
//!
//! [`Local`] serves the page to the browser of this machine: one photo, a batch, a shoot, the rules. [`report`] writes the same
//! page with the data of a batch in it. [`service`] answers programs by HTTP and keeps nothing.
#![warn(missing_docs)]

mod app;
pub mod arrivals;
pub mod atomic;
pub mod capture;
pub mod exposure;
mod folders;
mod guard;
mod imprint;
mod kind;
pub mod known;
mod local;
pub mod page;
mod percent;
pub mod picture;
mod records;
mod refusal;
pub mod report;
mod rest;
pub mod rules;
mod school;
pub mod service;
pub mod store;
pub mod turns;

pub use app::{App, Export, Office};
pub use imprint::imprint;
pub use kind::MakeChecker;
pub use local::Local;
pub use refusal::Refusal;
pub use store::STORE_NAME;

/// Opens the page in the person's browser; whether that could be tried.
pub fn open_browser(address: &str) -> bool {
    open::that_detached(address).is_ok()
}

/// Done at the first Ctrl-C, or when the system asks the program to end.
pub async fn stopped() {
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Where nothing can be listened for, the program ends when it is ended.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
