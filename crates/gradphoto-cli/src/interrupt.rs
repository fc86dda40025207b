//! Ctrl-C.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gradphoto::Language;

use crate::Exit;
use crate::trouble::{OrTrouble, trouble};

/// How far a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Photos are searched for, tables read and nets loaded.
    Loading,
    /// Something may be written.
    Working,
    /// Ctrl-C was pressed while it worked.
    Ending,
}

/// Heeds Ctrl-C: before a run has begun it ends at once, while it works after a whole line, or at once where it is pressed again.
pub struct Interrupt {
    stage: Arc<Mutex<Stage>>,
}

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system does not let it.
    pub fn listen(language: Language) -> anyhow::Result<Interrupt> {
        let stage = Arc::new(Mutex::new(Stage::Loading));
        let heard = Arc::clone(&stage);
        let on_interrupt = move || {
            // Held to the end, so that nothing begins that would have been said not to.
            let mut stage = locked(&heard);
            match *stage {
                Stage::Loading => {
                    anstream::eprintln!("{}", stopped_before(language));
                    end();
                }
                Stage::Working => *stage = Stage::Ending,
                Stage::Ending => end(),
            }
        };
        ctrlc::set_handler(on_interrupt).or_trouble(|| trouble("不能响应 Ctrl-C", "cannot listen for Ctrl-C"))?;
        Ok(Interrupt { stage })
    }

    /// From now on something may be written.
    pub fn begin(&self) {
        *locked(&self.stage) = Stage::Working;
    }

    /// Whether the run is to end.
    pub fn is_raised(&self) -> bool {
        *locked(&self.stage) == Stage::Ending
    }
}

fn locked(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the program as it stands: ONNX Runtime, when it is taken apart while it loads, falls.
fn end() -> ! {
    #[cfg(unix)]
    // SAFETY: _exit is safe to call at any time, on any thread.
    unsafe {
        libc::_exit(Exit::CouldNotRun as i32)
    }
    #[cfg(not(unix))]
    std::process::exit(Exit::CouldNotRun as i32)
}

fn stopped_before(language: Language) -> &'static str {
    match language {
        Language::Zh => "gradphoto：已停止，还没有开始处理照片，没有写入任何文件",
        Language::En => "gradphoto: stopped before the first photo; nothing was written",
    }
}
