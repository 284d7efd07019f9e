package main

import (
	"encoding/json"
	"fmt"

	"github.com/hibiken/asynq"
)

type inspectRequest struct {
	Op    string `json:"op"`
	Queue string `json:"queue"`
	ID    string `json:"id"`
	State string `json:"state"`
	Group string `json:"group"`
	Force bool   `json:"force"`
}

// taskView is asynq's task info, its state by name.
type taskView struct {
	*asynq.TaskInfo
	State string
}

func viewOf(info *asynq.TaskInfo) taskView {
	return taskView{info, info.State.String()}
}

func inspect(inspector *asynq.Inspector, line []byte) (any, error) {
	var r inspectRequest
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, err
	}
	switch r.Op {
	case "queues":
		return inspector.Queues()
	case "queue":
		return inspector.GetQueueInfo(r.Queue)
	case "groups":
		return inspector.Groups(r.Queue)
	case "history":
		return inspector.History(r.Queue, 2)
	case "servers":
		return inspector.Servers()
	case "schedules":
		return inspector.SchedulerEntries()
	case "events":
		return inspector.ListSchedulerEnqueueEvents(r.ID)
	case "deleteQueue":
		return nil, inspector.DeleteQueue(r.Queue, r.Force)
	case "task":
		info, err := inspector.GetTaskInfo(r.Queue, r.ID)
		if err != nil {
			return nil, err
		}
		return viewOf(info), nil
	case "list":
		return list(inspector, r)
	case "run":
		return nil, inspector.RunTask(r.Queue, r.ID)
	case "archive":
		return nil, inspector.ArchiveTask(r.Queue, r.ID)
	case "delete":
		return nil, inspector.DeleteTask(r.Queue, r.ID)
	case "cancel":
		return nil, inspector.CancelProcessing(r.ID)
	case "runAll", "archiveAll", "deleteAll":
		return changeAll(inspector, r)
	case "pause":
		return nil, inspector.PauseQueue(r.Queue)
	case "unpause":
		return nil, inspector.UnpauseQueue(r.Queue)
	}
	return nil, fmt.Errorf("unknown op %q", r.Op)
}

func list(inspector *asynq.Inspector, r inspectRequest) (any, error) {
	all := asynq.PageSize(10_000)
	var infos []*asynq.TaskInfo
	var err error
	switch r.State {
	case "pending":
		infos, err = inspector.ListPendingTasks(r.Queue, all)
	case "active":
		infos, err = inspector.ListActiveTasks(r.Queue, all)
	case "scheduled":
		infos, err = inspector.ListScheduledTasks(r.Queue, all)
	case "retry":
		infos, err = inspector.ListRetryTasks(r.Queue, all)
	case "archived":
		infos, err = inspector.ListArchivedTasks(r.Queue, all)
	case "completed":
		infos, err = inspector.ListCompletedTasks(r.Queue, all)
	case "aggregating":
		infos, err = inspector.ListAggregatingTasks(r.Queue, r.Group, all)
	default:
		err = fmt.Errorf("unknown state %q", r.State)
	}
	views := make([]taskView, 0, len(infos))
	for _, info := range infos {
		views = append(views, viewOf(info))
	}
	return views, err
}

// changeAll answers how many tasks of a state have been run, archived or deleted.
func changeAll(inspector *asynq.Inspector, r inspectRequest) (any, error) {
	switch r.Op + " " + r.State {
	case "runAll scheduled":
		return inspector.RunAllScheduledTasks(r.Queue)
	case "runAll retry":
		return inspector.RunAllRetryTasks(r.Queue)
	case "runAll archived":
		return inspector.RunAllArchivedTasks(r.Queue)
	case "runAll aggregating":
		return inspector.RunAllAggregatingTasks(r.Queue, r.Group)
	case "archiveAll pending":
		return inspector.ArchiveAllPendingTasks(r.Queue)
	case "archiveAll scheduled":
		return inspector.ArchiveAllScheduledTasks(r.Queue)
	case "archiveAll retry":
		return inspector.ArchiveAllRetryTasks(r.Queue)
	case "archiveAll aggregating":
		return inspector.ArchiveAllAggregatingTasks(r.Queue, r.Group)
	case "deleteAll pending":
		return inspector.DeleteAllPendingTasks(r.Queue)
	case "deleteAll scheduled":
		return inspector.DeleteAllScheduledTasks(r.Queue)
	case "deleteAll retry":
		return inspector.DeleteAllRetryTasks(r.Queue)
	case "deleteAll archived":
		return inspector.DeleteAllArchivedTasks(r.Queue)
	case "deleteAll completed":
		return inspector.DeleteAllCompletedTasks(r.Queue)
	case "deleteAll aggregating":
		return inspector.DeleteAllAggregatingTasks(r.Queue, r.Group)
	}
	return nil, fmt.Errorf("asynq has no %s of tasks that are %q", r.Op, r.State)
}
