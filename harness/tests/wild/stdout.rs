// SPDX-License-Identifier: MIT
// A thread has the lock of stdout when the program forks to execute another one,
// and the code before that prints (rust-lang/rust#64718).
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

fn main() {
    std::thread::spawn(|| {
        let mut stdout = std::io::stdout().lock();
        let parent = std::process::id();
        std::thread::sleep(Duration::from_millis(300));
        let mut list = String::new();
        while list.is_empty() {
            std::thread::sleep(Duration::from_millis(100));
            let path = format!("/proc/{parent}/task/{parent}/children");
            list = std::fs::read_to_string(path).unwrap();
        }
        writeln!(stdout, "PIDS {} {}", parent, list.trim()).unwrap();
        loop {
            std::thread::sleep(Duration::from_secs(1000));
        }
    });
    std::thread::sleep(Duration::from_millis(200));
    let mut command = Command::new("true");
    unsafe {
        command.pre_exec(|| {
            println!("child");
            Ok(())
        });
    }
    command.status().unwrap();
}
