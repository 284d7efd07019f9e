// Command monitor is real asynqmon without its flags. It listens on a free port
// of this host, says which in one line on stdout, and ends with its stdin:
//
//	monitor <redis>
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/hibiken/asynq"
	"github.com/hibiken/asynqmon"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: monitor <redis>")
	}
	pages := asynqmon.New(asynqmon.Options{RedisConnOpt: asynq.RedisClientOpt{Addr: os.Args[1]}})
	defer pages.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err.Error())
	}
	go func() { fail(http.Serve(listener, pages).Error()) }()
	fmt.Printf("{\"port\":%d}\n", listener.Addr().(*net.TCPAddr).Port)
	io.Copy(io.Discard, os.Stdin)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
