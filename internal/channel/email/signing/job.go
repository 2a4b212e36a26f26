package signing

import (
	"context"
	"time"

	"rapport/internal/platform/job"
)

const lookJob = "signing.look"

// Schedule has the lines of all keys looked at every hour, so that a key begins
// to sign without anybody coming back for it, and stops when its line is gone.
func (k *Keys) Schedule(jobs *job.Queue) {
	jobs.Handle(lookJob, func(ctx context.Context, _ job.Job) error { return k.LookAtAll(ctx) }, job.Options{Workers: 1, Timeout: 10 * time.Minute})
	jobs.Every(lookJob, time.Hour, func(ctx context.Context) error {
		_, err := jobs.Enqueue(ctx, job.New{Kind: lookJob, UniqueKey: lookJob})
		return err
	})
}
