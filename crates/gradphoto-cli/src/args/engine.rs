//! What runs the models.

use std::path::Path;

use clap::Args as ClapArgs;
use gradphoto::{Checker, Engine, Language, Profile, nearest};

use crate::trouble::{OrTrouble, Trouble, trouble};

/// Names of engines, beside which there are paths.
pub const AUTO: &str = "auto";
pub const TRACT: &str = "tract";

/// What runs the models.
#[derive(Clone, Debug, ClapArgs)]
pub struct EngineArgs {
    /// What runs the models: auto (ONNX Runtime where one is found, else tract), tract (built in, slower), or the path
    /// of an ONNX Runtime library, 1.24 or later.
    #[arg(long, value_name = "auto|tract|LIBRARY", default_value = AUTO)]
    engine: String,
}

impl EngineArgs {
    /// A checker for this profile on this engine, with this many threads.
    pub fn checker(&self, profile: Profile, jobs: usize) -> anyhow::Result<Checker> {
        let engine = match self.engine.as_str() {
            AUTO => Engine::automatic(),
            TRACT => Engine::tract(),
            library => Engine::onnxruntime(library),
        };
        let built = Checker::builder().profile(profile).engine(engine).jobs(jobs).build();
        match self.engine.as_str() {
            AUTO | TRACT => Ok(built?),
            // What the system's loader says of a file that is not there helps nobody.
            library if built.is_err() && !Path::new(library).exists() => Err(no_library(library).into()),
            library => built.or_trouble(|| {
                trouble(
                    format!(
                        "--engine {library}：不能用作 ONNX Runtime（须为 1.24 以上），请换一个库，或写 auto、tract"
                    ),
                    format!(
                        "--engine {library} does not work as ONNX Runtime, 1.24 or later; \
                         name another library, auto or tract"
                    ),
                )
            }),
        }
    }

    /// A line where the slower engine works because the faster one was not found; empty elsewhere.
    pub fn note(&self, checker: &Checker, language: Language) -> &'static str {
        let is_second_choice = self.engine == AUTO && checker.engine_stamp().runtime.starts_with("tract");
        match (is_second_choice, language) {
            (false, _) => "",
            (true, Language::Zh) => "没有找到 ONNX Runtime，改用内置引擎：结果相同，用时约为两到三倍。\n",
            (true, Language::En) => {
                "ONNX Runtime was not found; the engine inside works as well, but takes two to three times as long.\n"
            }
        }
    }
}

fn no_library(typed: &str) -> Trouble {
    let (zh, en) = match nearest(typed, [AUTO, TRACT].into_iter()) {
        Some(near) => (format!("，是否为 {near}？"), format!("; did you mean {near}?")),
        None => Default::default(),
    };
    trouble(
        format!("--engine {typed}：没有叫这个名字的 ONNX Runtime 库（1.24 以上），请写 auto、tract 或库文件的路径{zh}"),
        format!(
            "--engine {typed}: there is no ONNX Runtime (1.24 or later) of this name; \
             write auto, tract or the path of the library{en}"
        ),
    )
}
