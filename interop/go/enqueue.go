package main

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
)

// enqueueRequest names a task and its options. Times are Unix seconds,
// durations milliseconds; what is absent is left to asynq.
type enqueueRequest struct {
	Type      string            `json:"type"`
	Payload   []byte            `json:"payload"`
	Headers   map[string]string `json:"headers"`
	ID        *string           `json:"id"`
	Queue     *string           `json:"queue"`
	Retry     *int              `json:"retry"`
	Timeout   *int64            `json:"timeout"`
	Deadline  *int64            `json:"deadline"`
	At        *int64            `json:"at"`
	In        *int64            `json:"in"`
	Retention *int64            `json:"retention"`
	Unique    *int64            `json:"unique"`
	Group     *string           `json:"group"`
	// Stamp puts the time of the call, in nanoseconds, in place of the payload.
	Stamp bool `json:"stamp"`
}

func enqueue(client *asynq.Client, line []byte) (any, error) {
	var request enqueueRequest
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	payload := request.Payload
	if request.Stamp {
		payload = []byte(strconv.FormatInt(time.Now().UnixNano(), 10))
	}
	task := newTask(request.Type, payload, request.Headers)
	info, err := client.Enqueue(task, request.options()...)
	if err != nil {
		return nil, err
	}
	return viewOf(info), nil
}

func (r *enqueueRequest) options() []asynq.Option {
	var options []asynq.Option
	if r.ID != nil {
		options = append(options, asynq.TaskID(*r.ID))
	}
	if r.Queue != nil {
		options = append(options, asynq.Queue(*r.Queue))
	}
	if r.Retry != nil {
		options = append(options, asynq.MaxRetry(*r.Retry))
	}
	if r.Timeout != nil {
		options = append(options, asynq.Timeout(millis(*r.Timeout)))
	}
	if r.Deadline != nil {
		options = append(options, asynq.Deadline(time.Unix(*r.Deadline, 0)))
	}
	if r.At != nil {
		options = append(options, asynq.ProcessAt(time.Unix(*r.At, 0)))
	}
	if r.In != nil {
		options = append(options, asynq.ProcessIn(millis(*r.In)))
	}
	if r.Retention != nil {
		options = append(options, asynq.Retention(millis(*r.Retention)))
	}
	if r.Unique != nil {
		options = append(options, asynq.Unique(millis(*r.Unique)))
	}
	if r.Group != nil {
		options = append(options, asynq.Group(*r.Group))
	}
	return options
}

func millis(count int64) time.Duration {
	return time.Duration(count) * time.Millisecond
}
