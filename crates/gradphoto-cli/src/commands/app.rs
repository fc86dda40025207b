//! `gradphoto` alone or with a folder or a photo, and `gradphoto serve`: the page for people, the service for programs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gradphoto::folder::Found;
use gradphoto::{Language, Reason};
use gradphoto_app::{App, Export, Local, Office, service};

use crate::Exit;
use crate::args::{Page, Serve};
use crate::batch::looks::Shown;
use crate::batch::results::{Results, Told};
use crate::output::progress::print;
use crate::paper::Paper;
use crate::{text_file, trouble};

/// Opens the page in the browser and answers it until Ctrl-C, or until the window is closed.
pub fn open(args: &Page, is_profile_typed: bool) -> anyhow::Result<Exit> {
    let language = args.language.get();
    let engine = args.engine.clone();
    let photo = args.path.clone().filter(|path| !path.is_dir());
    let view = match (&args.path, &photo) {
        (None, _) => "#try",
        (_, Some(_)) => "#try/given",
        (Some(_), None) => "#batch",
    };
    let checker = Box::new(move |profile| engine.checker(profile, 0));
    let local = Local::bind(args.port)?;
    let profile = args.profile.load()?;
    let app = App::new(Office { checker, export, language, photo, profile, is_profile_typed })?;
    if let Some(folder) = args.path.as_ref().filter(|path| path.is_dir()) {
        app.open(folder)?;
    }
    let address = format!("{}{view}", local.address());
    let is_open = !args.no_open && gradphoto_app::open_browser(&address);
    print(&welcome(&address, is_open, language))?;
    print(args.engine.note(app.checker(), language))?;
    local.serve(Arc::clone(&app), gradphoto_app::stopped())?;
    Ok(Exit::AllPass)
}

/// Answers programs until Ctrl-C or SIGTERM; photos in work are finished first.
pub fn serve(args: &Serve) -> anyhow::Result<Exit> {
    let token = args.token_file.as_deref().map(read_token).transpose()?;
    let profile = args.profile.load()?;
    let engine = args.engine.clone();
    let ready = |address: SocketAddr| {
        // Nobody may be left to read it, and the service works all the same.
        let _ = print(&format!("http://{address}/v1/check\n"));
    };
    service::serve(
        args.listen,
        token,
        &profile,
        &move |profile| engine.checker(profile, 0),
        ready,
        gradphoto_app::stopped(),
    )?;
    Ok(Exit::AllPass)
}

fn read_token(file: &Path) -> anyhow::Result<String> {
    Ok(text_file::read(file)?.trim().to_owned())
}

fn export(export: &Export<'_>) -> Result<(), Reason> {
    written(export).map_err(|error| Reason {
        zh: format!("{}。", trouble::message(&error, Language::Zh)),
        en: format!("{}.", trouble::message(&error, Language::En)),
    })
}

fn written(export: &Export<'_>) -> anyhow::Result<()> {
    let mut results = Results::begin(export.folder)?;
    for line in export.lines {
        results.line(line)?;
    }
    let found = Found::search(&[export.photo_folder.to_owned()], Some(export.folder));
    let Export { batch, photos, profile, language, .. } = *export;
    let told = Told { batch, photos, found: &found, profile, language };
    results.finish(&told, &Shown::new(export.store, photos), Paper::default())
}

fn welcome(address: &str, is_open: bool, language: Language) -> String {
    match (language, is_open) {
        (Language::Zh, true) => format!(
            "毕业照自查已在浏览器中打开。如果没有自动打开，请把下面的地址复制到浏览器：\n\n    {address}\n\n\
             使用期间请不要关闭本窗口；用完后关闭窗口或按 Ctrl-C 即可退出。照片只在本机检查，不联网。\n"
        ),
        (Language::Zh, false) => format!(
            "请把下面的地址复制到浏览器打开：\n\n    {address}\n\n\
             使用期间请不要关闭本窗口；用完后关闭窗口或按 Ctrl-C 即可退出。照片只在本机检查，不联网。\n"
        ),
        (Language::En, true) => format!(
            "The page is open in your browser. If it is not, copy this address into a browser:\n\n    {address}\n\n\
             Leave this window open while you work; close it or press Ctrl-C to end. Photos never leave this computer.\n"
        ),
        (Language::En, false) => format!(
            "Open this address in a browser:\n\n    {address}\n\n\
             Leave this window open while you work; close it or press Ctrl-C to end. Photos never leave this computer.\n"
        ),
    }
}
