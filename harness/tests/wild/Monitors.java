// SPDX-License-Identifier: MIT
// Two threads lock two monitors in opposite order; a third waits for a
// notification, a fourth is parked.
public class Monitors {
    private static final Object left = new Object(), right = new Object();

    private static void both(Object first, Object second) {
        synchronized (first) {
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
            synchronized (second) {
                System.out.println("never");
            }
        }
    }

    private static void await() {
        Object event = new Object();
        synchronized (event) {
            try {
                event.wait();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Thread one = new Thread(() -> both(left, right), "left-right");
        Thread other = new Thread(() -> both(right, left), "right-left");
        new Thread(Monitors::await, "waiter").start();
        new Thread(java.util.concurrent.locks.LockSupport::park, "parked").start();
        one.start();
        other.start();
        long pid = ProcessHandle.current().pid();
        Thread.sleep(1000);
        System.out.println("PIDS " + pid + " " + pid);
        one.join();
    }
}
