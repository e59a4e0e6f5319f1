// SPDX-License-Identifier: MIT
//
// A thread has a lock when main forks: the argument says which one.
use std::{
    sync::{Once, RwLock},
    thread,
    time::Duration,
};
static TABLE: RwLock<i32> = RwLock::new(0);
static SETUP: Once = Once::new();
extern "C" {
    fn fork() -> i32;
    fn getpid() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}
fn stay() {
    thread::sleep(Duration::from_secs(1000));
}
fn main() {
    let mode = std::env::args().nth(1).unwrap();
    let once = mode == "once";
    thread::spawn(move || {
        if once {
            SETUP.call_once(stay);
        } else {
            let _held = TABLE.write().unwrap();
            stay();
        }
    });
    thread::sleep(Duration::from_millis(300));
    let child = unsafe { fork() };
    if child == 0 {
        match mode.as_str() {
            "once" => SETUP.call_once(|| ()),
            "read" => drop(TABLE.read().unwrap()),
            _ => drop(TABLE.write().unwrap()),
        }
        return;
    }
    println!("PIDS {} {}", unsafe { getpid() }, child);
    unsafe { waitpid(child, std::ptr::null_mut(), 0) };
}
