//go:build asynq_0_25 || asynq_0_24

package main

import "github.com/hibiken/asynq"

// newTask drops the headers, which these versions do not know.
func newTask(typename string, payload []byte, _ map[string]string) *asynq.Task {
	return asynq.NewTask(typename, payload)
}

func headersOf(*asynq.Task) map[string]string {
	return nil
}
