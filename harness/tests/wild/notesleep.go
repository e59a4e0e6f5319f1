// SPDX-License-Identifier: MIT
// fork(2) in a Go program, without exec: the child has no other thread to run
// its goroutines (golang/go#15538).
package main

import (
	"fmt"
	"os"
	"syscall"
)

func main() {
	child, _, _ := syscall.RawSyscall(syscall.SYS_FORK, 0, 0, 0)
	if child == 0 {
		silent := make(chan int)
		go func() {}()
		<-silent
	}
	fmt.Println("PIDS", os.Getpid(), child)
	syscall.Wait4(int(child), nil, 0, nil)
}
