// SPDX-License-Identifier: MIT
// A JVM is forked by a native function; the child asks for a collection, which
// the JVM's VM thread would do.
public class Forks {
    static native int fork();

    public static void main(String[] arguments) throws InterruptedException {
        System.load(arguments[0]);
        int child = fork();
        if (child == 0)
            System.gc();
        System.out.println("PIDS " + ProcessHandle.current().pid() + " " + child);
        Thread.sleep(1000000);
    }
}
