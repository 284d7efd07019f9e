//go:build !asynq_0_25 && !asynq_0_24

package main

import "github.com/hibiken/asynq"

func newTask(typename string, payload []byte, headers map[string]string) *asynq.Task {
	return asynq.NewTaskWithHeaders(typename, payload, headers)
}

func headersOf(task *asynq.Task) map[string]string {
	return task.Headers()
}
