// Command peer is real asynq, told by JSON lines on stdin what to do and
// answering with JSON lines on stdout:
//
//	peer enqueue <redis>           one request, one answer
//	peer inspect <redis>           one request, one answer
//	peer server <redis> <config>   a line per event until stdin ends
//
// It is built against several versions of asynq, each with a module file and a
// build tag of its name; go.mod has the newest.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/hibiken/asynq"
)

func main() {
	if len(os.Args) < 3 {
		fail("usage: peer enqueue|inspect|server <redis> [config]")
	}
	redis := asynq.RedisClientOpt{Addr: os.Args[2]}
	switch command := os.Args[1]; command {
	case "enqueue":
		client := asynq.NewClient(redis)
		defer client.Close()
		answerAll(func(line []byte) (any, error) { return enqueue(client, line) })
	case "inspect":
		inspector := asynq.NewInspector(redis)
		defer inspector.Close()
		answerAll(func(line []byte) (any, error) { return inspect(inspector, line) })
	case "server":
		if len(os.Args) < 4 {
			fail("server needs a config")
		}
		serve(redis, []byte(os.Args[3]))
	default:
		fail("unknown command " + command)
	}
}

// answerAll answers every line with {"ok": …} or {"error": …}.
func answerAll(answer func(line []byte) (any, error)) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		value, err := answer(lines.Bytes())
		if err != nil {
			say(map[string]any{"error": err.Error()})
			continue
		}
		say(map[string]any{"ok": value})
	}
}

var stdout sync.Mutex

// say writes one line.
func say(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		fail(err.Error())
	}
	stdout.Lock()
	defer stdout.Unlock()
	os.Stdout.Write(append(line, '\n'))
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
