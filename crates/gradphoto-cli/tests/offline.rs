//! A check opens no connection: it runs to its end under a filter by which the kernel ends a process at its first socket of
//! the Internet, whichever of its threads opens it.
#![cfg(all(target_os = "linux", target_env = "gnu", target_endian = "little"))]

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Command;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/blue.jpg");

#[test]
fn the_filter_ends_whoever_opens_a_socket() {
    let mut shell = Command::new("bash");
    shell.args(["-c", "echo > /dev/udp/127.0.0.1/9"]);
    let status = without_internet(&mut shell).status().expect("bash starts");
    assert_eq!(status.signal(), Some(libc::SIGSYS));
}

/// With the engine that is found, ONNX Runtime where there is one, and with tract.
#[test]
fn a_check_runs_to_its_end_without_a_socket() {
    for engine in ["auto", "tract"] {
        let mut check = Command::new(env!("CARGO_BIN_EXE_gradphoto"));
        check.args(["check", "--format", "jsonl", "--engine", engine]).arg(SAMPLE);
        let output = without_internet(&mut check).output().expect("the command starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{engine}: {:?} {said}", output.status);
        assert!(output.stdout.starts_with(b"{\"schema\":"), "{engine}");
    }
}

/// The command under the filter.
fn without_internet(command: &mut Command) -> &mut Command {
    let load = |offset| filter(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset, 0, 0);
    let skip_unless = |value, otherwise| filter(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, value, 0, otherwise);
    let end_with = |action| filter(libc::BPF_RET | libc::BPF_K, action, 0, 0);
    // Where the kernel hands over the number of the call and the lower half of its first argument.
    const CALL: u32 = 0;
    const FIRST_ARGUMENT: u32 = 16;
    let mut filters = vec![load(CALL)];
    // Sockets can be opened through a ring too.
    filters.extend([skip_unless(libc::SYS_io_uring_setup as u32, 1), end_with(libc::SECCOMP_RET_KILL_PROCESS)]);
    filters.extend([skip_unless(libc::SYS_socket as u32, 5), load(FIRST_ARGUMENT)]);
    for family in [libc::AF_INET, libc::AF_INET6] {
        filters.extend([skip_unless(family as u32, 1), end_with(libc::SECCOMP_RET_KILL_PROCESS)]);
    }
    filters.push(end_with(libc::SECCOMP_RET_ALLOW));
    // SAFETY: between fork and exec only prctl is called, and the program it is handed outlives the call.
    unsafe {
        command.pre_exec(move || {
            let program = libc::sock_fprog { len: filters.len() as u16, filter: filters.as_ptr().cast_mut() };
            let set = libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0;
            if set { Ok(()) } else { Err(io::Error::last_os_error()) }
        })
    }
}

fn filter(code: u32, k: u32, jt: u8, jf: u8) -> libc::sock_filter {
    libc::sock_filter { code: code as u16, jt, jf, k }
}
