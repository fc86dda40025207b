//! Windows: what its shells make of a command line, and the window that closes with the program.

use std::ffi::OsString;

use gradphoto::Language;

use crate::Exit;

#[cfg(windows)]
#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetCommandLineW() -> *const u16;
    fn GetConsoleProcessList(list: *mut u32, length: u32) -> u32;
    fn GetStartupInfoW(info: *mut StartupInfo);
}

/// How the program was started: STARTUPINFOW.
#[cfg(windows)]
#[repr(C)]
struct StartupInfo {
    length: u32,
    texts: [*const u16; 3],
    place: [u32; 7],
    flags: u32,
    shown: [u16; 2],
    handles: [*const u8; 4],
}

/// The command line, word by word, the program's name first.
pub fn typed() -> Vec<OsString> {
    let typed = std::env::args_os().collect::<Vec<_>>();
    #[cfg(windows)]
    if typed.iter().any(|word| swallowed(word.as_encoded_bytes())) {
        use std::os::windows::ffi::OsStringExt;
        // SAFETY: the system keeps the line, up to a zero, as long as the program runs.
        let line = unsafe {
            let line = GetCommandLineW();
            std::slice::from_raw_parts(line, (0..).take_while(|at| *line.add(*at) != 0).count())
        };
        return words(line).iter().map(|word| OsString::from_wide(word)).collect();
    }
    typed
}

/// Whether a word is a path that has swallowed what follows it: the mark was its end. Other programs write quotation marks as well.
#[cfg(any(windows, test))]
fn swallowed(word: &[u8]) -> bool {
    let mark = word.iter().position(|&byte| byte == b'"');
    mark.is_some_and(|mark| word.get(mark + 1).is_none_or(u8::is_ascii_whitespace))
}

/// The words of a line in which a backslash before a quotation mark is nothing but one. No path holds such a mark, and
/// `"D:\my photos\"`, as PowerShell completes it, would otherwise swallow what follows.
#[cfg(any(windows, test))]
fn words(line: &[u16]) -> Vec<Vec<u16>> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<Vec<u16>>, false);
    for &unit in line {
        match char::from_u32(unit.into()) {
            Some('"') => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            Some(' ' | '\t') if !is_quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(unit),
        }
    }
    words.extend(word);
    words
}

/// Keeps a window that would close over what was said, until somebody has read it: what went wrong where the program was double
/// clicked or photos were dropped on it, and all that a shortcut's command says. A script's window is its own affair.
pub fn keep_open(exit: Exit, is_from_desktop: bool, language: Language) {
    let is_of_interest = if is_from_desktop { exit == Exit::CouldNotRun } else { is_by_shortcut() };
    if !is_of_interest || !is_alone() {
        return;
    }
    anstream::eprintln!(
        "\n{}",
        match language {
            Language::Zh => "按回车键关闭本窗口。",
            Language::En => "Press Enter to close this window.",
        }
    );
    // Where nobody can answer it closes at once.
    let _ = std::io::stdin().read_line(&mut String::new());
}

/// Whether somebody opened a shortcut, whatever words stand in it.
fn is_by_shortcut() -> bool {
    #[cfg(windows)]
    {
        /// STARTF_TITLEISLINKNAME: the window is named after the shortcut.
        const NAMED_AFTER_SHORTCUT: u32 = 0x800;
        let mut info = std::mem::MaybeUninit::uninit();
        // SAFETY: the system fills in the whole of it.
        let info: StartupInfo = unsafe {
            GetStartupInfoW(info.as_mut_ptr());
            info.assume_init()
        };
        return info.flags & NAMED_AFTER_SHORTCUT != 0;
    }
    #[cfg(not(windows))]
    false
}

/// Whether no shell is in the program's window.
fn is_alone() -> bool {
    #[cfg(windows)]
    {
        let mut processes = [0; 2];
        // SAFETY: the list is as long as is said.
        return unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) } == 1;
    }
    #[cfg(not(windows))]
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_before_a_quotation_mark_ends_a_path_and_no_more() {
        let words = |line: &str| {
            let line = line.encode_utf16().collect::<Vec<_>>();
            words(&line).iter().map(|word| String::from_utf16(word).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(
            words(r#""C:\自查\gradphoto.exe" check  "D:\我的 照片\" --output "E:\结 果""#),
            [r"C:\自查\gradphoto.exe", "check", r"D:\我的 照片\", "--output", r"E:\结 果"]
        );
        assert_eq!(words(r#"g --name="{学号} {姓名}" """#), ["g", "--name={学号} {姓名}", ""]);
        let typed = [r#"my photos" --output my"#, r#"D:\照片""#, r#"4月20日"图书馆"201"#, r#"20日 "图书馆 201" 门口"#];
        assert_eq!(typed.map(|word| swallowed(word.as_bytes())), [true, true, false, false]);
    }
}
