//go:build !asynq_0_24

package main

import (
	"time"

	"github.com/hibiken/asynq"
)

// pollOften makes an idle server look for tasks more often than every second.
func pollOften(config *asynq.Config) {
	config.TaskCheckInterval = 100 * time.Millisecond
}
