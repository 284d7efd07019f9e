package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hibiken/asynq"
)

// serverConfig has durations in milliseconds; what is absent is left to asynq.
type serverConfig struct {
	Concurrency     int            `json:"concurrency"`
	Queues          map[string]int `json:"queues"`
	RetryDelay      int64          `json:"retryDelay"`
	ShutdownTimeout int64          `json:"shutdownTimeout"`
	// Groups has the server merge the tasks of groups.
	Groups *groupConfig `json:"groups"`
}

// groupConfig has durations in milliseconds; what is absent is left to asynq.
type groupConfig struct {
	Grace    int64 `json:"grace"`
	MaxDelay int64 `json:"maxDelay"`
	MaxSize  int   `json:"maxSize"`
}

// merged is the payload of a task that takes the place of others.
type merged struct {
	By      string   `json:"by"`
	Group   string   `json:"group"`
	Members []string `json:"members"`
}

// behaviour is what a payload asks its handler to do. Other payloads succeed.
type behaviour struct {
	// Fail is how many attempts fail.
	Fail int `json:"fail"`
	// Skip makes a failure the last one.
	Skip bool `json:"skip"`
	// Hold is how many milliseconds the attempt lasts, unless it is cancelled.
	Hold int64 `json:"hold"`
	// Result is written before the end.
	Result string `json:"result"`
}

func serve(redis asynq.RedisConnOpt, line []byte) {
	var config serverConfig
	if err := json.Unmarshal(line, &config); err != nil {
		fail(err.Error())
	}
	settings := asynq.Config{
		Concurrency:              config.Concurrency,
		Queues:                   config.Queues,
		ShutdownTimeout:          millis(config.ShutdownTimeout),
		DelayedTaskCheckInterval: 200 * time.Millisecond,
		RetryDelayFunc: func(int, error, *asynq.Task) time.Duration {
			return millis(config.RetryDelay)
		},
		LogLevel: asynq.WarnLevel,
	}
	pollOften(&settings)
	if groups := config.Groups; groups != nil {
		settings.GroupGracePeriod = millis(groups.Grace)
		settings.GroupMaxDelay = millis(groups.MaxDelay)
		settings.GroupMaxSize = groups.MaxSize
		settings.GroupAggregator = asynq.GroupAggregatorFunc(aggregate)
	}
	server := asynq.NewServer(redis, settings)
	if err := server.Start(asynq.HandlerFunc(handle)); err != nil {
		fail(err.Error())
	}
	say(map[string]any{"event": "ready", "pid": os.Getpid()})
	io.Copy(io.Discard, os.Stdin)
	server.Shutdown()
	say(map[string]any{"event": "stopped"})
}

// aggregate tells the members by their payloads, which is all that asynq hands over.
func aggregate(group string, tasks []*asynq.Task) *asynq.Task {
	whole := merged{By: "go", Group: group}
	for _, task := range tasks {
		whole.Members = append(whole.Members, string(task.Payload()))
	}
	payload, err := json.Marshal(whole)
	if err != nil {
		fail(err.Error())
	}
	return asynq.NewTask("merged", payload, asynq.Retention(time.Hour))
}

func handle(ctx context.Context, task *asynq.Task) error {
	id, _ := asynq.GetTaskID(ctx)
	retried, _ := asynq.GetRetryCount(ctx)
	say(map[string]any{"event": "start", "id": id, "type": task.Type(), "payload": task.Payload(),
		"retried": retried, "headers": headersOf(task)})
	err := behave(ctx, task, id, retried)
	finish := map[string]any{"event": "finish", "id": id}
	if err != nil {
		finish["error"] = err.Error()
	}
	say(finish)
	return err
}

func behave(ctx context.Context, task *asynq.Task, id string, retried int) error {
	var b behaviour
	if json.Unmarshal(task.Payload(), &b) != nil {
		return nil
	}
	if b.Hold > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(millis(b.Hold)):
		}
	}
	if b.Result != "" {
		if _, err := task.ResultWriter().Write([]byte(b.Result)); err != nil {
			return err
		}
	}
	if retried >= b.Fail {
		return nil
	}
	err := fmt.Errorf("failure %d of %s", retried+1, id)
	if b.Skip {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	return err
}
