/* SPDX-License-Identifier: MIT
 *
 * A thread holds a std::sync::Mutex when main forks.
 */
use std::{sync::Mutex, thread, time::Duration};
static LOCK: Mutex<i32> = Mutex::new(0);
extern "C" {
    fn fork() -> i32;
    fn getpid() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}
fn main() {
    thread::spawn(|| {
        let _held = LOCK.lock().unwrap();
        thread::sleep(Duration::from_secs(1000));
    });
    thread::sleep(Duration::from_millis(300));
    let child = unsafe { fork() };
    if child == 0 {
        *LOCK.lock().unwrap() += 1;
        return;
    }
    println!("PIDS {} {}", unsafe { getpid() }, child);
    unsafe { waitpid(child, std::ptr::null_mut(), 0) };
}
